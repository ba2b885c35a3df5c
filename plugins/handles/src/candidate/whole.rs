//! What belongs to a handle on either side of what was read, and what a plain one is.

use parlour_guest::scan::Kind;

use super::sign::signed;
use super::{Candidate, is_letter_name, is_mark_word, is_wrap};
use crate::lexicon::{ascii_only, single};
use crate::scene::Scene;
use crate::words::UNDERSCORE;

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
    // `underscore ivan underscore`
    let low = |n: usize| scene.meaning(n) & UNDERSCORE != 0;
    if scene.gap(from.wrapping_sub(1)) && low(from.wrapping_sub(2)) {
        from -= 2;
    }
    if scene.gap(to) && low(to + 1) && scene.token(to + 2).is_none_or(|t| t.kind == Kind::Mark) {
        to += 2;
    }
    // `"ivan" "_" "petrov"`
    let opens = is_wrap(scene, from.wrapping_sub(1)) && is_wrap(scene, to);
    if opens && (from..to).any(|n| is_wrap(scene, n)) {
        (from, to) = (from - 1, to + 1);
    }
    (signed(scene, from), to)
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
