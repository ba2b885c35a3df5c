//! What may stand between the digits of a number that hides among words. Lists and a look at some tokens.

use parlour_guest::list::one_of;
use parlour_guest::scan::{Kind, Token};

use crate::atoms::is_filler;
use crate::context::{MONTHS, is_unit};
use crate::split::is_part;
use crate::spoken::said;
use crate::table::{Beginnings, beginnings};

/// What parts two groups of digits: tokens `from..to`.
pub struct Gap {
    from: usize,
    to: usize,
    pub words: usize,
    /// Whether a word begins a sentence.
    ended: bool,
    /// Whether marks stand there that no number is grouped with.
    pub odd: bool,
    /// Whether letters part the digits and nothing else.
    pub glued: bool,
    /// Whether all letters are hexadecimal digits.
    pub hex: bool,
    /// Whether it is a plus between two numbers.
    pub adds: bool,
    /// The same for gaps of the same words and marks, and hardly for others.
    pub sign: usize,
}

/// Longest gap, in bytes.
const BYTES_MAX: usize = 56;
/// Most words of a gap, and of one that says that the number goes on.
const WORDS_MAX: usize = 3;
const TOLD_MAX: usize = 5;

impl Gap {
    /// The gap of tokens `from..to`, if the digits beside it may belong together.
    pub fn of(all: &[Token<'_>], from: usize, to: usize) -> Option<Self> {
        const MARKS_MAX: usize = 8;
        let tokens = all.get(from..to)?;
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last())
            && last.end - first.start > BYTES_MAX
        {
            return None;
        }
        let glued = !tokens.is_empty();
        let (words, sign) = (0, 0);
        let (odd, adds, ended, hex) = (false, false, false, true);
        let mut gap = Self { from, to, words, ended, odd, glued, hex, adds, sign };
        let (mut marks, mut ended) = (0, false);
        for token in tokens {
            gap.glued &= token.kind == Kind::Word;
            if token.kind != Kind::Space {
                let bytes = token.text.as_bytes();
                let ends = bytes.first().zip(bytes.last());
                let ends = ends.map_or(0, |(a, b)| usize::from(*a) << 8 | usize::from(*b));
                gap.sign = (gap.sign.wrapping_mul(31)) ^ bytes.len() << 16 ^ ends;
            }
            match token.kind {
                Kind::Word => {
                    gap.ended |= ended;
                    gap.words += 1;
                    gap.hex &= token.text.bytes().all(|b| b.is_ascii_hexdigit());
                }
                Kind::Mark => {
                    marks += 1;
                    ended |= matches!(token.text, "." | "!" | "?");
                    gap.adds |= token.is("+");
                    gap.odd |= !matches!(token.text, "-" | "." | "," | "(" | ")" | "/" | ":");
                }
                Kind::Space if token.text == "\n\n" => return None,
                Kind::Space => {}
                Kind::Digits => gap.odd = true,
            }
        }
        gap.adds &= gap.words == 0 && marks == 1;
        (gap.words <= TOLD_MAX && marks <= MARKS_MAX).then_some(gap)
    }

    /// Whether nothing in it says that the digits do not belong together.
    pub fn joins(&self, tokens: &[Token<'_>]) -> bool {
        self.words == 0
            || !self.any(tokens, |w| MONTHS.begin(w))
                && (!self.ended && self.words <= WORDS_MAX || self.told(tokens))
    }

    /// Whether a unit or a currency stands there.
    pub fn measures(&self, tokens: &[Token<'_>]) -> bool {
        tokens.get(self.from..self.to).unwrap_or_default().iter().any(is_measure)
    }

    /// Whether a word says that the number goes on.
    pub fn told(&self, tokens: &[Token<'_>]) -> bool {
        self.any(tokens, goes_on)
    }

    /// Whether a word stands there that a time follows.
    pub fn timed(&self, tokens: &[Token<'_>]) -> bool {
        self.any(tokens, |w| one_of("after at before until till by vers dès после до к о після", w))
    }

    fn any(&self, tokens: &[Token<'_>], of: fn(&str) -> bool) -> bool {
        let tokens = tokens.get(self.from..self.to).unwrap_or_default();
        tokens.iter().any(|t| t.kind == Kind::Word && of(t.text))
    }
}

/// Whether a word says that a number goes on.
pub fn goes_on(word: &str) -> bool {
    is_filler(word) || word == "за" || GOES_ON.begin(word)
}

/// Whether a word or mark is a unit or a currency.
pub fn is_measure(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word => is_unit(token.text),
        Kind::Mark => matches!(token.text, "%" | "$" | "€" | "₽" | "₴" | "£" | "°"),
        Kind::Digits | Kind::Space => false,
    }
}

/// Beginnings of words by which a number goes on.
static GOES_ON: Beginnings = beginnings!(&[
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
static WINKS: Beginnings = beginnings!(&[
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
    "подряд",
    "подумай",
    "поймет",
    "понял",
    "прибер",
    "прибра",
    "прочт",
    "підряд",
    "складыв",
    "склей",
    "слитно",
    "совмест",
    "убер",
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

/// Whether a single digit at tokens `from..to` only says how many come, `next three 555`.
pub fn is_counted(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let part = |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(|t| is_part(t.text));
    // `the first three oh five` begins with a three.
    let said = || tokens.get(to + 1).is_some_and(|t| said(t.text).is_some());
    part(from.checked_sub(2)) && !said() || part(Some(to + 1))
}
