//! Lists of words that most words are not in, told without comparing letters. Knows no word.

mod row;

use crate::spelling;
pub use row::{Row, among_sorted, one_of, value};

/// Which words may be in a list: `N` times 64 bits, of which each word of the list has set two. Made by
/// the compiler.
pub struct Gate<const N: usize>([u64; N]);

impl<const N: usize> Gate<N> {
    /// The gate of some words.
    #[must_use]
    pub const fn of(words: &[&str]) -> Self {
        Self([0; N]).and(words)
    }

    /// With more words.
    #[must_use]
    pub const fn and(self, words: &[&str]) -> Self {
        let mut bits = self.0;
        let mut n = 0;
        while n < words.len() {
            let word = words[n].as_bytes();
            bits = with(bits, word, 0, word.len());
            n += 1;
        }
        Self(bits)
    }

    /// With the words of a table.
    #[must_use]
    pub const fn and_keys<T>(self, table: &[(&str, T)]) -> Self {
        let mut bits = self.0;
        let mut n = 0;
        while n < table.len() {
            let word = table[n].0.as_bytes();
            bits = with(bits, word, 0, word.len());
            n += 1;
        }
        Self(bits)
    }

    /// The gate of the words that stand before `end` in the parts of a text that `separator` parts:
    /// `end` is a space in a table with a word a line, and the separator itself in a row of words.
    #[must_use]
    pub const fn parted(text: &str, separator: u8, end: u8) -> Self {
        let text = text.as_bytes();
        let mut bits = [0; N];
        let (mut from, mut to, mut at) = (0, usize::MAX, 0);
        while at <= text.len() {
            if to == usize::MAX && (at == text.len() || text[at] == end || text[at] == separator) {
                to = at;
            }
            if at == text.len() || text[at] == separator {
                bits = with(bits, text, from, to);
                (from, to) = (at + 1, usize::MAX);
            }
            at += 1;
        }
        Self(bits)
    }

    /// With the words of another gate.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        let mut bits = self.0;
        let mut n = 0;
        while n < N {
            bits[n] |= other.0[n];
            n += 1;
        }
        Self(bits)
    }

    /// Whether the word may be in the list; `false` is certain.
    #[must_use]
    pub fn may_hold(&self, word: &str) -> bool {
        let word = word.as_bytes();
        has(&self.0, key(word, 0, word.len()))
    }

    /// The same of two parts of a word.
    #[must_use]
    pub fn may_hold_joined(&self, first: &str, second: &str) -> bool {
        let (a, b) = (first.as_bytes(), second.as_bytes());
        let at = |n: usize| a.get(n).or_else(|| b.get(n - a.len().min(n)));
        let byte = |n: usize| at(n).copied().unwrap_or(0);
        let last = b.last().or(a.last()).copied().unwrap_or(0);
        has(&self.0, mix(a.len() + b.len(), byte(0), byte(1), last))
    }
}

#[inline(never)] // small where many gates are asked
fn has(bits: &[u64], key: u32) -> bool {
    let is_set = |key: u32| {
        let at = (key >> 15) as usize % (bits.len() * 64);
        bits.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    };
    is_set(key) && is_set(again(key))
}

const fn with<const N: usize>(mut bits: [u64; N], text: &[u8], from: usize, to: usize) -> [u64; N] {
    let key = key(text, from, to);
    let (at, too) = ((key >> 15) as usize % (N * 64), (again(key) >> 15) as usize % (N * 64));
    bits[at / 64] |= 1 << (at % 64);
    bits[too / 64] |= 1 << (too % 64);
    bits
}

/// The length, both first bytes and the last of `text[from..to]`.
const fn key(text: &[u8], from: usize, to: usize) -> u32 {
    let length = to - from;
    let first = if length > 0 { text[from] } else { 0 };
    let second = if length > 1 { text[from + 1] } else { 0 };
    let last = if length > 0 { text[to - 1] } else { 0 };
    mix(length, first, second, last)
}

#[expect(clippy::cast_possible_truncation, reason = "a hash")]
const fn mix(length: usize, first: u8, second: u8, last: u8) -> u32 {
    let all = u32::from_le_bytes([first, second, last, length as u8]);
    all.wrapping_mul(0x9e37_79b1)
}

/// The key of a word's second bit.
const fn again(key: u32) -> u32 {
    (key ^ key >> 13).wrapping_mul(0x85eb_ca6b)
}

/// Which beginnings words may have: `N` times 64 bits, of which the first letters of each word of a list
/// have set one. Made by the compiler.
pub struct Heads<const N: usize> {
    bits: [u64; N],
    letters: usize,
}

impl<const N: usize> Heads<N> {
    /// The first `letters` letters of some words, four at most. A shorter word begins only itself.
    #[must_use]
    pub const fn of(letters: usize, words: &[&str]) -> Self {
        Self { bits: [0; N], letters }.and_words(words)
    }

    /// With more words.
    #[must_use]
    pub const fn and_words(mut self, words: &[&str]) -> Self {
        let mut n = 0;
        while n < words.len() {
            self = self.and(words[n]);
            n += 1;
        }
        self
    }

    /// With the words that stand before `end` in the parts of a text that `separator` parts, as in
    /// [`Gate::parted`].
    #[must_use]
    pub const fn and_parted(mut self, text: &str, separator: u8, end: u8) -> Self {
        let mut rest = text;
        while !rest.is_empty() {
            let bytes = rest.as_bytes();
            let (mut to, mut next) = (0, 0);
            while to < bytes.len() && bytes[to] != end && bytes[to] != separator {
                to += 1;
            }
            while next < bytes.len() && bytes[next] != separator {
                next += 1;
            }
            self = self.and(rest.split_at(to).0);
            rest = rest.split_at(if next < bytes.len() { next + 1 } else { next }).1;
        }
        self
    }

    /// With the words of a row.
    #[must_use]
    pub const fn and_row(self, row: &Row) -> Self {
        self.and_parted(row.words(), b' ', b' ')
    }

    /// With another word.
    #[must_use]
    pub const fn and(mut self, word: &str) -> Self {
        let at = head(word.as_bytes(), self.letters) as usize % (N * 64);
        self.bits[at / 64] |= 1 << (at % 64);
        self
    }

    /// With the words of a table.
    #[must_use]
    pub const fn and_keys<T>(mut self, table: &[(&str, T)]) -> Self {
        let mut n = 0;
        while n < table.len() {
            self = self.and(table[n].0);
            n += 1;
        }
        self
    }

    /// Whether a word of the list may be the beginning of this one; `false` is certain.
    #[must_use]
    pub const fn may_begin(&self, word: &str) -> bool {
        let at = head(word.as_bytes(), self.letters) as usize % (N * 64);
        self.bits[at / 64] >> (at % 64) & 1 == 1
    }
}

/// The first letters of a word, as many as given if they take a byte each, or two each; of these the
/// second bytes tell enough.
const fn head(word: &[u8], letters: usize) -> u32 {
    let wide = !word.is_empty() && word[0] >= 0x80;
    let (step, mut n) = if wide { (2, 1) } else { (1, 0) };
    let (mut all, most) = (0_u32, letters * step);
    if wide && let Some(first) = word.first_chunk::<8>() {
        let seconds = u64::from_le_bytes(*first) >> 8 & 0x00ff_00ff_00ff_00ff;
        let pairs = (seconds | seconds >> 8) & 0x0000_ffff_0000_ffff;
        all = ((pairs | pairs >> 16) as u32).swap_bytes() >> (32 - 8 * letters);
        n = most;
    }
    while n < most && n < word.len() {
        all = all << 8 | word[n] as u32;
        n += step;
    }
    all.wrapping_mul(0x9e37_79b1) >> 8
}

/// Beginnings of words, sorted by bytes, and their gate.
pub struct Stems {
    heads: Heads<16>,
    words: &'static [&'static str],
}

impl Stems {
    /// # Panics
    /// At compile time, when the words are not sorted or one is there twice.
    #[must_use]
    pub const fn of(words: &'static [&'static str]) -> Self {
        Self::with_head(2, words)
    }

    /// The same of words of at least `letters` letters, four at most, which are told apart better.
    ///
    /// # Panics
    /// At compile time, as [`Stems::of`].
    #[must_use]
    pub const fn with_head(letters: usize, words: &'static [&'static str]) -> Self {
        let mut n = 1;
        while n < words.len() {
            assert!(is_less(words[n - 1].as_bytes(), words[n].as_bytes()), "sorted by bytes");
            n += 1;
        }
        Self { heads: Heads::of(letters, words), words }
    }

    /// The stems that a word begins with, the longest first. One of a single letter begins only itself.
    pub fn of_word<'w>(&self, word: &'w str) -> impl Iterator<Item = &'static str> + use<'w> {
        let near: &[&str] = if self.heads.may_begin(word) {
            let end = self.words.partition_point(|stem| *stem <= word);
            self.words.get(..end).unwrap_or_default()
        } else {
            &[]
        };
        let first = word.chars().next();
        let same = move |stem: &&&str| stem.chars().next() == first;
        near.iter().rev().take_while(same).copied().filter(|stem| word.starts_with(stem))
    }

    /// Whether a word begins with one of them.
    #[must_use]
    #[inline(never)]
    pub fn begin(&self, word: &str) -> bool {
        self.of_word(word).next().is_some()
    }
}

const fn is_less(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() {
        if a[n] != b[n] {
            return a[n] < b[n];
        }
        n += 1;
    }
    a.len() < b.len()
}

/// A list of words and its gate.
pub struct List {
    gate: Gate<8>,
    words: &'static [&'static str],
}

impl List {
    #[must_use]
    pub const fn of(words: &'static [&'static str]) -> Self {
        Self { gate: Gate::of(words), words }
    }

    /// A gate that lets the words of this list through too.
    #[must_use]
    pub const fn gate<const N: usize>(&self, other: Gate<N>) -> Gate<N> {
        other.and(self.words)
    }

    #[must_use]
    #[inline(never)] // small where many lists are asked
    pub fn contains(&self, word: &str) -> bool {
        self.gate.may_hold(word) && self.words.contains(&word)
    }

    /// The words as they stand.
    pub fn iter(&self) -> std::slice::Iter<'static, &'static str> {
        self.words.iter()
    }
}

/// The hash of a word, letter by letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(u32);

impl Hash {
    pub const NEW: Self = Self(0x811c_9dc5);

    /// With one letter more, by its number in `spelling`.
    #[must_use]
    #[inline(always)]
    pub const fn with(self, letter: u8) -> Self {
        Self((self.0 ^ letter as u32).wrapping_mul(0x0100_0193))
    }

    /// As a number, whose bits are not evenly spread.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The hash of a word in the plain spelling.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::NEW.then(word)
    }

    /// With the letters of a word more.
    #[must_use]
    pub fn then(self, word: &str) -> Self {
        let (text, mut hash, mut at) = (word.as_bytes(), self, 0);
        while at < text.len() {
            let (letter, next) = spelling::letter(text, at);
            hash = hash.with(letter);
            at = next;
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Heads, List, Stems};

    #[test]
    fn stems_of_a_word_are_found_the_longest_first() {
        static STEMS: Stems = Stems::of(&["tel", "telephon", "text", "р", "тел", "телефон"]);
        static HEADS: Heads<8> = Heads::of(3, &["телефон", "р"]).and("telephon");
        for (word, stems) in [
            ("telephone", &["telephon", "tel"][..]),
            ("телефону", &["телефон", "тел"]),
            ("р", &["р"]),
            ("рука", &[]),
            ("te", &[]),
            ("tea", &[]),
            ("", &[]),
        ] {
            assert_eq!(STEMS.of_word(word).collect::<Vec<_>>(), stems, "{word}");
            assert_eq!(STEMS.begin(word), !stems.is_empty(), "{word}");
            assert!(HEADS.may_begin(word) || stems.is_empty(), "{word}");
        }
        assert!(!HEADS.may_begin("рука") && !HEADS.may_begin("тепло"));
    }

    #[test]
    fn a_gate_lets_every_word_of_its_list_through_and_few_others() {
        static WORDS: List = List::of(&["собака", "at", "у", ""]);
        static ROW: Gate<8> = Gate::parted("собака at у", b' ', b' ');
        static TABLE: Gate<8> = Gate::parted("собака 1 2\nat 3\nу 4\n", b'\n', b' ');
        for word in ["собака", "at", "у"] {
            assert!(WORDS.contains(word) && ROW.may_hold(word) && TABLE.may_hold(word), "{word}");
        }
        for (first, second) in [("соб", "ака"), ("a", "t"), ("", "у"), ("у", "")] {
            assert!(ROW.may_hold_joined(first, second), "{first} {second}");
        }
        let others = ["кошка", "диван", "table", "on", "я", "завтра", "вечером"];
        assert!(others.iter().filter(|word| ROW.may_hold(word)).count() < 2);
        assert!(WORDS.contains("") && others.iter().all(|word| !WORDS.contains(word)));
    }
}
