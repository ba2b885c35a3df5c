//! Names of other shapes than a handle: numbers of accounts, names with a number behind, full names.

use parlour_guest::scan::{Kind, Token};

use super::REAL_NAMES;
use crate::alone::path_before;
use crate::candidate::Candidate;
use crate::lexicon::{Row, among};
use crate::moving::is_number;
use crate::platform::Strength;
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, ends};
use crate::words::{CALL, CALL_LOOSE, MINE, NEGATION, NICK, STOP, WORK};

/// `фб Ivan Petrov`, `найди меня в вк: Анна Смирнова`: a full name beside a network of real names, when
/// the sentence asks to be found.
pub fn full_name(
    scene: &Scene<'_>,
    term: &Term,
    evidence: &Evidence,
    n: usize,
) -> Option<Candidate> {
    let platform = term.platform?;
    let real_names = among(platform.name, REAL_NAMES);
    // The message is nothing else, or asks to be found.
    let only = scene.terms.len() == 3 && (n..n + 3).step_by(2).all(|n| scene.meaning(n) == 0);
    let asked = only || evidence.has(MINE | NICK | CALL | CALL_LOOSE) || evidence.led;
    let name = |n: usize| {
        scene
            .token(n)
            .is_some_and(|t| t.kind == Kind::Word && t.text.len() >= 3 && !t.text.contains('\''))
            && scene.capital(n)
    };
    let known = |n: usize| {
        scene.term_at(n).is_some_and(|(_, t)| t.platform.is_some() || t.means(WORK | STOP))
    };
    let fits = real_names
        && asked
        && platform.strength > Strength::Weak
        && !evidence.has(WORK | NEGATION)
        && evidence.unknown == 0
        && name(n)
        && scene.gap(n + 1)
        && name(n + 2)
        && !known(n)
        && !known(n + 2)
        && ends(scene, n + 3);
    fits.then(|| Candidate::shapeless(n, n + 3))
}

/// Names on Discord once had spaces and ended with a number: `night owl #7712`.
pub fn tagged(scene: &Scene<'_>, from: usize) -> Option<Candidate> {
    let skip = |t: &Token<'_>| t.kind == Kind::Space || among(t.text, row!(": - ="));
    let start = from + scene.tokens.get(from..)?.iter().take(4).take_while(|t| skip(t)).count();
    let sharp = (start + 1..start + 7).find(|n| scene.is(*n, "#"))?;
    let name = scene.tokens.get(start..sharp)?.iter().all(|t| t.kind == Kind::Word || t.is_gap());
    let four = scene.token(sharp + 1).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == 4);
    let known = scene.terms.get(scene.next(start)..scene.next(sharp))?;
    let known = known.is_empty() || known.iter().any(|t| t.means(WORK | NEGATION | MINE | NICK));
    (name && four && !known && scene.tokens.get(sharp + 2..)?.iter().all(|t| t.kind != Kind::Word))
        .then(|| Candidate::shapeless(start, sharp + 2))
}

/// The number of an account behind a word for one: `вк id 55501234`, `тг айди 618204773`, `айди в телеге 618204773`.
pub fn account(scene: &Scene<'_>, term: &Term, n: usize) -> Option<Candidate> {
    const IDS: &Row = row!("id ид айди айді айдишник айдішник ди d");
    let platform = term.platform?;
    let id = |n: &usize| scene.among(*n, IDS);
    let Some(id) = (n..n + 8).rev().find(|n| id(n) && !path_before(scene, *n)) else {
        let before = (term.from.saturating_sub(4)..term.from).any(|n| id(&n));
        return number(scene, n).filter(|_| before && platform.name != "vk");
    };
    let c = number(scene, id + 1)?;
    // There the word belongs to the number.
    let from = id - if scene.among(id.wrapping_sub(2), row!("ай i")) { 2 } else { 0 };
    Some(if platform.name == "vk" { Candidate { from, ..c } } else { c })
}

/// The number of an account, where accounts are numbers: six to twelve digits, in groups or not.
pub fn number(scene: &Scene<'_>, from: usize) -> Option<Candidate> {
    let skip = |t: &Token<'_>| t.kind == Kind::Space || among(t.text, row!(": - # ="));
    let start = from + scene.tokens.get(from..)?.iter().take(4).take_while(|t| skip(t)).count();
    let (mut digits, mut to, mut n) = (0, start, start);
    while let Some(t) = scene.token(n).filter(|_| n < start + 20) {
        match t.kind {
            Kind::Digits => {
                digits += t.text.len();
                to = n + 1;
            }
            Kind::Word if is_number(t.text) => {
                digits += 1;
                to = n + 1;
            }
            Kind::Mark if matches!(t.text, "-" | "_") => {}
            Kind::Space if t.is_gap() => {}
            _ => break,
        }
        n += 1;
    }
    (6..=12).contains(&digits).then(|| Candidate::shapeless(start, to))
}
