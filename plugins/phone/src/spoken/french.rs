//! French numbers that are spelled by ear: `sisse`, `douse`, `katrevin`. Knows sounds.

use super::Said;

/// Longest word, in letters.
const LONGEST: usize = 18;

/// The sounds of French numbers, as [`sound`] tells them; nasal vowels are capitals.
const SOUNDS: &[(&str, Said)] = &[
    ("Os", Said::Value(11)),
    ("di", Said::Value(10)),
    ("dUs", Said::Value(12)),
    ("dis", Said::Value(10)),
    ("disnef", Said::Value(19)),
    ("disset", Said::Value(17)),
    ("diset", Said::Value(17)),
    ("disuit", Said::Value(18)),
    ("disui", Said::Value(18)),
    ("kIs", Said::Value(15)),
    ("karAt", Said::Value(40)),
    ("katorz", Said::Value(14)),
    ("kators", Said::Value(14)),
    ("katr", Said::Value(4)),
    ("kat", Said::Value(4)),
    ("katrevI", Said::Value(80)),
    ("katrvI", Said::Value(80)),
    ("katrevIdis", Said::Value(90)),
    ("nef", Said::Unit(9)),
    ("sI", Said::Value(5)),
    ("sIk", Said::Value(5)),
    ("sIkAt", Said::Value(50)),
    ("sWsAt", Said::Value(60)),
    ("sWsAtdis", Said::Value(70)),
    ("sWsAtedis", Said::Value(70)),
    ("sero", Said::Value(0)),
    ("ses", Said::Value(16)),
    ("set", Said::Unit(7)),
    ("sis", Said::Value(6)),
    ("trAt", Said::Value(30)),
    ("trW", Said::Value(3)),
    ("tres", Said::Value(13)),
    ("ui", Said::Unit(8)),
    ("uit", Said::Unit(8)),
    ("vI", Said::Score),
    ("vIt", Said::Score),
];

/// The number that a word sounds like in French. Only for words beside numbers: many sound like one.
#[must_use]
pub fn french(word: &str) -> Option<Said> {
    // Common words that sound like a number.
    const OTHERS: &[&str] =
        &["ses", "dis", "dit", "qui", "cet", "sain", "saint", "sein", "ou", "des"];
    // The letters that some sound of a number is written with first.
    const FIRST: &[u8] = b"cdhknoqstuvxz";
    let may_begin = word.as_bytes().first().is_some_and(|first| FIRST.contains(first));
    if !may_begin || word.len() < 2 || OTHERS.contains(&word) {
        return None;
    }
    let mut heard = [0; LONGEST];
    let heard = sound(word, &mut heard)?;
    SOUNDS.iter().find(|(known, _)| known.as_bytes() == heard).map(|(_, said)| *said)
}

/// What letters sound like, the longest first; those of nasal vowels only before no vowel.
const LETTERS: &[(&str, u8)] = &[
    ("ain", b'I'),
    ("ein", b'I'),
    ("an", b'A'),
    ("en", b'A'),
    ("am", b'A'),
    ("em", b'A'),
    ("in", b'I'),
    ("im", b'I'),
    ("un", b'I'),
    ("on", b'O'),
    ("om", b'O'),
    ("oua", b'W'),
    ("oi", b'W'),
    ("wa", b'W'),
    ("ou", b'U'),
    ("eu", b'e'),
    ("ei", b'e'),
    ("ai", b'e'),
    ("qu", b'k'),
    ("ph", b'f'),
    ("ce", b's'),
    ("ci", b's'),
    ("é", b'e'),
    ("è", b'e'),
    ("ê", b'e'),
    ("ç", b's'),
    ("z", b's'),
    ("x", b's'),
    ("c", b'k'),
    ("q", b'k'),
    ("y", b'i'),
    ("h", 0),
];

/// Entries of [`LETTERS`] that are nasal vowels.
const NASALS: usize = 11;

/// The sounds of a word: no doubles, no silent endings.
fn sound<'b>(word: &str, out: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let (mut rest, mut len) = (word, 0_usize);
    while let Some(first) = rest.bytes().next() {
        let vowel = |text: &str| text.starts_with(['a', 'e', 'i', 'o', 'u', 'n', 'm', 'é']);
        let fits = |(n, (letters, _)): &(usize, &(&str, u8))| {
            letters.as_bytes().first() == Some(&first)
                && rest.strip_prefix(letters).is_some_and(|after| *n >= NASALS || !vowel(after))
        };
        let letters = LETTERS.iter().enumerate().find(fits).map(|(_, found)| *found);
        let (taken, sound) = match letters {
            // The vowel behind a soft `c` sounds too.
            Some((letters @ ("ce" | "ci"), sound)) => (letters.len() - 1, sound),
            Some((letters, sound)) => (letters.len(), sound),
            None if first.is_ascii_lowercase() => (1, first),
            None => return None,
        };
        rest = rest.get(taken..)?;
        let last = len.checked_sub(1).and_then(|l| out.get(l)).copied();
        let mute = sound == b'e' && rest.is_empty() && len > 1;
        if sound != 0 && last != Some(sound) && !mute {
            *out.get_mut(len)? = sound;
            len += 1;
        }
    }
    out.get(..len)
}

#[cfg(test)]
mod tests {
    use super::{Said, french};

    #[test]
    fn numbers_spelled_by_ear() {
        for (word, said) in [
            ("sisse", Some(Said::Value(6))),
            ("neuffe", Some(Said::Unit(9))),
            ("katre", Some(Said::Value(4))),
            ("vin", Some(Said::Score)),
            ("dizuit", Some(Said::Value(18))),
            ("trante", Some(Said::Value(30))),
            ("kinze", Some(Said::Value(15))),
            ("soissante", Some(Said::Value(60))),
            ("cinkante", Some(Said::Value(50))),
            ("carante", Some(Said::Value(40))),
            ("douse", Some(Said::Value(12))),
            ("katrevin", Some(Said::Value(80))),
            ("sinq", Some(Said::Value(5))),
            ("troi", Some(Said::Value(3))),
            ("table", None),
            ("ses", None),
        ] {
            assert_eq!(french(word), said, "{word}");
        }
    }
}
