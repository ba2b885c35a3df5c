//! Words that are no words of numbers and sound like one. Knows sounds.

use parlour_guest::list::{Gate, Row};

use super::letters::SOUNDS;
use super::{Said, WORD_MAX};
use crate::table::{Table, table};

static HEARD: Table = table!(indexed SOUNDS);

/// What a word sounds like, when it is no word of a number but is said like one: `девить`, `vosim`.
/// Costs more than [`said`]; meant for texts that hold numbers in words already.
#[must_use]
pub fn sounds(word: &str) -> Option<Said> {
    if word.len() > WORD_MAX || word.chars().count() < 3 {
        return None;
    }
    let heard = sound(word);
    let heard = heard.as_slice();
    let first = heard.first()?;
    let found = HEARD.like(heard).find(|(known, _)| {
        let known = *known;
        known.first() == Some(first)
            && (known == heard || known.len() >= 5 && differ_by_one(known, heard))
    });
    found.map(|(_, v)| Said::Value(v))
}

/// Whether a word says a digit and little else, spelled as nobody writes who does not hide it.
#[must_use]
pub fn is_slang(word: &str) -> bool {
    static WORDS: Row = Row::of(
        "ait ate ayt deu douz eit eyt faiv fayv fife fiv fyve karant katorz katr katre kinz \
     nain nayn nef nein nien nyne onz owe phive sevin sevn sevun sez sicks sics sinc \
     sinkant sinq soisant thre thri too trant tree trez troi uit won wun ziro",
    );
    word.as_bytes().first().is_some_and(u8::is_ascii) && WORDS.contains(word)
}

/// What a word stands for that sounds like an English or French number: `won`, which is more often
/// something else, and `douz`.
#[must_use]
pub fn homophone(word: &str) -> Option<Said> {
    const WORDS: &[(&str, u16)] = &[
        ("ait", 8),
        ("ate", 8),
        ("ayt", 8),
        ("deu", 2),
        ("douz", 12),
        ("eit", 8),
        ("eyt", 8),
        ("fayv", 5),
        ("fiv", 5),
        ("foar", 4),
        ("for", 4),
        ("fore", 4),
        ("free", 3),
        ("fri", 3),
        ("fyve", 5),
        ("karant", 40),
        ("katorz", 14),
        ("katr", 4),
        ("katre", 4),
        ("kinz", 15),
        ("nayn", 9),
        ("nef", 9),
        ("nein", 9),
        ("nien", 9),
        ("nyne", 9),
        ("onz", 11),
        ("owe", 0),
        ("phive", 5),
        ("phor", 4),
        ("sevin", 7),
        ("sevn", 7),
        ("sevun", 7),
        ("sez", 16),
        ("sick", 6),
        ("sicks", 6),
        ("sics", 6),
        ("sinc", 5),
        ("sinkant", 50),
        ("sinq", 5),
        ("soisant", 60),
        ("sri", 3),
        ("thre", 3),
        ("thri", 3),
        ("to", 2),
        ("too", 2),
        ("trant", 30),
        ("tree", 3),
        ("trez", 13),
        ("troi", 3),
        ("tu", 2),
        ("uan", 1),
        ("uit", 8),
        ("wan", 1),
        ("won", 1),
    ];
    static GATE: Gate<8> = Gate::of(&[]).and_keys(WORDS);
    GATE.may_hold(word).then(|| table!(WORDS).value(word).map(Said::Value))?
}

/// The sound of a word in Russian or Ukrainian, in Cyrillic or Latin letters: vowels by class, no soft
/// signs, no doubles.
fn sound(word: &str) -> Heard {
    let mut out = Heard { sounds: [0; WORD_MAX], count: 0 };
    let mut chars = word.chars().filter(|c| !matches!(c, 'ь' | 'ъ' | '\'' | 'й')).peekable();
    while let Some(c) = chars.next() {
        let heard = match c {
            'а' | 'о' | 'a' | 'o' => b'a',
            'у' | 'ю' | 'u' => b'u',
            // `ia` is one letter in Cyrillic.
            'i' | 'і' if matches!(chars.peek(), Some('a' | 'а')) => {
                chars.next();
                b'i'
            }
            'е' | 'ё' | 'э' | 'є' | 'и' | 'і' | 'ї' | 'ы' | 'я' | 'e' | 'i' => b'i',
            'y' | 'j' => match chars.peek() {
                Some('a' | 'o' | 'e' | 'u') => {
                    chars.next();
                    b'i'
                }
                _ if c == 'y' => b'i',
                _ => continue,
            },
            'с' if chars.peek() == Some(&'ч') => continue,
            'ш' | 'щ' | 'ж' => b'x',
            's' | 'c' | 'z' if chars.peek() == Some(&'h') => {
                chars.next();
                if c == 'c' { b'q' } else { b'x' }
            }
            'ч' => b'q',
            'ц' | 'c' => b'c',
            't' | 'т' if matches!(chars.peek(), Some('s' | 'с' | 'ц' | 'c')) => {
                let shush = chars.clone().nth(1) == Some('h');
                if shush {
                    b't'
                } else {
                    chars.next();
                    b'c'
                }
            }
            'д' | 'd' if matches!(chars.peek(), Some('ц' | 'c')) => continue,
            'д' if chars.peek() == Some(&'с') => {
                chars.next();
                b'c'
            }
            'с' | 'з' | 's' | 'z' => b's',
            'в' | 'ф' | 'v' | 'w' | 'f' => b'v',
            'т' | 't' => b't',
            'д' | 'd' => b't',
            'п' | 'p' => b'p',
            'б' | 'b' => b'p',
            'р' | 'r' => b'r',
            'л' | 'l' => b'l',
            'м' | 'm' => b'm',
            'н' | 'n' => b'n',
            'к' | 'k' => b'k',
            'г' | 'g' => b'k',
            _ => b'?',
        };
        out.push(heard);
    }
    out
}

/// The sounds of a word of at most [`WORD_MAX`] bytes, without a place on the heap.
struct Heard {
    sounds: [u8; WORD_MAX],
    count: usize,
}

impl Heard {
    fn as_slice(&self) -> &[u8] {
        self.sounds.get(..self.count).unwrap_or_default()
    }

    /// Adds a sound; one that goes on is no other.
    fn push(&mut self, sound: u8) {
        if self.as_slice().last() != Some(&sound)
            && let Some(place) = self.sounds.get_mut(self.count)
        {
            *place = sound;
            self.count += 1;
        }
    }
}

/// Whether one sound was left out, added or changed.
fn differ_by_one(a: &[u8], b: &[u8]) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let longer = a.len().max(b.len());
    a.len().abs_diff(b.len()) <= 1 && head + tail + 1 >= longer
}

#[cfg(test)]
mod tests {
    use super::{SOUNDS, Said, sounds};

    #[test]
    fn words_that_only_sound_like_numbers() {
        for (word, value) in [
            ("девить", Some(9)),
            ("васим", Some(8)),
            ("двацать", Some(20)),
            ("чтыре", Some(4)),
            ("dvadtsat", Some(20)),
            ("shest'", Some(6)),
            ("devyatsot", Some(900)),
            ("shistdesiat", Some(60)),
            ("piatdesiat", Some(50)),
            ("simnadtsiat", Some(17)),
            ("trydtsyat", Some(30)),
            ("привет", None),
            ("стол", None),
        ] {
            assert_eq!(sounds(word), value.map(Said::Value), "{word}");
        }
    }

    #[test]
    fn the_table_of_sounds_is_what_is_heard() {
        for (word, value) in [
            ("ноль", 0),
            ("нуль", 0),
            ("один", 1),
            ("одна", 1),
            ("четыре", 4),
            ("чотири", 4),
            ("пять", 5),
            ("шесть", 6),
            ("шість", 6),
            ("семь", 7),
            ("восемь", 8),
            ("вісім", 8),
            ("девять", 9),
            ("десять", 10),
            ("одиннадцать", 11),
            ("двенадцать", 12),
            ("тринадцать", 13),
            ("четырнадцать", 14),
            ("пятнадцать", 15),
            ("шестнадцать", 16),
            ("семнадцать", 17),
            ("восемнадцать", 18),
            ("девятнадцать", 19),
            ("двадцать", 20),
            ("тридцать", 30),
            ("сорок", 40),
            ("пятьдесят", 50),
            ("шестьдесят", 60),
            ("семьдесят", 70),
            ("восемьдесят", 80),
            ("девяносто", 90),
            ("двести", 200),
            ("двісті", 200),
            ("триста", 300),
            ("четыреста", 400),
            ("пятьсот", 500),
            ("шестьсот", 600),
            ("семьсот", 700),
            ("восемьсот", 800),
            ("девятьсот", 900),
            ("п'ять", 5),
            ("дев'ять", 9),
            ("одинадцять", 11),
            ("дванадцять", 12),
            ("тринадцять", 13),
            ("чотирнадцять", 14),
            ("п'ятнадцять", 15),
            ("шістнадцять", 16),
            ("сімнадцять", 17),
            ("вісімнадцять", 18),
            ("дев'ятнадцять", 19),
            ("двадцять", 20),
            ("тридцять", 30),
            ("п'ятдесят", 50),
            ("шістдесят", 60),
            ("семисят", 70),
            ("восемсят", 80),
            ("сімдесят", 70),
            ("вісімдесят", 80),
            ("дев'яносто", 90),
            ("чотириста", 400),
            ("п'ятсот", 500),
            ("шістсот", 600),
            ("сімсот", 700),
            ("вісімсот", 800),
            ("дев'ятсот", 900),
        ] {
            assert!(SOUNDS.contains(&(sounded(word).as_str(), value)), "{word} {}", sounded(word));
        }
    }

    fn sounded(word: &str) -> String {
        super::sound(word).as_slice().iter().map(|byte| char::from(*byte)).collect()
    }
}
