//! Folded text as tokens, what a glance at a word tells, and the undoing of letters s p r e a d out. Knows
//! no category.

mod cut;

pub use cut::{Words, before, behind, cut, cut_last};

use crate::{Folded, Span};

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ASCII digits; the fold has made all digits so.
    Digits = 0,
    /// Letters, with apostrophes between letters.
    Word,
    /// White space.
    Space,
    /// One character of anything else.
    Mark,
}

/// A piece of a folded text. `start` and `end` are byte offsets in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
}

impl Token<'_> {
    #[must_use]
    pub fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// A word or digits.
    #[must_use]
    #[inline(never)]
    pub fn is_solid(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Digits)
    }

    /// A mark inside a name.
    #[must_use]
    #[inline(never)]
    pub fn is_joint(&self) -> bool {
        matches!(self.text, "." | "_" | "-")
    }

    /// White space within one line.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.kind == Kind::Space && (self.text == " " || one_line(self.text))
    }
}

#[inline(never)] // small where many gaps are asked
fn one_line(text: &str) -> bool {
    !text.bytes().any(|byte| byte == b'\n')
}

/// The text of a token, nothing outside of the text.
#[must_use]
#[inline(never)]
pub fn text<'t>(tokens: &[Token<'t>], n: usize) -> &'t str {
    tokens.get(n).map_or("", |t| t.text)
}

/// Whether token `n` is this mark of ASCII and nothing else.
#[must_use]
#[inline(never)]
pub fn marks(tokens: &[Token<'_>], n: usize, mark: u8) -> bool {
    *text(tokens, n).as_bytes() == [mark]
}

/// Whether token `n` is a word.
#[must_use]
#[inline(never)]
pub fn is_word(tokens: &[Token<'_>], n: usize) -> bool {
    tokens.get(n).is_some_and(|t| t.kind == Kind::Word)
}

/// Whether token `n` is white space within one line.
#[must_use]
#[inline(never)]
pub fn gap(tokens: &[Token<'_>], n: usize) -> bool {
    tokens.get(n).is_some_and(Token::is_gap)
}

impl Kind {
    /// The kind in the lowest bits of a token's class.
    pub(crate) fn of(class: u8) -> Self {
        match class & 3 {
            0 => Self::Digits,
            1 => Self::Word,
            2 => Self::Space,
            _ => Self::Mark,
        }
    }
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digits,
        'a'..='z' | '\u{430}'..='\u{45f}' => Kind::Word,
        ' ' | '\n' => Kind::Space,
        _ if c.is_ascii_punctuation() => Kind::Mark,
        _ if c.is_alphabetic() => Kind::Word,
        _ if c.is_whitespace() => Kind::Space,
        _ => Kind::Mark,
    }
}

/// Splits a text that does not come from the host; the tokens cover it without gaps. For the host's
/// views there is [`Folded::tokens`], which has no need to look.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let (starts, classes) = split(text);
    let ends = starts.iter().skip(1).copied().chain(u32::try_from(text.len()));
    let ranges = starts.iter().zip(ends).map(|(start, end)| (*start as usize, end as usize));
    ranges
        .zip(classes)
        .map(|((start, end), class)| Token {
            kind: Kind::of(class),
            text: text.get(start..end).unwrap_or_default(),
            start,
            end,
        })
        .collect()
}

/// Where each token begins, and its kind.
pub(crate) fn split(text: &str) -> (Vec<u32>, Vec<u8>) {
    let mut starts = Vec::with_capacity(text.len() / 3);
    let mut classes = Vec::with_capacity(text.len() / 3);
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let of = kind(first);
        while let Some((at, c)) = chars.peek().copied().filter(|_| of != Kind::Mark) {
            let inner = of == Kind::Word
                && c == '\''
                && text
                    .get(at + 1..)
                    .and_then(|r| r.chars().next())
                    .is_some_and(char::is_alphabetic);
            if kind(c) != of && !inner {
                break;
            }
            chars.next();
        }
        starts.push(u32::try_from(start).unwrap_or(u32::MAX));
        classes.push(of as u8);
    }
    (starts, classes)
}

/// Shortest run of single letters that is read as one spread-out word.
const SPREAD_MIN: usize = 3;

/// The text with spread-out letters (`h e l l o`, `h.e.l.l.o`, `h-e-l-l-o`) drawn together, or
/// nothing when it has none. The map leads back to the original as before.
#[must_use]
pub fn drawn_together(folded: &Folded) -> Option<Folded> {
    if !folded.may_be_spread() {
        return None;
    }
    draw_together(folded, &folded.tokens())
}

/// The same, with the tokens of the text at hand.
#[must_use]
pub fn draw_together(folded: &Folded, tokens: &[Token<'_>]) -> Option<Folded> {
    let spread = tokens.iter().enumerate().any(|(i, token)| {
        token.kind == Kind::Word
            && single(token)
            && tokens.get(i + 2).is_some_and(single)
            && spread_run(tokens, i).letters >= SPREAD_MIN
    });
    if !spread {
        return None;
    }
    let mut out = (String::new(), Vec::new());
    let mut found = false;
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let run = spread_run(tokens, i);
        if run.letters >= SPREAD_MIN {
            found = true;
            for part in tokens.get(i..run.end).unwrap_or_default() {
                if part.kind != Kind::Space && run.glue.is_none_or(|g| !part.is(g)) {
                    copy(folded, part, &mut out);
                }
            }
            i = run.end;
        } else {
            copy(folded, token, &mut out);
            i += 1;
        }
    }
    out.1.push(folded.at(usize::MAX));
    found.then(|| Folded::spelled(out.0, out.1).drawn(folded))
}

/// Adds what another reading of a text found. Both are in the order of the text, and within each
/// nothing overlaps; where something new overlaps, it takes the place of what it is wider than, or goes.
#[inline(never)]
pub fn merge<T>(found: &mut Vec<T>, more: Vec<T>, span: fn(&T) -> Span) {
    let width = |of: Span| of.end.saturating_sub(of.start);
    for new in more {
        let of = span(&new);
        let from = found.partition_point(|old| span(old).end <= of.start);
        let near = found.get(from..).unwrap_or_default().iter();
        let over = near.take_while(|old| span(old).start < of.end);
        let (count, narrower) = over.fold((0, true), |(count, narrower), old| {
            (count + 1, narrower && width(span(old)) < width(of))
        });
        if narrower {
            found.drain(from..from + count);
            found.insert(from, new);
        }
    }
}

struct Run<'a> {
    letters: usize,
    end: usize,
    glue: Option<&'a str>,
}

/// Whether a token is one character.
fn single(t: &Token<'_>) -> bool {
    match t.text.len() {
        1 => true,
        length @ 2..=4 => {
            t.text.bytes().next().is_some_and(|first| first.leading_ones() as usize == length)
        }
        _ => false,
    }
}

/// The run of single characters that begins at token `i`, each parted from the next by white space
/// or by one and the same mark.
fn spread_run<'a>(tokens: &[Token<'a>], i: usize) -> Run<'a> {
    let nothing = Run { letters: 0, end: i + 1, glue: None };
    let starts_word =
        i.checked_sub(1).and_then(|p| tokens.get(p)).is_none_or(|t| t.kind != Kind::Digits);
    let Some(first) = tokens.get(i).filter(|t| t.kind == Kind::Word && single(t) && starts_word)
    else {
        return nothing;
    };
    let mut run = Run { letters: usize::from(first.kind == Kind::Word), end: i + 1, glue: None };
    let spaced = tokens.get(i + 1).is_some_and(Token::is_gap);
    if let Some(mark) = tokens
        .get(i + 1)
        .filter(|t| matches!(t.text, "." | "-" | "_" | "*" | "/" | "|" | "," | "~" | "+" | "="))
    {
        run.glue = Some(mark.text);
    } else if !spaced {
        return nothing;
    }
    loop {
        let between = tokens.get(run.end);
        let parted = match (run.glue, between) {
            (Some(glue), Some(t)) => t.is(glue),
            (None, Some(t)) => t.is_gap(),
            (_, None) => false,
        };
        let next = tokens.get(run.end + 1).filter(|t| single(t) && t.kind != Kind::Space);
        let Some(next) = next.filter(|_| parted) else {
            return run;
        };
        run.letters += usize::from(next.kind == Kind::Word);
        run.end += 2;
    }
}

fn copy(folded: &Folded, token: &Token<'_>, out: &mut (String, Vec<u32>)) {
    out.0.push_str(token.text);
    out.1.extend((token.start..token.end).map(|i| folded.at(i)));
}

/// What is told of a word by looks at eight bytes at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// A hash of the bytes.
    pub digest: u32,
    /// Whether the word is of Cyrillic letters without `ё` or of small letters of ASCII, all as [`plain`](crate::spelling::plain)
    /// spells them, and no letter stands twice in a row. When this is not told, the word may still be so.
    pub simple: bool,
}

/// How eight bytes of letters of one alphabet look: all lanes have one and the same size.
struct Lanes {
    bits: u32,
    /// The lowest bit of each, and the highest.
    ones: u64,
    highs: u64,
    /// The bits of a letter by which the alphabet is known, and what they are.
    mask: u64,
    sign: u64,
    /// In each lane the letter that [`plain`](crate::spelling::plain) spells otherwise, or none.
    other: u64,
    /// What stands behind a word of less than eight bytes: no letters, and never the same twice; the
    /// highest bits are those of letters.
    pad: u64,
}

const LATIN: Lanes = Lanes {
    bits: 8,
    ones: 0x0101_0101_0101_0101,
    highs: 0x8080_8080_8080_8080,
    mask: 0xe0e0_e0e0_e0e0_e0e0,
    sign: 0x6060_6060_6060_6060,
    other: 0x7f7f_7f7f_7f7f_7f7f,
    pad: 0x7b60_7b60_7b60_7b60,
};

/// The letters that begin with the bytes D0 and D1.
const CYRILLIC: Lanes = Lanes {
    bits: 16,
    ones: 0x0001_0001_0001_0001,
    highs: 0x8000_8000_8000_8000,
    mask: 0x00fe_00fe_00fe_00fe,
    sign: 0x00d0_00d0_00d0_00d0,
    other: 0x91d1_91d1_91d1_91d1,
    pad: 0xc1d0_c0d0_c1d0_c0d0,
};

impl Lanes {
    /// Not 0 when some lane of eight bytes is no letter of the alphabet, is spelled otherwise or is the
    /// same as the next.
    #[inline(always)]
    const fn odd(&self, eight: u64) -> u64 {
        // What letters of one alphabet differ in has no highest bit, and the last has no next one.
        let (twice, other) = (eight ^ eight >> self.bits, eight ^ self.other);
        twice.wrapping_sub(self.ones) & self.highs >> self.bits
            | other.wrapping_sub(self.ones) & self.highs
            | eight & self.mask ^ self.sign
    }
}

impl Glance {
    #[must_use]
    pub const fn of(word: &str) -> Self {
        let word = word.as_bytes();
        let lanes = if !word.is_empty() && word[0] >= 0x80 { &CYRILLIC } else { &LATIN };
        let (mut digest, mut odd, mut rest) = (word.len() as u64, 0, word);
        // The last letter is looked at again, beside the next one.
        while let Some(eight) = rest.first_chunk::<8>() {
            let eight = u64::from_le_bytes(*eight);
            (digest, odd) = (stirred(digest, eight), odd | lanes.odd(eight));
            rest = rest.split_at(6).1;
        }
        if rest.len() > 2 || word.len() < 8 {
            let eight = match word.last_chunk::<8>() {
                Some(eight) => u64::from_le_bytes(*eight),
                None => few(word) | lanes.pad << (8 * word.len()),
            };
            (digest, odd) = (stirred(digest, eight), odd | lanes.odd(eight));
        }
        Self { digest: (stirred(digest, 0) >> 32) as u32, simple: odd == 0 }
    }
}

#[inline(always)]
const fn stirred(digest: u64, eight: u64) -> u64 {
    let product = (digest ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}

/// Less than eight bytes as a number.
const fn few(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let last = u32::from_le_bytes(*last) as u64;
        return u32::from_le_bytes(*first) as u64 | last << (8 * (bytes.len() - 4));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<2>(), bytes.last_chunk::<2>()) {
        let last = u16::from_le_bytes(*last) as u64;
        return u16::from_le_bytes(*first) as u64 | last << (8 * (bytes.len() - 2));
    }
    if let Some(first) = bytes.first() { *first as u64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{Folded, Glance, Kind, Span, drawn_together, merge, tokens};

    #[test]
    fn a_second_reading_replaces_what_is_narrower() {
        let spans = |all: &[(u32, u32)]| -> Vec<Span> {
            all.iter().map(|(start, end)| Span { start: *start, end: *end }).collect()
        };
        let mut found = spans(&[(2, 4), (5, 6), (8, 12)]);
        merge(&mut found, spans(&[(0, 2), (3, 7), (9, 13), (20, 21)]), |s| *s);
        assert_eq!(found, spans(&[(0, 2), (3, 7), (8, 12), (20, 21)]));
    }

    #[track_caller]
    fn check(text: &str, expected: &[(Kind, &str)]) {
        let got: Vec<_> = tokens(text).iter().map(|t| (t.kind, t.text)).collect();
        assert_eq!(got, expected);
        assert_eq!(tokens(text), Folded::plain(text).tokens());
    }

    #[test]
    fn tokens_cover_the_text() {
        check("", &[]);
        check(
            "п'ять 05-1",
            &[
                (Kind::Word, "п'ять"),
                (Kind::Space, " "),
                (Kind::Digits, "05"),
                (Kind::Mark, "-"),
                (Kind::Digits, "1"),
            ],
        );
        check("a'", &[(Kind::Word, "a"), (Kind::Mark, "'")]);
    }

    #[track_caller]
    fn check_drawn(text: &str, expected: Option<&str>) {
        let drawn = drawn_together(&Folded::plain(text));
        assert_eq!(drawn.as_ref().map(|d| d.text.as_str()), expected, "{text}");
        if let Some(d) = drawn {
            assert_eq!(d.original(0, usize::MAX).end as usize, text.len());
        }
    }

    #[test]
    fn spread_letters_are_drawn_together() {
        check_drawn("say h e l l o now", Some("say hello now"));
        check_drawn("h-e-l-l-o", Some("hello"));
        check_drawn("a . b", None);
        check_drawn("i v a n @ m a i l . r u", Some("ivan@mail.ru"));
        check_drawn("я и ты", None);
        check_drawn("т.е. да", None);
    }

    #[test]
    fn a_glance_tells_simple_words_from_others() {
        for word in ["a", "cab", "kitchen", "window", "importance", "я", "дом", "комната", "їжак"]
        {
            assert!(Glance::of(word).simple, "{word}");
        }
        for word in ["aa", "door", "yellow", "importanceé", "don't", "ёж", "её", "п'ять", "касса"]
        {
            assert!(!Glance::of(word).simple, "{word}");
        }
        for word in ["", "дaм", "кассета", "предложение-", "құс", "домм", "a1", "телефонё"]
        {
            assert!(!Glance::of(word).simple || word.is_empty(), "{word}");
        }
        let digests = ["", "a", "b", "ab", "ba", "дом", "домик", "комната", "комнату", "комнаты"];
        for (n, word) in digests.iter().enumerate() {
            let others = digests.iter().skip(n + 1);
            others.for_each(|other| assert_ne!(Glance::of(word).digest, Glance::of(other).digest));
        }
    }
}
