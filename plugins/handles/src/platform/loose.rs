//! Names of platforms spelled so badly that only their consonants are left, as in `signul`, `dscrd` or
//! `tik tak`. Believed only beside what surely is a handle.

use super::{Platform, Skeleton, weak};

/// Consonants of names, voiced as voiceless, and the place of the platform in the list of names.
const BONES: [(&[u8], u32); 24] = [
    (b"tcktck", 20),
    (b"tktq", 20),
    (b"vpr", 3),
    (b"tvtr", 22),
    (b"tlkrm", 1),
    (b"tlkr", 1),
    (b"vtsp", 2),
    (b"vcp", 2),
    (b"vtcp", 2),
    (b"sknl", 4),
    (b"skp", 5),
    (b"tskrt", 6),
    (b"tskrtk", 6),
    (b"snpct", 13),
    (b"nstkrm", 16),
    (b"nstkr", 16),
    (b"fcpk", 17),
    (b"fspk", 17),
    (b"vkntkt", 18),
    (b"tktk", 20),
    (b"tctc", 20),
    (b"tckt", 20),
    (b"lnktn", 21),
    (b"ytp", 23),
];

/// Beginnings of names that go on with anything.
const ROOTS: [(&[u8], u32); 27] = [
    (b"teleg", 1),
    (b"tileg", 1),
    (b"telg", 1),
    (b"tgsh", 1),
    (b"tgk", 1),
    (b"insto", 16),
    (b"instul", 16),
    (b"instagr", 16),
    (b"insh", 16),
    (b"vkont", 18),
    (b"kontaktik", 18),
    (b"vekash", 18),
    (b"diskor", 6),
    (b"discor", 6),
    (b"diskach", 6),
    (b"feisb", 17),
    (b"fesb", 17),
    (b"tikt", 20),
    (b"vatsa", 2),
    (b"votsa", 2),
    (b"vacap", 2),
    (b"snapi", 13),
    (b"snapu", 13),
    (b"snapa", 13),
    (b"snapy", 13),
    (b"skaip", 5),
    (b"yutub", 23),
];

/// Words that have such consonants and are none.
const OTHERS: [&[u8]; 15] = [
    b"telegid", b"skop", b"skupo", b"skip", b"skupoi", b"taktik", b"tactic", b"ticket", b"taktika",
    b"taktiku", b"escape", b"scope", b"skipe", b"oskop", b"ytop",
];

impl Skeleton {
    /// The platform whose name has the same consonants in the same order.
    pub fn resembles(&self) -> Option<Platform> {
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
        let bones = bones.get(..length)?;
        if OTHERS.contains(&word) {
            return None;
        }
        if let Some((_, nth)) = ROOTS.iter().find(|(root, _)| word.starts_with(root)) {
            return weak(*nth);
        }
        if word.len() > length * 2 + 2 {
            return None;
        }
        BONES.iter().find(|(name, _)| *name == bones).and_then(|(_, nth)| weak(*nth))
    }
}
