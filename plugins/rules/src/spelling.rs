//! How rules and texts are spelled so that they meet: as the host's fold spells texts, with `е` for
//! `ё`. Changes no byte's place.

use std::borrow::Cow;

/// One character of a rule or pattern as it stands in a folded text.
#[must_use]
pub fn letter(c: char) -> char {
    match c {
        'ё' | 'Ё' => 'е',
        '’' | '‘' | 'ʼ' => '\'',
        '–' | '—' | '−' | '‑' => '-',
        '«' | '»' | '“' | '”' => '"',
        '\u{a0}' => ' ',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

/// A folded text spelled like the rules; both letters take two bytes.
#[must_use]
pub fn respelled(folded: &str) -> Cow<'_, str> {
    if folded.contains('ё') { folded.replace('ё', "е").into() } else { folded.into() }
}
