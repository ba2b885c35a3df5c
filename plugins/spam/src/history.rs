//! A message beside the sender's earlier ones: the same again, nearly the same again, too many at once.
//! Knows how alike texts are, not what they say.

use std::cell::OnceCell;

use parlour_guest::{Earlier, Fold};

use crate::reading::{Reading, mix};
use crate::{Sign, Thresholds};

/// Letters in one shingle.
const SHINGLE: usize = 4;

/// Letters from which a text can be nearly the same as another.
const NEAR_MIN: usize = 30;

/// Letters from which other numbers in the same words make no other message, and from which texts need
/// no more than the threshold in common; shorter ones need [`SHORT_EXTRA`] percent more.
const LONG_MIN: usize = 60;
const SHORT_EXTRA: usize = 5;

/// How often something short may be said within the window before it is too much.
const SHORT_COPIES: usize = 8;

/// The same message of one sender within [`FLOOD_S`] seconds, however short.
const FLOOD_SAME: usize = 12;
const FLOOD_S: u32 = 60;

/// The strongest sign that earlier messages give.
#[must_use]
pub fn repetition(
    now: &Reading,
    own: &[&Earlier],
    thresholds: &Thresholds,
    fold: Fold,
) -> Option<Sign> {
    let mut copies = Copies::default();
    let shingles = OnceCell::new();
    for earlier in own {
        // A letter takes a byte at least. Ornament is cut off at reading, so a text may be longer.
        if earlier.text.len() * 2 < now.letters.len() {
            continue;
        }
        let then = Reading::of(&earlier.text, fold, true);
        if then.letters == now.letters && then.digits_hash == now.digits_hash {
            copies.same += 1;
            copies.same_recent += usize::from(earlier.age_seconds <= FLOOD_S);
        } else if alike(now, &then, thresholds, &shingles) {
            copies.near += 1;
        }
    }
    copies.sign(now, thresholds)
}

#[derive(Default)]
struct Copies {
    same: usize,
    same_recent: usize,
    near: usize,
}

impl Copies {
    fn sign(&self, now: &Reading, thresholds: &Thresholds) -> Option<Sign> {
        let all = self.same + self.near;
        if now.length >= thresholds.length {
            // This message is one more.
            let too_many = all + 1 >= thresholds.copies;
            let sure = |from: u8| from.saturating_add(u8::try_from(all * 5).unwrap_or(90)).min(97);
            return match (too_many, self.same) {
                (true, 0) => Some(Sign::new("similar-again", sure(60))),
                (true, _) => Some(Sign::new("same-again", sure(70))),
                (false, 1..) => Some(Sign { hint: true, ..Sign::new("said-twice", 30) }),
                (false, 0) => None,
            };
        }
        if self.same_recent + 1 >= FLOOD_SAME {
            return Some(Sign::new("flood", 75));
        }
        // "Yes", "ok", "thanks", "?" are no spam however often; a short sentence is at last.
        let enough = now.length >= 8 && self.same + 1 >= SHORT_COPIES.max(thresholds.copies);
        enough.then(|| Sign::new("short-again", 60))
    }
}

/// Whether two texts are nearly the same: most of their shingles are, and what differs is not just a
/// number in a short line of a list.
fn alike(
    now: &Reading,
    then: &Reading,
    thresholds: &Thresholds,
    shingles: &OnceCell<Shingles>,
) -> bool {
    let (a, b) = (now.letters.len(), then.letters.len());
    let (short, long) = (a.min(b), a.max(b));
    if short < NEAR_MIN || short * 2 < long {
        return false;
    }
    if now.letters == then.letters {
        return short >= LONG_MIN;
    }
    if now.digits_hash != then.digits_hash && short < LONG_MIN {
        return false;
    }
    let shared = shingles.get_or_init(|| Shingles::of(&now.letters)).shared(&then.letters);
    let all = a + b - 2 * (SHINGLE - 1);
    let extra = if short < LONG_MIN { SHORT_EXTRA } else { 0 };
    2 * shared.min(short) * 100 >= all * (thresholds.similarity + extra).min(100)
}

/// Which shingles a text has, as a set of bits with room for sixteen times as many.
struct Shingles {
    bits: Vec<u64>,
    mask: usize,
}

impl Shingles {
    fn of(letters: &[u16]) -> Self {
        let room = (letters.len() * 16).next_power_of_two().max(64);
        let mut set = Self { bits: vec![0; room / 64], mask: room - 1 };
        for hash in letters.windows(SHINGLE).map(hash) {
            let (at, bit) = set.place(hash);
            if let Some(word) = set.bits.get_mut(at) {
                *word |= bit;
            }
        }
        set
    }

    fn place(&self, hash: u32) -> (usize, u64) {
        let at = hash as usize & self.mask;
        (at / 64, 1 << (at % 64))
    }

    fn shared(&self, letters: &[u16]) -> usize {
        let has = |hash: &u32| {
            let (at, bit) = self.place(*hash);
            self.bits.get(at).is_some_and(|word| word & bit != 0)
        };
        letters.windows(SHINGLE).map(hash).filter(has).count()
    }
}

fn hash(shingle: &[u16]) -> u32 {
    let hash = shingle.iter().fold(0x9e37, |hash, c| mix(hash, u32::from(*c)));
    hash ^ (hash >> 15)
}
