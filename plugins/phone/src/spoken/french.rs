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
    if word.len() < 2 || OTHERS.contains(&word) {
        return None;
    }
    let mut heard = [0; LONGEST];
    let heard = sound(word, &mut heard)?;
    SOUNDS.iter().find(|(known, _)| known.as_bytes() == heard).map(|(_, said)| *said)
}

/// The sounds of a word: no doubles, no silent endings.
fn sound<'b>(word: &str, out: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut letters = ['\0'; LONGEST + 2];
    let mut count = 0;
    for c in word.chars() {
        *letters.get_mut(..LONGEST)?.get_mut(count)? = match c {
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' | 'y' => 'i',
            'a'..='z' | 'ç' => c,
            _ => return None,
        };
        count += 1;
    }
    let at = |n: usize| letters.get(n).copied().unwrap_or_default();
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let (mut n, mut len) = (0, 0_usize);
    while n < count {
        let nasal = |from: usize| {
            matches!(at(from), 'n' | 'm') && !vowel(at(from + 1)) && at(from + 1) != at(from)
        };
        let (sound, taken) = match (at(n), at(n + 1), at(n + 2)) {
            ('a' | 'e', 'i', _) if nasal(n + 2) => (b'I', 3),
            ('o', 'i', _) | ('w', 'a', _) => (b'W', 2),
            ('o', 'u', 'a') => (b'W', 3),
            ('o', 'u', _) => (b'U', 2),
            ('a' | 'e', 'n' | 'm', _) if nasal(n + 1) => (b'A', 2),
            ('i' | 'u', 'n' | 'm', _) if nasal(n + 1) => (b'I', 2),
            ('o', 'n' | 'm', _) if nasal(n + 1) => (b'O', 2),
            ('e', 'u', _) | ('a' | 'e', 'i', _) => (b'e', 2),
            ('q', 'u', _) => (b'k', 2),
            ('p', 'h', _) => (b'f', 2),
            ('c', 'e' | 'i', _) | ('ç' | 's' | 'z' | 'x', _, _) => (b's', 1),
            ('c' | 'k' | 'q', _, _) => (b'k', 1),
            ('h', _, _) => (0, 1),
            (c, _, _) => (u8::try_from(c).unwrap_or(b'?'), 1),
        };
        n += taken;
        let last = len.checked_sub(1).and_then(|l| out.get(l)).copied();
        // A mute ending.
        let mute = sound == b'e' && n >= count && len > 1;
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
