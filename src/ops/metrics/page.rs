//! All figures at one moment, and how they are written: in the text format of Prometheus 0.0.4, and as
//! JSON for `parlour top`. Measures nothing.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value, json};

use super::families::{FAMILIES, Family};
use crate::runtime::meters::Reading;

/// The figures.
#[derive(Debug, Default)]
pub struct Page {
    samples: Vec<Sample>,
}

#[derive(Debug)]
struct Sample {
    family: &'static str,
    /// One value for each label of the family.
    labels: Vec<String>,
    figure: Figure,
}

#[derive(Debug)]
enum Figure {
    Number(f64),
    Classes { bounds: Vec<f64>, counts: Vec<u64>, sum: f64 },
}

/// What stands between the units of a meter and those that are told.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    One,
    /// The meter counts microseconds, seconds are told.
    Micros,
}

impl Page {
    /// Adds one figure.
    pub fn add(&mut self, family: &Family, labels: &[&str], number: f64) {
        self.push(family, labels, Figure::Number(number));
    }

    /// Adds one count. Beyond 2^53 the last digits are lost, as in every reader of the format.
    pub fn count(&mut self, family: &Family, labels: &[&str], count: u64) {
        self.add(family, labels, float(count));
    }

    /// Adds a histogram.
    pub fn classes(&mut self, family: &Family, labels: &[&str], read: &Reading, unit: Unit) {
        let told = |value: u64| match unit {
            Unit::One => float(value),
            Unit::Micros => float(value) / 1e6,
        };
        let bounds = read.bounds.iter().map(|bound| told(*bound)).collect();
        let counts = read.counts.clone();
        self.push(family, labels, Figure::Classes { bounds, counts, sum: told(read.sum) });
    }

    fn push(&mut self, family: &Family, labels: &[&str], figure: Figure) {
        debug_assert_eq!(labels.len(), family.labels.len(), "{}", family.name);
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.samples.push(Sample { family: family.name, labels, figure });
    }

    fn of(&self, family: &Family) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(|sample| sample.family == family.name)
    }

    /// Every figure by its family's name: a list of objects with the labels and either `value` or
    /// `bounds`, `counts` and `sum`.
    pub fn json(&self) -> Value {
        let families = FAMILIES.iter().map(|family| {
            let samples = self.of(family).map(|sample| {
                let labels = family.labels.iter().zip(&sample.labels);
                let mut object: Map<String, Value> =
                    labels.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
                match &sample.figure {
                    Figure::Number(number) => drop(object.insert("value".into(), json!(number))),
                    Figure::Classes { bounds, counts, sum } => {
                        object.insert("bounds".into(), json!(bounds));
                        object.insert("counts".into(), json!(counts));
                        object.insert("sum".into(), json!(sum));
                    }
                }
                Value::Object(object)
            });
            (family.name.to_owned(), Value::Array(samples.collect()))
        });
        Value::Object(families.collect())
    }
}

impl fmt::Display for Page {
    /// The text format of Prometheus, version 0.0.4.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for family in FAMILIES {
            writeln!(f, "# HELP {} {}", family.name, Escaped(family.help, false))?;
            writeln!(f, "# TYPE {} {}", family.name, family.kind.word())?;
            for sample in self.of(family) {
                sample.write(f, family)?;
            }
        }
        Ok(())
    }
}

impl Sample {
    fn write(&self, f: &mut fmt::Formatter<'_>, family: &Family) -> fmt::Result {
        let mut labels = String::new();
        for (name, value) in family.labels.iter().zip(&self.labels) {
            let comma = if labels.is_empty() { "" } else { "," };
            write!(labels, "{comma}{name}=\"{}\"", Escaped(value, true))?;
        }
        let braced = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let name = family.name;
        match &self.figure {
            Figure::Number(number) => writeln!(f, "{name}{braced} {number}"),
            Figure::Classes { bounds, counts, sum } => {
                let comma = if labels.is_empty() { "" } else { "," };
                let mut total: u64 = 0;
                let ends = bounds.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
                for (end, count) in ends.zip(counts) {
                    total = total.saturating_add(*count);
                    writeln!(f, "{name}_bucket{{{labels}{comma}le=\"{end}\"}} {total}")?;
                }
                writeln!(f, "{name}_sum{braced} {sum}")?;
                writeln!(f, "{name}_count{braced} {total}")
            }
        }
    }
}

/// A text with what the format escapes: in a label's value also the quotation mark.
struct Escaped<'a>(&'a str, bool);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '"' if self.1 => f.write_str("\\\"")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "every reader of these figures has floats")]
pub fn float(count: u64) -> f64 {
    count as f64
}

/// The list of the families for the README.
#[cfg(test)]
pub fn markdown() -> String {
    let mut text = String::from("| figure | kind | labels | meaning |\n|---|---|---|---|\n");
    for Family { name, kind, labels, help } in FAMILIES {
        let labels = labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "| `{name}` | {} | {labels} | {help} |", kind.word());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{
        super::families::{BUILD_INFO, CHECK_TIME, COMMITS, Kind},
        *,
    };

    fn page() -> Page {
        let mut page = Page::default();
        page.count(&COMMITS, &[], 3);
        page.add(&BUILD_INFO, &["1 \"\\\n", "jit"], 1.0);
        let read = Reading { bounds: vec![100, 2_500_000], counts: vec![1, 0, 2], sum: 7_000_001 };
        page.classes(&CHECK_TIME, &["phone"], &read, Unit::Micros);
        page
    }

    #[track_caller]
    fn check(family: &Family, expected: &str) {
        let text = page().to_string();
        let begin = text.find(&format!("# HELP {} ", family.name)).expect("the family");
        let rest = &text[begin..];
        let end = rest[1..].find("# HELP").map_or(rest.len(), |at| at + 1);
        let lines: Vec<&str> = rest[..end].lines().skip(1).collect();
        assert_eq!(lines, expected.lines().collect::<Vec<_>>());
    }

    #[test]
    fn figures_are_written_in_the_text_format() {
        check(&COMMITS, "# TYPE parlour_commits_total counter\nparlour_commits_total 3");
        check(
            &BUILD_INFO,
            "# TYPE parlour_build_info gauge\n\
             parlour_build_info{version=\"1 \\\"\\\\\\n\",engine=\"jit\"} 1",
        );
        check(
            &CHECK_TIME,
            "# TYPE parlour_moderation_check_seconds histogram\n\
             parlour_moderation_check_seconds_bucket{plugin=\"phone\",le=\"0.0001\"} 1\n\
             parlour_moderation_check_seconds_bucket{plugin=\"phone\",le=\"2.5\"} 1\n\
             parlour_moderation_check_seconds_bucket{plugin=\"phone\",le=\"+Inf\"} 3\n\
             parlour_moderation_check_seconds_sum{plugin=\"phone\"} 7.000001\n\
             parlour_moderation_check_seconds_count{plugin=\"phone\"} 3",
        );
    }

    #[test]
    fn figures_are_written_as_json() {
        let json = page().json();
        assert_eq!(json["parlour_commits_total"], json!([{ "value": 3.0 }]));
        let check = &json["parlour_moderation_check_seconds"][0];
        assert_eq!(check["plugin"], "phone");
        assert_eq!(check["counts"], json!([1, 0, 2]));
        assert_eq!(json["parlour_queue_bytes"], json!([]));
    }

    #[test]
    fn families_are_named_as_the_format_wants() {
        let mut seen = std::collections::BTreeSet::new();
        for Family { name, kind, labels, help } in FAMILIES {
            assert!(seen.insert(name), "{name} is there twice");
            let plain = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(plain(name) && labels.iter().all(|label| plain(label)), "{name}");
            assert!(help.ends_with('.') && !help.contains('|'), "{name}: {help}");
            assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
        }
    }

    #[test]
    fn the_readme_lists_every_family() {
        let readme = include_str!("../../../README.md");
        let listed = readme
            .split_once("<!-- metrics -->\n")
            .and_then(|(_, rest)| rest.split_once("<!-- /metrics -->"));
        let listed = listed.map(|(table, _)| table).unwrap_or_default();
        assert!(listed == markdown(), "README.md, between the marks, must be:\n{}", markdown());
    }
}
