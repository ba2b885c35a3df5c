//! Addresses of which each piece is parted from the next, or in brackets of its own.

use super::{Edit, back};
use crate::host;
use crate::list::one_of;
use crate::mailbox::PROVIDERS;
use crate::scan::{Kind, Token, gap, text};
use crate::tld::tld;

/// Pieces of an address that one and the same mark parts: `ivan+petrov+собака+mail+точка+ru`.
pub fn parted(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 24;
    if crate::scan::marks(tokens, i + 1, b',') && back(tokens, i, 2) == "," {
        return around(tokens, i, ",");
    }
    let mark = tokens.get(i.checked_sub(1)?).filter(|t| t.kind == Kind::Mark)?.text;
    if matches!((mark, text(tokens, i + 1)), ("(", ")") | ("[", "]") | ("{", "}")) {
        return around(tokens, i, BRACKETS);
    }
    if text(tokens, i + 1) != mark || matches!(mark, "." | "-" | "_" | "@" | "(" | ")" | "\"") {
        return None;
    }
    if !PROVIDERS.holds(tokens, i + 2) {
        return None;
    }
    let piece = |n: usize| tokens.get(n).is_some_and(|t| t.is_solid() || t.is_joint());
    let (mut from, mut to) = (i - 1, i + 2);
    while from > 0 && i - from < TOKENS && (piece(from - 1) || text(tokens, from - 1) == mark) {
        from -= 1;
    }
    while to < i + TOKENS && (piece(to) || text(tokens, to) == mark && piece(to + 1)) {
        to += 1;
    }
    let mut put = String::new();
    for (n, t) in tokens.get(from..to)?.iter().enumerate() {
        let place = from + n;
        let dot = place > i && host::is_dot(t);
        if place == i {
            put.push_str(" собака ");
        } else if t.text != mark && !dot {
            put.push_str(t.text);
        } else if !dot
            && place + 1 != i
            && place != i + 1
            && !(place > i && tokens.get(place + 1).is_some_and(host::is_dot))
        {
            put.push('.');
        }
    }
    (from + 1 < i).then_some(Edit::new(from, to, put))
}

const BRACKETS: &str = "( ) [ ] { }";

/// A dot in brackets between others: `(t)(.)(me)/(ivan)`.
pub fn boxed(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    let bracket = |n: usize| one_of(BRACKETS, text(tokens, n));
    let sound = i > 2 && [i - 2, i - 1, i + 1, i + 2].into_iter().all(bracket);
    (sound && tld(text(tokens, i + 3)).is_some()).then(|| stripped(tokens, i, BRACKETS))
}

/// Pieces of an address with commas between them, `эл, е, на, собака, ya, точка, ru`, or with brackets around
/// each, `(anya)(.)(k)(@)(gmail)(.)(com)`.
fn around(tokens: &[Token<'_>], i: usize, marks: &'static str) -> Option<Edit> {
    // The next piece is a provider, and the marks are not around the `@` alone.
    let beside = i.checked_sub(2)?;
    let name = beside.checked_sub(usize::from(gap(tokens, beside)))?;
    let provider = i + 3 - usize::from(marks == ",") + usize::from(gap(tokens, i + 2));
    let sound = PROVIDERS.holds(tokens, provider) && one_of(marks, text(tokens, name));
    sound.then(|| stripped(tokens, i, marks))
}

/// The pieces around token `i` without the marks.
fn stripped(tokens: &[Token<'_>], i: usize, marks: &'static str) -> Edit {
    const TOKENS: usize = 40;
    let piece = |t: &&Token<'_>| match t.kind {
        Kind::Word | Kind::Digits => true,
        Kind::Space => t.is_gap(),
        Kind::Mark => one_of(marks, t.text) || matches!(t.text, "." | "_" | "-" | "@" | "/"),
    };
    let (head, tail) = tokens.split_at(i.min(tokens.len()));
    let before = head.iter().rev().take(TOKENS).take_while(piece).count();
    let behind = tail.iter().take(TOKENS).take_while(piece).count();
    Edit { from: i - before, to: i + behind, put: String::new(), without: marks }
}
