//! Addresses of which each piece is parted from the next, or in brackets of its own.

use super::{Edit, back};
use crate::host;
use crate::list::one_of;
use crate::mailbox::PROVIDERS;
use crate::scan::{Kind, Token, gap, text};

/// Pieces of an address that one and the same mark parts: `ivan+petrov+собака+mail+точка+ru`.
pub fn parted(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 24;
    if text(tokens, i + 1) == "," && back(tokens, i, 2) == "," {
        return stripped(tokens, i, ",");
    }
    let mark = tokens.get(i.checked_sub(1)?).filter(|t| t.kind == Kind::Mark)?.text;
    if matches!((mark, text(tokens, i + 1)), ("(", ")") | ("[", "]") | ("{", "}")) {
        return stripped(tokens, i, "( ) [ ] { }");
    }
    if text(tokens, i + 1) != mark || matches!(mark, "." | "-" | "_" | "@" | "(" | ")" | "\"") {
        return None;
    }
    if !PROVIDERS.contains(text(tokens, i + 2)) {
        return None;
    }
    let piece = |n: usize| {
        tokens.get(n).is_some_and(|t| {
            matches!(t.kind, Kind::Word | Kind::Digits) || matches!(t.text, "." | "_" | "-")
        })
    };
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

/// Pieces of an address with commas between them, `эл, е, на, собака, ya, точка, ru`, or with brackets around
/// each, `(anya)(.)(k)(@)(gmail)(.)(com)`: without these.
fn stripped(tokens: &[Token<'_>], i: usize, marks: &'static str) -> Option<Edit> {
    const TOKENS: usize = 40;
    let off = |t: &Token<'_>| one_of(marks, t.text);
    let piece = |t: &&Token<'_>| match t.kind {
        Kind::Word | Kind::Digits => true,
        Kind::Space => t.is_gap(),
        Kind::Mark => off(t) || matches!(t.text, "." | "_" | "-" | "@"),
    };
    // The next piece is a provider, and the marks are not around the `@` alone.
    let beside = i.checked_sub(2)?;
    let name = beside.checked_sub(usize::from(gap(tokens, beside)))?;
    let provider = i + 3 - usize::from(marks == ",") + usize::from(gap(tokens, i + 2));
    if !PROVIDERS.contains(text(tokens, provider)) || !one_of(marks, text(tokens, name)) {
        return None;
    }
    let before = tokens.get(..i)?.iter().rev().take(TOKENS).take_while(piece).count();
    let behind = tokens.get(i..)?.iter().take(TOKENS).take_while(piece).count();
    let (from, to) = (i - before, i + behind);
    Some(Edit { from, to, put: String::new(), without: marks })
}
