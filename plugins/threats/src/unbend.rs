//! What a word was meant to be that was written so that a filter should not know it. Knows the ways of
//! bending, not which words threaten: a reading counts when the tables know it.

use parlour_guest::list::{Hash, List};
use parlour_guest::spelling::{self, Looks, READINGS, Reading};

use crate::phrases::{begun, may_begin};
use crate::words::{
    ABUSE, ABUSE_OF_YOU, ADJECTIVE, BODY, BURN, Classes, FIND, HIT, KILL, KILL_LATER, THING,
    classes, may_have_classes,
};

/// Classes for the sake of which a short word is bent.
const STRONG: Classes =
    KILL | HIT | BURN | FIND | KILL_LATER | BODY | THING | ABUSE | ABUSE_OF_YOU | ADJECTIVE;

/// Most letters that stars hide in one word.
const HIDDEN_MAX: usize = 2;

pub fn may_be_known(hash: Hash) -> bool {
    may_have_classes(hash) || may_begin(hash)
}

/// Whether the tables know a word that is long enough to be no accident.
pub fn known(word: &str) -> bool {
    let hash = Hash::of(word);
    word.len() > 4 && (classes(hash, word) != 0 || !begun(hash, word).is_empty())
}

fn strong(word: &str) -> bool {
    word.len() > 2 && classes(Hash::of(word), word) & STRONG != 0
}

/// A word with digits or marks among its letters as it was meant, if that is known.
pub fn bent(written: &str) -> Option<String> {
    let looks = Looks::of(written);
    let plain = || spelling::plain(written);
    let read = READINGS.iter().find_map(|reading| {
        // Russian with Latin letters is known by its marks between letters.
        let allowed = looks.allow(*reading) || matches!(reading, Reading::Looks | Reading::Sounds);
        (allowed && may_be_read(written, *reading)).then_some(())?;
        spelling::read(&plain(), *reading).filter(|read| known(read) || strong(read))
    });
    read.or_else(|| {
        // A Ukrainian one.
        let letter = looks.cyrillic && written.contains('1');
        letter.then(|| plain().replace('1', "і")).filter(|word| known(word))
    })
}

/// Whether a word that is read so may be known; `false` is certain.
fn may_be_read(written: &str, reading: Reading) -> bool {
    let mut hash = Hash::NEW;
    for letter in spelling::read_numbers(written, reading) {
        match letter {
            Some(letter) => hash = hash.with(letter),
            None => return false,
        }
    }
    may_be_known(hash)
}

/// A word with a digit or a mark in the place of a letter, read by its looks though nothing is known of it:
/// it may be in a phrase.
pub fn looked_at(written: &str) -> Option<String> {
    let looks = Looks::of(written);
    let reading = if looks.cyrillic { Reading::Looks } else { Reading::Latin };
    spelling::read(&spelling::plain(written), reading)
}

/// A word with one or two letters behind stars, when letters in their places make it a strong one.
pub fn unstarred(written: &str) -> Option<String> {
    let word = spelling::plain(written);
    let stars = word.chars().filter(|c| matches!(c, '*' | '#' | '_' | '@')).count();
    let sound = word.chars().all(|c| spelling::is_letter(c) || matches!(c, '*' | '#' | '_' | '@'));
    if stars > HIDDEN_MAX || !sound || word.chars().count() < stars + 2 {
        return None;
    }
    let alphabet = if word.bytes().any(|b| b.is_ascii_lowercase()) {
        "eaiouyrtnslkdpbcmghvfwxzjq"
    } else {
        "аоеиуіыяьюєїрнтслвкмдпбгзчйхжшцщфэ"
    };
    fill(&word, "", alphabet)
}

/// The first filling of the stars of `rest`, behind what is filled, that the tables know.
fn fill(rest: &str, filled: &str, alphabet: &str) -> Option<String> {
    let Some((head, tail)) = rest.split_once(['*', '#', '_', '@']) else {
        let mut word = String::with_capacity(filled.len() + rest.len());
        word.push_str(filled);
        word.push_str(rest);
        return (may_be_known(Hash::of(&word)) && strong(&word)).then_some(word);
    };
    alphabet.char_indices().find_map(|(at, letter)| {
        let mut filled = String::from(filled);
        filled.push_str(head);
        filled.push_str(alphabet.get(at..at + letter.len_utf8())?);
        fill(tail, &filled, alphabet)
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
    if !may_have_classes(hash) {
        return None;
    }
    let word = [first, second].concat();
    (classes(hash, &word) & (KILL | HIT | BURN | ABUSE) != 0).then_some(word)
}

/// A word whose letters stood apart in two, when the second is a strong one: single letters before it were
/// words.
pub fn begins_within(word: &str) -> Option<(&str, &str)> {
    let parts = word.char_indices().skip(1).take(4).filter_map(|(at, _)| word.split_at_checked(at));
    parts.into_iter().find(|(_, rest)| rest.len() > 3 && strong(rest))
}

/// Russian words in Latin letters by which such a text is known.
static ROMAN: List =
    List::of(&["tebya", "tebia", "tebja", "tebe", "tobi", "tvoyu", "tvoy", "tvoi", "suka"]);

/// Whether a word says that Russian is written in Latin letters.
pub fn is_roman(word: &str) -> bool {
    ROMAN.contains(word)
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
            && *to != "ы";
        if soft {
            out.push('ь');
        }
        out.push_str(to);
        rest = rest.get(from.len()..)?;
    }
    let is = classes(Hash::of(&out), &out);
    (is != 0 || !begun(Hash::of(&out), &out).is_empty()).then_some(out)
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
    use super::{begins_within, bent, cyrillic, torn, unstarred, unstretched};

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
            assert_eq!(unstarred(written).as_deref(), expected, "{written}");
        }
        assert_eq!(torn("уб", "ью").as_deref(), Some("убью"));
        assert_eq!((torn("за", "душу"), torn("be", "at")), (None, None));
        assert_eq!(unstretched("buuurn").as_deref(), Some("burn"));
        assert_eq!(unstretched("рассылка"), None);
        assert_eq!(begins_within("urstupid"), Some(("ur", "stupid")));
        assert_eq!(cyrillic("zadushu").as_deref(), Some("задушу"));
        assert_eq!(cyrillic("ubyu").as_deref(), Some("убью"));
        assert_eq!(cyrillic("window"), None);
    }
}
