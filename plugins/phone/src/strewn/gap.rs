//! What may stand between the digits of a number that hides among words. Lists and a look at some tokens.

use parlour_guest::list::{List, Stems};
use parlour_guest::scan::{Kind, Token};

use crate::atoms::{is_filler, is_gap};
use crate::context::{MONTHS, is_unit};
use crate::spoken::said;

/// What parts two groups of digits.
pub struct Gap {
    pub words: usize,
    /// Whether a word says that the number goes on.
    pub told: bool,
    /// Whether a unit or a currency stands there.
    pub measures: bool,
    /// Whether marks stand there that no number is grouped with.
    pub odd: bool,
    /// Whether letters part the digits and nothing else.
    pub glued: bool,
    /// Whether all letters are hexadecimal digits.
    pub hex: bool,
    /// Whether a month stands there.
    pub month: bool,
    /// Whether it is a plus between two numbers.
    pub adds: bool,
    /// The same for gaps of the same words and marks.
    pub sign: u64,
}

/// Longest gap, in bytes.
const BYTES_MAX: usize = 56;
/// Most words of a gap, and of one that says that the number goes on.
const WORDS_MAX: usize = 3;
const TOLD_MAX: usize = 5;

impl Gap {
    /// The gap of some tokens, if the digits beside it may belong together.
    pub fn of(tokens: &[Token<'_>]) -> Option<Self> {
        const MARKS_MAX: usize = 8;
        let mut gap = Self {
            words: 0,
            told: false,
            measures: false,
            odd: false,
            glued: !tokens.is_empty(),
            hex: true,
            month: false,
            adds: false,
            sign: 0xcbf2_9ce4_8422_2325,
        };
        let (mut bytes, mut marks, mut ended) = (0, 0, false);
        for token in tokens {
            bytes += token.text.len();
            if bytes > BYTES_MAX {
                return None;
            }
            if token.kind != Kind::Space {
                for byte in token.text.bytes() {
                    gap.sign = (gap.sign ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
                }
            }
            gap.glued &= token.kind == Kind::Word;
            match token.kind {
                Kind::Word => {
                    let told =
                        is_filler(token.text) || token.text == "за" || GOES_ON.begin(token.text);
                    if ended && !told {
                        return None;
                    }
                    gap.words += 1;
                    gap.told |= told;
                    gap.measures |= measures(token);
                    gap.hex &= token.text.bytes().all(|b| b.is_ascii_hexdigit());
                    gap.month |= MONTHS.begin(token.text);
                }
                Kind::Mark => {
                    marks += 1;
                    ended |= matches!(token.text, "." | "!" | "?");
                    gap.adds |= token.is("+");
                    gap.measures |= measures(token);
                    gap.odd |= !matches!(token.text, "-" | "." | "," | "(" | ")" | "/" | ":");
                }
                Kind::Space => {
                    if token.text.bytes().filter(|b| *b == b'\n').count() > 1 {
                        return None;
                    }
                }
                Kind::Digits => gap.odd = true,
            }
        }
        let most = if gap.told { TOLD_MAX } else { WORDS_MAX };
        gap.adds &= gap.words == 0 && marks == 1;
        (gap.words <= most && marks <= MARKS_MAX).then_some(gap)
    }
}

/// Whether a word or mark is a unit or a currency.
pub fn measures(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word => is_unit(token.text),
        Kind::Mark => matches!(token.text, "%" | "$" | "€" | "₽" | "₴" | "£" | "°"),
        Kind::Digits | Kind::Space => false,
    }
}

/// Beginnings of words by which a number goes on.
static GOES_ON: Stems = Stems::of(&[
    "after",
    "again",
    "après",
    "dernier",
    "enfin",
    "final",
    "finir",
    "followed",
    "last",
    "next",
    "plus",
    "premier",
    "suit",
    "suivi",
    "then",
    "заканч",
    "закінч",
    "конец",
    "конц",
    "кінець",
    "кінц",
    "наприк",
    "наступн",
    "останн",
    "последн",
    "потом",
    "потім",
    "середин",
    "следующ",
    "тогда",
    "тоді",
    "хвост",
    "хвіст",
]);

/// Beginnings of words that say that what stands between the digits is to be left out.
static WINKS: Stems = Stems::of(&[
    "chiffre",
    "compos",
    "dial",
    "digit",
    "enlev",
    "ignor",
    "remove",
    "retir",
    "spaces",
    "together",
    "видал",
    "видали",
    "вийм",
    "викин",
    "выкин",
    "вычерк",
    "догада",
    "забер",
    "зайв",
    "зліпи",
    "зрозумі",
    "игнор",
    "лишн",
    "між",
    "набер",
    "наберіт",
    "подряд",
    "подумай",
    "поймет",
    "понял",
    "поняли",
    "прибер",
    "прибра",
    "прочт",
    "підряд",
    "складыв",
    "склей",
    "слитно",
    "совмест",
    "убер",
    "уберит",
    "убра",
    "удал",
    "цифр",
    "шифр",
]);

/// Whether a word near the digits says that they are a number and the rest is to be left out.
pub fn winks(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    const NEAR: usize = 30;
    let before = tokens.get(from.saturating_sub(NEAR)..from).unwrap_or_default();
    let after = tokens.get(to..(to + NEAR).min(tokens.len())).unwrap_or_default();
    let mut words = before.iter().chain(after).filter(|t| t.kind == Kind::Word);
    words.any(|t| WINKS.begin(t.text))
}

/// Words beside a count of digits: `the first three are`, `last 4`.
static COUNTED: List = List::of(&[
    "first",
    "next",
    "last",
    "following",
    "final",
    "digits",
    "numbers",
    "premiers",
    "deux",
    "derniers",
    "chiffres",
    "первые",
    "следующие",
    "последние",
    "цифры",
    "цифр",
    "перші",
    "наступні",
    "останні",
]);

/// Whether a single digit at tokens `from..to` only says how many come.
pub fn is_counted(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let is =
        |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(|t| COUNTED.contains(t.text));
    let gap = |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(is_gap);
    // `the first three oh five` begins with a three.
    let said = || tokens.get(to + 1).is_some_and(|t| said(t.text).is_some());
    gap(from.checked_sub(1)) && is(from.checked_sub(2)) && !said()
        || gap(Some(to)) && is(Some(to + 1))
}
