//! Tables of words that take little room: their letters in a row, and where each ends. Knows no word.

/// Words in a row: `BYTES` letters of `WORDS` words, and an index of them, which has no length where the
/// words are few. Made by the compiler.
pub struct Packed<const BYTES: usize, const WORDS: usize, const INDEX: usize> {
    text: [u8; BYTES],
    ends: [u16; WORDS],
    /// How many words stand before those of each kind, by [`kind`], and before the end.
    kinds: [u16; INDEX],
}

/// The length of an index.
pub const INDEX: usize = KINDS + 1;

/// How many kinds of beginnings words have.
const KINDS: usize = 96;

/// The kind of a text's beginning. Texts of a lower kind stand before it, and texts that begin with the
/// same letter are of one kind.
const fn kind(text: &[u8]) -> usize {
    match text {
        [] => 0,
        [first, ..] if *first < 0x80 => {
            let letter = first.saturating_sub(0x60) as usize;
            if letter < 31 { letter } else { 31 }
        }
        [0xd0..=0xd3, second, ..] => 32 + ((text[0] & 3) << 4 | (*second & 0x3f) >> 2) as usize,
        [..0xd0, ..] => 32,
        _ => KINDS - 1,
    }
}

impl<const BYTES: usize, const WORDS: usize, const INDEX: usize> Packed<BYTES, WORDS, INDEX> {
    /// Some words, sorted by bytes.
    ///
    /// # Panics
    /// At compile time, when the words are not sorted or one is there twice.
    #[must_use]
    pub const fn of(words: &[&str]) -> Self {
        let mut out = Self { text: [0; BYTES], ends: [0; WORDS], kinds: [0; INDEX] };
        let (mut n, mut to) = (0, 0);
        while n < words.len() {
            assert!(n == 0 || is_less(words[n - 1].as_bytes(), words[n].as_bytes()));
            out.put(n, &mut to, words[n]);
            n += 1;
        }
        out
    }

    /// The same of the words of a table, in any order.
    #[must_use]
    pub const fn of_keys(table: &[(&str, u16)]) -> Self {
        let mut out = Self { text: [0; BYTES], ends: [0; WORDS], kinds: [0; INDEX] };
        let (mut n, mut to) = (0, 0);
        while n < table.len() {
            out.put(n, &mut to, table[n].0);
            n += 1;
        }
        out
    }

    const fn put(&mut self, n: usize, to: &mut usize, word: &str) {
        let mut at = 0;
        while at < word.len() {
            self.text[*to] = word.as_bytes()[at];
            (*to, at) = (*to + 1, at + 1);
        }
        assert!(*to <= u16::MAX as usize && n < u16::MAX as usize);
        self.ends[n] = *to as u16;
        let mut above = kind(word.as_bytes()) + 1;
        while above < INDEX {
            self.kinds[above] += 1;
            above += 1;
        }
    }

    #[must_use]
    pub const fn words(&'static self) -> Words {
        Words { text: &self.text, ends: &self.ends, kinds: &self.kinds }
    }
}

const fn is_less(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n < b.len() && (n == a.len() || a[n] < b[n])
}

/// How many letters some words have.
#[must_use]
pub const fn letters(words: &[&str]) -> usize {
    let (mut n, mut all) = (0, 0);
    while n < words.len() {
        all += words[n].len();
        n += 1;
    }
    all
}

/// The same of the words of a table.
#[must_use]
pub const fn letters_of_keys(table: &[(&str, u16)]) -> usize {
    let (mut n, mut all) = (0, 0);
    while n < table.len() {
        all += table[n].0.len();
        n += 1;
    }
    all
}

/// The values of a table.
#[must_use]
pub const fn values<const WORDS: usize>(table: &[(&str, u16)]) -> [u16; WORDS] {
    let (mut n, mut all) = (0, [0; WORDS]);
    while n < WORDS {
        all[n] = table[n].1;
        n += 1;
    }
    all
}

/// Words, sorted by bytes where they are looked up.
#[derive(Clone, Copy)]
pub struct Words {
    text: &'static [u8],
    ends: &'static [u16],
    kinds: &'static [u16],
}

impl Words {
    /// The letters of a word.
    fn get(self, n: usize) -> &'static [u8] {
        let end = |n: usize| self.ends.get(n).map_or(0, |end| usize::from(*end));
        self.text.get(n.checked_sub(1).map_or(0, end)..end(n)).unwrap_or_default()
    }

    /// How many words stand before those of a text's kind, and before the end of these.
    fn like(self, text: &[u8]) -> (usize, usize) {
        let kind = kind(text);
        match self.kinds.get(kind..kind + 2) {
            Some([first, end]) => (usize::from(*first), usize::from(*end)),
            _ => (0, self.ends.len()),
        }
    }

    /// How many words stand before those that begin like a text, and how many before it or are it.
    #[inline(never)]
    fn before(self, text: &str) -> (usize, usize) {
        let (first, mut high) = self.like(text.as_bytes());
        let mut low = first;
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.get(middle) <= text.as_bytes() { low = middle + 1 } else { high = middle }
        }
        (first, low)
    }

    /// The place of a word.
    #[must_use]
    pub fn place(self, word: &str) -> Option<usize> {
        let (first, behind) = self.before(word);
        let n = behind.checked_sub(1).filter(|n| *n >= first)?;
        (self.get(n) == word.as_bytes()).then_some(n)
    }

    /// The words that begin a text, the longest first: the length and the place of each.
    pub fn heads(self, text: &str) -> Near<'_> {
        let (first, left) = self.before(text);
        Near { words: self, text, first, left }
    }
}

/// The words that begin a text, as [`Words::heads`] tells them.
pub struct Near<'w> {
    words: Words,
    text: &'w str,
    first: usize,
    left: usize,
}

impl Iterator for Near<'_> {
    type Item = (usize, usize);

    #[inline(never)] // small where many tables are asked
    fn next(&mut self) -> Option<Self::Item> {
        let text = self.text.as_bytes();
        loop {
            if self.left == self.first {
                return None;
            }
            self.left -= 1;
            let word = self.words.get(self.left);
            if word.first_chunk::<2>() != text.first_chunk() {
                self.left = self.first;
                return None;
            }
            if text.starts_with(word) {
                return Some((word.len(), self.left));
            }
        }
    }
}

/// Words and a value of each.
#[derive(Clone, Copy)]
pub struct Table {
    pub words: Words,
    pub values: &'static [u16],
}

impl Table {
    fn at(self, n: usize) -> u16 {
        self.values.get(n).copied().unwrap_or(0)
    }

    /// The value of a word.
    #[must_use]
    pub fn value(self, word: &str) -> Option<u16> {
        self.words.place(word).map(|n| self.at(n))
    }

    /// The words that begin a text, the longest first: the length and the value of each.
    pub fn heads(self, text: &str) -> impl Iterator<Item = (usize, u16)> + use<'_> {
        self.words.heads(text).map(move |(length, n)| (length, self.at(n)))
    }

    /// The words of a text's kind, among which are all that begin with the same letter, with their values.
    pub fn like(self, text: &[u8]) -> impl Iterator<Item = (&'static [u8], u16)> {
        let (first, end) = self.words.like(text);
        (first..end).map(move |n| (self.words.get(n), self.at(n)))
    }
}

/// The [`Table`] of pairs of a word and its value; `indexed` where there are many and it is often asked.
macro_rules! table {
    (indexed $pairs:expr) => {
        table!($pairs, $crate::table::INDEX)
    };
    ($pairs:expr) => {
        table!($pairs, 0)
    };
    ($pairs:expr, $index:expr) => {{
        use $crate::table::{Packed, Table, letters_of_keys, values};
        static PACKED: Packed<{ letters_of_keys($pairs) }, { $pairs.len() }, { $index }> =
            Packed::of_keys($pairs);
        static VALUES: [u16; $pairs.len()] = values($pairs);
        Table { words: PACKED.words(), values: &VALUES }
    }};
}
pub(crate) use table;

/// Beginnings of words, sorted by bytes, and a gate of their first two letters.
pub struct Beginnings {
    pub heads: parlour_guest::list::Heads<16>,
    pub words: Words,
}

impl Beginnings {
    /// The length of those that a word begins with, the longest first.
    pub fn of_word<'w>(&self, word: &'w str) -> impl Iterator<Item = usize> + use<'w> {
        let may = self.heads.may_begin(word);
        let (first, left) = if may { self.words.before(word) } else { (0, 0) };
        Near { words: self.words, text: word, first, left }.map(|(length, _)| length)
    }

    /// Whether a word begins with one of them.
    #[must_use]
    pub fn begin(&self, word: &str) -> bool {
        self.of_word(word).next().is_some()
    }
}

/// The [`Beginnings`] of words.
macro_rules! beginnings {
    ($words:expr) => {{
        use $crate::table::{Beginnings, Packed, letters};
        static PACKED: Packed<{ letters($words) }, { $words.len() }, 0> = Packed::of($words);
        Beginnings { heads: parlour_guest::list::Heads::of(2, $words), words: PACKED.words() }
    }};
}
pub(crate) use beginnings;

#[cfg(test)]
mod tests {
    use super::Table;

    const PAIRS: &[(&str, u16)] = &[("ab", 1), ("abc", 2), ("b", 3), ("ноль", 4)];

    #[test]
    fn words_are_found() {
        let table: Table = table!(PAIRS);
        for (word, value) in PAIRS {
            assert_eq!(table.value(word), Some(*value), "{word}");
        }
        assert_eq!(table.value("abcd"), None);
        assert_eq!(table.value(""), None);
        assert_eq!(table.heads("abcd").collect::<Vec<_>>(), [(3, 2), (2, 1)]);
        assert_eq!(table.heads("нолями").count(), 0);
        assert_eq!(table.like(b"ab").count(), 4);
    }
}
