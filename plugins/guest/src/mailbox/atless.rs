//! Addresses without an `@` of their own: run together into one word, announced, or after the name of a
//! provider. Knows tokens and hosts.

use super::apart::is_dog;
use super::words::{GLUED, LEADS, MAIL, NOT_LOCAL, PROVIDERS, SURE_PROVIDERS};
use super::{At, Hit, LOCAL_TOKENS_MAX, Proof, domain, local};
use crate::host;
use crate::list::one_of;
use crate::scan::{Kind, Token};
use crate::tld::tld;

/// Whether a word is long enough for an address and has the beginning of a word for an `@` in it.
pub(super) fn may_run_on(word: &str) -> bool {
    const LEAST: usize = 12;
    /// Nine letters: a name of one, the word for an `@`, a provider of two.
    const LEAST_WIDE: usize = 18;
    let wide = |end: Option<&u8>| end.is_some_and(|byte| *byte >= 0x80);
    let bytes = word.as_bytes();
    let least = if wide(bytes.first()) && wide(bytes.last()) { LEAST_WIDE } else { LEAST };
    let begins = |w: &[u8]| {
        match w[0] {
            b'a' => w[1] == b't' || w[1..3] == *b"ro",
            b's' => w[1..3] == *b"ob",
            // `соб`
            0xd1 => w[1..] == [0x81, 0xd0, 0xbe, 0xd0, 0xb1],
            _ => false,
        }
    };
    bytes.len() >= least && bytes.windows(6).any(begins)
}

/// `ivanсобакаmailточкаru`, `ivanatgmail.com`: all in one word.
pub(super) fn run_on(tokens: &[Token<'_>], i: usize) -> Option<Hit> {
    let token = tokens.get(i).filter(|t| t.kind == Kind::Word && may_run_on(t.text))?;
    // `ivan2000собакаmailточкаru`: the name goes before the word.
    let before = tokens.get(i.wrapping_sub(1));
    let stuck = before.is_some_and(|t| t.kind == Kind::Digits || matches!(t.text, "." | "_"));
    // `ivan.p собакаmail.ru`
    let to = i - usize::from(i > 0 && crate::scan::gap(tokens, i - 1));
    let apart = to < i
        && GLUED.iter().any(|dog| token.text.starts_with(dog))
        && tokens.get(to.wrapping_sub(1)).is_some_and(|t| t.is_solid() && t.text.is_ascii());
    let from = if stuck || apart { stem(tokens, if stuck { i } else { to }) } else { i };
    let after = |at: &str| {
        let found = host::find(token.text, at).filter(|n| *n > 1 || from < i)?;
        token.text.get(found + at.len()..)
    };
    let rest = GLUED.iter().find_map(|at| after(at)).or_else(|| {
        // `at` may also be a part of the name.
        (if from < i { 0 } else { 2 }..token.text.len()).find_map(|n| {
            let rest = token.text.get(n..)?.strip_prefix("at")?;
            let known = |n: usize| rest.get(..n).is_some_and(|p| SURE_PROVIDERS.contains(p));
            (3..=10).any(known).then_some(rest)
        })
    })?;
    let end = ["точка", "tochka", "dot", "тчк", "point", "крапка"].iter().find_map(|d| {
        let at = host::find(rest, d)?;
        Some((rest.get(..at)?, rest.get(at + d.len()..)?))
    });
    if let Some((name, last)) = end
        && !name.is_empty()
        && tld(last).is_some()
    {
        return Some((from, i + 1, host::dotted(name, last), "disguised", 4));
    }
    let dotted =
        crate::scan::marks(tokens, i + 1, b'.') && tld(crate::scan::text(tokens, i + 2)).is_some();
    if dotted {
        return Some((from, i + 3, rest.to_owned(), "disguised", 3));
    }
    let known = SURE_PROVIDERS.contains(rest) || super::domain::run_on(rest);
    known.then(|| (from, i + 1, rest.to_owned(), "disguised", 3))
}

/// Where the words, digits and marks of a name begin that end before token `i`.
pub fn stem(tokens: &[Token<'_>], i: usize) -> usize {
    let solid = |t: &&Token<'_>| t.is_solid() || t.is_joint();
    let before = tokens.get(..i).unwrap_or_default().iter().rev().take(LOCAL_TOKENS_MAX);
    i - before.take_while(solid).count()
}

/// `почта ivanov22 mail.ru`: a word that announces mail, a local part, a provider, and no `@` at all.
pub(super) fn announced(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    let provider = tokens.get(i).filter(|t| t.kind == Kind::Word && PROVIDERS.contains(t.text))?;
    let gap = i.checked_sub(1).filter(|p| crate::scan::gap(tokens, *p))?;
    let end = match host::read(tokens, i) {
        Some(host) => host.end,
        None => domain(tokens, &At { from: gap, to: i, signs: 1, proof: Proof::Provider })?.0,
    };
    let (from, _) = local(tokens, free_from, gap, true, Proof::Provider)?;
    let written = tokens.get(from..gap)?;
    let latin = written.iter().all(|t| t.text.is_ascii());
    let odd = written.iter().any(|t| t.kind == Kind::Digits || matches!(t.text, "." | "_"));
    if !latin || NOT_LOCAL.contains(tokens.get(from)?.text) {
        return None;
    }
    let before = tokens.get(..from)?.iter().rev().filter(|t| t.kind == Kind::Word).take(3);
    let led = before.clone().any(|t| LEADS.contains(t.text));
    let cyrillic = before.clone().next().is_some_and(|t| !t.text.is_ascii());
    // `ivan77 gmail com`
    let ended = end > i + 1;
    let sure = SURE_PROVIDERS.contains(provider.text);
    let path = matches!(crate::scan::text(tokens, end), "/" | "?");
    let told = || {
        let near = tokens.get(end..).unwrap_or_default().iter().take(16);
        near.into_iter().any(|t| sure && t.is("@") || is_dog(t.text))
            && written.iter().map(|t| t.text.len()).sum::<usize>() > 4
    };
    let named = ended && !path && (sure && super::odd(written) && written.len() > 1 || told());
    (led && (odd || cyrillic) || named)
        .then(|| (from, end, provider.text.to_owned(), "without-at", 2))
}

/// `гугл почта ivan.petrov`, `gmail: ivan.petrov`: a provider right before a name that is no word.
pub(super) fn entrusted(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word && i >= free_from)?.text;
    let case = super::told::stem(word);
    let named_exactly = SURE_PROVIDERS.contains(word);
    let named = named_exactly
        || case.is_some_and(|case| SURE_PROVIDERS.contains(case))
        || one_of(MAIL, word) && {
            let before = tokens.get(i.wrapping_sub(2)).map_or("", |t| t.text);
            one_of("гугл google гугловск яндекс yandex яндексе", before)
        };
    if !named {
        return None;
    }
    let mut from = i + 1;
    while tokens.get(from).is_some_and(|t| t.is_gap() || matches!(t.text, ":" | "-"))
        && from < i + 4
    {
        from += 1;
    }
    let mut to = from;
    while tokens.get(to).is_some_and(|t| {
        t.text.is_ascii() && (t.is_solid() || t.is_joint()) && to < from + LOCAL_TOKENS_MAX
    }) {
        to += 1;
    }
    while to > from && tokens.get(to - 1).is_some_and(|t| t.kind == Kind::Mark) {
        to -= 1;
    }
    let name = tokens.get(from..to).filter(|_| from > i + 1)?;
    let site = name.last().is_some_and(|t| tld(t.text).is_some());
    let dotted = name.iter().any(|t| matches!(t.text, "." | "_") || t.kind == Kind::Digits);
    let marked = named_exactly || name.iter().any(|t| matches!(t.text, "." | "_"));
    // A provider behind the name says more: `announced` reads both.
    let more = PROVIDERS.holds(tokens, to + 1);
    let at = to + usize::from(crate::scan::gap(tokens, to));
    // `name, dog, gmail`
    let told = crate::scan::marks(tokens, to, b',') && super::at_words(tokens, to + 2).is_some();
    let apart = !more && !told && super::at_sign(tokens, at).is_none();
    (dotted && marked && super::odd(name) && !site && apart)
        .then(|| (from, to, word.to_owned(), "without-at", 2))
}
