//! Repetition within one message: piles of one character, of pictures, of marks; the same word, phrase
//! or line over and over. Knows no history.

use crate::reading::{Reading, Word};
use crate::{Sign, Thresholds};

/// Longest phrase that is looked for, in words; longer ones are lines.
const PERIOD_MAX: usize = 24;

/// The strongest sign in a message by itself.
#[must_use]
pub fn repetition(reading: &Reading, thresholds: &Thresholds) -> Option<Sign> {
    piles(reading, thresholds).or_else(|| phrases(reading)).or_else(|| lines(reading))
}

fn piles(r: &Reading, thresholds: &Thresholds) -> Option<Sign> {
    let base = (r.count + r.digits).max(1);
    if r.marks >= 30 && r.marks >= 2 * base {
        return Some(Sign::new("pile-of-marks", 80));
    }
    // Separators, dots and tables are long rows of marks; only a screenful of nothing else is not.
    if r.longest_any >= 1_000 && r.longest_any * 20 >= r.visible * 19 {
        return Some(Sign::new("one-character", 80));
    }
    if r.longest_run > thresholds.run {
        return Some(Sign::new("one-character", if r.longest_run > 100 { 85 } else { 65 }));
    }
    let pictures = r.emoji > thresholds.emoji && r.emoji * 2 > r.visible;
    pictures.then(|| Sign::new("pile-of-emoji", if r.emoji > 60 { 85 } else { 65 }))
}

/// How many copies of a phrase in a row are too many.
fn copies_allowed(words: usize, letters: usize) -> usize {
    match (words, letters) {
        (_, 0) => usize::MAX,
        // Laughter, yes and no.
        (1, ..=3) => 39,
        (1, 4) => 11,
        (1, _) => 6,
        (_, ..=5) => 19,
        (_, 6..=9) => 7,
        (_, 10..=19) => 4,
        (_, 20..=39) => 3,
        _ => 2,
    }
}

/// A phrase in a row that makes most of the message.
fn phrases(r: &Reading) -> Option<Sign> {
    let letters = r.count;
    // Three copies make 60 % of the text at least, and two of them say again what the first did.
    if r.said_again * 10 < letters * 4 {
        return glued(r);
    }
    for period in 1..=PERIOD_MAX.min(r.words.len() / 2) {
        // Words that equal the one a period before, in a row.
        let mut same = 0;
        let mut said = 0;
        for (i, word) in r.words.iter().enumerate().skip(period) {
            if r.words.get(i - period) == Some(word) {
                same += 1;
                said += word.letters;
            } else {
                (same, said) = (0, 0);
            }
            let copies = same / period + 1;
            if same % period != 0 || copies < 3 {
                continue;
            }
            let phrase = said / (copies - 1);
            if copies > copies_allowed(period, phrase) && (said + phrase) * 10 >= letters * 6 {
                let sure = if copies > 2 * copies_allowed(period, phrase) { 85 } else { 70 };
                return Some(Sign::new("repeated-phrase", sure));
            }
        }
    }
    glued(r)
}

/// Whether a word is so long that it may be a phrase in a row, for which the letters are needed.
#[must_use]
pub fn may_be_glued(r: &Reading) -> bool {
    r.longest_word() >= 36
}

/// A phrase in a row without spaces. Laughter is two letters.
fn glued(r: &Reading) -> Option<Sign> {
    if !may_be_glued(r) {
        return None;
    }
    for period in 2..=16 {
        let mut same = 0;
        for i in period..r.letters.len() {
            same = if r.letters.get(i - period) == r.letters.get(i) { same + 1 } else { 0 };
            let enough = if period == 2 { 150 } else { (5 * period).max(36) };
            if same + period >= enough && (same + period) * 10 >= r.letters.len() * 6 {
                return Some(Sign::new("repeated-phrase", 65));
            }
        }
    }
    None
}

/// One line again and again, perhaps with others between.
fn lines(r: &Reading) -> Option<Sign> {
    if r.lines.len() < 3 {
        return None;
    }
    let mut sorted: Vec<u64> = r.lines.iter().map(key).collect();
    sorted.sort_unstable();
    for same in sorted.chunk_by(|a, b| a == b) {
        let letters = same.first().map_or(0, |key| usize::try_from(key & 0xffff_ffff).unwrap_or(0));
        if letters < 12 {
            continue;
        }
        let enough = if letters >= 40 { 3 } else { 5 };
        if same.len() >= enough && same.len() * letters * 10 >= r.count * 6 {
            return Some(Sign::new("repeated-line", 75));
        }
    }
    None
}

/// A line as one number: what it says above how much.
fn key(line: &Word) -> u64 {
    u64::from(line.hash) << 32 | u64::try_from(line.letters).unwrap_or(0)
}
