//! What the first digits and the length of a number say about the plans it may be of. Made by the
//! compiler from the tables.

use super::packed::country;
use super::{BARE, COUNTRIES, Country, NATIONALS, National};

/// The lengths that a number which begins with these digits may have, a bit for each: what else has
/// them is certainly none.
#[must_use]
pub fn lengths(digits: &str) -> u32 {
    if digits.starts_with("00") || digits.starts_with("810") || digits.starts_with("011") {
        return u32::MAX;
    }
    leading::<2>(digits).and_then(|head| LENGTHS.get(head)).copied().unwrap_or(0)
}

/// The same of digits behind a `+`.
#[must_use]
pub fn lengths_abroad(digits: &str) -> u32 {
    let first = leading::<3>(digits).and_then(|head| FIRST_COUNTRY.get(head));
    let first = first.map_or(usize::MAX - 2, |first| usize::from(*first));
    (first..first + 2).filter_map(country).fold(0, |all, c| {
        // A trunk zero may stand before the national number.
        let (least, most) = (c.1.len() + usize::from(c.2), c.1.len() + usize::from(c.3) + 1);
        (least..=most).fold(all, |all, length| all | 1 << length)
    })
}

/// The same for each pair of first digits.
static LENGTHS: [u32; 100] = {
    let mut out = [0; 100];
    let mut head = 0;
    while head < 100 {
        let mut length = 0;
        while length <= LENGTH_MAX {
            let heads = NATIONAL_HEADS[length] | BARE_HEADS[length];
            out[head] |= ((heads >> head & 1) as u32) << length;
            length += 1;
        }
        head += 1;
    }
    out
};

/// For each length of a number a bit for each of its first two digits.
pub type Heads = [u128; LENGTH_MAX + 1];

const LENGTH_MAX: usize = 14;

pub fn has(heads: &Heads, digits: &str) -> bool {
    let of_length = heads.get(digits.len()).copied().unwrap_or(0);
    leading::<2>(digits).is_some_and(|head| of_length >> (head & 0x7f) & 1 == 1)
}

pub static NATIONAL_HEADS: Heads = {
    let mut out = [0; LENGTH_MAX + 1];
    let mut n = 0;
    while n < NATIONALS.len() {
        let National(_, trunk, digits, prefixes, ..) = NATIONALS[n];
        out[trunk.len() + digits as usize] |= heads(trunk, prefixes);
        n += 1;
    }
    out
};

/// The most first digits that each of [`NATIONALS`] asks for behind its trunk prefix.
pub static LONGEST_PREFIX: [u8; NATIONALS.len()] = {
    let mut out = [0; NATIONALS.len()];
    let mut n = 0;
    while n < NATIONALS.len() {
        let prefixes = NATIONALS[n].3.as_bytes();
        let (mut at, mut length) = (0, 0);
        while at < prefixes.len() {
            length = if prefixes[at] == b' ' { 0 } else { length + 1 };
            if length > out[n] {
                out[n] = length;
            }
            at += 1;
        }
        n += 1;
    }
    out
};

/// The first two digits of each of [`NATIONALS`].
pub static EACH_HEADS: [u128; NATIONALS.len()] = {
    let mut out = [0; NATIONALS.len()];
    let mut n = 0;
    while n < NATIONALS.len() {
        out[n] = heads(NATIONALS[n].1, NATIONALS[n].3);
        n += 1;
    }
    out
};

pub static BARE_HEADS: Heads = {
    let mut out = [0; LENGTH_MAX + 1];
    let mut n = 0;
    while n < BARE.len() {
        let Country(_, code, _, most, _) = COUNTRIES[BARE[n] as usize];
        out[code.len() + most as usize] |= heads(code, "");
        // A number of Germany may have one digit less.
        out[code.len() + most as usize - 1] |= heads(code, "");
        n += 1;
    }
    out
};

/// The first two digits that a trunk prefix and one of some prefixes make, a bit for each.
const fn heads(trunk: &str, prefixes: &str) -> u128 {
    let prefixes = prefixes.as_bytes();
    let (mut out, mut at) = (0, 0);
    while at <= prefixes.len() {
        let mut head = 0;
        while head < 100 {
            let first = !trunk.is_empty() || is_digit(prefixes, at, head / 10);
            let second = match trunk.len() {
                0 => is_digit(prefixes, at + 1, head % 10),
                1 => is_digit(prefixes, at, head % 10),
                _ => true,
            };
            if first && second && is_head(trunk, head, 2) {
                out |= 1 << head;
            }
            head += 1;
        }
        // To the next prefix.
        while at < prefixes.len() && prefixes[at] != b' ' {
            at += 1;
        }
        at += 1;
    }
    out
}

/// Whether a prefix has this digit at `at`, or ended before.
const fn is_digit(prefixes: &[u8], at: usize, digit: usize) -> bool {
    at >= prefixes.len() || prefixes[at] == b' ' || prefixes[at] as usize == b'0' as usize + digit
}

/// For each length of a number the places in [`NATIONALS`] of those that have it.
pub static BY_LENGTH: [[u8; 40]; LENGTH_MAX + 1] = {
    let mut out = [[u8::MAX; 40]; LENGTH_MAX + 1];
    let mut counts = [0; LENGTH_MAX + 1];
    let mut n = 0;
    while n < NATIONALS.len() {
        let length = NATIONALS[n].1.len() + NATIONALS[n].2 as usize;
        out[length][counts[length]] = n as u8;
        counts[length] += 1;
        n += 1;
    }
    out
};

/// The number that the first `N` digits are.
pub fn leading<const N: usize>(digits: &str) -> Option<usize> {
    let head = digits.as_bytes().first_chunk::<N>()?;
    Some(head.iter().fold(0, |all, d| all * 10 + usize::from(d.wrapping_sub(b'0'))))
}

/// Whether `code` begins a number whose first `count` digits are `head`.
const fn is_head(code: &str, mut head: usize, count: usize) -> bool {
    let code = code.as_bytes();
    let mut n = count;
    while n > 0 {
        n -= 1;
        if n < code.len() && code[n] as usize != b'0' as usize + head % 10 {
            return false;
        }
        head /= 10;
    }
    true
}

/// For the first three digits of a number the place in [`COUNTRIES`] where its code is.
pub static FIRST_COUNTRY: [u8; 1000] = {
    let mut out = [u8::MAX; 1000];
    let mut head = 0;
    while head < 1000 {
        let mut n = COUNTRIES.len();
        while n > 0 {
            n -= 1;
            if is_head(COUNTRIES[n].1, head, 3) {
                assert!(n < u8::MAX as usize);
                out[head] = n as u8;
            }
        }
        head += 1;
    }
    out
};
