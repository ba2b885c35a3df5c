//! What people do to letters and digits so that a filter should not see them. Knows no category.

use super::prng::Prng;

const SEPARATORS: [&str; 20] = [
    " ", "-", ".", "_", "*", "/", "\\", "|", "~", "=", ",", ":", "'", " - ", "…", "•", "  ", "--",
    " . ", "+",
];
const EMOJI: [&str; 10] = ["🔥", "😀", "📞", "☎️", "⭐", "❤️", "👍", "🏠", "✅", "💬"];
const INVISIBLE: [&str; 6] = ["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}"];
/// The zeros of other digits of Unicode.
const ZEROS: [char; 10] = ['０', '٠', '۰', '०', '০', '๐', '𝟎', '𝟘', '𝟬', '𝟶'];
const CIRCLED: [char; 10] = ['⓪', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨'];
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
/// Letters that look like a digit.
const LETTERS: [(char, &[char]); 5] = [
    ('0', &['O', 'o', 'О', 'о']),
    ('1', &['l', 'I', '|']),
    ('3', &['З', 'з']),
    ('4', &['Ч', 'ч']),
    ('6', &['б']),
];
/// Latin and Cyrillic letters that look alike.
const LOOKALIKES: [(char, char); 10] = [
    ('a', 'а'),
    ('e', 'е'),
    ('o', 'о'),
    ('p', 'р'),
    ('c', 'с'),
    ('x', 'х'),
    ('y', 'у'),
    ('i', 'і'),
    ('s', 'ѕ'),
    ('j', 'ј'),
];
const SPELLED: [(char, &str); 36] = [
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "yo"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "sch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
    ('і', "i"),
    ('ї', "yi"),
    ('є', "ye"),
];

/// One disguise of digits; a leading `+` stays.
pub fn digits(rng: &mut Prng, text: &str) -> String {
    match rng.below(12) {
        0 | 1 => joined(text, rng.pick(&SEPARATORS)),
        2 => joined(text, rng.pick(&EMOJI)),
        3 => joined(text, rng.pick(&INVISIBLE)),
        4 => {
            let zero = u32::from(ZEROS[rng.below(ZEROS.len())]);
            each_digit(text, |n| char::from_u32(zero + n).unwrap_or('0').to_string())
        }
        5 => {
            let table = [CIRCLED, RAISED, LOWERED][rng.below(3)];
            each_digit(text, |n| table[n as usize].to_string())
        }
        6 => each_digit(text, |n| format!("{n}\u{fe0f}\u{20e3}")),
        7 | 8 => lettered(rng, text),
        9 => each_digit(text, |n| format!("({n})")),
        10 => each_digit(text, |n| format!("{n}\u{336}")),
        _ => {
            let emoji = rng.pick(&EMOJI);
            joined(text, &format!(" {emoji} "))
        }
    }
}

/// Groups kept apart by what nobody puts between the parts of a price.
pub fn group_separator(rng: &mut Prng) -> &'static str {
    rng.pick(&[
        "_", "*", " / ", "//", "|", " | ", "…", " ... ", " ~ ", "=", "🔥", " 😀 ", "\n", " — ",
    ])
}

/// A letter between all letters: none, one or a space.
pub fn invisible(rng: &mut Prng, text: &str) -> String {
    let mark = rng.pick(&INVISIBLE);
    let mut out = String::new();
    let mut first = true;
    for c in text.chars() {
        if !first && (rng.one_in(3) || out.chars().count() == 1) {
            out.push_str(mark);
        }
        first = false;
        out.push(c);
    }
    out
}

/// Some letters of the other alphabet; nothing changes where none looks alike.
pub fn mixed_script(rng: &mut Prng, text: &str) -> String {
    let mut changed = false;
    let swap = |c: char| {
        let pair = LOOKALIKES.iter().find(|(latin, cyrillic)| *latin == c || *cyrillic == c)?;
        Some(if pair.0 == c { pair.1 } else { pair.0 })
    };
    let mut out = String::new();
    for c in text.chars() {
        match swap(c).filter(|_| !changed || rng.one_in(2)) {
            Some(other) => {
                changed = true;
                out.push(other);
            }
            None => out.push(c),
        }
    }
    out
}

/// Letters with a mark between them.
pub fn spaced(text: &str, mark: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(mark)
}

/// ASCII as full-width forms.
pub fn wide(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
    text.chars().map(|c| if c.is_ascii_graphic() { wide(c) } else { c }).collect()
}

/// Cyrillic in Latin letters.
pub fn latin(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| *c != '\'') {
        match SPELLED.iter().find(|(cyrillic, _)| *cyrillic == c) {
            Some((_, latin)) => out.push_str(latin),
            None => out.push(c),
        }
    }
    out
}

fn joined(text: &str, mark: &str) -> String {
    let (sign, digits) = text.strip_prefix('+').map_or(("", text), |digits| ("+", digits));
    format!("{sign}{}", spaced(digits, mark))
}

fn each_digit(text: &str, change: impl Fn(u32) -> String) -> String {
    text.chars().map(|c| c.to_digit(10).map_or_else(|| c.to_string(), &change)).collect()
}

fn lettered(rng: &mut Prng, text: &str) -> String {
    let letter =
        |c: char| LETTERS.iter().find(|(digit, _)| *digit == c).map(|(_, letters)| *letters);
    let changed = |rng: &mut Prng| -> String {
        let pick = |rng: &mut Prng, letters: &[char]| letters[rng.below(letters.len())];
        text.chars().map(|c| letter(c).map_or(c, |letters| pick(rng, letters))).collect()
    };
    let out = changed(rng);
    // A number without such digits is disguised in another way.
    if out == text { joined(text, "_") } else { out }
}
