//! From what a plugin returned to findings of the domain, or the reason why it is not believed. Knows no
//! engine and no policy.

use super::{
    manifest::Manifest,
    sandbox::shapes::Finding as RawFinding,
    settings::Limits,
    trouble::{Trouble, TroubleKind, quoted},
};
use crate::domain::moderation::{Action, Finding, Mark, Span};

/// Who speaks; copied into each finding.
#[derive(Clone, Debug)]
pub struct Speaker<'a> {
    pub plugin: &'a str,
    pub version: &'a str,
    /// First 12 hex digits of the file's sha256.
    pub sha: &'a str,
    pub generation: u64,
}

/// Checks what a plugin returned about `texts`: this message first, then the earlier ones that it was
/// shown.
///
/// # Errors
/// A sentence without a word of the message.
pub fn believed(
    raw: Vec<RawFinding>,
    texts: &[&str],
    speaker: &Speaker<'_>,
    manifest: &Manifest,
    limits: &Limits,
) -> Result<Vec<Finding>, Trouble> {
    let too_much = |what: &str, max: usize| {
        Err(Trouble::new(TroubleKind::Output, format!("returned more than {max} {what}")))
    };
    if raw.len() > limits.findings_max {
        return too_much("findings", limits.findings_max);
    }
    if raw.iter().map(|finding| finding.spans.len()).sum::<usize>() > limits.spans_max {
        return too_much("spans", limits.spans_max);
    }
    if raw.iter().flat_map(strings).any(|text| text.len() > limits.string_max_bytes) {
        return too_much("bytes in one string", limits.string_max_bytes);
    }
    raw.into_iter().map(|finding| one(finding, texts, speaker, manifest)).collect()
}

fn strings(finding: &RawFinding) -> impl Iterator<Item = &str> {
    let own = [&finding.category, &finding.rule, &finding.severity, &finding.suggested];
    let extra = finding.extra.iter().flat_map(|(key, value)| [key, value]);
    own.into_iter().chain(extra).map(String::as_str)
}

fn one(
    raw: RawFinding,
    texts: &[&str],
    speaker: &Speaker<'_>,
    manifest: &Manifest,
) -> Result<Finding, Trouble> {
    if !manifest.knows(&raw.category) {
        return Err(Trouble::new(
            TroubleKind::Output,
            format!(
                "returned the category \"{}\", which its manifest does not list",
                if super::manifest::is_word(&raw.category) {
                    quoted(&raw.category)
                } else {
                    "?".into()
                }
            ),
        ));
    }
    let spans = raw
        .spans
        .iter()
        .map(|(index, span)| {
            let index = usize::try_from(*index).unwrap_or(usize::MAX);
            let (start, end) = (span.start as usize, span.end as usize);
            let whole = texts.get(index).and_then(|text| text.get(start..end));
            whole.filter(|part| !part.is_empty()).map(|_| (index, Span { start, end }))
        })
        .collect::<Option<Vec<_>>>();
    let Some(spans) = spans else {
        return Err(Trouble::new(
            TroubleKind::Span,
            "returned a span that is empty, outside of the text or within a character",
        ));
    };
    let severity = match raw.severity.as_str() {
        "low" | "high" => raw.severity,
        // A word of a later version of the vocabulary.
        _ => "medium".to_owned(),
    };
    Ok(Finding {
        plugin: speaker.plugin.to_owned(),
        plugin_version: speaker.version.to_owned(),
        plugin_sha: speaker.sha.to_owned(),
        generation: speaker.generation,
        category: raw.category,
        rule: raw.rule.chars().filter(|c| !c.is_control()).collect(),
        spans,
        severity,
        confidence: raw.confidence.min(100),
        suggested: Action::from_word(&raw.suggested).unwrap_or(Action::Annotate),
        mark: Mark::Counts,
        treatment: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::sandbox::shapes::Span as RawSpan;

    const SPEAKER: Speaker<'_> =
        Speaker { plugin: "p", version: "1.0.0", sha: "0123456789ab", generation: 7 };

    fn finding(spans: &[(u32, u32, u32)]) -> RawFinding {
        RawFinding {
            category: "phone".into(),
            rule: "r".into(),
            spans: spans.iter().map(|&(n, start, end)| (n, RawSpan { start, end })).collect(),
            severity: "apocalyptic".into(),
            confidence: 255,
            suggested: "vaporize".into(),
            extra: Vec::new(),
        }
    }

    #[track_caller]
    fn check(raw: Vec<RawFinding>, expected: Option<TroubleKind>) {
        let texts = ["тел 123", "раньше"];
        let got = believed(raw, &texts, &SPEAKER, &Manifest::default(), &Limits::default());
        assert_eq!(got.err().map(|trouble| trouble.kind), expected);
    }

    #[test]
    fn spans_are_checked() {
        check(vec![finding(&[(0, 0, 6), (1, 0, 12)])], None);
        check(vec![finding(&[])], None);
        check(vec![finding(&[(0, 0, 10)])], None);
        for bad in [
            (0, 0, 11),
            (0, 1, 2),
            (0, 0, 1),
            (0, 3, 3),
            (0, 4, 2),
            (2, 0, 1),
            (u32::MAX, 0, 1),
            (0, 0, u32::MAX),
            (0, u32::MAX, u32::MAX),
        ] {
            check(vec![finding(&[bad])], Some(TroubleKind::Span));
        }
    }

    #[test]
    fn amounts_are_checked() {
        let many = |n| std::iter::repeat_with(|| finding(&[(0, 0, 2)])).take(n).collect::<Vec<_>>();
        check(many(64), None);
        check(many(65), Some(TroubleKind::Output));
        check(vec![finding(&[(0, 0, 2); 256])], None);
        check(vec![finding(&[(0, 0, 2); 257])], Some(TroubleKind::Output));
        let rule = |n| RawFinding { rule: "x".repeat(n), ..finding(&[]) };
        check(vec![rule(256)], None);
        check(vec![rule(257)], Some(TroubleKind::Output));
        let category = RawFinding { category: "gossip".into(), ..finding(&[]) };
        check(vec![category], Some(TroubleKind::Output));
    }

    #[test]
    fn unknown_words_become_mild_ones() {
        let got = believed(
            vec![finding(&[])],
            &["x"],
            &SPEAKER,
            &Manifest::default(),
            &Limits::default(),
        )
        .expect("findings");
        assert_eq!(got[0].severity, "medium");
        assert_eq!((got[0].confidence, got[0].suggested), (100, Action::Annotate));
    }
}
