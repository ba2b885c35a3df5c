//! What belongs to a handle on either side of what was read, and what a plain one is.

use parlour_guest::scan::Kind;

use super::{Candidate, is_letter_name, is_wrap};
use crate::lexicon::{ascii_only, single};
use crate::scene::Scene;

impl Candidate {
    /// With what belongs to it on either side: a letter of another script that is glued
    /// to it, numbers in words after a mark in words.
    pub fn whole(mut self, scene: &Scene<'_>) -> Self {
        let glued = scene
            .before(self.from)
            .is_some_and(|t| t.kind == Kind::Word && single(t.text) && !ascii_only(t.text));
        self.from -= usize::from(glued);
        if self.underscore && self.signs > 0 {
            self.letter_names(scene);
        }
        // `@ + ivan + petrov`
        let sign = (1..5).map(|n| self.from.wrapping_sub(n));
        let mut sign = sign.take_while(|n| scene.gap(*n) || scene.among(*n, row!("@ +")));
        if let Some(at) = sign.find(|n| !self.at && scene.is(*n, "@")) {
            self.from = at;
        }
        // `"ivan" "_" "petrov"`
        let opens = is_wrap(scene, self.from.wrapping_sub(1)) && is_wrap(scene, self.to);
        if opens && (self.from..self.to).any(|n| is_wrap(scene, n)) {
            (self.from, self.to) = (self.from - 1, self.to + 1);
        }
        self
    }

    /// Takes in what is told letter by letter beside a mark that is said: `эм а underscore v a n`.
    fn letter_names(&mut self, scene: &Scene<'_>) {
        let letter = |n: usize| is_letter_name(scene, n);
        let apart = |n: usize| scene.gap(n) || scene.is(n, "-");
        while letter(self.from)
            && apart(self.from.wrapping_sub(1))
            && letter(self.from.wrapping_sub(2))
        {
            self.from -= 2;
        }
        while letter(self.to - 1) && apart(self.to) && letter(self.to + 1) {
            self.to += 2;
        }
    }

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
