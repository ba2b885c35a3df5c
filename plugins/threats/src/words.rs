//! The words of threats and insults and what they are good for. `words.txt` has a word a line, sorted by
//! bytes, spelled as `text` spells, and behind it the letters of its classes: `a` is the first of these, `{` and `|` come
//! after `z`. `firsts.txt` has the words that phrases begin with, and behind each the numbers of what may
//! follow it in `rests`.

use parlour_guest::list::Hash;
use parlour_guest::scan::Glance;

use crate::table::{Table, size};

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

/// A noun of abuse that is no animal or thing.
pub const PERSON: Classes = 1 << 25;

/// A verb of coming, in the first person or of those whom one sends.
pub const COME: Classes = 1 << 26;

/// Those with whom one comes.
pub const GANG: Classes = 1 << 27;

const LINES: &str = concat!(include_str!("../words.txt"), include_str!("../firsts.txt"));
#[allow(long_running_const_eval, reason = "thousands of lines, each looked at a few times")]
static WORDS: Table<2049, 384, { size(LINES) }> = Table::of(LINES);

/// What the tables say of a word; nothing of most words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    pub is: Classes,
    /// The numbers of the phrases that begin with it.
    pub begins: &'static [u8],
}

impl Known {
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::with(Glance::of(word).digest)
    }

    /// What they say of a word with this digest.
    #[must_use]
    pub fn with(digest: u32) -> Self {
        let mut known = Self::default();
        for said in WORDS.get(digest) {
            match said {
                // A number.
                [..b'a', ..] => known.begins = said,
                _ => {
                    known.is = said
                        .iter()
                        .fold(0, |all, letter| all | 1 << (letter.saturating_sub(b'a') & 31))
                }
            }
        }
        known
    }

    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.is == 0 && self.begins.is_empty()
    }
}

/// Whether a word with this hash may be known; `false` is certain.
#[must_use]
#[inline(never)]
pub fn may_be_known(hash: Hash) -> bool {
    WORDS.may_hold(hash)
}

#[cfg(test)]
mod tests {
    use super::{ABUSE, Classes, KILL, Known};

    fn of(word: &str) -> Classes {
        Known::of(word).is
    }

    #[test]
    fn the_table_is_sorted_and_every_word_is_found() {
        let table = include_str!("../words.txt");
        let words: Vec<&str> = table.lines().filter_map(|l| l.split(' ').next()).collect();
        assert!(words.is_sorted_by(|a, b| a < b));
        for word in words {
            assert_ne!(of(word), 0, "{word}");
        }
        assert_eq!((of("убью"), of("идиот"), of("дом ")), (KILL, ABUSE, 0));
    }
}
