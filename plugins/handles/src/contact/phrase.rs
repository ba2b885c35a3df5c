//! Names of several words: in quotes, with a remark on how to spell them, with numbers in words.

use parlour_guest::scan::Kind;

use crate::candidate::{Candidate, read};
use crate::lexicon::{Row, Stems, among, ascii_only, begins};
use crate::moving::is_number;
use crate::scene::Scene;
use crate::weigh::{Evidence, ends, is_filler};
use crate::words::{AT, MINE, NEGATION, NICK, SPELLING, WORK};

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
        let (to, words) = run(scene, first);
        let to = remark_within(scene, first, to)
            .or((to..to + 4).any(|n| remark(scene, n)).then_some(to))
            .filter(|to| words > 1 && *to > first + 1 && !scene.is(*to, "_"));
        return to.map(|to| Candidate::shapeless(n, to));
    }
    let word = scene.token(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits));
    if !word || remark(scene, n.wrapping_sub(2)) && scene.meaning(n) & SPELLING != 0 {
        return None;
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
    let (to, words) = run(scene, n);
    // Its marks tell of the name better.
    if read(scene, n).is_some_and(|c| c.strong && (c.to > to || c.underscore)) {
        return None;
    }
    if words == 0 {
        return None;
    }
    let nick = evidence.has(NICK);
    if quoted
        && (words > 1 || nick && unknown(n))
        && scene.token(to).is_some_and(is_quote)
        && (n..to).step_by(2).all(|n| nick || ascii(n) && unknown(n))
    {
        return Some(Candidate::shapeless(n, to));
    }
    if is_filler(scene, n) {
        return None;
    }
    // The remark may be the last of the words, or stand behind a comma.
    let own = remark_within(scene, n, to);
    let apart = (to..to + 6).find(|n| remark(scene, *n)).map(|_| to);
    // `тг латиницей: анна петрова`
    let before = (n.saturating_sub(8)..n).any(|n| remark(scene, n));
    // `телега дров, слитно`
    let latin = |n: usize| scene.begins(n, heads!("латин транслит"));
    let told =
        before || (n..to + 4).any(latin) || ascii(n) || nick || evidence.led || evidence.has(MINE);
    // `telegram space is full, no space left`
    let own_word = unknown(n) || !ascii(n) || nick || evidence.led || evidence.has(MINE);
    if let Some(to) = own.or(apart).filter(|to| told && own_word && (*to > n + 1 || ascii(n))) {
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
    // `semyon` is no seven.
    let own = |at: usize| at == n || !number(at);
    let name = |n: usize| ascii(n) && unknown(n) && own(n) && scene.kind_is(n, Kind::Word);
    let told = numbers > 1 || ends(scene, to) || scene.begins(to + 1, heads!("цифр digit"));
    ((n..first).step_by(2).all(name) && told).then(|| Candidate::shapeless(n, to))
}

/// Where a name ends in whose words `n..to` a remark on its spelling begins.
fn remark_within(scene: &Scene<'_>, n: usize, to: usize) -> Option<usize> {
    let at = (n + 2..=to + 1).step_by(2).find(|n| remark(scene, *n))?;
    let leads = scene.among(at - 2, row!("в пишется пишеться всё все усе это с a en in as"));
    Some(if leads && at > n + 3 { at - 3 } else { at - 1 })
}

fn is_quote(t: &parlour_guest::scan::Token<'_>) -> bool {
    among(t.text, row!("\" « » “ ” „ '"))
}

/// The end of the words from token `n` on that only gaps part, and how many they are.
fn run(scene: &Scene<'_>, n: usize) -> (usize, usize) {
    let part = |n: usize| {
        scene.token(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits))
            && scene.token(n + 1).is_none_or(|t| !matches!(t.kind, Kind::Word | Kind::Digits))
    };
    let (mut to, mut words) = (n, 0);
    while words < WORDS_MAX && part(to) {
        (to, words) = (to + 1, words + 1);
        if words == WORDS_MAX || !scene.gap(to) || !part(to + 1) {
            break;
        }
        to += 1;
    }
    (to, words)
}

/// Whether words at token `n` say how a name is spelled: `слитно`, `no spaces`, `en un mot`.
pub fn remark(scene: &Scene<'_>, n: usize) -> bool {
    scene.spelling() && scene.remarks(spells).get(n) == Some(&true)
}

/// Whether something in the message says how a name is spelled.
pub fn remarked(scene: &Scene<'_>) -> bool {
    scene.spelling() && scene.remarks(spells).contains(&true)
}

fn spells(scene: &Scene<'_>, n: usize) -> bool {
    const SIGNS: &Stems = &Stems::heads(
        "пробел пробіл space gap espace dot точ крап point скоб дуж bracket crochet кавыч лапк quote guillemet плюс plus accent дефис tiret dash подч підкр ниж undersc the les звезд звёзд зіроч star slash собак собач arob",
    );
    const REMOVE: &Row = row!(
        "без no without sans через вместо замість with avec убери уберите убрать прибери приберіть remove drop minus enlève enlevez",
    );
    let next = |n: usize, list: &Stems| scene.gap(n + 1) && scene.begins(n + 2, list);
    let Some(t) = scene.token(n).filter(|t| t.kind == Kind::Word) else {
        return false;
    };
    begins(t.text, heads!("слитн латин транслит attaché attache разом злитно склей collé together"))
        || among(t.text, REMOVE) && next(n, SIGNS)
        || next(n, heads!("между між entre between убер прибер убра remov"))
            && begins(t.text, SIGNS)
        || scene.among(n, row!("одним одно one un")) && next(n, heads!("слов mot word seul"))
        || scene.among(n, row!("all tout")) && next(n, heads!("one together attach lower coll"))
        || scene.among(n, row!("английскими английские англ англійськими англійською in en"))
            && (next(n, heads!("букв літер latin lettres un клав"))
                || scene.token(n + 1).is_none() && t.text.len() > 20)
}
