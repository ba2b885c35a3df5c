//! Names of several words: in quotes, with a remark on how to spell them, with numbers in words.

use parlour_guest::scan::Kind;

use super::{Contact, contact};
use crate::candidate::{Candidate, read};
use crate::lexicon::{Row, among, ascii_only, begins, single};
use crate::moving::is_number;
use crate::scene::Scene;
use crate::weigh::{Evidence, ends, is_filler};
use crate::words::{
    AT, BETWEEN, CALL, CALL_LOOSE, DASH, DOT, LOWER, MINE, NEGATION, NICK, UNDERSCORE, WORK,
};

/// Most words of such a name.
const WORDS_MAX: usize = 4;

/// The name that begins at token `n`, which a platform or a word for a name announces.
pub fn phrase(scene: &Scene<'_>, evidence: &Evidence, n: usize) -> Option<Candidate> {
    if evidence.has(NEGATION | WORK) || evidence.unknown > 0 || evidence.broken {
        return None;
    }
    // `@ anna petrova слитно`
    let said = scene.meaning(n) & AT != 0;
    if scene.spelling() && (said || scene.is(n, "@")) {
        let first = n + 1 + usize::from(scene.gap(n + 1));
        let (to, words) = run(scene, first, false);
        let to = remark_within(scene, first, to)
            .or((to..to + 4).any(|n| remark(scene, n)).then_some(to))
            .filter(|to| words > 1 && *to > first + 1);
        return to.map(|to| Candidate::shapeless(n, to));
    }
    let word = scene.token(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits));
    if !word {
        return None;
    }
    if let Some(to) = spelled(scene, n) {
        return Some(Candidate::shapeless(n, to));
    }
    let quoted = scene.before(n).is_some_and(is_quote);
    // Nearly always nothing is said of spelling, and no number is near.
    let ascii = |n: usize| scene.token(n).is_some_and(|t| ascii_only(t.text));
    let unknown = |n: usize| scene.meaning(n) == 0;
    let number = |n: usize| is_number(scene.text(n));
    let counted = || ascii(n) && unknown(n) && (1..4).any(|k| number(n + 2 * k));
    if !scene.spelling() && !quoted && !counted() || !scene.spend(4) {
        return None;
    }
    let (mut to, mut words) = run(scene, n, false);
    // Its marks tell of the name better.
    if read(scene, n).is_some_and(|c| c.strong && (c.to > to || c.underscore)) {
        return None;
    }
    let lines = run(scene, n, true);
    if lines.0 > to && (lines.0..lines.0 + 2).any(|n| remark(scene, n)) {
        (to, words) = lines;
    }
    if words == 0 {
        return None;
    }
    let nick = evidence.has(NICK);
    if words > 1
        && quoted
        && scene.token(to).is_some_and(is_quote)
        && (n..to).step_by(2).all(|n| ascii(n) && (nick || unknown(n)))
    {
        return Some(Candidate::shapeless(n, to));
    }
    if is_filler(scene, n) {
        return None;
    }
    // The remark may be the last of the words, or stand behind a comma.
    let own = remark_within(scene, n, to);
    let apart = (to..to + 4).find(|n| remark(scene, *n)).map(|_| to);
    // `тг латиницей: анна петрова`
    let before = (n.saturating_sub(8)..n).any(|n| remark(scene, n));
    // `телега дров, слитно`
    let latin = |n: usize| scene.begins(n, heads!("латин транслит"));
    let told =
        before || (n..to + 4).any(latin) || ascii(n) || nick || evidence.led || evidence.has(MINE);
    if let Some(to) = own.or(apart).filter(|to| told && (*to > n + 1 || ascii(n))) {
        return Some(Candidate::shapeless(n, to));
    }
    let closed = scene.token(to).is_none_or(|t| t.kind != Kind::Word && !t.is_gap());
    if before && closed && (words > 1 || ascii(n) && unknown(n)) {
        return Some(Candidate::shapeless(n, to));
    }
    // `anna ninety two`
    let first = (n + 2..to).step_by(2).find(|n| number(*n))?;
    let mut to = first + 1;
    let mut numbers = 1;
    while scene.token(to).is_some_and(|t| t.is_gap() || t.is("-"))
        && number(to + 1)
        && numbers < WORDS_MAX
    {
        (to, numbers) = (to + 2, numbers + 1);
    }
    let name = |n: usize| ascii(n) && unknown(n) && !number(n) && scene.kind_is(n, Kind::Word);
    let told = numbers > 1 || ends(scene, to) || scene.begins(to + 1, heads!("цифр digit"));
    ((n..first).step_by(2).all(name) && told).then(|| Candidate::shapeless(n, to))
}

/// Where a name ends in whose words `n..to` a remark on its spelling begins.
fn remark_within(scene: &Scene<'_>, n: usize, to: usize) -> Option<usize> {
    (n + 2..=to + 1).step_by(2).find(|n| remark(scene, *n)).map(|at| at - 1)
}

/// The name of several words before the remark on its spelling that begins at token `n`, when a platform is
/// named elsewhere: `anna petrova слитно, телега`.
pub fn remarked(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    const LEADS: &Row = &Row::of("все всё всі это це пишется пишеться written all tout");
    let remark_at = scene.terms.get(k)?.from;
    let platform = scene.named().filter(|_| remark(scene, remark_at) && !scene.work)?;
    let apart = |n: usize| scene.gap(n) || scene.among(n, row!(", ( - :"));
    let mut to = remark_at;
    while apart(to.wrapping_sub(1)) || scene.among(to.wrapping_sub(1), LEADS) {
        to -= 1;
    }
    let stop = CALL | CALL_LOOSE | NICK | MINE | BETWEEN | NEGATION;
    let part = |n: usize| {
        scene.kind_is(n, Kind::Digits)
            || is_number(scene.text(n))
            || scene.latin(n)
                && scene.term_at(n).is_none_or(|(_, t)| t.platform.is_none() && !t.means(stop))
            || scene.among(n, row!("плюс"))
    };
    let (mut from, mut words) = (to, 0);
    while from > 0 && words < WORDS_MAX && part(from - 1) {
        (from, words) = (from - 1, words + 1);
        // `ivan+petrov`, `ivan petrov`
        if from > 1 && (scene.gap(from - 1) || scene.is(from - 1, "+")) && part(from - 2) {
            from -= 1;
        }
    }
    let unknown = (from..to).any(|n| scene.latin(n) && scene.meaning(n) == 0);
    let bounded = from == 0 || !scene.kind_is(from - 1, Kind::Mark) || apart(from - 1);
    let glued = (from..to).any(|n| scene.among(n, row!("+ плюс plus")));
    (words > 1 && unknown && bounded && (to < remark_at || glued)).then(|| {
        let from = from - usize::from(scene.gap(from));
        contact(platform, Candidate::shapeless(from, to), &Evidence::default(), "remark")
    })
}

fn is_quote(t: &parlour_guest::scan::Token<'_>) -> bool {
    matches!(t.text, "\"" | "«" | "»" | "“" | "”" | "„" | "'")
}

/// The end of a name whose letters are told one by one: `a, n, n, a, tiret bas, 5, 5`.
fn spelled(scene: &Scene<'_>, n: usize) -> Option<usize> {
    const SIGNS_MAX: usize = 40;
    let single = |n: usize| {
        scene
            .token(n)
            .is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits) && single(t.text))
    };
    let marks = UNDERSCORE | DOT | DASH | LOWER;
    if scene.token(n).is_none_or(|t| t.kind != Kind::Word) {
        return None;
    }
    let (mut letters, mut to, mut at) = (0, n, n);
    while at < n + SIGNS_MAX {
        let mark = scene.is(at, "_") || scene.meaning(at) & marks != 0;
        if !single(at) && (!mark || letters == 0) {
            break;
        }
        letters += usize::from(single(at) && scene.token(at)?.kind == Kind::Word);
        (to, at) = (at + 1, at + 1);
        at += usize::from(scene.gap(at));
        at += usize::from(scene.among(at, row!(", - . ; / –")));
        at += usize::from(scene.gap(at));
    }
    (letters > 3 && (n..to).any(|n| scene.is(n, ","))).then_some(to)
}

/// The end of the words from token `n` on that only gaps part, and how many they are.
fn run(scene: &Scene<'_>, n: usize, lines: bool) -> (usize, usize) {
    let gap =
        |n: usize| scene.token(n).is_some_and(|t| t.is_gap() || lines && t.kind == Kind::Space);
    let part = |n: usize| {
        scene.token(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits))
            && scene.token(n + 1).is_none_or(|t| !matches!(t.kind, Kind::Word | Kind::Digits))
    };
    let (mut to, mut words) = (n, 0);
    while words < WORDS_MAX && part(to) {
        (to, words) = (to + 1, words + 1);
        if words == WORDS_MAX || !gap(to) || !part(to + 1) || lines && remark(scene, to + 1) {
            break;
        }
        to += 1;
    }
    (to, words)
}

/// Whether words at token `n` say how a name is spelled: `слитно`, `no spaces`, `en un mot`.
pub fn remark(scene: &Scene<'_>, n: usize) -> bool {
    const SIGNS: &Row = &Row::heads(
        "пробел пробіл space espace dot точ крап point скоб дуж bracket crochet кавыч лапк quote guillemet плюс plus accent дефис tiret dash подч підкр ниж undersc the les",
    );
    const REMOVE: &Row = &Row::of(
        "без no without sans через убери уберите убрать прибери приберіть remove drop minus enlève enlevez",
    );
    let next = |n: usize, list: &Row| scene.gap(n + 1) && scene.begins(n + 2, list);
    let Some(t) = scene.token(n).filter(|t| t.kind == Kind::Word && scene.spelling()) else {
        return false;
    };
    begins(t.text, heads!("слитн латин транслит attaché attache разом злитно склей collé together"))
        || among(t.text, REMOVE) && next(n, SIGNS)
        || begins(t.text, SIGNS)
            && next(n, heads!("между між entre between убер прибер убра remov"))
        || scene.among(n, row!("одним одно one un")) && next(n, heads!("слов mot word seul"))
        || scene.among(n, row!("all tout")) && next(n, heads!("one together attach lower coll"))
        || scene.among(n, row!("английскими английские англ англійськими англійською in en"))
            && (next(n, heads!("букв літер latin lettres un клав"))
                || scene.token(n + 1).is_none() && t.text.len() > 20)
}
