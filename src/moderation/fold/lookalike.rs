//! Characters that stand for others: digits of every script, and letters that look like Latin or
//! Cyrillic ones. Pure tables; when a look-alike counts is the fold's decision.

/// The zeros of Unicode's decimal digits (general category Nd, Unicode 16), ascending; each is followed
/// by its nine siblings. Full-width and mathematical digits are not here: NFKC has made them ASCII.
const ZEROS: [u32; 67] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x1_04a0,
    0x1_0d30, 0x1_0d40, 0x1_1066, 0x1_10f0, 0x1_1136, 0x1_11d0, 0x1_12f0, 0x1_1450, 0x1_14d0,
    0x1_1650, 0x1_16c0, 0x1_16d0, 0x1_16da, 0x1_1730, 0x1_18e0, 0x1_1950, 0x1_1bf0, 0x1_1c50,
    0x1_1d50, 0x1_1da0, 0x1_1f50, 0x1_6a60, 0x1_6ac0, 0x1_6b50, 0x1_ccf0, 0x1_e140, 0x1_e2f0,
    0x1_e4f0, 0x1_e5f1, 0x1_e950, 0x1_fbf0,
];

/// The value of a decimal digit of any script but ASCII.
pub fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    u8::try_from(code - zero).ok().filter(|value| *value < 10)
}

/// The Latin letter that a lower-case letter of another script looks like.
pub fn latin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'ь' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'є' | 'ε' => 'e',
        'ɡ' | 'ց' => 'g',
        'н' | 'һ' | 'հ' => 'h',
        'і' | 'ї' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ⅼ' => 'l',
        'м' => 'm',
        'п' | 'η' | 'ո' => 'n',
        'о' | 'ο' | 'σ' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'ү' | 'γ' => 'y',
        _ => return None,
    })
}

/// The Cyrillic letter that a lower-case letter of another script looks like.
pub fn cyrillic(c: char) -> Option<char> {
    Some(match c {
        'a' | 'α' | 'ɑ' => 'а',
        'b' => 'в',
        'c' | 'ϲ' => 'с',
        'e' | 'ë' | 'é' | 'è' | 'ê' => 'е',
        'g' => 'д',
        'h' => 'н',
        'i' | 'ι' | 'ı' => 'і',
        'k' | 'κ' => 'к',
        'm' => 'м',
        'n' | 'π' => 'п',
        'o' | 'ο' | 'ö' | 'ó' | 'ò' => 'о',
        'p' | 'ρ' => 'р',
        'r' => 'г',
        't' | 'τ' => 'т',
        'u' | 'ú' => 'и',
        'x' | 'χ' => 'х',
        'y' | 'ý' | 'γ' => 'у',
        'φ' => 'ф',
        'λ' => 'л',
        _ => return None,
    })
}

/// The ASCII digit that a lower-case letter looks like.
pub fn as_digit(c: char) -> Option<u8> {
    Some(match c {
        'o' | 'о' | 'ο' => b'0',
        'l' | 'i' | 'і' | 'ӏ' | 'ı' => b'1',
        'z' => b'2',
        'з' | 'э' => b'3',
        'ч' => b'4',
        's' | 'ѕ' => b'5',
        'б' => b'6',
        'b' | 'в' => b'8',
        'g' | 'q' => b'9',
        _ => return None,
    })
}
