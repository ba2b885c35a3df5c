//! Numbers from 0 to 999 in words, in four languages. Knows no telephone number.

use super::{Lang, prng::Prng};

const SMALL: [[&str; 20]; 4] = [
    [
        "ноль",
        "один",
        "два",
        "три",
        "четыре",
        "пять",
        "шесть",
        "семь",
        "восемь",
        "девять",
        "десять",
        "одиннадцать",
        "двенадцать",
        "тринадцать",
        "четырнадцать",
        "пятнадцать",
        "шестнадцать",
        "семнадцать",
        "восемнадцать",
        "девятнадцать",
    ],
    [
        "нуль",
        "один",
        "два",
        "три",
        "чотири",
        "п'ять",
        "шість",
        "сім",
        "вісім",
        "дев'ять",
        "десять",
        "одинадцять",
        "дванадцять",
        "тринадцять",
        "чотирнадцять",
        "п'ятнадцять",
        "шістнадцять",
        "сімнадцять",
        "вісімнадцять",
        "дев'ятнадцять",
    ],
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
        "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit",
        "dix-neuf",
    ],
];
const TENS: [[&str; 8]; 4] = [
    [
        "двадцать",
        "тридцать",
        "сорок",
        "пятьдесят",
        "шестьдесят",
        "семьдесят",
        "восемьдесят",
        "девяносто",
    ],
    [
        "двадцять",
        "тридцять",
        "сорок",
        "п'ятдесят",
        "шістдесят",
        "сімдесят",
        "вісімдесят",
        "дев'яносто",
    ],
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    [
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "soixante",
        "quatre-vingt",
        "quatre-vingt",
    ],
];
const HUNDREDS: [[&str; 9]; 2] = [
    [
        "сто",
        "двести",
        "триста",
        "четыреста",
        "пятьсот",
        "шестьсот",
        "семьсот",
        "восемьсот",
        "девятьсот",
    ],
    [
        "сто",
        "двісті",
        "триста",
        "чотириста",
        "п'ятсот",
        "шістсот",
        "сімсот",
        "вісімсот",
        "дев'ятсот",
    ],
];
/// Genitive of 0 to 9, for "eight of nine of one", as people write to hide a number.
const INFLECTED: [[&str; 10]; 2] = [
    ["нуля", "одного", "двух", "трёх", "четырёх", "пяти", "шести", "семи", "восьми", "девяти"],
    ["нуля", "одного", "двох", "трьох", "чотирьох", "п'яти", "шести", "семи", "восьми", "дев'яти"],
];

/// One digit.
pub fn digit(lang: Lang, digit: char) -> &'static str {
    lang.of(SMALL)[value(digit)]
}

/// One digit, in another case where the language has cases.
pub fn inflected(lang: Lang, digit: char) -> &'static str {
    match INFLECTED.get(lang.0) {
        Some(words) => words[value(digit)],
        None => lang.of(SMALL)[value(digit)],
    }
}

/// A group of up to three digits as people say it; longer ones digit by digit.
pub fn group(rng: &mut Prng, lang: Lang, digits: &str) -> String {
    let small = lang.of(SMALL);
    if digits.len() > 3 {
        let words: Vec<&str> = digits.chars().map(|c| digit(lang, c)).collect();
        return words.join(" ");
    }
    let mut words = Vec::new();
    let rest = digits.trim_start_matches('0');
    words.extend(digits[..digits.len() - rest.len()].chars().map(|_| small[0].to_owned()));
    let number: usize = rest.parse().unwrap_or(0);
    if number > 0 {
        words.push(spoken(rng, lang, number));
    }
    words.join(" ")
}

fn spoken(rng: &mut Prng, lang: Lang, number: usize) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    let mut words = Vec::new();
    if hundreds > 0 {
        let (small, one) = (lang.of(SMALL), hundreds == 1);
        words.push(match HUNDREDS.get(lang.0) {
            Some(words) => words[hundreds - 1].to_owned(),
            None if lang == Lang::ENGLISH => format!("{} hundred", small[hundreds]),
            None if one => "cent".to_owned(),
            None => format!("{} cent", small[hundreds]),
        });
    }
    if rest > 0 {
        words.push(below_hundred(rng, lang, rest));
    }
    words.join(" ")
}

fn below_hundred(rng: &mut Prng, lang: Lang, number: usize) -> String {
    let small = lang.of(SMALL);
    if number < 20 {
        return small[number].to_owned();
    }
    let tens = lang.of(TENS)[number / 10 - 2];
    let french = lang == Lang(3);
    let units = if french && matches!(number / 10, 7 | 9) { number % 20 } else { number % 10 };
    let join = match (french, units) {
        (true, 1 | 11) if number < 80 => " et ",
        (true, _) => "-",
        (false, _) if lang == Lang::ENGLISH && rng.one_in(2) => "-",
        _ => " ",
    };
    match units {
        0 => tens.to_owned(),
        _ => format!("{tens}{join}{}", small[units]),
    }
}

fn value(digit: char) -> usize {
    digit.to_digit(10).map_or(0, |digit| digit as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lang: usize, digits: &str, expected: &str) {
        let said = group(&mut Prng::of(1, 1), Lang(lang), digits);
        assert_eq!(said.replace('-', " "), expected);
    }

    #[test]
    fn groups_are_said_as_people_do() {
        check(0, "916", "девятьсот шестнадцать");
        check(0, "05", "ноль пять");
        check(1, "067", "нуль шістдесят сім");
        check(2, "645", "six hundred forty five");
        check(2, "4001", "four zero zero one");
        check(3, "06", "zéro six");
        check(3, "71", "soixante et onze");
        check(3, "80", "quatre vingt");
        check(3, "81", "quatre vingt un");
        check(3, "98", "quatre vingt dix huit");
        check(3, "21", "vingt et un");
        check(0, "00", "ноль ноль");
    }
}
