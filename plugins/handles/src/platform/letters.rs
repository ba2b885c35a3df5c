//! The letters of a skeleton for those of a text, and which two begin a name. Tables only.

use super::Reading;
use super::names::NAMED;
use crate::lexicon::{self, beginnings, has};

/// For each letter from `а` on, the letters that follow it where a name may begin, as bits.
pub static CYRILLIC_PAIRS: [u32; 32] = pairs(&CYRILLIC);
pub static LATIN_PAIRS: [u32; 32] = pairs(&LATIN);

/// The Latin letters, spelled as in a skeleton.
const LATIN: [&str; 32] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t", "u", "v", "v", "x", "y", "z", "", "", "", "", "", "",
];

const fn pairs(alphabet: &[&str; 32]) -> [u32; 32] {
    let (heads, beginnings) = (lexicon::heads(NAMED), beginnings(NAMED));
    let (mut pairs, mut first) = ([0; 32], 0);
    while first < 32 {
        let mut second = 0;
        while second < 32 {
            let (mut letters, mut length) = ([0; 6], 0);
            let both = [alphabet[first].as_bytes(), alphabet[second].as_bytes()];
            let mut n = 0;
            while n < both[0].len() + both[1].len() {
                let at = n.checked_sub(both[0].len());
                let letter = if let Some(at) = at { both[1][at] } else { both[0][n] };
                if length == 0 || letters[length - 1] != letter {
                    letters[length] = letter;
                    length += 1;
                }
                n += 1;
            }
            let [a, b, c, ..] = letters;
            let mut may = length < 2 || length > 2 && has(&heads, [a, b, c]);
            if length == 2 {
                may = beginnings[(a - b'a') as usize] >> ((b - b'a') & 31) & 1 == 1;
                let mut any = b'a';
                while any <= b'z' {
                    may = may || has(&heads, [a, b, any]);
                    any += 1;
                }
            }
            pairs[first] |= (may as u32) << second;
            second += 1;
        }
        first += 1;
    }
    pairs
}

/// The Latin letters for each of the Russian alphabet.
pub const CYRILLIC: [&str; 32] = [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
    "u", "f", "h", "c", "ch", "sh", "sh", "", "y", "", "e", "yu", "ya",
];

/// The Latin letters of a skeleton for one character of a folded text.
pub fn latin(c: char, reading: Reading) -> Option<&'static str> {
    const ALPHABET: &str = "abcdefghijklmnopqrstuvvxyz";
    const LOOKS: &str = "avsdefgnijklmporqgstuvvhuz";
    /// A letter and what stands for it.
    const ALIKE: [&str; 21] = [
        "aαәáä@4",
        "eεë3€",
        "iιîï!1|",
        "oοөôöóò0",
        "sσ$5",
        "tτ7+",
        "uυүұùûüú",
        "b6",
        "vβ8",
        "gγґғ9",
        "dδ",
        "kκқ",
        "lλ",
        "mμ",
        "nνңñ",
        "pπ",
        "rρ",
        "fφ",
        "hχһ",
        "cç",
        "?*#",
    ];
    if c.is_ascii_lowercase() {
        let letters = if reading == Reading::Looks { LOOKS } else { ALPHABET };
        let at = usize::from(u8::try_from(c).ok()? - b'a');
        return letters.get(at..=at);
    }
    match c {
        'і' | 'ї' | 'í' => return Some("i"),
        'ё' | 'є' | 'é' | 'è' | 'ê' => return Some("e"),
        'à' | 'â' => return Some("a"),
        '\'' => return Some(""),
        _ => {}
    }
    if reading == Reading::Second {
        match c {
            '3' => return Some("z"),
            '1' | '|' => return Some("l"),
            '4' => return Some("ch"),
            '8' => return Some("b"),
            _ => {}
        }
    }
    ALIKE.iter().find(|row| row.chars().skip(1).any(|alike| alike == c))?.get(..1)
}
