//! Handles that stand before their platform: `ivan_petrov в телеге`. Decides what words may stand between.

use parlour_guest::scan::Kind;

use super::{AHEAD_MAX, Contact, REAL_NAMES, contact, full_name_end, humps};
use crate::candidate::{Candidate, read};
use crate::lexicon::{among, ascii_only};
use crate::platform::{KIK, SIGNAL, SNAPCHAT, Strength, YOUTUBE};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, code, cyrillic_around, ends, english_form, in_url, is_filler};
use crate::words::{self, BETWEEN, CALL, CALL_LOOSE, MINE, NICK, PREP, WORK};

/// The handle before platform `k`: `ivan_petrov в телеге`, `@anna (инста)`.
pub fn behind(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let term = scene.terms.get(k)?;
    let mut evidence = Evidence::default();
    let mine = |n: usize| scene.term_at(n).is_some_and(|(_, t)| t.means(MINE));
    let mut n = term.from;
    loop {
        let before = n.checked_sub(1).filter(|n| n + AHEAD_MAX > term.from)?;
        let token = scene.token(before)?;
        match token.kind {
            Kind::Space if token.is_gap() => n = before,
            // `ivan_petrov@insta`
            Kind::Mark if token.is("@") && before + 1 == term.from => n = before,
            Kind::Mark if token.is("\"") && evidence.has(PREP) => {
                return quoted(scene, term, before)
                    .map(|c| contact(term, c, &evidence, "platform"));
            }
            Kind::Mark if among(token.text, row!("( - : , \" = / [ < ← ⬅")) => {
                evidence.led |= among(token.text, row!("< ← ⬅"));
                n = before;
            }
            Kind::Word | Kind::Digits | Kind::Mark => {
                if let Some(c) = person(scene, term, &evidence, n) {
                    return Some(contact(term, c, &evidence, "platform"));
                }
                let start = chunk_start(scene, before);
                let camel = humps(scene, before) > 0;
                // A word that is known, or Cyrillic, is no name by itself.
                let plain = token.kind == Kind::Word && start == before && before + 1 == n;
                let dull = plain
                    && !camel
                    && !scene.odd
                    && !scene.said
                    && (!ascii_only(token.text) || scene.meaning(before) != 0);
                let candidate = if dull { None } else { read(scene, start) };
                let candidate = candidate.filter(|c| c.to == n);
                if let Some(c) =
                    candidate.filter(|c| c.strong || !is_filler(scene, start) && !mine(start))
                {
                    return behind_accepts(scene, term, &evidence, &c)
                        .then(|| contact(term, c, &evidence, "platform"));
                }
                let (_, word) = scene.term_at(before)?;
                if !word.means(PREP | NICK | MINE | BETWEEN) || evidence.words >= 4 {
                    return None;
                }
                evidence.bits |= word.bits;
                evidence.words += 1;
                n = word.from;
            }
            Kind::Space => return None,
        }
    }
}

/// A person's name that is to be looked for on a network of real names: `look up Mike Harrow on facebook`.
fn person(scene: &Scene<'_>, term: &Term, evidence: &Evidence, to: usize) -> Option<Candidate> {
    let known = term.platform.is_some_and(|p| p.is(REAL_NAMES) && p.strength > Strength::Weak);
    if !known || !evidence.has(PREP) || !scene.capital(to - 1) {
        return None;
    }
    let from = (2..5).map(|words| to.wrapping_sub(2 * words - 1)).rev();
    let from = from.filter(|n| *n < to).find(|n| full_name_end(scene, *n) == Some(to))?;
    let calls = |t: &Term| t.means(CALL | CALL_LOOSE | MINE) || scene.among(t.from, row!("look"));
    scene.preceding(scene.next(from), 2).any(calls).then(|| Candidate::shapeless(from, to))
}

/// The words that a call to look for them quotes: `ищите "кофейня у моста" в инсте`.
fn quoted(scene: &Scene<'_>, term: &Term, close: usize) -> Option<Candidate> {
    const TOKENS_MAX: usize = 12;
    let platform = term.platform.filter(|p| p.strength > Strength::Weak)?;
    let open = (close.saturating_sub(TOKENS_MAX)..close).rev().find(|n| scene.is(*n, "\""))?;
    let words = (open + 1..close).all(|n| scene.kind_is(n, Kind::Word) || scene.gap(n));
    let called = scene.preceding(scene.next(open), 1).any(|t| t.means(CALL | CALL_LOOSE));
    // What is looked for there is mostly to be watched.
    let watched = platform.is(YOUTUBE);
    (words && called && !watched && close > open + 1).then(|| Candidate::shapeless(open + 1, close))
}

/// The first token of the unbroken name that ends with token `i`.
fn chunk_start(scene: &Scene<'_>, i: usize) -> usize {
    let mut start = i;
    while let Some(before) = start.checked_sub(1)
        && i - before < 24
        && scene.token(before).is_some_and(|t| {
            matches!(t.kind, Kind::Word | Kind::Digits)
                || among(t.text, row!("_ . @ - #"))
                || t.kind == Kind::Mark && !ascii_only(t.text)
        })
    {
        start = before;
        if scene.is(before, "@") {
            break;
        }
    }
    while start < i && scene.among(start, row!(". - #")) {
        start += 1;
    }
    // `john dot smith on insta`: words before a mark that is said.
    for _ in 0..4 {
        let Some(first) = start.checked_sub(4).filter(|_| scene.said) else {
            break;
        };
        let latin = scene.latin(first);
        let marks = words::DOT | words::UNDERSCORE;
        if !latin || !scene.gap(first + 1) || scene.meaning(first + 2) & marks == 0 {
            break;
        }
        start = first;
    }
    start
}

fn behind_accepts(scene: &Scene<'_>, term: &Term, evidence: &Evidence, c: &Candidate) -> bool {
    let Some(platform) = term.platform else {
        return false;
    };
    let next_work = scene
        .terms
        .get(scene.next(term.to))
        .is_some_and(|t| t.means(WORK) && t.from <= term.to + 1);
    let preposition = evidence.has(PREP);
    if c.technical || next_work || term.emoji {
        return false;
    }
    if scene.is(c.to, "@") && c.to + 1 == term.from {
        return c.strong && platform.strength > Strength::Weak && !scene.is(term.to, ".");
    }
    // `ivan_petrov(тг)`
    let beside = c.to + 1 == term.from && scene.among(c.to, row!("( /")) && !c.listed;
    if !beside && code(scene, c) || in_url(scene, c) {
        return false;
    }
    let first = scene.next(c.from);
    let own = scene.preceding(first, 2).any(|t| {
        t.means(MINE | NICK | CALL | CALL_LOOSE) || scene.among(t.from, row!("suis look"))
    });
    let begins = scene.preceding(first, 1).next().is_none();
    let mine = evidence.has(MINE);
    if humps(scene, c.from) > 0 && c.to == c.from + 1 {
        let led = preposition || evidence.led;
        return own || mine || evidence.has(NICK | CALL) || begins && led && ends(scene, term.to);
    }
    let small = platform.is(SNAPCHAT | SIGNAL | KIK);
    let weak = platform.strength == Strength::Weak;
    if c.strong {
        let led = preposition && (c.underscore || own && small) || mine && begins;
        return c.at || (c.underscore || c.latin || own) && (!weak || led);
    }
    if !c.plain(scene) || weak && !small {
        return false;
    }
    let cyrillic = cyrillic_around(scene, term, c);
    if evidence.words > 1 && !mine && !evidence.has(NICK) && !cyrillic {
        return false;
    }
    (own && (!weak || c.letters >= 6) || evidence.has(NICK))
        && (cyrillic || !(english_form(scene, c) || scene.text(c.from).ends_with('s')))
        && preposition
}
