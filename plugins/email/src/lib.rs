//! E-mail addresses in a text, plain or disguised. Knows how people write and hide them; what becomes
//! of one is the host's policy.

use parlour_guest::mailbox::{Address, across, detect};
use parlour_guest::scan::drawn_together;
use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin};

/// The plugin: domains whose addresses stay, lower case.
pub struct Email {
    allowed: Vec<String>,
}

impl Plugin for Email {
    const ID: &'static str = "email";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["allowed_domains"]);
        match settings.texts("allowed_domains") {
            Ok(allowed) if errors.is_empty() => {
                Ok(Self { allowed: allowed.iter().map(|d| d.to_lowercase()).collect() })
            }
            Ok(_) => Err(errors),
            Err(sentence) => {
                errors.push(sentence);
                Err(errors)
            }
        }
    }

    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        let folded = fold(&message.text);
        let mut found = detect(&folded);
        if folded.counts().spread > 0
            && let Some(joined) = drawn_together(&folded)
        {
            for mut address in detect(&joined) {
                address.signs = address.signs.saturating_add(1);
                let span = address.span;
                let covers = |a: &Address| span.start < a.span.end && a.span.start < span.end;
                let wider = |a: &Address| span.end - span.start > a.span.end - a.span.start;
                if found.iter().filter(|a| covers(a)).all(wider) {
                    found.retain(|a| !covers(a));
                    found.push(address);
                }
            }
        }
        if found.is_empty()
            && let Some((address, parts)) = across(&message.text, &folded, &context.history, fold)
            && !self.allowed.contains(&address.domain)
        {
            let mut finding = Finding::here("email", "split", address.span, 90);
            finding.spans = parts;
            return Ok(vec![finding]);
        }
        Ok(found
            .into_iter()
            .filter(|a| a.signs > 0 || !self.allowed.contains(&a.domain))
            .map(|a| Finding::here("email", a.rule, a.span, if a.signs > 0 { 92 } else { 99 }))
            .collect())
    }
}

parlour_guest::export!(crate::Email);
