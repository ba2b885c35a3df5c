//! The words of threats and insults and what they are good for. `words.txt` has a word a line, sorted by
//! bytes, spelled as `text` spells, and behind it the letters of its classes: `a` is the first of these.

use parlour_guest::list::Gate;

/// A set of classes, one bit each.
pub type Classes = u32;

/// The speaker.
pub const ME: Classes = 1 << 0;
/// Who is spoken to.
pub const YOU_SUBJECT: Classes = 1 << 1;
/// Who is spoken to, as an object.
pub const YOU_OBJECT: Classes = 1 << 2;
/// What belongs to them.
pub const YOUR: Classes = 1 << 3;
/// Somebody else.
pub const OTHERS: Classes = 1 << 4;
/// A violent verb in the first person whose object is a person.
pub const KILL: Classes = 1 << 5;
/// The same, whose object is a part of the body.
pub const HIT: Classes = 1 << 6;
/// A part of the body.
pub const BODY: Classes = 1 << 7;
/// A verb that destroys things.
pub const BURN: Classes = 1 << 8;
/// What is destroyed: a home, a car, a shop.
pub const THING: Classes = 1 << 9;
/// A verb of finding or catching.
pub const FIND: Classes = 1 << 10;
/// A noun that abuses whoever is meant.
pub const ABUSE: Classes = 1 << 11;
/// A noun that abuses when it is said to or of somebody.
pub const ABUSE_OF_YOU: Classes = 1 << 12;
/// An adjective that makes a noun abuse.
pub const ADJECTIVE: Classes = 1 << 13;
/// What may stand between.
pub const FILLER: Classes = 1 << 14;
/// A negation.
pub const NOT: Classes = 1 << 15;
/// The speaker, as the one who is abused.
pub const SELF: Classes = 1 << 16;
/// Makes a verb a promise, in English and French.
pub const FUTURE: Classes = 1 << 17;
/// A violent verb that such a word makes a promise.
pub const KILL_LATER: Classes = 1 << 18;
/// To be, in English and French.
pub const BE: Classes = 1 << 19;
/// Tells of what somebody said.
pub const REPORT: Classes = 1 << 20;
/// Says that it was a joke.
pub const JOKE: Classes = 1 << 21;
/// A game, a film, a book.
pub const FICTION: Classes = 1 << 22;
/// A comparison, or another use of the word.
pub const LIKE: Classes = 1 << 23;
/// Points at somebody.
pub const THIS: Classes = 1 << 24;

const WORDS: &str = include_str!("../words.txt");
static WORDS_STARTS: Starts = starts(WORDS);
static WORDS_GATE: Gate<128> = Gate::parted(WORDS, b'\n', b' ');

/// The classes of a word; none for most words.
#[must_use]
pub fn classes(word: &str) -> Classes {
    if !WORDS_GATE.may_hold(word) {
        return 0;
    }
    line(WORDS, &WORDS_STARTS, word).map_or(0, |letters| {
        letters.bytes().fold(0, |all, letter| all | 1 << letter.saturating_sub(b'a').min(31))
    })
}

/// How many letters a word may begin with, as [`letter`] numbers them.
const LETTERS: usize = 161;

/// Where the lines of a sorted table begin whose first letter has a number or a higher one.
pub type Starts = [u16; LETTERS + 1];

/// The number of the letter at a byte: it grows as the bytes do.
const fn letter(text: &[u8], at: usize) -> usize {
    let first = if at < text.len() { text[at] } else { 0 };
    let second = if at + 1 < text.len() { text[at + 1] & 63 } else { 0 };
    match first {
        b'a'..=b'z' => (first - b'a') as usize + 1,
        0..=0x60 => 0,
        0x7b..=0xcf => 31,
        0xd0 => 32 + second as usize,
        0xd1 => 96 + second as usize,
        _ => 160,
    }
}

/// The beginnings of a table, made by the compiler.
#[expect(clippy::cast_possible_truncation, reason = "asserted")]
pub const fn starts(table: &str) -> Starts {
    let text = table.as_bytes();
    assert!(text.len() <= u16::MAX as usize, "a table too long for its beginnings");
    let mut starts = [text.len() as u16; LETTERS + 1];
    let (mut at, mut free) = (0, 0);
    while at < text.len() {
        if at == 0 || text[at - 1] == b'\n' {
            let letter = letter(text, at);
            while free <= letter {
                starts[free] = at as u16;
                free += 1;
            }
        }
        at += 1;
    }
    starts
}

/// What stands behind a word in the line of a sorted table that begins with it.
#[must_use]
pub fn line<'a>(table: &'a str, starts: &Starts, word: &str) -> Option<&'a str> {
    let bytes = table.as_bytes();
    let line_start = |at: usize| bytes.get(..at)?.iter().rposition(|b| *b == b'\n').map(|n| n + 1);
    let first = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.split(|b| *b == b' ').next().unwrap_or_default()
    };
    let letter = letter(word.as_bytes(), 0);
    let start = |n: usize| starts.get(n).map_or(0, |start| usize::from(*start));
    let (mut low, mut high) = (start(letter), start(letter + 1));
    while low < high {
        let middle = line_start(low + (high - low) / 2).unwrap_or(0).max(low);
        if first(middle) < word.as_bytes() {
            let rest = bytes.get(middle..high).unwrap_or_default();
            low = rest.iter().position(|b| *b == b'\n').map_or(high, |n| middle + n + 1);
        } else {
            high = middle;
        }
    }
    let (line, _) = table.get(low..)?.split_once('\n')?;
    line.strip_prefix(word)?.strip_prefix(' ')
}

#[cfg(test)]
mod tests {
    use super::{ABUSE, KILL, WORDS, classes};

    #[test]
    fn the_table_is_sorted_and_every_word_is_found() {
        let words: Vec<&str> = WORDS.lines().filter_map(|l| l.split(' ').next()).collect();
        assert!(words.is_sorted_by(|a, b| a < b));
        for word in words {
            assert_ne!(classes(word), 0, "{word}");
        }
        assert_eq!((classes("убью"), classes("идиот"), classes("дом ")), (KILL, ABUSE, 0));
    }
}
