//! Names of platforms that are spelled badly or played with, as in `signul`, `dscrd`, `инсташе` or `кантакте`.
//! Believed only beside what surely is a handle.

use super::{Platform, Skeleton, distance, weak};

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
const OTHERS: &str = "taktik tactic ticket taktika taktiku snapy snaping vaiter vocab tucked";

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
const STRANGERS: &str = "instr instit instal instan instin telegid snapsh tvitn pinterv instab instil disord discar snabzh skach snach skin dogad etiket didac linch linger lynch vhatso";

/// Names that are known with one letter wrong or, if they are long, with two; `c` and `y` are `k` and `i`.
const NAMES: [(&[u8], u32); 15] = [
    (b"telega", 1),
    (b"vhatsap", 2),
    (b"telegram", 1),
    (b"vatsap", 2),
    (b"votsap", 2),
    (b"diskord", 6),
    (b"snapkhat", 13),
    (b"instagram", 16),
    (b"feisbuk", 17),
    (b"fakebok", 17),
    (b"vkontakte", 18),
    (b"tiktok", 20),
    (b"linkedin", 21),
    (b"ioutube", 23),
    (b"pinterest", 25),
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
            let most = if name.len() > 7 { 2 } else { 1 };
            word.first() == name.first()
                && (letters(name) & !here).count_ones() as usize <= most
                && (0..=ENDING_MAX).any(|ending| {
                    let stem = word.get(..word.len().saturating_sub(ending)).unwrap_or_default();
                    stem.len() + most >= name.len() && distance(stem, name) <= most
                })
        };
        NAMES.iter().find(|(name, _)| near(name)).map(|(_, nth)| *nth)
    }
}

fn listed(list: &str, word: &[u8]) -> bool {
    list.split(' ').any(|listed| listed.as_bytes() == word)
}
