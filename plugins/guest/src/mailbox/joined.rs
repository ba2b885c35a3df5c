//! Addresses that lie in pieces over several messages of one sender, joined as they stand: `info`, `@`,
//! `shop`, `.ru`. Knows tokens and hosts.

use super::split::is_quiet;
use super::words::{AT, PROVIDERS, SURE_PROVIDERS};
use super::{Address, detect_all};
use crate::Folded;
use crate::host;
use crate::pieces::{Part, Said, Told};
use crate::scan;
use crate::tld::tld;

/// Most messages of the sender between two pieces.
const NOISE_MAX: usize = 2;

/// Most pieces.
const PARTS_MAX: usize = 5;

/// The address that the newest message ends, if its piece and earlier ones make one when joined.
pub(super) fn joined(newest: &Said, said: &[Said]) -> Option<Told<Address>> {
    let mut parts = vec![Part::of(newest, is_quiet)?];
    let mut noise = 0;
    for said in said {
        // `hello`, `at`, `shop dot com`
        let at = parts.last().is_some_and(|p| p.text().starts_with('@') || AT.contains(p.text()));
        let quiet = if at { is_short } else { is_quiet };
        let Some(part) = Part::of(said, quiet) else {
            noise += 1;
            if noise > NOISE_MAX {
                return None;
            }
            continue;
        };
        parts.push(part);
        if let Some(told) = whole(&parts) {
            return Some(told);
        }
        if parts.len() > PARTS_MAX {
            break;
        }
    }
    None
}

/// Whether a word says nothing else and is no name of an office either.
fn is_short(word: &str) -> bool {
    is_quiet(word) && !(word.is_ascii() && word.len() > 3)
}

/// Whether no name of an account looks like the domain of an address.
pub(super) fn is_sure(address: &Address) -> bool {
    let domain = address.domain.as_str();
    PROVIDERS.contains(scan::before(domain, b'.')) || host::is_sure(scan::behind(domain, b'.'))
}

/// What stands between two pieces, as far as they tell.
fn glue(before: &str, next: &str) -> Option<&'static str> {
    let mark = |b: Option<&u8>| b.is_some_and(|b| matches!(b, b'.' | b'-' | b'_' | b'@'));
    let word =
        |text: &str| crate::list::one_of("точка dot point крапка тчк", text) || AT.contains(text);
    let last = scan::behind(before, b' ');
    let first = scan::before(scan::before(next, b' '), b'.');
    if mark(before.as_bytes().last()) || mark(next.as_bytes().first()) {
        Some("")
    } else if word(last) || word(first) {
        Some(" ")
    } else if host::is_sure(first) {
        Some(".")
    } else if SURE_PROVIDERS.contains(first) && next.bytes().any(|b| b == b' ') {
        Some("@")
    } else {
        None
    }
}

/// The address that parts make, the newest first, all of them.
fn whole(parts: &[Part<'_>]) -> Option<Told<Address>> {
    let mut text = String::new();
    let mut plain = false;
    for part in parts.iter().rev() {
        if !text.is_empty() {
            let glue = glue(&text, part.text());
            // Two parts of a word have marks on their other sides.
            if glue.is_none() && (plain || part.plain) {
                return None;
            }
            text.push_str(glue.unwrap_or_default());
        }
        plain = part.plain;
        text.push_str(part.text());
    }
    let address = detect_all(&Folded::plain(&text)).into_iter().next_back()?;
    let (from, to) = (address.span.start as usize, address.span.end as usize);
    let (_, last) = scan::cut_last(&address.domain, b'.')?;
    let named = address.rule != "without-at" && tld(last).is_some();
    let alone = |part: &Part<'_>| !detect_all(&Folded::plain(part.text())).is_empty();
    if !named || from > 0 || to < text.len() || parts.iter().any(alone) {
        return None;
    }
    let span = |part: &Part<'_>| part.said.folded.original(part.from, part.to);
    let spans = parts.iter().rev().map(|part| (part.said.message, span(part))).collect();
    Some((Address { span: span(parts.first()?), rule: "split", signs: 3, ..address }, spans))
}
