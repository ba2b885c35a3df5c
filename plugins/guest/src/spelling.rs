//! How a bent word may have been meant. Knows look-alikes, not which words are obscene.

/// Lower case with `е` for `ё`, French vowels bare, without apostrophes: the spelling of the tables.
#[must_use]
pub fn plain(word: &str) -> String {
    if is_plain(word) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    word.trim().chars().filter(|c| *c != '\'').for_each(|c| out.push(bare(lower(c))));
    out
}

/// Whether a word is so spelled that nothing is to be done, as most are: small letters of ASCII and of
/// the Cyrillic block, without `ё`, and digits.
fn is_plain(word: &str) -> bool {
    let mut lead = 0;
    word.bytes().all(|byte| {
        let before = std::mem::replace(&mut lead, byte);
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | 0xd0 | 0xd1 => true,
            0x80..=0xbf => before == 0xd0 && byte >= 0xb0 || before == 0xd1 && byte != 0x91,
            _ => false,
        }
    })
}

/// The lower case of the letters that the tables have; a folded text has no others anyway.
fn lower(c: char) -> char {
    let code = u32::from(c);
    let small = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x410..=0x42f => code + 32,
        0x400..=0x40f => code + 80,
        0x490 | 0x492 | 0x49a | 0x4a2 | 0x4ae | 0x4b0 | 0x4ba | 0x4d8 | 0x4e8 => code + 1,
        _ => code,
    };
    char::from_u32(small).unwrap_or(c)
}

/// A text in lower case, as far as these letters go.
#[must_use]
pub fn lowered(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// Whether a letter is a capital one.
#[must_use]
pub fn is_capital(c: char) -> bool {
    lower(c) != c
}

/// Whether a character is a letter or a digit, as far as the tables are concerned: anything of the
/// alphabets, no mark, symbol or emoji.
#[must_use]
pub const fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c as u32, 0xc0..=0x1fff | 0x2c00..=0x2dff | 0x3040..=0xd7ff)
}

/// A small letter without its accent, as [`plain`] spells it.
#[must_use]
pub const fn bare(c: char) -> char {
    match c {
        'ё' => 'е',
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        c => c,
    }
}

/// Ways to read characters that are no letters of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// By looks, in Cyrillic: `p` is `р`, `3` is `з`.
    Looks,
    /// The same, with `3` as `е`, `u` as `у` and `b` as `ь`.
    LooksToo,
    /// By sound, in Cyrillic: `p` is `п`.
    Sounds,
    /// In Latin.
    Latin,
    /// In Latin, with `1` as `l` and `v` as `u`.
    LatinToo,
}

pub const READINGS: &[Reading] =
    &[Reading::Looks, Reading::LooksToo, Reading::Sounds, Reading::Latin, Reading::LatinToo];

/// The word with each character read so; what cannot be read is left out, as a mark between letters is.
/// Nothing where a letter has no such reading.
#[must_use]
pub fn read(word: &str, reading: Reading) -> Option<String> {
    let mut out = String::with_capacity(word.len() * 2);
    for c in word.chars() {
        match read_letter(c, reading) {
            Some(letter) => out.push(letter),
            None if is_letter(c) => return None,
            None => {}
        }
    }
    Some(out)
}

/// What one character of a word in the plain spelling is read as.
#[must_use]
pub const fn read_letter(c: char, reading: Reading) -> Option<char> {
    let special = match (reading, c) {
        (Reading::LooksToo, _) => other(c),
        (Reading::Sounds, _) => sound(c),
        (Reading::LatinToo, '1') => Some('l'),
        (Reading::LatinToo, 'v') => Some('u'),
        _ => None,
    };
    match reading {
        _ if special.is_some() => special,
        Reading::Looks | Reading::LooksToo | Reading::Sounds => cyrillic(c),
        Reading::Latin | Reading::LatinToo => latin(c),
    }
}

/// No reading makes a letter of it.
const UNREAD: u8 = 0xff;

/// What ASCII and the letters of the Cyrillic block are read as, in the order of [`READINGS`]: numbers of
/// letters, 0 for what is left out.
static READ: [[u8; 256]; 5] = {
    let mut read = [[0; 256]; 5];
    let mut n = 0;
    while n < 5 * 256 {
        let at = (n % 256) as u32;
        let c = char::from_u32(if at < 128 { at } else { at - 128 + 0x400 });
        if let Some(c) = c {
            read[n / 256][n % 256] = read_number(c, READINGS[n / 256]);
        }
        n += 1;
    }
    read
};

const fn read_number(c: char, reading: Reading) -> u8 {
    match read_letter(bare(c), reading) {
        Some(letter) => number(letter),
        None if is_letter(c) => UNREAD,
        None => 0,
    }
}

/// The numbers of the letters of a bent word that is read in one way, what is left out apart; nothing for a
/// letter that has no such reading, and nothing more.
pub fn read_numbers(word: &str, reading: Reading) -> impl Iterator<Item = Option<u8>> + '_ {
    let table = &READ[reading as usize];
    let number = move |c: char| match u32::from(c) {
        code @ 0..0x80 => table[code as usize],
        code @ 0x400..0x480 => table[(code - 0x400 + 128) as usize],
        _ => read_number(c, reading),
    };
    word.chars().map(number).filter(|number| *number != 0).map(|n| (n != UNREAD).then_some(n))
}

/// Whether the letter is of the Cyrillic alphabets in use here.
#[must_use]
pub const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

const fn cyrillic(c: char) -> Option<char> {
    Some(match c {
        'a' | '@' => 'а',
        'b' | '6' => 'б',
        'c' | '$' => 'с',
        'd' => 'д',
        'e' | '€' => 'е',
        'g' => 'г',
        'h' => 'н',
        'i' | 'u' | '!' | '1' | '|' => 'и',
        'k' => 'к',
        'l' => 'л',
        'm' => 'м',
        'n' => 'п',
        'o' | '0' => 'о',
        'p' => 'р',
        'r' | '9' => 'я',
        's' => 'с',
        't' | '7' => 'т',
        'v' | '8' => 'в',
        'w' => 'ш',
        'x' => 'х',
        'y' => 'у',
        'z' | '3' => 'з',
        '4' => 'ч',
        c if is_cyrillic(c) => c,
        _ => return None,
    })
}

const fn other(c: char) -> Option<char> {
    Some(match c {
        '3' => 'е',
        'u' => 'у',
        'b' => 'ь',
        'n' => 'н',
        '1' => 'л',
        'r' => 'г',
        '!' => 'і',
        '4' => 'а',
        _ => return None,
    })
}

const fn sound(c: char) -> Option<char> {
    Some(match c {
        'h' => 'х',
        'n' => 'н',
        'p' => 'п',
        'r' => 'р',
        'u' => 'у',
        'y' | 'j' => 'й',
        'f' => 'ф',
        'c' => 'ц',
        _ => return None,
    })
}

const fn latin(c: char) -> Option<char> {
    Some(match c {
        '@' | '4' | 'а' => 'a',
        '6' => 'b',
        '(' | 'с' => 'c',
        '3' | 'е' | '€' => 'e',
        '9' => 'g',
        '!' | '1' | '|' => 'i',
        'к' => 'k',
        '0' | 'о' => 'o',
        'р' => 'p',
        '$' | '5' | 'ѕ' => 's',
        '7' | '+' => 't',
        'х' => 'x',
        'у' => 'y',
        'м' => 'm',
        'н' => 'h',
        'т' => 't',
        'в' => 'b',
        'і' => 'i',
        'и' | 'ս' => 'u',
        c if c.is_ascii_alphabetic() => c,
        _ => return None,
    })
}

/// The word with runs of `least` and more of one letter shortened to `left`.
#[must_use]
pub fn unstretched(word: &str, least: usize, left: usize) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    let mut shorter = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.trim_start_matches(c);
        let run = (rest.len() - after.len()) / c.len_utf8();
        let kept = if run >= least { left } else { run };
        shorter |= kept < run;
        (0..kept).for_each(|_| out.push(c));
        rest = after;
    }
    shorter.then_some(out)
}

/// Numbers of letters are below this; 0 is no letter.
pub const LETTERS: usize = 64;

/// Any letter that has no number of its own.
pub const OTHER: u8 = 31;

/// Beside a number: the plain spelling has another character in its place, or none.
pub const SPELLED: u8 = 64;

static ASCII: [u8; 128] = ASCII_NUMBERS;
/// Of characters of two bytes, the first of which is C3, D0 or D1.
static WIDE: [u8; 192] = WIDE_NUMBERS;
const ASCII_NUMBERS: [u8; 128] = numbers(0, 0);
const WIDE_NUMBERS: [u8; 192] = numbers(0xc0, 0x400);

/// The numbers of 64 characters from one on, and of the others from another on.
const fn numbers<const N: usize>(first: usize, second: usize) -> [u8; N] {
    let mut numbers = [OTHER; N];
    let mut n = 0;
    while n < N {
        let code = if n < 64 { first + n } else { second + n - if second > 0 { 64 } else { 0 } };
        if let Some(c) = char::from_u32(code as u32) {
            let plain = bare(c);
            numbers[n] = number(plain) | if plain as u32 == c as u32 { 0 } else { SPELLED };
        }
        n += 1;
    }
    if first == 0 {
        numbers[b'\'' as usize] = SPELLED;
    }
    numbers
}

/// The number of a letter in the plain spelling: all digits are one, and all letters but the commonest.
#[must_use]
pub const fn number(c: char) -> u8 {
    match c {
        'a'..='z' => c as u8 - b'a' + 1,
        '0'..='9' => 27,
        'і' => 28,
        'ї' => 29,
        'є' => 30,
        'а'..='я' => (c as u32 - 'а' as u32) as u8 + 32,
        _ => OTHER,
    }
}

/// The number of the letter at a byte, and where the next one is. An apostrophe has the number 0.
#[must_use]
#[inline(always)]
pub fn letter(text: &[u8], at: usize) -> (u8, usize) {
    let byte = text.get(at).copied().unwrap_or(0);
    let wide = |row: u8| {
        let second = text.get(at + 1).copied().unwrap_or(0) & 63;
        (WIDE.get(usize::from(row << 6 | second)).copied().unwrap_or(OTHER), at + 2)
    };
    match byte {
        0..0x80 => (ASCII[usize::from(byte & 0x7f)], at + 1),
        0xd0 | 0xd1 => wide((byte & 1) + 1),
        0xc3 => wide(0),
        0x80..0xe0 => (OTHER, at + 2),
        0xe0..0xf0 => (OTHER, at + 3),
        _ => (OTHER, at + 4),
    }
}

/// The number of a letter that begins with the byte D0 or D1, never 0.
#[must_use]
#[inline(always)]
pub fn cyrillic_letter(lead: u8, second: u8) -> u8 {
    WIDE[usize::from((lead & 1) + 1) << 6 | usize::from(second & 63)]
}

/// What [`letter`] tells, for the compiler, of letters of one byte and of two.
#[must_use]
pub const fn const_letter(text: &[u8], at: usize) -> (u8, usize) {
    let byte = text[at] as usize;
    match byte {
        0..0x80 => (ASCII_NUMBERS[byte], at + 1),
        0xc3 | 0xd0 | 0xd1 => {
            let row = if byte == 0xc3 { 0 } else { byte - 0xcf };
            (WIDE_NUMBERS[row << 6 | (text[at + 1] & 63) as usize], at + 2)
        }
        _ => (OTHER, at + 2),
    }
}

/// What a bent word is made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// Marks that may stand for letters; one mark of punctuation hides nothing.
    pub hidden: bool,
    pub latin: bool,
    pub cyrillic: bool,
    /// Digits, and marks that look like letters.
    pub digits: bool,
    /// What [`Reading::LatinToo`] reads otherwise than [`Reading::Latin`].
    second: bool,
}

impl Looks {
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut looks = Self::default();
        let (mut marks, mut last) = (usize::from(text.starts_with('@')), 0);
        // At the beginning it is rather the sign of a name.
        for byte in text.strip_prefix('@').unwrap_or(text).bytes() {
            let letter =
                matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'\'' | 0x80..=0xc1 | 0xc3..=0xdf);
            marks = if letter { 0 } else { marks + 1 };
            looks.hidden |= marks > 1
                || marks == 1 && !matches!(byte, b'.' | b'-' | b'!' | b'?' | b'&' | b'/' | b',');
            looks.latin |= byte.is_ascii_lowercase();
            looks.cyrillic |= matches!(byte, 0xd0..=0xd4);
            looks.digits |= matches!(byte, b'0'..=b'9' | b'@' | b'$' | b'!' | b'|');
            looks.digits |= last == 0x82 && byte == 0xac; // the end of `€`
            last = byte;
            looks.second |= matches!(byte, b'1' | b'v');
        }
        looks
    }

    /// Whether a word may be meant so, and is not read so in another way too: Latin letters alone mean no
    /// Cyrillic ones.
    #[must_use]
    pub fn allow(&self, reading: Reading) -> bool {
        match reading {
            Reading::Latin => true,
            Reading::LatinToo => self.second,
            Reading::Looks => self.cyrillic || self.digits,
            Reading::LooksToo => self.digits || self.cyrillic && self.latin,
            Reading::Sounds => self.latin && (self.cyrillic || self.digits),
        }
    }
}
