//! Names of other shapes than a handle: numbers of accounts, names with a number behind.

use parlour_guest::scan::{Kind, Token};

use crate::alone::path_before;
use crate::candidate::Candidate;
use crate::lexicon::{Row, among};
use crate::moving::is_number;
use crate::platform::VK;
use crate::scene::{Scene, Term};
use crate::words::{MINE, NEGATION, NICK, WORK};

/// Names on Discord once had spaces and ended with a number: `night owl #7712`.
pub fn tagged(scene: &Scene<'_>, from: usize) -> Option<Candidate> {
    let skip = |t: &Token<'_>| t.kind == Kind::Space || among(t.text, row!(": - ="));
    let start = from + scene.tokens.get(from..)?.iter().take(4).take_while(|t| skip(t)).count();
    let sharp = (start + 1..start + 7).find(|n| scene.is(*n, "#"))?;
    let name = scene.tokens.get(start..sharp)?.iter().all(|t| t.kind == Kind::Word || t.is_gap());
    let four = scene.token(sharp + 1).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == 4);
    let known = scene.terms.get(scene.next(start)..scene.next(sharp))?;
    let known = known.is_empty() || known.iter().any(|t| t.means(WORK | NEGATION | MINE | NICK));
    let rest = || scene.tokens.get(sharp + 2..).unwrap_or_default();
    let end = |t: &Token<'_>| !t.is_gap() && matches!(t.kind, Kind::Mark | Kind::Space);
    let ends = rest().first().is_none_or(end) || rest().iter().all(|t| t.kind != Kind::Word);
    (name && four && !known && ends).then(|| Candidate::shapeless(start, sharp + 2))
}

/// The number of an account behind a word for one: `вк id 55501234`, `тг айди 618204773`, `айди в телеге 618204773`.
pub fn account(scene: &Scene<'_>, term: &Term, n: usize) -> Option<Candidate> {
    const IDS: &Row = row!("id ид айди айді айдишник айдішник ди d");
    let platform = term.platform?;
    let id = |n: &usize| scene.among(*n, IDS);
    let Some(id) = (n..n + 8).rev().find(|n| id(n) && !path_before(scene, *n)) else {
        let before = (term.from.saturating_sub(4)..term.from).any(|n| id(&n));
        return number(scene, n).filter(|_| before && !platform.is(VK));
    };
    // `айди цифрами 88 21 45`
    let c = number(scene, id + if scene.begins(id + 2, heads!("цифр")) { 3 } else { 1 })?;
    // There the word belongs to the number.
    let from = id - if scene.among(id.wrapping_sub(2), row!("ай i")) { 2 } else { 0 };
    Some(if platform.is(VK) { Candidate { from, ..c } } else { c })
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
