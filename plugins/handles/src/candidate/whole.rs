//! What belongs to a handle on either side of what was read, and what a plain one is.

use parlour_guest::scan::Kind;

use super::sign::signed;
use super::{Candidate, is_letter_name, is_mark_word, is_wrap};
use crate::contact::remark;
use crate::lexicon::{ascii_only, single};
use crate::scene::Scene;
use crate::weigh::reversed;

/// What belongs to the name `from..to` on either side too: its `@`, a letter of another script that is
/// glued to it, what is told letter by letter beside a mark that is said, quotes.
pub fn whole(scene: &Scene<'_>, mut from: usize, mut to: usize) -> (usize, usize) {
    let glued = scene
        .before(from)
        .is_some_and(|t| t.kind == Kind::Word && single(t.text) && !ascii_only(t.text));
    from -= usize::from(glued);
    let said = |n: usize| scene.said && is_mark_word(scene, n);
    if (from..to).any(said) {
        let letter = |n: usize| is_letter_name(scene, n);
        let apart = |n: usize| scene.gap(n) || scene.is(n, "-");
        while (letter(from) || said(from))
            && apart(from.wrapping_sub(1))
            && letter(from.wrapping_sub(2))
        {
            from -= 2;
        }
        while letter(to - 1) && apart(to) && letter(to + 1) {
            to += 2;
        }
    }
    // `"ivan" "_" "petrov"`
    let opens = is_wrap(scene, from.wrapping_sub(1)) && is_wrap(scene, to);
    if opens && (from..to).any(|n| is_wrap(scene, n)) {
        (from, to) = (from - 1, to + 1);
    }
    let to = behind(scene, from, to);
    let from = signed(scene, from);
    (from, to)
}

/// Whether a piece of a name stands at token `n`: a Latin word that no list knows, a letter, a short number.
pub fn piece(scene: &Scene<'_>, n: usize) -> bool {
    let word = scene.text(n);
    match scene.token(n).map(|t| t.kind) {
        Some(Kind::Digits) => word.len() <= 4,
        Some(Kind::Word) => {
            let own = scene.term_at(n).is_some_and(|(_, t)| t.platform.is_none());
            own && ascii_only(word) && (scene.meaning(n) == 0 || single(word))
        }
        _ => false,
    }
}

/// Past what goes on with the name `from..to` behind it: `(55)`, an `@`, ` man _ vik na`.
fn behind(scene: &Scene<'_>, from: usize, mut to: usize) -> usize {
    let signed = scene.is(from, "@");
    // `primer.galina (55)`
    loop {
        let open = to + usize::from(scene.gap(to));
        let digits = scene.text(open + 1);
        let aside = scene.is(open, "(")
            && scene.is(open + 2, ")")
            && scene.kind_is(open + 1, Kind::Digits)
            && digits.len() < 4;
        if !aside {
            break;
        }
        to = open + 3;
    }
    let count = |mark| (from..to).filter(|n| scene.is(*n, mark)).count();
    let open = scene.is(to, ")") && count("(") > count(")");
    to += usize::from(open);
    // `snrab_yllib@`
    to += usize::from(!signed && reversed(scene, to));
    spaced(scene, from, to)
}

/// Past pieces that gaps part from the name `from..to`.
fn spaced(scene: &Scene<'_>, from: usize, to: usize) -> usize {
    const PIECES_MAX: usize = 6;
    let signed = scene.is(from, "@") && scene.gap(from + 1) && scene.names;
    let (mut n, mut end, mut pieces, mut marked) = (to, to, 0, false);
    while scene.gap(n) && pieces < PIECES_MAX {
        n += 1;
        let low = scene.is(n, "_");
        if low || scene.is(n, ".") && scene.gap(n + 1) {
            n += 1 + usize::from(scene.gap(n + 1));
            marked |= piece(scene, n);
        }
        let short = signed && scene.latin(n) && scene.text(n).len() < 4 && piece(scene, n + 2);
        let part = (piece(scene, n) || short) && (!scene.capital(n) || scene.capital(from));
        if !part {
            break;
        }
        n += 1;
        // `3d`
        n += usize::from(piece(scene, n));
        (end, pieces) = (n, pieces + 1);
        if scene.is(n, "_") && piece(scene, n + 1) {
            (n, end, marked) = (n + 2, n + 2, true);
        }
    }
    let word = n + usize::from(scene.gap(n));
    let over = scene.token(word).is_none_or(|t| t.kind != Kind::Word || !ascii_only(t.text));
    // `igor точка saveliev 555`
    let number = pieces == 1
        && scene.kind_is(end - 1, Kind::Digits)
        && (from..to).any(|n| scene.gap(n))
        && scene.kind_is(from, Kind::Word)
        && over;
    let fits = marked || number || signed && (over || remark(scene, word));
    if fits && scene.solid(to.wrapping_sub(1)) { end } else { to }
}

impl Candidate {
    /// What is a contact by what stands around it alone.
    pub fn shapeless(from: usize, to: usize) -> Self {
        Self {
            from,
            to,
            at: false,
            at_said: false,
            underscore: false,
            strong: true,
            latin: false,
            signs: 0,
            technical: false,
            dashed: false,
            letters: 0,
            digits: 0,
            listed: false,
            common: false,
        }
    }

    /// A Latin word that no list knows and that may be a handle once it is announced.
    pub fn plain(&self, scene: &Scene<'_>) -> bool {
        let word = scene.token(self.from).filter(|_| self.to == self.from + 1);
        self.latin
            && self.letters >= 3
            && word.is_some_and(|t| {
                let letters = ascii_only(t.text) && !t.text.contains('\'');
                t.kind == Kind::Word && letters && scene.meaning(self.from) == 0
            })
    }
}
