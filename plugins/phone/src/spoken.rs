//! Number words in the forms people use to spell a phone number, and how they add up. Knows sums and
//! sounds; the words are in a table.

mod french;
mod heard;
mod letters;
mod stems;
mod words;

use parlour_guest::list::{Gate, Heads, Row};
use stems::STEMS;
use words::{COUNTS, FACTORS, NOT_NUMBERS, PLURAL, WHOLE};

use crate::table::{Table, table};

pub use french::french;
pub use heard::{homophone, is_slang, sounds};

static WHOLES: Table = table!(indexed WHOLE);
static FACTORED: Table = table!(FACTORS);
static PLURALS: Table = table!(PLURAL);
static STEMMED: Table = table!(indexed STEMS);

/// A word of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A number that stands for itself or adds to the one before.
    Value(u16),
    /// Multiplies the digit before it by a hundred.
    Hundred,
    /// French twenty, which makes eighty of a four.
    Score,
    /// French seven to nine, which also add to a ten.
    Unit(u16),
    /// Repeats the next digit so many times.
    Times(u8),
    /// A digit in the plural, which a number before it repeats: `три семёрки`.
    Several(u16),
}

/// Longest word of a number, in bytes.
const WORD_MAX: usize = 40;

/// Fewest letters of several words written together.
const GLUED_LEAST: usize = 8;

/// What a word says, if it is a word of a number.
#[must_use]
pub fn said(word: &str) -> Option<Said> {
    if word.len() > WORD_MAX || !begins(word) {
        return None;
    }
    static GATE: Gate<32> = Gate::of(&[]).and_keys(WHOLE).and_keys(PLURAL).and_keys(FACTORS);
    if GATE.may_hold(word) {
        if let Some(value) = PLURALS.value(word) {
            return Some(Said::Several(value));
        }
        if let Some(value) = WHOLES.value(word) {
            return Some(Said::Value(value));
        }
        if let Some(factor) = FACTORED.value(word) {
            return Some(match factor {
                100 => Said::Hundred,
                20 => Said::Score,
                7..=9 => Said::Unit(factor),
                _ => Said::Times(if factor == 202 { 2 } else { 3 }),
            });
        }
    }
    // Most words that come so far only begin like some number.
    if !STEM_STARTS.may_begin(word) || NOT_NUMBERS.contains(&word) {
        return None;
    }
    // The longest comes first.
    STEMMED.heads(word).find_map(|(length, v)| {
        let (stem, ending) = word.split_at_checked(length)?;
        let short = ending.chars().count() <= if stem.len() <= 6 { 2 } else { 4 };
        // Several of a digit, `пятёрочки`, which a count before repeats.
        let noun = v < 10 && stem.ends_with(['к', 'ч', 'ц']);
        let several = noun && (ending.starts_with(['и', 'і']) || ending == "ами");
        let said = if several { Said::Several(v) } else { Said::Value(v) };
        short.then_some(said)
    })
}

/// The first four letters of [`STEMS`]; to those of three letters, an ending of a letter and more is added.
static STEM_STARTS: Heads<16> = Heads::of(4, ZEROS).and_keys(STEMS);

/// Whether a word may be one of a number, or several written together; `false` is certain. Most words of
/// a text are none, and need no look into the tables.
#[must_use]
pub fn begins(word: &str) -> bool {
    static STARTS: Heads<64> =
        Heads::of(4, ZEROS).and_keys(FACTORS).and_keys(WHOLE).and_keys(PLURAL).and_keys(STEMS);
    // Those shorter than that, with which others are written together.
    static GLUED: Heads<16> =
        short(short(short(Heads::of(3, &["жуз", "жүз"]), WHOLE), PLURAL), STEMS);
    // Letters of two bytes, and perhaps an apostrophe.
    let wide = word.as_bytes().first().is_some_and(|b| *b >= 0x80);
    let long = word.len() >= if wide { 2 * GLUED_LEAST - 1 } else { GLUED_LEAST };
    STARTS.may_begin(word) || long && GLUED.may_begin(word)
}

/// With the words of a table that are shorter than four letters.
const fn short<const N: usize>(mut heads: Heads<N>, table: &[(&str, u16)]) -> Heads<N> {
    let mut n = 0;
    while n < table.len() {
        let word = table[n].0;
        let letter = if word.as_bytes()[0] >= 0x80 { 2 } else { 1 };
        if word.len() < 4 * letter {
            heads = heads.and(word);
        }
        n += 1;
    }
    heads
}

/// Words of zero whose stems are shorter than what is looked at first.
const ZEROS: &[&str] = &[
    "ноле", "нолё", "ноли", "ноль", "нолю", "ноля", "нуле", "нулё", "нули", "нуль", "нулю", "нуля",
    "нула", "нулі", "нулї", "нола", "нулє", "нолі",
];

/// The number words that a long word is made of, when it is made of nothing else.
#[must_use]
pub fn segments(word: &str) -> Option<Vec<Said>> {
    const MOST: usize = 160;
    let long = (GLUED_LEAST..=MOST).contains(&word.len());
    if !long
        || !begins(word)
        || word.chars().take(GLUED_LEAST).count() < GLUED_LEAST
        || !begins_number(word)
    {
        return None;
    }
    let mut out = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        // `trenteetun`
        rest =
            rest.strip_prefix("et").filter(|r| !out.is_empty() && begins_number(r)).unwrap_or(rest);
        let (end, part) = segment(rest)?;
        out.push(part);
        rest = rest.get(end..)?;
    }
    (out.len() > 1).then_some(out)
}

/// The longest word of a number that begins a text of which the rest begins with one too, without an
/// ending of its own making: `семьдесят` is no seven. And where it ends.
fn segment(rest: &str) -> Option<(usize, Said)> {
    let goes_on = |tail: &str| {
        tail.is_empty() || begins_number(tail) || tail.strip_prefix("et").is_some_and(begins_number)
    };
    let mut longest = None;
    let mut offer = |end: usize, said: Said| {
        let further = longest.is_none_or(|(best, _)| best < end);
        if further && rest.get(end..).is_some_and(goes_on) {
            longest = Some((end, said));
        }
    };
    for (end, value) in WHOLES.heads(rest) {
        offer(end, Said::Value(value));
    }
    for (end, value) in STEMMED.heads(rest) {
        offer(end, Said::Value(value));
        if rest.get(end..).is_some_and(|e| e.starts_with(['ь', 'е', 'и', 'а', 'о', 'я'])) {
            offer(end + 'ь'.len_utf8(), Said::Value(value));
        }
    }
    for (end, value) in PLURALS.heads(rest) {
        offer(end, Said::Several(value));
    }
    for (end, _) in FACTORED.heads(rest) {
        let said = rest.get(..end).and_then(said);
        said.into_iter().for_each(|said| offer(end, said));
    }
    longest
}

/// Whether a word of a number begins a text.
fn begins_number(rest: &str) -> bool {
    // No word of a number has less than two letters.
    static OPENINGS: Heads<8> =
        Heads::of(2, &[]).and_keys(FACTORS).and_keys(WHOLE).and_keys(PLURAL).and_keys(STEMS);
    if !OPENINGS.may_begin(rest) {
        return false;
    }
    let begun = |table: Table| table.heads(rest).next().is_some();
    // Stems of three letters have any letter behind them here.
    let stem = STEM_STARTS.may_begin(rest) || rest.starts_with("нол") || rest.starts_with("нул");
    stem && begun(STEMMED) || begun(WHOLES) || begun(PLURALS) || begun(FACTORED)
}

/// Whether a word may say how many digits of one kind follow.
#[must_use]
pub fn counts(word: &str) -> bool {
    COUNTS.contains(word)
}

/// Whether a word is a number of Kazakh or Kyrgyz below a hundred.
#[must_use]
pub fn is_turkic(word: &str) -> bool {
    static NUMBERS: Row = Row::of(
        "алты бес беш бир бір еки екі жети жеті жүз нөл сегиз сегіз тогуз тоғыз төрт эки үч \
     үш",
    );
    NUMBERS.contains(word)
}

/// The sum of a spoken number and the word after it, when they belong together: `девятьсот` and
/// `шестнадцать`, `forty` and `five`, `soixante` and `quinze`, `quatre` and `vingt`.
#[must_use]
pub fn sum(before: u16, next: Said) -> Option<u16> {
    match next {
        Said::Hundred if (1..=9).contains(&before) => Some(before * 100),
        Said::Unit(v) if before == 10 => Some(10 + v),
        Said::Unit(v) => sum(before, Said::Value(v)),
        Said::Score if before == 4 => Some(80),
        Said::Score => sum(before, Said::Value(20)),
        Said::Value(v) if before >= 100 && before.is_multiple_of(100) && (1..=99).contains(&v) => {
            Some(before + v)
        }
        Said::Value(v)
            if before % 100 >= 20 && before.is_multiple_of(10) && (1..=9).contains(&v) =>
        {
            Some(before + v)
        }
        Said::Value(v) if matches!(before % 100, 60 | 80) && (10..=19).contains(&v) => {
            Some(before + v)
        }
        _ => None,
    }
}

/// The digits of a number.
#[must_use]
#[inline(never)] // small where many ask
pub fn digits(value: u16) -> String {
    let mut out = String::new();
    for unit in [10_000, 1_000, 100, 10, 1] {
        if value >= unit || unit == 1 {
            out.push(char::from(b'0' + (value / unit % 10) as u8));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{FACTORS, PLURAL, STEMS, WHOLE};
    use super::{Said, said, segments, sum};

    #[test]
    fn the_tables_are_sorted() {
        for table in [FACTORS, PLURAL, STEMS, WHOLE] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
            assert!(table.iter().all(|(word, _)| super::begins(word)));
        }
    }

    #[test]
    fn words() {
        for (word, value) in [
            ("девятьсот", Some(900)),
            ("шестнадцать", Some(16)),
            ("шестнадцати", Some(16)),
            ("ноль", Some(0)),
            ("нуль", Some(0)),
            ("вісімсот", Some(800)),
            ("п'ять", Some(5)),
            ("четыре", Some(4)),
            ("forty", Some(40)),
            ("soixante", Some(60)),
            ("shest", Some(6)),
            ("восьмерка", Some(8)),
            ("сегіз", Some(8)),
            ("четырнадцати", Some(14)),
            ("столько", None),
            ("семья", None),
            ("столовая", None),
            ("привет", None),
        ] {
            assert_eq!(said(word), value.map(Said::Value), "{word}");
        }
    }

    #[test]
    fn words_written_together() {
        let values = |word: &str| {
            segments(word).map(|parts| {
                parts
                    .into_iter()
                    .map(|p| match p {
                        Said::Value(v) => v,
                        _ => 1000,
                    })
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(values("восемьдевятьноль"), Some(vec![8, 9, 0]));
        assert_eq!(values("девятьсотшестнадцать"), Some(vec![900, 16]));
        assert_eq!(values("threeonetwo"), Some(vec![3, 1, 2]));
        assert_eq!(values("восемьдесятпроцентов"), None);
        assert_eq!(values("трикотажный"), None);
    }

    #[test]
    fn numbers_in_digits() {
        for value in [0, 7, 10, 90, 101, 916, 1999, 65535] {
            assert_eq!(super::digits(value), value.to_string());
        }
    }

    #[test]
    fn sums() {
        for (before, next, expected) in [
            (900, Said::Value(16), Some(916)),
            (40, Said::Value(5), Some(45)),
            (60, Said::Value(15), Some(75)),
            (9, Said::Hundred, Some(900)),
            (8, Said::Value(9), None),
            (916, Said::Value(100), None),
            (20, Said::Value(30), None),
            (4, Said::Score, Some(80)),
            (4, Said::Value(20), None),
        ] {
            assert_eq!(sum(before, next), expected, "{before} {next:?}");
        }
    }
}
