//! The word table. Made by `parlour-lexicon`; a word is looked up lower case, with `е` for `ё`.

use fst::Map;

static TABLE: &[u8] = include_bytes!("../lexicon.fst");

/// The severity of a word of the table: 3 for the strongest, 2 for a rude one.
#[must_use]
pub fn severity(word: &str) -> Option<u8> {
    // The table is checked by a test; were it damaged, the roots would still work.
    let map = Map::new(TABLE).ok()?;
    map.get(word).and_then(|s| u8::try_from(s).ok())
}

#[cfg(test)]
mod tests {
    use super::severity;

    #[test]
    fn the_table_holds_what_it_should_and_not_what_it_should_not() {
        for word in ["хуй", "пизда", "fuck", "shit", "ебать", "мудак"] {
            assert!(severity(word).is_some(), "{word}");
        }
        for word in [
            "рубля",
            "корабля",
            "употреблять",
            "требовать",
            "команда",
            "дота",
            "охра",
            "мини",
            "дом",
            "classic",
        ] {
            assert_eq!(severity(word), None, "{word}");
        }
    }
}
