//! Counting what was found in labelled messages. Knows spans and categories; who found them is not asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    case::{Label, LabelledCase},
    tally::{ALL, Row, Tally},
};

/// Mistakes that are kept to be shown; all are counted.
const WRONG_MAX: usize = 20_000;
/// A category over these is totalled as well: a way to reach somebody by name.
const HANDLE: (&str, [&str; 2]) = ("handle", ["messenger", "social"]);
const INNOCENT: &str = "innocent";
/// The same words are often more than one of these, and a label says only one.
const KIN: [&str; 3] = ["profanity", "insult", "threat"];

/// A category, and where something of it was found: in which message, and which bytes of it.
type Named = (String, Vec<(usize, Range<usize>)>);

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub category: String,
    /// 0 is the message, n the n-th earlier one. None: the whole message.
    pub spans: Vec<(usize, Range<usize>)>,
}

impl Said {
    /// What was said, where contacts go by the names that `names` gives them: as the policy knows them,
    /// when several plugins call one contact differently.
    #[must_use]
    pub fn named(
        said: Vec<Self>,
        contacts: &[&str],
        names: fn(&[Named]) -> Vec<String>,
    ) -> Vec<Self> {
        let is_contact = |one: &Self| contacts.contains(&one.category.as_str());
        let (contacts, mut all): (Vec<_>, Vec<_>) = said.into_iter().partition(is_contact);
        let places = contacts.into_iter().map(|Self { category, spans }| (category, spans));
        let places: Vec<Named> = places.collect();
        let categories = names(&places);
        all.extend(
            categories
                .into_iter()
                .zip(places)
                .map(|(category, (_, spans))| Self { category, spans }),
        );
        all
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// `missed`, `inexact` or `false`.
    pub kind: &'static str,
    pub category: String,
    pub place: String,
    pub text: String,
    /// The words that were missed, or taken by mistake.
    pub part: String,
}

type Key = (String, String, String);

/// The counts over a set of cases.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Only these categories are judged; `None`: every one.
    categories: Option<BTreeSet<String>>,
    tallies: BTreeMap<Key, Tally>,
    pub cases: u32,
    /// Characters beside the labels of messages that have some, and those of them that were taken.
    pub beside: (u64, u64),
    pub wrong: Vec<Wrong>,
}

// === impl Score ===

impl Score {
    /// Judges these categories only: what no plugin claims to find is not missed.
    #[must_use]
    pub fn of_categories(categories: impl IntoIterator<Item = String>) -> Self {
        Self { categories: Some(categories.into_iter().collect()), ..Self::default() }
    }

    /// Counts what all plugins together found in a case.
    pub fn count(&mut self, case: &LabelledCase, said: &[Said]) {
        let found = Found::of(case, said);
        self.cases = self.cases.saturating_add(1);
        if case.labels.is_empty() {
            let key = (INNOCENT.to_owned(), INNOCENT.to_owned(), case.lang.clone());
            let tally = self.tallies.entry(key).or_default();
            tally.innocent += 1;
            tally.altered += u32::from(!found.places.is_empty());
        } else {
            self.count_beside(case, &found);
        }
        self.pass(case, &found, |category| Some(category));
        if !self.is_judged(HANDLE.0) {
            return;
        }
        let renamed: Vec<Said> = said
            .iter()
            .filter_map(|s| Some(Said { category: as_handle(&s.category)?.into(), ..s.clone() }))
            .collect();
        self.pass(case, &Found { all: found.all, ..Found::of(case, &renamed) }, as_handle);
    }

    /// Every group with its totals: by category, level and language.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let mut sums: BTreeMap<Key, Tally> = BTreeMap::new();
        for ((category, level, lang), tally) in &self.tallies {
            let mut add = |category: &str, level: &str, lang: &str| {
                let key = (category.to_owned(), level.to_owned(), lang.to_owned());
                sums.entry(key).or_default().add(tally);
            };
            for (level, lang) in
                [(level.as_str(), lang.as_str()), (level, ALL), (ALL, lang), (ALL, ALL)]
            {
                // Innocent messages have one level.
                if category != INNOCENT || level != ALL {
                    add(category, level, lang);
                }
            }
            if category != HANDLE.0 && category != INNOCENT {
                add(ALL, ALL, ALL);
            }
        }
        let rows = sums.into_iter().map(|((category, level, lang), tally)| Row {
            category,
            level,
            lang,
            tally,
        });
        let mut rows: Vec<Row> = rows.collect();
        let last = |word: &str| (word == ALL, word.to_owned());
        rows.sort_by_key(|row| {
            let rank = u8::from(row.category == INNOCENT) + 2 * u8::from(row.category == ALL);
            (rank, row.category.clone(), last(&row.level), last(&row.lang))
        });
        rows
    }

    fn is_judged(&self, category: &str) -> bool {
        let (handle, members) = HANDLE;
        self.categories.as_ref().is_none_or(|judged| {
            judged.contains(category)
                || category == handle && members.iter().any(|member| judged.contains(*member))
        })
    }

    fn at(&mut self, category: &str, case: &LabelledCase) -> &mut Tally {
        let key = (category.to_owned(), case.level.clone(), case.lang.clone());
        self.tallies.entry(key).or_default()
    }

    fn note(&mut self, kind: &'static str, category: &str, case: &LabelledCase, part: &str) {
        if self.wrong.len() < WRONG_MAX && category != HANDLE.0 {
            self.wrong.push(Wrong {
                kind,
                category: category.to_owned(),
                place: case.place.clone(),
                text: case.text.clone(),
                part: part.to_owned(),
            });
        }
    }

    fn count_beside(&mut self, case: &LabelledCase, found: &Found) {
        for message in 0..=case.history.len() {
            let text = case.text_of(message).unwrap_or_default();
            let labels = labelled(case, message, |_| true);
            let taken = found.all.get(&message).map_or(&[][..], Vec::as_slice);
            for (at, _) in text.char_indices().filter(|(at, _)| !holds(&labels, *at)) {
                self.beside.0 += 1;
                self.beside.1 += u64::from(holds(taken, at));
            }
        }
    }

    /// Counts labels and findings under the names that `named` gives their categories.
    fn pass(&mut self, case: &LabelledCase, found: &Found, named: fn(&str) -> Option<&str>) {
        for label in &case.labels {
            let Some(category) = named(&label.category).filter(|c| self.is_judged(c)) else {
                continue;
            };
            let (is_found, is_exact) = found.judge(case, label, category);
            let tally = self.at(category, case);
            tally.labels += 1;
            tally.found += u32::from(is_found);
            tally.exact += u32::from(is_exact);
            let part = part_of(case, label.message, label.span.clone());
            match (is_found, is_exact) {
                (false, _) => self.note("missed", category, case, part),
                (true, false) => self.note("inexact", category, case, part),
                (true, true) => {}
            }
        }
        for ((category, message), places) in &found.places {
            let labels = labelled(case, *message, |label| named(&label.category) == Some(category));
            let mut wholes = case.labels.iter().filter(|label| label.span.is_none());
            let whole = wholes.clone().any(|label| named(&label.category) == Some(category));
            // A message that is labelled as a whole says nothing about its parts.
            if labels.is_empty() && !whole && wholes.next().is_some() {
                continue;
            }
            let is_kin = KIN.contains(&category.as_str());
            let kin = labelled(case, *message, |l| is_kin && KIN.contains(&l.category.as_str()));
            for place in places {
                let right = whole || labels.iter().any(|label| overlap(label, place) > 0);
                if !right && kin.iter().any(|label| overlap(label, place) > 0) {
                    continue;
                }
                let tally = self.at(category, case);
                tally.findings += 1;
                tally.right += u32::from(right);
                if !right {
                    let part = part_of(case, *message, Some(place.clone()));
                    self.note("false", category, case, part);
                }
            }
        }
    }
}

fn as_handle(category: &str) -> Option<&str> {
    HANDLE.1.contains(&category).then_some(HANDLE.0)
}

/// What was found in one case, as places that do not overlap.
struct Found {
    places: BTreeMap<(String, usize), Vec<Range<usize>>>,
    /// Of any category, by message.
    all: BTreeMap<usize, Vec<Range<usize>>>,
}

impl Found {
    fn of(case: &LabelledCase, said: &[Said]) -> Self {
        let mut found = Self { places: BTreeMap::new(), all: BTreeMap::new() };
        for one in said {
            let whole = [(0, 0..case.text.len())];
            let spans = if one.spans.is_empty() { &whole[..] } else { &one.spans };
            for (message, span) in spans {
                let key = (one.category.clone(), *message);
                found.places.entry(key).or_default().push(span.clone());
                found.all.entry(*message).or_default().push(span.clone());
            }
        }
        found.places.values_mut().for_each(merge);
        found.all.values_mut().for_each(merge);
        found
    }

    /// Whether a label was found, and whether exactly.
    fn judge(&self, case: &LabelledCase, label: &Label, category: &str) -> (bool, bool) {
        let Some(span) = &label.span else {
            let is_found = self.places.keys().any(|(c, _)| c == category);
            return (is_found, is_found);
        };
        let none = Vec::new();
        let places = self.places.get(&(category.to_owned(), label.message)).unwrap_or(&none);
        let covered: usize = places.iter().map(|place| overlap(place, span)).sum();
        if covered * 10 < span.len() * 9 {
            return (false, false);
        }
        let text = case.text_of(label.message).unwrap_or_default();
        let all = self.all.get(&label.message).unwrap_or(&none);
        let labels = labelled(case, label.message, |_| true);
        let whole = text.get(span.clone()).unwrap_or_default().chars().count();
        let taken = places
            .iter()
            .filter(|place| overlap(place, span) > 0)
            .flat_map(|place| {
                text.get(place.clone())
                    .into_iter()
                    .flat_map(str::char_indices)
                    .map(|(at, _)| place.start + at)
            })
            .filter(|at| !holds(&labels, *at))
            .count();
        (true, is_gone(text, span, all, category) && taken * 20 <= whole)
    }
}

/// Whether what is left of a label is worth nothing: no letter and no digit; of a phone number no letter
/// and no 5 digits in a row, whatever stands between them.
fn is_gone(text: &str, label: &Range<usize>, taken: &[Range<usize>], category: &str) -> bool {
    let digits_max = if category == "phone" { 4 } else { 0 };
    let mut digits = 0;
    for (at, c) in text.get(label.clone()).unwrap_or_default().char_indices() {
        if holds(taken, label.start + at) {
            digits = 0;
        } else if c.is_numeric() {
            digits += 1;
        } else if c.is_alphabetic() {
            return false;
        }
        if digits > digits_max {
            return false;
        }
    }
    true
}

fn merge(places: &mut Vec<Range<usize>>) {
    places.sort_by_key(|place| (place.start, place.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places.drain(..) {
        match merged.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => merged.push(place),
        }
    }
    *places = merged;
}

/// The labels in one message, those of the whole message too.
fn labelled(
    case: &LabelledCase,
    message: usize,
    which: impl Fn(&Label) -> bool,
) -> Vec<Range<usize>> {
    let length = case.text_of(message).unwrap_or_default().len();
    let mut labels: Vec<Range<usize>> = case
        .labels
        .iter()
        .filter(|label| label.message == message && which(label))
        .map(|label| label.span.clone().unwrap_or(0..length))
        .collect();
    merge(&mut labels);
    labels
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

fn holds(places: &[Range<usize>], at: usize) -> bool {
    places.iter().any(|place| place.contains(&at))
}

fn part_of(case: &LabelledCase, message: usize, span: Option<Range<usize>>) -> &str {
    let text = case.text_of(message).unwrap_or_default();
    span.map_or(Some(text), |span| text.get(span)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "звони 8 916 123-45-67 или a@b.ru";

    fn case(labels: &[(&str, &str)]) -> LabelledCase {
        let span = |part: &str| TEXT.find(part).map(|at| at..at + part.len());
        let label = |(category, part): &(&str, &str)| Label {
            category: (*category).to_owned(),
            message: 0,
            span: span(part),
        };
        LabelledCase {
            text: TEXT.to_owned(),
            lang: "ru".to_owned(),
            level: if labels.is_empty() { "innocent" } else { "plain" }.to_owned(),
            labels: labels.iter().map(label).collect(),
            ..LabelledCase::default()
        }
    }

    fn said(category: &str, part: &str) -> Said {
        let at = TEXT.find(part).expect("a part of the text");
        Said { category: category.to_owned(), spans: vec![(0, at..at + part.len())] }
    }

    /// Labels, found, exact, findings, right of the category.
    #[track_caller]
    fn check(labels: &[(&str, &str)], found: &[Said], category: &str, expected: [u32; 5]) {
        let mut score = Score::default();
        score.count(&case(labels), found);
        let rows = score.rows();
        let row = rows.iter().find(|r| r.category == category && r.level == ALL && r.lang == ALL);
        let t = row.map_or(Tally::default(), |row| row.tally);
        assert_eq!([t.labels, t.found, t.exact, t.findings, t.right], expected, "{found:?}");
    }

    #[test]
    fn spans_decide() {
        let number = ("phone", "8 916 123-45-67");
        check(&[number], &[said("phone", number.1)], "phone", [1, 1, 1, 1, 1]);
        check(&[number], &[], "phone", [1, 0, 0, 0, 0]);
        check(&[number], &[said("phone", "8 916")], "phone", [1, 0, 0, 1, 1]);
        check(&[number], &[said("email", number.1)], "phone", [1, 0, 0, 0, 0]);
        check(&[number], &[said("email", "a@b.ru")], "email", [0, 0, 0, 1, 0]);
        // One digit is left, which is no number; two characters beside are too many.
        check(&[number], &[said("phone", "8 916 123-45-6")], "phone", [1, 1, 1, 1, 1]);
        check(&[number], &[said("phone", "и 8 916 123-45-67")], "phone", [1, 1, 0, 1, 1]);
        let parts = [said("phone", "8 916"), said("phone", " 123-45-67")];
        check(&[number], &parts, "phone", [1, 1, 1, 2, 2]);
        let twice = [said("phone", "8 916 123"), said("phone", "16 123-45-67")];
        check(&[number], &twice, "phone", [1, 1, 1, 1, 1]);
    }

    #[test]
    fn handles_are_totalled_together() {
        let labels = [("social", "a@b.ru")];
        check(&labels, &[said("messenger", "a@b.ru")], "handle", [1, 1, 1, 1, 1]);
        check(&labels, &[said("messenger", "a@b.ru")], "social", [1, 0, 0, 0, 0]);
        check(&labels, &[said("messenger", "a@b.ru")], ALL, [1, 0, 0, 1, 0]);
    }

    #[test]
    fn an_obscene_insult_is_both() {
        let labels = [("insult", "звони")];
        check(&labels, &[said("profanity", "звони")], "profanity", [0; 5]);
        check(&labels, &[said("profanity", "или")], "profanity", [0, 0, 0, 1, 0]);
    }

    #[test]
    fn a_whole_message_is_found_by_any_finding() {
        let whole = Said { category: "spam".into(), spans: Vec::new() };
        check(&[("spam", "none")], std::slice::from_ref(&whole), "spam", [1, 1, 1, 1, 1]);
        check(&[("spam", "none")], &[said("spam", "или")], "spam", [1, 1, 1, 1, 1]);
        check(&[("spam", "none")], &[said("email", "a@b.ru")], "email", [0; 5]);
        check(&[("phone", "8 916")], &[whole], "spam", [0, 0, 0, 1, 0]);
    }

    #[test]
    fn innocent_messages_and_neighbours_are_counted() {
        let mut score = Score::default();
        score.count(&case(&[]), &[said("phone", "звони")]);
        score.count(&case(&[]), &[]);
        score.count(&case(&[("email", "a@b.ru")]), &[said("email", "и a@b.ru")]);
        let rows = score.rows();
        let innocent: Vec<_> = rows.iter().filter(|row| row.category == INNOCENT).collect();
        assert_eq!(innocent.len(), 2, "by language and all");
        assert_eq!((innocent[1].tally.innocent, innocent[1].tally.altered), (2, 1));
        assert_eq!(score.beside, (26, 2));
        let kinds: Vec<_> = score.wrong.iter().map(|wrong| wrong.kind).collect();
        assert_eq!(kinds, ["false", "inexact"]);
    }

    #[test]
    fn what_nobody_claims_to_find_is_not_missed() {
        let mut score = Score::of_categories(["email".to_owned()]);
        score.count(&case(&[("phone", "8 916"), ("email", "a@b.ru")]), &[said("email", "a@b.ru")]);
        let labels: Vec<_> = score.rows().iter().map(|row| row.category.clone()).collect();
        assert!(!labels.contains(&"phone".to_owned()) && labels.contains(&"email".to_owned()));
        assert_eq!(score.wrong, []);
    }

    #[test]
    fn parts_in_earlier_messages_are_labels_of_their_own() {
        let mut split = case(&[("phone", "8 916")]);
        split.history = vec![super::super::case::Past {
            text: "123 45".into(),
            same_sender: true,
            age_seconds: 1,
        }];
        split.labels.push(Label { category: "phone".into(), message: 1, span: Some(0..6) });
        let mut both = said("phone", "8 916");
        both.spans.push((1, 0..6));
        let mut score = Score::default();
        score.count(&split, &[both]);
        score.count(&split, &[said("phone", "8 916")]);
        let total = score.rows().into_iter().find(|row| row.category == ALL).expect("a total");
        assert_eq!((total.tally.labels, total.tally.found, total.tally.exact), (4, 3, 3));
    }
}
