//! A set of words that is laid out at compile time: lists by meaning in, one look-up out. Knows no word
//! itself.

/// Words separated by white space, and what they mean as bits; a word may stand in several lists.
pub type Lists = [(&'static str, u32)];

/// An open-addressed table of the words in some lists. `N` is a power of two, at least twice the words.
pub struct Lexicon<const N: usize> {
    lists: &'static Lists,
    slots: [Slot; N],
}

/// Where a word stands: its list and the place in it. A length of 0 is a free slot.
#[derive(Clone, Copy)]
struct Slot {
    list: u8,
    start: u16,
    length: u8,
}

impl<const N: usize> Lexicon<N> {
    pub const fn new(lists: &'static Lists) -> Self {
        let mut slots = [Slot { list: 0, start: 0, length: 0 }; N];
        let mut list = 0;
        while list < lists.len() {
            let bytes = lists[list].0.as_bytes();
            let mut start = 0;
            while start < bytes.len() {
                let mut end = start;
                while end < bytes.len() && bytes[end] != b' ' && bytes[end] != b'\n' {
                    end += 1;
                }
                if end > start {
                    let mut at = hash(bytes, start, end) as usize % N;
                    while slots[at].length != 0 {
                        at = (at + 1) % N;
                    }
                    slots[at] =
                        Slot { list: list as u8, start: start as u16, length: (end - start) as u8 };
                }
                start = end + 1;
            }
            list += 1;
        }
        Self { lists, slots }
    }

    /// What a word means; 0 when it is in no list.
    pub fn find(&self, word: &[u8]) -> u32 {
        let mut bits = 0;
        let mut at = hash(word, 0, word.len()) as usize % N;
        for _ in 0..N {
            let Some(slot) = self.slots.get(at).filter(|s| s.length != 0) else {
                break;
            };
            let start = usize::from(slot.start);
            if let Some((words, meaning)) = self.lists.get(usize::from(slot.list))
                && words.as_bytes().get(start..start + usize::from(slot.length)) == Some(word)
            {
                bits |= meaning;
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

    static WORDS: Lexicon<16> = Lexicon::new(&[("one two\n  three", 1), ("two  два", 2)]);

    #[test]
    fn a_word_means_what_all_its_lists_say() {
        let cases = [("one", 1), ("two", 3), ("three", 1), ("два", 2), ("tw", 0), ("", 0)];
        for (word, bits) in cases {
            assert_eq!(WORDS.find(word.as_bytes()), bits, "{word}");
        }
        assert_eq!(WORDS.words().count(), 5);
    }
}
