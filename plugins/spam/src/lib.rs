//! Spam: the same again and again, within one message or over several of one sender, bursts of links,
//! and advertising blasts. Knows how honest people repeat themselves; what becomes of spam is the host's
//! policy. A finding is about the whole message.

mod blast;
mod history;
mod links;
mod reading;
mod settings;
mod within;

use parlour_guest::{Action, Context, Earlier, Finding, Fold, Json, Message, Plugin, Severity};
pub use settings::Thresholds;

use crate::links::Links;
use crate::reading::Reading;

/// The plugin.
pub struct Spam {
    thresholds: Thresholds,
}

/// Why a message looks like spam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    rule: &'static str,
    confidence: u8,
    /// Worth a note and nothing more.
    hint: bool,
}

impl Sign {
    #[must_use]
    fn new(rule: &'static str, confidence: u8) -> Self {
        Self { rule, confidence, hint: false }
    }
}

impl Plugin for Spam {
    const ID: &'static str = "spam";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        Ok(Self { thresholds: Thresholds::read(settings)? })
    }

    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        Ok(self.strongest(message, context, fold).map(finding).into_iter().collect())
    }
}

impl Spam {
    fn strongest(&self, message: &Message, context: &Context, fold: Fold) -> Option<Sign> {
        let thresholds = &self.thresholds;
        let allowed = &context.conversation.allowed_hosts;
        // An edited message is no copy of itself.
        let own = |e: &&Earlier| e.same_sender && (message.id.is_empty() || e.id != message.id);
        let own: Vec<&Earlier> = context.history.iter().filter(own).collect();
        let mut reading = Reading::of(&message.text, fold, !own.is_empty());
        if own.is_empty() && within::may_be_glued(&reading) {
            reading = Reading::of(&message.text, fold, true);
        }
        let links = if reading.full_stops > 0 && reading.may_link {
            Links::of(&message.text, allowed)
        } else {
            Links::default()
        };
        let has_link = !links.all.is_empty();
        let blast = || {
            (thresholds.advertising && blast::is_candidate(&reading, has_link))
                .then(|| blast::advertising(&reading, &fold(&message.text), has_link))
                .flatten()
        };
        [
            within::repetition(&reading, thresholds),
            links::burst(&links, &own, allowed, thresholds),
            history::repetition(&reading, &own, thresholds, fold),
            blast(),
        ]
        .into_iter()
        .flatten()
        .max_by_key(|sign| sign.confidence)
    }
}

fn finding(sign: Sign) -> Finding {
    let (severity, suggested) = match sign {
        Sign { hint: true, .. } => (Severity::Low, Action::Annotate),
        Sign { confidence: 80.., .. } => (Severity::High, Action::Reject),
        _ => (Severity::Medium, Action::Hold),
    };
    Finding {
        category: "spam".to_owned(),
        rule: sign.rule.to_owned(),
        spans: Vec::new(),
        severity,
        confidence: sign.confidence,
        suggested,
        extra: Vec::new(),
    }
}

parlour_guest::export!(crate::Spam);

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
