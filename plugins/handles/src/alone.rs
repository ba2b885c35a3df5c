//! Handles without a platform beside them: after a word for a name, after an `@` written or said, or
//! with an underscore said in words.

mod shortly;
mod told;

use parlour_guest::scan::Kind;

pub use self::told::far;

use crate::Mentions;
use crate::candidate::{Candidate, THEN, is_mark_word, read};
use crate::contact::{Contact, contact, humps, on};
use crate::lexicon::{Row, Stems, among, ascii_only, begins};
use crate::platform::skype;
use crate::scene::{Scene, Term};
use crate::weigh::{
    Evidence, at_follows, code, ends, english_form, in_url, is_filler, local_before, provider, step,
};
use crate::words::{
    self, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, EVERYBODY, MINE, NEGATION, NICK, STOP, WORK,
};

/// A word for a name and the name: `мой ник ivan_petrov`, `my username is annadesign`.
#[inline(never)]
pub fn named(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let term = scene.terms.get(k)?;
    let word = scene.token(term.from)?.text;
    let sure = begins(word, heads!("ник нік nick pseudo юз псевдоним username"));
    let mut evidence = Evidence::default();
    let speaking = MINE | CALL | CALL_LOOSE | NEGATION | WORK;
    evidence.bits |= scene.said_before(k, 4) & speaking;
    const GAMES: &Stems =
        &Stems::heads("minecraft майнкр дота доте dota cs кс fortnite игр robl wow gta pubg танк");
    let near = k.saturating_sub(8)..(k + 8).min(scene.terms.len());
    let near = scene.terms.get(near).unwrap_or_default();
    let game = || near.iter().any(|t| scene.begins(t.from, GAMES));
    let glued = scene.among(term.to, row!("_ -"));
    if scene.work && !sure || scene.secret() || glued {
        return None;
    }
    let platform = scene.named();
    let camel = |c: &Candidate| c.to == c.from + 1 && humps(scene, c.from) > 0;
    let mut n = term.to;
    while let Some(token) = scene.token(n).filter(|_| n < term.to + 24) {
        let c = read(scene, n).filter(|c| !c.technical && !code(scene, c) && !in_url(scene, c));
        let c = c.filter(|c| c.at || !scene.is(c.from.wrapping_sub(1), "@"));
        if let Some(c) = c
            && evidence.unknown == 0
            && (sure || camel(&c) || evidence.has(MINE | CALL | CALL_LOOSE) || platform.is_some())
            && (named_strong(&c, sure)
                || camel(&c) && !evidence.has(NEGATION)
                || named_plain(scene, &c, sure, platform.is_some(), &evidence))
            && (platform.is_some() || !game())
        {
            return Some(contact(platform.unwrap_or(term), c, &evidence, "name"));
        }
        if token.kind == Kind::Space && !token.is_gap() {
            return None;
        }
        n = step(scene, n, &mut evidence)?;
        if evidence.broken || evidence.words > 4 || evidence.unknown > 0 {
            return None;
        }
    }
    None
}

fn named_strong(c: &Candidate, sure: bool) -> bool {
    // `ник lena-kotova`
    if c.dashed && c.latin && c.letters >= 7 && !c.technical {
        return true;
    }
    let odd = c.at || c.underscore || c.digits > 0 || c.signs > 0 || sure;
    c.strong && odd && (c.latin || c.underscore || c.at)
}

fn named_plain(
    scene: &Scene<'_>,
    c: &Candidate,
    sure: bool,
    named_elsewhere: bool,
    evidence: &Evidence,
) -> bool {
    c.plain(scene)
        && !evidence.has(NEGATION)
        && (sure || evidence.has(MINE) && named_elsewhere && !english_form(scene, c))
        && (evidence.has(MINE) || evidence.led)
        && !is_filler(scene, c.from)
        && !scene.among(c.from.wrapping_sub(2), row!("в на in on at sur dans у"))
}

/// `собака ivan_petrov`: an `@` said, with a name after it and no mail domain.
pub fn said_at(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let term = scene.terms.get(k)?;
    let c = read(scene, term.from).filter(|c| c.at && c.latin && c.letters >= 3)?;
    let platform = scene.named();
    let called = scene.said_before(k, 4) & (CALL | CALL_LOOSE | NICK | MINE) != 0;
    let shaped = c.underscore || c.digits > 0;
    let dotted = (c.from..c.to).any(|n| scene.is(n, ".")) || c.signs > 2 && !c.underscore;
    // A word of Latin letters before it is the local part of an address.
    let local =
        term.from.checked_sub(2).and_then(|n| scene.token(n)).is_some_and(|t| {
            ascii_only(t.text) && t.kind != Kind::Mark && scene.gap(term.from - 1)
        });
    let word = scene.meaning(c.to - 1) & STOP == 0;
    let named = platform.is_some() && word || called && word && !scene.capital(c.to - 1);
    let mail = dotted || local && platform.is_none() || path_before(scene, term.from);
    (!mail && (shaped || named))
        .then(|| contact(platform.unwrap_or(term), c, &Evidence::default(), "said-at"))
}

/// Whether a slash, written or said, stands before token `i`: the path of a link follows.
pub fn path_before(scene: &Scene<'_>, i: usize) -> bool {
    let pad = |n: &usize| scene.gap(*n) || scene.among(*n, row!(") ] } * • \""));
    let back = 1 + (1..4).take_while(|n| pad(&i.wrapping_sub(*n))).count();
    scene.among(i.wrapping_sub(back), row!("/ слэш слеш slash дробь oblique скісна косая"))
}

/// Words that follow an `@` in programs and style sheets.
pub const DECORATORS: &Row = row!(
    "media import override types component injectable autowired entity \
    test keyframes property staticmethod classmethod dataclass param return returns app router \
    pytest deprecated charset supports include mixin",
);

/// A handle after an `@` with no platform beside it. A name with an underscore, a digit or a full stop
/// is a contact; a plain word is one when the sentence asks to write to it or it stands alone, and else
/// somebody is only spoken to.
#[inline(never)]
pub fn bare(scene: &Scene<'_>, i: usize, mentions: Mentions) -> Option<Contact> {
    let glued = scene.before(i).is_some_and(|t| {
        matches!(t.kind, Kind::Word | Kind::Digits) || among(t.text, row!("_ . - / = ` $"))
    });
    let platform_before =
        i.checked_sub(1).and_then(|n| scene.term_at(n)).is_some_and(|(_, t)| t.platform.is_some());
    let c = read(scene, i).filter(|c| c.letters >= 2)?;
    let first = scene.token(c.from + 1 + usize::from(scene.gap(c.from + 1)))?;
    let spaced = scene.gap(i + 1);
    // A sign for the first letter of a coarse word: `@ss`.
    let decorator = among(first.text, DECORATORS) || begins(first.text, heads!("sshol sshat ss-"));
    let platform = scene.named();
    let matrix = (c.from..c.to).any(|n| scene.is(n, ":"));
    if platform.is_none() && !matrix && provider(scene, c.from, c.to) {
        return None;
    }
    if glued && !platform_before || decorator || code(scene, &c) || in_url(scene, &c) {
        return None;
    }
    // `@nora🌻plumb`
    let picture = |n: usize| {
        scene.kind_is(n, Kind::Mark) && !ascii_only(scene.text(n)) && scene.meaning(n + 1) == 0
    };
    let shaped = c.underscore
        || c.digits > 0 && c.letters >= 3
        || (c.from..c.to).any(|n| scene.is(n, ".") || picture(n));
    if first.kind == Kind::Digits && !c.underscore || spaced && !shaped && !c.latin {
        return None;
    }
    if words::meaning(first.text) & EVERYBODY != 0 && !shaped {
        return None;
    }
    let before = scene.next(i);
    let k = scene.next(c.to).checked_sub(1)?;
    let speaking = NICK | CALL | CALL_LOOSE | CALL_LAST | MINE;
    let reach = |t: &Term| {
        let text = scene.text(t.from);
        begins(text, heads!("связ зв'яз контакт contact"))
    };
    let called = scene.preceding(before, 5).any(|t| t.means(speaking) || reach(t));
    let alone = scene.terms.len() <= k + 1 - before && c.letters >= 4;
    let plain = called && c.latin || platform.is_some() && c.latin && ends(scene, c.to) || alone;
    let accept = match mentions {
        Mentions::Auto => {
            shaped && (!spaced || called || platform.is_some() || c.underscore)
                || plain && c.letters >= 3 && (!spaced || called)
                // `@ ivan . petrov`: whatever it is of, it is no sentence.
                || shaped
                    && c.signs > 1
                    && scene.token(c.to).is_none()
                    && !local_before(scene, i)
        }
        Mentions::Flag => true,
        Mentions::Ignore => platform.is_some(),
    };
    let here = scene.terms.get(before)?;
    let evidence = Evidence { led: called, ..Evidence::default() };
    accept.then(|| contact(platform.unwrap_or(here), c, &evidence, "at"))
}

/// `иван нижнее подчёркивание петров`, `ivan underscore petrov`: a name whose mark is said.
pub fn spoken(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let term = scene.terms.get(k)?;
    if scene.file() {
        return None;
    }
    // `ivan (line below) petrov`
    let mut before = scene.terms.get(..k)?.iter().rev().take(2);
    let first = before.find(|f| !is_mark_word(scene, f.from));
    let start =
        first.filter(|f| f.to + 5 >= term.from && !scene.among(f.from, THEN)).map(|f| f.from)?;
    let start = start - usize::from(start > 0 && scene.is(start - 1, "@"));
    let c = read(scene, start).filter(|c| c.underscore && c.signs > 0 && c.letters >= 4)?;
    let filler =
        scene.term_at(start).is_some_and(|(_, t)| t.means(BETWEEN | NICK | CALL | STOP | NEGATION));
    let context = scene.named();
    let called = scene.said_before(k, 6) & (CALL | CALL_LOOSE | NICK | MINE) != 0;
    let certain = context.is_some() || called || c.latin;
    (!filler && certain && !at_follows(scene, c.to) && !in_url(scene, &c))
        .then(|| contact(context.unwrap_or(term), c, &Evidence::default(), "said-mark"))
}

/// `live:ivan.petrov`: a name as Skype gives it, whatever stands before it.
pub fn live(scene: &Scene<'_>, i: usize) -> Option<Contact> {
    let free = scene.before(i).is_none_or(|t| t.kind == Kind::Space || t.is(":"));
    let c = read(scene, i).filter(|c| c.latin && c.strong && c.letters >= 8)?;
    let shaped = c.underscore || c.digits > 0 || (c.from..c.to).any(|n| scene.is(n, "."));
    (free && shaped && !in_url(scene, &c)).then(|| on(skype(), 0, c, &Evidence::default(), "name"))
}
