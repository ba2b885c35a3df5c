//! Tokens that each are of one script and one word, as far as a word that was sent in pieces or without
//! space can be parted. Knows the names of platforms, which are parted from what is glued to them.

use parlour_guest::Folded;
use parlour_guest::scan::{Kind, Token};

use crate::lexicon::ascii_only;
use crate::platform::{Reading, Skeleton, Strength};

/// The tokens of a text, words of two scripts parted where the script changes, unless the whole is the
/// name of a platform; and words spread out that begin with such a name parted after it.
pub fn single_scripts<'a>(folded: &'a Folded, all: Vec<Token<'a>>) -> Vec<Token<'a>> {
    if !all.iter().any(|t| two_scripts(t) || stretched(folded, t)) {
        return all;
    }
    let mut out = Vec::with_capacity(all.len() + 8);
    for token in all {
        let mut rest = token;
        for _ in 0..CUTS_MAX {
            let Some(cut) = cut(folded, &rest) else {
                break;
            };
            let (head, tail) = rest.text.split_at(cut);
            out.push(Token { text: head, end: rest.start + cut, ..rest });
            rest = Token { text: tail, start: rest.start + cut, ..rest };
        }
        out.push(rest);
    }
    out
}

/// Most places where one word is parted.
const CUTS_MAX: usize = 4;

pub fn cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// The lower case of a letter of the scripts that names of platforms are written in.
pub fn lower(c: char) -> char {
    let up = match c {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ω' | 'А'..='Я' | 'Ａ'..='Ｚ' => 32,
        'Ѐ'..='Џ' => 80,
        '\u{100}'..='\u{137}' | '\u{14a}'..='\u{177}' | '\u{460}'..='\u{481}' => 1 - (c as u32 & 1),
        '\u{48a}'..='\u{4bf}' | '\u{4d0}'..='\u{52f}' => 1 - (c as u32 & 1),
        _ => 0,
    };
    char::from_u32(c as u32 + up).unwrap_or(c)
}

fn two_scripts(t: &Token<'_>) -> bool {
    t.kind == Kind::Word && !ascii_only(t.text) && {
        let mut letters = t.text.chars().filter(|c| *c != '\'').map(cyrillic);
        letters.next().is_some_and(|first| letters.any(|next| next != first))
    }
}

/// Whether a word takes much more room in the original than its letters need.
fn stretched(folded: &Folded, t: &Token<'_>) -> bool {
    let span = folded.original(t.start, t.end);
    let room = (span.end - span.start) as usize;
    t.kind == Kind::Word && t.text.len() >= 5 && room + 1 >= t.text.len() + t.text.chars().count()
}

/// Where to part a word, as an offset in it.
fn cut(folded: &Folded, t: &Token<'_>) -> Option<usize> {
    let named = |part: &str| {
        let mut skeleton = Skeleton::new();
        skeleton.add(part, Reading::First).and_then(|()| skeleton.platform())
    };
    // A preposition before the name, or a handle after it.
    let stretched = stretched(folded, t);
    let second = t.text.char_indices().nth(1).map(|(at, _)| at)?;
    // `я в т г`
    let third = if t.text.starts_with('я') { second * 2 } else { second };
    let ends = || t.text.char_indices().map(|(at, _)| at).filter(|at| *at >= 4).take(24);
    let sure = |part: &str| named(part).is_some_and(|p| p.strength > Strength::Weak);
    if stretched
        && [second, third].into_iter().any(|from| {
            ends().chain([t.text.len()]).any(|end| t.text.get(from..end).is_some_and(sure))
        })
        && matches!(t.text.get(..second), Some("в" | "у" | "с" | "и" | "я" | "і"))
    {
        return Some(second);
    }
    if named(t.text).is_some() {
        return None;
    }
    if two_scripts(t) {
        let first = t.text.chars().next().map(cyrillic)?;
        let other = |c: char| c != '\'' && cyrillic(c) != first;
        return t.text.char_indices().find(|(_, c)| other(*c)).map(|(at, _)| at);
    }
    if !stretched {
        return None;
    }
    ends().filter(|end| t.text.get(..*end).is_some_and(sure)).last()
}
