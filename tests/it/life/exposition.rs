//! A strict reader of the text format of Prometheus 0.0.4: whatever is not exactly so fails the test.

use std::collections::BTreeMap;

/// One line with a figure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// With `_bucket`, `_sum` or `_count` for those of a histogram.
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
}

/// Everything that was told under one name.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) kind: String,
    pub(super) samples: Vec<Sample>,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Exposition(pub(super) BTreeMap<String, Family>);

impl Exposition {
    /// Reads a text; fails at the first thing that is wrong.
    #[track_caller]
    pub(super) fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line has no end");
        let mut families = BTreeMap::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let help = line.strip_prefix("# HELP ").unwrap_or_else(|| panic!("no HELP: {line}"));
            let (name, doc) = help.split_once(' ').unwrap_or_else(|| panic!("no text: {line}"));
            assert!(is_name(name) && !doc.is_empty(), "{line}");
            let kind = lines.next().and_then(|line| line.strip_prefix("# TYPE "));
            let kind = kind.and_then(|kind| kind.strip_prefix(name)).map(str::trim_start);
            let kind = kind.unwrap_or_else(|| panic!("no TYPE after {line}")).to_owned();
            assert!(["counter", "gauge", "histogram"].contains(&kind.as_str()), "{name}: {kind}");
            let mut samples: Vec<Sample> = vec![];
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                let sample = sample(line);
                let double = |s: &Sample| s.name == sample.name && s.labels == sample.labels;
                assert!(!samples.iter().any(double), "twice: {line}");
                samples.push(sample);
            }
            let family = Family { kind, samples };
            family.check(name);
            assert!(families.insert(name.to_owned(), family).is_none(), "{name} is there twice");
        }
        Self(families)
    }

    /// The only figure with these labels among others; 0 if there is none.
    #[track_caller]
    pub(super) fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let family = self
            .0
            .iter()
            .find(|(family, _)| name.strip_prefix(family.as_str()).is_some_and(is_ending))
            .unwrap_or_else(|| panic!("no family for {name}"))
            .1;
        let fits = |s: &&Sample| {
            let has = |(n, v): &(&str, &str)| s.labels.get(*n).is_some_and(|value| value == v);
            s.name == name && labels.iter().all(has)
        };
        family.samples.iter().filter(fits).map(|sample| sample.value).sum()
    }
}

impl Family {
    #[track_caller]
    fn check(&self, name: &str) {
        if self.kind != "histogram" {
            for sample in &self.samples {
                assert_eq!(sample.name, name);
                assert!(sample.value >= 0.0, "{sample:?}");
            }
            assert_eq!(name.ends_with("_total"), self.kind == "counter", "{name}");
            return;
        }
        let mut series: BTreeMap<Vec<(String, String)>, Vec<&Sample>> = BTreeMap::new();
        for sample in &self.samples {
            let mut labels: Vec<_> = sample.labels.clone().into_iter().collect();
            labels.retain(|(label, _)| label != "le");
            series.entry(labels).or_default().push(sample);
        }
        for samples in series.values() {
            check_histogram(name, samples);
        }
    }
}

/// Buckets grow with their bounds, end with `+Inf`, and agree with the count.
#[track_caller]
fn check_histogram(name: &str, samples: &[&Sample]) {
    let (buckets, rest) = samples.split_at(samples.len().saturating_sub(2));
    let mut last = (f64::NEG_INFINITY, 0.0);
    for bucket in buckets {
        assert_eq!(bucket.name, format!("{name}_bucket"));
        let end = number(&bucket.labels["le"]);
        assert!(end > last.0 && bucket.value >= last.1, "{bucket:?} after {last:?}");
        last = (end, bucket.value);
    }
    assert!(last.0.is_infinite(), "{name} has no bucket +Inf");
    assert_eq!(rest[0].name, format!("{name}_sum"));
    assert_eq!(rest[1].name, format!("{name}_count"));
    assert!((rest[1].value - last.1).abs() < 0.5, "{name}: {samples:?}");
}

#[track_caller]
fn sample(line: &str) -> Sample {
    let wrong = || -> ! { panic!("no figure: {line}") };
    let at = line.find(['{', ' ']).unwrap_or_else(|| wrong());
    let (name, mut rest) = line.split_at(at);
    assert!(is_name(name), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        let mut inner = inner;
        loop {
            let (label, after) = inner.split_once("=\"").unwrap_or_else(|| wrong());
            assert!(is_name(label) && !label.contains(':'), "{line}");
            let (value, after) = quoted(after).unwrap_or_else(|| wrong());
            assert!(labels.insert(label.to_owned(), value).is_none(), "{label} twice: {line}");
            match after.split_at_checked(1) {
                Some((",", more)) => inner = more,
                Some(("}", more)) => {
                    rest = more;
                    break;
                }
                _ => wrong(),
            }
        }
    }
    let value = rest.strip_prefix(' ').unwrap_or_else(|| wrong());
    Sample { name: name.to_owned(), labels, value: number(value) }
}

/// A label's value up to its quotation mark, and what follows that.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => value.push(c),
        }
    }
    None
}

/// No blank, no time stamp after it.
#[track_caller]
fn number(text: &str) -> f64 {
    match text {
        "+Inf" => f64::INFINITY,
        text => text.parse().unwrap_or_else(|e| panic!("{text}: {e}")),
    }
}

fn is_name(text: &str) -> bool {
    let ok = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    text.chars().all(ok) && !text.starts_with(|c: char| c.is_ascii_digit()) && !text.is_empty()
}

fn is_ending(text: &str) -> bool {
    ["", "_bucket", "_sum", "_count"].contains(&text)
}

#[test]
fn the_reader_is_strict() {
    let read = |text: &str| {
        let text = text.to_owned();
        std::panic::catch_unwind(move || Exposition::read(&text).0.len()).ok()
    };
    let head = "# HELP a b\n# TYPE a gauge\n";
    let histogram = "# HELP a b\n# TYPE a histogram\n";
    let whole = "a_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum 3\na_count 2\n";
    assert_eq!(read(&format!("{head}a{{x=\"\\\"\\\\\\n\"}} 1\n")), Some(1));
    assert_eq!(read(&format!("{histogram}{whole}")), Some(1));
    for wrong in [
        "a 1\n",
        &format!("{head}a 1"),
        &format!("{head}a 1 2\n"),
        &format!("{head}a 1\na 2\n"),
        &format!("{head}b 1\n"),
        &format!("{head}a{{}} 1\n"),
        &format!("{head}a{{x=\"\\q\"}} 1\n"),
        &format!("{head}{head}"),
        &format!("{}a 1\n", head.replace("gauge", "counter")),
        &format!("{histogram}{}", whole.replace("_count 2", "_count 3")),
        &format!("{histogram}{}", whole.replace("\"1\"} 1", "\"1\"} 3")),
        &format!("{histogram}{}", whole.replace("+Inf", "7")),
    ] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}
