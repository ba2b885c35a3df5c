//! Threats and insults in a text: promises of violence, exposure and arson, and abuse of the one who is
//! spoken to. Knows phrases of four languages and the company that makes them harmless; what becomes of
//! them is the host's policy.

mod detect;
mod phrases;
mod rests;
mod table;
mod text;
mod unbend;
mod words;

pub use detect::{Abuse, Words, detect};
use parlour_guest::{Action, Context, Finding, Fold, Json, Message, Plugin, Severity};

/// The plugin: words that the administrator adds and words that he lets pass.
pub struct Threats {
    words: Words,
}

impl Plugin for Threats {
    const ID: &'static str = "threats";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["words", "allow"]);
        let extra = settings.words("words", &mut errors);
        let allow = settings.words("allow", &mut errors);
        if errors.is_empty() { Ok(Self { words: Words { extra, allow } }) } else { Err(errors) }
    }

    fn check(
        &self,
        message: &Message,
        _context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        let folded = fold(&message.text);
        Ok(detect(&folded, &self.words)
            .into_iter()
            .map(|abuse| {
                let category = if abuse.threat { "threat" } else { "insult" };
                let mut finding = Finding::here(category, abuse.rule, abuse.span, abuse.confidence);
                finding.severity = Severity::of(abuse.severity);
                finding.suggested = if abuse.threat { Action::Hold } else { Action::Annotate };
                finding
            })
            .collect())
    }
}

parlour_guest::export!(crate::Threats);
