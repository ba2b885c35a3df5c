//! What may join two parts of a name without being said: a mark, a bracket, a picture, a gap.

use parlour_guest::scan::Kind;

use super::latin;
use crate::lexicon::ascii_only;
use crate::scene::Scene;

/// Whether a picture or a round dot at `n` stands for a mark between Latin letters.
pub fn pictured(scene: &Scene<'_>, n: usize) -> bool {
    let mark = scene.text(n);
    let again = scene.is(n + 2, mark) || scene.is(n.wrapping_sub(2), mark);
    let part = |n: usize| {
        scene.is(n, "_")
            || scene.token(n).is_some_and(|t| match t.kind {
                Kind::Word => ascii_only(t.text) && (again || t.text.len() > 1),
                kind => kind == Kind::Digits && again,
            })
    };
    part(n - 1) && part(n + 1)
}

/// Whether the marks at `n` close one bracket and open the next before Latin letters.
pub fn bracketed(scene: &Scene<'_>, n: usize) -> bool {
    let text = |n: usize| scene.text(n);
    matches!((text(n), text(n + 1)), (")", "(") | ("]", "[") | ("}", "{") | ("\"", "\""))
        && (scene.latin(n + 2) || scene.is(n + 2, "_"))
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
    let after_capital = n.checked_sub(1).is_some_and(|before| scene.capital(before));
    let sentence = scene.is(n, ".") && scene.capital(n + 1) && !after_capital;
    n > start && solid && ascii && !sentence
}

/// Whether a mark at `n` stands between Latin letters; an `@` only in a name that has its own already and
/// no domain.
pub fn inner(scene: &Scene<'_>, n: usize, at: bool) -> bool {
    let letters = |n: usize, least: usize| {
        scene
            .token(n)
            .is_some_and(|t| t.kind == Kind::Word && ascii_only(t.text) && t.text.len() >= least)
    };
    let latin = |n: usize| letters(n, 2);
    let numbered = scene.kind_is(n + 2, Kind::Digits);
    if scene.is(n, "@") {
        return at
            && scene.before(n).is_some_and(|t| t.kind == Kind::Word)
            && latin(n + 1)
            && !scene.is(n + 2, ".");
    }
    let plus = scene.is(n, "+") && !(numbered || scene.is(n + 2, "_"));
    latin(n - 1)
        && letters(n + 1, if numbered { 1 } else { 2 })
        && (!scene.is(n + 2, "*") || scene.latin(n + 3))
        && !plus
}
