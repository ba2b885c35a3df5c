//! Tables of words and of what is said of them, and texts a byte a letter. Knows no word.

use parlour_guest::list::Hash;
use parlour_guest::scan::Glance;
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

/// Whether some codes spell a word.
pub fn spells(codes: &[u8], word: &str) -> bool {
    let (word, mut at, mut left) = (word.as_bytes(), 0, codes);
    while let Some(first) = word.get(at) {
        let [code, rest @ ..] = left else { return false };
        at += 1;
        if *first < 0x80 {
            // A star is any letter.
            if code != first && *first != b'*' {
                return false;
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
                return false;
            }
            at += 1;
        }
        left = rest;
    }
    left.is_empty()
}

/// A word a line, in the plain spelling, and what is said of it behind a space: letters, or numbers parted
/// by spaces. Knows words by their digests, which lie in `N - 1` rows; `64 * G` is many times the number of
/// lines, `L` is [`size`]. Made by the compiler.
pub struct Table<const N: usize, const G: usize, const L: usize> {
    /// Four bytes for each word, which are its digest with the length of what is said in the lowest, and
    /// behind them what is said.
    lines: [u8; L],
    /// Where each row begins.
    rows: [u16; N],
    /// A bit for each hash.
    gate: [u64; G],
}

/// How many bytes stand before what is said of a word.
const HEAD: usize = 4;

/// The bits of a digest in a head.
const DIGEST: u32 = !0xff;

/// How many bytes the lines of a table take.
pub const fn size(mut text: &str) -> usize {
    let mut all = 0;
    while !text.is_empty() {
        let (_, said, rest) = line(text);
        all += HEAD + pack(said).1;
        text = rest;
    }
    all
}

/// The word of the first line, what is said of it, and the other lines.
const fn line(text: &str) -> (&str, &str, &str) {
    let (mut space, mut end) = (0, 0);
    while text.as_bytes()[end] != b'\n' {
        if space == 0 && text.as_bytes()[end] == b' ' {
            space = end;
        }
        end += 1;
    }
    let (line, rest) = text.split_at(end);
    let (word, said) = line.split_at(space);
    (word, said, rest.split_at(1).1)
}

/// Most bytes that are said of a word.
const SAID_MAX: usize = 255;

/// What is said of a word without spaces, numbers as two bytes, and how many bytes that are.
#[expect(clippy::cast_possible_truncation, reason = "numbers are asserted to be small")]
const fn pack(said: &str) -> ([u8; SAID_MAX], usize) {
    let (text, mut out, mut to, mut at) = (said.as_bytes(), [0; SAID_MAX], 0, 0);
    while at < text.len() {
        if text[at].is_ascii_digit() {
            let mut number = 0;
            while at < text.len() && text[at].is_ascii_digit() {
                number = number * 10 + (text[at] - b'0') as u32;
                at += 1;
            }
            assert!(number / 64 < (b'a' - NUMBER) as u32, "a number looks like a letter");
            (out[to], out[to + 1]) = (NUMBER + (number / 64) as u8, NUMBER + (number % 64) as u8);
            to += 2;
        } else {
            if text[at] != b' ' {
                out[to] = text[at];
                to += 1;
            }
            at += 1;
        }
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
    #[expect(clippy::cast_possible_truncation, reason = "asserted")]
    pub const fn of(text: &'static str) -> Self {
        assert!(size(text) == L && L < u16::MAX as usize, "a table too long");
        let (mut rows, mut gate) = ([0_u16; N], [0; G]);
        // How many bytes there are in each row, then where each begins.
        let mut rest = text;
        while !rest.is_empty() {
            let (word, said, others) = line(rest);
            rows[Self::row(Glance::of(word).digest) + 1] += (HEAD + pack(said).1) as u16;
            let bit = Self::bit(const_hash(word));
            gate[bit / 64] |= 1 << (bit % 64);
            rest = others;
        }
        let mut n = 1;
        while n < N {
            rows[n] += rows[n - 1];
            n += 1;
        }
        let (mut lines, mut ends) = ([0; L], rows);
        rest = text;
        while !rest.is_empty() {
            let (word, said, others) = line(rest);
            let digest = Glance::of(word).digest;
            let (said, length) = pack(said);
            let head = (digest & DIGEST | length as u32).to_le_bytes();
            let (row, mut n) = (Self::row(digest), 0);
            while n < HEAD + length {
                lines[ends[row] as usize] = if n < HEAD { head[n] } else { said[n - HEAD] };
                (n, ends[row]) = (n + 1, ends[row] + 1);
            }
            rest = others;
        }
        Self { lines, rows, gate }
    }

    /// The row of a word: the bits that its head does not have count most.
    #[inline(always)]
    const fn row(digest: u32) -> usize {
        digest as usize % (N - 1)
    }

    #[inline(always)]
    const fn bit(hash: Hash) -> usize {
        (hash.number().wrapping_mul(0x9e37_79b1) >> 4) as usize % (G * 64)
    }

    /// Whether a word with this hash may be there; `false` is certain.
    pub fn may_hold(&self, hash: Hash) -> bool {
        let bit = Self::bit(hash);
        self.gate.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }

    /// What each line of a word with this digest says.
    #[inline(always)]
    pub fn get(&self, digest: u32) -> impl Iterator<Item = &[u8]> {
        let row = Self::row(digest);
        let begins = |row: usize| self.rows.get(row).map_or(0, |at| usize::from(*at));
        let mut lines = self.lines.get(begins(row)..begins(row + 1)).unwrap_or_default();
        std::iter::from_fn(move || {
            while let Some((head, rest)) = lines.split_first_chunk::<HEAD>() {
                let head = u32::from_le_bytes(*head);
                let (said, others) = rest.split_at_checked((head & !DIGEST) as usize)?;
                lines = others;
                if (head ^ digest) & DIGEST == 0 {
                    return Some(said);
                }
            }
            None
        })
    }
}

/// The hash of a word, by the compiler.
const fn const_hash(word: &str) -> Hash {
    let (mut hash, mut at) = (Hash::NEW, 0);
    while at < word.len() {
        let (letter, next) = spelling::const_letter(word.as_bytes(), at);
        (hash, at) = (hash.with(letter), next);
    }
    hash
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

/// The digests of the words of a row.
pub const fn digests<const N: usize>(row: &str) -> [u32; N] {
    let (mut row, mut digests, mut n) = (row, [0; N], 0);
    while n < N {
        let mut end = 0;
        while end < row.len() && row.as_bytes()[end] != b' ' {
            end += 1;
        }
        let (word, rest) = row.split_at(end);
        digests[n] = Glance::of(word).digest;
        row = if rest.is_empty() { rest } else { rest.split_at(1).1 };
        n += 1;
    }
    digests
}

/// A row of words as their digests, smaller and faster than the words. Made by the compiler.
macro_rules! row {
    ($row:expr) => {
        const { &$crate::table::digests::<{ $crate::table::count($row) }>($row) }
    };
}
pub(crate) use row;

#[cfg(test)]
mod tests {
    use parlour_guest::scan::Glance;

    use super::{Table, numbers, size};

    #[test]
    fn a_table_finds_its_words_and_no_others() {
        const LINES: &str = "a b\nдом cd\nдомик 7 65\nі f\nі 9\n";
        static TABLE: Table<4, 4, { size(LINES) }> = Table::of(LINES);
        let said = |word| TABLE.get(Glance::of(word).digest).collect::<Vec<_>>();
        for (word, letters) in [("a", "b"), ("дом", "cd"), ("і", "f")] {
            assert_eq!(said(word).first(), Some(&letters.as_bytes()), "{word}");
        }
        assert_eq!(said("домик").into_iter().flat_map(numbers).collect::<Vec<_>>(), [7, 65]);
        assert_eq!(said("і").into_iter().skip(1).flat_map(numbers).collect::<Vec<_>>(), [9]);
        for word in ["", "до", "домики", "b", "é"] {
            assert!(said(word).is_empty(), "{word}");
        }
    }
}
