//! The local part before an `@`, as people write it. Knows tokens.

use super::words::{LEADS, LETTERS, NOT_LOCAL, NUMBERS, TOGETHER, USUAL, USUAL_BEFORE};
use super::{LOCAL_TOKENS_MAX, Proof};
use crate::host::{self, Dots};
use crate::list::one_of;
use crate::scan::{Kind, Token};

/// Where the words begin that only say what comes before an `@` at token `to`, `then as usual`; `to`
/// itself where there are none.
pub(super) fn before_usual(tokens: &[Token<'_>], to: usize, sure: bool) -> usize {
    const WORDS: usize = 9;
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    let gap = |n: usize| n - usize::from(n > 0 && crate::scan::gap(tokens, n - 1));
    // `name (all one word) @`
    let end = gap(to);
    let end = end - usize::from(end > 0 && crate::scan::marks(tokens, end - 1, b')'));
    let last = end
        .checked_sub(1)
        .filter(|n| sure && (USUAL.contains(word(*n)) || one_of(TOGETHER, word(*n))));
    let Some(mut from) = last else {
        return to;
    };
    let joins = |t: &Token<'_>| match t.kind {
        Kind::Word => one_of(USUAL_BEFORE, t.text),
        Kind::Mark => matches!(t.text, "," | "("),
        Kind::Space => t.is_gap(),
        Kind::Digits => false,
    };
    while from + WORDS > to && from > 0 && tokens.get(from - 1).is_some_and(joins) {
        from -= 1;
    }
    from
}

/// Where a name of at most three words begins whose last is token `from`, if the words `to..end` behind it
/// say that it is written as one, or a word for mail stands right before it.
pub(super) fn together(tokens: &[Token<'_>], from: usize, to: usize, end: usize) -> usize {
    const TOKENS: usize = 4;
    let said = |t: &Token<'_>| t.kind == Kind::Word && one_of(TOGETHER, t.text);
    let part = |n: usize| {
        crate::scan::gap(tokens, n + 1)
            && tokens.get(n).is_some_and(|t| {
                t.kind == Kind::Word
                    && t.text.is_ascii()
                    && t.text.len() > 2
                    && !LEADS.contains(t.text)
                    && !NOT_LOCAL.contains(t.text)
                    && !one_of("from use via write", t.text)
            })
    };
    let mut first = from;
    while first > 1 && first + TOKENS > from && part(first - 2) {
        first -= 2;
    }
    let whole = tokens.get(to..end).unwrap_or_default().iter().any(said)
        || LEADS.holds(tokens, first.wrapping_sub(2));
    if whole { first } else { from }
}

/// Whether a local part is more than a word.
pub(super) fn odd(written: &[Token<'_>]) -> bool {
    let mark = |t: &Token<'_>| t.is_joint();
    let long: usize = written.iter().map(|t| t.text.len()).sum();
    long > 3
        && written.iter().any(|t| t.kind == Kind::Digits || mark(t))
        && written.iter().any(|t| t.kind == Kind::Word)
}

/// Whether token `from` lies after `://` in one unbroken run: user and password of a link.
pub(super) fn in_address(tokens: &[Token<'_>], from: usize) -> bool {
    let mut run = tokens.get(..from).unwrap_or_default().iter().rev().take(LOCAL_TOKENS_MAX);
    run.by_ref().take_while(|t| t.kind != Kind::Space).any(|t| t.is("/"))
}

/// The local part that ends before token `to`: its first token and its signs of disguise.
pub(super) fn local(
    tokens: &[Token<'_>],
    free_from: usize,
    to: usize,
    plain: bool,
    proof: Proof,
) -> Option<(usize, u8)> {
    let mut from = to;
    let mut signs = 0_u8;
    let floor = free_from.max(to.saturating_sub(LOCAL_TOKENS_MAX));
    if let Some(start) = quoted(tokens, floor, to) {
        return Some((start, 0));
    }
    while from > floor {
        let t = tokens.get(from - 1)?;
        let takes = match t.kind {
            Kind::Word => !(from < to && t.text.contains('\'') && !plain),
            Kind::Digits => true,
            Kind::Mark => matches!(
                t.text,
                "." | "_" | "-" | "+" | "%" | "&" | "~" | "=" | "#" | "$" | "!" | "^" | "'"
            ),
            Kind::Space => false,
        };
        if !takes {
            // `boris точка zvuk@mail.ru`
            let dotted = |start: &usize| {
                host::dot(tokens, *start).is_some_and(|(_, dots)| dots == Dots::Spoken)
                    && !NOT_LOCAL.holds(tokens, start.wrapping_sub(1))
            };
            let mark = spoken_mark(tokens, floor, from, to).filter(|at| !plain || dotted(at));
            let Some(start) = mark else {
                break;
            };
            signs = signs.saturating_add(1);
            from = start;
            continue;
        }
        from -= 1;
    }
    // Marks that only precede the local part belong to the sentence.
    while from < to
        && tokens.get(from).is_some_and(|t| t.kind == Kind::Mark && !matches!(t.text, "_"))
    {
        from += 1;
    }
    let shortest = if proof == Proof::Domain { 1 } else { 3 };
    let length = tokens.get(to.checked_sub(1)?)?.end.checked_sub(tokens.get(from)?.start)?;
    (from < to && length >= shortest).then_some((from, signs))
}

/// Where a local part in quotes begins that ends before token `to`.
fn quoted(tokens: &[Token<'_>], floor: usize, to: usize) -> Option<usize> {
    let last = to.checked_sub(1).filter(|n| tokens.get(*n).is_some_and(|t| t.is("\"")))?;
    (floor..last)
        .rev()
        .find(|n| tokens.get(*n).is_some_and(|t| t.is("\"")))
        .filter(|n| n + 1 < last)
}

/// Where a spoken dot, hyphen or underscore begins when it ends before token `from`, as in
/// `ivan точка petrov @ ...`; or the name before digits that stand apart, as in `ivan 77 @ ...`.
fn spoken_mark(tokens: &[Token<'_>], floor: usize, from: usize, to: usize) -> Option<usize> {
    for back in [7, 5, 3] {
        let Some(start) = from.checked_sub(back).filter(|s| *s >= floor) else {
            continue;
        };
        let ascii = |n: usize| tokens.get(n).is_some_and(|t| t.text.is_ascii());
        let apart = start > floor && ascii(start - 1) && ascii(from) && from < to;
        let dotted = host::dot(tokens, start).is_some_and(|(length, dots)| {
            length == back && (dots >= Dots::Pointed || dots == Dots::Apart && apart)
        });
        let dashed = host::dash(tokens, start).is_some_and(|(length, _)| length == back);
        if dotted || dashed {
            return Some(start);
        }
    }
    let name = from.checked_sub(2).filter(|s| *s >= floor)?;
    let part = |n: usize| tokens.get(n).filter(|t| t.is_solid());
    let (before, after) = (part(name)?, part(from).filter(|_| from < to)?);
    if !crate::scan::gap(tokens, from - 1) {
        return None;
    }
    // `эс вэ е тэ а`, `k-a-t-y-a 1 9 9 5`, `ninety two`
    let single =
        |t: &Token<'_>| t.text.len() == 1 || t.kind == Kind::Word && LETTERS.contains(t.text);
    let number = |t: &Token<'_>| t.kind == Kind::Digits || NUMBERS.contains(t.text);
    let spelled = |t: &Token<'_>| single(t) || number(t);
    if spelled(after) && (single(before) || NUMBERS.contains(before.text)) {
        return Some(from - 1);
    }
    // The name before them, `ivan 77`.
    let letters = before.text.chars().take(3).count();
    let named = before.kind == Kind::Word
        && letters > 2
        && (before.text.is_ascii()
            || after.kind == Kind::Digits
            || LEADS.holds(tokens, name.wrapping_sub(2)))
        && !NOT_LOCAL.contains(before.text);
    (number(after) && named).then_some(from - 1)
}
