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

/// Beginnings of words for a keyboard.
static KEYBOARD: Stems = Stems::of(&["clavier", "keyboard", "shift", "unshift", "клав", "шифт"]);

/// The number of a text that has none to be read as it stands. `counts` is how many digits the text has
/// and how many marks beyond ASCII.
pub fn turned(
    folded: &Folded,
    tokens: &[Token<'_>],
    counts: (usize, usize),
    place: Place<'_>,
) -> Option<Number> {
    // More tokens than a message has that hides a number so.
    const TOKENS_MAX: usize = 400;
    let (digits, others) = counts;
    if tokens.len() > TOKENS_MAX {
        return None;
    }
    if digits >= *DIGITS.start()
        && let Some(number) =
            reversed(folded, tokens, place).or_else(|| swapped(folded, tokens, place))
    {
        return Some(number);
    }
    let romans = || folded.has_any(b"i") && folded.has_any(b"vx") && romans(tokens);
    if others > 0 && digits > 4 || others >= *DIGITS.start() || romans() {
        let drawn = drawn(folded, tokens, place);
        if drawn.is_some() {
            return drawn;
        }
    }
    let signs = folded.has_any(b"()*") && folded.has_any(b"!@#$%^&");
    if signs { shifted(folded, tokens, place) } else { None }
}

/// A number that the text says is to be read from its end.
fn reversed(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let turns = |t: &Token<'_>| TURNED.begin(t.text) || t.text == "l'envers";
    if !rows(tokens, *DIGITS.start()) || !tokens.iter().any(|t| t.kind == Kind::Word && turns(t)) {
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

/// Beginnings of words for the end of a number, and for its begin.
static TAIL: Stems = Stems::of(&[
    "end",
    "fin",
    "last",
    "termin",
    "заканч",
    "закінч",
    "конец",
    "конц",
    "кінець",
    "останн",
    "последн",
    "хвост",
    "хвіст",
]);
static HEAD: Stems = Stems::of(&[
    "begin",
    "commenc",
    "début",
    "first",
    "front",
    "start",
    "впереди",
    "код",
    "начал",
    "перед",
    "перш",
    "почат",
    "почин",
    "спереди",
    "спочатку",
]);

/// Fewest digits of the end of a number.
const LAST_MIN: usize = 6;

/// Whether so many digits stand in a row, parted by single marks and spaces.
fn rows(tokens: &[Token<'_>], least: usize) -> bool {
    let mut digits = 0;
    for token in tokens {
        match token.kind {
            Kind::Digits => digits += token.text.len(),
            Kind::Word => digits = 0,
            Kind::Space | Kind::Mark => {}
        }
        if digits >= least {
            return true;
        }
    }
    false
}

/// A number whose end is told before its begin: `ends 555 0123, begins 305`.
fn swapped(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let next = |from: usize, list: &Stems| {
        let at = tokens.iter().skip(from).position(|t| t.kind == Kind::Word && list.begin(t.text));
        at.map(|n| from + n)
    };
    let part = |word: usize| {
        let near = tokens.get(word + 1..)?.iter().take(8);
        let from = word + 1 + near.take_while(|t| t.kind != Kind::Digits).count();
        let end = row(tokens, from, &|t| t.kind == Kind::Digits);
        let run = tokens.get(from..end).filter(|run| !run.is_empty())?;
        let digits = run.iter().filter(|t| t.kind == Kind::Digits).map(|t| t.text);
        Some((from, end, digits.collect::<String>()))
    };
    if !rows(tokens, LAST_MIN) {
        return None;
    }
    let (tail, _, last) = part(next(0, &TAIL)?)?;
    let (head, end, mut digits) = part(next(tail, &HEAD)?)?;
    digits.push_str(&last);
    let fits = head > tail && DIGITS.contains(&digits.len()) && last.len() >= LAST_MIN;
    let american = |r: &Reading| r.plan == "US" && place.is_home("US");
    let reading = likely(&digits, false, place)
        .or_else(|| national(&digits, place.region).into_iter().find(american));
    let reading = reading.filter(|_| fits)?;
    let word = tokens.get(..tail)?.iter().rposition(|t| t.kind == Kind::Word)?;
    Some(number(folded, tokens.get(word..end)?, &reading))
}

/// Whether a word is a digit in Roman numerals.
fn roman(word: &str) -> Option<usize> {
    if !word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) {
        return None;
    }
    const DIGITS: &[&str] = &["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    DIGITS.iter().position(|d| *d == word).map(|n| n + 1)
}

/// Whether a text has so many Roman numerals as a number has digits.
fn romans(tokens: &[Token<'_>]) -> bool {
    const LEAST: usize = 7;
    let short = tokens.iter().filter(|t| t.kind == Kind::Word && t.text.len() <= 4);
    short.filter(|t| roman(t.text).is_some()).take(LEAST).count() == LEAST
}

/// A number some of whose digits are drawn: Roman numerals, dice, or as many emoji.
fn drawn(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    const DICE: std::ops::RangeInclusive<char> = '\u{2680}'..='\u{2685}';
    let item = |t: &Token<'_>| match t.kind {
        Kind::Digits => true,
        Kind::Word => roman(t.text).is_some(),
        Kind::Mark => t.text.len() > 2,
        Kind::Space => false,
    };
    let mut i = 0;
    while i < tokens.len() {
        let end = row(tokens, i, &item);
        let run = tokens.get(i..end).unwrap_or_default();
        let mut digits = String::new();
        let mut n = 0;
        while let Some(t) = run.get(n).filter(|_| digits.len() <= *DIGITS.end()) {
            let same = run.iter().skip(n).take_while(|other| other.text == t.text).count();
            let die = t.text.chars().next().filter(|c| DICE.contains(c));
            let count = match (t.kind, die) {
                (Kind::Digits, _) => {
                    digits.push_str(t.text);
                    None
                }
                (Kind::Word, _) => roman(t.text),
                (Kind::Mark, Some(die)) => Some(die as usize - *DICE.start() as usize + 1),
                (Kind::Mark, None) if t.text.len() > 2 => {
                    n += same - 1;
                    Some(same)
                }
                _ => None,
            };
            digits.extend(count.and_then(|n| char::from_digit(u32::try_from(n).ok()?, 10)));
            n += 1;
        }
        if DIGITS.contains(&digits.len())
            && let Some(reading) = likely(&digits, false, place)
        {
            return Some(number(folded, run, &reading));
        }
        i = end.max(i + 1);
    }
    None
}

/// A number whose digits were typed with the shift key held down.
fn shifted(folded: &Folded, tokens: &[Token<'_>], place: Place<'_>) -> Option<Number> {
    let named = || tokens.iter().any(|t| t.kind == Kind::Word && KEYBOARD.begin(t.text));
    let american = |digits: &str| {
        let readings = if named() { national(digits, place.region) } else { Vec::new() };
        readings.into_iter().find(|r| place.is_home(r.plan))
    };
    let tokens = tokens.get(marks(tokens)?)?;
    for russian in [false, true] {
        let mut i = 0;
        while i < tokens.len() {
            let typed = |t: &Token<'_>| t.kind != Kind::Digits && shift(t.text, russian).is_some();
            let end = row(tokens, i, &typed);
            let run = tokens.get(i..end).unwrap_or_default();
            let digits: String = run.iter().filter_map(|t| shift(t.text, russian)).collect();
            if DIGITS.contains(&digits.len())
                && let Some(reading) = likely(&digits, false, place).or_else(|| american(&digits))
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
    Some(match (mark, russian) {
        ("!", _) => '1',
        ("@", _) | ("\"", true) => '2',
        ("#", _) | ("no", true) => '3',
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
