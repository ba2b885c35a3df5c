//! Tables of words and of what is said of them, a byte a letter. Knows no word.

use parlour_guest::list::Hash;
use parlour_guest::spelling;

/// Letters of Kazakh, Kyrgyz and Ukrainian beside those of the Cyrillic block.
const LETTERS: [u32; 7] = [0x493, 0x49b, 0x4a3, 0x4af, 0x4b1, 0x4d9, 0x4e9];

/// The code of the first Cyrillic letter; those of [`LETTERS`] come after the last.
const FIRST: u8 = 0x80;
const COMMON: u8 = 0x30;

/// Behind a word, a number is two bytes: this and how many times 64, this and the rest.
const NUMBER: u8 = b'@';

/// The code of the letter at byte `at`, and where the next one begins.
#[expect(clippy::cast_possible_truncation, reason = "below 64")]
pub const fn code(text: &[u8], at: usize) -> (u8, usize) {
    if text[at] < 0x80 {
        return (text[at], at + 1);
    }
    let letter = ((text[at] & 0x1f) as u32) << 6 | (text[at + 1] & 0x3f) as u32;
    if letter >= 0x430 && letter < 0x430 + COMMON as u32 {
        return (FIRST + (letter - 0x430) as u8, at + 2);
    }
    let mut n = 0;
    while LETTERS[n] != letter {
        n += 1;
    }
    (FIRST + COMMON + n as u8, at + 2)
}

/// How many letters a text has.
pub const fn letters(text: &[u8]) -> usize {
    let (mut at, mut all) = (0, 0);
    while at < text.len() {
        // Not the second byte of a letter.
        all += (text[at] & 0xc0 != 0x80) as usize;
        at += 1;
    }
    all
}

/// What is left of some codes behind the letters of a word that they begin with.
#[inline(always)]
fn after<'a>(codes: &'a [u8], word: &str) -> Option<&'a [u8]> {
    let (word, mut at, mut left) = (word.as_bytes(), 0, codes);
    while let Some(first) = word.get(at) {
        let [code, rest @ ..] = left else { return None };
        at += 1;
        if *first < 0x80 {
            // A star is any letter.
            if code != first && *first != b'*' {
                return None;
            }
        } else {
            let second = word.get(at).copied().unwrap_or(0);
            let letter = u32::from(*first & 0x1f) << 6 | u32::from(second & 0x3f);
            let coded = match code.checked_sub(FIRST) {
                Some(n) if n < COMMON => 0x430 + u32::from(n),
                Some(n) => LETTERS.get(usize::from(n - COMMON)).copied().unwrap_or(0),
                None => 0,
            };
            if letter != coded || *first < 0xc0 {
                return None;
            }
            at += 1;
        }
        left = rest;
    }
    Some(left)
}

/// Whether some codes spell a word.
pub fn spells(codes: &[u8], word: &str) -> bool {
    after(codes, word).is_some_and(<[u8]>::is_empty)
}

/// A word a line, in the plain spelling, and what is said of it behind a space: letters, or numbers parted
/// by spaces. Finds words by their hashes, of which the lines have `N - 1` kinds; `64 * G` is many times
/// the number of lines, `L` is [`size`]. Made by the compiler.
pub struct Table<const N: usize, const G: usize, const L: usize> {
    /// The lines, those of a kind together.
    codes: [u8; L],
    /// Where those of each kind begin.
    kinds: [u16; N],
    /// A bit for each hash.
    gate: [u64; G],
}

/// How many bytes the lines of a table take.
pub const fn size(text: &str) -> usize {
    pack::<0>(text.as_bytes()).1
}

/// The lines of a table as codes, and how many there are, which may be more than there is room for.
#[expect(clippy::cast_possible_truncation, reason = "numbers below 4096")]
const fn pack<const L: usize>(text: &[u8]) -> ([u8; L], usize) {
    let (mut out, mut to, mut at, mut said) = ([0; L], 0, 0, false);
    while at < text.len() {
        let (first, mut next) = code(text, at);
        let mut pair = [first, 0];
        if said && first == b' ' {
            at = next;
            continue;
        }
        if first.is_ascii_digit() {
            let (mut number, mut n) = (0, at);
            while text[n].is_ascii_digit() {
                number = number * 10 + (text[n] - b'0') as u32;
                n += 1;
            }
            pair = [NUMBER + (number / 64) as u8, NUMBER + (number % 64) as u8];
            next = n;
        }
        said = first != b'\n' && (said || first == b' ');
        let mut n = 0;
        while n < 2 && (n == 0 || pair[1] != 0) {
            if to < L {
                out[to] = pair[n];
            }
            (to, n) = (to + 1, n + 1);
        }
        at = next;
    }
    (out, to)
}

/// The numbers that are said of a word.
pub fn numbers(said: &[u8]) -> impl Iterator<Item = usize> + '_ {
    said.chunks_exact(2).filter_map(|pair| {
        let [high, low] = *pair else { return None };
        Some(usize::from(high - NUMBER) << 6 | usize::from(low - NUMBER))
    })
}

impl<const N: usize, const G: usize, const L: usize> Table<N, G, L> {
    pub const fn of(text: &'static str) -> Self {
        let text = text.as_bytes();
        let (lines, length) = pack::<L>(text);
        assert!(length == L && L < u16::MAX as usize, "a table too long");
        let (mut kinds, mut gate) = ([0_u16; N], [0; G]);
        // How many bytes there are of each kind, then where each begins.
        let (mut at, mut line) = (0, 0);
        while at < text.len() {
            let (kind, bit, end) = Self::line(text, at, &lines, line);
            kinds[kind + 1] += (end - line) as u16;
            gate[bit / 64] |= 1 << (bit % 64);
            (at, line) = (behind(text, at), end);
        }
        let mut n = 1;
        while n < N {
            kinds[n] += kinds[n - 1];
            n += 1;
        }
        let (mut codes, mut next) = ([0; L], kinds);
        (at, line) = (0, 0);
        while at < text.len() {
            let (kind, _, end) = Self::line(text, at, &lines, line);
            while line < end {
                codes[next[kind] as usize] = lines[line];
                next[kind] += 1;
                line += 1;
            }
            at = behind(text, at);
        }
        Self { codes, kinds, gate }
    }

    /// The kind and the bit of the word at byte `at`, and where its line, which begins at `line`, ends.
    const fn line(text: &[u8], mut at: usize, lines: &[u8], line: usize) -> (usize, usize, usize) {
        let mut hash = Hash::NEW;
        while text[at] != b' ' {
            let (letter, next) = spelling::const_letter(text, at);
            (hash, at) = (hash.with(letter), next);
        }
        let (kind, bit) = Self::place(hash);
        (kind, bit, behind(lines, line))
    }

    #[inline(always)]
    const fn place(hash: Hash) -> (usize, usize) {
        let mixed = hash.number().wrapping_mul(0x9e37_79b1);
        ((mixed >> 16) as usize % (N - 1), (mixed >> 4) as usize % (G * 64))
    }

    /// Whether a word with this hash may be there; `false` is certain.
    #[inline(always)]
    pub fn may_hold(&self, hash: Hash) -> bool {
        let (_, bit) = Self::place(hash);
        self.gate.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }

    /// What is said of a word; nothing for one that is not there.
    pub fn get(&self, hash: Hash, word: &str) -> &[u8] {
        let (kind, _) = Self::place(hash);
        let place = |kind: usize| self.kinds.get(kind).map_or(0, |at| usize::from(*at));
        look(self.codes.get(place(kind)..place(kind + 1)).unwrap_or_default(), word)
    }
}

/// What is said of a word in some lines.
#[inline(never)]
fn look<'a>(mut lines: &'a [u8], word: &str) -> &'a [u8] {
    let ends = |codes: &[u8]| codes.iter().position(|code| *code == b'\n').unwrap_or(0);
    while !lines.is_empty() {
        if let Some([b' ', said @ ..]) = after(lines, word) {
            return said.get(..ends(said)).unwrap_or_default();
        }
        lines = lines.get(ends(lines) + 1..).unwrap_or_default();
    }
    &[]
}

/// Behind the line at byte `at`.
const fn behind(text: &[u8], mut at: usize) -> usize {
    while text[at] != b'\n' {
        at += 1;
    }
    at + 1
}

/// How many words a row of them has, parted by spaces.
pub const fn count(row: &str) -> usize {
    let (row, mut n, mut all) = (row.as_bytes(), 0, 1);
    while n < row.len() {
        all += (row[n] == b' ') as usize;
        n += 1;
    }
    all
}

/// The hashes of the words of a row.
pub const fn hashes<const N: usize>(row: &str) -> [u32; N] {
    let (row, mut hashes, mut n, mut at) = (row.as_bytes(), [0; N], 0, 0);
    while n < N {
        let mut hash = Hash::NEW;
        while at < row.len() && row[at] != b' ' {
            let (letter, next) = spelling::const_letter(row, at);
            (hash, at) = (hash.with(letter), next);
        }
        hashes[n] = hash.number();
        (n, at) = (n + 1, at + 1);
    }
    hashes
}

/// A row of words as their hashes, smaller and faster than the words. Made by the compiler.
macro_rules! row {
    ($row:expr) => {
        const { &$crate::table::hashes::<{ $crate::table::count($row) }>($row) }
    };
}
pub(crate) use row;

#[cfg(test)]
mod tests {
    use parlour_guest::list::Hash;

    use super::{Table, numbers, size};

    #[test]
    fn a_table_finds_its_words_and_no_others() {
        const LINES: &str = "a b\nдом cd\nдомик 7 65\nі f\n";
        static TABLE: Table<4, 4, { size(LINES) }> = Table::of(LINES);
        for (word, said) in [("a", "b"), ("дом", "cd"), ("і", "f")] {
            assert_eq!(TABLE.get(Hash::of(word), word), said.as_bytes(), "{word}");
        }
        let said = TABLE.get(Hash::of("домик"), "домик");
        assert_eq!(numbers(said).collect::<Vec<_>>(), [7, 65]);
        for word in ["", "до", "домики", "b", "é"] {
            assert!(TABLE.get(Hash::of(word), word).is_empty(), "{word}");
        }
    }
}
