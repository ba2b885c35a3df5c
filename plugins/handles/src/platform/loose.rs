//! Names of platforms that are spelled badly or played with, as in `signul`, `dscrd`, `инсташе` or `кантакте`.
//! Believed only beside what surely is a handle.

use super::{ANY, Platform, Skeleton, weak};

/// Consonants of names, voiced as voiceless, and the place of the platform in the list of names.
const BONES: [(&str, u32); 10] = [
    ("tlkrm tlkr", 1),
    ("vtsp vcp vtcp", 2),
    ("sknl", 4),
    ("tskrt tskrtk", 6),
    ("snpct", 13),
    ("nstkrm nstkr", 16),
    ("fcpk fspk", 17),
    ("vkntkt", 18),
    ("tktk tctc tckt tcktck tktq", 20),
    ("lnktn", 21),
];

/// Words that have such consonants and are none.
const OTHERS: &str = "snapy snaping vaiter vocab tucked";

/// Beginnings of names that go on with any ending, by the place of the platform.
const FAMILIES: [(&str, u32); 15] = [
    ("teleg tilig tileg telig telezhe tgsh tgesh tgk", 1),
    ("vatsa vatsu vatse votsa votsu vacap vocap vasap vosap vhatsa vhatsu vhatz", 2),
    ("viberc vaib", 3),
    ("skaip skyp skpy skpe skuip skyip skaep", 5),
    ("diskor discor diskach", 6),
    ("snepi snepa snepu snapi snapa snapu snapy snapch snepch", 13),
    ("inst", 16),
    ("feisb feisi feise feisu fesb facebo faceb", 17),
    ("vkont vkant kantakt kontaktik vekash vkash vtentak", 18),
    ("tikt tict tickt", 20),
    ("linked", 21),
    ("tvit tveter", 22),
    ("yutub yutup iutub utub yutyu", 23),
    ("pinter", 25),
    ("tvich", 26),
];

/// Beginnings of other words that begin so.
const STRANGERS: &str = "instr instit instal instan instin telegid snapsh tvitn linkin takti tacti tacta ticket skip vyb vibra vibir vibere viberi veber vuds pinterv instab instil disord discar snabzh skach snach skin dogad etiket didac linch linger lynch vhatso";

/// Names that are known with some letters wrong; `c` and `y` are `k` and `i`.
const NAMES: [(&str, u32); 15] = [
    ("telega telegram", 1),
    ("vhatsap vatsap votsap", 2),
    ("vaiber", 3),
    ("skaip", 5),
    ("diskord", 6),
    ("snapkhat snepkhat", 13),
    ("mesendzher mesenger", 14),
    ("instagram insta", 16),
    ("feisbuk fakebok", 17),
    ("vkontakte", 18),
    ("odnoklasniki", 19),
    ("tiktok", 20),
    ("linkedin", 21),
    ("iutub ioutube", 23),
    ("pinterest", 25),
];

/// Longest ending behind such a name.
const ENDING_MAX: usize = 3;

impl Skeleton {
    /// The platform whose name this may be, misspelled or made longer.
    pub fn resembles(&self) -> Option<Platform> {
        let word = self.bytes();
        let begins = |list: &str| list.split(' ').any(|root| word.starts_with(root.as_bytes()));
        let first = word.first().is_some_and(|b| b"tvsdflpkieyunz".contains(b));
        if !first || word.len() < 3 || listed(OTHERS, word) || begins(STRANGERS) {
            return None;
        }
        let family = FAMILIES.iter().find(|(roots, _)| begins(roots)).map(|(_, nth)| *nth);
        family.or_else(|| self.bones()).or_else(|| self.near()).and_then(weak)
    }

    /// By the consonants and their order.
    fn bones(&self) -> Option<u32> {
        let word = self.bytes();
        let mut bones = [0_u8; 8];
        let mut length = 0;
        for letter in word {
            let voiceless = match letter {
                b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' => continue,
                b'd' => b't',
                b'g' => b'k',
                b'b' => b'p',
                b'z' => b's',
                other => *other,
            };
            if length > 0 && bones.get(length - 1) == Some(&voiceless) {
                continue;
            }
            *bones.get_mut(length)? = voiceless;
            length += 1;
        }
        let bones = bones.get(..length).filter(|_| word.len() <= length * 2 + 2)?;
        BONES.iter().find(|(names, _)| listed(names, bones)).map(|(_, nth)| *nth)
    }

    /// By most letters, an ending apart.
    pub(super) fn near(&self) -> Option<u32> {
        let mut word = self.letters;
        for letter in &mut word {
            *letter = match *letter {
                b'c' | b'q' => b'k',
                b'y' => b'i',
                other => other,
            };
        }
        let word = word.get(..self.length)?;
        let letters = |word: &[u8]| word.iter().fold(0_u32, |all, b| all | 1 << (b & 31));
        let here = letters(word);
        let near = |name: &[u8]| {
            let most = (name.len() / 2 - 1).min(3);
            word.first() == name.first()
                && (letters(name) & !here).count_ones() as usize <= most
                && distance(word, name) <= most
        };
        let any = |names: &str| names.split(' ').any(|name| near(name.as_bytes()));
        NAMES.iter().find(|(names, _)| any(names)).map(|(_, nth)| *nth)
    }
}

/// How far a word is from a name, letters behind it apart: 1 for a vowel, a letter that sounds alike and
/// two that are swapped, 2 for another consonant.
#[inline(never)]
fn distance(word: &[u8], name: &[u8]) -> usize {
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
    let (mut old, mut last, mut row) = ([0; WIDTH], [0; WIDTH], [0; WIDTH]);
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
        if i + 1 + ENDING_MAX >= word.len() {
            least = least.min(row[length]);
        }
    }
    least
}

fn listed(list: &str, word: &[u8]) -> bool {
    list.split(' ').any(|listed| listed.as_bytes() == word)
}
