//! From findings to what happens with a message: the policy table, and masking. Pure; knows no plugin
//! host and no storage.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    id::Kind,
    moderation::{Action, Finding, Flag, Inquiry, OnError, Outcome, Span, Verdict},
};

/// What takes the place of masked words.
pub const MASK: &str = "***";
/// The category of a message that a plugin could not check.
pub const UNCHECKED: &str = "unchecked";
/// Stands for every category that the table does not list.
pub const ANY_CATEGORY: &str = "*";

/// A finding less sure than this only annotates, until the table says otherwise.
const CONFIDENCE_MIN: u8 = 50;

/// Category x kind of conversation x sender's role -> action.
///
/// | | phone, email, messenger, social | link | profanity, insult | threat | spam |
/// |---|---|---|---|---|---|
/// | order | mask | strip | mask | reject | reject |
/// | room | phone, email mask; others annotate | annotate | mask | annotate | annotate |
/// | direct, group, support | annotate | annotate | mask | annotate | annotate |
///
/// A room belongs to a back end that decides for itself, so only what is surely unwanted in public is
/// changed there. A category that is not listed gets what the plugin suggests. Every role, also
/// `service`, is treated alike unless the table has a row for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: BTreeMap<(Kind, String), Row>,
    confidence_min: u8,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    everybody: Option<Action>,
    roles: BTreeMap<String, Action>,
}

impl Default for Table {
    fn default() -> Self {
        use Action::{Annotate, Mask, Reject, Strip};
        let mut table = Self { rows: BTreeMap::new(), confidence_min: CONFIDENCE_MIN };
        for kind in Kind::ALL {
            let order = kind == Kind::Order;
            let contact = if order { Mask } else { Annotate };
            let direct_contact = if order || kind == Kind::Room { Mask } else { Annotate };
            let grave = if order { Reject } else { Annotate };
            for (category, action) in [
                ("phone", direct_contact),
                ("email", direct_contact),
                ("messenger", contact),
                ("social", contact),
                ("link", if order { Strip } else { Annotate }),
                ("profanity", Mask),
                ("insult", Mask),
                ("threat", grave),
                ("spam", grave),
            ] {
                table.set(kind, category, None, action);
            }
        }
        table
    }
}

impl Table {
    /// Changes one cell: for everybody, or for one role only. The category [`ANY_CATEGORY`] stands for
    /// all that have no row.
    pub fn set(&mut self, kind: Kind, category: &str, role: Option<&str>, action: Action) {
        let row = self.rows.entry((kind, category.to_owned())).or_default();
        match role {
            Some(role) => {
                row.roles.insert(role.to_owned(), action);
            }
            None => row.everybody = Some(action),
        }
    }

    /// From which confidence (0 to 100) on findings do more than annotate.
    pub fn set_confidence_min(&mut self, confidence: u8) {
        self.confidence_min = confidence.min(100);
    }

    /// What to do about a finding.
    #[must_use]
    pub fn action(&self, kind: Kind, role: &str, finding: &Finding) -> Action {
        if finding.confidence < self.confidence_min {
            return Action::Annotate;
        }
        let cell = |category: &str| {
            let row = self.rows.get(&(kind, category.to_owned()))?;
            row.roles.get(role).copied().or(row.everybody)
        };
        cell(&finding.category).or_else(|| cell(ANY_CATEGORY)).unwrap_or(finding.suggested)
    }
}

/// What takes the place of a removed link, by language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripWords {
    words: BTreeMap<String, String>,
}

impl Default for StripWords {
    fn default() -> Self {
        let words = [
            ("ru", "[ссылка удалена]"),
            ("uk", "[посилання видалено]"),
            ("fr", "[lien supprimé]"),
            ("en", "[link removed]"),
        ];
        Self { words: words.into_iter().map(|(l, w)| (l.to_owned(), w.to_owned())).collect() }
    }
}

impl StripWords {
    /// Sets the words of a language (`uk`), which may be new.
    pub fn set(&mut self, language: &str, words: &str) {
        self.words.insert(language.to_ascii_lowercase(), words.to_owned());
    }

    /// The words for a text: of the first expected language (BCP 47) that has some, else of the
    /// language that its letters suggest, else English.
    #[must_use]
    pub fn words(&self, languages: &[String], text: &str) -> &str {
        let expected = languages.iter().filter_map(|tag| {
            let primary = tag.split(['-', '_']).next().unwrap_or_default();
            self.words.get(&primary.to_ascii_lowercase())
        });
        let found =
            expected.chain(self.words.get(guessed(text))).chain(self.words.get("en")).next();
        found.map_or("[link removed]", String::as_str)
    }
}

/// Ukrainian by its own letters, else Russian by Cyrillic ones, else English.
fn guessed(text: &str) -> &'static str {
    let any = |test: fn(char) -> bool| text.chars().any(test);
    if any(|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ')) {
        "uk"
    } else if any(|c| ('\u{400}'..='\u{4ff}').contains(&c)) {
        "ru"
    } else {
        "en"
    }
}

/// Decides about a message: the strictest action of all findings and silent plugins wins; what is
/// masked is masked once, over the union of all spans.
///
/// Earlier messages come back with their new text as far as spans lie in them; that text is made from
/// the one in the inquiry.
#[must_use]
pub fn decide(table: &Table, inquiry: &Inquiry, verdict: &Verdict, strip: &StripWords) -> Outcome {
    let judged: Vec<(&Finding, Action)> = verdict
        .findings
        .iter()
        .map(|finding| (finding, table.action(inquiry.kind, &inquiry.sender_role, finding)))
        .collect();
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
    let words = strip.words(&inquiry.languages, &inquiry.text);
    let text = redact(&inquiry.text, spans_in(0, &inquiry.text, &judged), words);
    let earlier = (0..)
        .zip(&inquiry.history)
        .filter_map(|(index, earlier)| {
            let spans = spans_in(index + 1, &earlier.text, &judged);
            let text = redact(&earlier.text, spans, words);
            (text != earlier.text).then_some((index, text))
        })
        .collect();
    let altered = text != inquiry.text;
    let flags = flags(&judged, !verdict.unanswered.is_empty());
    Outcome::Deliver { text, flags, altered, earlier }
}

/// One flag for each category, with the strictest thing that was done.
fn flags(judged: &[(&Finding, Action)], unchecked: bool) -> Vec<Flag> {
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
fn spans_in(index: usize, text: &str, judged: &[(&Finding, Action)]) -> Vec<(Span, Action)> {
    let whole = Span { start: 0, end: text.len() };
    let mut spans = Vec::new();
    for (finding, action) in judged {
        if !matches!(action, Action::Mask | Action::Strip) {
            continue;
        }
        if finding.spans.is_empty() && index == 0 {
            spans.push((whole, *action));
        }
        let own = finding.spans.iter().filter(|(of, _)| *of == index);
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

#[cfg(test)]
#[path = "redact/tests.rs"]
mod tests;
