//! Numbers that are written from their end, which the text says, and those typed with the shift key held
//! down. Knows keyboards; which digits are a number is for `plan`.

use parlour_guest::Folded;
use parlour_guest::list::Stems;
use parlour_guest::scan::{Kind, Token};

use crate::atoms::is_gap;
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
    // More tokens than a message has that hides a number so.
    const TOKENS_MAX: usize = 400;
    if tokens.len() > TOKENS_MAX {
        return None;
    }
    let backwards = if digits < *DIGITS.start() { None } else { reversed(folded, tokens, place) };
    let signs = || folded.has_any(b"()*") && folded.has_any(b"!@#$%^&");
    backwards.or_else(|| if signs() { shifted(folded, tokens, place) } else { None })
}

/// A number that the text says is to be read from its end.
fn reversed(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let turns = |t: &Token<'_>| TURNED.begin(t.text) || t.text == "l'envers";
    if !rows(tokens) || !tokens.iter().any(|t| t.kind == Kind::Word && turns(t)) {
        return None;
    }
    let mut i = 0;
    while i < tokens.len() {
        let end = row(tokens, i, &|t| t.kind == Kind::Digits);
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

/// Whether as many digits as a number has stand with no word between.
fn rows(tokens: &[Token<'_>]) -> bool {
    let mut digits = 0;
    for token in tokens {
        match token.kind {
            Kind::Digits => digits += token.text.len(),
            Kind::Word => digits = 0,
            Kind::Space | Kind::Mark => {}
        }
        if digits >= *DIGITS.start() {
            return true;
        }
    }
    false
}

/// A number whose digits were typed with the shift key held down.
fn shifted(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let tokens = tokens.get(marks(tokens)?)?;
    for russian in [false, true] {
        let mut i = 0;
        while i < tokens.len() {
            let typed = |t: &Token<'_>| t.kind != Kind::Digits && shift(t.text, russian).is_some();
            let end = row(tokens, i, &typed);
            let run = tokens.get(i..end).unwrap_or_default();
            let digits: String = run.iter().filter_map(|t| shift(t.text, russian)).collect();
            if DIGITS.contains(&digits.len())
                && let Some(reading) = likely(&digits, false, place)
                && many(&digits)
            {
                return Some(number(folded, run, &reading));
            }
            i = end.max(i + 1);
        }
    }
    None
}

/// The first row of tokens with as many marks as a number has digits.
fn marks(tokens: &[Token<'_>]) -> Option<std::ops::Range<usize>> {
    const LEAST: usize = 9;
    let (mut from, mut count) = (0, 0);
    for (n, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark => count += 1,
            Kind::Word if token.text == "no" => {}
            Kind::Space => {}
            Kind::Word | Kind::Digits => {
                if count >= LEAST {
                    return Some(from..n);
                }
                (from, count) = (n + 1, 0);
            }
        }
    }
    (count >= LEAST).then_some(from..tokens.len())
}

/// Whether digits are no row of brackets or exclamation marks.
fn many(digits: &str) -> bool {
    const LEAST: u32 = 4;
    digits.bytes().fold(0_u16, |all, d| all | 1 << (d & 15)).count_ones() >= LEAST
}

/// The end of a row of tokens of some kind, parted by single spaces and hyphens.
fn row(tokens: &[Token<'_>], i: usize, of: &dyn Fn(&Token<'_>) -> bool) -> usize {
    let mut end = i;
    let mut n = i;
    while let Some(token) = tokens.get(n) {
        if of(token) {
            end = n + 1;
        } else if n == i || n > end || !(is_gap(token) || matches!(token.text, "-" | "." | ",")) {
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
    const KEYS: [&str; 2] = [")!@#$%^&*(", ")!\"\0;%:?*("];
    if russian && mark == "no" {
        return Some('3');
    }
    let digit = KEYS[usize::from(russian)].find(mark)?;
    char::from_digit(u32::try_from(digit).ok()?, 10)
}
