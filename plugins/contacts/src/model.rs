//! What was learned: how much each thing that is seen speaks for a contact, and for which kind. Knows no
//! text.
//!
//! `model.bin`, which `cargo run --release -p parlour-trial --bin train` writes: eight numbers
//! (two bytes each, little-endian), [`ROWS`] weights of four bits, and [`KIND_ROWS`] weights of four bits
//! for each of the five kinds. A weight is -7 to 7, stored with 8 added, the first of two in the lower bits.

/// Weights for and against a contact.
pub const ROWS: usize = 1 << 17;
/// Weights for each kind.
pub const KIND_ROWS: usize = 1 << 13;
/// The kinds as the numbers of a model have them.
pub const KINDS: [&str; 5] = ["messenger", "social", "email", "link", "phone"];

const NUMBERS: usize = 8;
const PACKED: usize = 2 * NUMBERS + ROWS / 2 + KINDS.len() * KIND_ROWS / 2;

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
    weight_at(2 * NUMBERS, row(seen))
}

/// How much what has this row speaks for kind `kind`.
#[inline]
#[must_use]
pub fn weight_of_kind(row: usize, kind: usize) -> i32 {
    weight_at(2 * NUMBERS + ROWS / 2, kind * KIND_ROWS + row)
}

/// Where the weight of something seen stands.
#[inline]
#[must_use]
pub fn row(seen: u32) -> usize {
    (seen >> 15) as usize
}

/// Where its weight for a kind stands, in the kind's own part.
#[inline]
#[must_use]
pub fn kind_row(seen: u32) -> usize {
    (seen.wrapping_mul(0xc2b2_ae35) >> 19) as usize
}

#[inline]
fn weight_at(part: usize, n: usize) -> i32 {
    let two = BYTES.get(part + n / 2).copied().unwrap_or(0x88);
    i32::from(two >> (n % 2 * 4) & 15) - 8
}

/// The bytes of a model.
///
/// # Panics
/// When there are not as many weights as the model has.
#[must_use]
pub fn packed(numbers: &Numbers, weights: &[i8], kinds: &[i8]) -> Vec<u8> {
    assert_eq!((weights.len(), kinds.len()), (ROWS, KINDS.len() * KIND_ROWS));
    let mut all = numbers.after.to_vec();
    all.push(numbers.unit);
    all.resize(NUMBERS, 0);
    let small = |n: &i32| i16::try_from(*n).unwrap_or(i16::MAX).to_le_bytes();
    let mut bytes: Vec<u8> = all.iter().flat_map(small).collect();
    let nibble = |weight: i8| (weight.clamp(-7, 7) + 8).cast_unsigned();
    let pairs = weights.chunks_exact(2).chain(kinds.chunks_exact(2));
    bytes.extend(pairs.map(|two| nibble(two[0]) | nibble(two[1]) << 4));
    bytes
}
