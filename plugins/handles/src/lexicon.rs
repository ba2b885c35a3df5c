//! A set of words that is laid out at compile time: lists by meaning in, one look-up out. Knows no word
//! itself.

/// Words separated by white space, and what they mean as bits; a word may stand in several lists.
pub type Lists = [(&'static str, u32)];

/// The first three letters of each word, see [`has`].
pub const fn heads(lists: &Lists) -> Heads {
    letters(lists, 0)
}

/// The second to the fourth letter of each word that has so many.
pub const fn middles(lists: &Lists) -> Heads {
    letters(lists, 1)
}

const fn letters(lists: &Lists, from: usize) -> Heads {
    let mut heads = [0; HEADS];
    let mut list = 0;
    while list < lists.len() {
        let text = lists[list].0.as_bytes();
        let (mut start, mut end) = word_at(text, 0);
        while start < end {
            let at = start + from;
            if at + 2 < end {
                set(&mut heads, [text[at], text[at + 1], text[at + 2]]);
            }
            (start, end) = word_at(text, end);
        }
        list += 1;
    }
    heads
}

/// For each letter from `a` on, the letters that follow it at the beginning of a word, as bits.
pub const fn beginnings(lists: &Lists) -> [u32; 26] {
    let mut pairs = [0; 26];
    let mut list = 0;
    while list < lists.len() {
        let text = lists[list].0.as_bytes();
        let (mut start, mut end) = word_at(text, 0);
        while start < end {
            if start + 1 < end {
                pairs[(text[start] - b'a') as usize] |= 1 << ((text[start + 1] - b'a') & 31);
            }
            (start, end) = word_at(text, end);
        }
        list += 1;
    }
    pairs
}

/// What words mean, without the words: each is known by half of its hash, which one in ten thousand other
/// words shares. `N` is the number of different words and `C` that of different meanings, or a little
/// more, and there is one bucket less than `B`; too little room of either kind is refused at compile time.
pub struct Meanings<const N: usize, const C: usize, const B: usize> {
    /// Where the words of each bucket begin.
    starts: [u16; B],
    /// The upper half of the hash of each word.
    prints: [u16; N],
    kinds: [u8; N],
    meanings: [u32; C],
}

/// Room for the words while they are laid out.
const ROOM: usize = 8192;

impl<const N: usize, const C: usize, const B: usize> Meanings<N, C, B> {
    pub const fn new(lists: &Lists) -> Self {
        assert!(N < ROOM / 4 * 3 && C <= 256, "a kind fits 8 bits");
        let (mut hashes, mut bits) = ([0; ROOM], [0; ROOM]);
        let (mut list, mut count) = (0, 0);
        while list < lists.len() {
            let bytes = lists[list].0.as_bytes();
            let (mut start, mut end) = word_at(bytes, 0);
            while start < end {
                let hash = hash(bytes, start, end);
                // The buckets lie in order, so that one pass over all slots fills them.
                let mut at = bucket(hash, B) * (ROOM / (B - 1));
                while bits[at] != 0 && hashes[at] != hash {
                    at = (at + 1) % ROOM;
                }
                count += (bits[at] == 0) as usize;
                assert!(count <= N, "too little room for words");
                hashes[at] = hash;
                bits[at] |= lists[list].1;
                (start, end) = word_at(bytes, end);
            }
            list += 1;
        }
        Self::laid_out(&hashes, &bits)
    }

    const fn laid_out(hashes: &[u32; ROOM], bits: &[u32; ROOM]) -> Self {
        let mut made = Self { starts: [0; B], prints: [0; N], kinds: [0; N], meanings: [0; C] };
        let mut at = 0;
        while at < ROOM {
            if bits[at] != 0 {
                made.starts[bucket(hashes[at], B) + 1] += 1;
            }
            at += 1;
        }
        let mut n = 0;
        while n + 1 < B {
            made.starts[n + 1] += made.starts[n];
            n += 1;
        }
        let mut filled = made.starts;
        let (mut at, mut known) = (0, 0);
        while at < ROOM {
            if bits[at] != 0 {
                let mut kind = 0;
                while kind < known && made.meanings[kind] != bits[at] {
                    kind += 1;
                }
                if kind == known {
                    made.meanings[kind] = bits[at];
                    known += 1;
                }
                let place = &mut filled[bucket(hashes[at], B)];
                made.prints[*place as usize] = (hashes[at] >> 16) as u16;
                made.kinds[*place as usize] = kind as u8;
                *place += 1;
            }
            at += 1;
        }
        made
    }

    /// What a word means; 0 when it is in no list.
    #[inline(never)]
    pub fn find(&self, word: &[u8]) -> u32 {
        let kind = placed(&self.starts, &self.prints, word).and_then(|n| self.kinds.get(n));
        kind.and_then(|kind| self.meanings.get(usize::from(*kind))).copied().unwrap_or(0)
    }
}

/// One of `starts - 1` buckets.
const fn bucket(hash: u32, starts: usize) -> usize {
    hash as usize % (starts - 1)
}

/// The place of a word in lists that lie in buckets.
#[inline(never)]
fn placed(starts: &[u16], prints: &[u16], word: &[u8]) -> Option<usize> {
    let hash = hash(word, 0, word.len());
    let bucket = bucket(hash, starts.len());
    let start = |n: usize| starts.get(n).map_or(0, |at| usize::from(*at));
    let (from, to) = (start(bucket), start(bucket + 1));
    let print = (hash >> 16) as u16;
    prints.get(from..to)?.iter().position(|p| *p == print).map(|n| from + n)
}

/// A set of three letters from `a` to `z`, as bits; a few others share the bit of one.
pub type Heads = [u8; HEADS];

const HEADS: usize = 512;

const fn place(letters: [u8; 3]) -> Option<usize> {
    let (mut at, mut n) = (0, 0);
    while n < 3 {
        let letter = letters[n].wrapping_sub(b'a') as usize;
        if letter >= 26 {
            return None;
        }
        (at, n) = (at * 26 + letter, n + 1);
    }
    Some(at.wrapping_mul(0x9e5) % (HEADS * 8))
}

pub const fn set(heads: &mut Heads, letters: [u8; 3]) {
    if let Some(at) = place(letters) {
        heads[at / 8] |= 1 << (at % 8);
    }
}

pub const fn has(heads: &Heads, letters: [u8; 3]) -> bool {
    match place(letters) {
        Some(at) => heads[at / 8] >> (at % 8) & 1 == 1,
        None => false,
    }
}

/// Where the next word at or behind `from` begins and ends; the same place when there is none.
const fn word_at(bytes: &[u8], from: usize) -> (usize, usize) {
    let mut start = from;
    while start < bytes.len() && bytes[start] == b' ' {
        start += 1;
    }
    let mut end = start;
    while end < bytes.len() && bytes[end] != b' ' {
        end += 1;
    }
    (start, end)
}

/// FNV-1a, 32 bits, over four bytes at a time and then over single ones.
const fn hash(bytes: &[u8], start: usize, end: usize) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = start;
    while at + 4 <= end {
        let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        hash = (hash ^ u32::from_le_bytes(four)).wrapping_mul(0x0100_0193);
        hash ^= hash >> 15;
        at += 4;
    }
    while at < end {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash ^ (hash >> 15)
}

/// Some words without the words: numbers whose bits tell which words may be one of them, one such number for
/// a few words, and half of the hash of each.
pub type Row = [u16];

/// How many words are few.
const FEW: usize = 6;

/// How many numbers of a [`Row`] of so many words tell which words may be one of it.
pub const fn gate(words: usize) -> usize {
    if words > FEW { 4 } else { 1 }
}

/// How many words there are.
pub const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, (mut start, mut end)) = (0, word_at(bytes, 0));
    while start < end {
        count += 1;
        (start, end) = word_at(bytes, end);
    }
    count
}

/// The words of a text as a [`Row`].
pub const fn laid<const N: usize>(text: &str) -> [u16; N] {
    let bytes = text.as_bytes();
    let gate = gate(count(text));
    let (mut row, mut n, (mut start, mut end)) = ([0; N], gate, word_at(bytes, 0));
    while start < end {
        let bit = whole(bytes, start, end) as usize % (gate * 16);
        row[bit / 16] |= 1 << (bit % 16);
        row[n] = (hash(bytes, start, end) >> 16) as u16;
        n += 1;
        (start, end) = word_at(bytes, end);
    }
    row
}

/// Beginnings of words with a space between them, and the bits of those that they may be.
pub struct Stems {
    text: &'static str,
    gate: u64,
}

impl Stems {
    pub const fn heads(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let mut gate = 0;
        let (mut start, mut end) = word_at(bytes, 0);
        while start < end {
            // A beginning of one letter goes on with anything.
            let open = end - start < told(bytes[start]);
            gate |= if open { u64::MAX } else { 1 << head(bytes, start) };
            (start, end) = word_at(bytes, end);
        }
        Self { text, gate }
    }
}

/// How many bytes tell beginnings apart: two letters.
const fn told(first: u8) -> usize {
    if first < 0xc0 { 2 } else { 4 }
}

const fn head(bytes: &[u8], at: usize) -> u32 {
    let (mut key, mut n) = (0, 0);
    while n < told(bytes[at]) && at + n < bytes.len() {
        key = (key * 5) ^ bytes[at + n] as u32;
        n += 1;
    }
    (key ^ (key >> 5)) & 63
}

const fn whole(bytes: &[u8], start: usize, end: usize) -> u32 {
    ((bytes[end - 1] as u32 * 5) ^ ((end - start) as u32 * 11) ^ bytes[start] as u32) & 63
}

/// A row of words, see [`among`].
macro_rules! row {
    ($text:expr $(,)?) => {
        const {
            const WORDS: usize = $crate::lexicon::count($text);
            const LENGTH: usize = $crate::lexicon::gate(WORDS) + WORDS;
            const ROW: [u16; LENGTH] = $crate::lexicon::laid($text);
            &ROW
        }
    };
}

/// A row of beginnings or, for [`ends_with`], of endings.
macro_rules! heads {
    ($text:expr $(,)?) => {
        const { &$crate::lexicon::Stems::heads($text) }
    };
}

/// Whether a text is ASCII; small, because it is asked everywhere.
#[inline(never)]
pub fn ascii_only(text: &str) -> bool {
    text.bytes().all(|b| b < 0x80)
}

/// Whether a text is one character.
#[inline(never)]
pub fn single(text: &str) -> bool {
    text.bytes().filter(|b| b & 0xc0 != 0x80).count() == 1
}

/// Whether a word is one of a row.
#[inline(never)]
pub fn among(word: &str, row: &Row) -> bool {
    let word = word.as_bytes();
    if word.is_empty() {
        return false;
    }
    let gate = gate(row.len() - 1);
    let bit = whole(word, 0, word.len()) as usize & (gate * 16 - 1);
    let may = row.get(bit / 16).is_some_and(|gate| gate >> (bit % 16) & 1 == 1);
    let print = || (hash(word, 0, word.len()) >> 16) as u16;
    may && row.get(gate..).unwrap_or_default().contains(&print())
}

/// Whether a word begins with one of a row.
#[inline(never)]
pub fn begins(word: &str, row: &Stems) -> bool {
    let word = word.as_bytes();
    if word.is_empty() || row.gate >> head(word, 0) & 1 == 0 {
        return false;
    }
    let (mut same, mut n) = (true, 0);
    for byte in row.text.bytes() {
        if byte == b' ' {
            if same {
                return true;
            }
            (same, n) = (true, 0);
        } else {
            same = same && word.get(n) == Some(&byte);
            n += 1;
        }
    }
    same
}

/// Whether a word ends with one of a row, whatever that begins with.
#[inline(never)]
pub fn ends_with(word: &str, row: &Stems) -> bool {
    row.text.split(' ').any(|tail| word.ends_with(tail))
}

#[cfg(test)]
mod tests {
    use super::{Lists, Meanings, among, beginnings, begins, ends_with};

    const LISTS: &Lists = &[("one two  three", 1), ("two  два", 2)];
    static MEANINGS: Meanings<4, 3, 3> = Meanings::new(LISTS);

    #[test]
    fn a_word_means_what_all_its_lists_say() {
        let cases = [("one", 1), ("two", 3), ("three", 1), ("два", 2), ("tw", 0), ("", 0)];
        for (word, bits) in cases {
            assert_eq!(MEANINGS.find(word.as_bytes()), bits, "{word}");
        }
        let pairs = beginnings(&[("one two  three", 1)]);
        assert_eq!(pairs[usize::from(b't' - b'a')], 1 << (b'w' - b'a') | 1 << (b'h' - b'a'));
        assert_eq!(pairs.iter().filter(|bits| **bits != 0).count(), 2);
    }

    #[test]
    fn short_lists_are_read_whole() {
        assert!(
            among("в", row!("и в на")) && !among("a", row!("и в на")) && !among("", row!("и в на"))
        );
        assert!(begins("файлы", heads!("перемен файл")) && !begins("фай", heads!("перемен файл")));
        assert!(ends_with("телеграмға", heads!("ға")) && !ends_with("телеграм", heads!("ға")));
    }
}
