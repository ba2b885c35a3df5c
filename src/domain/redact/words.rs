//! Words in the languages of those who write and read: what stands in place of a link, and in which
//! language somebody is addressed. Knows no policy.

use std::collections::BTreeMap;

/// What takes the place of a removed link, by language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripWords {
    words: BTreeMap<String, String>,
}

impl Default for StripWords {
    fn default() -> Self {
        let words = [
            ("ru", "[ссылка удалена]"),
            ("uk", "[посилання видалено]"),
            ("fr", "[lien supprimé]"),
            ("en", "[link removed]"),
        ];
        Self { words: words.into_iter().map(|(l, w)| (l.to_owned(), w.to_owned())).collect() }
    }
}

impl StripWords {
    /// Sets the words of a language (`uk`), which may be new.
    pub fn set(&mut self, language: &str, words: &str) {
        self.words.insert(language.to_ascii_lowercase(), words.to_owned());
    }

    /// The words for a text: of the first expected language (BCP 47) that has some, else of the
    /// language that its letters suggest, else English.
    #[must_use]
    pub fn words(&self, languages: &[String], text: &str) -> &str {
        let expected = languages.iter().filter_map(|tag| self.words.get(&primary(tag)));
        let found =
            expected.chain(self.words.get(guessed(text))).chain(self.words.get("en")).next();
        found.map_or("[link removed]", String::as_str)
    }
}

/// The language of the writer among those that it can be addressed in: the first expected one (BCP 47)
/// of the script that the text is written in, the one that its letters suggest where none is.
#[must_use]
pub fn writers<'a>(known: &[&'a str], expected: &[String], text: &str) -> Option<&'a str> {
    let guess = guessed(text);
    let at = |language: &str| known.iter().copied().find(|known| *known == language);
    let tags: Vec<&str> = expected.iter().filter_map(|tag| at(&primary(tag))).collect();
    let same_script = |language: &&str| is_cyrillic(language) == is_cyrillic(guess);
    let certain = (guess == "uk" && tags.contains(&"uk")).then_some("uk");
    certain
        .and_then(at)
        .or_else(|| tags.into_iter().find(same_script))
        .or_else(|| at(guess))
        .or_else(|| at("en"))
}

/// Ukrainian by its own letters, else Russian by Cyrillic ones, else English.
fn guessed(text: &str) -> &'static str {
    let any = |test: fn(char) -> bool| text.chars().any(test);
    if any(|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ')) {
        "uk"
    } else if any(|c| ('\u{400}'..='\u{4ff}').contains(&c)) {
        "ru"
    } else {
        "en"
    }
}

fn is_cyrillic(language: &str) -> bool {
    matches!(language, "ru" | "uk")
}

fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(languages: &[&str]) -> Vec<String> {
        languages.iter().map(|language| (*language).to_owned()).collect()
    }

    #[test]
    fn strip_words_follow_the_language() {
        let words = StripWords::default();
        let check = |languages: &[&str], text: &str, expected: &str| {
            assert_eq!(words.words(&tags(languages), text), expected);
        };
        check(&["fr-CA", "ru"], "привет", "[lien supprimé]");
        check(&["de", "uk_UA"], "", "[посилання видалено]");
        check(&["de"], "hallo", "[link removed]");
        check(&[], "привет", "[ссылка удалена]");
    }

    #[test]
    fn a_writer_is_addressed_in_its_script() {
        let known = ["ru", "uk", "en", "fr"];
        let check = |expected: &[&str], text: &str, language: &str| {
            assert_eq!(writers(&known, &tags(expected), text), Some(language), "{text}");
        };
        check(&["ru", "uk", "en", "fr"], "мой номер", "ru");
        check(&["ru", "uk", "en", "fr"], "мій номер", "uk");
        check(&["ru", "uk", "en", "fr"], "my number", "en");
        check(&["ru", "fr"], "mon numéro", "fr");
        check(&["ru"], "my number", "en");
        check(&["uk"], "мой номер", "uk");
        check(&[], "мой номер", "ru");
        check(&["de"], "meine Nummer", "en");
    }
}
