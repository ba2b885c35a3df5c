//! A set of words that is laid out at compile time: lists by meaning in, one look-up out. Knows no word
//! itself.

/// Words separated by white space, and what they mean as bits; a word may stand in several lists.
pub type Lists = [(&'static str, u32)];

/// An open-addressed table of the words in some lists, which have less than 64 KiB together. `N` is at
/// least a quarter more than the words.
pub struct Lexicon<const N: usize> {
    lists: &'static Lists,
    /// Where a word begins, counted over all lists, plus one; 0 is a free slot.
    slots: [u16; N],
}

impl<const N: usize> Lexicon<N> {
    pub const fn new(lists: &'static Lists) -> Self {
        let mut slots = [0; N];
        let mut list = 0;
        let mut base = 0;
        while list < lists.len() {
            let bytes = lists[list].0.as_bytes();
            let mut start = 0;
            while start < bytes.len() {
                let mut end = start;
                while end < bytes.len() && bytes[end] != b' ' {
                    end += 1;
                }
                if end > start {
                    let mut at = hash(bytes, start, end) as usize % N;
                    while slots[at] != 0 {
                        at = (at + 1) % N;
                    }
                    assert!(base + start < 0xffff, "a place in the lists fits 16 bits");
                    slots[at] = (base + start + 1) as u16;
                }
                start = end + 1;
            }
            base += bytes.len();
            list += 1;
        }
        Self { lists, slots }
    }

    /// What a word means; 0 when it is in no list.
    #[inline(never)]
    pub fn find(&self, word: &[u8]) -> u32 {
        let mut bits = 0;
        let mut at = hash(word, 0, word.len()) as usize % N;
        for _ in 0..N {
            let Some(mut start) = self.slots.get(at).and_then(|s| usize::from(*s).checked_sub(1))
            else {
                break;
            };
            for (words, meaning) in self.lists {
                if start < words.len() {
                    let here = words.as_bytes().get(start..).unwrap_or_default();
                    if here.starts_with(word) && here.get(word.len()).is_none_or(|b| *b == b' ') {
                        bits |= meaning;
                    }
                    break;
                }
                start -= words.len();
            }
            at = (at + 1) % N;
        }
        bits
    }

    /// Every word with its meaning.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, u32)> {
        self.lists.iter().flat_map(|(words, bits)| words.split_whitespace().map(|w| (w, *bits)))
    }
}

/// FNV-1a, 32 bits.
const fn hash(bytes: &[u8], start: usize, end: usize) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = start;
    while at < end {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::Lexicon;

    static WORDS: Lexicon<16> = Lexicon::new(&[("one two  three", 1), ("two  два", 2)]);

    #[test]
    fn a_word_means_what_all_its_lists_say() {
        let cases = [("one", 1), ("two", 3), ("three", 1), ("два", 2), ("tw", 0), ("", 0)];
        for (word, bits) in cases {
            assert_eq!(WORDS.find(word.as_bytes()), bits, "{word}");
        }
        assert_eq!(WORDS.words().count(), 5);
    }
}
