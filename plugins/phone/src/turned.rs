//! Numbers that are written from their end, which the text says, and those typed with the shift key held
//! down. Knows keyboards; which digits are a number is for `plan`.

use parlour_guest::Folded;
use parlour_guest::list::Stems;
use parlour_guest::scan::{Kind, Token};

use crate::context::{Hint, before};
use crate::detect::{Number, Place};
use crate::plan::{Likelihood, Reading, international, national};

/// Fewest and most digits of a number.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=13;

/// Beginnings of words that say that a number is to be read from its end.
static TURNED: Stems = Stems::of(&[
    "backward",
    "invers",
    "mirror",
    "rebours",
    "revers",
    "дзеркал",
    "задом",
    "зворотному",
    "зеркал",
    "навпак",
    "наоборот",
    "наперед",
    "обратном",
    "перевер",
    "перевёр",
    "справа",
]);

/// The number of a text that has none to be read as it stands. `digits` is how many digits the text has.
pub fn turned(
    folded: &Folded,
    tokens: &[Token<'_>],
    digits: usize,
    place: Place<'_>,
) -> Option<Number> {
    if digits >= *DIGITS.start()
        && let Some(number) = reversed(folded, tokens, place)
    {
        return Some(number);
    }
    let signs = folded.has_any(b"()*") && folded.has_any(b"!@#$%^&");
    if signs { shifted(folded, tokens, place) } else { None }
}

/// A number that the text says is to be read from its end.
fn reversed(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let turns = |t: &Token<'_>| TURNED.begin(t.text) || t.text == "l'envers";
    if !tokens.iter().any(|t| t.kind == Kind::Word && turns(t)) {
        return None;
    }
    let mut i = 0;
    while i < tokens.len() {
        let end = row(tokens, i, |t| t.kind == Kind::Digits);
        let run = tokens.get(i..end).unwrap_or_default();
        let text = |t: &Token<'_>| t.text.chars().rev().collect::<String>();
        let digits: String =
            run.iter().rev().filter(|t| t.kind == Kind::Digits).map(text).collect();
        if DIGITS.contains(&digits.len()) && before(tokens, i) != Hint::Other {
            let plus = tokens.get(end).is_some_and(|t| t.is("+"));
            if let Some(reading) = likely(&digits, plus, place) {
                return Some(number(folded, run, &reading));
            }
        }
        i = end.max(i + 1);
    }
    None
}

/// A number whose digits were typed with the shift key held down.
fn shifted(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let mut i = 0;
    while i < tokens.len() {
        let end = row(tokens, i, |t| t.kind == Kind::Mark && shift(t.text, true).is_some());
        let run = tokens.get(i..end).unwrap_or_default();
        for russian in [false, true] {
            let digits: String = run.iter().filter_map(|t| shift(t.text, russian)).collect();
            if DIGITS.contains(&digits.len())
                && let Some(reading) = likely(&digits, false, place)
                && reading.likelihood == Likelihood::Likely
                && many(&digits)
            {
                return Some(number(folded, run, &reading));
            }
        }
        i = end.max(i + 1);
    }
    None
}

/// Whether digits are no row of brackets or exclamation marks.
fn many(digits: &str) -> bool {
    const LEAST: u32 = 4;
    digits.bytes().fold(0_u16, |all, d| all | 1 << (d & 15)).count_ones() >= LEAST
}

/// The end of a row of tokens of some kind, parted by single spaces and hyphens.
fn row(tokens: &[Token<'_>], i: usize, of: impl Fn(&Token<'_>) -> bool) -> usize {
    let mut end = i;
    let mut n = i;
    while let Some(token) = tokens.get(n) {
        if of(token) {
            end = n + 1;
        } else if n == i || n > end || !(token.is_gap() || matches!(token.text, "-" | "." | ",")) {
            break;
        }
        n += 1;
    }
    end
}

/// What some digits are that hardly are anything else.
fn likely(digits: &str, plus: bool, place: Place<'_>) -> Option<Reading> {
    let abroad = if plus { international(digits) } else { None };
    let home =
        |r: &Reading| r.likelihood == Likelihood::Likely || place.is_home(r.plan) || r.plan == "FR";
    abroad.or_else(|| national(digits, place.region).into_iter().find(home))
}

fn number(folded: &Folded, run: &[Token<'_>], reading: &Reading) -> Number {
    let ends = run.first().zip(run.last());
    let (start, end) = ends.map_or((0, 0), |(a, b)| (a.start, b.end));
    let span = folded.original(start, end);
    Number { span, rule: "disguised", plan: reading.plan, confidence: 86 }
}

/// The digit of a key whose mark is typed with shift, on American keyboards or on Russian ones.
fn shift(mark: &str, russian: bool) -> Option<char> {
    Some(match (mark, russian) {
        ("!", _) => '1',
        ("@", _) | ("\"", true) => '2',
        ("#" | "№", _) => '3',
        (";", true) | ("$", _) => '4',
        ("%", _) => '5',
        ("^", _) | (":", true) => '6',
        ("?", true) | ("&", _) => '7',
        ("*", _) => '8',
        ("(", _) => '9',
        (")", _) => '0',
        _ => return None,
    })
}
