//! What is a name by all that is said around it, where a platform is named and no shape tells of one: `первая
//! часть garik, вторая stroit`, `kate then seven seven`, `я там brixton`.

use parlour_guest::scan::Kind;

use super::{Contact, contact};
use crate::candidate::{Candidate, THEN, read};
use crate::moving::is_number;
use crate::platform::Strength;
use crate::scene::{Scene, Term};
use crate::split::{PARTS, told};
use crate::weigh::{Evidence, code, ends, english_form, in_url};
use crate::words::{
    self, AFTER, BEFORE, BETTER, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, FILL, HERE, MINE, NEGATION,
    NICK, PLACE, PREP, SPELLING, THING, WORK,
};

/// Most words of such a message.
const WORDS_MAX: usize = 14;

/// The name that a short message with a platform speaks of and of nothing else.
pub fn rest(scene: &Scene<'_>) -> Option<Contact> {
    let platform = scene.named().filter(|_| scene.terms.len() <= WORDS_MAX)?;
    let strong = platform.platform.is_some_and(|p| p.strength > Strength::Weak);
    if !strong || scene.bits & (NEGATION | WORK) != 0 || scene.secret() || scene.file() {
        return None;
    }
    let (mut names, mut first, mut last, mut found) = (0, 0, 0, None);
    for t in scene.terms.iter().filter(|t| t.bits == 0 && own(scene, t.from)) {
        first = if names == 0 { t.from } else { first };
        (names, last) = (names + 1, t.from);
        found = found.or_else(|| counted(scene, last));
    }
    let c = match names {
        0 => return None,
        _ if found.is_some() => found,
        1 => single(scene, platform, first),
        _ => halves(scene, first, last),
    }?;
    (!in_url(scene, &c)).then(|| contact(platform, c, &Evidence::default(), "rest"))
}

/// Whether a Latin word that may be a piece of a name stands at token `n`.
fn own(scene: &Scene<'_>, n: usize) -> bool {
    let named = scene.term_at(n).is_some_and(|(_, t)| t.platform.is_some());
    scene.latin(n)
        && !named
        && scene.text(n).len() > 2
        && told(scene, n) == 0
        && !is_number(scene.text(n))
}

/// `первая половина garik, вторая _stroit`, `starts with garik and ends with stroit`: from the first piece to
/// the last, with words for the parts before both.
fn halves(scene: &Scene<'_>, first: usize, last: usize) -> Option<Candidate> {
    let part = |from: usize, to: usize| (from..to).filter(|n| told(scene, *n) & PARTS != 0).count();
    let near = part(first.saturating_sub(8), first);
    let between = part(first + 1, last);
    // `из двух частей: garik и stroit`
    let two = scene.gap(first + 1) && scene.among(first + 2, row!("и та and et й"));
    let known =
        |n: usize| !scene.kind_is(n, Kind::Word) || scene.meaning(n) != 0 || told(scene, n) != 0;
    let fits = near > 0
        && (between > 0 || two)
        && (first + 1..last)
            .all(|n| known(n) && scene.term_at(n).is_none_or(|(_, t)| t.platform.is_none()));
    let from = first - usize::from(scene.is(first.wrapping_sub(1), "@"));
    let last = last - usize::from(scene.is(last - 1, "_"));
    let c = read(scene, last).filter(|_| fits && from < last)?;
    Some(Candidate::shapeless(from, c.to))
}

/// `kate then seven seven`, `kate сорок два`: a word that no list knows and a number of a few words.
fn counted(scene: &Scene<'_>, n: usize) -> Option<Candidate> {
    let mut at = n + 2;
    if scene.among(at, THEN) {
        at += 2;
    }
    let number = |k: &usize| scene.gap(at + 2 * k - 1) && is_number(scene.text(at + 2 * k));
    let numbers = (0..8).take_while(number).count();
    let to = at + 2 * numbers.max(1) - 1;
    let told = numbers > 1 || scene.begins(to + 1, heads!("цифр digit chiffre"));
    let before = (0..n).any(|n| is_number(scene.text(n)));
    ((1..5).contains(&numbers) && told && !before && !scene.kind_is(to, Kind::Digits))
        .then(|| Candidate::shapeless(n, to))
}

/// The only word that no list knows, where the rest tells whose it is and where: `я там brixton`,
/// `brixton — это мой тг`.
fn single(scene: &Scene<'_>, platform: &Term, n: usize) -> Option<Candidate> {
    const TELLING: u32 =
        MINE | NICK | CALL | CALL_LAST | CALL_LOOSE | PREP | BETWEEN | FILL | PLACE;
    const ALL: u32 = TELLING | HERE | AFTER | BEFORE | BETTER | THING | SPELLING | words::SAME;
    let c = read(scene, n).filter(|c| c.plain(scene) && c.letters > 3 && !code(scene, c))?;
    let cyrillic =
        scene.terms.iter().any(|t| scene.kind_is(t.from, Kind::Word) && !scene.latin(t.from));
    let led = scene.among(n.wrapping_sub(2), row!("i'm im am suis by as up it's c'est"))
        || scene.is(n.wrapping_sub(1), ":");
    let other =
        |t: &Term| t.from == n || t.platform.is_some() || t.means(ALL) || led && t.bits != 0;
    let behind = platform.from > n;
    // `brixton is my tg`, `brixton - tg`
    let first = n == 0 && behind && (scene.bits & MINE != 0 || scene.is(n + 2, "-"));
    let told = cyrillic || (led || first) && !english_form(scene, &c);
    let end =
        first || behind || ends(scene, c.to) || scene.among(c.to + 1, row!("there là-bas over"));
    (told && end && scene.terms.iter().all(other)).then_some(c)
}
