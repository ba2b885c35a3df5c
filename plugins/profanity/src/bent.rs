//! Words whose letters were hidden, replaced or held apart by marks. Knows how they may have been meant;
//! what is obscene is asked of the masks and the roots.

use parlour_guest::spelling::{self, Reading};

use crate::{masks, roots, sieve};

/// The severity of a bent word. What is tried takes from `left`, so that a text of such words has an end.
#[must_use]
pub fn severity(text: &str, left: &mut usize) -> Option<u8> {
    let looks = Looks::of(text);
    if looks.hidden && *left > 0 {
        *left -= 1;
        let word = spelling::plain(text);
        if let Some(severity) = masks::masked(&word).or_else(|| behind_star(&word, left)) {
            return Some(severity);
        }
    }
    spelling::READINGS.iter().find_map(|reading| {
        if !looks.allow(*reading) || !sieve::may_be_read(text, *reading) || *left == 0 {
            return None;
        }
        *left -= 1;
        let word = spelling::plain(text);
        let read = spelling::read(&word, *reading)?;
        let found = roots::find(&read).or_else(|| {
            let short = spelling::unstretched(&read, 3, 1)?;
            roots::find(&short)
        })?;
        let seams = seams(&word, looks.cyrillic);
        let counts = found.stem.severity >= 2 && (seams.digits || seams.split(&found));
        counts.then_some(found.stem.severity)
    })
}

/// What a bent word is made of.
#[derive(Default)]
struct Looks {
    /// Marks that may stand for letters; one mark of punctuation hides nothing.
    hidden: bool,
    latin: bool,
    cyrillic: bool,
    /// Digits, and marks that look like letters.
    digits: bool,
    /// What [`Reading::LatinToo`] reads otherwise than [`Reading::Latin`].
    second: bool,
}

impl Looks {
    fn of(text: &str) -> Self {
        let mut looks = Self::default();
        let mut marks = 0;
        for byte in text.bytes() {
            let letter =
                matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'\'' | 0x80..=0xc1 | 0xc3..=0xdf);
            marks = if letter { 0 } else { marks + 1 };
            looks.hidden |= marks > 1
                || marks == 1 && !matches!(byte, b'.' | b'-' | b'!' | b'?' | b'&' | b'/' | b',');
            looks.latin |= byte.is_ascii_lowercase();
            looks.cyrillic |= matches!(byte, 0xd0..=0xd4);
            looks.digits |= matches!(byte, b'0'..=b'9' | b'@' | b'$' | b'!' | b'|');
            looks.second |= matches!(byte, b'1' | b'v');
        }
        looks
    }

    /// Whether a word may be meant so, and is not read so in another way too: Latin letters alone mean no
    /// Cyrillic ones.
    fn allow(&self, reading: Reading) -> bool {
        match reading {
            Reading::Latin => true,
            Reading::LatinToo => self.second,
            Reading::Looks => self.cyrillic || self.digits,
            Reading::LooksToo => self.digits || self.cyrillic && self.latin,
            Reading::Sounds => self.latin && (self.cyrillic || self.digits),
        }
    }
}

/// The severity of a word with one letter behind a star, when some letter in its place makes it obscene.
fn behind_star(word: &str, left: &mut usize) -> Option<u8> {
    let (head, tail) = word.split_once(['*', '#', '_'])?;
    let clean = |part: &str| part.chars().all(spelling::is_letter);
    if head.is_empty()
        || tail.is_empty()
        || !sieve::may_hide(head, tail)
        || !clean(head)
        || !clean(tail)
        || *left < 8
    {
        return None;
    }
    let at = head.chars().count();
    if at + tail.chars().count() < 3 {
        return None;
    }
    *left -= 8;
    let missing = if head.is_ascii() {
        "aeiouycdfghklmnprstv"
    } else {
        "аеиоуыяюіїєбвгдзйклмнпрстхц"
    };
    missing.chars().find_map(|letter| {
        let found = roots::find(&format!("{head}{letter}{tail}"))?;
        let (from, to) = found.letters();
        (found.stem.severity >= 2 && from <= at && at < to).then_some(found.stem.severity)
    })
}

/// What holds the letters of a bent word apart.
struct Seams {
    digits: bool,
    /// How many letters and digits stand before each mark.
    marks: Vec<usize>,
}

fn seams(word: &str, cyrillic: bool) -> Seams {
    let mut seams = Seams { digits: false, marks: Vec::new() };
    let mut letters = 0;
    for c in word.chars() {
        if spelling::is_letter(c) {
            seams.digits |= c.is_ascii_digit();
            letters += 1;
        } else if matches!(c, '@' | '$' | '!' | '|') {
            seams.digits = true;
            letters += 1;
        } else {
            seams.marks.push(letters);
        }
    }
    seams.digits |= cyrillic && word.bytes().any(|b| b.is_ascii_alphabetic());
    seams
}

impl Seams {
    /// Whether a mark tears the stem itself.
    fn split(&self, found: &roots::Found) -> bool {
        let (from, to) = found.letters();
        self.marks.iter().any(|m| from < *m && *m < to)
    }
}
