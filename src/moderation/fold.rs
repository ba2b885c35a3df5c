//! The canonical view of a text that plugins read: what a person sees, spelled one way. Knows no
//! category and no plugin; keeps no state; costs time and memory linear in the text.
//!
//! NFKC, lower case, no zero-width, format or combining characters, every digit of Unicode as an ASCII
//! digit, keycaps and enclosed letters as what they enclose, dashes and dots of every kind as one. A word
//! that mixes scripts is spelled in the script it imitates, when each foreign letter in it has a
//! look-alike there; a word of one script is never touched. What was undone is noted as a sign.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[path = "fold/characters.rs"]
mod characters;
#[path = "fold/lookalike.rs"]
mod lookalike;
#[path = "fold/view.rs"]
mod view;

#[cfg(test)]
use view::Counts;
pub use view::{View, view};

use characters::{is_counted_mark, is_invisible, is_silent_joiner, is_styled, number, plain};

/// Marks kept for composition after one character; a longer pile is decoration.
const MARKS_MAX: usize = 8;

/// What was undone at a character: bits of [`Spelled::signs`] and of the view's.
pub mod sign {
    /// A zero-width or format character stood beside it.
    pub const INVISIBLE: u8 = 1;
    /// Combining marks on it were taken off.
    pub const COMBINING: u8 = 2;
    /// It was a letter of another script that looks the same.
    pub const LOOKALIKE: u8 = 4;
    /// It was a digit of another script, enclosed, or a keycap.
    pub const ODD_DIGIT: u8 = 8;
    /// It was an enclosed, full-width or mathematical letter.
    pub const STYLED: u8 = 16;
    /// It is a letter that stands for a digit.
    pub const DIGIT_LETTER: u8 = 32;
    /// It is one of the letters of a word that is spread out.
    pub const SPREAD: u8 = 64;
}

/// A folded text, and the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelled {
    pub text: String,
    /// For each byte of `text` the byte offset in the original where its character began, and one
    /// entry more: the original's length. Offsets beyond 4 GiB are held at `u32::MAX`. Empty when every
    /// character stands where it stood.
    pub map: Vec<u32>,
    /// For each byte of `text` the [`sign`]s of the character that begins there. Empty when there are
    /// none.
    pub signs: Vec<u8>,
}

/// Folds a text of any size.
#[must_use]
pub fn fold(s: &str) -> Spelled {
    let mut folder = Folder::new(s.len());
    let bytes = s.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        if byte.is_ascii() && follows_alone(bytes, at + 1) {
            folder.ascii(byte.to_ascii_lowercase(), offset(at));
            at += 1;
        } else if let Some(letter) =
            common_cyrillic(bytes, at).filter(|_| follows_alone(bytes, at + 2))
        {
            folder.cyrillic(letter, offset(at));
            at += 2;
        } else {
            at = folder.cluster(s, at);
        }
    }
    folder.finish(s.len())
}

/// Whether what begins at `at` plainly is no mark of the character before it. A look at its first byte;
/// in doubt no.
fn follows_alone(bytes: &[u8], at: usize) -> bool {
    // Everything from U+0080 to U+00FF and from U+0400 to U+047F.
    bytes.get(at).is_none_or(|next| matches!(next, 0..0x80 | 0xc2 | 0xc3 | 0xd0 | 0xd1))
}

/// The lower case of a letter of today's Cyrillic alphabets at `at`, which NFKC leaves alone.
fn common_cyrillic(bytes: &[u8], at: usize) -> Option<char> {
    let (lead, tail) = (*bytes.get(at)?, *bytes.get(at + 1)?);
    if !matches!(lead, 0xd0 | 0xd1) {
        return None;
    }
    let code = u32::from(lead & 0x1f) << 6 | u32::from(tail & 0x3f);
    let lower = match code {
        0x400..=0x40f => code + 0x50,
        0x410..=0x42f => code + 0x20,
        0x430..=0x45f => code,
        _ => return None,
    };
    char::from_u32(lower)
}

/// Whether a character belongs to the cluster of the one before it: a mark, a variation selector,
/// or the vowel or tail of a Hangul syllable.
fn joins(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}'))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The word being read, which begins at `start` of the folded text; only at its end is its script
/// known. Counts of its letters.
#[derive(Clone, Copy, Default)]
struct Word {
    start: usize,
    latin: usize,
    cyrillic: usize,
    foreign: usize,
}

struct Folder {
    out: Spelled,
    /// Whether every character so far stands where it stood; then `out.map` is not written.
    in_place: bool,
    word: Word,
    /// Where the last character of `out.text` begins, if it is a letter or a digit.
    last: Option<usize>,
    /// Something invisible came after what is no letter or digit.
    hidden: bool,
    /// The cluster at hand, and where in `out.text` its first character went.
    cluster: String,
    begun: Option<usize>,
}

impl Folder {
    fn new(bytes: usize) -> Self {
        let text = String::with_capacity(bytes);
        Self {
            out: Spelled { text, map: Vec::new(), signs: Vec::new() },
            in_place: true,
            word: Word::default(),
            last: None,
            hidden: false,
            cluster: String::new(),
            begun: None,
        }
    }

    fn finish(mut self, original: usize) -> Spelled {
        self.end_word();
        let end = offset(original);
        if self.in_place && end != offset(self.out.text.len()) {
            self.leave_place();
        }
        if !self.in_place {
            self.out.map.push(end);
        }
        if !self.out.signs.is_empty() {
            self.out.signs.resize(self.out.text.len(), 0);
        }
        self.out
    }

    /// A lower-case ASCII character that stands alone.
    fn ascii(&mut self, byte: u8, at: u32) {
        if byte.is_ascii_lowercase() {
            self.word.latin += 1;
            self.emit_as(char::from(byte), at, true);
        } else {
            self.end_word();
            self.emit_as(char::from(byte), at, byte.is_ascii_digit() || byte == b'@');
            self.word.start = self.out.text.len();
        }
    }

    fn cyrillic(&mut self, letter: char, at: u32) {
        self.word.cyrillic += 1;
        self.emit_as(letter, at, true);
    }

    /// The character at `at` with the marks on it; returns where the next begins.
    fn cluster(&mut self, s: &str, at: usize) -> usize {
        let mut rest = s.get(at..).unwrap_or_default().chars().peekable();
        let Some(base) = rest.next() else { return s.len() };
        let mut end = at + base.len_utf8();
        if is_invisible(base) || is_combining_mark(base) {
            self.unseen(base, at);
            return end;
        }
        self.cluster.clear();
        self.cluster.push(base);
        let (mut kept, mut keycap, mut unseen) = (0, false, false);
        while let Some(mark) = rest.next_if(|next| joins(*next)) {
            end += mark.len_utf8();
            keycap |= mark == '\u{20e3}';
            unseen |= is_invisible(mark) && base.is_alphanumeric();
            if kept < MARKS_MAX && !is_invisible(mark) {
                self.cluster.push(mark);
                kept += 1;
            }
        }
        let cluster = std::mem::take(&mut self.cluster);
        self.begun = None;
        let mut stripped = false;
        for composed in cluster.nfkc() {
            stripped |= self.visible(composed, offset(at));
        }
        self.cluster = cluster;
        let Some(begun) = self.begun else { return end };
        let mut bits = 0;
        if base.is_ascii_digit() && keycap || is_odd_digit(base, self.first_after(begun)) {
            bits |= sign::ODD_DIGIT;
        } else if stripped && is_counted_mark(base) {
            bits |= sign::COMBINING;
        }
        bits |= if is_styled(base) { sign::STYLED } else { 0 };
        bits |= if unseen && !keycap { sign::INVISIBLE } else { 0 };
        self.sign(begun, bits);
        end
    }

    fn first_after(&self, at: usize) -> Option<char> {
        self.out.text.get(at..).and_then(|text| text.chars().next())
    }

    /// Something that takes no place on the screen: a sign, unless emoji and files are written so.
    fn unseen(&mut self, c: char, at: usize) {
        if is_silent_joiner(c) && self.last.is_none() || c == '\u{feff}' && at == 0 {
            return;
        }
        match self.last {
            Some(last) if is_invisible(c) => self.sign(last, sign::INVISIBLE),
            Some(last) => self.sign(last, sign::COMBINING),
            None => self.hidden |= is_invisible(c),
        }
    }

    /// Notes signs of the character that begins at byte `at` of the folded text, if there is one.
    fn sign(&mut self, at: usize, bits: u8) {
        if bits == 0 || at >= self.out.text.len() {
            return;
        }
        if self.out.signs.len() <= at {
            self.out.signs.resize(at + 1, 0);
        }
        if let Some(signs) = self.out.signs.get_mut(at) {
            *signs |= bits;
        }
    }

    /// A character of normal form that may still be a mark, invisible, upper case or enclosed. True if
    /// it was a mark that is gone.
    fn visible(&mut self, c: char, at: u32) -> bool {
        if is_invisible(c) {
            return false;
        }
        if is_combining_mark(c) {
            return true;
        }
        if let Some(digits) = number(c) {
            digits.bytes().for_each(|digit| self.push(char::from(digit), at));
            return false;
        }
        let mut stripped = false;
        for lower in plain(c).to_lowercase() {
            if is_combining_mark(lower) {
                stripped = true;
            } else {
                self.push(lower, at);
            }
        }
        stripped
    }

    /// A finished character: into the word, or behind it.
    fn push(&mut self, c: char, at: u32) {
        if c.is_alphabetic() {
            match c {
                'a'..='z' => self.word.latin += 1,
                '\u{400}'..='\u{52f}' => self.word.cyrillic += 1,
                _ if lookalike::latin(c).is_some() => self.word.foreign += 1,
                _ => {}
            }
            self.emit(c, at);
        } else {
            self.end_word();
            self.emit(c, at);
            self.word.start = self.out.text.len();
        }
    }

    fn emit(&mut self, c: char, at: u32) {
        self.emit_as(c, at, c.is_alphanumeric() || c == '@');
    }

    /// The same where it is known whether it is a letter, a digit or an @.
    fn emit_as(&mut self, c: char, at: u32, bears_signs: bool) {
        let start = self.out.text.len();
        if self.in_place && at != offset(start) {
            self.leave_place();
        }
        self.begun.get_or_insert(start);
        self.out.text.push(c);
        if !self.in_place {
            self.out.map.extend(std::iter::repeat_n(at, c.len_utf8()));
        }
        self.last = bears_signs.then_some(start);
        if self.hidden && self.last.is_some() {
            self.hidden = false;
            self.sign(start, sign::INVISIBLE);
        }
    }

    /// Writes the map of what stood in its place until now.
    fn leave_place(&mut self) {
        self.in_place = false;
        let Spelled { text, map, .. } = &mut self.out;
        map.reserve(text.capacity().saturating_add(1));
        for (at, c) in text.char_indices() {
            map.extend(std::iter::repeat_n(offset(at), c.len_utf8()));
        }
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        let mixed = word.latin > 0 && word.cyrillic > 0;
        if mixed || word.foreign > 0 && word.latin + word.cyrillic > 0 {
            self.respell(word);
        }
    }

    /// Spells the word in one script, where that can be.
    fn respell(&mut self, word: Word) {
        let written = self.out.text.split_off(word.start);
        let Some(spell) = word.spelling(&written) else {
            self.out.text.push_str(&written);
            return;
        };
        let signs = self.out.signs.split_off(word.start.min(self.out.signs.len()));
        let map = self.out.map.split_off(word.start.min(self.out.map.len()));
        let (hidden, begun) = (std::mem::take(&mut self.hidden), self.begun);
        for (i, c) in written.char_indices() {
            let at = map.get(i).copied().unwrap_or_else(|| offset(word.start + i));
            let spelled = spell(c);
            let start = self.out.text.len();
            self.emit(spelled, at);
            let changed = if spelled == c { 0 } else { sign::LOOKALIKE };
            self.sign(start, signs.get(i).copied().unwrap_or(0) | changed);
        }
        (self.hidden, self.begun) = (hidden, begun);
    }
}

impl Word {
    /// How to spell each letter of a word of mixed scripts so that it is of one.
    fn spelling(&self, written: &str) -> Option<fn(char) -> char> {
        let all = |known: fn(char) -> bool| written.chars().all(known);
        let to_latin: fn(char) -> char = |c| lookalike::latin(c).unwrap_or(c);
        let to_cyrillic: fn(char) -> char = |c| lookalike::cyrillic(c).unwrap_or(c);
        let latin = all(|c| c.is_ascii() || lookalike::latin(c).is_some());
        let cyrillic =
            all(|c| matches!(c, '\u{400}'..='\u{52f}') || lookalike::cyrillic(c).is_some());
        match (latin, cyrillic) {
            (true, true) if self.latin > self.cyrillic => Some(to_latin),
            (_, true) => Some(to_cyrillic),
            (true, false) => Some(to_latin),
            (false, false) => None,
        }
    }
}

/// Whether a character that became a digit is none that people write for its own sake, as in 5 m² and ½.
fn is_odd_digit(c: char, folded: Option<char>) -> bool {
    folded.is_some_and(|digit| digit.is_ascii_digit())
        && !c.is_ascii()
        && !matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2150}'..='\u{215f}')
}

#[cfg(test)]
#[path = "fold/tests.rs"]
mod tests;
