//! Lists of words that most words are not in, told without comparing letters. Knows no word.

/// Which words may be in a list: `N` times 64 bits, of which each word of the list has set one. Made by
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
        self.has(key(word, 0, word.len()))
    }

    /// The same of two parts of a word.
    #[must_use]
    pub fn may_hold_joined(&self, first: &str, second: &str) -> bool {
        let (a, b) = (first.as_bytes(), second.as_bytes());
        let at = |n: usize| a.get(n).or_else(|| b.get(n - a.len().min(n)));
        let byte = |n: usize| at(n).copied().unwrap_or(0);
        let last = b.last().or(a.last()).copied().unwrap_or(0);
        self.has(mix(a.len() + b.len(), byte(0), byte(1), last))
    }

    fn has(&self, key: u32) -> bool {
        let at = key as usize % (N * 64);
        self.0.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }
}

const fn with<const N: usize>(mut bits: [u64; N], text: &[u8], from: usize, to: usize) -> [u64; N] {
    let at = key(text, from, to) as usize % (N * 64);
    bits[at / 64] |= 1 << (at % 64);
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
    all.wrapping_mul(0x9e37_79b1) >> 15
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

#[cfg(test)]
mod tests {
    use super::{Gate, List};

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
