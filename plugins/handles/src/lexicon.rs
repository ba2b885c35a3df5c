//! A set of words that is laid out at compile time: lists by meaning in, one look-up out. Knows no word
//! itself.

/// Words separated by white space, and what they mean as bits; a word may stand in several lists.
pub type Lists = [(&'static str, u32)];

/// An open-addressed table of the words in some lists. `N` slots are at least a quarter more than there
/// are different words, `M` bytes hold each of them once with a space behind it, and there are at most
/// `C` different meanings; too little room of any kind is refused at compile time.
pub struct Lexicon<const N: usize, const M: usize, const C: usize> {
    text: [u8; M],
    /// Where a word begins in the text, plus one; 0 is a free slot.
    slots: [u16; N],
    /// Which of the meanings the word of a slot has.
    kinds: [u8; N],
    meanings: [u32; C],
}

impl<const N: usize, const M: usize, const C: usize> Lexicon<N, M, C> {
    pub const fn new(lists: &Lists) -> Self {
        assert!(M < 0xffff && C <= 256, "a place fits 16 bits and a kind fits 8");
        let mut made = Self { text: [b' '; M], slots: [0; N], kinds: [0; N], meanings: [0; C] };
        let mut bits = [0; N];
        let (mut list, mut length) = (0, 0);
        while list < lists.len() {
            let bytes = lists[list].0.as_bytes();
            let (mut start, mut end) = word_at(bytes, 0);
            while start < end {
                let to = made.append(length, bytes, start, end);
                let mut at = hash(&made.text, length, to) as usize % N;
                while made.slots[at] != 0 && !made.stands(at, length, to) {
                    at = (at + 1) % N;
                }
                if made.slots[at] == 0 {
                    made.slots[at] = (length + 1) as u16;
                    length = to + 1;
                    assert!(length <= M, "the text is too short");
                } else {
                    let mut n = length;
                    while n < to {
                        made.text[n] = b' ';
                        n += 1;
                    }
                }
                bits[at] |= lists[list].1;
                (start, end) = word_at(bytes, end);
            }
            list += 1;
        }
        made.sort_out(&bits);
        made
    }

    /// Puts a word behind the text, see [`is_lead`]; returns where it ends.
    const fn append(&mut self, length: usize, bytes: &[u8], start: usize, end: usize) -> usize {
        let (mut to, mut from) = (length, start);
        while from < end {
            if !is_lead(bytes[from]) {
                self.text[to] = bytes[from];
                to += 1;
            }
            from += 1;
        }
        assert!(to - length <= LONGEST, "the word is too long");
        to
    }

    /// Whether the word of slot `at` is this part of the text.
    const fn stands(&self, at: usize, start: usize, end: usize) -> bool {
        let place = self.slots[at] as usize - 1;
        let mut n = start;
        while n < end {
            if self.text[place + n - start] != self.text[n] {
                return false;
            }
            n += 1;
        }
        self.text[place + end - start] == b' '
    }

    /// Gives every slot the number of its meaning.
    const fn sort_out(&mut self, bits: &[u32; N]) {
        let (mut at, mut known) = (0, 0);
        while at < N {
            if self.slots[at] != 0 {
                let mut kind = 0;
                while kind < known && self.meanings[kind] != bits[at] {
                    kind += 1;
                }
                if kind == known {
                    self.meanings[kind] = bits[at];
                    known += 1;
                }
                self.kinds[at] = kind as u8;
            }
            at += 1;
        }
    }

    /// What a word means; 0 when it is in no list.
    #[inline(never)]
    pub fn find(&self, word: &[u8]) -> u32 {
        let mut short = [0; LONGEST];
        let word = if word.iter().all(|b| *b < 0x80) { word } else { shortened(word, &mut short) };
        if word.is_empty() || word.len() > LONGEST {
            return 0;
        }
        let nth = looked_up(&self.text, &self.slots, word);
        let kind = nth.and_then(|at| self.kinds.get(at)).map_or(C, |kind| usize::from(*kind));
        self.meanings.get(kind).copied().unwrap_or(0)
    }

    /// The first three letters of each word, see [`has`].
    pub const fn heads(&self) -> Heads {
        let mut heads = [0; 1024];
        let mut n = 0;
        while n + 2 < M {
            if n == 0 || self.text[n - 1] == b' ' {
                set(&mut heads, [self.text[n], self.text[n + 1], self.text[n + 2]]);
            }
            n += 1;
        }
        heads
    }

    /// The second to the fourth letter of each word that has so many.
    pub const fn middles(&self) -> Heads {
        let mut heads = [0; 1024];
        let mut n = 0;
        while n + 3 < M {
            if n == 0 || self.text[n - 1] == b' ' {
                set(&mut heads, [self.text[n + 1], self.text[n + 2], self.text[n + 3]]);
            }
            n += 1;
        }
        heads
    }

    /// For each letter from `a` on, the letters that follow it at the beginning of a word, as bits.
    pub const fn beginnings(&self) -> [u32; 26] {
        let mut pairs = [0; 26];
        let mut n = 0;
        while n + 1 < M {
            let (first, second) = (self.text[n].wrapping_sub(b'a'), self.text[n + 1]);
            if (n == 0 || self.text[n - 1] == b' ') && first < 26 && second >= b'a' {
                pairs[first as usize] |= 1 << ((second - b'a') & 31);
            }
            n += 1;
        }
        pairs
    }
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
    pub fn find(&self, word: &str) -> u32 {
        let kind = placed(&self.starts, &self.prints, word).and_then(|n| self.kinds.get(n));
        kind.and_then(|kind| self.meanings.get(usize::from(*kind))).copied().unwrap_or(0)
    }
}

/// One of `starts - 1` buckets.
const fn bucket(hash: u32, starts: usize) -> usize {
    hash as usize % (starts - 1)
}

/// The slot of a word of a lexicon.
#[inline(never)]
fn looked_up(text: &[u8], slots: &[u16], word: &[u8]) -> Option<usize> {
    let mut at = (hash(word, 0, word.len()) as usize).checked_rem(slots.len())?;
    for _ in 0..slots.len() {
        let place = usize::from(*slots.get(at)?).checked_sub(1)?;
        let end = place + word.len();
        if text.get(end) == Some(&b' ') && text.get(place..end) == Some(word) {
            return Some(at);
        }
        at = if at + 1 == slots.len() { 0 } else { at + 1 };
    }
    None
}

/// The place of a word in lists that lie in buckets.
#[inline(never)]
fn placed(starts: &[u16], prints: &[u16], word: &str) -> Option<usize> {
    let word = word.as_bytes();
    let hash = hash(word, 0, word.len());
    let bucket = bucket(hash, starts.len());
    let start = |n: usize| starts.get(n).map_or(0, |at| usize::from(*at));
    let (from, to) = (start(bucket), start(bucket + 1));
    let print = (hash >> 16) as u16;
    prints.get(from..to)?.iter().position(|p| *p == print).map(|n| from + n)
}

/// Longest word of a lexicon in letters.
const LONGEST: usize = 32;

/// Whether a byte only says of which alphabet the letter of two bytes is that it begins. A lexicon leaves
/// these bytes out: no two words of its languages differ in nothing else, and its text is a third shorter.
const fn is_lead(byte: u8) -> bool {
    byte >= 0xc2 && byte <= 0xd3
}

/// A word as a lexicon spells it; empty when it is longer than any.
fn shortened<'a>(word: &[u8], into: &'a mut [u8; LONGEST]) -> &'a [u8] {
    let mut length = 0;
    for byte in word {
        if !is_lead(*byte) {
            let Some(slot) = into.get_mut(length) else {
                return &[];
            };
            *slot = *byte;
            length += 1;
        }
    }
    into.get(..length).unwrap_or_default()
}

/// A set of three letters from `a` to `z`, as bits; a few others share the bit of one.
pub type Heads = [u8; 1024];

const fn place(letters: [u8; 3]) -> Option<usize> {
    let (mut at, mut n) = (0, 0);
    while n < 3 {
        let letter = letters[n].wrapping_sub(b'a') as usize;
        if letter >= 26 {
            return None;
        }
        (at, n) = (at * 26 + letter, n + 1);
    }
    Some(at.wrapping_mul(0x9e5) % (1024 * 8))
}

pub const fn set(heads: &mut Heads, letters: [u8; 3]) {
    if let Some(at) = place(letters) {
        heads[at / 8] |= 1 << (at % 8);
    }
}

pub fn has(heads: &Heads, letters: [u8; 3]) -> bool {
    place(letters).is_some_and(|at| heads.get(at / 8).is_some_and(|b| b >> (at % 8) & 1 == 1))
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

/// Words, or beginnings of words, with a space between them, and the bits of those that they may be.
pub struct Row {
    text: &'static str,
    gate: u64,
}

impl Row {
    /// Whole words.
    pub const fn of(text: &'static str) -> Self {
        Self::gated(text, false)
    }

    /// Beginnings.
    pub const fn heads(text: &'static str) -> Self {
        Self::gated(text, true)
    }

    const fn gated(text: &'static str, heads: bool) -> Self {
        let bytes = text.as_bytes();
        let mut gate = 0;
        let (mut start, mut end) = word_at(bytes, 0);
        while start < end {
            // A beginning of one letter goes on with anything.
            gate |= if !heads {
                1 << whole(bytes, start, end)
            } else if end - start < told(bytes[start]) {
                u64::MAX
            } else {
                1 << head(bytes, start)
            };
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
    ($text:expr) => {
        const { &$crate::lexicon::Row::of($text) }
    };
}

/// A row of beginnings or, for [`ends_with`], of endings.
macro_rules! heads {
    ($text:expr) => {
        const { &$crate::lexicon::Row::heads($text) }
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
    !word.is_empty()
        && row.gate >> whole(word, 0, word.len()) & 1 == 1
        && each(row, &|listed: &[u8]| listed == word)
}

/// Whether a word begins with one of a row.
#[inline(never)]
pub fn begins(word: &str, row: &Row) -> bool {
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
pub fn ends_with(word: &str, row: &Row) -> bool {
    each(row, &|tail: &[u8]| word.as_bytes().ends_with(tail))
}

#[inline(never)]
fn each(row: &Row, fits: &dyn Fn(&[u8]) -> bool) -> bool {
    row.text.as_bytes().split(|b| *b == b' ').any(fits)
}

#[cfg(test)]
mod tests {
    use super::{Lexicon, Lists, Meanings, among, begins, ends_with};

    const LISTS: &Lists = &[("one two  three", 1), ("two  два", 2)];
    static WORDS: Lexicon<16, 24, 3> = Lexicon::new(LISTS);
    static MEANINGS: Meanings<4, 3, 3> = Meanings::new(LISTS);

    #[test]
    fn a_word_means_what_all_its_lists_say() {
        let cases = [("one", 1), ("two", 3), ("three", 1), ("два", 2), ("tw", 0), ("", 0)];
        for (word, bits) in cases {
            assert_eq!(WORDS.find(word.as_bytes()), bits, "{word}");
            assert_eq!(MEANINGS.find(word), bits, "{word}");
        }
        let pairs = WORDS.beginnings();
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
