//! Which parts of a text are worth reading in another manner. Knows what a first reading met, not what it
//! found.

use std::ops::Range;

use parlour_guest::scan::{Kind, Token};

use crate::atoms::{Atom, Manner, Shape, alike, is_gap};
use crate::spoken::french;

/// Digits from which on a text is read once: it is no message of a person then.
const SECOND_MAX: usize = 1200;

/// A number has twelve words or so, and as many gaps.
const NEAR: usize = 24;

/// Other manners in which a text, or a part of its tokens, is worth reading: told by what the first
/// reading met.
pub fn second_looks(tokens: &[Token<'_>], atoms: &[Atom]) -> Vec<(Range<usize>, Manner)> {
    let mut out = Vec::new();
    let digits = atoms.iter().map(|a| a.digits.len()).sum::<usize>();
    if digits > SECOND_MAX {
        return out;
    }
    let summed = |a: &Atom| {
        a.shape == Shape::Spoken && matches!(a.digits.as_bytes(), [_, b'0', last] if *last != b'0')
    };
    let letters = Manner { letters_part: true, ..Manner::default() };
    let apart = Manner { apart: true, ..Manner::default() };
    if atoms.iter().any(|a| a.shape == Shape::Mixed) {
        out.push((0..tokens.len(), letters));
    }
    if digits >= ALIKE_LEAST {
        alike_around(tokens, atoms, &mut out);
    }
    out.extend(heard_around(tokens, atoms));
    let spoken = atoms.iter().filter(|a| a.shape == Shape::Spoken).count();
    if spoken > 1 && atoms.iter().filter(|a| summed(a)).count() == 1 {
        out.push((0..tokens.len(), apart));
    }
    out
}

/// Fewest digits beside which letters may be digits too.
const ALIKE_LEAST: usize = 4;

/// The tokens around letters that look like digits and stand beside some.
fn alike_around(tokens: &[Token<'_>], atoms: &[Atom], out: &mut Vec<(Range<usize>, Manner)>) {
    let manner = Manner { alike: true, ..Manner::default() };
    let mut past = 0;
    for (n, atom) in atoms.iter().enumerate().filter(|(_, a)| a.shape != Shape::Spoken) {
        if atom.from < past || !alike_beside(tokens, atom) {
            continue;
        }
        let range = atom.from.saturating_sub(NEAR)..(atom.to + NEAR).min(tokens.len());
        let near = atoms.iter().skip(n.saturating_sub(8)).take(16);
        let near = near.filter(|a| range.contains(&a.from));
        if near.map(|a| a.digits.len()).sum::<usize>() >= ALIKE_LEAST {
            past = range.end;
            out.push((range, manner));
        }
    }
}

/// Whether letters that look like digits stand beside some digits, parted from them.
fn alike_beside(tokens: &[Token<'_>], atom: &Atom) -> bool {
    let solid = |t: &&Token<'_>| !(is_gap(t) || matches!(t.text, "-" | "." | "(" | ")"));
    let mut after = tokens.get(atom.to..).unwrap_or_default().iter().take(4);
    let mut before = tokens.get(..atom.from).unwrap_or_default().iter().rev().take(4);
    let next = after.find(solid);
    let last = before.find(solid);
    next.is_some_and(alike) || last.is_some_and(alike)
}

/// The tokens around numbers in words that stand near one another, to be read by ear.
fn heard_around(tokens: &[Token<'_>], atoms: &[Atom]) -> Vec<(Range<usize>, Manner)> {
    let manner = Manner { by_ear: true, ..Manner::default() };
    let mut out: Vec<(Range<usize>, Manner)> = Vec::new();
    let mut spoken = atoms.iter().filter(|a| a.shape == Shape::Spoken).map(|a| a.from);
    let Some(mut last) = spoken.next() else {
        return out;
    };
    let around = |from: usize, to: usize| from.saturating_sub(NEAR)..(to + NEAR).min(tokens.len());
    let mut alone = true;
    for next in spoken {
        let range = around(last, next);
        alone = false;
        if next - last <= NEAR {
            match out.last_mut().filter(|(open, _)| open.end >= range.start) {
                Some((open, _)) => open.end = range.end,
                None => out.push((range, manner)),
            }
        }
        last = next;
    }
    let zero = atoms.iter().any(|a| a.from == last && a.digits == "0");
    if alone && zero && by_ear(tokens.get(last..).unwrap_or_default()) {
        out.push((around(last, last), manner));
    }
    out
}

/// Whether the words behind a number sound like French ones.
fn by_ear(tokens: &[Token<'_>]) -> bool {
    const WORDS: usize = 4;
    const LEAST: usize = 2;
    let words = tokens.iter().take(NEAR).filter(|t| t.kind == Kind::Word).skip(1).take(WORDS);
    words.filter(|t| french(t.text).is_some()).count() >= LEAST
}
