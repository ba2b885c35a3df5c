//! Words with letters hidden behind stars, and words torn in two. Knows whole words, not roots.

use parlour_guest::list::Gate;
use parlour_guest::spelling;

/// Beginning, end (`-` for none), and three digits: how many letters at least and at most are hidden, and
/// the severity.
static MASKS: &str = include_str!("../masks.txt");
static HEADS: Gate<8> = Gate::parted(MASKS, b'\n', b' ');

/// What hides a letter.
fn hides(c: char) -> bool {
    matches!(c, '*' | '#' | '_' | '@' | '%' | '&' | '?' | '^' | '.' | '-' | '$' | '!')
        || !spelling::is_letter(c) && !c.is_ascii()
}

/// The severity of a word with hidden letters that begins and ends like a known one.
#[must_use]
pub fn masked(word: &str) -> Option<u8> {
    let from = word.find(hides)?;
    let hidden = word.get(from..)?.chars().take_while(|c| hides(*c)).count();
    let (head, rest) =
        word.split_at_checked(from).filter(|(h, _)| !h.is_empty() && HEADS.may_hold(h))?;
    let tail = rest.trim_start_matches(hides);
    // A mark of punctuation hides nothing at the end, and a stop or hyphen only among others.
    let plain = rest.chars().take(hidden).all(|c| matches!(c, '.' | '-' | '!' | '?' | '&' | '@'));
    if plain && (tail.is_empty() || hidden < 2 && !rest.starts_with('@')) {
        return None;
    }
    MASKS.lines().find_map(|line| {
        let rest = line.strip_prefix(head)?.strip_prefix(' ')?;
        let (end, digits) = rest.split_once(' ')?;
        let [least, most, severity] = *digits.as_bytes() else { return None };
        let fits = end == if tail.is_empty() { "-" } else { tail };
        let count = (usize::from(least - b'0')..=usize::from(most - b'0')).contains(&hidden);
        (fits && count).then_some(severity - b'0')
    })
}

/// Words that people tear.
const TORN: &[&str] = &[
    "пиздец",
    "хуй",
    "блять",
    "блядь",
    "сука",
    "ебать",
    "пизда",
    "хуйня",
    "нахуй",
    "похуй",
    "ебаный",
    "заебал",
    "мудак",
    "пидор",
    "гандон",
    "долбоеб",
    "охуел",
    "говно",
    "пиздеж",
    "хуево",
    "нахуя",
    "заебись",
    "fuck",
    "shit",
    "bitch",
    "fucking",
    "asshole",
    "bullshit",
    "cunt",
    "bastard",
    "merde",
    "putain",
    "connard",
    "salope",
    "encule",
    "пиздець",
    "йобаний",
    "курва",
];

/// Most bytes of a word that is looked for in two parts.
pub const TORN_MAX: usize = 14;

static TORN_GATE: Gate<8> = Gate::of(TORN);

/// Pairs of ordinary words that are a torn one only together.
const INNOCENT_PAIRS: &[(&str, &str)] = &[
    ("сук", "а"),
    ("с", "ука"),
    ("на", "хуй"),
    ("по", "хуй"),
    ("за", "ебал"),
    ("за", "ебись"),
    ("bull", "shit"),
    ("ass", "hole"),
    ("put", "ain"),
    ("mer", "de"),
    ("salo", "pe"),
    ("на", "хуя"),
    ("о", "хуел"),
    ("гов", "но"),
    ("му", "дак"),
    ("кур", "ва"),
    ("con", "nard"),
    ("it", "ch"),
];

/// Whether two words are one that was torn.
#[must_use]
pub fn torn(first: &str, second: &str) -> bool {
    let whole = |w: &&&str| {
        w.len() == first.len() + second.len() && w.starts_with(first) && w.ends_with(second)
    };
    let longest = if first.is_char_boundary(1) { 8 } else { TORN_MAX };
    first.len() + second.len() <= longest
        && TORN_GATE.may_hold_joined(first, second)
        && TORN.iter().find(whole).is_some()
        && !INNOCENT_PAIRS.contains(&(first, second))
}
