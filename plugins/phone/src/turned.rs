//! Numbers that are written from their end, which the text says, or in Roman digits. Knows how people say
//! so; which digits are a number is for `plan`.

use parlour_guest::Folded;
use parlour_guest::scan::{Kind, Token};

use crate::atoms::is_gap;
use crate::context::{Hint, before};
use crate::detect::{Number, Place};
use crate::plan::{Likelihood, Reading, international, national};
use crate::table::{Beginnings, beginnings};

/// Fewest and most digits of a number.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=13;

/// Beginnings of words that say that a number is to be read from its end.
static TURNED: Beginnings = beginnings!(&[
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
    if digits < *DIGITS.start() {
        return roman(folded, tokens, place);
    }
    reversed(folded, tokens, place)
}

/// A number whose digits are Roman, `VIII IX I VI ...`.
fn roman(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    // Each of these has one of two letters.
    if !folded.has_any(b"vx") {
        return None;
    }
    let begins =
        tokens.iter().position(|t| matches!(t.text, "iv" | "vi" | "vii" | "viii" | "ix"))?;
    let digit = |t: &Token<'_>| roman_digit(t.text).is_some();
    let mut i = begins.saturating_sub(2 * *DIGITS.end());
    while i < tokens.len() {
        let end = row(tokens, i, digit);
        let run = tokens.get(i..end).unwrap_or_default();
        let digits: String = run.iter().filter_map(|t| roman_digit(t.text)).collect();
        if DIGITS.contains(&digits.len())
            && let Some(reading) = likely(&digits, false, place)
        {
            return Some(number(folded, run, reading.plan));
        }
        i = end.max(i + 1);
    }
    None
}

fn roman_digit(word: &str) -> Option<char> {
    Some(match word {
        "0" | "o" | "о" | "n" => '0',
        "i" | "і" => '1',
        "ii" | "іі" => '2',
        "iii" | "ііі" => '3',
        "iv" => '4',
        "v" => '5',
        "vi" => '6',
        "vii" => '7',
        "viii" => '8',
        "ix" => '9',
        _ => return None,
    })
}

/// A number that the text says is to be read from its end.
fn reversed(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let turns = |t: &Token<'_>| TURNED.begin(t.text) || t.text == "l'envers";
    if !rows(tokens) || !tokens.iter().any(|t| t.kind == Kind::Word && turns(t)) {
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
                return Some(number(folded, run, reading.plan));
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

/// The end of a row of tokens of some kind, parted by single spaces and hyphens.
fn row(tokens: &[Token<'_>], i: usize, of: impl Fn(&Token<'_>) -> bool) -> usize {
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

/// A number that some tokens are.
pub fn number(folded: &Folded, run: &[Token<'_>], plan: &'static str) -> Number {
    let ends = run.first().zip(run.last());
    let (start, end) = ends.map_or((0, 0), |(a, b)| (a.start, b.end));
    let span = folded.original(start, end);
    Number { span, rule: "disguised", plan, confidence: 86 }
}
