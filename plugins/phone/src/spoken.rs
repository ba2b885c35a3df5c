//! Number words of Russian, Ukrainian, English and French, in the forms people use to spell a phone
//! number, and how they add up. Pure tables and sums.

/// A word of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A number that stands for itself or adds to the one before.
    Value(u16),
    /// Multiplies the digit before it by a hundred.
    Hundred,
    /// French twenty, which makes eighty of a four.
    Score,
    /// French seven to nine, which also add to a ten.
    Unit(u16),
    /// Repeats the next digit so many times.
    Times(u8),
}

/// Words and values. Cyrillic forms are matched by stem, see [`STEMS`]; these are matched whole.
const WHOLE: &[(&str, u16)] = &[
    ("раз", 1),
    ("один", 1),
    ("одна", 1),
    ("одну", 1),
    ("одно", 1),
    ("адин", 1),
    ("одын", 1),
    ("еденица", 1),
    ("два", 2),
    ("две", 2),
    ("двух", 2),
    ("дві", 2),
    ("двi", 2),
    ("три", 3),
    ("трех", 3),
    ("трёх", 3),
    ("трі", 3),
    ("трое", 3),
    ("чотири", 4),
    ("читыре", 4),
    ("чатыре", 4),
    ("петь", 5),
    ("пять", 5),
    ("пяти", 5),
    ("п'ять", 5),
    ("пьять", 5),
    ("шість", 6),
    ("шесть", 6),
    ("шести", 6),
    ("сім", 7),
    ("семь", 7),
    ("семи", 7),
    ("вісім", 8),
    ("восемь", 8),
    ("восьми", 8),
    ("восем", 8),
    ("васемь", 8),
    ("сем", 7),
    ("девять", 9),
    ("девяти", 9),
    ("дев'ять", 9),
    ("девьять", 9),
    ("десять", 10),
    ("десяти", 10),
    ("сорок", 40),
    ("сорока", 40),
    ("сто", 100),
    ("ста", 100),
    ("zero", 0),
    ("oh", 0),
    ("nought", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("zéro", 0),
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("seize", 16),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("septante", 70),
];

/// Beginnings of Cyrillic and transliterated number words, longest first within one beginning; what
/// may follow is an ending of at most four letters.
const STEMS: &[(&str, u16)] = &[
    ("одиннадцат", 11),
    ("одинадцят", 11),
    ("адинадцат", 11),
    ("одинадцат", 11),
    ("двенадцат", 12),
    ("дванадцят", 12),
    ("тринадцат", 13),
    ("тринадцят", 13),
    ("четырнадцат", 14),
    ("чотирнадцят", 14),
    ("пятнадцат", 15),
    ("п'ятнадцят", 15),
    ("шестнадцат", 16),
    ("шістнадцят", 16),
    ("семнадцат", 17),
    ("сімнадцят", 17),
    ("восемнадцат", 18),
    ("вісімнадцят", 18),
    ("девятнадцат", 19),
    ("дев'ятнадцят", 19),
    ("двадцат", 20),
    ("двадцят", 20),
    ("тридцат", 30),
    ("тридцят", 30),
    ("пятьдесят", 50),
    ("пятидесят", 50),
    ("п'ятдесят", 50),
    ("пятдесят", 50),
    ("шестьдесят", 60),
    ("шестдесят", 60),
    ("шістдесят", 60),
    ("семьдесят", 70),
    ("семдесят", 70),
    ("сімдесят", 70),
    ("восемьдесят", 80),
    ("восемдесят", 80),
    ("вісімдесят", 80),
    ("девяност", 90),
    ("дев'яност", 90),
    ("двести", 200),
    ("двісті", 200),
    ("двесті", 200),
    ("триста", 300),
    ("четыреста", 400),
    ("чотириста", 400),
    ("пятьсот", 500),
    ("п'ятсот", 500),
    ("пятсот", 500),
    ("шестьсот", 600),
    ("шестсот", 600),
    ("шістсот", 600),
    ("семьсот", 700),
    ("семсот", 700),
    ("сімсот", 700),
    ("восемьсот", 800),
    ("восемсот", 800),
    ("вісімсот", 800),
    ("девятьсот", 900),
    ("девятсот", 900),
    ("дев'ятсот", 900),
    ("нол", 0),
    ("нул", 0),
    ("единиц", 1),
    ("единичк", 1),
    ("одиниц", 1),
    ("двойк", 2),
    ("двоечк", 2),
    ("двійк", 2),
    ("тройк", 3),
    ("троечк", 3),
    ("трійк", 3),
    ("четыр", 4),
    ("четверк", 4),
    ("четвёрк", 4),
    ("четвірк", 4),
    ("пятерк", 5),
    ("пятёрк", 5),
    ("пятерочк", 5),
    ("п'ятірк", 5),
    ("шестерк", 6),
    ("шестёрк", 6),
    ("шістк", 6),
    ("семерк", 7),
    ("семёрк", 7),
    ("сімк", 7),
    ("восьмерк", 8),
    ("восьмёрк", 8),
    ("вісімк", 8),
    ("девятк", 9),
    ("девяточк", 9),
    ("дев'ятк", 9),
    ("десятк", 10),
    ("devyatsot", 900),
    ("devatsot", 900),
    ("vosemsot", 800),
    ("semsot", 700),
    ("dvadcat", 20),
    ("tridcat", 30),
    ("shestdesyat", 60),
    ("semdesyat", 70),
    ("pyatdesyat", 50),
    ("vosemdesyat", 80),
    ("devyanost", 90),
    ("chetyre", 4),
    ("vosem", 8),
];

/// Transliterated digits, whole.
const LATIN: &[(&str, u16)] = &[
    ("nol", 0),
    ("nul", 0),
    ("odin", 1),
    ("odyn", 1),
    ("dva", 2),
    ("dvi", 2),
    ("tri", 3),
    ("try", 3),
    ("chotyry", 4),
    ("chetire", 4),
    ("pyat", 5),
    ("piat", 5),
    ("shest", 6),
    ("shist", 6),
    ("sem", 7),
    ("sim", 7),
    ("visim", 8),
    ("devyat", 9),
    ("devat", 9),
    ("deviat", 9),
    ("desyat", 10),
    ("sorok", 40),
    ("sto", 100),
    ("dvesti", 200),
    ("trista", 300),
    ("odinadcat", 11),
];

/// Words that look like a stem with an ending and are not numbers.
const NOT_NUMBERS: &[&str] = &["нолик", "нульовий", "нулевой", "нулевая", "нулевые", "нулевую"];

/// What a word says, if it is a word of a number.
#[must_use]
pub fn said(word: &str) -> Option<Said> {
    match word {
        "hundred" | "cent" | "cents" => return Some(Said::Hundred),
        "sept" => return Some(Said::Unit(7)),
        "huit" => return Some(Said::Unit(8)),
        "neuf" => return Some(Said::Unit(9)),
        "vingt" | "vingts" => return Some(Said::Score),
        "double" | "дважды" | "двічі" => return Some(Said::Times(2)),
        "triple" | "трижды" | "тричі" => return Some(Said::Times(3)),
        "нолик" | "нолика" => return Some(Said::Value(0)),
        _ => {}
    }
    let whole = WHOLE.iter().chain(LATIN).find(|(w, _)| *w == word).map(|(_, v)| *v);
    let stem = || {
        if NOT_NUMBERS.contains(&word) {
            return None;
        }
        STEMS.iter().find_map(|(stem, v)| {
            let ending = word.strip_prefix(stem)?;
            let short = ending.chars().count() <= if stem.len() <= 6 { 2 } else { 4 };
            short.then_some(*v)
        })
    };
    whole.or_else(stem).map(Said::Value)
}

/// The sum of a spoken number and the word after it, when they belong together: `девятьсот` and
/// `шестнадцать`, `forty` and `five`, `soixante` and `quinze`, `quatre` and `vingt`.
#[must_use]
pub fn sum(before: u16, next: Said) -> Option<u16> {
    match next {
        Said::Hundred if (1..=9).contains(&before) => Some(before * 100),
        Said::Unit(v) if before == 10 => Some(10 + v),
        Said::Unit(v) => sum(before, Said::Value(v)),
        Said::Score if before == 4 => Some(80),
        Said::Score => sum(before, Said::Value(20)),
        Said::Value(v) if before >= 100 && before.is_multiple_of(100) && (1..=99).contains(&v) => {
            Some(before + v)
        }
        Said::Value(v)
            if before % 100 >= 20 && before.is_multiple_of(10) && (1..=9).contains(&v) =>
        {
            Some(before + v)
        }
        Said::Value(v) if matches!(before % 100, 60 | 80) && (10..=19).contains(&v) => {
            Some(before + v)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, said, sum};

    #[test]
    fn words() {
        for (word, value) in [
            ("девятьсот", Some(900)),
            ("шестнадцать", Some(16)),
            ("шестнадцати", Some(16)),
            ("ноль", Some(0)),
            ("нуль", Some(0)),
            ("вісімсот", Some(800)),
            ("п'ять", Some(5)),
            ("четыре", Some(4)),
            ("forty", Some(40)),
            ("soixante", Some(60)),
            ("shest", Some(6)),
            ("восьмерка", Some(8)),
            ("столько", None),
            ("семья", None),
            ("столовая", None),
            ("привет", None),
        ] {
            assert_eq!(said(word), value.map(Said::Value), "{word}");
        }
    }

    #[test]
    fn sums() {
        for (before, next, expected) in [
            (900, Said::Value(16), Some(916)),
            (40, Said::Value(5), Some(45)),
            (60, Said::Value(15), Some(75)),
            (9, Said::Hundred, Some(900)),
            (8, Said::Value(9), None),
            (916, Said::Value(100), None),
            (20, Said::Value(30), None),
            (4, Said::Score, Some(80)),
            (4, Said::Value(20), None),
        ] {
            assert_eq!(sum(before, next), expected, "{before} {next:?}");
        }
    }
}
