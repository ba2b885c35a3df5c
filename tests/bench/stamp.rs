//! The scheduled time of a message, written into its text, and how it is found again in whatever a
//! server makes of that text. It knows no protocol.
//!
//! The stamp is twelve letters between two marks. Digits would look like a telephone number to a
//! moderation plugin, and vowels could make words; sixteen consonants can be neither.

const LETTERS: &[u8; 16] = b"bdghjlmnpqrtvwyz";
const OPENING: &[u8; 2] = b"~T";
const LENGTH: usize = 12;

/// An ordinary message without anything that a plugin looks for.
pub(crate) const ENGLISH: &str = "Hello, is the table from the listing still free this week? I would come with \
    my brother in the evening and take it right away, if the legs come off. Thank you very much \
    and have a good day, see you then, best wishes from the other end of the town. ";

/// The same in letters of two bytes.
pub(crate) const RUSSIAN: &str = "Здравствуйте, стол из объявления ещё свободен на этой неделе? Мы \
    с братом приехали бы вечером и сразу забрали его, если ножки снимаются. Большое спасибо и \
    хорошего дня, до встречи, всего доброго с другого конца города. ";

/// A text of `bytes` bytes, at least 16, that carries `at_us`.
pub(crate) fn text(at_us: u64, bytes: usize, filler: &str) -> String {
    let mut text = String::with_capacity(bytes.max(16));
    text.push_str("~T");
    for place in (0..LENGTH).rev() {
        let nibble = usize::try_from((at_us >> (4 * place)) & 15).unwrap_or(0);
        text.push(char::from(LETTERS[nibble]));
    }
    text.push_str("~ ");
    while text.len() < bytes {
        let missing = bytes - text.len();
        // The last byte may be half a letter; a full stop takes its place.
        match filler.floor_char_boundary(missing) {
            0 => text.push('.'),
            end => text.push_str(&filler[..end]),
        }
    }
    text
}

/// The time in the first stamp of `bytes`.
pub(crate) fn find(bytes: &[u8]) -> Option<u64> {
    let start = bytes.windows(2).position(|pair| pair == OPENING)? + OPENING.len();
    let letters = bytes.get(start..start + LENGTH)?;
    letters.iter().try_fold(0_u64, |time, letter| {
        let nibble = LETTERS.iter().position(|known| known == letter)?;
        Some(time << 4 | u64::try_from(nibble).ok()?)
    })
}
