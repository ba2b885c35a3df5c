//! Rows of words in one string, smaller than lists, and tables of them. Knows no word.

use super::{Gate, is_less};
use crate::scan::{Token, text};

/// A row of words sorted by bytes, a space between them, and its gate: smaller than a [`List`].
pub struct Row {
    gate: Gate<8>,
    words: &'static str,
}

impl Row {
    /// # Panics
    /// At compile time, when the words are not sorted or one is there twice.
    #[must_use]
    pub const fn of(words: &'static str) -> Self {
        let mut rest = words.as_bytes();
        let mut last: &[u8] = &[];
        while !rest.is_empty() {
            let mut end = 0;
            while end < rest.len() && rest[end] != b' ' {
                end += 1;
            }
            let (word, after) = rest.split_at(end);
            assert!(is_less(last, word), "sorted by bytes");
            last = word;
            rest = if after.is_empty() { after } else { after.split_at(1).1 };
        }
        Self { gate: Gate::parted(words, b' ', b' '), words }
    }

    /// A gate that lets the words of this row through too.
    #[must_use]
    pub const fn gate<const N: usize>(&self, other: Gate<N>) -> Gate<N> {
        other.or(Gate::parted(self.words, b' ', b' '))
    }

    /// The words, a space between them.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        self.words
    }

    /// Whether token `n` is one of them.
    #[must_use]
    #[inline(never)]
    pub fn holds(&self, tokens: &[Token<'_>], n: usize) -> bool {
        self.contains(text(tokens, n))
    }

    #[must_use]
    #[inline(never)] // small where many rows are asked
    pub fn contains(&self, word: &str) -> bool {
        self.gate.may_hold(word) && among_sorted(self.words, word)
    }
}

/// Whether a row of sorted words, a space between them, holds a word.
#[must_use]
#[inline(never)]
pub fn among_sorted(words: &str, word: &str) -> bool {
    let (words, word) = (words.as_bytes(), word.as_bytes());
    // A space is less than all that words are made of, and both end with one.
    let at = |text: &[u8], n: usize| text.get(n).copied().unwrap_or(b' ');
    let (mut low, mut high) = (0, words.len());
    while low < high {
        #[cfg(test)]
        crate::tld::work::done(1);
        let mut from = usize::midpoint(low, high);
        while from > low && at(words, from - 1) != b' ' {
            from -= 1;
        }
        let mut n = 0;
        while at(words, from + n) == at(word, n) {
            if at(word, n) == b' ' {
                return true;
            }
            n += 1;
        }
        if at(words, from + n) > at(word, n) {
            high = from.saturating_sub(1);
            continue;
        }
        low = from + n;
        while at(words, low) != b' ' {
            low += 1;
        }
        low += 1;
    }
    false
}

/// Whether a short row in any order, a space between the words, holds a word: smaller than comparing with
/// each.
#[must_use]
#[inline(never)]
pub fn one_of(words: &str, word: &str) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, word) = (words.as_bytes(), word.as_bytes());
    let Some(last) = word.last() else {
        return false;
    };
    // It ends before a space or at the end, and begins behind one or at the beginning.
    let at = |end: usize| {
        words.get(end).is_none_or(|byte| *byte == b' ')
            && words.get(..end).is_some_and(|words| {
                words.strip_suffix(word).is_some_and(|head| head.last().is_none_or(|b| *b == b' '))
            })
    };
    let lasts = u64::from(*last) * ONES;
    let (mut end, mut rest) = (0, words);
    // The highest bit of each byte among eight that is the word's last one, and of few others.
    while let Some(eight) = rest.first_chunk::<8>() {
        let others = u64::from_le_bytes(*eight) ^ lasts;
        let mut found = others.wrapping_sub(ONES) & !others & (ONES << 7);
        while found != 0 {
            if at(end + (found.trailing_zeros() / 8) as usize + 1) {
                return true;
            }
            found &= found - 1;
        }
        (end, rest) = (end + 8, rest.split_at(8).1);
    }
    (end..words.len()).any(|n| at(n + 1))
}

/// What stands behind `=` in the line of a short table that begins with a word.
#[must_use]
#[inline(never)]
pub fn value(table: &'static str, word: &str) -> Option<&'static str> {
    let (bytes, mut from) = (table.as_bytes(), 0);
    while from < bytes.len() {
        let to = from + word.len();
        let found = bytes.get(to) == Some(&b'=') && bytes.get(from..to) == Some(word.as_bytes());
        while bytes.get(from).is_some_and(|byte| *byte != b'\n') {
            from += 1;
        }
        if found {
            return table.get(to + 1..from);
        }
        from += 1;
    }
    None
}
