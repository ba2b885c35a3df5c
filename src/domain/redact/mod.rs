//! From findings to what happens with a message: the policy table, and masking. Pure; knows no plugin
//! host and no storage.

mod naming;
mod notice;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::moderation::{
    Action, Afterwards, Decision, Finding, Flag, Inquiry, Mark, OnError, Outcome, Span, Treatment,
    Verdict,
};
pub use naming::{CONTACTS, names};
pub use notice::Notice;
pub use table::Table;
#[cfg(test)]
pub use table::{ANY_CATEGORY, STATES};
pub use words::StripWords;

/// What takes the place of masked words.
pub const MASK: &str = "***";
/// The category of a message that a plugin could not check.
pub const UNCHECKED: &str = "unchecked";

/// A finding that counts, and what is done about it.
type Judged<'a> = (&'a Finding, Action);

/// Decides about a message: the strictest action of all findings that count and of all silent plugins
/// wins; what is masked is masked once, over the union of all spans. Each finding learns what the
/// policy says about it. Findings of one contact that plugins call differently count as what the longest
/// calls it; each keeps what its plugin said.
///
/// Earlier messages come back as far as spans lie in them, but only those of the same sender: no plugin
/// changes what somebody else wrote. They are masked also where this message is held or refused, since
/// their readers have them already.
#[must_use]
pub fn decide(
    table: &Table,
    inquiry: &Inquiry,
    verdict: &mut Verdict,
    strip: &StripWords,
) -> Decision {
    let place = (inquiry.kind, inquiry.state.as_deref());
    let treat = |finding: &Finding| table.treat(place, &inquiry.sender_role, finding);
    let mut named = verdict.clone();
    name_alike(table, &mut named.findings, treat);
    for (finding, named) in verdict.findings.iter_mut().zip(&mut named.findings) {
        named.treatment = Some(treat(named));
        finding.treatment.clone_from(&named.treatment);
    }
    let verdict = &named;
    let judged: Vec<Judged<'_>> = counted(verdict)
        .filter_map(|finding| Some((finding, finding.treatment.as_ref()?.action)))
        .collect();
    let words = strip.words(&inquiry.languages, &inquiry.text);
    let earlier = (0..inquiry.history.len())
        .filter_map(|index| afterwards(table, inquiry, verdict, (index, words)))
        .collect();
    Decision { outcome: outcome(inquiry, verdict, &judged, words), earlier }
}

/// Gives findings of one contact one category, but none that would let it pass or be less than refused.
fn name_alike(table: &Table, findings: &mut [Finding], treat: impl Fn(&Finding) -> Treatment) {
    let mut contacts: Vec<&mut Finding> = findings
        .iter_mut()
        .filter(|finding| finding.mark == Mark::Counts && table.is_contact(&finding.category))
        .filter(|finding| table.is_sure(finding))
        .collect();
    let place = |finding: &&mut Finding| {
        let spans = finding.spans.iter().map(|(of, span)| (*of, span.start..span.end));
        (finding.category.clone(), spans.collect())
    };
    let names = names(&contacts.iter().map(place).collect::<Vec<_>>());
    // What is masked and what is stripped is gone either way.
    let strictness = |action: Action| if action == Action::Strip { Action::Mask } else { action };
    for (finding, category) in contacts.iter_mut().zip(names) {
        let own = strictness(treat(finding).action);
        let own_category = std::mem::replace(&mut finding.category, category);
        if strictness(treat(finding).action) < own {
            finding.category = own_category;
        }
    }
}

fn counted(verdict: &Verdict) -> impl Iterator<Item = &Finding> {
    verdict.findings.iter().filter(|finding| finding.mark == Mark::Counts)
}

fn outcome(inquiry: &Inquiry, verdict: &Verdict, judged: &[Judged<'_>], words: &str) -> Outcome {
    let first = |wanted: Action| {
        let found = judged.iter().find(|(_, action)| *action == wanted);
        found.map(|(finding, _)| finding.category.clone())
    };
    let silent = |rule: OnError| verdict.unanswered.iter().any(|silent| silent.on_error == rule);
    if let Some(category) = first(Action::Reject) {
        return Outcome::Reject { category };
    }
    if silent(OnError::Reject) {
        return Outcome::Unavailable;
    }
    if let Some(category) = first(Action::Hold) {
        return Outcome::Hold { category };
    }
    if silent(OnError::Hold) {
        return Outcome::Hold { category: UNCHECKED.to_owned() };
    }
    let text = redact(&inquiry.text, spans_in(&inquiry.text, judged), words);
    let altered = text != inquiry.text;
    Outcome::Deliver { text, flags: flags(judged, !verdict.unanswered.is_empty()), altered }
}

/// What becomes of an earlier message; `None` if it stays as it is. It is judged by the role that its
/// sender had then.
fn afterwards(
    table: &Table,
    inquiry: &Inquiry,
    verdict: &Verdict,
    (index, words): (usize, &str),
) -> Option<Afterwards> {
    let earlier = inquiry.history.get(index).filter(|earlier| earlier.same_sender)?;
    let mut findings: Vec<Finding> = Vec::new();
    for finding in counted(verdict) {
        let spans: Vec<(usize, Span)> = finding
            .spans
            .iter()
            .filter(|(of, _)| *of == index + 1)
            .map(|(_, span)| (0, *span))
            .collect();
        if spans.is_empty() {
            continue;
        }
        let mut own = Finding { spans, ..finding.clone() };
        let place = (inquiry.kind, inquiry.state.as_deref());
        let mut treatment = table.treat(place, &earlier.role, &own);
        if matches!(treatment.action, Action::Hold | Action::Reject) {
            // It was delivered already.
            treatment.action = Action::Mask;
        }
        own.treatment = Some(treatment);
        findings.push(own);
    }
    let judged: Vec<Judged<'_>> = findings
        .iter()
        .filter_map(|finding| Some((finding, finding.treatment.as_ref()?.action)))
        .collect();
    let text = redact(&earlier.text, spans_in(&earlier.text, &judged), words);
    let flags = flags(&judged, false);
    (text != earlier.text).then_some(Afterwards { index, text, flags, findings })
}

/// One flag for each category, with the strictest thing that was done.
fn flags(judged: &[Judged<'_>], unchecked: bool) -> Vec<Flag> {
    let mut strictest: BTreeMap<String, Action> = BTreeMap::new();
    for (finding, action) in judged {
        let flag = strictest.entry(finding.category.clone()).or_insert(*action);
        *flag = (*flag).max(*action);
    }
    let mut flags: BTreeSet<Flag> =
        strictest.into_iter().map(|(category, action)| Flag { category, action }).collect();
    if unchecked {
        flags.insert(Flag { category: UNCHECKED.to_owned(), action: Action::Annotate });
    }
    flags.into_iter().collect()
}

/// What is to be taken out of one text. A finding without spans is about the whole message.
fn spans_in(text: &str, judged: &[Judged<'_>]) -> Vec<(Span, Action)> {
    let whole = Span { start: 0, end: text.len() };
    let mut spans = Vec::new();
    for (finding, action) in judged {
        if !matches!(action, Action::Mask | Action::Strip) {
            continue;
        }
        if finding.spans.is_empty() {
            spans.push((whole, *action));
        }
        let own = finding.spans.iter().filter(|(of, _)| *of == 0);
        spans.extend(own.map(|(_, span)| (*span, *action)));
    }
    spans
}

/// Replaces each union of touching spans once: by the strip words if one of them is to be stripped, by
/// [`MASK`] otherwise. A span that does not fit the text is left out.
fn redact(text: &str, mut spans: Vec<(Span, Action)>, strip_words: &str) -> String {
    spans.retain(|(span, _)| text.get(span.start..span.end).is_some_and(|part| !part.is_empty()));
    spans.sort_unstable();
    let mut unions: Vec<(Span, Action)> = Vec::with_capacity(spans.len());
    for (span, action) in spans {
        match unions.last_mut() {
            Some((last, strictest)) if span.start <= last.end => {
                last.end = last.end.max(span.end);
                *strictest = (*strictest).max(action);
            }
            _ => unions.push((span, action)),
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (span, action) in unions {
        out.push_str(text.get(done..span.start).unwrap_or_default());
        out.push_str(if action == Action::Strip { strip_words } else { MASK });
        done = span.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
