//! Where in a word a stem may begin, told by three letters. Most letters of most words begin none.

use super::{Head, Stem};
use crate::{latin, stems};

/// Stems at the beginning of a word, and those that may stand further on: a bit for what their first three
/// letters come to. Made by the compiler.
static START: [u64; 128] = bits(true);
static INNER: [u64; 64] = bits(false);

/// The bits of all stems, or of those that need not stand first.
const fn bits<const N: usize>(all: bool) -> [u64; N] {
    let mut bits = [0; N];
    let mut code = b'a' as u32;
    while code <= 0x52f {
        let Some(first) = char::from_u32(code) else { break };
        let table = if code < 0x80 { latin::stems(first) } else { stems::cyrillic(first) };
        let mut n = 0;
        while n < table.len() {
            bits = with(bits, &table[n], all);
            n += 1;
        }
        code += 1;
    }
    bits
}

const fn with<const N: usize>(mut bits: [u64; N], stem: &Stem, all: bool) -> [u64; N] {
    if all || !matches!(stem.head, Head::Start) {
        // A stem that is too short would be an error of compilation here.
        let at = key(stem.text.as_bytes(), 0, stem.text.len() < 6) % (N * 64);
        bits[at / 64] |= 1 << (at % 64);
    }
    bits
}

/// The first three letters from byte `at` on, or two letters of a shorter stem. Letters are of
/// ASCII or of two bytes each.
const fn key(text: &[u8], at: usize, short: bool) -> usize {
    let letters = if text[at] < 0x80 {
        [text[at], text[at + 1], text[at + 2], 0]
    } else if short {
        [text[at + 1], text[at + 3], 0, 1]
    } else {
        [text[at + 1], text[at + 3], text[at + 5], 1]
    };
    (u32::from_le_bytes(letters).wrapping_mul(0x9e37_79b1) >> 15) as usize
}

/// Whether a stem may begin at byte `at` of a word; `false` is certain.
pub(super) fn may_begin(word: &str, at: usize) -> bool {
    let text = word.as_bytes();
    let bits: &[u64] = if at == 0 { &START } else { &INNER };
    let has = |short| {
        let at = key(text, at, short) % (bits.len() * 64);
        bits.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    };
    let left = text.len().saturating_sub(at);
    if text.get(at).is_some_and(|first| *first < 0x80) {
        return left >= 3 && has(false);
    }
    left >= 4 && has(true) || left >= 6 && has(false)
}
