//! Which chains of digits are telephone numbers. Knows how numbers are grouped and what makes a
//! grouping innocent; digits come from `atoms`, countries from `plan`, words around from `context`.

use parlour_guest::scan::{Token, drawn_together};
use parlour_guest::{Folded, Span};

use crate::atoms::{Atom, Between, Manner, Shape, atoms};

mod run;

use run::{Run, Verdict};

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
const ATOMS_MAX: usize = 20;

/// All telephone numbers of a text, in order, none overlapping another.
#[must_use]
pub fn detect(folded: &Folded, wishes: &Wishes<'_>) -> Vec<Number> {
    let tokens = folded.tokens();
    let place = Place::of(wishes, folded);
    let plain = Manner::default();
    let first = atoms(&tokens, plain);
    let mut found = numbers(folded, &tokens, &first, place);
    let mut add = |numbers: Vec<Number>| {
        for number in numbers {
            let over =
                |n: &Number| n.span.start < number.span.end && number.span.start < n.span.end;
            let width = |n: &Number| n.span.end - n.span.start;
            if found.iter().filter(|n| over(n)).all(|n| width(n) < width(&number)) {
                found.retain(|n| !over(n));
                let at = found.iter().position(|n| n.span.start > number.span.start);
                found.insert(at.unwrap_or(found.len()), number);
            }
        }
    };
    for manner in second_looks(&first) {
        let again = atoms(&tokens, manner);
        add(numbers(folded, &tokens, &again, place));
    }
    if folded.counts().spread > 0
        && let Some(joined) = drawn_together(folded)
    {
        let tokens = joined.tokens();
        add(numbers(&joined, &tokens, &atoms(&tokens, plain), place));
    }
    found
}

/// Other manners in which a text is worth reading, told by what the first reading met.
fn second_looks(atoms: &[Atom]) -> impl Iterator<Item = Manner> {
    const LEAST: usize = 2;
    const LEAST_MIXED: usize = 1;
    let mixed = atoms.iter().filter(|a| a.shape == Shape::Mixed).count();
    let spoken = atoms.iter().filter(|a| a.shape == Shape::Spoken).count();
    let summed = |a: &Atom| {
        a.shape == Shape::Spoken
            && matches!(a.digits.as_bytes(), [_, b'0', last] if *last != b'0')
    };
    let letters = Manner { letters_part: true, ..Manner::default() };
    let ear = Manner { by_ear: true, ..Manner::default() };
    let apart = Manner { apart: true, ..Manner::default() };
    let hundreds = spoken >= LEAST && atoms.iter().any(summed);
    [(mixed >= LEAST_MIXED, letters), (spoken >= LEAST, ear), (hundreds, apart)]
        .into_iter()
        .filter_map(|(worth, manner)| worth.then_some(manner))
}

fn numbers(folded: &Folded, tokens: &[Token<'_>], atoms: &[Atom], place: Place<'_>) -> Vec<Number> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < atoms.len() {
        let Some((end, verdict)) = longest(tokens, atoms, i, place) else {
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
    i: usize,
    place: Place<'_>,
) -> Option<(usize, Verdict)> {
    let mut ends = Vec::new();
    let mut digits = String::new();
    for (n, atom) in atoms.iter().enumerate().skip(i).take(ATOMS_MAX) {
        if n > i && atom.before == Between::Wall || digits.len() + atom.digits.len() > DIGITS_MAX {
            break;
        }
        digits.push_str(&atom.digits);
        ends.push((n + 1, digits.len()));
    }
    let mut said = None;
    ends.iter().rev().find_map(|(end, length)| {
        let digits = digits.get(..*length)?;
        let mut run = Run::new(tokens, atoms, i, *end, digits)?;
        Some((*end, run.judge(place, &mut said)?))
    })
}

/// The tokens of a run: with the `+` or the opening bracket before it, and a bracket that it closes.
fn extent(tokens: &[Token<'_>], atoms: &[Atom], first: usize, end: usize) -> (usize, usize) {
    let mut from = atoms.get(first).map_or(0, |a| a.from);
    let mut to = end.checked_sub(1).and_then(|n| atoms.get(n)).map_or(from, |a| a.to);
    let before = |n: usize| n.checked_sub(1).and_then(|p| tokens.get(p));
    let mut plus = from;
    if before(plus).is_some_and(Token::is_gap) {
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
