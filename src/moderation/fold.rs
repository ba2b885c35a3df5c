//! The canonical view of a text that plugins read: what a person sees, spelled one way. Knows no
//! category and no plugin; keeps no state; costs time and memory linear in the text.
//!
//! NFKC, lower case, no zero-width, format or combining characters, every digit of Unicode as an ASCII
//! digit, keycaps and enclosed letters as what they enclose, dashes and dots of every kind as one. A word
//! that mixes scripts is spelled in the script it imitates, when each foreign letter in it has a
//! look-alike there; a word of one script is never touched.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[path = "fold/lookalike.rs"]
mod lookalike;

/// Marks kept for composition after one character; a longer pile is decoration.
const MARKS_MAX: usize = 8;

/// A folded text, and the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    pub text: String,
    /// For each byte of `text` the byte offset in the original where its character began, and one
    /// entry more: the original's length. Offsets beyond 4 GiB are held at `u32::MAX`.
    pub map: Vec<u32>,
}

/// Folds a text of any size.
#[must_use]
pub fn fold(s: &str) -> Folded {
    let mut out = Folder {
        folded: Folded {
            text: String::with_capacity(s.len()),
            map: Vec::with_capacity(s.len() + 1),
        },
        word: Word::default(),
    };
    let mut rest = s.char_indices().peekable();
    let mut cluster = String::new();
    while let Some((at, c)) = rest.next() {
        let at = offset(at);
        let marked = rest.peek().is_some_and(|(_, next)| joins(*next));
        if c.is_ascii() && !marked {
            out.push(c.to_ascii_lowercase(), at);
            continue;
        }
        if is_invisible(c) || is_combining_mark(c) {
            continue;
        }
        cluster.clear();
        cluster.push(c);
        let mut kept = 0;
        while let Some((_, mark)) = rest.next_if(|(_, next)| joins(*next)) {
            if kept < MARKS_MAX && !is_invisible(mark) {
                cluster.push(mark);
                kept += 1;
            }
        }
        for composed in cluster.nfkc() {
            out.visible(composed, at);
        }
    }
    out.end_word();
    out.folded.map.push(offset(s.len()));
    out.folded
}

/// Whether a character belongs to the cluster of the one before it: a mark, a variation selector,
/// or the vowel or tail of a Hangul syllable.
fn joins(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}'))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The word being read; only at its end is its script known.
#[derive(Default)]
struct Word {
    letters: Vec<(char, u32)>,
    latin: usize,
    cyrillic: usize,
    foreign: usize,
}

struct Folder {
    folded: Folded,
    word: Word,
}

impl Folder {
    /// A character of normal form that may still be a mark, invisible, upper case or enclosed.
    fn visible(&mut self, c: char, at: u32) {
        if is_invisible(c) || is_combining_mark(c) {
            return;
        }
        if let Some(digits) = number(c) {
            for digit in digits.chars() {
                self.push(digit, at);
            }
            return;
        }
        let c = plain(c);
        for lower in c.to_lowercase().filter(|l| !is_combining_mark(*l)) {
            self.push(lower, at);
        }
    }

    /// A finished character: into the word, or out.
    fn push(&mut self, c: char, at: u32) {
        if c.is_alphabetic() {
            match c {
                'a'..='z' => self.word.latin += 1,
                '\u{400}'..='\u{52f}' => self.word.cyrillic += 1,
                _ if lookalike::latin(c).is_some() => self.word.foreign += 1,
                _ => {}
            }
            self.word.letters.push((c, at));
            return;
        }
        self.end_word();
        self.emit(c, at);
    }

    fn emit(&mut self, c: char, at: u32) {
        self.folded.text.push(c);
        self.folded.map.extend(std::iter::repeat_n(at, c.len_utf8()));
    }

    fn end_word(&mut self) {
        let spell = self.word.spelling();
        let mut letters = std::mem::take(&mut self.word).letters;
        for (c, at) in letters.drain(..) {
            self.emit(spell(c), at);
        }
        // The emptied list keeps its room for the next word.
        self.word.letters = letters;
    }
}

impl Word {
    /// How to spell each letter so that the word is of one script, where that can be.
    fn spelling(&self) -> fn(char) -> char {
        let mixed = self.latin > 0 && self.cyrillic > 0;
        if !mixed && (self.foreign == 0 || self.latin + self.cyrillic == 0) {
            return |c| c;
        }
        let all = |known: fn(char) -> bool| self.letters.iter().all(|(c, _)| known(*c));
        let to_latin: fn(char) -> char = |c| lookalike::latin(c).unwrap_or(c);
        let to_cyrillic: fn(char) -> char = |c| lookalike::cyrillic(c).unwrap_or(c);
        let latin = all(|c| c.is_ascii() || lookalike::latin(c).is_some());
        let cyrillic =
            all(|c| matches!(c, '\u{400}'..='\u{52f}') || lookalike::cyrillic(c).is_some());
        match (latin, cyrillic) {
            (true, true) if self.latin > self.cyrillic => to_latin,
            (_, true) => to_cyrillic,
            (true, false) => to_latin,
            (false, false) => |c| c,
        }
    }
}

/// Characters that take no place on the screen or only steer it: format characters, fillers, the
/// soft hyphen and variation selectors (Unicode's `Default_Ignorable_Code_Point`).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The digits that a character stands for, when it is a digit of any script or an enclosed number
/// that NFKC leaves alone.
fn number(c: char) -> Option<Cow<'static, str>> {
    const ENCLOSED: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    let code = u32::from(c);
    if c.is_ascii_digit() {
        return None;
    }
    if let Some(digit) = lookalike::digit(c) {
        return ENCLOSED.get(usize::from(digit)).map(|d| Cow::Borrowed(*d));
    }
    let nth = match code {
        0x2776..=0x277f => code - 0x2776 + 1,
        0x2780..=0x2789 => code - 0x2780 + 1,
        0x278a..=0x2793 => code - 0x278a + 1,
        0x24f5..=0x24fe => code - 0x24f5 + 1,
        0x24eb..=0x24f4 => return Some(Cow::Owned((code - 0x24eb + 11).to_string())),
        0x24ff | 0x1_f10b | 0x1_f10c => 0,
        0x1_f51f => 10,
        _ => return None,
    };
    ENCLOSED.get(usize::try_from(nth).ok()?).map(|d| Cow::Borrowed(*d))
}

/// Enclosed letters as letters; dashes, dots, quotes and slashes of every kind as the ASCII one.
fn plain(c: char) -> char {
    let code = u32::from(c);
    let letter = match code {
        0x1_f150..=0x1_f169 => Some(code - 0x1_f150),
        0x1_f170..=0x1_f189 => Some(code - 0x1_f170),
        _ => None,
    };
    if let Some(nth) = letter.and_then(|n| u8::try_from(n).ok()) {
        return char::from(b'a' + nth);
    }
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{2796}'
        | '\u{2e3a}'
        | '\u{2e3b}' => '-',
        '\u{3002}' | '\u{ff61}' | '\u{2024}' | '\u{6d4}' | '\u{2e33}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '\u{2795}' => '+',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{2800}'
        | '\u{3000}' => ' ',
        '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        _ => c,
    }
}

#[cfg(test)]
#[path = "fold/tests.rs"]
mod tests;
