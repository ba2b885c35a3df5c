//! The `@` before a name: written, said, in brackets, or pictured.

use parlour_guest::scan::Kind;

use super::{THEN, is_wrap};
use crate::contact::remark;
use crate::scene::Scene;
use crate::words::AT;

/// The `@` at token `i`, if there is one: where the name begins, whether it is there, whether it is
/// said, and the marks of its disguise.
pub fn sign(scene: &Scene<'_>, i: usize) -> (usize, bool, bool, u8) {
    // `собака потом ivan`
    let past_gap = |n: usize| {
        let mut next = n + usize::from(scene.gap(n));
        let leads = |n: usize| {
            scene.is(n, "+")
                || scene.among(n, THEN)
                || scene.among(n, row!("и and"))
                || remark(scene, n)
        };
        for _ in 0..3 {
            next += if leads(next) && scene.gap(next + 1) { 2 } else { 0 };
        }
        next
    };
    // `(a)ivan`, `🐌ivan`: looks and names of the sign.
    if scene.among(i, row!("🐌 🐶 🐕 🐩 🦮 ⓐ")) {
        return (past_gap(i + 1), true, true, 2);
    }
    if scene.is(i, "@") {
        let spaced = u8::from(scene.gap(i + 1));
        let doubled = usize::from(scene.among(i + 1, row!("@ . - * ( [ { |")));
        return (past_gap(i + 1 + doubled), true, false, spaced);
    }
    let said = |n: usize| {
        scene.token(n).is_some_and(|t| {
            t.is("@")
                || t.kind == Kind::Word
                    && (scene.meaning(n) & AT != 0 || matches!(t.text, "at" | "a" | "а"))
        })
    };
    // `(at)ivan`, `[ at ] ivan`, `(@)(ivan)`
    let inner = i + 1 + usize::from(scene.gap(i + 1));
    let close = inner + 1 + usize::from(scene.gap(inner + 1));
    if is_wrap(scene, i) && said(inner) && is_wrap(scene, close) {
        let next = past_gap(close + 1);
        return (next + usize::from(is_wrap(scene, next)), true, true, 2);
    }
    // `at sign ivan`, `at-sign ivan`
    if scene.among(i, row!("at")) && scene.among(i + 2, row!("sign symbol")) && scene.gap(i + 3) {
        return (past_gap(i + 3), true, true, 2);
    }
    let without = scene.among(i.wrapping_sub(2), row!("без sans without"));
    if !without && scene.kind_is(i, Kind::Word) && scene.meaning(i) & AT != 0 && scene.gap(i + 1) {
        return (past_gap(i + 1), true, true, 2);
    }
    (i, false, false, 0)
}

/// Where the `@` of the name at token `from` begins, written or said before it.
pub fn signed(scene: &Scene<'_>, from: usize) -> usize {
    const BACK_MAX: usize = 6;
    if sign(scene, from).1 {
        return from;
    }
    // `telegram: at ivan_petrov`, but not `find me at ivan_petrov`
    let is_sign = |n: &usize| {
        let (start, at, ..) = sign(scene, *n);
        let word = scene.among(*n, row!("at et")) && *n + 2 == from && scene.gap(n + 1);
        let back = n.wrapping_sub(2);
        let free = || {
            !scene.among(back, row!("me us it's"))
                && (scene.among(*n, row!("at")) || !scene.latin(back))
        };
        at && start == from || word && free()
    };
    let mut at = from;
    while at > 0 && at + BACK_MAX > from {
        at -= 1;
        if is_sign(&at) {
            return at;
        }
    }
    from
}
