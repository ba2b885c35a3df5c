//! Finds the stem of a word: knows word formation, asks the tables which stems there are.

use parlour_guest::list::Gate;

use crate::{latin, stems};

mod gate;

/// Where in a word a stem may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    /// At its beginning.
    Start,
    /// There, or after prefixes of Russian and Ukrainian.
    Prefixed,
    /// There, or after one such prefix.
    Once,
    /// As `Prefixed`, but not after a bare consonant: `съеб`, never `себе`.
    Hard,
    Anywhere,
}

/// What may follow a stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Nothing,
    /// A case ending.
    Case,
    Anything,
}

/// A stem with its severity, 1 for coarse, 2 for rude, 3 for obscene.
#[derive(Clone, Copy, Debug)]
pub struct Stem {
    pub text: &'static str,
    pub severity: u8,
    head: Head,
    tail: Tail,
}

const fn stem(text: &'static str, severity: u8, head: Head, tail: Tail) -> Stem {
    Stem { text, severity, head, tail }
}

/// The whole word.
pub const fn whole(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Start, Tail::Nothing)
}

/// A noun without its ending.
pub const fn noun(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Start, Tail::Case)
}

/// The beginning of a word.
pub const fn start(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Start, Tail::Anything)
}

/// The beginning of a word, also after prefixes.
pub const fn prefixed(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Prefixed, Tail::Anything)
}

/// The beginning of a word, also after one prefix.
pub const fn once(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Once, Tail::Anything)
}

/// After prefixes as well, where a prefix ends in a vowel or a hard sign.
pub const fn hard(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Hard, Tail::Anything)
}

/// Any part of a word.
pub const fn anywhere(text: &'static str, severity: u8) -> Stem {
    stem(text, severity, Head::Anywhere, Tail::Anything)
}

impl Stem {
    /// Nothing may follow.
    pub const fn entire(mut self) -> Self {
        self.tail = Tail::Nothing;
        self
    }

    /// Whether it stands only at the beginning of a word.
    pub const fn is_first(&self) -> bool {
        matches!(self.head, Head::Start)
    }

    /// Whether it is a whole word or the end of one.
    pub const fn is_word(&self) -> bool {
        matches!(self.tail, Tail::Nothing)
    }

    /// Whether the list of the stem, if it has one, lets the word count.
    fn counts(&self, word: &str) -> bool {
        let listed = |list: &[(&str, &str)]| {
            list.iter()
                .find(|(stem, _)| *stem == self.text)
                .map(|(_, words)| words.split(' ').any(|w| w == word))
        };
        listed(ONLY).unwrap_or(true) && !listed(NOT).unwrap_or(false)
    }

    fn fits(&self, word: &str, at: usize) -> bool {
        let Some((before, after)) = word
            .split_at_checked(at)
            .and_then(|(b, rest)| Some((b, rest.strip_prefix(self.text)?)))
        else {
            return false;
        };
        let head = before.is_empty()
            || match self.head {
                Head::Start => false,
                Head::Prefixed => prefixes(before),
                Head::Once => PREFIXES.contains(&before) && !matches!(before, "про" | "па" | "пра"),
                Head::Hard => prefixes(before) && open(before),
                Head::Anywhere => true,
            };
        let tail = match self.tail {
            Tail::Nothing => after.is_empty(),
            Tail::Case => CASES.contains(&after),
            Tail::Anything => true,
        };
        head && tail && self.counts(word)
    }
}

/// Stems of which only these words count.
const ONLY: &[(&str, &str)] = &[
    ("debil", "debil debila debily debilov"),
    ("deconn", "deconne deconner deconnes deconnez deconnent deconnais deconnait"),
    ("dermo", "dermo"),
    ("ebat", "ebat ebatsya"),
    ("fuk", "fuk fuking fuker fukers fukin fuked fuks fukoff fukyou"),
    ("huil", "huilo"),
    ("kike", "kike kikes"),
    ("phuk", "phuk phuking phuker phuked"),
    ("poeb", "poebat poebal poeben poebota"),
    ("prick", "prick pricks"),
    ("skank", "skank skanks skanky"),
    ("urod", "urod urody uroda"),
    ("елд", "елда елды елду елдой"),
    ("жид", "жид жида жиды жиду жидом жидов жидам жидами жидах жидів"),
    ("обсос", "обсос обсоса обсосы обсосов обсосам"),
    ("отсос", "отсоси отсосите отсосешь отсосут"),
    ("пососа", "пососав пососаать"),
    ("срет", "срет насрет обосрет просрет засрет высрет посрет"),
    ("сучи", "сучий сучих сучим сучими"),
    ("сучь", "сучье сучья сучью сучьи"),
    ("хер", "хер нахер нахера похер нихера дохера похеру нехер охер нихер похерам нехера"),
    ("хере", "охерел охерела охерели охереть охеренный"),
    ("хренов", "хреново хреновее хреновато хреновая хреновый хреновое хреновые хреновенько"),
    ("хул", "хули хуле нахуле нехули нихули"),
    ("шмар", "шмара шмары шмару шмаре шмарой"),
];

/// Stems of which these words do not count.
const NOT: &[(&str, &str)] = &[
    ("bastard", "bastardy bastardize bastardized bastardise bastardised"),
    ("bordel", "bordelais bordelaise bordelaises bordello bordellos"),
    ("ebal", "ebale"),
    ("encul", "enculture enculturation"),
    ("merd", "merdoza merdeka merdeglace"),
    ("nique", "niquel niquelado niqueladas"),
    ("херас", "херасков хераскова хераскову херасковым"),
    (
        "nigg",
        "niggard niggardly niggards niggle niggled niggles niggling niggler nigglers nigglings niggly niggardliness",
    ),
    ("shit", "shitake shittah shittahs shittim shittims shittimwood"),
    ("wank", "wankel wankels"),
    ("засса", "зассав зассавши зассати зассало"),
    ("лох", "лохов лохе лохі"),
    ("сран", "страны"),
];

/// Endings of nouns, Russian and Ukrainian.
const CASES: &[&str] = &[
    "", "а", "я", "у", "ю", "ы", "и", "і", "ї", "е", "є", "о", "ом", "ем", "ой", "ою", "ей", "ею",
    "ов", "ев", "ів", "їв", "ам", "ям", "ами", "ями", "ах", "ях", "ь", "ью", "еві", "ові", "ье",
    "ья", "ьем",
];

const PREFIXES: &[&str] = &[
    "в",
    "во",
    "вз",
    "вс",
    "вы",
    "ви",
    "від",
    "вид",
    "до",
    "за",
    "з",
    "зі",
    "зо",
    "из",
    "ис",
    "на",
    "над",
    "не",
    "недо",
    "ни",
    "о",
    "об",
    "обо",
    "од",
    "от",
    "ото",
    "па",
    "пере",
    "по",
    "под",
    "подо",
    "пое",
    "поза",
    "пра",
    "пре",
    "при",
    "про",
    "раз",
    "рас",
    "розі",
    "роз",
    "рос",
    "с",
    "со",
    "су",
    "у",
    "вь",
    "въ",
    "сь",
    "ъ",
    "ь",
    "полу",
    "само",
    "архи",
    "супер",
    "мега",
    "квази",
    "псевдо",
    "мозго",
    "долбо",
    "далбо",
    "остое",
    "худо",
    "одно",
    "мало",
    "много",
    "без",
    "бес",
    "под",
    "одо",
    "гипер",
    "овер",
    "черно",
    "бело",
    "тупо",
    "сверх",
    "анти",
    "за",
    "ни",
    "че",
    "широко",
    "злое",
    "косо",
    "кривo",
    "криво",
    "дурно",
    "хитро",
];

static PREFIXES_GATE: Gate<8> = Gate::of(PREFIXES);

/// Whether a beginning of a word is made of one or two prefixes.
fn prefixes(head: &str) -> bool {
    let bare = head.trim_end_matches(['ъ', 'ь']);
    let one = |part: &str| PREFIXES_GATE.may_hold(part) && PREFIXES.contains(&part);
    // A single letter is one or none.
    if bare.len() == 2 {
        return one(bare);
    }
    bare.is_empty() || one(bare) || PREFIXES.iter().any(|p| bare.strip_prefix(p).is_some_and(one))
}

/// Whether a vowel or a sign ends it, so that a root in `е` may follow.
fn open(head: &str) -> bool {
    head.ends_with(['ъ', 'ь', 'а', 'о', 'у', 'ы', 'и', 'е', 'і'])
}

/// A stem in a word.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub stem: &'static Stem,
    /// How many letters stand before it.
    before: usize,
}

impl Found {
    /// How many letters of the word stand before the stem and before its end.
    #[must_use]
    pub fn letters(&self) -> (usize, usize) {
        (self.before, self.before + self.stem.text.chars().count())
    }
}

/// The stem that makes a word obscene or coarse, if it has one; `word` is in the plain spelling.
#[must_use]
pub fn find(word: &str) -> Option<Found> {
    let found = word.char_indices().enumerate().find_map(|(before, (at, c))| {
        if !gate::may_begin(word, at) {
            return None;
        }
        let next = second(word.as_bytes().get(at..).unwrap_or_default());
        let mut near = table(c).iter().filter(|s| second(s.text.as_bytes()) == next);
        near.find(|s| s.fits(word, at)).map(|stem| Found { stem, before })
    });
    found.filter(|_| !innocent(word))
}

/// A byte that tells the second letter of a text whose first letter is known: stems have two at least.
fn second(text: &[u8]) -> Option<&u8> {
    text.get(if *text.first()? < 0x80 { 1 } else { 3 })
}

fn table(first: char) -> &'static [Stem] {
    if first.is_ascii() { latin::stems(first) } else { stems::cyrillic(first) }
}

/// Stems that are looked for where the borders of words are lost.
const INSIDE_SPREAD: &[&str] =
    &["хуй", "хуя", "хуе", "пизд", "бляд", "блят", "ебан", "пидор", "мудак", "fuck", "cunt"];

/// The severity of an obscene stem of three letters and more anywhere in letters that were spread out,
/// where the borders of words are lost.
#[must_use]
pub fn inside(letters: &str) -> Option<u8> {
    letters.char_indices().find_map(|(at, c)| {
        let rest = letters.get(at..)?;
        let stem = INSIDE_SPREAD.iter().find(|stem| rest.starts_with(**stem))?;
        let found = table(c).iter().find(|s| s.text == *stem);
        found.map(|s| s.severity).filter(|_| !innocent(letters))
    })
}

/// Words that hold a stem by accident.
fn innocent(word: &str) -> bool {
    INNOCENT.iter().any(|i| word.starts_with(i)) || INSIDE.iter().any(|i| word.contains(i))
}

const INNOCENT: &[&str] = &[
    "ебург",
    "залупцев",
    "ebatt",
    "ebats",
    "ebise",
    "shitak",
    "shittim",
    "shittah",
    "bastardi",
    "bordelo",
    "bordelai",
    "niggard",
    "niggl",
    "twattl",
    "wankel",
    "wankl",
    "salopet",
    "salopia",
    "encultur",
    "batardeau",
    "ебенов",
    "еберг",
    "еберт",
    "ебонит",
    "ебоніт",
    "ебуліо",
    "ебулио",
    "ебетей",
    "ебеде",
    "найобд",
    "найобє",
    "найобр",
    "найобт",
    "найобер",
    "найобач",
    "найобш",
    "страха",
    "дебільш",
];

const INSIDE: &[&str] = &["пасса", "скипидар", "сухую", "безух"];

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn roots_and_what_only_looks_like_them() {
        for word in [
            "хуйня",
            "нахуй",
            "заебал",
            "отъебись",
            "наїбали",
            "fucking",
            "connard",
            "йобаний",
            "мудак",
            "твари",
            "уродов",
            "blyat",
            "сука",
            "долбоеб",
            "мандавошка",
            "encule",
        ] {
            assert!(find(word).is_some(), "{word}");
        }
        for word in [
            "хулиган",
            "рубля",
            "корабля",
            "колебать",
            "требовать",
            "небеса",
            "дебаты",
            "salopette",
            "shitake",
            "лайнер",
            "concombre",
            "классик",
            "ребенок",
            "употреблять",
            "застраховать",
            "подстрахуй",
            "психует",
            "команда",
            "мандарин",
            "scunthorpe",
            "assassin",
            "dispute",
            "оскорблять",
            "скипидар",
            "пассат",
            "випрохую",
            "найобдарованіший",
            "здебільшого",
            "сухую",
            "выгребал",
            "сабля",
            "худой",
            "deconnecter",
        ] {
            assert!(find(word).is_none(), "{word}");
        }
    }
}
