//! Whole phrases that threaten or abuse. `firsts.txt` has a first word a line, sorted by bytes, and the
//! numbers of what may follow it in [`RESTS`].

use parlour_guest::list::{Hash, Table};

use crate::rests::{RESTS, SHARED};

static FIRSTS: Table<1024, 64> = Table::of(include_str!("../firsts.txt"));

/// All rests in a row: a reference to each would take more room than where it ends.
static TEXT: &str = {
    const LENGTH: usize = length(RESTS.len());
    const BYTES: [u8; LENGTH] = {
        let (mut out, mut n, mut at) = ([0; LENGTH], 0, 0);
        while n < RESTS.len() {
            let (rest, mut i) = (RESTS[n].as_bytes(), 0);
            while i < rest.len() {
                out[at] = rest[i];
                (i, at) = (i + 1, at + 1);
            }
            n += 1;
        }
        out
    };
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => panic!("a rest is a text"),
    }
};

/// Where each rest ends in [`TEXT`].
static ENDS: [u16; RESTS.len()] = {
    let (mut ends, mut n) = ([0; RESTS.len()], 0);
    while n < ends.len() {
        assert!(length(n + 1) <= u16::MAX as usize, "too many phrases");
        ends[n] = length(n + 1) as u16;
        n += 1;
    }
    ends
};

/// The bytes of the first rests.
const fn length(count: usize) -> usize {
    let (mut n, mut all) = (0, 0);
    while n < count {
        all += RESTS[n].len();
        n += 1;
    }
    all
}

/// Rest `n`.
fn rest(n: usize) -> Option<&'static str> {
    let from = n.checked_sub(1).map_or(Some(0), |last| ENDS.get(last).copied())?;
    TEXT.get(usize::from(from)..usize::from(*ENDS.get(n)?))
}

/// Whether a word is one of a choice of a phrase.
pub fn chosen(choice: &str, word: &str) -> bool {
    choice.split('|').any(|c| match c.strip_prefix('@') {
        None => c == word,
        Some(number) => {
            let shared = number.bytes().next().and_then(|d| SHARED.get(usize::from(d & 15)));
            shared.is_some_and(|words| words.split('|').any(|c| c == word))
        }
    })
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
) -> impl Iterator<Item = (bool, &'static str)> + 'a {
    let bit = if next.is_empty() { 0_u32 } else { 1 << opening(next.as_bytes(), 0) };
    // A rest that begins with any word, or with none, has all bits.
    let may = move |bits: u32| bits == u32::MAX || bits & bit != 0;
    numbers.split(' ').filter_map(move |number| {
        let number = number.bytes().fold(0, |n, digit| n * 10 + usize::from(digit & 15));
        let rest = rest(number).filter(|_| NEXT.get(number).copied().is_some_and(may))?;
        Some((rest.starts_with('!'), rest.get(1..)?))
    })
}

#[cfg(test)]
mod tests {
    use parlour_guest::list::Hash;

    use super::{begun, phrases};
    use crate::rests::{RESTS, SHARED};

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
