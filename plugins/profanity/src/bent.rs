//! Words whose letters were hidden, replaced or held apart by marks. Knows how they may have been meant;
//! what is obscene is asked of the masks and the roots.

use parlour_guest::spelling::{self, Looks, Reading};

use crate::{masks, roots, sieve};

/// The severity of a bent word. What is tried takes from `left`, so that a text of such words has an end.
#[must_use]
pub fn severity(text: &str, left: &mut usize) -> Option<u8> {
    let looks = Looks::of(text);
    if is_address(text) {
        return None;
    }
    // `putain` as it is said; without the digit it is a name.
    if matches!(text, "put1n" | "put@in") {
        return Some(2);
    }
    if looks.hidden && *left > 0 {
        *left -= 1;
        let mut word = spelling::plain(text);
        if looks.cyrillic && looks.latin {
            let cyrillic = |c: char| spelling::read_letter(c, Reading::Looks);
            let read = |c: char| if c.is_ascii_lowercase() { cyrillic(c) } else { None };
            word = word.chars().map(|c| read(c).unwrap_or(c)).collect();
        }
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
        let whole = found.letters() == (0, read.chars().count());
        let severe = found.stem.severity >= 2 || whole && is_filled(text);
        // `e6` is a square of a chess board.
        let digits = seams.digits && read.chars().count() > 2;
        let counts = severe && (digits || seams.split(&found));
        counts.then_some(found.stem.severity)
    })
}

/// The severity of plain words that are one, held apart by dots or hyphens: `хуй.ня`. What a full stop
/// without its space parts, and a particle, is no part of one.
#[must_use]
pub fn joined(parts: &[&str]) -> Option<u8> {
    const PARTICLES: &[&str] =
        &["то", "ка", "де", "таки", "как", "да", "но", "не", "я", "ты", "он", "и", "а"];
    let letters = |part: &str| part.chars().count();
    let short = parts.iter().filter(|part| letters(part) <= SYLLABLE).count();
    let fits = short + 1 >= parts.len() && !parts.iter().skip(1).any(|p| PARTICLES.contains(p));
    let word = spelling::plain(&parts.concat());
    (fits && letters(&word) <= JOINED_MAX)
        .then(|| roots::find(&word).map(|found| found.stem.severity))
        .flatten()
        .filter(|severity| *severity > 1)
}

/// Most letters of a part that is no word of its own.
const SYLLABLE: usize = 3;
const JOINED_MAX: usize = 10;

/// Whether a word is rather a mailbox: `jobs@example.org`.
fn is_address(text: &str) -> bool {
    text.is_ascii()
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// Whether a digit or mark that looks like a letter stands between letters.
fn is_filled(text: &str) -> bool {
    let inner = |w: &[u8]| {
        let [before, mark, after] = *w else { return false };
        let letter = |b: u8| b.is_ascii_lowercase() || b >= 0x80;
        letter(before) && letter(after) && matches!(mark, b'@' | b'$' | b'!' | b'0'..=b'9')
    };
    text.as_bytes().windows(3).any(inner) || text.ends_with("$$")
}

/// The severity of a word with one letter behind a star, when some letter in its place makes it obscene.
fn behind_star(word: &str, left: &mut usize) -> Option<u8> {
    let (head, tail) = word.split_once(['*', '#', '_', '@'])?;
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
        (found.stem.severity >= 2 && from <= at && at <= to).then_some(found.stem.severity)
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
        } else if matches!(c, '@' | '$' | '!' | '|' | '€') {
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
