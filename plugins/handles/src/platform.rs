//! Messengers and social networks by the names that people give them. A name is compared as a skeleton:
//! Latin letters, Cyrillic ones transliterated, doubled ones single; so that one table serves every script,
//! every mixture of them and most disguises. Knows no sentence.

mod letters;
mod loose;
mod names;

use self::letters::{CYRILLIC, CYRILLIC_PAIRS, LATIN_PAIRS, latin};
pub use self::names::*;

use crate::lexicon::{self, Heads, among, beginnings, has, middles};

/// How surely a name means the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A word of some language too: `line`, `max`, `signal`.
    Weak,
    /// Slang or letters: `tg`, `телега`.
    Slang,
    Sure,
}

/// A messenger or social network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Its place in [`NAMES`], as a bit.
    pub bit: u32,
    pub strength: Strength,
}

impl Platform {
    /// Whether it is one of some.
    pub fn is(self, set: u32) -> bool {
        self.bit & set != 0
    }

    #[inline(never)]
    pub fn name(self) -> &'static str {
        NAMES.get(self.bit.trailing_zeros() as usize).map_or("", |name| name)
    }

    /// What a contact on it is.
    pub fn category(of: Option<Self>) -> &'static str {
        if of.is_some_and(|p| p.is(SOCIAL)) { "social" } else { "messenger" }
    }
}

/// The first two letters of stems, by the first; as bits by the second.
static BEGINNINGS: [u32; 26] = beginnings(NAMED);

/// The first three letters of stems, as bits.
static HEADS: Heads = lexicon::heads(NAMED);

/// The second to the fourth letter of stems.
static MIDDLES: Heads = middles(NAMED);

/// Whether a name of a platform may begin as a word does; `false` is certain.
#[inline(never)]
pub fn head_of_name(word: &str) -> bool {
    let letter = |high: u8, low: u8| usize::from((high & 3) << 6 | low & 63).wrapping_sub(0x30);
    let (pairs, first, second) = match word.as_bytes() {
        [a @ 0xd0..=0xd1, b, c @ 0xd0..=0xd1, d, ..] => {
            (&CYRILLIC_PAIRS, letter(*a, *b), letter(*c, *d))
        }
        [a @ b'a'..=b'z', b @ b'a'..=b'z', ..] => {
            (&LATIN_PAIRS, usize::from(a - b'a'), usize::from(b - b'a'))
        }
        _ => (&LATIN_PAIRS, 32, 32),
    };
    if second < 32 && pairs.get(first).is_some_and(|pairs| pairs >> second & 1 == 0) {
        return false;
    }
    let (mut head, mut length) = ([0_u8; 3], 0);
    for c in elided(word).chars() {
        let letters = match c {
            'а'..='я' => CYRILLIC.get(c as usize - 'а' as usize).copied(),
            _ => latin(c, Reading::First),
        };
        let Some(letters) = letters else {
            return false;
        };
        for letter in letters.bytes() {
            let again = length > 0 && head.get(length - 1) == Some(&letter);
            if let Some(place) = head.get_mut(length).filter(|_| !again) {
                *place = letter;
                length += 1;
            }
        }
        if length == head.len() {
            return has(&HEADS, head);
        }
    }
    may_begin(head.get(..length).unwrap_or_default())
}

/// Whether a name may begin with one or two letters.
fn may_begin(letters: &[u8]) -> bool {
    let [a, b] = letters else {
        return true;
    };
    let row = BEGINNINGS.get(usize::from(a.wrapping_sub(b'a')));
    row.is_none_or(|row| row >> (b.wrapping_sub(b'a') & 31) & 1 == 1)
}

/// A word without the French article or the English ending that is glued to it: `l'insta`, `discord's`.
pub fn elided(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    match word.as_bytes() {
        [b'l', b'\'', _, _, _, _, ..] => word.get(2..).unwrap_or(word),
        _ => word,
    }
}

/// Longest ending in letters.
const ENDING_MAX: usize = 5;

/// Longest skeleton that is kept; longer words are no names.
const SKELETON_MAX: usize = 24;

/// What stands for any one letter, in a skeleton.
pub const ANY: u8 = b'?';

/// How to read the characters that stand for two letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    First,
    Second,
    /// Latin letters are Cyrillic ones by their looks.
    Looks,
}

/// A word reduced to what a name is compared by.
#[derive(Clone, Copy)]
pub struct Skeleton {
    letters: [u8; SKELETON_MAX],
    length: usize,
    full: bool,
    wild: bool,
}

impl Skeleton {
    pub fn new() -> Self {
        Self { letters: [0; SKELETON_MAX], length: 0, full: false, wild: false }
    }

    /// Adds a word; `None` when the whole is too long or has a character that is no letter.
    #[inline(never)]
    pub fn add(&mut self, word: &str, reading: Reading) -> Option<()> {
        for c in word.chars() {
            if self.full {
                return None;
            }
            self.read(c, reading)?;
        }
        (!self.full).then_some(())
    }

    fn read(&mut self, c: char, reading: Reading) -> Option<()> {
        match c {
            'a'..='v' | 'x'..='z' if reading != Reading::Looks => self.push(u8::try_from(c).ok()?),
            'а'..='я' => {
                let letters = CYRILLIC.get(c as usize - 'а' as usize)?;
                letters.bytes().for_each(|b| self.push(b));
            }
            _ => latin(c, reading)?.bytes().for_each(|b| self.push(b)),
        }
        Some(())
    }

    pub fn push(&mut self, letter: u8) {
        if self.length > 0 && self.letters.get(self.length - 1) == Some(&letter) && letter != ANY {
            return;
        }
        match self.letters.get_mut(self.length) {
            Some(slot) => {
                *slot = letter;
                self.length += 1;
                self.wild |= letter == ANY;
            }
            None => self.full = true,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        self.letters.get(..self.length).unwrap_or_default()
    }

    /// Whether a name begins with the letters that this begins with; `false` is certain.
    pub fn may_be_name(&self) -> bool {
        match self.bytes() {
            [a, b, c, ..] => has(&HEADS, [*a, *b, *c]),
            letters => may_begin(letters),
        }
    }

    /// Whether more letters may make this a name that is spelled without a mistake; `false` is certain.
    pub fn may_go_on(&self) -> bool {
        match self.bytes() {
            [_, b, c, d, ..] => has(&MIDDLES, [*b, *c, *d]) && self.may_be_name(),
            _ => self.may_be_name(),
        }
    }

    /// The platform that this is a name of.
    #[inline(never)]
    pub fn platform(&self) -> Option<Platform> {
        let word = self.bytes();
        if self.full || word.is_empty() {
            return None;
        }
        if self.wild {
            return self.near(3).and_then(of);
        }
        if !self.may_be_name() {
            return None;
        }
        exact(word)
    }

    /// Whether this names a platform, be it by its sounds; what is a word of assent only does not.
    pub fn names(&self) -> bool {
        !matches!(self.bytes(), b"ok") && self.platform().is_some() || self.bytes() == b"veka"
    }

    /// Like [`Self::platform`] without names of one or two letters, endings or wrong letters.
    #[inline(never)]
    pub fn long_name(&self) -> Option<Platform> {
        if self.full || self.length < 5 || self.wild || !self.may_be_name() {
            return None;
        }
        exact(self.bytes())
    }
}

#[inline(never)]
fn of(value: u32) -> Option<Platform> {
    let nth = (value & 0xff).checked_sub(1)?;
    let strength = match value & (SLANG | WEAK) {
        0 => Strength::Sure,
        SLANG => Strength::Slang,
        _ => Strength::Weak,
    };
    Some(Platform { bit: 1 << (nth & 31), strength })
}

/// The platform whose names begin with `live:`.
pub fn skype() -> Option<Platform> {
    of(5)
}

/// The platform whose two letters are also spelled by their sounds: `вэка`.
pub fn vk() -> Option<Platform> {
    slang(18)
}

/// The platform whose two letters are one and the same: `tt`.
pub fn tiktok() -> Option<Platform> {
    weak(20)
}

/// The platform at a place in [`NAMES`], from 1 on, when it is only hinted at.
pub fn weak(nth: u32) -> Option<Platform> {
    of(nth | WEAK)
}

/// The platform at a place in [`NAMES`], from 1 on, when it is described.
pub fn slang(nth: u32) -> Option<Platform> {
    of(nth | SLANG)
}

/// A stem, alone or with an ending.
#[inline(never)]
fn exact(word: &[u8]) -> Option<Platform> {
    // A stem that is shorter is the whole name.
    if let [_, b, c, d, ..] = word
        && !has(&MIDDLES, [*b, *c, *d])
    {
        return None;
    }
    // The last letters of all endings.
    let inflected = word.last().is_some_and(|last| b"aeuyiomhvkn".contains(last));
    let longest = if inflected { ENDING_MAX } else { 0 };
    for cut in (word.len().saturating_sub(longest)..=word.len()).rev() {
        let (stem, ending) = word.split_at_checked(cut)?;
        if stem.is_empty() || !ending.is_empty() && (cut < 4 || ENDINGS.find(ending) == 0) {
            continue;
        }
        let value = STEMS.find(stem);
        if value != 0 && (ending.is_empty() || value & EXACT == 0) {
            return of(value);
        }
    }
    None
}

/// Whether a picture may stand for a platform, or for the sign before a handle.
pub fn pictured(mark: &str) -> bool {
    among(mark, row!("🇹 🇻 € 🐌 🐶 🐕 🐩 🦮 ⓐ")) || emoji(mark, None).is_some()
}

/// The platform that a picture stands for beside a handle, and how many characters the picture takes.
pub fn emoji(mark: &str, next: Option<&str>) -> Option<(Platform, usize)> {
    const SIGNS: [(&str, u32); 12] = [
        ("✈🛩🛫💙🔵📱📲💬📩✉📨🆔📞☎🔎🔍👉➡👇", 1),
        ("📘", 17),
        ("💼", 21),
        ("▶📺", 23),
        ("🧵", 24),
        ("💚🟢", 2),
        ("💜🟣", 3),
        ("📷📸", 16),
        ("👻", 13),
        ("🐦🐤", 22),
        ("🎮🎧👾", 6),
        ("🎵🎶", 20),
    ];
    let sign = mark.chars().next()?;
    let flag = match (sign, next) {
        ('🇹', Some("🇬")) => 1,
        ('🇻', Some("🇰")) => 18,
        _ => 0,
    };
    if flag > 0 {
        return of(flag | WEAK).map(|p| (p, 2));
    }
    let (_, value) = SIGNS.iter().find(|(signs, _)| signs.chars().any(|c| c == sign))?;
    of(value | WEAK).map(|p| (p, 1))
}

#[cfg(test)]
mod tests {
    use super::{Platform, Reading, Skeleton};

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        let mut skeleton = Skeleton::new();
        let found = skeleton.add(word, Reading::First).and_then(|()| skeleton.platform());
        assert_eq!(found.map(Platform::name), expected, "{word}");
    }

    #[test]
    fn names_are_known_in_every_script_case_and_spelling() {
        for word in
            "telegram телеграм телеграмме телегу телегой telega тг телеgram т3лега".split(' ')
        {
            check(word, Some("telegram"));
        }
        for word in
            ["whatsapp", "вотсап", "вацапе", "ватсаппе", "ватсапқа", "уотсап", "votsap", "wh@tsapp"]
        {
            check(word, Some("whatsapp"));
        }
        for word in ["инста", "инсте", "инстаграмм", "instagram", "1nsta"] {
            check(word, Some("instagram"));
        }
        for word in ["viber", "вайбере", "vайбер"] {
            check(word, Some("viber"));
        }
    }

    #[test]
    fn misspelled_names_resemble_theirs() {
        for (word, name) in [("теоеграм", 0), ("инсташе", 15), ("кантакте", 17), ("дизкорд", 5)]
        {
            let mut skeleton = Skeleton::new();
            let found = skeleton.add(word, Reading::First).and_then(|()| skeleton.resembles());
            assert_eq!(found.map(Platform::name), Some(super::NAMES[name]), "{word}");
        }
    }

    #[test]
    fn other_words_are_no_names() {
        for word in [
            "выберем",
            "вибере",
            "телеграф",
            "телефон",
            "инструкция",
            "вконце",
            "вкладка",
            "instant",
            "disk",
            "диск",
            "instead",
            "telegraph",
            "века",
            "вайб",
            "discount",
            "контакт",
        ] {
            check(word, None);
        }
    }
}
