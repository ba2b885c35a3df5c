//! What a contact is for: the kind that the words in it and around it speak for. Knows no weight.

use std::ops::Range;

use parlour_guest::scan::Kind;

use crate::model::{KINDS, weights_of_kinds};
use crate::reading::{Atom, mixed};

/// Most atoms of a contact that are asked: no contact of people has more.
const ATOMS_MAX: usize = 48;
/// How far beside a contact words are told apart by their places, and how far they are heard.
const NEXT: usize = 4;
const HEARD: usize = 12;
/// How far around a contact words count wherever they stand.
const FAR: usize = 24;
/// What is seen within a contact counts as so many things, however much it is.
pub const WITHIN: i32 = 10;

/// How much speaks for each kind.
type Sums = [i32; KINDS.len()];

/// A row whose contacts are asked for their kinds: what its words up to each atom speak for.
pub struct Kinds<'r> {
    row: &'r [Atom],
    upto: Vec<Sums>,
}

/// The atoms of a contact and around it whose words count wherever they stand.
#[must_use]
pub fn around(row: &[Atom], contact: &Range<usize>) -> Range<usize> {
    contact.start.saturating_sub(FAR)..row.len().min(contact.end + FAR)
}

/// Says what is seen of an atom that counts wherever it stands.
pub fn seen_around(atom: &Atom, mut say: impl FnMut(u32)) {
    if atom.kind == Kind::Word {
        say(mixed(60, atom.far));
        say(mixed(61, atom.sound));
    }
}

/// Says what is seen of a contact as a whole and beside it: how it begins and ends, how long it is, and
/// the words next to it.
pub fn seen_beside(row: &[Atom], contact: &Range<usize>, mut say: impl FnMut(u32)) {
    let atoms = row.get(contact.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (atoms.first(), atoms.last()) else { return };
    let digits: u32 = atoms.iter().map(|atom| atom.digits).sum();
    let length = u32::try_from(atoms.len()).unwrap_or(u32::MAX);
    let parts = [first.word, first.shape, last.word, last.shape, length.min(12), digits.min(15)];
    (62..).zip(parts).for_each(|(nth, part)| say(mixed(nth, part)));
    let before = row.get(..contact.start).unwrap_or_default().iter().rev();
    let behind = row.get(contact.end..).unwrap_or_default().iter();
    see_side(70, before, &mut say);
    see_side(90, behind, &mut say);
}

/// Says what is seen on one side of a contact, from near to far.
fn see_side<'r>(nth: u32, atoms: impl Iterator<Item = &'r Atom>, say: &mut impl FnMut(u32)) {
    for (n, atom) in (0..).zip(atoms.take(HEARD)) {
        if n == 0 {
            say(mixed(nth, atom.shape));
        }
        if n < NEXT {
            let place = nth + 1 + 2 * u32::try_from(n).unwrap_or(0);
            say(mixed(place, atom.word));
            say(mixed(place + 1, atom.sound));
        }
        if atom.kind == Kind::Word {
            say(mixed(nth + 10, atom.sound));
        }
    }
}

/// Says what is seen of the first atoms of a contact, each by itself.
pub fn seen_within(row: &[Atom], contact: &Range<usize>, mut say: impl FnMut(u32)) {
    for atom in row.get(contact.clone()).unwrap_or_default().iter().take(ATOMS_MAX) {
        let parts = [atom.word, atom.head, atom.tail, atom.shape, atom.sound];
        (110..).zip(parts).for_each(|(nth, part)| say(mixed(nth, part)));
    }
}

/// Adds what something speaks for, if anything was learned of it.
fn add(sums: &mut Sums, seen: u32) -> bool {
    let weights = weights_of_kinds(seen);
    if let Some(weights) = weights {
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
    }
    weights.is_some()
}

// === impl Kinds ===

impl<'r> Kinds<'r> {
    /// Of a row of atoms.
    #[must_use]
    pub fn of(row: &'r [Atom]) -> Self {
        let mut sums = Sums::default();
        let mut upto = Vec::with_capacity(row.len() + 1);
        upto.push(sums);
        for atom in row {
            seen_around(atom, |seen| {
                add(&mut sums, seen);
            });
            upto.push(sums);
        }
        Self { row, upto }
    }

    /// The kind of a contact, as its number.
    #[must_use]
    pub fn kind(&self, contact: &Range<usize>) -> usize {
        let range = around(self.row, contact);
        let upto = |n: usize| self.upto.get(n).copied().unwrap_or_default();
        let mut around = upto(range.end);
        around.iter_mut().zip(upto(range.start)).for_each(|(sum, before)| *sum -= before);
        seen_beside(self.row, contact, |seen| {
            add(&mut around, seen);
        });
        let (mut within, mut known) = (Sums::default(), 0);
        seen_within(self.row, contact, |seen| known += i32::from(add(&mut within, seen)));
        // What is within counts on the average.
        let all = around.iter().zip(within).map(|(a, w)| a * known.max(1) + w * WITHIN);
        all.zip((0..KINDS.len()).rev()).max().map_or(0, |(_, left)| KINDS.len() - 1 - left)
    }
}
