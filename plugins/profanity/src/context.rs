//! Words that are coarse in one company and decent in another. Knows neighbours, not spellings.

use parlour_guest::list::Gate;
use parlour_guest::scan::{Kind, Token};

/// A word whose meaning its neighbours decide.
pub struct Doubt<'a> {
    pub tokens: &'a [Token<'a>],
    pub at: usize,
    pub word: &'a str,
    /// Written as a name is.
    pub capital: bool,
}

/// Words before and after that are looked at.
const NEIGHBOURS: usize = 12;

/// Beginnings of words, and beginnings of neighbours that make them decent.
const DECENT: &[(&[&str], &[&str])] = &[
    (
        &["сук", "сучк", "сучек", "сучь", "сучи", "сучен", "сучон", "bitch"],
        &[
            "щен",
            "кобел",
            "собак",
            "собач",
            "пород",
            "вязк",
            "питомник",
            "терьер",
            "овчар",
            "течк",
            "помет",
            "стерилиз",
            "родосл",
            "лабрад",
            "хаск",
            "шпиц",
            "корги",
            "такс",
            "мопс",
            "кинолог",
            "метис",
            "самец",
            "самк",
            "выгул",
            "приют",
            "алаба",
            "доберман",
            "ошейник",
            "прививк",
            "привит",
            "лайк",
            "йорк",
            "цуцен",
            "собац",
            "пес",
            "псы",
            "волчиц",
            "ротвейл",
            "бульдог",
            "чихуа",
            "пудел",
            "дерев",
            "ветк",
            "ветв",
            "веточ",
            "дуб",
            "сосн",
            "берез",
            "спил",
            "задоринк",
            "доск",
            "бревн",
            "древесин",
            "брус",
            "полен",
            "ствол",
            "птиц",
            "пил",
            "яблон",
            "груш",
            "отпил",
            "сухой",
            "сухие",
            "вагонк",
            "puppy",
            "puppies",
            "dog",
            "litter",
            "kennel",
            "breed",
            "whelp",
            "pedigree",
        ],
    ),
    (
        &["твар"],
        &[
            "божь",
            "кажд",
            "дрож",
            "морск",
            "живая",
            "живые",
            "бессловесн",
            "паре",
            "ковчег",
            "земн",
            "господ",
            "всяк",
        ],
    ),
    (
        &["гнид"],
        &["вши", "вшей", "вшам", "вошь", "педикул", "шампун", "волос", "расчес", "гребен", "яйц"],
    ),
    (
        &["лох"],
        &[
            "несс",
            "серебрист",
            "узколист",
            "кустарник",
            "куст",
            "дерев",
            "ягод",
            "саженц",
            "lomond",
            "озер",
            "чудовищ",
            "рыб",
        ],
    ),
    (
        &["скотин"],
        &[
            "рогат",
            "голов",
            "коров",
            "ферм",
            "пастб",
            "корм",
            "молочн",
            "стад",
            "хлев",
            "выпас",
            "загон",
            "домашн",
            "убо",
            "хозяйств",
        ],
    ),
    (
        &["чурк"],
        &[
            "дров",
            "печ",
            "камин",
            "дерев",
            "полен",
            "берез",
            "мангал",
            "копт",
            "шашл",
            "колот",
            "распил",
        ],
    ),
    (&["хер"], &["букв", "херес"]),
    (&["сиськ", "сисек"], &["коров", "коз", "вым"]),
    (
        &["соси", "сосе", "сосу"],
        &[
            "леден",
            "конфет",
            "сосульк",
            "соск",
            "молок",
            "груд",
            "палец",
            "пальц",
            "таблет",
            "пастил",
            "лизун",
        ],
    ),
    (
        &["хрен"],
        &[
            "соус",
            "горчиц",
            "банк",
            "корен",
            "корн",
            "холодц",
            "холоде",
            "студн",
            "заливн",
            "огурц",
            "столов",
            "терт",
            "грядк",
            "огород",
            "рассол",
            "засол",
            "листь",
            "лист",
            "сел",
            "рыб",
            "кг",
            "грамм",
            "свекл",
            "аджик",
            "приправ",
            "васаби",
            "посад",
        ],
    ),
    (&["параш"], &["имя", "пушкин", "крест", "сказк", "парка"]),
    (&["задроч", "дроч"], &["блюд", "яиц", "запекан", "омлет", "рецепт"]),
    (&["мраз"], &["мразек"]),
    (&["падл"], &["падла-"]),
    (&["стерв"], &["стервятн"]),
    (&["конч"], &["срок", "курс"]),
    (
        &["cock"],
        &[
            "hen", "rooster", "doodle", "toy", "poultry", "crow", "feather", "farm", "robin",
            "gun", "weather", "valve", "chicken", "pheasant", "bird", "fight", "tail", "turkey",
            "bull", "and", "trigger", "head",
        ],
    ),
    (&["ass", "asses"], &["donkey", "mule", "jenny", "ox", "wild", "bible", "horse"]),
    (
        &["prick"],
        &["finger", "fork", "hole", "skin", "pastry", "ear", "needle", "dough", "potato", "thorn"],
    ),
    (&["bastard"], &["sword", "file", "title", "feudal", "operator", "cabbage"]),
    (&["puss"], &["cat", "kitt", "willow", "boots", "riot"]),
    (&["tits"], &["bird", "blue", "great", "coal", "feed", "nest", "garden", "robin", "finch"]),
    (
        &["dick"],
        &[
            "moby", "mr", "uncle", "tracy", "philip", "cheney", "van", "sir", "deadeye", "dear",
            "hi", "hello",
        ],
    ),
    (&["piss"], &[]),
    (&["retard"], &["fire", "flame", "growth", "ignition", "spark", "timing"]),
    (&["batard"], &["pain", "baguette", "chien", "chienne", "race", "epee", "boulang", "farine"]),
    (&["cul"], &["sac", "poule", "bouteille", "lampe", "jatte", "verre", "four"]),
    (&["culs"], &["sac", "poule", "bouteille"]),
    (&["crap"], &["craps"]),
    (&["niqu"], &["pique", "pic"]),
    (&["branle"], &["bas"]),
    (&["salop"], &[]),
    (&["fagot"], &[]),
    (&["conne"], &[]),
];

/// Coarse words that are names too.
const NAMES: &[&str] = &[
    "dick",
    "huy",
    "хохлов",
    "хохлам",
    "жидов",
    "cock",
    "niger",
    "лох",
    "гнида",
    "paki",
    "dyke",
    "параша",
    "параши",
    "спик",
];

impl Doubt<'_> {
    /// Whether the neighbours make the word decent.
    #[must_use]
    pub fn innocent(&self, severity: u8) -> bool {
        if severity == 1 && self.told() {
            return true;
        }
        self.name()
            || DECENT.iter().any(|(words, company)| {
                words.iter().any(|w| self.word.starts_with(w)) && self.near(company)
            })
    }

    /// Whether a coarse word is said of oneself, denied, quoted or told of: "he called me an idiot".
    fn told(&self) -> bool {
        let quoted = self
            .at
            .checked_sub(1)
            .and_then(|p| self.tokens.get(p))
            .is_some_and(|t| matches!(t.text, "«" | "\"" | "“" | "„"));
        let from = self.at.saturating_sub(8);
        let before = self.tokens.get(from..self.at).unwrap_or_default();
        let stop = before.iter().rposition(|t| t.kind == Kind::Mark).map_or(0, |n| n + 1);
        quoted
            || before.get(stop..).unwrap_or_default().iter().any(|t| {
                matches!(
                    t.text,
                    "я" | "не" | "i" | "je" | "слово" | "слова" | "меня" | "мене" | "me"
                ) || ["назв", "обозв", "называ", "обзыва", "обізв", "назива", "роман", "called"]
                    .iter()
                    .any(|s| t.text.starts_with(s))
            })
    }

    fn near(&self, company: &[&str]) -> bool {
        let from = self.at.saturating_sub(NEIGHBOURS * 2);
        let window = self.tokens.get(from..).unwrap_or_default();
        window
            .iter()
            .take(self.at - from + NEIGHBOURS * 2 + 1)
            .filter(|t| t.kind == Kind::Word)
            .any(|t| company.iter().any(|c| t.text.starts_with(c)))
    }

    /// A man's name or surname, as its capital letter tells.
    fn name(&self) -> bool {
        self.capital && NAMES.contains(&self.word)
    }

    /// The word that stands `n` words before, if only white space parts them.
    pub fn before(&self, n: usize) -> Option<&str> {
        let at = self.at.checked_sub(n * 2)?;
        self.tokens.get(at).filter(|t| t.kind == Kind::Word).map(|t| t.text)
    }

    /// The word that stands `n` words after, if only white space parts them.
    pub fn after(&self, n: usize) -> Option<&str> {
        self.tokens.get(self.at + n * 2).filter(|t| t.kind == Kind::Word).map(|t| t.text)
    }
}

/// Words that are coarse after or before certain others: word, words before, words after, severity.
pub type Phrase = (&'static [&'static str], &'static [&'static str], &'static [&'static str], u8);

/// All such words.
pub const PHRASES: &[Phrase] = &[
    (
        &["hui", "huy"],
        &["na", "po", "do", "ni", "za", "etot", "tvoy", "idi", "kakogo"],
        &["tebe", "vam", "znaet", "s", "ego", "sosi"],
        3,
    ),
    (
        &["хрен", "хрена", "хреном", "хрену", "хре"],
        &[
            "на",
            "какого",
            "ни",
            "до",
            "по",
            "один",
            "старый",
            "к",
            "за",
            "не",
            "нет",
            "один",
            "какой",
            "этот",
            "каким",
        ],
        &[
            "с",
            "его",
            "тебе",
            "вам",
            "знает",
            "там",
            "ли",
            "ты",
            "вы",
            "вас",
            "тебя",
            "кто",
            "что",
            "моржовый",
            "чего",
            "они",
            "мы",
            "ему",
            "им",
        ],
        1,
    ),
    (
        &["con"],
        &[
            "gros", "petit", "sale", "quel", "vieux", "pauvre", "es", "vraiment", "espece", "mec",
            "etes", "un",
        ],
        &[],
        2,
    ),
    (
        &["cons"],
        &["ces", "gros", "petits", "sales", "quels", "vieux", "pauvres", "sont", "etes"],
        &[],
        2,
    ),
    (
        &["bite", "bites"],
        &["ma", "ta", "sa", "une", "grosse", "des", "tes", "petite", "mes", "leurs"],
        &[],
        2,
    ),
    (&["gueule", "gueules"], &["ta", "vos", "votre", "leur"], &[], 2),
    (&["suce", "sucer", "sucez"], &[], &["moi", "ma", "mon", "bite"], 2),
    (&["baise", "baiser", "baisez"], &["te", "nous", "vous", "se"], &["ta", "ton", "toi"], 2),
    (&["cum"], &["my", "your", "to", "and", "the"], &["on", "in", "inside", "for"], 2),
];

/// The words of [`PHRASES`].
static GATE: Gate<8> = {
    let mut gate = Gate::of(&[]);
    let mut n = 0;
    while n < PHRASES.len() {
        gate = gate.and(PHRASES[n].0);
        n += 1;
    }
    gate
};

/// Whether a word may be one that is coarse only where it stands; `false` is certain.
#[must_use]
pub fn may_be_phrase(word: &str) -> bool {
    GATE.may_hold(word)
}

/// The severity of a word that is coarse only where it stands.
#[must_use]
pub fn phrase(doubt: &Doubt<'_>) -> Option<u8> {
    let (_, before, after, severity) =
        PHRASES.iter().find(|(words, ..)| words.contains(&doubt.word))?;
    let fits = doubt
        .before(1)
        .is_some_and(|w| before.contains(&parlour_guest::spelling::plain(w).as_str()))
        || doubt.after(1).is_some_and(|w| after.contains(&w));
    let fits = fits
        || doubt.before(1).is_some_and(|w| w == "de")
            && doubt.before(2).is_some_and(|w| matches!(w, "espece" | "espèce" | "bande" | "tas"));
    (fits && !doubt.innocent(*severity)).then_some(*severity)
}
