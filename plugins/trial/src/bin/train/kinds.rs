//! What a contact is for: one softmax over the kinds, of the things that tell most. Half of what is seen is
//! left out at random each time (dropout).

use std::collections::HashMap;
use std::ops::Range;

use contacts::kinds::{WITHIN, around, seen_around, seen_beside, seen_within};
use contacts::model::{KIND_SLOTS, KINDS};
use contacts::reading::Atom;

use crate::{COMMON, Random, climb, largest, rounded};

const ROUNDS: usize = 20;
/// Of 65,536 observations so many are left out.
const DROPPED: u64 = 32_768;
/// So many of a hundred places are given away; with more, too many find theirs taken.
const FILLED: usize = 90;

/// A labelled contact: what is seen of it and around it, as hashes or as places of weights, and its kind.
pub struct Contact {
    within: Vec<u32>,
    around: Vec<u32>,
    kind: usize,
}

/// How much each thing speaks for each kind.
type Weights = Vec<[f32; KINDS.len()]>;

// === impl Contact ===

impl Contact {
    pub fn of(row: &[Atom], place: &Range<usize>, kind: usize) -> Self {
        let (mut within, mut beside) = (Vec::new(), Vec::new());
        for atom in &row[around(row, place)] {
            seen_around(atom, |what| beside.push(what));
        }
        seen_beside(row, place, |what| beside.push(what));
        seen_within(row, place, |what| within.push(what));
        Self { within, around: beside, kind }
    }

    /// With what has a place, as places.
    fn known(&self, places: &HashMap<u32, u32>) -> Self {
        let known = |all: &[u32]| all.iter().filter_map(|what| places.get(what).copied()).collect();
        Self { within: known(&self.within), around: known(&self.around), kind: self.kind }
    }

    fn thinned(&self, random: &mut Random) -> Self {
        let mut thin = |all: &[u32]| {
            all.iter().copied().filter(|_| random.next() & 0xffff >= DROPPED).collect()
        };
        Self { within: thin(&self.within), around: thin(&self.around), kind: self.kind }
    }

    fn learn(&self, weights: &mut Weights, past: &mut [[f32; KINDS.len()]]) {
        #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
        let share = WITHIN as f32 / self.within.len().max(1) as f32;
        let mut scores = [0.0; KINDS.len()];
        for (all, share) in [(&self.within, share), (&self.around, 1.0)] {
            for what in all {
                let weights = weights[*what as usize];
                scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += share * weight);
            }
        }
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let whole: f32 = scores.iter().map(|score| (score - most).exp()).sum();
        for (kind, score) in scores.iter().enumerate() {
            let right = f32::from(u8::from(kind == self.kind));
            let gradient = right - (score - most).exp() / whole;
            if gradient.abs() < 0.01 {
                continue;
            }
            for (all, share) in [(&self.within, share), (&self.around, 1.0)] {
                for what in all {
                    let what = *what as usize;
                    climb(&mut weights[what][kind], &mut past[what][kind], gradient * share);
                }
            }
        }
    }
}

/// What speaks for a kind and how much, the most telling first: learned from all that is seen more than
/// once or twice, and again from what told most.
pub fn learn(contacts: &[Contact]) -> Vec<(u32, [i8; KINDS.len()])> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for contact in contacts {
        let mut shown: Vec<u32> = contact.within.iter().chain(&contact.around).copied().collect();
        shown.sort_unstable();
        shown.dedup();
        shown.into_iter().for_each(|what| *counts.entry(what).or_default() += 1);
    }
    let mut common: Vec<u32> =
        counts.iter().filter(|(_, n)| **n >= COMMON).map(|(w, _)| *w).collect();
    common.sort_unstable();
    let weights = weights_of(contacts, &common);
    #[expect(clippy::cast_precision_loss, reason = "some ten thousand")]
    let tells = |(what, weights): (&u32, &[f32; KINDS.len()])| {
        let mean = weights.iter().sum::<f32>() / KINDS.len() as f32;
        let apart: f32 = weights.iter().map(|weight| (weight - mean).powi(2)).sum();
        (apart.sqrt() * (counts[what] as f32).sqrt(), *what)
    };
    let mut telling: Vec<(f32, u32)> = common.iter().zip(&weights).map(tells).collect();
    telling.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    telling.truncate(KIND_SLOTS * FILLED / 100);
    let telling: Vec<u32> = telling.into_iter().map(|(_, what)| what).collect();
    let weights = weights_of(contacts, &telling);
    let all: Vec<f32> = weights.iter().flatten().copied().collect();
    let unit = largest(&all) / 7.0;
    let small = |weight: f32| i8::try_from(rounded(weight, unit).clamp(-7, 7)).unwrap_or(0);
    telling.into_iter().zip(weights).map(|(what, weights)| (what, weights.map(small))).collect()
}

fn weights_of(contacts: &[Contact], what: &[u32]) -> Weights {
    let places: HashMap<u32, u32> = what.iter().copied().zip(0..).collect();
    let contacts: Vec<Contact> = contacts.iter().map(|contact| contact.known(&places)).collect();
    let mut weights = vec![[0.0; KINDS.len()]; what.len()];
    let mut past = vec![[1.0; KINDS.len()]; what.len()];
    let mut random = Random::new();
    for _ in 0..ROUNDS {
        for n in random.order(contacts.len()) {
            contacts[n].thinned(&mut random).learn(&mut weights, &mut past);
        }
    }
    weights
}
