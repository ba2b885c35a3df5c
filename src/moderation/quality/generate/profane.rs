//! Obscene words, plain and distorted.

use super::{Draft, Lang, phrases, prng::Prng, tricks};

const WORDS: [&[&str]; 4] = [
    &[
        "хуй",
        "хуйня",
        "пизда",
        "пиздец",
        "блядь",
        "ебать",
        "ебаный",
        "мудак",
        "пидорас",
        "долбоёб",
        "хуесос",
        "заебал",
    ],
    &[
        "хуй",
        "хуйня",
        "пизда",
        "пиздець",
        "блядь",
        "йобаний",
        "курва",
        "мудак",
        "довбойоб",
        "заїбав",
    ],
    &[
        "fuck",
        "fucking",
        "shit",
        "bitch",
        "asshole",
        "motherfucker",
        "bullshit",
        "cunt",
        "dickhead",
    ],
    &["merde", "putain", "connard", "salope", "enculé", "connasse", "fils de pute"],
];
const LEET: [(char, char); 16] = [
    ('о', '0'),
    ('а', '@'),
    ('е', '3'),
    ('з', '3'),
    ('и', 'u'),
    ('у', 'y'),
    ('х', 'x'),
    ('o', '0'),
    ('a', '@'),
    ('e', '3'),
    ('i', '1'),
    ('s', '$'),
    ('t', '7'),
    ('u', 'v'),
    ('п', 'n'),
    ('я', 'R'),
];
const VOWELS: &str = "аеёиоуыэюяіїєaeiouyé";

pub fn draft(rng: &mut Prng, lang: Lang) -> Draft {
    let word = rng.pick(lang.of(WORDS));
    let phrase = rng.pick(lang.of(phrases::OPENINGS));
    if rng.one_in(4) {
        return Draft::with("plain", "profanity", phrase, word);
    }
    let written = match rng.below(8) {
        0 => leet(rng, word),
        1 => stretched(rng, word),
        2 if !word.contains(' ') => tricks::spaced(word, rng.pick(&[" ", ".", "-", "_", "*"])),
        3 => starred(rng, word),
        4 => tricks::mixed_script(rng, word),
        5 => tricks::invisible(rng, word),
        6 if lang.0 < 2 => tricks::latin(word),
        7 if lang.0 > 1 => tricks::wide(word),
        _ => alternating(word),
    };
    Draft::with("distorted", "profanity", phrase, &written)
}

fn leet(rng: &mut Prng, word: &str) -> String {
    let mut changed = false;
    let mut out = String::new();
    for c in word.chars() {
        match LEET.iter().find(|(letter, _)| *letter == c).filter(|_| !changed || rng.one_in(2)) {
            Some((_, sign)) => {
                changed = true;
                out.push(*sign);
            }
            None => out.push(c),
        }
    }
    out
}

fn stretched(rng: &mut Prng, word: &str) -> String {
    let times = 3 + rng.below(4);
    let mut done = false;
    let mut out = String::new();
    for c in word.chars() {
        let here = !done && VOWELS.contains(c);
        done |= here;
        (0..if here { times } else { 1 }).for_each(|_| out.push(c));
    }
    out
}

/// One letter within the word behind a star.
fn starred(rng: &mut Prng, word: &str) -> String {
    let count = word.chars().count();
    let place = 1 + rng.below(count.saturating_sub(2).max(1));
    word.chars().enumerate().map(|(at, c)| if at == place && c != ' ' { '*' } else { c }).collect()
}

fn alternating(word: &str) -> String {
    let turn =
        |(at, c): (usize, char)| if at % 2 == 0 { c.to_uppercase().next().unwrap_or(c) } else { c };
    word.chars().enumerate().map(turn).collect()
}
