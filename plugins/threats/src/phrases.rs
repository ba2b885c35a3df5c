//! Whole phrases that threaten or abuse. `firsts.txt` has a first word a line, sorted by bytes, and the
//! numbers of what may follow it in [`RESTS`].

use parlour_guest::list::{Hash, Table};

use crate::rests::{RESTS, SHARED};

static FIRSTS: Table<896, 64> = Table::of(include_str!("../firsts.txt"));

/// Letters of Kazakh, Kyrgyz and Ukrainian beside the common Cyrillic ones.
const LETTERS: [u32; 7] = [0x493, 0x49b, 0x4a3, 0x4af, 0x4b1, 0x4d9, 0x4e9];

/// The code of the first Cyrillic letter; those of [`LETTERS`] come after the last.
const FIRST: u8 = 0x80;
const COMMON: u8 = 0x30;

/// All rests, and what they share, in a row, a byte a letter: half of what they would take otherwise.
static TEXT: [u8; length(ALL)] = {
    let (mut out, mut n, mut at) = ([0; length(ALL)], 0, 0);
    while n < ALL {
        let (text, mut i) = (source(n), 0);
        while i < text.len() {
            let (code, next) = code(text, i);
            out[at] = code;
            (i, at) = (next, at + 1);
        }
        n += 1;
    }
    out
};

/// Where each ends in [`TEXT`].
#[expect(clippy::cast_possible_truncation, reason = "asserted")]
static ENDS: [u16; ALL] = {
    let (mut ends, mut n, mut all) = ([0; ALL], 0, 0);
    while n < ALL {
        all += letters(source(n));
        assert!(all <= u16::MAX as usize, "too many phrases");
        ends[n] = all as u16;
        n += 1;
    }
    ends
};

const ALL: usize = RESTS.len() + SHARED.len();

const fn source(n: usize) -> &'static [u8] {
    if n < RESTS.len() { RESTS[n].as_bytes() } else { SHARED[n - RESTS.len()].as_bytes() }
}

/// The code of the letter at byte `at`, and where the next one begins.
#[expect(clippy::cast_possible_truncation, reason = "below 64")]
const fn code(text: &[u8], at: usize) -> (u8, usize) {
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
const fn letters(text: &[u8]) -> usize {
    let (mut at, mut all) = (0, 0);
    while at < text.len() {
        // Not the second byte of a letter.
        all += (text[at] & 0xc0 != 0x80) as usize;
        at += 1;
    }
    all
}

/// The letters of the first rests.
const fn length(count: usize) -> usize {
    let (mut n, mut all) = (0, 0);
    while n < count {
        all += letters(source(n));
        n += 1;
    }
    all
}

/// Rest `n`.
fn rest(n: usize) -> Option<&'static [u8]> {
    let from = n.checked_sub(1).map_or(Some(0), |last| ENDS.get(last).copied())?;
    TEXT.get(usize::from(from)..usize::from(*ENDS.get(n)?))
}

/// Whether a word is one of a choice of a phrase.
pub fn chosen(choice: &[u8], word: &str) -> bool {
    choice.split(|byte| *byte == b'|').any(|c| match c {
        [b'@', digit] => {
            let shared = rest(RESTS.len() + usize::from(digit & 15)).unwrap_or_default();
            shared.split(|byte| *byte == b'|').any(|c| spells(c, word))
        }
        _ => spells(c, word),
    })
}

/// Whether some codes spell a word.
fn spells(codes: &[u8], word: &str) -> bool {
    let mut left = word.as_bytes();
    for code in codes {
        let letter = match code.checked_sub(FIRST) {
            None => u32::from(*code),
            Some(n) if n < COMMON => 0x430 + u32::from(n),
            Some(n) => LETTERS.get(usize::from(n - COMMON)).copied().unwrap_or(0),
        };
        left = match left {
            [first, rest @ ..] if letter < 0x80 && u32::from(*first) == letter => rest,
            [first, second, rest @ ..]
                if u32::from(*first & 0x1f) << 6 | u32::from(*second & 0x3f) == letter
                    && *first >= 0xc0 =>
            {
                rest
            }
            _ => return false,
        };
    }
    left.is_empty()
}

/// The numbers of the phrases that begin with a word.
#[must_use]
pub fn begun(hash: Hash, first: &str) -> &'static str {
    FIRSTS.get(hash, first).unwrap_or_default()
}

/// Whether a word with this hash may begin a phrase; `false` is certain.
#[must_use]
pub fn may_begin(hash: Hash) -> bool {
    FIRSTS.may_hold(hash)
}

/// What the word behind the first may begin with, for each of [`RESTS`]: a bit for two letters.
static NEXT: [u32; RESTS.len()] = {
    let mut next = [0; RESTS.len()];
    let mut n = 0;
    while n < next.len() {
        next[n] = openings(RESTS[n].as_bytes());
        n += 1;
    }
    next
};

/// The bits of the words that may come first in a rest; all of them where any word may.
const fn openings(rest: &[u8]) -> u32 {
    let (mut bits, mut at) = (0, 1);
    while at < rest.len() {
        // An element: words parted by `|`, and `?` when it may be absent.
        let (mut optional, mut starts) = (false, true);
        while at < rest.len() && rest[at] != b' ' {
            if starts && matches!(rest[at], b'_' | b'$' | b'@') {
                return u32::MAX;
            }
            if starts {
                bits |= 1 << opening(rest, at);
            }
            (starts, optional) = (rest[at] == b'|', rest[at] == b'?');
            at += 1;
        }
        if !optional {
            return bits;
        }
        at += 1;
    }
    u32::MAX
}

/// The first letter of a word and the first byte of the next as a number below 32.
const fn opening(text: &[u8], at: usize) -> u32 {
    let wide = text[at] >= 0x80;
    let (letter, next) = if wide { (at + 1, at + 2) } else { (at, at + 1) };
    let first = if letter < text.len() { text[letter] } else { 0 };
    let last = if wide { next + 1 } else { next };
    let ends = next >= text.len() || matches!(text[next], b' ' | b'|' | b'?');
    let second = if ends || last >= text.len() { 0 } else { text[last] };
    (first as u32 * 5 + second as u32 * 11) & 31
}

/// The phrases of such numbers that may go on with the word `next`: whether each is a threat, and its
/// rest.
pub fn phrases<'a>(
    numbers: &'a str,
    next: &'a str,
) -> impl Iterator<Item = (bool, &'static [u8])> + 'a {
    let bit = if next.is_empty() { 0_u32 } else { 1 << opening(next.as_bytes(), 0) };
    // A rest that begins with any word, or with none, has all bits.
    let may = move |bits: u32| bits == u32::MAX || bits & bit != 0;
    numbers.split(' ').filter_map(move |number| {
        let number = number.bytes().fold(0, |n, digit| n * 10 + usize::from(digit & 15));
        let rest = rest(number).filter(|_| NEXT.get(number).copied().is_some_and(may))?;
        Some((rest.first() == Some(&b'!'), rest.get(1..)?))
    })
}

#[cfg(test)]
mod tests {
    use parlour_guest::list::Hash;

    use super::{begun, phrases};
    use crate::rests::RESTS;

    #[test]
    fn the_table_is_sorted_and_every_phrase_is_there() {
        let table = include_str!("../firsts.txt");
        let firsts: Vec<&str> = table.lines().filter_map(|l| l.split(' ').next()).collect();
        assert!(firsts.is_sorted_by(|a, b| a < b));
        let mut used = vec![false; RESTS.len()];
        for line in table.lines() {
            let mut parts = line.split(' ');
            let first = parts.next().unwrap_or_default();
            let numbers: Vec<usize> = parts.map(|n| n.parse().expect("a number")).collect();
            assert_eq!(begun(Hash::of(first), first), line.split_once(' ').map_or("", |l| l.1));
            for number in &numbers {
                let element = RESTS[*number][1..].split(' ').next().unwrap_or_default();
                for word in element.trim_end_matches('?').split('|') {
                    let text = number.to_string();
                    assert!(phrases(&text, word).count() == 1, "{first} {word}");
                }
            }
            numbers.into_iter().for_each(|n| used[n] = true);
        }
        assert!(used.into_iter().all(|u| u));
        assert!(RESTS.iter().all(|r| r.starts_with(['!', '-'])));
    }
}
