//! How a bent word may have been meant. Knows look-alikes, not which words are obscene.

/// Lower case with `е` for `ё` and without apostrophes: the spelling of the table.
#[must_use]
pub fn plain(word: &str) -> String {
    let lower = word.trim().chars().flat_map(char::to_lowercase);
    lower.filter(|c| *c != '\'').map(|c| if c == 'ё' { 'е' } else { c }).collect()
}

/// The word in Cyrillic letters, when each of its characters is one or looks like one.
#[must_use]
pub fn as_cyrillic(word: &str) -> Option<String> {
    word.chars()
        .map(|c| {
            if matches!(c, 'а'..='я' | 'і' | 'ї' | 'є' | 'ґ') { Some(c) } else { cyrillic(c) }
        })
        .collect()
}

fn cyrillic(c: char) -> Option<char> {
    Some(match c {
        'a' | '@' => 'а',
        'b' | '6' => 'б',
        'c' | '$' => 'с',
        'd' => 'д',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'n' => 'п',
        'o' | '0' => 'о',
        'p' => 'р',
        't' => 'т',
        'u' | '!' => 'и',
        'x' => 'х',
        'y' => 'у',
        'z' | '3' => 'з',
        '4' => 'ч',
        _ => return None,
    })
}

/// The word in Latin letters, when each of its characters is one or looks like one.
#[must_use]
pub fn as_latin(word: &str) -> Option<String> {
    word.chars()
        .map(|c| {
            Some(match c {
                '@' | '4' => 'a',
                '$' | '5' => 's',
                '1' | '!' => 'i',
                '0' => 'o',
                '3' => 'e',
                'с' => 'c',
                'а' => 'a',
                'е' => 'e',
                'о' => 'o',
                'u' | 'ս' => 'u',
                c if c.is_alphabetic() && !matches!(c, 'а'..='я') => c,
                _ => return None,
            })
        })
        .collect()
}

/// The word with every run of one letter shortened to one.
#[must_use]
pub fn unstretched(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    word.chars().for_each(|c| {
        if !out.ends_with(c) {
            out.push(c);
        }
    });
    out
}
