//! Marks of a handle that are said in words, set apart or in brackets: `ivan underscore petrov`,
//! `ivan (dot) petrov`. Reads what stands between the parts of a name.

use parlour_guest::scan::{Kind, Token};

use crate::lexicon::{Row, ascii_only, single};
use crate::moving::is_number;
use crate::scene::Scene;
use crate::words::{self, DASH, DOT, HASH, LOWER, STOP, UNDERSCORE};

/// `owl hashtag 7712`, `owl # 7712`, `owl hash seven seven one two`: a number that ends a name on Discord;
/// the token after it, when its mark stands or is said after the gap at `n`.
pub fn hash_said(scene: &Scene<'_>, n: usize) -> Option<usize> {
    let pad = |n: &usize| scene.gap(*n) || is_wrap(scene, *n);
    let at = n + (n..n + 3).take_while(pad).count();
    let mark = scene.is(at, "#") || scene.meaning(at) & HASH != 0;
    let from = at + 1 + (at + 1..at + 4).take_while(pad).count();
    if !mark || at == n {
        return None;
    }
    let four = (0..4).all(|k| {
        (k == 0 || scene.gap(from + 2 * k - 1) || scene.is(from + 2 * k - 1, "-"))
            && (is_number(scene.text(from + 2 * k)) || scene.kind_is(from + 2 * k, Kind::Digits))
    });
    if four {
        return Some(from + 7);
    }
    four_digits(scene, from).then_some(from + 1)
}

pub fn four_digits(scene: &Scene<'_>, n: usize) -> bool {
    scene.token(n).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == 4)
}

/// Whether a full stop with space on both sides parts two words of one name rather than two sentences.
fn dot_apart(scene: &Scene<'_>, at: usize, sure: bool) -> bool {
    let dot = |n: usize| scene.among(n, row!(". · •"));
    let again = scene.gap(at + 3) && dot(at + 4) || scene.gap(at - 1) && dot(at.wrapping_sub(4));
    let latin = |t: &Token<'_>| {
        t.kind == Kind::Word && ascii_only(t.text) && (again || scene.meaning(at + 2) & STOP == 0)
    };
    dot(at)
        && scene.gap(at + 1)
        && (sure
            || again
            || between_unknown(scene, at - 1, at)
                && scene.token(at + 3).is_none_or(|t| t.kind == Kind::Digits))
        && scene.token(at + 2).is_some_and(latin)
}

/// Words like "then" and "with", which lead from one part of a spelled name to the next.
const LINKS: &Row = row!(
    "потом затем далее потім далі then puis ensuite через и і and et з с со with avec par un а a две дві two deux double двойное подвійне",
);

/// Past what stands between a part of a name and a mark of it: white space, quotes, brackets and words like
/// "then"; a comma, a dash or a plus parts two things unless a mark that is said follows.
fn past_links(scene: &Scene<'_>, n: usize) -> usize {
    const PAD_MAX: usize = 8;
    let (mut at, mut sure, mut linked) = (n, n, false);
    while at < n + PAD_MAX {
        let link = scene.among(at, LINKS) && scene.gap(at + 1);
        linked |= link && !scene.among(at, THEN);
        let wrap = scene.gap(at) || is_wrap(scene, at);
        if !(link || wrap || scene.among(at, row!(", - + / – : ~"))) {
            break;
        }
        at += 1;
        if wrap && sure + 1 == at {
            sure = at;
        }
    }
    if is_mark_word(scene, at) || scene.is(at, "_") && !linked { at } else { sure }
}

/// Words that tell that a piece follows.
pub const THEN: &Row = row!("потом затем далее дальше потім далі then puis ensuite");

/// A quote or a bracket.
pub fn is_wrap(scene: &Scene<'_>, n: usize) -> bool {
    scene.among(n, row!("\" ' « » “ ” „ ( ) [ ] { } < > *"))
}

/// Whether a letter, or the name of one, stands at token `n`.
pub fn is_letter_name(scene: &Scene<'_>, n: usize) -> bool {
    const NAMES: &Row = row!(
        "кей эй ю джей эйч оу бэ вэ гэ дэ жэ зэ ка эль эл эм эн пэ эр эс тэ эф ха це че ша икс игрек зет ай ди ти ар би си джи \
         бі сі ді джі пі ті ві екс вай бе ве ге де же зе ем ен пе ер ес те ел еф єф bee cee dee eff gee aitch eye jay kay el em en oh pee \
         cue ar ay ess tee vee ex why zee zed alpha bravo charlie delta echo foxtrot golf hotel india juliet \
         juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray \
         yankee zulu té bé dé gé cé pé vé",
    );
    let text = scene.text(n);
    scene.kind_is(n, Kind::Word) && (single(text) || text.len() < 9 && scene.among(n, NAMES))
}

/// Whether a mark of a name is said at token `n`.
pub fn is_mark_word(scene: &Scene<'_>, n: usize) -> bool {
    scene.kind_is(n, Kind::Word)
        && (scene.meaning(n) & (UNDERSCORE | DOT | DASH | LOWER) != 0
            && !scene.among(n, row!("lower"))
            || words::is_underscore(scene.text(n))
            || scene.begins(n, heads!("ниж")))
}

/// Whether a word for a mark stands between two Latin words that no list knows: `boris тире potolok`.
fn between_unknown(scene: &Scene<'_>, n: usize, at: usize) -> bool {
    let unknown =
        |n: usize| scene.kind_is(n, Kind::Digits) || scene.latin(n) && scene.meaning(n) == 0;
    let sign = 2 * usize::from(scene.among(at + 2, row!("sign")));
    unknown(n.wrapping_sub(1)) && unknown(at + 2 + sign)
}

/// A mark said in words after token `n`, or set apart: the token after it and the mark.
pub fn said(scene: &Scene<'_>, n: usize, sure: bool) -> Option<(usize, &'static str)> {
    // A word that says no mark is nearly always next.
    let first = n + usize::from(scene.gap(n));
    let link = || scene.among(first, LINKS);
    if scene.kind_is(first, Kind::Word)
        && !is_mark_word(scene, first)
        && !full(scene, first)
        && !link()
        && unspaced(scene, first).is_none()
    {
        return None;
    }
    let at = past_links(scene, n);
    if at == n && !scene.kind_is(n, Kind::Word) {
        return None;
    }
    let (end, mark) = mark(scene, n, at, sure)?;
    let parted = scene.gap(end);
    let wrapped = (n..at).any(|n| is_wrap(scene, n));
    // What closes a bracket or a pair of dashes: `ivan (dot) petrov`, `ivan-подчерк-petrov`.
    let mut next = end;
    while next < end + 4
        && (scene.gap(next)
            || (wrapped || mark == "_") && is_wrap(scene, next)
            || scene.among(next, row!(", - + / : ~"))
                && (n..at).any(|n| scene.is(n, scene.text(next)))
            || scene.among(next, THEN) && scene.gap(next + 1))
    {
        next += 1;
    }
    let follows = scene.token(next).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits));
    let again = scene.among(next + 2, row!(". · •")) || is_mark_word(scene, next + 2);
    let next_said = parted && scene.meaning(next) & words::BETWEEN != 0 && mark == "." && !again;
    (follows && !next_said).then_some((next, mark))
}

/// The mark that is said, or stands apart, at token `at`: where it ends and what it is.
fn mark(scene: &Scene<'_>, n: usize, at: usize, sure: bool) -> Option<(usize, &'static str)> {
    let bits = |n: usize| scene.meaning(n);
    let here = bits(at);
    let low = scene.begins(at, heads!("ниж")) || here & LOWER != 0 && !scene.among(at, UNDER);
    let short = |n: usize| words::is_underscore(scene.text(n));
    let under = scene.among(at, UNDER) && sure && between_unknown(scene, n, at);
    let gap = scene.gap(at + 1) || scene.among(at + 1, row!("_ -"));
    // `нижнее подчёркивание`, `under score`, `tiret bas`, `tiret du bas`.
    let second = bits(at + 2);
    let two = gap
        && ((low || here & LOWER != 0)
            && (second & (UNDERSCORE | DASH) != 0
                || short(at + 2)
                || scene.among(at + 2, row!("line ligne")))
            || here & DASH != 0 && second & LOWER != 0);
    let three = gap
        && here & DASH != 0
        && scene.among(at + 2, row!("du"))
        && (bits(at + 4) & LOWER != 0 || scene.among(at + 4, row!("8 huit")));
    if let Some(past) = unspaced(scene, at) {
        return Some((past, "-"));
    }
    Some(if two || three {
        (at + if three { 5 } else { 3 }, "_")
    } else if scene.is(at, "_")
        || here & UNDERSCORE != 0
        || scene.begins(at, heads!("нижн"))
        || under
        || short(at)
    {
        (at + 1, "_")
    } else if scene.among(at, row!("full")) && scene.among(at + 2, row!("stop")) {
        (at + 3, ".")
    } else if here & DOT != 0 || scene.gap(n) && dot_apart(scene, at, sure) {
        (at + 1, ".")
    } else if here & DASH != 0
        && (sure
            || scene.is(at - 1, "-") && scene.is(at + 1, "-")
            || scene.is(at - 1, "(") && scene.is(at + 1, ")")
            || between_unknown(scene, n, at))
    {
        (at + 1, "-")
    } else {
        return None;
    })
}

/// Past words at token `n` that say that no space parts two pieces: `no space`, `пробел не нужен`.
pub fn unspaced(scene: &Scene<'_>, n: usize) -> Option<usize> {
    let without = scene.among(n, row!("без no without sans")) && scene.gap(n + 1);
    let at = n + if without { 2 } else { 0 };
    let not = |k: &usize| scene.among(at + 2 * k, row!("нет не нужен less нема"));
    let after = (1..3).take_while(not).count();
    let space = scene.spelling() && scene.begins(at, heads!("пробел пробіл space espace"));
    (space && (without || after > 0)).then_some(at + 1 + 2 * after)
}

/// `full stop`, or a plus that is said.
fn full(scene: &Scene<'_>, n: usize) -> bool {
    scene.among(n, row!("full плюс plus under"))
}

const UNDER: &Row = row!("under");
