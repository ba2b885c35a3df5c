//! Names that are words of no list and bear no mark: contacts only where much speaks for it.

use crate::candidate::Candidate;
use crate::moving::is_number;
use crate::platform::{DISCORD, LINKEDIN, SNAPCHAT, Strength};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, code, cyrillic_around, ends, english_form};
use crate::words::{CALL, CALL_LAST, CALL_LOOSE, MINE, NEGATION, NICK, WORK};

pub fn accept_plain(scene: &Scene<'_>, term: &Term, evidence: &Evidence, c: &Candidate) -> bool {
    let Some(platform) = term.platform else {
        return false;
    };
    let linked = platform.is(LINKEDIN) && c.dashed && c.latin && c.letters >= 5;
    if linked && !evidence.has(WORK) && evidence.unknown == 0 && !evidence.broken {
        return true;
    }
    if !c.plain(scene)
        || evidence.broken
        || evidence.has(WORK | NEGATION)
        || evidence.unknown > 0
        || code(scene, c)
        // `sur telegram, je garde`: a verb
        || scene.among(c.from.wrapping_sub(2), row!("je tu il on nous"))
    {
        return false;
    }
    let cyrillic = cyrillic_around(scene, term, c);
    let end = ends(scene, c.to);
    let called = evidence.has(CALL | CALL_LOOSE | CALL_LAST);
    let words = scene.terms.iter().filter(|t| !t.emoji).take(4).count();
    if term.emoji {
        return false;
    }
    let copula = evidence.words > 0;
    let english = !cyrillic && english_form(scene, c);
    if english && !evidence.led && !evidence.has(NICK) {
        return false;
    }
    if evidence.has(NICK) {
        let account = end && c.letters >= 6 && evidence.words == 1;
        return platform.strength > Strength::Weak || evidence.led || evidence.has(MINE) || account;
    }
    // `Discord ivanpetrov, send a friend request`, `insta at ivanpetrov`
    let after = scene.terms.get(scene.next(c.to)..).unwrap_or_default().iter().take(3);
    let asks = scene.is(c.to, ",") && after.into_iter().any(|t| t.means(CALL | CALL_LOOSE));
    let at = evidence.words == 1
        && scene.among(c.from.wrapping_sub(2), row!("at"))
        && (called || evidence.has(MINE) || words < 4);
    if (asks && evidence.words == 0 || at)
        && (platform.strength > Strength::Weak || term.signs > 1)
        && c.letters >= 8
        && !english
        && !scene.capital(c.from)
    {
        return true;
    }
    // `snap: curtains` are goods.
    let many = scene.token(c.from).is_some_and(|t| t.text.ends_with('s'));
    // `discord ivanpetrov`, `dc: ivanpetrov`
    let alone =
        platform.is(DISCORD | SNAPCHAT) && words == 2 && (evidence.led || scene.latin(term.from));
    if alone
        && end
        && c.letters >= 8
        && evidence.words == 0
        && !many
        && !english
        && !scene.capital(c.from)
    {
        return true;
    }
    // `мой дс ivanpetrov`, `my disc is ivanpetrov`
    let first = scene.terms.first().is_some_and(|t| t.from == term.from);
    let beside = first && evidence.words == 0 && !scene.latin(term.from);
    if platform.is(DISCORD)
        && end
        && c.letters > 5
        && !english
        && !scene.work
        && !is_number(scene.text(c.to + 1))
        && (evidence.has(MINE) || evidence.led || beside)
    {
        return true;
    }
    if platform.strength == Strength::Weak {
        let led = evidence.led && !scene.is(term.to, "-");
        return led
            && end
            && (evidence.has(MINE | CALL | CALL_LOOSE) || term.signs > 1 && c.letters > 3)
            || evidence.has(CALL | CALL_LOOSE)
                && !cyrillic
                && end
                && evidence.words == 0
                && evidence.has(MINE);
    }
    let own = evidence.has(MINE);
    let slang = platform.strength == Strength::Slang;
    // The two of them are the whole message, or the platform is disguised.
    let only = words == 2 && c.letters >= 6 || term.signs > 0;
    if cyrillic {
        return end && (evidence.led || called || own || slang || only)
            || evidence.led && (called || own || slang)
            || called && own;
    }
    let letters = scene.token(term.from).is_some_and(|t| t.text.len() == 2);
    end && (evidence.led
        || only && slang && letters && c.letters >= 8
        || called && evidence.words == 0 && !scene.is(term.to, ",")
        || own && copula
        || own && slang
        || term.signs > 0)
        || evidence.led && (own || called)
}
