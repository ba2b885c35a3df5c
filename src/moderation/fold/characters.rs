//! What single characters are: invisible, digits of any script, enclosed letters, marks of punctuation
//! of every kind. Pure tables; what follows from them is the fold's decision.

use std::borrow::Cow;

use super::lookalike;

/// Characters that take no place on the screen or only steer it: format characters, fillers, the
/// soft hyphen and variation selectors (Unicode's `Default_Ignorable_Code_Point`).
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The digits that a character stands for, when it is a digit of any script or an enclosed number
/// that NFKC leaves alone.
pub fn number(c: char) -> Option<Cow<'static, str>> {
    const ENCLOSED: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    let code = u32::from(c);
    if c.is_ascii_digit() {
        return None;
    }
    if let Some(digit) = lookalike::digit(c) {
        return ENCLOSED.get(usize::from(digit)).map(|d| Cow::Borrowed(*d));
    }
    let nth = match code {
        0x2776..=0x277f => code - 0x2776 + 1,
        0x2780..=0x2789 => code - 0x2780 + 1,
        0x278a..=0x2793 => code - 0x278a + 1,
        0x24f5..=0x24fe => code - 0x24f5 + 1,
        0x24eb..=0x24f4 => return Some(Cow::Owned((code - 0x24eb + 11).to_string())),
        0x24ff | 0x1_f10b | 0x1_f10c => 0,
        0x1_f51f => 10,
        _ => return None,
    };
    ENCLOSED.get(usize::try_from(nth).ok()?).map(|d| Cow::Borrowed(*d))
}

/// The small capitals of phonetic alphabets, in the order of their letters; no `x` is among them.
const SMALL_CAPITALS: [(char, char); 31] = [
    ('ᴀ', 'a'),
    ('ʙ', 'b'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ꜰ', 'f'),
    ('ɢ', 'g'),
    ('ʜ', 'h'),
    ('ɪ', 'i'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ʟ', 'l'),
    ('ᴍ', 'm'),
    ('ɴ', 'n'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ꞯ', 'q'),
    ('ʀ', 'r'),
    ('ꜱ', 's'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ʏ', 'y'),
    ('ᴢ', 'z'),
    ('ᴎ', 'и'),
    ('ᴙ', 'я'),
    ('ᴦ', 'г'),
    ('ᴧ', 'л'),
    ('ᴨ', 'п'),
    ('ᴫ', 'л'),
];

/// Enclosed letters and small capitals as letters; dashes, dots, quotes and slashes of every kind as the ASCII one.
pub fn plain(c: char) -> char {
    let code = u32::from(c);
    let letter = match code {
        0x1_f150..=0x1_f169 => Some(code - 0x1_f150),
        0x1_f170..=0x1_f189 => Some(code - 0x1_f170),
        _ => None,
    };
    if let Some(nth) = letter.and_then(|n| u8::try_from(n).ok()) {
        return char::from(b'a' + nth);
    }
    if let Some((_, letter)) = small_capital(c) {
        return letter;
    }
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{2796}'
        | '\u{2e3a}'
        | '\u{2e3b}' => '-',
        '\u{3002}' | '\u{ff61}' | '\u{2024}' | '\u{6d4}' | '\u{2e33}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '\u{2795}' => '+',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{2800}'
        | '\u{3000}' => ' ',
        '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        _ => c,
    }
}

/// A small capital and its letter.
fn small_capital(c: char) -> Option<(char, char)> {
    let may =
        matches!(c, '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1d2b}' | '\u{a730}'..='\u{a7af}');
    SMALL_CAPITALS.iter().filter(|_| may).find(|(small, _)| *small == c).copied()
}

/// Invisible characters that emoji are put together with; beside an emoji they hide nothing.
pub fn is_silent_joiner(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// Whether a mark on this character is worth a note: on digits and in scripts that need no marks which
/// normal form could not join to the letter.
pub fn is_counted_mark(base: char) -> bool {
    matches!(base, '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
}

/// Letters in a shape that keyboards do not have: enclosed, full-width, mathematical, small capitals.
pub fn is_styled(c: char) -> bool {
    small_capital(c).is_some()
        || matches!(c,
        '\u{249c}'..='\u{24e9}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}'
        | '\u{1d400}'..='\u{1d7cb}' | '\u{1f110}'..='\u{1f12b}' | '\u{1f130}'..='\u{1f149}'
        | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}')
}
