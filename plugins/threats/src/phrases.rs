//! Whole phrases that threaten or abuse, told by the numbers of what follows their first words in [`RESTS`].

use crate::rests::{RESTS, SHARED};
use crate::table::{code, letters, numbers, spells};

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

/// The phrases of such numbers as the table has that may go on with the word `next`: the mark of each,
/// and its rest.
pub fn phrases<'a>(
    said: &'a [u8],
    next: &'a str,
) -> impl Iterator<Item = (u8, &'static [u8])> + 'a {
    let bit = match next {
        "" => 0_u32,
        _ if next.contains('*') => u32::MAX,
        _ => 1 << opening(next.as_bytes(), 0),
    };
    // A rest that begins with any word, or with none, has all bits.
    let may = move |bits: u32| bits == u32::MAX || bits & bit != 0;
    numbers(said).filter_map(move |number| {
        NEXT.get(number).copied().filter(|bits| may(*bits))?;
        let rest = rest(number)?;
        Some((*rest.first()?, rest.get(1..)?))
    })
}

#[cfg(test)]
mod tests {
    use super::phrases;
    use crate::rests::RESTS;
    use crate::table::numbers;
    use crate::words::Known;

    #[test]
    fn the_table_is_sorted_and_every_phrase_is_there() {
        let table = include_str!("../firsts.txt");
        let firsts: Vec<&str> = table.lines().filter_map(|l| l.split(' ').next()).collect();
        assert!(firsts.is_sorted_by(|a, b| a < b));
        let mut used = vec![false; RESTS.len()];
        for line in table.lines() {
            let mut parts = line.split(' ');
            let first = parts.next().unwrap_or_default();
            let all: Vec<usize> = parts.map(|n| n.parse().expect("a number")).collect();
            let said = Known::of(first).begins;
            assert_eq!(numbers(said).collect::<Vec<_>>(), all);
            for (n, number) in all.iter().enumerate() {
                let element = RESTS[*number][1..].split(' ').next().unwrap_or_default();
                for word in element.trim_end_matches('?').split('|') {
                    let said = &said[n * 2..n * 2 + 2];
                    assert!(phrases(said, word).count() == 1, "{first} {word}");
                }
            }
            all.into_iter().for_each(|n| used[n] = true);
        }
        assert!(used.into_iter().all(|u| u));
        assert!(RESTS.iter().all(|r| r.starts_with(['!', '~', '-'])));
    }
}
