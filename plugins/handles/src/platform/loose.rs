//! Names of platforms spelled so badly that only their consonants are left, as in `signul`, `dscrd` or
//! `tik tak`. Believed only beside what surely is a handle.

use super::{Platform, Skeleton, weak};

/// Consonants of names, voiced as voiceless, and the place of the platform in the list of names.
const BONES: [(&[u8], u32); 20] = [
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

/// Words that have such consonants and are none.
const OTHERS: [&[u8]; 14] = [
    b"skop", b"skupo", b"skip", b"skupoi", b"taktik", b"tactic", b"ticket", b"taktika", b"taktiku",
    b"escape", b"scope", b"skipe", b"oskop", b"ytop",
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
        if OTHERS.contains(&word) || word.len() > length * 2 + 2 {
            return None;
        }
        BONES.iter().find(|(name, _)| *name == bones).and_then(|(_, nth)| weak(*nth))
    }
}
