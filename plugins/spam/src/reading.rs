//! A text as repetition sees it: letters without case, script, spacing and ornament, and what the
//! ornament was. Knows no rule and no limit.

use parlour_guest::Fold;

/// What a pass over a text leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Letters, each as one of the characters that look like it, if they are kept.
    pub letters: Vec<u16>,
    /// How many there are.
    pub count: usize,
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
    pub full_stops: usize,
    /// Whether the text may have a host or a scheme: `false` is certain.
    pub may_link: bool,
    /// Characters that take a place on the screen, white space not counted.
    pub visible: usize,
    /// The longest run of one letter, emoji or call, and the longest of anything visible that
    /// stands twice at least.
    pub longest_run: usize,
    pub longest_any: usize,
    /// Letters of words that were said before; a few others may be counted among them.
    pub said_again: usize,
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
pub fn mix(hash: u32, c: u32) -> u32 {
    (hash ^ c).wrapping_mul(0x0100_0193).rotate_left(5)
}

impl Reading {
    /// Reads a text, and keeps its letters if `keeps` says so. The host's view is asked for only where
    /// letters are dressed up, which own eyes do not see through.
    #[must_use]
    pub fn of(text: &str, fold: Fold, keeps: bool) -> Self {
        let mut pass = Pass::with_room(text.len(), keeps);
        if pass.read(text, true) {
            return pass.end();
        }
        let folded = fold(text);
        let mut pass = Pass::with_room(folded.text.len(), keeps);
        pass.read(&folded.text, false);
        pass.marks = text.chars().filter(|c| is_mark(*c)).count();
        pass.done.may_link = pass.done.full_stops > 0;
        pass.end()
    }

    /// The letters of its longest word.
    #[must_use]
    pub fn longest_word(&self) -> usize {
        self.words.iter().map(|word| word.letters).max().unwrap_or(0)
    }
}

/// Words of a text that may be told apart before they are taken for others.
const WORDS_APART: usize = 1024;

/// The pass itself: what is open while it goes on.
struct Pass {
    done: Reading,
    keeps: bool,
    marks: usize,
    /// The hash of the word, the letters before it, and whether it has digits.
    word: u32,
    word_from: usize,
    numeric: bool,
    line: Word,
    /// A bit for each word that was said, by its hash.
    said: [u64; WORDS_APART / 64],
    /// The last visible character, and how often it stood again.
    last: u32,
    again: usize,
    joined: bool,
}

impl Pass {
    fn with_room(bytes: usize, keeps: bool) -> Self {
        let done = Reading {
            letters: Vec::with_capacity(if keeps { bytes } else { 0 }),
            words: Vec::with_capacity(bytes / 8 + 4),
            digits_hash: HASH,
            ..Reading::default()
        };
        Self {
            done,
            keeps,
            marks: 0,
            word: HASH,
            word_from: 0,
            numeric: false,
            line: NOTHING,
            said: [0; WORDS_APART / 64],
            last: 0,
            again: 0,
            joined: false,
        }
    }

    /// Reads a text; when `wary`, no further than to a letter in disguise, and says whether there is none.
    fn read(&mut self, text: &str, wary: bool) -> bool {
        let (bytes, mut at) = (text.as_bytes(), 0);
        loop {
            at = self.letters(bytes, at);
            let Some(byte) = bytes.get(at).copied() else { return true };
            if byte == b' ' {
                self.end_word();
                at += 1;
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { return true };
            if matches!(byte, b'.' | b'/') {
                self.done.may_link |= joins(bytes, at);
            }
            if !self.take(c) && wary {
                return false;
            }
            at += c.len_utf8();
        }
    }

    /// Reads the letters that most texts are made of from byte `at` on, and says where they end.
    fn letters(&mut self, bytes: &[u8], mut at: usize) -> usize {
        let (mut word, mut last, mut again) = (self.word, self.last, self.again);
        let (mut count, mut longest, mut capitals, keeps) = (0, 0, 0, self.keeps);
        while let Some(lead) = bytes.get(at) {
            let (mut code, mut next) = (usize::from(*lead), at + 1);
            if code >= 0x80 {
                let Some(second) = bytes.get(next).filter(|_| code < 0xe0) else { break };
                code = (code & 0x1f) << 6 | usize::from(second & 0x3f);
                next += 1;
            }
            let usual = USUAL.get(code).copied().unwrap_or(0);
            if usual == 0 {
                break;
            }
            let plain = usual & 0x7fff;
            capitals += usize::from(usual >> 15);
            word = mix(word, u32::from(plain));
            if last == u32::from(plain) {
                again += 1;
                longest = longer(longest, again + 1);
            } else {
                (last, again) = (u32::from(plain), 0);
            }
            if keeps {
                self.done.letters.push(plain);
            }
            count += 1;
            at = next;
        }
        (self.word, self.last, self.again) = (word, last, again);
        self.done.count += count;
        self.done.capitals += capitals;
        self.done.longest_any = self.done.longest_any.max(longest);
        self.done.longest_run = self.done.longest_run.max(longest);
        at
    }

    #[inline]
    fn letter(&mut self, plain: u16) {
        let of = u32::from(plain);
        self.stand(of, true);
        self.word = mix(self.word, of);
        self.done.count += 1;
        if self.keeps {
            self.done.letters.push(plain);
        }
    }

    /// Whether the character before was the same. Runs of some characters count more than others.
    #[inline]
    fn stand(&mut self, of: u32, counts: bool) {
        if self.last != of {
            (self.last, self.again) = (of, 0);
            return;
        }
        self.again += 1;
        self.done.longest_any = self.done.longest_any.max(self.again + 1);
        if counts {
            self.done.longest_run = self.done.longest_run.max(self.again + 1);
        }
    }

    /// Reads a character that is none of the usual letters, unless it is a letter in disguise.
    fn take(&mut self, c: char) -> bool {
        if matches!(c, '!'..='~') {
            self.visible(c);
            self.joined = false;
        } else if is_dressed(c) {
            return false;
        } else if is_mark(c) {
            self.marks += 1;
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
        true
    }

    fn visible(&mut self, c: char) {
        let other = !c.is_ascii() && !is_sign(c);
        if c.is_ascii_digit() || other && c.is_numeric() {
            self.stand(u32::from(c), false);
            self.done.visible += 1;
            self.done.digits += 1;
            self.done.digits_hash = mix(self.done.digits_hash, u32::from(c));
            self.word = mix(self.word, u32::from(c));
            self.numeric = true;
            return;
        }
        let (emoji, call) = (is_emoji(c), matches!(c, '!' | '?'));
        if other && c.is_alphabetic() {
            let lower = lowered(c);
            self.done.capitals += usize::from(lower != c);
            let plain = u32::from(lookalike(lower));
            self.letter(u16::try_from(plain).unwrap_or(u16::MAX));
            return;
        }
        // The parts of one picture are one.
        if !(emoji && self.joined) {
            self.done.visible += 1;
            self.done.emoji += usize::from(emoji);
            self.stand(u32::from(c), emoji || call);
        }
        self.done.calls += usize::from(call);
        self.done.full_stops += usize::from(c == '.');
        if c != '\'' && c != '’' {
            self.end_word();
        }
    }

    fn end_word(&mut self) {
        let letters = self.done.count - self.word_from;
        if letters == 0 && !self.numeric {
            return;
        }
        let word = Word { hash: self.word, letters };
        (self.word, self.word_from, self.numeric) = (HASH, self.done.count, false);
        let at = (word.hash >> 8) as usize % WORDS_APART;
        if let Some(said) = self.said.get_mut(at / 64) {
            self.done.said_again += if *said >> (at % 64) & 1 == 1 { word.letters } else { 0 };
            *said |= 1 << (at % 64);
        }
        self.line.hash = mix(self.line.hash, word.hash);
        self.line.letters += word.letters;
        self.done.words.push(word);
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
        let mut done = self.done;
        done.marks = self.marks;
        done.longest_run = done.longest_run.max(usize::from(done.count > 0));
        done.visible += done.count;
        done.length = done.count + done.digits + done.words.len().saturating_sub(1);
        done
    }
}

/// The longer run. Few letters stand twice: apart, this is no work for the others.
#[cold]
#[inline(never)]
fn longer(one: usize, other: usize) -> usize {
    one.max(other)
}

/// Whether a full stop or slash at byte `at` may be one of a link: a slash behind a colon, a full stop
/// before anything but white space, the end of a piece, or the fraction of a number.
fn joins(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at)).copied().unwrap_or(b' ');
    if text.get(at) == Some(&b'/') {
        return before == b':';
    }
    match text.get(at + 1).copied().unwrap_or(b' ') {
        b' ' | b'\n' | b'\r' | b'\t' | b'.' | b',' | b';' | b'|' | b'<' | b'>' | b'(' | b')' => {
            false
        }
        b'0'..=b'9' => !before.is_ascii_digit(),
        _ => true,
    }
}

/// Punctuation and money beyond ASCII, none of it a letter or a number.
fn is_sign(c: char) -> bool {
    matches!(c, '«' | '»' | '°' | '№' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
        | '\u{20a0}'..='\u{20bf}')
}

/// The letters that most texts are made of, each as [`lookalike`] of its lower case; capitals have the
/// highest bit set too, and what is no letter is zero. Made by the compiler.
static USUAL: [u16; 0x530] = {
    let mut out = [0; 0x530];
    let mut code = 0x41;
    while code < 0x530 {
        let latin = code <= 0x5a || code >= 0x61 && code <= 0x7a;
        let accented = code >= 0xc0 && code < 0x180 && code != 0xd7 && code != 0xf7;
        let cyrillic = code >= 0x400 && !(code > 0x481 && code < 0x48a);
        if (latin || accented || cyrillic)
            && let Some(c) = char::from_u32(code)
        {
            let lower = lowered(c);
            let capital = if lower as u32 == code { 0 } else { 1 << 15 };
            out[code as usize] = lookalike(lower) as u16 | capital;
        }
        code += 1;
    }
    out
};

/// The lower case of Latin, Greek and Cyrillic letters; a whole table is not worth its size here.
#[must_use]
pub const fn lowered(c: char) -> char {
    let code = c as u32;
    let lower = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a9 | 0x410..=0x42f => code + 32,
        0x400..=0x40f => code + 80,
        0x100..=0x137 | 0x14a..=0x177 | 0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x52f => code | 1,
        0x139..=0x148 | 0x179..=0x17e | 0x4c1..=0x4ce => code + (code & 1),
        _ => code,
    };
    match char::from_u32(lower) {
        Some(lower) => lower,
        None => c,
    }
}

/// One letter for all that look like it; which one does not matter, as both sides are read so.
const fn lookalike(c: char) -> char {
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
        Reading::of(text, |t| Folded::plain(&t.to_lowercase()), true)
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
