//! What a word was meant to be that was written so that a filter should not know it. Knows the ways of
//! bending, not which words threaten: a reading counts when the tables know it.

use parlour_guest::list::{Hash, List};
use parlour_guest::spelling::{self, Looks, READINGS, Reading, SPELLED};

use crate::words::{
    ABUSE, ABUSE_OF_YOU, ADJECTIVE, BODY, BURN, Classes, FIND, HIT, KILL, KILL_LATER, Known, THING,
    may_be_known,
};

/// Classes for the sake of which a short word is bent.
const STRONG: Classes =
    KILL | HIT | BURN | FIND | KILL_LATER | BODY | THING | ABUSE | ABUSE_OF_YOU | ADJECTIVE;

/// Most letters that stars hide in one word.
const HIDDEN_MAX: usize = 2;

/// No word with stars has so many letters.
const LETTERS_MAX: usize = 14;

/// Whether the tables know a word that is long enough to be no accident.
#[inline(never)]
pub fn known(word: &str) -> bool {
    word.len() > 4 && !Known::of(word).is_nothing()
}

/// Whether a word may be known without its repeated letters; `false` is certain.
pub fn may_be_once(word: &str) -> bool {
    let (text, mut hash, mut at, mut last) = (word.as_bytes(), Hash::NEW, 0, 0);
    while at < text.len() {
        let (letter, next) = spelling::letter(text, at);
        let letter = letter & !SPELLED;
        if letter != last {
            hash = hash.with(letter);
        }
        (at, last) = (next, letter);
    }
    may_be_known(hash)
}

#[inline(never)]
fn strong(word: &str) -> bool {
    word.len() > 2 && Known::of(word).is & STRONG != 0
}

/// A word with digits or marks among its letters as it was meant, if that is known.
pub fn bent(written: &str) -> Option<String> {
    let looks = Looks::of(written);
    let plain = || spelling::plain(written);
    let read = READINGS.iter().find_map(|reading| {
        // Russian with Latin letters is known by its marks between letters.
        let allowed = looks.allow(*reading) || matches!(reading, Reading::Looks | Reading::Sounds);
        let stretched = allowed.then(|| may_be_read(written, *reading)).flatten()?;
        let read = spelling::read(&plain(), *reading)?;
        let is_known = |word: &String| known(word) || strong(word);
        if is_known(&read) {
            return Some(read);
        }
        stretched.then(|| unstretched(&read)).flatten().filter(is_known)
    });
    read.or_else(|| {
        // A Ukrainian one.
        let letter = looks.cyrillic && written.contains('1');
        letter.then(|| plain().replace('1', "і")).filter(|word| known(word))
    })
}

/// Whether a word that is read so may be known without its repeated letters; nothing when it is not known
/// as it is either.
fn may_be_read(written: &str, reading: Reading) -> Option<bool> {
    let (mut hash, mut short, mut last) = (Hash::NEW, Hash::NEW, None);
    for letter in spelling::read_numbers(written, reading) {
        let number = letter?;
        hash = hash.with(number);
        if letter != last {
            short = short.with(number);
        }
        last = letter;
    }
    let stretched = short != hash && may_be_known(short);
    (stretched || may_be_known(hash)).then_some(stretched)
}

/// A word with a star for each mark, digit and letter of another alphabet in it, and for each byte that
/// `doubted` names, when these are few.
pub fn starred(written: &str, doubted: impl Fn(usize) -> bool) -> Option<String> {
    let cyrillic = written.chars().filter(|c| spelling::is_cyrillic(*c)).count();
    let latin = written.bytes().filter(u8::is_ascii_lowercase).count();
    let (mut stars, mut letters) = (0, 0);
    let mut word = String::with_capacity(written.len());
    for (at, c) in written.char_indices().filter(|(_, c)| *c != '\'') {
        let other = if cyrillic > latin { c.is_ascii() } else { !c.is_ascii_lowercase() };
        if (other && spelling::bare(c) == c) || !spelling::is_letter(c) || doubted(at) {
            stars += 1;
            word.push('*');
        } else {
            letters += 1;
            word.push(spelling::bare(c));
        }
    }
    let most = if written.contains('*') { HIDDEN_MAX } else { 1 };
    let few = (1..=most).contains(&stars) && (3..LETTERS_MAX).contains(&letters)
        || stars == 1 && letters == 2 && !word.ends_with('*');
    few.then_some(word)
}

/// The word that some letters in the place of the stars make, if the tables know it.
pub fn unstarred(word: &str) -> Option<String> {
    let alphabet = if word.bytes().any(|b| b.is_ascii_lowercase()) {
        "eaiouyrtnslkdpbcmghvfwxzjq"
    } else {
        "аоеиуіыяьюєїрнтслвкмдпбгзчйхжшцщфэқңүұәөғ"
    };
    fill(word, "", Hash::NEW, alphabet)
}

/// The first filling of the stars of `rest`, behind what is filled, that the tables know.
fn fill(rest: &str, filled: &str, hash: Hash, alphabet: &str) -> Option<String> {
    let Some((head, tail)) = rest.split_once('*') else {
        let word = [filled, rest].concat();
        let known = || !Known::of(&word).is_nothing();
        return (strong(&word) || word.chars().count() > 3 && known()).then_some(word);
    };
    let (hash, last) = (hash.then(head), !tail.contains('*'));
    alphabet.char_indices().find_map(|(at, letter)| {
        let (number, _) = spelling::letter(alphabet.as_bytes(), at);
        let hash = hash.with(number & !SPELLED);
        if last && !may_be_known(hash.then(tail)) {
            return None;
        }
        let letter = alphabet.get(at..at + letter.len_utf8())?;
        fill(tail, &[filled, head, letter].concat(), hash, alphabet)
    })
}

/// A word without its repeated letters: runs of three and more are one letter, and of two where that makes a
/// known word.
pub fn unstretched(plain: &str) -> Option<String> {
    let short = spelling::unstretched(plain, 3, 1);
    let once = || spelling::unstretched(plain, 2, 1).filter(|once| known(once) || strong(once));
    match short {
        Some(short) if known(&short) || strong(&short) => Some(short),
        Some(short) => Some(once().unwrap_or(short)),
        None => once().filter(|once| known(once)),
    }
}

/// Two words of Cyrillic letters that are a strong one together and nothing apart.
pub fn torn(first: &str, second: &str) -> Option<String> {
    let short = (4..9).contains(&first.len()) && (2..15).contains(&second.len());
    if !short || first.is_char_boundary(1) || first == "за" {
        return None;
    }
    let hash = Hash::of(first).then(second);
    if !may_be_known(hash) {
        return None;
    }
    let word = [first, second].concat();
    (Known::of(&word).is & (KILL | HIT | BURN | ABUSE) != 0).then_some(word)
}

/// Where the words end of which letters are made that stood apart: all of them known, and one of them strong
/// or the beginning of a phrase.
pub fn words_within(letters: &str) -> Option<Vec<usize>> {
    let (mut ends, mut left) = (Vec::new(), LOOKS_MAX);
    (parted(letters, 0, &mut ends, &mut left) && ends.len() > 1).then_some(ends)
}

/// Most words that are looked up for one run of letters.
const LOOKS_MAX: usize = 300;

fn parted(letters: &str, from: usize, ends: &mut Vec<usize>, left: &mut usize) -> bool {
    let rest = letters.get(from..).unwrap_or_default();
    if rest.is_empty() {
        let mut start = 0;
        return ends.iter().any(|end| {
            let word = letters.get(start..*end).unwrap_or_default();
            start = *end;
            strong(word) || word.len() > 3 && !Known::of(word).begins.is_empty()
        });
    }
    let mut stops: Vec<usize> =
        rest.char_indices().skip(1).map(|(at, _)| at).take(LETTERS_MAX).collect();
    if rest.chars().count() <= LETTERS_MAX {
        stops.push(rest.len());
    }
    while let Some(stop) = stops.pop() {
        let word = rest.get(..stop).unwrap_or_default();
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let hash = Hash::of(word);
        if may_be_known(hash) && !Known::of(word).is_nothing() {
            ends.push(from + stop);
            if parted(letters, from + stop, ends, left) {
                return true;
            }
            ends.pop();
        }
    }
    false
}

/// Russian words in Latin letters by which such a text is known.
static ROMAN: List =
    List::of(&["tebya", "tebia", "tebja", "tebe", "tobi", "tvoyu", "tvoy", "tvoi", "suka"]);

/// Whether a word says that Russian is written in Latin letters.
pub fn is_roman(word: &str) -> bool {
    word.starts_with(['t', 's']) && ROMAN.contains(word)
}

/// A Russian word that is written in Latin letters, if it is known.
pub fn cyrillic(word: &str) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(word.len() * 2), word);
    while !rest.is_empty() {
        let (from, to) = LETTERS.iter().find(|(from, _)| rest.starts_with(from))?;
        // A sign softens what stands before a vowel: `ubyu`.
        let soft = from.len() == 2
            && from.starts_with(['y', 'i'])
            && out.ends_with(['б', 'в', 'п', 'м'])
            && matches!(*to, "ю" | "е");
        if soft {
            out.push('ь');
        }
        out.push_str(to);
        rest = rest.get(from.len()..)?;
    }
    (!Known::of(&out).is_nothing()).then_some(out)
}

const LETTERS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ya", "я"),
    ("ia", "я"),
    ("ja", "я"),
    ("yu", "ю"),
    ("iu", "ю"),
    ("ju", "ю"),
    ("yo", "е"),
    ("ye", "е"),
    ("a", "а"),
    ("b", "б"),
    ("v", "в"),
    ("g", "г"),
    ("d", "д"),
    ("e", "е"),
    ("z", "з"),
    ("i", "и"),
    ("j", "й"),
    ("y", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("f", "ф"),
    ("h", "х"),
    ("c", "ц"),
    ("'", "ь"),
];

#[cfg(test)]
mod tests {
    use super::{bent, cyrillic, starred, torn, unstarred, unstretched, words_within};

    #[test]
    fn strong_words_are_known_in_disguise() {
        for (written, expected) in [
            ("k1ll", Some("kill")),
            ("уб-ью", Some("убью")),
            ("ід1от", Some("ідіот")),
            ("user_name", None),
            ("2024", None),
        ] {
            assert_eq!(bent(written).as_deref(), expected, "{written}");
        }
        for (written, expected) in [
            ("t*er", Some("tuer")),
            ("m*r*n", Some("moron")),
            ("уб*ю", Some("убью")),
            ("a*b", None),
        ] {
            let read = starred(written, |_| false).and_then(|word| unstarred(&word));
            assert_eq!(read.as_deref(), expected, "{written}");
        }
        assert_eq!(torn("уб", "ью").as_deref(), Some("убью"));
        assert_eq!((torn("за", "душу"), torn("be", "at")), (None, None));
        assert_eq!(unstretched("buuurn").as_deref(), Some("burn"));
        assert_eq!(unstretched("рассылка"), None);
        assert_eq!(words_within("urstupid"), Some(vec![2, 8]));
        assert_eq!(words_within("ятебяубью"), Some(vec![2, 10, 18]));
        assert_eq!(words_within("window"), None);
        assert_eq!(cyrillic("zadushu").as_deref(), Some("задушу"));
        assert_eq!(cyrillic("ubyu").as_deref(), Some("убью"));
        assert_eq!(cyrillic("window"), None);
    }
}
