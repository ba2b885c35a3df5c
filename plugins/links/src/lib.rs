//! Links in a text: written out, bare, or disguised. Knows what a host looks like and which hosts the
//! conversation allows; what becomes of a link is the host's policy.

mod bare;
mod detect;

pub use detect::{Link, detect};
use parlour_guest::scan::drawn_together;
use parlour_guest::{Action, Context, Finding, Fold, Json, Message, Plugin};

/// The plugin: hosts that the administrator allows beside the conversation's.
pub struct Links {
    allowed: Vec<String>,
}

impl Plugin for Links {
    const ID: &'static str = "links";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors: Vec<String> = settings
            .keys()
            .filter(|key| *key != "allowed_hosts")
            .map(|key| format!("{key}: unknown key; known: allowed_hosts"))
            .collect();
        match settings.texts("allowed_hosts") {
            Ok(allowed) if errors.is_empty() => Ok(Self { allowed }),
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
        let mut found = detect(&message.text, &folded);
        if let Some(joined) = drawn_together(&folded) {
            for mut link in detect(&message.text, &joined) {
                link.disguised = true;
                let covers =
                    |l: &Link| link.span.start < l.span.end && l.span.start < link.span.end;
                let wider = |l: &Link| link.span.end - link.span.start > l.span.end - l.span.start;
                if found.iter().filter(|l| covers(l)).all(wider) {
                    found.retain(|l| !covers(l));
                    found.push(link);
                }
            }
        }
        let allowed = context.conversation.allowed_hosts.iter().chain(&self.allowed);
        let allowed: Vec<String> = allowed.map(|h| h.to_lowercase()).collect();
        Ok(found
            .into_iter()
            .filter(|link| !allowed.iter().any(|host| within(&link.host, host)))
            .map(|link| {
                let confidence = if link.disguised { 90 } else { 97 };
                let mut finding = Finding::here("link", link.rule, link.span, confidence);
                finding.suggested = Action::Strip;
                finding.extra.push(("host".to_owned(), link.host.chars().take(100).collect()));
                finding
            })
            .collect())
    }
}

/// Whether a host is the allowed one or lies below it.
fn within(host: &str, allowed: &str) -> bool {
    let allowed = allowed.trim_start_matches("*.").trim_matches('.');
    let host = host.trim_end_matches('.');
    !allowed.is_empty()
        && host
            .strip_suffix(allowed)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

parlour_guest::export!(crate::Links);

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn an_allowed_host_covers_what_lies_below_it_and_nothing_beside_it() {
        let cases = [
            ("shop.example", "shop.example", true),
            ("www.shop.example", "shop.example", true),
            ("www.shop.example", "*.shop.example", true),
            ("evilshop.example", "shop.example", false),
            ("shop.example.evil.com", "shop.example", false),
            ("example", "shop.example", false),
            ("shop.example", "", false),
        ];
        for (host, allowed, expected) in cases {
            assert_eq!(within(host, allowed), expected, "{host} {allowed}");
        }
    }
}
