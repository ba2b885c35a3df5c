//! The host's view of a text: the canonical spelling, its tokens, the way back to the original, and the
//! signs of disguise. Knows no category.

use crate::Span;
use crate::scan::{self, Kind, Token};

/// A canonical view of a text, with the way back. Computed by the host, once for all plugins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    pub text: String,
    /// For each byte of `text` the byte offset in the original where its character began, and one
    /// entry more: the original's length. Empty when every character stands where it stood.
    map: Vec<u32>,
    starts: Vec<u32>,
    classes: Vec<u8>,
    digits: Vec<u8>,
    signs: Vec<u8>,
    counts: Counts,
    ascii: [u64; 2],
}

/// What `wit/moderation.wit` calls a view, member for member.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the WIT file describes them")]
pub struct Parts {
    pub text: String,
    pub map: Vec<u32>,
    pub starts: Vec<u32>,
    pub classes: Vec<u8>,
    pub digits: Vec<u8>,
    pub signs: Vec<u8>,
    pub counts: Counts,
    pub ascii: [u64; 2],
}

/// How many characters of a text bear each sign of disguise, and how many words mix Latin and Cyrillic
/// letters without being a disguise of either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Zero-width and format characters beside letters and digits.
    pub invisible: u32,
    /// Combining marks that were taken off.
    pub combining: u32,
    /// Letters of another script in words where they only look right.
    pub lookalikes: u32,
    /// Digits of other scripts, enclosed digits, keycaps.
    pub odd_digits: u32,
    /// Enclosed, full-width and mathematical letters.
    pub styled: u32,
    /// Letters that stand for digits among digits.
    pub digit_letters: u32,
    /// Single letters of words that are spread out.
    pub spread: u32,
    pub mixed_words: u32,
}

impl Counts {
    /// How many characters bear a sign, words of mixed scripts apart.
    #[must_use]
    pub fn total(&self) -> u32 {
        let Self {
            invisible,
            combining,
            lookalikes,
            odd_digits,
            styled,
            digit_letters,
            spread,
            mixed_words: _,
        } = *self;
        [invisible, combining, lookalikes, odd_digits, styled, digit_letters, spread]
            .into_iter()
            .fold(0, u32::saturating_add)
    }
}

/// The script of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Latin,
    Cyrillic,
    Other,
    /// Latin and Cyrillic letters that no look-alikes make one script.
    Mixed,
}

/// Most that signs of disguise make of a finding.
const CONFIDENCE_MAX: u8 = 99;

impl Folded {
    /// A view from what the host returned.
    #[must_use]
    pub fn of(parts: Parts) -> Self {
        let Parts { text, map, starts, classes, digits, signs, counts, ascii } = parts;
        Self { text, map, starts, classes, digits, signs, counts, ascii }
    }

    /// A text as it is, for tests that have no host: nothing is folded, everything stands in its place.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self::spelled(text.to_owned(), Vec::new())
    }

    /// A text whose bytes lead back to another by `map`; its tokens are found here.
    #[must_use]
    pub fn spelled(text: String, map: Vec<u32>) -> Self {
        let mut ascii = [0_u64; 2];
        for byte in text.bytes().filter(u8::is_ascii) {
            ascii[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        let mut folded = Self { text, map, ascii, ..Self::default() };
        let (starts, classes) = scan::split(&folded.text);
        folded.starts = starts;
        folded.classes = classes;
        folded
    }

    /// The range of the original that a range of folded bytes stands for: from the first character
    /// that is touched to the end of the last, with the marks and invisible characters after it. An
    /// offset out of range counts as the end.
    #[must_use]
    pub fn original(&self, start: usize, end: usize) -> Span {
        let from = self.at(start);
        let mut to = self.at(end);
        if end > start {
            // An end within a character that became several is behind that character.
            let last = self.at(end - 1);
            let mut next = end;
            while to <= last && next < self.text.len() {
                next += 1;
                to = self.at(next);
            }
        }
        Span { start: from, end: to }
    }

    /// Where in the original the character began to which byte `i` of the text belongs; the original's
    /// length for anything behind the text.
    #[must_use]
    pub fn at(&self, i: usize) -> u32 {
        if let Some(last) = self.map.last() {
            return *self.map.get(i).unwrap_or(last);
        }
        let mut at = i.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The tokens of the text, which cover it without gaps.
    #[must_use]
    pub fn tokens(&self) -> Vec<Token<'_>> {
        let (mut start, mut rest) = (0, self.text.as_str());
        let mut token = |class: &u8, end: usize| {
            let text = match rest.split_at_checked(end.wrapping_sub(start)) {
                Some((text, after)) => {
                    rest = after;
                    text
                }
                None => "",
            };
            let token = Token { kind: Kind::of(*class), text, start, end };
            start = end;
            token
        };
        let Some((last, classes)) = self.classes.split_last() else { return Vec::new() };
        let ends = self.starts.get(1..).unwrap_or_default();
        let mut tokens = Vec::with_capacity(self.classes.len());
        tokens.extend(classes.iter().zip(ends).map(|(class, end)| token(class, *end as usize)));
        tokens.push(token(last, self.text.len()));
        tokens
    }

    /// Token `n`, for who has no use for all of them at once.
    #[must_use]
    #[inline]
    pub fn token(&self, n: usize) -> Option<Token<'_>> {
        let kind = self.kind(n)?;
        let (start, length) = self.length(n)?;
        let end = start.wrapping_add(length);
        Some(Token { kind, text: self.text.get(start..end).unwrap_or_default(), start, end })
    }

    /// The kind of token `n`.
    #[must_use]
    #[inline]
    pub fn kind(&self, n: usize) -> Option<Kind> {
        self.classes.get(n).map(|class| Kind::of(*class))
    }

    /// How many tokens there are, and the kind of each, without their texts.
    pub fn kinds(&self) -> impl ExactSizeIterator<Item = Kind> + '_ {
        self.classes.iter().map(|class| Kind::of(*class))
    }

    /// The kind of each token, and where it begins and ends.
    pub fn places(&self) -> impl Iterator<Item = (Kind, usize, usize)> + '_ {
        let mut ends = self.starts.get(1..).unwrap_or_default().iter();
        let mut end = 0;
        self.classes.iter().map(move |class| {
            let start = end;
            end = ends.next().map_or(self.text.len(), |next| *next as usize);
            (Kind::of(*class), start, end)
        })
    }

    /// Where each word begins in the text.
    pub fn word_starts(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.starts.iter().zip(&self.classes);
        words.filter(|(_, class)| Kind::of(**class) == Kind::Word).map(|(start, _)| *start as usize)
    }

    /// Whether a letter and two more tokens of one character follow each other with one token between:
    /// what letters that are spread out look like.
    pub(crate) fn may_be_spread(&self) -> bool {
        let single = |n: usize| {
            self.classes.get(n).is_some_and(|class| Kind::of(*class) != Kind::Space)
                && self.length(n).is_some_and(|(start, length)| match length {
                    1 => true,
                    2..=4 => {
                        let first = self.text.as_bytes().get(start).copied().unwrap_or(0);
                        first.leading_ones() as usize == length
                    }
                    _ => false,
                })
        };
        let run = |n: usize| {
            self.kind(n) == Some(Kind::Word) && single(n) && single(n + 2) && single(n + 4)
        };
        // Of six tokens in a row, two are looked at: one of any three is among them.
        let looked_at = (0..self.classes.len().div_ceil(6)).flat_map(|n| [6 * n + 4, 6 * n + 5]);
        looked_at.filter(|n| single(*n)).any(|n| run(n - 4) || run(n - 2) || run(n))
    }

    /// Where token `n` begins, and its length.
    fn length(&self, n: usize) -> Option<(usize, usize)> {
        let start = *self.starts.get(n)? as usize;
        let end = self.starts.get(n + 1).map_or(self.text.len(), |end| *end as usize);
        Some((start, end.wrapping_sub(start)))
    }

    /// With what is known of the text that this was drawn together from.
    pub(crate) fn drawn(mut self, from: &Self) -> Self {
        self.counts = Counts { spread: from.counts.spread.max(1), ..from.counts };
        self
    }

    /// The script of the token with this index, if it is a word.
    #[must_use]
    pub fn script(&self, token: usize) -> Option<Script> {
        match self.classes.get(token)? >> 2 & 7 {
            1 => Some(Script::Latin),
            2 => Some(Script::Cyrillic),
            3 => Some(Script::Other),
            4 => Some(Script::Mixed),
            _ => None,
        }
    }

    /// The value of the digit at byte `i` of the text; letters that stand for digits among digits count.
    #[must_use]
    pub fn digit(&self, i: usize) -> Option<u8> {
        let byte = match self.digits.get(i) {
            Some(byte) => *byte,
            None => *self.text.as_bytes().get(i)?,
        };
        byte.is_ascii_digit().then(|| byte - b'0')
    }

    /// Whether the text has a digit.
    #[must_use]
    pub fn has_digit(&self) -> bool {
        self.has_any(b"0123456789")
    }

    /// Whether the text has any of these ASCII characters, lower case. Costs no look at the text.
    #[must_use]
    pub fn has_any(&self, ascii: &[u8]) -> bool {
        ascii.iter().any(|byte| {
            let half = self.ascii.get(usize::from(byte >> 6)).copied().unwrap_or(0);
            half >> (byte & 63) & 1 == 1
        })
    }

    /// The signs of disguise of the whole text.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many characters between two bytes of the text bear a sign of disguise.
    #[must_use]
    pub fn signs(&self, start: usize, end: usize) -> usize {
        let signs = self.signs.get(start..end.min(self.signs.len())).unwrap_or_default();
        signs.iter().filter(|bits| **bits != 0).count()
    }

    /// A confidence raised by the signs of disguise between two bytes of the text: each takes away half
    /// of the doubt, because nobody writes an order number with zero-width joiners.
    #[must_use]
    pub fn surer(&self, confidence: u8, start: usize, end: usize) -> u8 {
        let doubt = 100_u8.saturating_sub(confidence) >> self.signs(start, end).min(7);
        confidence.max(CONFIDENCE_MAX.min(100 - doubt))
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Folded, Parts};
    use crate::Span;

    #[test]
    fn an_end_within_a_character_is_behind_it() {
        // "1/2" and "a" of "½a".
        let parts = Parts { text: "1/2a".into(), map: vec![0, 0, 0, 2, 3], ..Parts::default() };
        let folded = Folded::of(parts);
        assert_eq!(folded.original(0, 1), Span { start: 0, end: 2 });
        assert_eq!(folded.original(1, 3), Span { start: 0, end: 2 });
        assert_eq!(folded.original(1, 4), Span { start: 0, end: 3 });
        assert_eq!(folded.original(2, 2), Span { start: 0, end: 0 });
        let plain = Folded::plain("жук");
        assert_eq!(plain.original(1, 3), Span { start: 0, end: 4 });
        assert_eq!(plain.original(2, 99), Span { start: 2, end: 6 });
    }

    #[test]
    fn signs_raise_confidence_and_never_lower_it() {
        let parts = Parts {
            text: "12345".into(),
            signs: vec![0, 1, 9, 0, 0],
            counts: Counts { invisible: 2, odd_digits: 1, ..Counts::default() },
            ..Parts::default()
        };
        let folded = Folded::of(parts);
        assert_eq!(folded.signs(0, 5), 2);
        assert_eq!(folded.surer(60, 0, 5), 90);
        assert_eq!(folded.surer(60, 3, 5), 60);
        assert_eq!(folded.surer(100, 0, 5), 100);
        assert_eq!(folded.counts().total(), 3);
        assert!(folded.digit(4) == Some(5) && folded.digit(5).is_none());
    }

    #[test]
    fn what_occurs_is_known_without_a_look() {
        let folded = Folded::plain("a@b, 7");
        assert!(folded.has_any(b"@") && folded.has_digit() && !folded.has_any(b".!"));
    }
}
