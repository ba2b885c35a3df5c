//! Addresses of which each piece is parted from the next, or in brackets of its own.

use super::{Edit, back};
use crate::host;
use crate::mailbox::{AT, PROVIDERS};
use crate::scan::{Kind, Token, gap, text};

/// Pieces of an address that one and the same mark parts: `ivan+petrov+собака+mail+точка+ru`.
pub fn parted(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 24;
    if text(tokens, i + 1) == "," && back(tokens, i, 2) == "," {
        return listed(tokens, i);
    }
    let mark = tokens.get(i.checked_sub(1)?).filter(|t| t.kind == Kind::Mark)?.text;
    if matches!((mark, text(tokens, i + 1)), ("(", ")") | ("[", "]") | ("{", "}")) {
        return boxed(tokens, i);
    }
    if text(tokens, i + 1) != mark || matches!(mark, "." | "-" | "_" | "@" | "(" | ")" | "\"") {
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
    if !PROVIDERS.contains(text(tokens, i + 2)) {
        return None;
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
    (from + 1 < i).then_some(Edit { from, to, put })
}

/// Pieces of an address with commas between them, `эл, е, на, собака, ya, точка, ru`: without these.
fn listed(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 40;
    let piece = |t: &Token<'_>| match t.kind {
        Kind::Word | Kind::Digits => true,
        Kind::Space => t.is_gap(),
        Kind::Mark => matches!(t.text, "," | "." | "_" | "-"),
    };
    if !PROVIDERS.contains(text(tokens, i + 3)) {
        return None;
    }
    let before = tokens.get(..i)?.iter().rev().take(TOKENS).take_while(|t| piece(t)).count();
    let behind = tokens.get(i..)?.iter().take(TOKENS).take_while(|t| piece(t)).count();
    let (from, to) = (i - before, i + behind);
    // What ends the sentence stays.
    let put = tokens.get(from..to)?.iter().filter(|t| !t.is(",")).map(|t| t.text).collect();
    Some(Edit { from, to, put })
}

/// Pieces of an address with brackets around each, `(anya)(.)(k)(@)(gmail)(.)(com)`: without these.
fn boxed(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 40;
    let bracket = |t: &Token<'_>| matches!(t.text, "(" | ")" | "[" | "]" | "{" | "}");
    let piece = |n: usize| {
        let beside = |n: usize| tokens.get(n).is_some_and(bracket);
        tokens.get(n).is_some_and(|t| match t.kind {
            Kind::Word | Kind::Digits => true,
            Kind::Space => t.is_gap() && (beside(n.wrapping_sub(1)) || beside(n + 1)),
            Kind::Mark => bracket(t) || matches!(t.text, "." | "_" | "-" | "@"),
        })
    };
    let (mut from, mut to) = (i, i + 1);
    while from > 0 && i - from < TOKENS && piece(from - 1) {
        from -= 1;
    }
    while to < i + TOKENS && piece(to) {
        to += 1;
    }
    let provider = i + 3 + usize::from(gap(tokens, i + 2));
    if !PROVIDERS.contains(text(tokens, provider)) {
        return None;
    }
    // A name before it stands in brackets too, or the brackets are around the sign alone.
    let name = i - 2 - usize::from(gap(tokens, i.checked_sub(2)?));
    if !tokens.get(name).is_some_and(bracket) || !tokens.get(provider + 1).is_some_and(bracket) {
        return None;
    }
    let mut put = String::new();
    for t in tokens.get(from..to)?.iter().filter(|t| !bracket(t)) {
        match t.kind {
            Kind::Space => {}
            Kind::Word if AT.contains(t.text) => put.push('@'),
            Kind::Word if host::is_dot(t) => put.push('.'),
            _ => put.push_str(t.text),
        }
    }
    Some(Edit { from, to, put })
}
