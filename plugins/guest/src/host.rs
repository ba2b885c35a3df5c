//! Host names as people write them, plainly or so that a filter should not see them. Knows which top
//! level domains there are; what a host is for is the caller's matter.

use crate::scan::{Kind, Token};
use crate::tld::{Tld, tld};

/// A host name found among tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Lower case, labels joined by dots; transliterated top-level domains as they were written.
    pub name: String,
    /// Index of the first token after it.
    pub end: usize,
    /// The most disguised of its dots.
    pub dots: Dots,
    pub tld: Tld,
    /// How many labels it has.
    pub labels: usize,
}

/// How a dot was written, from plain to disguised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dots {
    Plain,
    /// White space only after it, as between sentences.
    Loose,
    /// White space before it.
    Apart,
    /// A word.
    Spoken,
    /// A word or a mark in brackets.
    Bracketed,
}

/// Most tokens of one label; DNS allows 63 characters.
const LABEL_TOKENS_MAX: usize = 64;

/// Longest name read; DNS allows 253.
const NAME_MAX: usize = 260;

const DOT_WORDS: &[&str] = &[
    "dot",
    "точка",
    "точку",
    "точкой",
    "тчк",
    "тчка",
    "крапка",
    "крапку",
    "point",
    "punkt",
    "dott",
    "дот",
    "дат",
    "пойнт",
    "punto",
    "кропка",
];

/// The dot that begins at token `i`: how many tokens it takes and how it was written.
#[must_use]
pub fn dot(tokens: &[Token<'_>], i: usize) -> Option<(usize, Dots)> {
    let here = tokens.get(i)?;
    let gap = |n: usize| tokens.get(n).is_some_and(Token::is_gap);
    if here.is(".") {
        return Some(if gap(i + 1) { (2, Dots::Loose) } else { (1, Dots::Plain) });
    }
    if let Some(length) = bracketed(tokens, i, |t| t.is(".") || DOT_WORDS.contains(&t.text)) {
        return Some((length + usize::from(gap(i + length)), Dots::Bracketed));
    }
    if here.is_gap() {
        let next = tokens.get(i + 1)?;
        if next.is(".") {
            return Some((if gap(i + 2) { 3 } else { 2 }, Dots::Apart));
        }
        if next.kind == Kind::Word && DOT_WORDS.contains(&next.text) && gap(i + 2) {
            return Some((3, Dots::Spoken));
        }
        if let Some(length) = bracketed(tokens, i + 1, |t| t.is(".") || DOT_WORDS.contains(&t.text))
        {
            let end = 1 + length + usize::from(gap(i + 1 + length));
            return Some((end, Dots::Bracketed));
        }
    }
    None
}

/// How many tokens a bracketed word takes: an opening mark, the word, a closing mark, with white
/// space inside allowed.
#[must_use]
pub fn bracketed(
    tokens: &[Token<'_>],
    i: usize,
    inner: impl Fn(&Token<'_>) -> bool,
) -> Option<usize> {
    let close = match tokens.get(i).filter(|t| t.kind == Kind::Mark)?.text {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        "<" => ">",
        "\"" => "\"",
        "*" => "*",
        "-" => "-",
        "_" => "_",
        "|" => "|",
        "/" => "/",
        _ => return None,
    };
    let mut n = i + 1;
    n += usize::from(tokens.get(n).is_some_and(Token::is_gap));
    if !tokens.get(n).is_some_and(&inner) {
        return None;
    }
    n += 1;
    n += usize::from(tokens.get(n).is_some_and(Token::is_gap));
    tokens.get(n).is_some_and(|t| t.is(close)).then_some(n + 1 - i)
}

/// A label: letters, digits, inner hyphens and underscores, without white space. Returns the index
/// after it.
fn label(tokens: &[Token<'_>], i: usize, name: &mut String) -> Option<usize> {
    let mut n = i;
    let mut solid = i;
    while let Some(t) = tokens.get(n).filter(|_| n - i < LABEL_TOKENS_MAX) {
        match t.kind {
            Kind::Word | Kind::Digits if !t.text.contains('\'') => {
                n += 1;
                solid = n;
            }
            Kind::Mark if matches!(t.text, "-" | "_") && n > i => n += 1,
            _ => break,
        }
    }
    if solid == i || name.len() > NAME_MAX {
        return None;
    }
    tokens.get(i..solid)?.iter().for_each(|t| name.push_str(t.text));
    Some(solid)
}

/// Reads the host that begins at token `i`: at least two labels of which the last is a top-level
/// domain. The longest such name is taken.
#[must_use]
pub fn read(tokens: &[Token<'_>], i: usize) -> Option<Host> {
    let mut name = String::new();
    let mut n = label(tokens, i, &mut name)?;
    let mut dots = Dots::Plain;
    let mut labels = 1;
    let mut best = None;
    while let Some((length, written)) = dot(tokens, n) {
        name.push('.');
        let from = name.len();
        let Some(after) = label(tokens, n + length, &mut name) else {
            break;
        };
        labels += 1;
        dots = dots.max(written);
        if let Some(kind) = name.get(from..).and_then(tld) {
            best = Some(Host { name: name.clone(), end: after, dots, tld: kind, labels });
        }
        n = after;
    }
    best
}
