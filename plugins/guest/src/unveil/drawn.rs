//! Letters drawn as flags, and addresses typed in another keyboard layout.

use super::Edit;
use super::label::Label;
use crate::host;
use crate::scan::{Kind, Token, gap, text};

/// The letter for which a half of a flag stands.
pub fn flag(mark: &str) -> Option<char> {
    if mark.as_bytes().first() != Some(&0xf0) {
        return None;
    }
    let code = u32::from(mark.chars().next()?);
    (0x1_f1e6..=0x1_f1ff).contains(&code).then(|| char::from_u32(code - 0x1_f1e6 + 0x61)).flatten()
}

/// Three halves of flags and more are letters, and a flag behind a dot is an ending.
pub fn flags(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    if i > 0 && flag(text(tokens, i - 1)).is_some() {
        return None;
    }
    let (mut put, mut to) = (String::new(), i);
    let mut n = i;
    let mut gaps = 0;
    while let Some(letter) = tokens.get(n).and_then(|t| flag(t.text)) {
        put.push(letter);
        to = n + 1;
        n = to + usize::from(gap(tokens, to));
        gaps += n - to;
    }
    let letters = put.len();
    // `shop.🇷🇺`, `shop точка 🇷🇺`
    let dot = |n: usize| tokens.get(n).is_some_and(|t| t.is(".") || host::is_dot(t));
    let at = i - usize::from(i > 0 && gap(tokens, i - 1));
    let ends = at > 0 && dot(at - 1) && {
        let from = at - 1 - usize::from(at > 1 && gap(tokens, at - 2));
        Label::before(tokens, from).odd
            || tokens.get(from.wrapping_sub(1)).is_some_and(|t| flag(t.text).is_some())
    };
    let spread = letters > 2 && (gaps > 0 || letters % 2 == 1);
    (spread || ends && letters == 2).then_some(Edit::new(i, to, put))
}

/// Whether a word ends as `.ru`, `.com` and the like do when they are typed in the Russian or Ukrainian
/// layout; no word does.
pub fn is_shifted(word: &str) -> bool {
    const ENDS: [&str; 8] = ["юкг", "юсщь", "югф", "ютуе", "юак", "юіг", "юкг", "юсщ"];
    let wide =
        word.len() > 11 && word.as_bytes().first().is_some_and(|byte| matches!(byte, 0xd0 | 0xd1));
    wide && matches!(word.as_bytes().last(), Some(0xb3 | 0x8c | 0x84 | 0xb5 | 0xba))
        && ENDS.iter().any(|end| word.ends_with(end))
}

/// The unbroken run that ends with token `i`, typed in the English layout.
pub fn shifted(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 24;
    const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюіїєґ";
    const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.s]'u";
    let mut from = i;
    while from > 0
        && i - from < TOKENS
        && tokens.get(from - 1).is_some_and(|t| t.kind != Kind::Space)
    {
        from -= 1;
    }
    let mut put = String::new();
    for n in from..=i {
        for c in text(tokens, n).chars() {
            let place = CYRILLIC.chars().position(|known| known == c);
            put.push(match c {
                '"' => '@',
                c if c.is_ascii() => c,
                _ => char::from(*LATIN.as_bytes().get(place?)?),
            });
        }
    }
    Some(Edit::new(from, i + 1, put))
}
