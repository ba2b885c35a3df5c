//! Obscene words in a text, plain or disguised. Knows words of four languages and how people bend
//! them; whether a word is masked or a message refused is the host's policy.

mod bent;
mod context;
mod detect;
mod latin;
mod masks;
mod roots;
mod sieve;
mod stems;

pub use detect::{Word, Words, detect};
use parlour_guest::{Action, Context, Finding, Fold, Json, Message, Plugin, Severity};

/// The plugin: words that the administrator adds and words that he lets pass.
pub struct Profanity {
    words: Words,
}

impl Plugin for Profanity {
    const ID: &'static str = "profanity";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["words", "allow", "mild"]);
        let extra = settings.words("words", &mut errors);
        let allow = settings.words("allow", &mut errors);
        let mild = match settings.get("mild") {
            None => true,
            Some(value) => value.truth().unwrap_or_else(|| {
                errors.push("mild: true or false is expected".to_owned());
                true
            }),
        };
        let words = Words { extra, allow, mild };
        if errors.is_empty() { Ok(Self { words }) } else { Err(errors) }
    }

    fn check(
        &self,
        message: &Message,
        _context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        let folded = fold(&message.text);
        Ok(detect(&folded, &message.text, &self.words)
            .into_iter()
            .map(|word| {
                let confidence = if word.disguised { 88 } else { 97 };
                let mut finding = Finding::here("profanity", word.rule, word.span, confidence);
                finding.severity = Severity::of(word.severity);
                finding.suggested = Action::Mask;
                finding
            })
            .collect())
    }
}

parlour_guest::export!(crate::Profanity);
