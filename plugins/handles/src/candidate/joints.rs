//! What may join two parts of a name without being said: a mark, a bracket, a picture, a gap.

use parlour_guest::scan::Kind;

use super::latin;
use crate::lexicon::{ascii_only, single};
use crate::platform::{Platform, Strength};
use crate::scene::Scene;

/// Past marks in a row at `n` that part two pieces of one name without space, and whether one of them
/// stands for an underscore: `nora🔸plumb`, `nora..plumb`, `[nora][plumb]`, `no!ra`, `@nora,plumb`.
pub fn run(scene: &Scene<'_>, n: usize, at: bool) -> Option<(usize, bool)> {
    const MARKS_MAX: usize = 6;
    let inner = |n: &usize| {
        scene.kind_is(*n, Kind::Mark)
            && !scene.among(*n, row!("@ ; : ? / \\ \" « » “ ” < > # & % = ` '"))
    };
    let count = (n..n + MARKS_MAX).take_while(inner).count();
    let next = n + count;
    let is = |mark: &str| (n..next).any(|n| scene.is(n, mark));
    let digits = scene.kind_is(next, Kind::Digits);
    let known = |n: usize| scene.meaning(n) != 0 && scene.text(n).len() > 1;
    let word = |n: usize, least: usize| scene.latin(n) && scene.text(n).len() >= least;
    let sure = |p: Platform| p.strength > Strength::Weak;
    let named = scene.term_at(next).is_some_and(|(_, t)| t.platform.is_some_and(sure));
    let last = word(n.wrapping_sub(1), 1)
        || scene.kind_is(n.wrapping_sub(1), Kind::Digits)
        || scene.is(n.wrapping_sub(1), "_");
    if count == 0 || named || !last || !(digits || scene.latin(next)) {
        return None;
    }
    let mark = scene.text(n);
    let again = || scene.is(next + 1, mark) || scene.is(n.wrapping_sub(2), mark);
    let fits = match mark {
        _ if count > 2 && (n..next).all(|n| scene.is(n, ".")) => {
            !known(next) && !scene.capital(next)
        }
        _ if is("!") || is(",") => !known(next) && (count == 1 && at || is("!") && !is(",")),
        _ if count > 1 => true,
        ")" => scene.is(n.wrapping_sub(2), "(") && scene.is(n + 1, "_"),
        "+" => word(n.wrapping_sub(1), 2) && !digits,
        "*" | "~" | "|" | "$" | "^" => {
            word(n.wrapping_sub(1), 1) && (again() || word(n.wrapping_sub(1), 2))
        }
        _ => {
            !ascii_only(mark) && (again() || word(n.wrapping_sub(1), 2) && word(next, 2) || is("_"))
        }
    };
    let low = is("_") || is("*") || is("~") || is("+");
    fits.then_some((next, low))
}

/// Whether what stands behind an underscore and the gap at `n` goes on with the name.
pub fn goes_on(scene: &Scene<'_>, n: usize) -> bool {
    let next = n + 1;
    (scene.gap(n)
        || scene.token(n.wrapping_sub(2)).is_some_and(|t| t.kind == Kind::Space && !t.is_gap()))
        && (scene.is(next + 1, "_")
            || scene.kind_is(next, Kind::Digits)
            || scene.latin(next) && scene.meaning(next) == 0)
        && !scene.capital(next)
}

/// Whether a full stop or hyphen at `n` joins two parts of one name rather than ending a sentence.
pub fn joins(scene: &Scene<'_>, n: usize, start: usize) -> bool {
    let next = scene.token(n + 1);
    let solid = next.is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits) || t.is("_"));
    let ascii = next.is_some_and(latin) && scene.before(n).is_some_and(latin);
    // `бабушкины.пирожки`
    let foreign = |n: usize| {
        scene.kind_is(n, Kind::Word)
            && !scene.token(n).is_some_and(latin)
            && (scene.meaning(n) == 0 || single(scene.text(n)))
    };
    let foreign = scene.platform.is_some()
        && scene.is(n, ".")
        && foreign(n.wrapping_sub(1))
        && foreign(n + 1);
    let after_capital = n.checked_sub(1).is_some_and(|before| scene.capital(before));
    let sentence = scene.is(n, ".") && scene.capital(n + 1) && !after_capital;
    n > start && solid && (ascii || foreign) && !sentence
}

/// Whether the `@` at `n` stands for a letter in a name that has its own already and no domain.
pub fn inner(scene: &Scene<'_>, n: usize, at: bool) -> bool {
    at && scene.before(n).is_some_and(|t| t.kind == Kind::Word)
        && scene.latin(n + 1)
        && scene.text(n + 1).len() > 1
        && !scene.is(n + 2, ".")
}
