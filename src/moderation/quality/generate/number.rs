//! Telephone numbers of four countries, plain, disguised and in words.

use super::{Draft, Lang, numerals, phrases, prng::Prng, tricks};

/// A number as it is dialled, in the groups in which it is said.
pub struct Number {
    pub plus: bool,
    pub groups: Vec<String>,
}

impl Number {
    pub fn of(rng: &mut Prng, lang: Lang) -> Self {
        let plus = rng.one_in(3);
        let cut = |code: &str, national: String, sizes: &[usize]| {
            let mut groups = vec![code.to_owned()];
            let mut rest = national.as_str();
            for size in sizes {
                let (group, after) = rest.split_at(*size);
                groups.push(group.to_owned());
                rest = after;
            }
            groups.retain(|group| !group.is_empty());
            Self { plus, groups }
        };
        match lang.0 {
            0 => {
                let national = format!(
                    "9{}{}",
                    rng.pick(&["03", "16", "26", "51", "65", "85", "99"]),
                    rng.digits(7)
                );
                cut(if plus { "7" } else { "8" }, national, &[3, 3, 2, 2])
            }
            1 => {
                let operator = rng.pick(&[
                    "50", "63", "66", "67", "68", "73", "93", "95", "96", "97", "98", "99",
                ]);
                let rest = rng.digits(7);
                if plus {
                    cut("380", format!("{operator}{rest}"), &[2, 3, 2, 2])
                } else {
                    cut("", format!("0{operator}{rest}"), &[3, 3, 2, 2])
                }
            }
            2 if rng.one_in(2) => {
                let national =
                    format!("7{}{}", rng.pick(&["4", "5", "7", "8", "9"]), rng.digits(8));
                if plus {
                    cut("44", national, &[4, 6])
                } else {
                    cut("", format!("0{national}"), &[5, 6])
                }
            }
            2 => {
                let area = rng.pick(&["212", "305", "312", "415", "503", "617", "646", "718"]);
                let exchange = rng.pick(&["2", "3", "4", "6", "7", "8"]);
                let middle = rng.pick(&["20", "34", "45", "58", "62", "73", "89"]);
                let national = format!("{area}{exchange}{middle}{}", rng.digits(4));
                cut(if plus { "1" } else { "" }, national, &[3, 3, 4])
            }
            _ => {
                let national = format!("{}{}", rng.pick(&["6", "7"]), rng.digits(8));
                if plus {
                    cut("33", national, &[1, 2, 2, 2, 2])
                } else {
                    cut("", format!("0{national}"), &[2, 2, 2, 2, 2])
                }
            }
        }
    }

    /// Its digits, with the sign.
    pub fn dialled(&self) -> String {
        self.joined("")
    }

    fn joined(&self, mark: &str) -> String {
        format!("{}{}", if self.plus { "+" } else { "" }, self.groups.join(mark))
    }

    fn plain(&self, rng: &mut Prng, lang: Lang) -> String {
        match rng.below(6) {
            0 | 1 => self.dialled(),
            2 => self.joined("-"),
            3 if lang.0 < 2 && self.groups.len() == 5 => {
                let g = &self.groups;
                let sign = if self.plus { "+" } else { "" };
                format!("{sign}{} ({}) {}-{}-{}", g[0], g[1], g[2], g[3], g[4])
            }
            4 if lang.0 > 1 => self.joined("."),
            _ => self.joined(" "),
        }
    }

    fn disguised(&self, rng: &mut Prng) -> String {
        match rng.below(5) {
            0 => self.joined(tricks::group_separator(rng)),
            1 => {
                let groups: Vec<String> = self.groups.iter().map(|g| format!("({g})")).collect();
                groups.concat()
            }
            _ => tricks::digits(rng, &self.dialled()),
        }
    }

    fn in_words(&self, rng: &mut Prng, lang: Lang) -> String {
        let digits = self.groups.concat();
        let every = |word: fn(Lang, char) -> &'static str, mark: &str| {
            digits.chars().map(|c| word(lang, c)).collect::<Vec<_>>().join(mark)
        };
        match rng.below(7) {
            0 => every(numerals::digit, " "),
            1 => every(numerals::digit, rng.pick(&[", ", "-", " - ", ". "])),
            2 => every(numerals::inflected, " "),
            // Cyrillic words in Latin letters; other languages say the groups.
            3 if lang.0 < 2 => tricks::latin(&every(numerals::digit, " ")),
            4 => {
                // Words and digits in turn, as in "8 nine hundred sixteen 123 forty-five 67".
                let mut turn = rng.below(2);
                let mut said = Vec::new();
                for group in &self.groups {
                    turn += 1;
                    let plain = usize::is_multiple_of(turn, 2);
                    said.push(if plain {
                        group.clone()
                    } else {
                        numerals::group(rng, lang, group)
                    });
                }
                said.join(" ")
            }
            5 => digits
                .chars()
                .map(|c| tricks::spaced(numerals::digit(lang, c), " "))
                .collect::<Vec<_>>()
                .join("  "),
            _ => {
                let said = self.groups.iter().map(|group| numerals::group(rng, lang, group));
                said.collect::<Vec<_>>().join(" ")
            }
        }
    }
}

pub fn draft(rng: &mut Prng, lang: Lang) -> Draft {
    let number = Number::of(rng, lang);
    let phrase = rng.pick(lang.of(phrases::PHONE));
    let (level, written) = match rng.below(12) {
        0..3 => ("plain", number.plain(rng, lang)),
        3..8 => ("obfuscated", number.disguised(rng)),
        _ => ("words", number.in_words(rng, lang)),
    };
    Draft::with(level, "phone", phrase, &written)
}
