//! Marks of a handle that are said in words, set apart or in brackets: `ivan underscore petrov`,
//! `ivan (dot) petrov`. Reads what stands between the parts of a name.

use parlour_guest::scan::{Kind, Token};

use crate::lexicon::{Row, ascii_only};
use crate::scene::Scene;
use crate::words::{self, DASH, DOT, HASH, LOWER, STOP, UNDERSCORE};

/// `owl hashtag 7712`: a number that ends a name on Discord, its mark said after the gap at `n`.
pub fn hash_said(scene: &Scene<'_>, n: usize) -> bool {
    scene.bits & HASH != 0
        && scene.meaning(n + 1) & HASH != 0
        && scene.gap(n + 2)
        && four_digits(scene, n + 3)
}

pub fn four_digits(scene: &Scene<'_>, n: usize) -> bool {
    scene.token(n).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == 4)
}

/// Whether a full stop with space on both sides parts two words of one name rather than two sentences.
fn dot_apart(scene: &Scene<'_>, at: usize, sure: bool) -> bool {
    let again = scene.gap(at + 3) && scene.among(at + 4, row!(". · •"));
    let latin = |t: &Token<'_>| {
        t.kind == Kind::Word && ascii_only(t.text) && (again || scene.meaning(at + 2) & STOP == 0)
    };
    scene.among(at, row!(". · •"))
        && scene.gap(at + 1)
        && (sure || again)
        && scene.token(at + 2).is_some_and(latin)
        && !scene.capital(at + 2)
}

/// Past white space, a comma and words like "then" from one part of a spelled name to the next.
fn past_links(scene: &Scene<'_>, n: usize) -> usize {
    const THEN: &Row = &Row::of("потом затем далее потім далі then puis ensuite");
    let past_gap = |n: usize| n + usize::from(scene.gap(n));
    let mut at = past_gap(n);
    if scene.is(at, ",") {
        at = past_gap(at + 1);
    }
    let from = at;
    while scene.among(at, THEN) && scene.gap(at + 1) {
        at += 2;
    }
    // A comma alone parts two things.
    if at > from { at } else { past_gap(n) }
}

/// Whether a word for a mark stands between two Latin words that no list knows: `boris тире potolok`.
fn between_unknown(scene: &Scene<'_>, n: usize, at: usize) -> bool {
    let unknown = |n: usize| scene.latin(n) && scene.meaning(n) == 0;
    unknown(n.wrapping_sub(1)) && unknown(at + 2)
}

/// Digits that go on with a spelled name: `then 55`.
pub fn then_digits(scene: &Scene<'_>, n: usize) -> Option<usize> {
    let at = past_links(scene, n);
    let linked = at > n + 1 && scene.kind_is(at, Kind::Digits);
    linked.then_some(at)
}

/// A mark said in words after token `n`, or set apart: the token after it and the mark.
pub fn said(scene: &Scene<'_>, n: usize, sure: bool) -> Option<(usize, &'static str)> {
    let opens =
        |n: usize| scene.token(n).is_some_and(|t| matches!(t.text, "(" | "[" | "{" | "*" | "<"));
    let open = opens(n);
    let mut at = past_links(scene, n);
    let bracket = opens(at);
    at += usize::from(bracket);
    let bits = |n: usize| scene.meaning(n);
    if !open && at == n {
        return None;
    }
    let here = bits(at);
    let low = scene.text(at).starts_with("нижн");
    let short = |n: usize| bits(n) == 0 && scene.among(n, words::SHORT_UNDERSCORES);
    let under = scene.among(at, row!("under")) && between_unknown(scene, n, at);
    let marks = UNDERSCORE | DOT | DASH | LOWER;
    if scene.kind_is(at, Kind::Word) && here & marks == 0 && !low && !under && !short(at) {
        return None;
    }
    // `нижн. подч.`
    let low_dot = usize::from(scene.is(at + 1, "."));
    let gap = scene.gap(at + 1);
    let du = scene.token(at + 2).is_some_and(|t| t.text == "du");
    // `нижнее подчёркивание`, `under score`, `tiret bas`, `tiret du bas`.
    let two = gap
        && ((low || here & LOWER != 0)
            && (bits(at + 2) & (UNDERSCORE | DASH) != 0 || short(at + 2))
            || here & DASH != 0 && bits(at + 2) & LOWER != 0);
    // The key 8 of a French keyboard has it too.
    let three = gap
        && here & DASH != 0
        && du
        && (bits(at + 4) & LOWER != 0 || scene.token(at + 4).is_some_and(|t| t.text == "8"));
    let cut = low && low_dot > 0 && scene.gap(at + 2) && short(at + 3);
    let (mut end, mark) = if two || three {
        (at + if three { 5 } else { 3 }, "_")
    } else if cut {
        (at + 4 + usize::from(scene.is(at + 4, ".")), "_")
    } else if scene.is(at, "_") || here & UNDERSCORE != 0 || low || under || short(at) {
        (at + 1, "_")
    } else if here & DOT != 0
        || bracket && scene.is(at, ".")
        || scene.gap(n) && dot_apart(scene, at, sure)
    {
        (at + 1, ".")
    } else if here & DASH != 0 && (sure || between_unknown(scene, n, at)) {
        (at + 1, "-")
    } else {
        return None;
    };
    if bracket {
        end += usize::from(scene.among(end, row!(") ] } * >")));
    }
    let parted = scene.gap(end);
    end = past_links(scene, end);
    let follows = scene.token(end).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits));
    let next_said = parted && bits(end) & words::BETWEEN != 0 && mark == ".";
    (follows && !next_said).then_some((end, mark))
}
