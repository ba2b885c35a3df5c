//! An answer within what the host believes. Knows the limits, no category.
//!
//! More findings or spans than the host takes are a fault of the plugin, and a few faults switch it off
//! for a while: a message of a hundred addresses must not be a way to do that.

use crate::{Finding, Span};

/// Most findings of one answer.
pub const FINDINGS_MAX: usize = 64;

/// Most spans of one answer, all findings together.
pub const SPANS_MAX: usize = 256;

/// The findings, drawn together where they are too many: those of one category become one, and
/// neighbouring spans one that covers both. Nothing that was found is left out.
#[must_use]
pub fn bounded(findings: Vec<Finding>) -> Vec<Finding> {
    let spans = |all: &[Finding]| all.iter().map(|f| f.spans.len()).sum::<usize>();
    if findings.len() <= FINDINGS_MAX && spans(&findings) <= SPANS_MAX {
        return findings;
    }
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        // A finding about the whole message stays one: it has no spans to give away.
        let same = |k: &&mut Finding| {
            k.category == finding.category && k.spans.is_empty() == finding.spans.is_empty()
        };
        match kept.iter_mut().find(same) {
            Some(first) => {
                first.confidence = first.confidence.max(finding.confidence);
                first.spans.extend(finding.spans);
            }
            None => kept.push(finding),
        }
    }
    kept.truncate(FINDINGS_MAX);
    if spans(&kept) > SPANS_MAX {
        let share = SPANS_MAX / kept.len().max(1);
        kept.iter_mut().for_each(|finding| finding.spans = fewer(&finding.spans, share));
    }
    kept
}

/// At most `max` spans, but one for each message they are about, that cover all of these.
fn fewer(spans: &[(u32, Span)], max: usize) -> Vec<(u32, Span)> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let each = sorted.len().div_ceil((max / 2).max(1));
    let mut out: Vec<(u32, Span)> = Vec::with_capacity(max);
    let mut taken = 0;
    for (of, span) in sorted {
        match out.last_mut().filter(|(last, _)| *last == of && taken < each) {
            Some((_, last)) => last.end = last.end.max(span.end),
            None => {
                out.push((of, span));
                taken = 0;
            }
        }
        taken += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{FINDINGS_MAX, SPANS_MAX, bounded};
    use crate::{Finding, Span};

    fn many(count: u32, messages: u32) -> Vec<Finding> {
        let spans = (0..count).map(|n| (n % messages, Span { start: 10 * n, end: 10 * n + 5 }));
        spans
            .map(|(of, span)| {
                let mut finding = Finding::here("link", "bare", span, 50);
                finding.spans = vec![(of, span)];
                finding
            })
            .collect()
    }

    #[track_caller]
    fn check(count: u32, messages: u32, findings: usize) {
        let all = many(count, messages);
        let got = bounded(all.clone());
        assert_eq!(got.len(), findings, "{count}");
        let spans: Vec<_> = got.iter().flat_map(|f| f.spans.clone()).collect();
        assert!(got.len() <= FINDINGS_MAX && spans.len() <= SPANS_MAX, "{count}");
        for (of, span) in all.iter().flat_map(|f| &f.spans) {
            let covers =
                |(n, s): &(u32, Span)| n == of && s.start <= span.start && s.end >= span.end;
            assert!(spans.iter().any(covers), "{count}: {of} {span:?}");
        }
    }

    #[test]
    fn too_many_findings_become_fewer_that_cover_the_same() {
        check(0, 1, 0);
        check(64, 1, 64);
        check(65, 1, 1);
        check(256, 2, 1);
        check(257, 1, 1);
        check(5000, 1, 1);
        check(5000, 21, 1);
    }

    #[test]
    fn a_finding_about_the_whole_message_stays_so() {
        let mut all = many(100, 1);
        all.push(Finding { spans: Vec::new(), ..all[0].clone() });
        let got = bounded(all);
        assert_eq!(got.iter().filter(|f| f.spans.is_empty()).count(), 1);
        assert_eq!(got.len(), 2);
    }
}
