//! Names of platforms that are spelled badly or played with, as in `signul`, `dscrd`, `инсташе` or `кантакте`.
//! Believed only beside what surely is a handle.

use super::{ANY, Platform, Skeleton, weak};

/// Beginnings of names that go on with any ending, by the place of the platform.
const FAMILIES: [(&str, u32); 8] = [
    ("telezhe tgesh tgsh tgk", 1),
    ("vaib", 3),
    ("skpe skpy", 5),
    ("diskach diske", 6),
    ("snepi snepa snepu snapi snapa snapu", 13),
    ("feisi feise feisu fesb facebo faceb", 17),
    ("vkont vkant kantakt kontaktik vekash vkash vtentak", 18),
    ("tikt tict", 20),
];

/// Beginnings of other words that begin so.
const STRANGERS: &str = "instr instit instal instan instin telegid snapsh tvitn linkin vaiter tvist telep snapin signali signat signif sing takti tacti tacta ticket skip vyb vibra vibir vibere viberi veber vuds instab instil disord discar prog kilog diag pictog piktog";

/// Names that are known with some letters wrong; `c` and `y` are `k` and `i`.
const NAMES: [(&str, u32); 19] = [
    ("telega telegram", 1),
    ("vhatsap vatsap votsap", 2),
    ("vaiber", 3),
    ("signal", 4),
    ("skaip", 5),
    ("diskord", 6),
    ("snapkhat snepkhat", 13),
    ("mesendzher mesenger", 14),
    ("instagram insta nstagram", 16),
    ("feisbuk fakebok", 17),
    ("vkontakte", 18),
    ("odnoklasniki", 19),
    ("tiktok", 20),
    ("linkedin", 21),
    ("tviter", 22),
    ("iutub ioutube", 23),
    ("threads", 24),
    ("pinterest", 25),
    ("tvitkh", 26),
];

/// Longest ending behind such a name.
const ENDING_MAX: usize = 3;

impl Skeleton {
    /// The platform whose name this may be, misspelled or made longer.
    pub fn resembles(&self) -> Option<Platform> {
        let word = self.bytes();
        let begins = |list: &str| list.split(' ').any(|root| word.starts_with(root.as_bytes()));
        let first = word.first().is_some_and(|b| b"tvsdflpkieyunz".contains(b));
        if !first || word.len() < 3 || begins(STRANGERS) {
            return None;
        }
        let family = FAMILIES.iter().find(|(roots, _)| begins(roots)).map(|(_, nth)| *nth);
        family.or_else(|| self.near(ENDING_MAX)).or_else(|| self.made_up()).and_then(weak)
    }

    /// What people make up after two platforms: `пелеграм`, `запрещёнграм`.
    fn made_up(&self) -> Option<u32> {
        let word = self.bytes();
        let stem = word.strip_suffix(b"e").or(word.strip_suffix(b"u")).unwrap_or(word);
        let nth = if stem.ends_with(b"legram") { 1 } else { 16 };
        (word.len() > 7 && stem.ends_with(b"gram")).then_some(nth)
    }

    /// By most letters, an ending of so many apart.
    pub(super) fn near(&self, ending: usize) -> Option<u32> {
        let (mut alike, mut length) = (self.letters, 0);
        for letter in self.bytes() {
            let letter = match letter {
                b'c' | b'q' => b'k',
                b'y' => b'i',
                other => *other,
            };
            // Letters that are double now are single.
            if length == 0 || alike.get(length - 1) != Some(&letter) || letter == ANY {
                *alike.get_mut(length)? = letter;
                length += 1;
            }
        }
        let word = alike.get(..length)?;
        let letters = |word: &[u8]| word.iter().fold(0_u32, |all, b| all | 1 << (b & 31));
        let here = letters(word);
        let near = |name: &[u8]| {
            let most = (name.len() / 2 - 1).min(3);
            word.first() == name.first()
                && (letters(name) & !here).count_ones() as usize <= most
                && distance(word, name, ending) <= most
        };
        let any = |names: &str| names.split(' ').any(|name| near(name.as_bytes()));
        NAMES.iter().find(|(names, _)| any(names)).map(|(_, nth)| *nth)
    }
}

/// How far a word is from a name, letters behind it apart: 1 for a vowel, a letter that sounds alike and
/// two that are swapped, 2 for another consonant.
#[inline(never)]
fn distance(word: &[u8], name: &[u8], ending: usize) -> usize {
    const WIDTH: usize = 13;
    let gap = |letter: u8| if b"aeiouh?".contains(&letter) { 1 } else { 2 };
    let kind = |letter: u8| match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' => 1,
        b'd' | b't' => 2,
        b'g' | b'k' => 3,
        b'b' | b'p' | b'v' | b'f' => 4,
        b's' | b'z' => 5,
        _ => letter,
    };
    let mut old;
    let (mut last, mut row) = ([0; WIDTH], [0; WIDTH]);
    for (j, letter) in name.iter().enumerate().take(WIDTH - 1) {
        row[j + 1] = row[j] + gap(*letter);
    }
    let length = name.len().min(WIDTH - 1);
    let mut least = usize::MAX;
    for (i, x) in word.iter().enumerate() {
        (old, last) = (last, row);
        row[0] = last[0] + gap(*x);
        for (j, y) in name.iter().enumerate().take(length) {
            let price = match () {
                () if x == y => 0,
                () if kind(*x) == kind(*y) || *x == ANY => 1,
                () => 2,
            };
            let mut best = last[j] + price;
            best = best.min(last[j + 1] + gap(*x)).min(row[j] + gap(*y));
            if i > 0 && j > 0 && Some(x) == name.get(j - 1) && word.get(i - 1) == Some(y) {
                best = best.min(old[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        // Letters behind the name are an ending.
        if i + 1 + ending >= word.len() {
            least = least.min(row[length]);
        }
    }
    least
}
