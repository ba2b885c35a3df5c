//! Which chains of digits are telephone numbers. Knows how numbers are grouped and what makes a
//! grouping innocent; digits come from `atoms`, countries from `plan`, words around from `context`.

use parlour_guest::scan::{Token, drawn_together, merge};
use parlour_guest::{Folded, Span};

use crate::atoms::{Atom, Between, Manner, atoms, atoms_in, is_gap, survey};
use crate::coded::coded;
use crate::plan::{lengths, lengths_abroad, monotonous};
use crate::strewn::{may_have, strewn};
use crate::turned::turned;

mod looks;
pub mod run;

use looks::second_looks;
use run::{LOCAL_ATOMS_MAX, Run, SHORTEST, Start, UNBROKEN_ATOMS_MAX, Verdict};

/// A telephone number in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub span: Span,
    pub rule: &'static str,
    /// Country of the numbering plan, ISO 3166-1 alpha-2, or empty.
    pub plan: &'static str,
    /// 0 to 100.
    pub confidence: u8,
}

/// What the conversation says about the numbers to expect.
pub struct Wishes<'a> {
    /// ISO 3166-1 alpha-2; may be empty.
    pub region: &'a str,
    /// BCP 47 tags, most likely first; may be empty.
    pub languages: &'a [String],
    /// Whether the text is put together of pieces that something announced as a number.
    pub announced: bool,
}

/// E.164 allows 15 digits; `810` and the like may precede them.
const DIGITS_MAX: usize = 18;
/// More groups than any number has.
pub(crate) const ATOMS_MAX: usize = 20;

/// All telephone numbers of a text, in order, none overlapping another.
#[must_use]
pub fn detect(folded: &Folded, wishes: &Wishes<'_>) -> Vec<Number> {
    let tokens = folded.tokens();
    let place = Place::of(wishes, folded);
    let plain = Manner::default();
    let survey = survey(&tokens);
    let first = atoms_in(&tokens, 0..tokens.len(), plain);
    let mut found = numbers(folded, &tokens, &first, place);
    for (range, manner) in second_looks(&tokens, &first) {
        let again = atoms_in(&tokens, range, manner);
        merge(&mut found, numbers(folded, &tokens, &again, place), |n| n.span);
    }
    if may_have((survey.figures, survey.digits), &first) {
        let more = strewn(folded, &tokens, &first, place, &found);
        merge(&mut found, more, |n| n.span);
    }
    if found.is_empty() {
        let coded = coded(folded, &tokens, &first);
        found.extend(coded.or_else(|| turned(folded, &tokens, survey.digits, place)));
    }
    if folded.counts().spread > 0
        && let Some(joined) = drawn_together(folded)
    {
        let tokens = joined.tokens();
        let again = numbers(&joined, &tokens, &atoms(&tokens, plain), place);
        merge(&mut found, again, |n| n.span);
    }
    found
}

fn numbers(folded: &Folded, tokens: &[Token<'_>], atoms: &[Atom], place: Place<'_>) -> Vec<Number> {
    let mut found = Vec::new();
    let mut row = Row::of(atoms);
    let mut i = 0;
    while i < atoms.len() {
        let Some((end, verdict)) = longest(tokens, atoms, &mut row, i, place) else {
            i += 1;
            continue;
        };
        let (from, to) = extent(tokens, atoms, i, end);
        let start = tokens.get(from).map_or(0, |t| t.start);
        let stop = to.checked_sub(1).and_then(|n| tokens.get(n)).map_or(start, |t| t.end);
        found.push(Number {
            span: folded.original(start, stop),
            rule: verdict.rule,
            plan: verdict.plan,
            confidence: verdict.confidence,
        });
        i = end;
    }
    found
}

/// The digits of all atoms in a row.
struct Row {
    digits: String,
    /// Where those of each atom end.
    ends: Vec<usize>,
    /// The atom behind those that may be one number with the one last asked for.
    reach: usize,
    /// Runs that were judged and are no number.
    barren: usize,
}

/// Runs of digits that are no number, and after which a text is searched for numbers of few groups
/// only: it is no message of a person then.
const BARREN_MAX: usize = 3000;

/// The most groups in which numbers are commonly written.
const USUAL_ATOMS_MAX: usize = 7;

impl Row {
    fn of(atoms: &[Atom]) -> Self {
        let mut row = Self {
            digits: String::new(),
            ends: Vec::with_capacity(atoms.len()),
            reach: 0,
            barren: 0,
        };
        for atom in atoms {
            row.digits.push_str(&atom.digits);
            row.ends.push(row.digits.len());
        }
        row
    }

    /// The digits before atom `i`.
    fn before(&self, i: usize) -> usize {
        i.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(0)
    }

    /// The atom behind those that may be one number with atom `i`; asked for in order.
    fn reach(&mut self, atoms: &[Atom], i: usize) -> usize {
        let from = self.before(i);
        self.reach = self.reach.max(i);
        while let (Some(atom), Some(end)) = (atoms.get(self.reach), self.ends.get(self.reach)) {
            let apart = self.reach > i && atom.before == Between::Wall;
            if apart || end - from > DIGITS_MAX || self.reach == i + ATOMS_MAX {
                break;
            }
            self.reach += 1;
        }
        if self.barren < BARREN_MAX { self.reach } else { self.reach.min(i + USUAL_ATOMS_MAX) }
    }
}

/// Where a text's national numbers come from.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// ISO 3166-1 alpha-2, or empty.
    pub region: &'a str,
    /// Whether a number without any prefix may be North American: a text without Cyrillic letters,
    /// where English is spoken or nobody said what is.
    pub american: bool,
    pub announced: bool,
}

impl<'a> Place<'a> {
    fn of(wishes: &Wishes<'a>, folded: &Folded) -> Self {
        // The lead bytes of U+0400 to U+04FF.
        let cyrillic = folded.text.bytes().any(|b| (0xd0..=0xd3).contains(&b));
        let speaks = |tag: &str| wishes.languages.iter().any(|l| l.starts_with(tag));
        let english = wishes.languages.is_empty() || speaks("en");
        let language = wishes.languages.iter().find_map(|tag| {
            Some(match (tag.get(..2)?, cyrillic) {
                ("ru", true) => "RU",
                ("uk", true) => "UA",
                ("kk", true) => "KZ",
                ("ky", true) => "KG",
                ("fr", false) => "FR",
                _ => return None,
            })
        });
        let region = if wishes.region.is_empty() { language.unwrap_or("") } else { wishes.region };
        Self { region, american: !cyrillic && english, announced: wishes.announced }
    }

    /// Whether a plan's numbers are at home here.
    pub fn is_home(&self, plan: &str) -> bool {
        plan == self.region && !plan.is_empty() || self.american && plan == "US"
    }
}

/// The longest run of atoms from `i` that is a number, and its end.
fn longest(
    tokens: &[Token<'_>],
    atoms: &[Atom],
    row: &mut Row,
    i: usize,
    place: Place<'_>,
) -> Option<(usize, Verdict)> {
    let (from, reach) = (row.before(i), row.reach(atoms, i));
    let all = row.digits.get(from..row.before(reach))?;
    if all.len() < SHORTEST {
        return None;
    }
    let mut start = Start::at(tokens, atoms.get(i)?.from);
    let lengths = if start.plus { lengths_abroad(all) } else { 0 } | lengths(all);
    let few = i + if start.plus { UNBROKEN_ATOMS_MAX } else { LOCAL_ATOMS_MAX };
    let least = lengths.trailing_zeros() as usize;
    let mut end = reach + 1;
    while end > i + 1 {
        end -= 1;
        let length = row.before(end) - from;
        if length < SHORTEST {
            break;
        }
        if end > few && length < least {
            end = few + 1;
            continue;
        }
        let digits = all.get(..length)?;
        if end > few && (lengths >> length & 1 == 0 || monotonous(digits)) {
            continue;
        }
        let mut run = Run::new(tokens, atoms, i, end, digits)?;
        if let Some(verdict) = run.judge(place, &mut start) {
            return Some((end, verdict));
        }
        row.barren += 1;
    }
    None
}

/// The tokens of a run: with the `+` or the opening bracket before it, and a bracket that it closes.
fn extent(tokens: &[Token<'_>], atoms: &[Atom], first: usize, end: usize) -> (usize, usize) {
    let mut from = atoms.get(first).map_or(0, |a| a.from);
    let mut to = end.checked_sub(1).and_then(|n| atoms.get(n)).map_or(from, |a| a.to);
    let before = |n: usize| n.checked_sub(1).and_then(|p| tokens.get(p));
    let mut plus = from;
    if before(plus).is_some_and(is_gap) {
        plus -= 1;
    }
    if before(plus).is_some_and(|t| matches!(t.text, "+" | "плюс" | "plus")) {
        from = plus - 1;
    }
    for (opening, closing) in [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">")] {
        let inside = tokens.get(from..to).unwrap_or_default();
        let mut brackets = inside.iter().filter(|t| t.is(opening) || t.is(closing));
        let opened = brackets.clone().next().is_some_and(|t| t.is(closing));
        let unclosed = brackets.next_back().is_some_and(|t| t.is(opening));
        if opened && before(from).is_some_and(|t| t.is(opening)) {
            from -= 1;
        }
        if unclosed && tokens.get(to).is_some_and(|t| t.is(closing)) {
            to += 1;
        }
    }
    if before(from).is_some_and(|t| t.is("+")) {
        from -= 1;
    }
    (from, to)
}

/// How often tokens were read and runs judged in a thread, so that tests can tell what a text costs.
#[cfg(test)]
pub(crate) mod work {
    use std::cell::Cell;

    thread_local! {
        static DONE: Cell<usize> = const { Cell::new(0) };
    }

    pub fn one() {
        DONE.set(DONE.get() + 1);
    }

    /// What was done since it was asked last.
    pub fn take() -> usize {
        DONE.replace(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Wishes, detect, work};
    use parlour_guest::Folded;

    /// What a long text of nothing but `unit` costs, for each of its tokens.
    fn cost(unit: &str, bytes: usize) -> usize {
        let folded = Folded::plain(&unit.repeat(bytes / unit.len()));
        work::take();
        let _ = detect(&folded, &Wishes { region: "", languages: &[], announced: false });
        work::take() / folded.kinds().len()
    }

    #[test]
    fn a_number_may_follow_a_sentence_that_ends_with_one() {
        let wishes = Wishes { region: "", languages: &[], announced: false };
        for text in ["it is 500. 212-555-0147", "good, 500. (212) 555-0147"] {
            assert_eq!(detect(&Folded::plain(text), &wishes).len(), 1, "{text}");
        }
        assert!(detect(&Folded::plain("account 500 212-555-0147-33"), &wishes).is_empty());
    }

    #[test]
    fn dense_texts_cost_no_more_for_each_token_when_they_are_longer() {
        const MOST: usize = 12;
        for unit in [
            "1 ",
            "1:",
            "1;",
            "1-",
            "1-2-3-",
            "1,2,",
            "1, ",
            "+1",
            "+7 9 ",
            "2 5 3 ",
            "12 34 56 ",
            "123 45 ",
            "0 0 5 ",
            "810 ",
            "1O1l",
            "o!",
            "1к",
            "н 1 ",
            "тел 1 ",
            "сто ",
            "один два ",
            "девить васим ",
            "восемьдевять",
            "два нуля ",
            "три раза 5 ",
            "в0семь ",
            "too won ",
            "1 a ",
            "8 rub ",
            "8 apples 916 pears ",
            "1:61 ",
            "1) ",
            "zero sis ",
            "9 is 1 o ",
            "1234567890",
            "89161234567 ",
        ] {
            let (short, long) = (cost(unit, 4 << 10), cost(unit, 16 << 10));
            assert!(long <= MOST && long <= short + 1, "{unit}: {short}, {long}");
        }
    }
}
