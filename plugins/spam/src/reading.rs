//! A text as repetition sees it: letters without case, script, spacing and ornament, and what the
//! ornament was. Knows no rule and no limit.

use parlour_guest::Fold;

/// What a pass over a text leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Letters, each as one of the characters that look like it.
    pub letters: Vec<char>,
    /// Words and numbers in their order.
    pub words: Vec<Word>,
    /// One for each line that says something.
    pub lines: Vec<Word>,
    /// Letters, digits and one for each gap between words: the length of the text without ornament.
    pub length: usize,
    pub digits: usize,
    /// A hash of the digits in their order.
    pub digits_hash: u32,
    pub capitals: usize,
    pub emoji: usize,
    /// Combining marks.
    pub marks: usize,
    /// `!` and `?`.
    pub calls: usize,
    /// Characters that take a place on the screen, white space not counted.
    pub visible: usize,
    /// The longest run of one letter, emoji or call, and the longest of anything visible.
    pub longest_run: usize,
    pub longest_any: usize,
}

/// A word or line: what it says, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub hash: u32,
    /// Letters in it; none in a number.
    pub letters: usize,
}

const NOTHING: Word = Word { hash: HASH, letters: 0 };
const HASH: u32 = 0x811c_9dc5;

/// One step of FNV-1a over a whole character.
#[must_use]
pub fn mix(hash: u32, c: char) -> u32 {
    (hash ^ u32::from(c)).wrapping_mul(0x0100_0193).rotate_left(5)
}

impl Reading {
    /// Reads a text. The host's view is asked for only where letters are dressed up, which own eyes
    /// do not see through.
    #[must_use]
    pub fn of(text: &str, fold: Fold) -> Self {
        let mut reading = Pass::default();
        reading.done.letters.reserve(text.len() / 2);
        // All of them take three bytes and more.
        if text.bytes().any(|byte| byte >= 0xe2) && text.chars().any(is_dressed) {
            let marks = text.chars().filter(|c| is_mark(*c)).count();
            fold(text).text.chars().for_each(|c| reading.take(c));
            reading.done.marks = marks;
        } else {
            text.chars().for_each(|c| reading.take(c));
        }
        reading.end()
    }
}

/// The pass itself: what is open while it goes on.
struct Pass {
    done: Reading,
    word: Word,
    in_word: bool,
    line: Word,
    /// The last visible character, how often it stood, and whether its runs count.
    run: (char, usize),
    joined: bool,
}

impl Default for Pass {
    fn default() -> Self {
        let done = Reading { digits_hash: HASH, ..Reading::default() };
        Self { done, word: NOTHING, in_word: false, line: NOTHING, run: ('\0', 0), joined: false }
    }
}

impl Pass {
    fn take(&mut self, c: char) {
        if is_usual(c) {
            self.visible(c);
            self.joined = false;
        } else if is_mark(c) {
            self.done.marks += 1;
        } else if is_invisible(c) {
            self.joined = c == '\u{200d}';
        } else if c.is_whitespace() {
            self.end_word();
            if c == '\n' {
                self.end_line();
            }
        } else {
            self.visible(c);
            self.joined = false;
        }
    }

    fn visible(&mut self, c: char) {
        let lower = lowered(c);
        let usual = is_usual(c);
        let emoji = !usual && is_emoji(c);
        // The parts of one picture are one.
        if !(emoji && self.joined) {
            self.done.visible += 1;
            self.run = if self.run.0 == lower { (lower, self.run.1 + 1) } else { (lower, 1) };
            self.done.longest_any = self.done.longest_any.max(self.run.1);
        }
        let letter = usual || c.is_alphabetic();
        if letter || emoji || matches!(c, '!' | '?') {
            self.done.longest_run = self.done.longest_run.max(self.run.1);
        }
        if letter {
            let plain = lookalike(lower);
            self.done.capitals += usize::from(lower != c);
            self.done.letters.push(plain);
            self.grow(plain, 1);
        } else if c.is_numeric() {
            self.done.digits += 1;
            self.done.digits_hash = mix(self.done.digits_hash, c);
            self.grow(c, 0);
        } else {
            self.done.emoji += usize::from(emoji && !self.joined);
            self.done.calls += usize::from(matches!(c, '!' | '?'));
            if c != '\'' && c != '’' {
                self.end_word();
            }
        }
    }

    fn grow(&mut self, c: char, letters: usize) {
        if !self.in_word {
            self.done.length += usize::from(self.done.length > 0);
            self.in_word = true;
        }
        self.done.length += 1;
        self.word.hash = mix(self.word.hash, c);
        self.word.letters += letters;
        self.line.hash = mix(self.line.hash, c);
        self.line.letters += letters;
    }

    fn end_word(&mut self) {
        if self.in_word {
            self.done.words.push(std::mem::replace(&mut self.word, NOTHING));
            self.in_word = false;
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::replace(&mut self.line, NOTHING);
        if line != NOTHING {
            self.done.lines.push(line);
        }
    }

    fn end(mut self) -> Reading {
        self.end_word();
        self.end_line();
        self.done
    }
}

/// The lower case of Latin, Greek and Cyrillic letters; a whole table is not worth its size here.
#[must_use]
pub fn lowered(c: char) -> char {
    let code = u32::from(c);
    let lower = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a9 | 0x410..=0x42f => code + 32,
        0x400..=0x40f => code + 80,
        0x100..=0x137 | 0x14a..=0x177 | 0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x52f => code | 1,
        0x139..=0x148 | 0x179..=0x17e | 0x4c1..=0x4ce => code + (code & 1),
        _ => code,
    };
    char::from_u32(lower).unwrap_or(c)
}

/// One letter for all that look like it; which one does not matter, as both sides are read so.
fn lookalike(c: char) -> char {
    match c {
        'а' | 'ä' | 'á' | 'à' | 'â' | 'α' => 'a',
        'в' => 'b',
        'с' | 'ç' => 'c',
        'е' | 'ё' | 'é' | 'è' | 'ê' | 'ë' | 'є' => 'e',
        'н' => 'h',
        'і' | 'ї' | 'î' | 'ï' | 'í' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'қ' => 'k',
        'м' => 'm',
        'о' | 'ö' | 'ó' | 'ô' | 'ο' => 'o',
        'р' => 'p',
        'ѕ' => 's',
        'т' => 't',
        'у' | 'ў' | 'ý' => 'y',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'х' | 'ҳ' => 'x',
        _ => c,
    }
}

/// The letters of ASCII and of the Cyrillic blocks, which most of our texts are made of.
fn is_usual(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}')
}

/// Letters that are pictures or styles of letters.
fn is_dressed(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{ff01}'..='\u{ff5e}'
        | '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f189}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// What takes no place: format characters, fillers, variation selectors, tones of skin.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b05}'..='\u{2b55}' | '\u{1f000}'..='\u{1faff}'
        | '\u{203c}' | '\u{2049}' | '\u{231a}'..='\u{23ff}')
}

#[cfg(test)]
mod tests {
    use parlour_guest::Folded;

    use super::Reading;

    fn read(text: &str) -> Reading {
        Reading::of(text, |t| Folded::plain(&t.to_lowercase()))
    }

    #[test]
    fn ornament_does_not_change_what_is_said() {
        let plain = read("Купите гараж, 12 метров");
        for varied in [
            "КУПИТЕ ГАРАЖ 12 МЕТРОВ!!!",
            "🔥 купите   гараж 🔥 12 метров",
            "к\u{200b}упите га\u{301}раж, 1\u{2060}2 метров",
            "Kупитe гapaж, 12 мeтpoв",
        ] {
            let other = read(varied);
            assert_eq!(other.letters, plain.letters, "{varied}");
            assert_eq!(other.digits_hash, plain.digits_hash, "{varied}");
            assert_eq!(other.length, plain.length, "{varied}");
        }
    }

    #[test]
    fn ornament_is_counted() {
        let reading = read("👨‍👩‍👧 🔥🔥 УРА!!! е\u{301}\u{302}");
        assert_eq!((reading.emoji, reading.calls, reading.marks), (3, 3, 2));
        assert_eq!((reading.capitals, reading.longest_run), (3, 3));
        assert_eq!(read("а----------б").longest_run, 1);
        assert_eq!(read("а----------б").longest_any, 10);
    }
}
