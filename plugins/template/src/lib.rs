//! A moderation plugin to start from: it finds the words that the administrator lists.
//!
//! Copy this folder, give the package, `ID` and manifest names of your own, and change `check`. A plugin
//! is a pure function: it has no clock, no files, no network and no memory between messages. It reports
//! what it found and where; whether that is masked, held or refused is the host's policy.

use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin};

/// What `configure` makes of the administrator's settings.
pub struct Words {
    words: Vec<String>,
}

impl Plugin for Words {
    const ID: &'static str = "template";
    const VERSION: &'static str = "1.0.0";
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["words"]);
        let words = settings.texts("words").unwrap_or_else(|sentence| {
            errors.push(sentence);
            Vec::new()
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        let words = if words.is_empty() { vec!["bananaphone".to_owned()] } else { words };
        Ok(Self { words: words.iter().map(|w| w.to_lowercase()).collect() })
    }

    fn check(
        &self,
        message: &Message,
        _context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        // The folded text is lower case, without zero-width characters, with plain digits; its map
        // leads each place back to the original, which is what spans are about.
        let folded = fold(&message.text);
        let mut found = Vec::new();
        for word in self.words.iter().filter(|w| !w.is_empty()) {
            for (start, hit) in folded.text.match_indices(word.as_str()) {
                let span = folded.original(start, start + hit.len());
                found.push(Finding::here("template-word", "listed-word", span, 90));
            }
        }
        Ok(found)
    }
}

parlour_guest::export!(crate::Words);

#[cfg(test)]
mod tests {
    use parlour_guest::{Context, Folded, Json, Message, Plugin};

    use super::Words;

    fn lower(text: &str) -> Folded {
        Folded::plain(&text.to_ascii_lowercase())
    }

    #[track_caller]
    fn check(settings: &str, text: &str, expected: &[(u32, u32)]) {
        let settings = Json::read(settings).unwrap_or(Json::Null);
        let plugin = Words::configure(&settings).unwrap_or(Words { words: Vec::new() });
        let message = Message { text: text.to_owned(), ..Message::default() };
        let found = plugin.check(&message, &Context::default(), lower).unwrap_or_default();
        let spans: Vec<(u32, u32)> =
            found.iter().flat_map(|f| &f.spans).map(|(_, s)| (s.start, s.end)).collect();
        assert_eq!(spans, expected, "{text}");
    }

    #[test]
    fn listed_words_are_found_where_they_stand() {
        check("null", "call my BananaPhone", &[(8, 19)]);
        check("null", "nothing here", &[]);
        check(r#"{"words":["pear"]}"#, "a Pear, a pear", &[(2, 6), (10, 14)]);
    }

    #[test]
    fn an_unknown_key_is_named() {
        let settings = Json::read(r#"{"wrods":[]}"#).unwrap_or(Json::Null);
        assert!(Words::configure(&settings).is_err_and(|e| e.iter().any(|s| s.contains("wrods"))));
    }
}
