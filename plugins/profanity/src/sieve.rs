//! Tells in one pass over its letters that a word is none of those that the tables know, as most words are
//! not. Knows the beginnings of all stems as pairs of letters, four letters deep; asks no table.

use parlour_guest::spelling::{self, LETTERS, Reading, SPELLED, letter};

use crate::context::PHRASES;
use crate::roots::Stem;
use crate::{latin, stems};

/// Behind three letters: any fourth.
const ANY: u8 = 0xff;

/// What a pair of letters may be: the first, second or third pair of a stem within a word (bits 0 to 2), and
/// the same of one at the beginning of a word (bits 4 to 6). Bit 7: one letter twice.
static PAIRS: [u8; LETTERS * LETTERS] = TABLES.0;

/// The first four letters of the stems, as [`key`] numbers them.
static FOURS: [u64; FOURS_LEN] = TABLES.1;
const FOURS_LEN: usize = 256;

const INNER: u8 = 1;
const FIRST: u8 = 1 << 4;
const THIRD: u8 = 1 << 2 | 1 << 6;
const TWICE: u8 = 1 << 7;

/// Pairs and fours.
type Tables = ([u8; LETTERS * LETTERS], [u64; FOURS_LEN]);

const TABLES: Tables = tables();

const fn tables() -> Tables {
    let mut tables = ([0; LETTERS * LETTERS], [0; FOURS_LEN]);
    let mut code = b'a' as u32;
    while code <= 0x52f {
        let Some(first) = char::from_u32(code) else { break };
        let table: &[Stem] = if code < 0x80 { latin::stems(first) } else { stems::cyrillic(first) };
        let mut n = 0;
        while n < table.len() {
            let stem = &table[n];
            tables = with(tables, stem.text, FIRST, stem.is_word());
            if !stem.is_first() {
                tables = with(tables, stem.text, INNER, stem.is_word());
            }
            n += 1;
        }
        code += 1;
    }
    let mut n = 0;
    while n < PHRASES.len() {
        let words = PHRASES[n].0;
        let mut word = 0;
        while word < words.len() {
            tables = with(tables, words[word], FIRST, true);
            word += 1;
        }
        n += 1;
    }
    let mut n = 1;
    while n < LETTERS {
        tables.0[n * LETTERS + n] |= TWICE;
        n += 1;
    }
    tables
}

/// With one beginning at one place; `whole` when nothing may follow it.
const fn with(mut tables: Tables, text: &str, place: u8, whole: bool) -> Tables {
    let text = text.as_bytes();
    let (mut letters, mut count, mut at) = ([0; 4], 0, 0);
    while at < text.len() && count < 4 {
        (letters[count], at) = spelling::const_letter(text, at);
        count += 1;
    }
    assert!(count > 2 || count == 2 && whole, "a stem too short to sieve");
    let any = count == 3 && !whole;
    let mut n = 0;
    while n < 3 {
        let row = letters[n] as usize * LETTERS;
        let mut next = 0;
        while next < LETTERS {
            if any && n == 2 || next == letters[n + 1] as usize {
                tables.0[row + next] |= place << n;
            }
            next += 1;
        }
        n += 1;
    }
    letters[3] = if any { ANY } else { letters[3] };
    let at = key(u32::from_be_bytes(letters), place << 2);
    tables.1[at / 64] |= 1 << (at % 64);
    tables
}

/// Where four letters stand in [`FOURS`], at the beginning of a word or within.
const fn key(letters: u32, place: u8) -> usize {
    let mixed = (letters ^ (place as u32) << 24).wrapping_mul(0x9e37_79b1) >> 18;
    mixed as usize % (FOURS_LEN * 64)
}

/// Whether four letters begin a stem at one of these places.
#[inline(never)]
fn is_four(letters: u32, places: u8) -> bool {
    let has = |letters, place| {
        let at = key(letters, place);
        FOURS.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    };
    let any = letters | u32::from(ANY);
    [1 << 2, 1 << 6]
        .into_iter()
        .any(|place| places & place != 0 && (has(letters, place) || has(any, place)))
}

/// A pass over the letters of a word.
#[derive(Clone, Copy, Debug)]
struct Pass {
    /// What the pairs so far may be of a stem.
    state: u8,
    /// The last four letters.
    letters: u32,
    seen: u8,
    caught: bool,
}

impl Pass {
    /// A pass whose first letter is this one.
    const fn from(first: u8) -> Self {
        Self { state: FIRST >> 1, letters: first as u32, seen: 0, caught: false }
    }

    #[inline(always)]
    fn letter(&mut self, next: u8) {
        let pair = usize::from(self.letters as u8 & 63) << 6 | usize::from(next & 63);
        self.letters = self.letters << 8 | u32::from(next);
        self.state = (self.state << 1 | INNER | TWICE) & PAIRS[pair];
        self.seen |= self.state;
        if self.state & THIRD != 0 {
            self.caught |= is_four(self.letters, self.state);
        }
    }

    /// Whether a stem may be in the word; `false` is certain.
    #[inline(never)]
    fn end(mut self) -> bool {
        // Two letters and more of a short one were seen, or nothing comes of it.
        if self.state & !THIRD & !TWICE != 0 || self.letters < 0x100 {
            self.letter(0);
            self.letter(0);
        }
        self.caught
    }
}

/// What a pass over a word tells.
#[derive(Clone, Copy, Debug)]
pub struct Sieved {
    /// Whether the word may have a stem, as it is written or without its repeated letters; `false` is
    /// certain.
    pub caught: bool,
    /// Whether it has letters of both alphabets.
    pub mixed: bool,
}

/// The bits of the numbers of Cyrillic letters, [`spelling::OTHER`] among them.
const CYRILLIC: u64 = !0 << 28;

/// Asks one word.
#[must_use]
pub fn sieve(word: &str) -> Sieved {
    let text = word.as_bytes();
    let (first, mut at) = letter(text, 0);
    let mut pass = Pass::from(first & !SPELLED);
    let mut alphabets = 1_u64 << (first & 63);
    // As most words go on.
    while let Some([lead @ 0xd0..=0xd1, second]) = text.get(at..).and_then(<[u8]>::first_chunk) {
        pass.letter(spelling::cyrillic_letter(*lead, *second) & !SPELLED);
        (alphabets, at) = (alphabets | CYRILLIC, at + 2);
    }
    while at < text.len() {
        let (next, after) = letter(text, at);
        at = after;
        let next = next & !SPELLED;
        if next != 0 {
            alphabets |= 1 << next;
            pass.letter(next);
        }
    }
    let latin = alphabets & 0x07ff_fffe != 0;
    let cyrillic = alphabets & CYRILLIC != 0;
    let caught = pass.end() || pass.seen & TWICE != 0 && unstretched(text, cyrillic);
    Sieved { caught, mixed: latin && cyrillic }
}

/// Whether a word with repeated letters may have a stem without them. A letter that is only doubled is
/// taken once in Cyrillic words.
#[inline(never)]
fn unstretched(text: &[u8], cyrillic: bool) -> bool {
    let (first, mut at) = letter(text, 0);
    let mut last = first & !SPELLED;
    let mut pass = Pass::from(last);
    let (mut run, mut long) = (1, false);
    while at < text.len() {
        let (next, after) = letter(text, at);
        at = after;
        let next = next & !SPELLED;
        if next == last {
            run += 1;
            long |= run > 2;
        } else if next != 0 {
            (run, last) = (1, next);
            pass.letter(next);
        }
    }
    // What a run of three comes to is asked of the tables.
    long || cyrillic && pass.end()
}

/// Whether a bent word that is read in one way may have a stem; `false` too where a letter has no such
/// reading.
#[must_use]
pub fn may_be_read(word: &str, reading: Reading) -> bool {
    let mut letters = spelling::read_numbers(word, reading);
    let Some(Some(first)) = letters.next() else { return false };
    let mut pass = Pass::from(first);
    for letter in letters {
        match letter {
            Some(letter) => pass.letter(letter),
            None => return false,
        }
    }
    // Without its runs of three letters it is another word.
    pass.end() || pass.seen & TWICE != 0 && has_run(word, reading)
}

/// Whether one letter stands three times, as it is read.
#[inline(never)]
fn has_run(word: &str, reading: Reading) -> bool {
    let (mut last, mut run) = (None, 0);
    spelling::read_numbers(word, reading).any(|letter| {
        run = if letter == last { run + 1 } else { 1 };
        last = letter;
        run > 2
    })
}

/// Whether some letter between two parts of a word may make a stem of them; `false` is certain.
#[must_use]
pub fn may_hide(head: &str, tail: &str) -> bool {
    let (letter_one, mut at) = letter(head.as_bytes(), 0);
    let mut pass = Pass::from(letter_one & !SPELLED);
    while at < head.len() {
        let (next, after) = letter(head.as_bytes(), at);
        pass.letter(next & !SPELLED);
        at = after;
    }
    let tail = tail.as_bytes();
    // Whatever the letter is: what begins before it or with it shows in three letters more.
    let through = |hidden| {
        let (mut pass, mut at) = (pass, 0);
        pass.letter(hidden);
        for _ in 0..3 {
            let (next, after) = if at < tail.len() { letter(tail, at) } else { (0, at) };
            pass.letter(next & !SPELLED);
            at = after;
        }
        pass.caught
    };
    pass.caught || (1..LETTERS as u8).any(through)
}

/// The number of a word's first letter.
#[must_use]
pub fn first(word: &str) -> u8 {
    letter(word.as_bytes(), 0).0 & !SPELLED
}

#[cfg(test)]
mod tests {
    use parlour_guest::spelling::Reading;

    use super::{may_be_read, may_hide, sieve};
    use crate::{latin, stems};

    #[test]
    fn every_stem_passes_and_most_words_do_not() {
        let letters = (u32::from('a')..0x530).filter_map(char::from_u32);
        let tables =
            letters.map(|c| if c.is_ascii() { latin::stems(c) } else { stems::cyrillic(c) });
        for stem in tables.flatten() {
            let text = stem.text;
            let stretched: String = text.chars().flat_map(|c| [c; 3]).collect();
            assert!(sieve(text).caught && sieve(&stretched).caught, "{text}");
            assert!(stem.is_first() || sieve(&format!("на{text}")).caught, "{text}");
            let reading = if text.is_ascii() { Reading::Latin } else { Reading::Looks };
            assert!(may_be_read(&format!(".{text}"), reading), "{text}");
            for (at, c) in text.char_indices().skip(1) {
                let (head, tail) = (&text[..at], &text[at + c.len_utf8()..]);
                assert!(tail.is_empty() || may_hide(head, tail), "{head}*{tail}");
            }
        }
        let words = "добрый день продаю диван почти новый самовывоз завтра вечером цена договорная \
                     hello the sofa is still available pick up tomorrow bonjour la livraison demain";
        assert!(words.split(' ').filter(|word| sieve(word).caught).count() < 3);
        assert!(sieve("cкидка").mixed && !sieve("скидка").mixed);
    }
}
