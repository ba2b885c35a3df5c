//! Names whose letters stand in brackets one by one: `(a)(n)(t)(o)(n)_klining`.

use parlour_guest::scan::Kind;

use super::{Candidate, LENGTH_MAX, is_wrap};
use crate::lexicon::single;
use crate::scene::Scene;

/// The name that begins with such a letter at token `n`, with what is glued to its last one.
pub fn bracketed(scene: &Scene<'_>, n: usize) -> Option<Candidate> {
    const LETTERS_MIN: usize = 3;
    let solid = |n: usize| scene.kind_is(n, Kind::Word) || scene.kind_is(n, Kind::Digits);
    let group = |n: usize| {
        is_wrap(scene, n) && is_wrap(scene, n + 2) && solid(n + 1) && single(scene.text(n + 1))
    };
    let groups = (0..LENGTH_MAX).take_while(|k| group(n + 3 * k)).count();
    let tail = n + 3 * groups;
    let glued = |n: &usize| solid(*n) || scene.is(*n, "_");
    let to = tail + (tail..tail + LENGTH_MAX).take_while(glued).count();
    (scene.kind_is(n + 1, Kind::Word)
        && groups >= LETTERS_MIN
        && (groups > LETTERS_MIN || to > tail))
        .then(|| Candidate::shapeless(n, to))
}
