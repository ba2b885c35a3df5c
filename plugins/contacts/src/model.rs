//! What was learned: how much each thing that is seen speaks for a contact, and for which kind. Knows no
//! text.
//!
//! `model.bin`, which `cargo run --release -p parlour-trial --bin train` writes: eight numbers
//! (two bytes each, little-endian), [`ROWS`] weights of four bits, and [`KIND_SLOTS`] places for what
//! speaks for a kind (four bytes each, little-endian): the upper twelve bits tell what it is, the others
//! are five weights of four bits, one for each kind from the lowest bits on; an empty place is 0. A weight
//! is -7 to 7, stored with 8 added, the first of two in the lower bits.

/// Weights for and against a contact.
pub const ROWS: usize = 1 << 17;
/// Places for what speaks for a kind. Most of what is seen speaks for none, and of the 75,000 things in the
/// labelled messages the 4,000 that tell most tell as much as all: what they share no place with anything
/// else is worth more.
pub const KIND_SLOTS: usize = 1 << 12;
/// How many places are looked at for something, from its own on.
const PROBES: usize = 8;
/// The kinds as the numbers of a model have them.
pub const KINDS: [&str; 5] = ["messenger", "social", "email", "link", "phone"];

const NUMBERS: usize = 8;
const PACKED: usize = 2 * NUMBERS + ROWS / 2 + 4 * KIND_SLOTS;

static BYTES: &[u8; PACKED] = include_bytes!("../model.bin");

/// What was learned beside the weights, in units of a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// How well the next atom is what this one is: none after none, contact after none, none after
    /// contact, contact after contact.
    pub after: [i32; 4],
    /// A logit: what one unit of evidence (natural logarithm of the odds) is.
    pub unit: i32,
}

/// The numbers.
#[must_use]
pub fn numbers() -> Numbers {
    let mut numbers = BYTES.chunks_exact(2).map(|two| match *two {
        [low, high] => i32::from(i16::from_le_bytes([low, high])),
        _ => 0,
    });
    let mut next = || numbers.next().unwrap_or(0);
    Numbers { after: [next(), next(), next(), next()], unit: next().max(1) }
}

/// How much something that is seen speaks for a contact.
#[inline]
#[must_use]
pub fn weight(seen: u32) -> i32 {
    weight_at(row(seen))
}

/// How much something that is seen speaks for each kind, if anything was learned of it.
#[inline]
#[must_use]
pub fn weights_of_kinds(seen: u32) -> Option<[i32; KINDS.len()]> {
    let (part, _) = BYTES.get(2 * NUMBERS + ROWS / 2..)?.as_chunks::<4>();
    for n in places(seen) {
        let four = u32::from_le_bytes(*part.get(n)?);
        if four == 0 {
            return None;
        }
        if four >> 20 == name(seen) {
            let mut nth = 0..;
            return Some([(); KINDS.len()].map(|()| {
                let bits = four >> (4 * nth.next().unwrap_or(0)) & 15;
                bits.cast_signed() - 8
            }));
        }
    }
    None
}

/// Where the weight of something seen stands.
#[inline]
#[must_use]
pub fn row(seen: u32) -> usize {
    (seen >> 15) as usize
}

/// Where what speaks for a kind may stand.
fn places(seen: u32) -> impl Iterator<Item = usize> {
    (0..PROBES).map(move |n| ((seen >> 20) as usize + n) % KIND_SLOTS)
}

/// What tells something from others that may stand in the same place.
fn name(seen: u32) -> u32 {
    seen.wrapping_mul(0xc2b2_ae35) >> 20
}

#[inline]
fn weight_at(n: usize) -> i32 {
    let two = BYTES.get(2 * NUMBERS + n / 2).copied().unwrap_or(0x88);
    i32::from(two >> (n % 2 * 4) & 15) - 8
}

/// The bytes of a model. `kinds` are what speaks for a kind, the most telling first: what finds no place is
/// left out.
///
/// # Panics
/// When there are not as many weights as the model has.
#[must_use]
pub fn packed(numbers: &Numbers, weights: &[i8], kinds: &[(u32, [i8; KINDS.len()])]) -> Vec<u8> {
    assert_eq!(weights.len(), ROWS);
    let mut all = numbers.after.to_vec();
    all.push(numbers.unit);
    all.resize(NUMBERS, 0);
    let small = |n: &i32| i16::try_from(*n).unwrap_or(i16::MAX).to_le_bytes();
    let mut bytes: Vec<u8> = all.iter().flat_map(small).collect();
    let nibble = |weight: i8| (weight.clamp(-7, 7) + 8).cast_unsigned();
    bytes.extend(weights.chunks_exact(2).map(|two| nibble(two[0]) | nibble(two[1]) << 4));
    let mut part = vec![0; KIND_SLOTS];
    for (seen, weights) in kinds {
        let is_its = |n: &usize| part[*n] == 0 || part[*n] >> 20 == name(*seen);
        if let Some(free) = places(*seen).find(is_its).filter(|n| part[*n] == 0) {
            let weights = weights.iter().rev().fold(0, |all, w| all << 4 | u32::from(nibble(*w)));
            part[free] = name(*seen) << 20 | weights;
        }
    }
    bytes.extend(part.iter().flat_map(|four| four.to_le_bytes()));
    bytes
}
