//! Tables of words and of what is said of them, a byte a letter. Knows no word.

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
/// by spaces. Finds words by their digests, of which the lines have `N - 1` kinds; `64 * G` is many times
/// the number of lines, `L` is [`size`]. Made by the compiler.
pub struct Table<const N: usize, const G: usize, const L: usize> {
    /// The lines, those of a kind together, each behind a byte of its digest and its length.
    codes: [u8; L],
    /// Where those of each kind begin.
    kinds: [u16; N],
    /// A bit for each hash.
    gate: [u64; G],
}

/// How many bytes the lines of a table take: two stand before each, and its end is not needed.
pub const fn size(text: &str) -> usize {
    let (bytes, mut at, mut lines) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        (at, lines) = (behind(bytes, at), lines + 1);
    }
    pack::<0>(bytes).1 + lines
}

/// The lines of a table as codes, and how many there are, which may be more than there is room for.
#[expect(clippy::cast_possible_truncation, reason = "numbers are asserted to be small")]
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
            assert!(number / 64 < (b'a' - NUMBER) as u32, "a number looks like a letter");
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
        let (lines, _) = pack::<L>(text.as_bytes());
        assert!(size(text) == L && L < u16::MAX as usize, "a table too long");
        let (mut kinds, mut gate) = ([0_u16; N], [0; G]);
        // How many bytes there are of each kind, then where each begins.
        let (mut rest, mut line) = (text, 0);
        while !rest.is_empty() {
            let (word, end) = (first_word(rest), behind(&lines, line));
            let (kind, _) = Self::place(Glance::of(word).digest);
            kinds[kind + 1] += (end - line + 1) as u16;
            let bit = Self::bit(const_hash(word));
            gate[bit / 64] |= 1 << (bit % 64);
            (rest, line) = (rest.split_at(behind(rest.as_bytes(), 0)).1, end);
        }
        let mut n = 1;
        while n < N {
            kinds[n] += kinds[n - 1];
            n += 1;
        }
        let (mut codes, mut next) = ([0; L], kinds);
        (rest, line) = (text, 0);
        while !rest.is_empty() {
            let end = behind(&lines, line);
            let (kind, check) = Self::place(Glance::of(first_word(rest)).digest);
            let (length, mut to) = (end - line - 1, next[kind] as usize + 2);
            assert!(length < 256, "a line too long");
            (codes[to - 2], codes[to - 1]) = (check, length as u8);
            while line + 1 < end {
                codes[to] = lines[line];
                (line, to) = (line + 1, to + 1);
            }
            next[kind] = to as u16;
            (rest, line) = (rest.split_at(behind(rest.as_bytes(), 0)).1, end);
        }
        Self { codes, kinds, gate }
    }

    /// The kind of a word, and the byte by which it is told from most others of its kind.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the lowest byte")]
    const fn place(digest: u32) -> (usize, u8) {
        ((digest >> 8) as usize % (N - 1), digest as u8)
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
    pub fn get(&self, digest: u32, word: &str) -> impl Iterator<Item = &[u8]> {
        let (kind, check) = Self::place(digest);
        let place = |kind: usize| self.kinds.get(kind).map_or(0, |at| usize::from(*at));
        let mut lines = self.codes.get(place(kind)..place(kind + 1)).unwrap_or_default();
        std::iter::from_fn(move || {
            while let [head, length, rest @ ..] = lines {
                let (line, others) = rest.split_at_checked(usize::from(*length))?;
                lines = others;
                if *head == check
                    && let Some([b' ', said @ ..]) = after(line, word)
                {
                    return Some(said);
                }
            }
            None
        })
    }
}

/// The word at the beginning of a line.
const fn first_word(line: &str) -> &str {
    let mut end = 0;
    while line.as_bytes()[end] != b' ' {
        end += 1;
    }
    line.split_at(end).0
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
        let said = |word| TABLE.get(Glance::of(word).digest, word).collect::<Vec<_>>();
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
