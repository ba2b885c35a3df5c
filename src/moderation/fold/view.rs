//! The view of a text: the fold with its tokens, what stands for digits, and what was disguised. Knows
//! how text is made of words; knows no category.

use super::{Spelled, fold, lookalike, sign};

/// What a token is made of: the two lowest bits of [`View::classes`].
pub mod kind {
    pub const DIGITS: u8 = 0;
    pub const WORD: u8 = 1;
    pub const SPACE: u8 = 2;
    pub const MARK: u8 = 3;
}

/// The script of a word: bits 2 to 4 of [`View::classes`].
pub mod script {
    pub const NONE: u8 = 0;
    pub const LATIN: u8 = 1 << 2;
    pub const CYRILLIC: u8 = 2 << 2;
    pub const OTHER: u8 = 3 << 2;
    /// Latin and Cyrillic, and no look-alikes that would make it one.
    pub const MIXED: u8 = 4 << 2;
}

const KIND_BITS: u8 = 3;
/// Shortest run of single letters that is read as one spread-out word.
const SPREAD_MIN: usize = 3;
/// Letters in a row that may stand for digits.
const DIGIT_LETTERS_MAX: usize = 4;

/// Views of one text with the same offsets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub text: String,
    /// As in [`Spelled`].
    pub map: Vec<u32>,
    /// As in [`Spelled`], with the signs that only tokens show.
    pub signs: Vec<u8>,
    /// Where each token begins; they cover the text without gaps.
    pub starts: Vec<u32>,
    /// The [`kind`] and [`script`] of each token.
    pub classes: Vec<u8>,
    /// For each byte of the text the ASCII digit that the character beginning there stands for, or 0.
    /// Empty when no letter stands for a digit.
    pub digits: Vec<u8>,
    pub counts: Counts,
    /// Bit n is set when the ASCII character n occurs.
    pub ascii: [u64; 2],
}

/// How many characters of a text bear each sign, and how many words mix scripts for no good reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub invisible: u32,
    pub combining: u32,
    pub lookalikes: u32,
    pub odd_digits: u32,
    pub styled: u32,
    pub digit_letters: u32,
    pub spread: u32,
    pub mixed_words: u32,
}

/// Looks at a text.
#[must_use]
pub fn view(s: &str) -> View {
    let Spelled { text, map, signs } = fold(s);
    let mut view = View { text, map, signs, ..View::default() };
    view.split();
    view.read_digits(s);
    view.find_spread();
    view.count();
    view
}

/// A character: its kind, its script's bit and its length.
#[derive(Clone, Copy)]
struct Seen {
    kind: u8,
    script: u8,
    bytes: usize,
}

const CYRILLIC_LETTER: Option<Seen> = Some(Seen { kind: kind::WORD, script: CYRILLIC, bytes: 2 });

/// The kinds of the ASCII characters; the fold leaves no capitals.
static ASCII_KINDS: [u8; 128] = {
    let mut kinds = [kind::MARK; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'0'..=b'9' => kind::DIGITS,
            b'a'..=b'z' | b'A'..=b'Z' => kind::WORD,
            b' ' | b'\t'..=b'\r' => kind::SPACE,
            _ => kind::MARK,
        };
        byte += 1;
    }
    kinds
};

/// The kind of a character.
fn kind_of(c: char) -> u8 {
    match c {
        '0'..='9' => kind::DIGITS,
        'a'..='z' | '\u{430}'..='\u{45f}' => kind::WORD,
        _ if c.is_alphabetic() => kind::WORD,
        _ if c.is_whitespace() => kind::SPACE,
        _ => kind::MARK,
    }
}

impl View {
    /// Splits the text into tokens: digits, words with apostrophes between letters, white space, and
    /// single characters of anything else.
    fn split(&mut self) {
        let bytes = self.text.len();
        self.starts.reserve(bytes / 4);
        self.classes.reserve(bytes / 4);
        let mut start = 0;
        let mut next = self.seen(0);
        while let Some(first) = next {
            let (mut scripts, mut at) = (first.script, start + first.bytes);
            next = self.seen(at);
            while let Some(c) = next.filter(|_| first.kind != kind::MARK) {
                if c.kind == first.kind {
                    scripts |= c.script;
                } else if first.kind != kind::WORD || !self.is_apostrophe(at) {
                    break;
                }
                at += c.bytes;
                next = self.seen(at);
            }
            self.starts.push(super::offset(start));
            self.classes.push(first.kind | script_of(scripts));
            start = at;
        }
        for byte in self.text.bytes().filter(u8::is_ascii) {
            if let Some(half) = self.ascii.get_mut(usize::from(byte >> 6)) {
                *half |= 1 << (byte & 63);
            }
        }
    }

    /// The character at a byte of the text.
    fn seen(&self, at: usize) -> Option<Seen> {
        let bytes = self.text.as_bytes();
        match *bytes.get(at)? {
            byte @ 0..0x80 => {
                let kind = ASCII_KINDS.get(usize::from(byte)).copied().unwrap_or(kind::MARK);
                Some(Seen { kind, script: if kind == kind::WORD { LATIN } else { 0 }, bytes: 1 })
            }
            // The Russian alphabet but for two letters.
            0xd0 if bytes.get(at + 1).is_some_and(|second| *second >= 0xb0) => CYRILLIC_LETTER,
            0xd1 if bytes.get(at + 1).is_some_and(|second| *second <= 0x9f) => CYRILLIC_LETTER,
            _ => {
                let c = self.text.get(at..)?.chars().next()?;
                let kind = kind_of(c);
                Some(Seen { kind, script: script_bit(kind, c), bytes: c.len_utf8() })
            }
        }
    }

    /// Whether an apostrophe with a letter behind it stands at a byte of the text.
    fn is_apostrophe(&self, at: usize) -> bool {
        self.text.as_bytes().get(at) == Some(&b'\'')
            && self.seen(at + 1).is_some_and(|next| next.kind == kind::WORD)
    }

    fn kind(&self, token: usize) -> Option<u8> {
        self.classes.get(token).map(|class| class & KIND_BITS)
    }

    fn start(&self, token: usize) -> usize {
        self.starts.get(token).map_or(self.text.len(), |start| *start as usize)
    }

    fn token(&self, token: usize) -> &str {
        self.text.get(self.start(token)..self.start(token + 1)).unwrap_or_default()
    }

    /// Notes the letters that stand for digits.
    fn read_digits(&mut self, original: &str) {
        const DIGITS: u64 = 0x3ff << b'0';
        if self.ascii[0] & DIGITS == 0 {
            return;
        }
        let mut found = Vec::new();
        for token in 0..self.classes.len() {
            if self.kind(token) == Some(kind::WORD) && self.stands_for_digits(token, original) {
                let start = self.start(token);
                let letters = self.token(token).char_indices();
                found.extend(
                    letters.filter_map(|(i, c)| Some((start + i, lookalike::as_digit(c)?))),
                );
            }
        }
        if found.is_empty() {
            return;
        }
        self.digits = self.text.bytes().map(|b| if b.is_ascii_digit() { b } else { 0 }).collect();
        for (at, digit) in found {
            if let Some(place) = self.digits.get_mut(at) {
                *place = digit;
            }
            self.sign(at, sign::DIGIT_LETTER);
        }
    }

    /// Whether a word of nothing but look-alikes is written among digits as one of them.
    fn stands_for_digits(&self, token: usize, original: &str) -> bool {
        let word = self.token(token);
        let letters = word.chars().take(DIGIT_LETTERS_MAX + 1).count();
        if letters > DIGIT_LETTERS_MAX || !word.chars().all(|c| lookalike::as_digit(c).is_some()) {
            return false;
        }
        let digits = |token: Option<usize>| {
            token.is_some_and(|token| self.kind(token) == Some(kind::DIGITS))
        };
        let (left, right) = (digits(token.checked_sub(1)), digits(Some(token + 1)));
        let long = |token: usize| self.token(token).len() >= 3;
        let zeros = word.chars().all(|c| matches!(c, 'o' | 'о' | 'ο'));
        let far_left = left || self.parts(token.checked_sub(1)) && digits(token.checked_sub(2));
        let far_right = right || self.parts(Some(token + 1)) && digits(Some(token + 2));
        if left && right {
            return true;
        }
        if !zeros && !self.is_upper(token, original) {
            return false;
        }
        let ends_here = self.kind(token + 1) != Some(kind::WORD);
        match (left, right) {
            (true, false) if zeros && ends_here && long(token - 1) => true,
            (false, true) if zeros && long(token + 1) => true,
            _ => far_left && far_right && (letters > 1 || left || right),
        }
    }

    /// Whether a token is what groups of digits are parted with.
    fn parts(&self, token: Option<usize>) -> bool {
        token.is_some_and(|token| matches!(self.token(token), " " | "-" | "." | "(" | ")"))
    }

    /// Whether the original of a word has no lower-case letter.
    fn is_upper(&self, token: usize, original: &str) -> bool {
        let (start, end) = (self.start(token), self.start(token + 1));
        let at = |i: usize| self.map.get(i).map_or(i, |at| *at as usize);
        original.get(at(start)..at(end)).is_some_and(|word| !word.chars().any(char::is_lowercase))
    }

    /// Notes letters that stand alone in a row, each parted from the next in the same way.
    fn find_spread(&mut self) {
        let mut token = 0;
        while token < self.classes.len() {
            if self.kind(token) != Some(kind::WORD) {
                token += 1;
                continue;
            }
            let run = self.spread_from(token);
            let letters = (token..run).step_by(2);
            let words = letters.clone().filter(|t| self.kind(*t) == Some(kind::WORD)).count();
            if words >= SPREAD_MIN {
                for letter in letters {
                    self.sign(self.start(letter), sign::SPREAD);
                }
            }
            token = run.max(token + 1);
        }
    }

    /// The token after the run of single characters that begins with a letter at `token`.
    fn spread_from(&self, token: usize) -> usize {
        let single = |t: usize| {
            let kind = self.kind(t)?;
            let mut chars = self.token(t).chars();
            (kind != kind::SPACE && chars.next().is_some() && chars.next().is_none())
                .then_some(kind)
        };
        if single(token) != Some(kind::WORD) {
            return token;
        }
        let glue = self.token(token + 1);
        let marks = ["-", ".", "_", "*", "/", "|", ",", "~", "+", "="];
        if glue != " " && !marks.contains(&glue) {
            return token + 1;
        }
        let mut end = token + 1;
        while self.token(end) == glue && single(end + 1).is_some() {
            end += 2;
        }
        end
    }

    fn sign(&mut self, at: usize, bit: u8) {
        if self.signs.is_empty() {
            self.signs = vec![0; self.text.len()];
        }
        if let Some(signs) = self.signs.get_mut(at) {
            *signs |= bit;
        }
    }

    fn count(&mut self) {
        let counts = &mut self.counts;
        let fields: [(&mut u32, u8); 7] = [
            (&mut counts.invisible, sign::INVISIBLE),
            (&mut counts.combining, sign::COMBINING),
            (&mut counts.lookalikes, sign::LOOKALIKE),
            (&mut counts.odd_digits, sign::ODD_DIGIT),
            (&mut counts.styled, sign::STYLED),
            (&mut counts.digit_letters, sign::DIGIT_LETTER),
            (&mut counts.spread, sign::SPREAD),
        ];
        for (count, bit) in fields {
            *count = self.signs.iter().map(|signs| u32::from(signs & bit != 0)).sum();
        }
        let mixed = |class: &u8| u32::from(*class == kind::WORD | script::MIXED);
        counts.mixed_words = self.classes.iter().map(mixed).sum();
    }
}

const LATIN: u8 = 1;
const CYRILLIC: u8 = 2;
const OTHER: u8 = 4;

fn script_bit(kind: u8, c: char) -> u8 {
    match c {
        _ if kind != kind::WORD => 0,
        'a'..='z' | '\u{df}'..='\u{24f}' => LATIN,
        '\u{400}'..='\u{52f}' => CYRILLIC,
        _ => OTHER,
    }
}

fn script_of(bits: u8) -> u8 {
    match bits {
        0 => script::NONE,
        LATIN => script::LATIN,
        CYRILLIC => script::CYRILLIC,
        _ if bits & (LATIN | CYRILLIC) == LATIN | CYRILLIC => script::MIXED,
        _ => script::OTHER,
    }
}
