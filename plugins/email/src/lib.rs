//! E-mail addresses in a text, plain or disguised. Knows how people write and hide them; what becomes
//! of one is the host's policy.

use parlour_guest::mailbox::{Address, across, detect, detect_all};
use parlour_guest::scan::{drawn_together, merge};
use parlour_guest::spelling::lowered;
use parlour_guest::{Context, Finding, Fold, Folded, Json, Message, Plugin, Span};

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
                Ok(Self { allowed: allowed.iter().map(|d| lowered(d)).collect() })
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
        let mut found = detect_all(&folded);
        if folded.counts().spread > 0
            && let Some(joined) = drawn_together(&folded)
        {
            let mut again = detect_all(&joined);
            again.iter_mut().for_each(|a| a.signs = a.signs.saturating_add(1));
            merge(&mut found, again, |a| a.span);
        }
        if found.is_empty() {
            found = over_lines(&message.text, &folded);
        }
        if found.len() < 2
            && let Some((address, parts)) = across(&folded, &context.history, fold)
            && found.first().is_none_or(|whole| is_a_part(&parts, whole.span))
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

/// Whether the newest message's part of an address lies within what looked like one of its own, behind
/// words that are no name.
fn is_a_part(parts: &[(u32, Span)], whole: Span) -> bool {
    let part = parts.iter().find(|(message, _)| *message == 0).map(|(_, part)| part);
    part.is_some_and(|part| part.start > whole.start && part.end >= whole.end)
}

/// Addresses of which each piece stands on a line of its own, in a short text.
fn over_lines(original: &str, folded: &Folded) -> Vec<Address> {
    const TOKENS: usize = 64;
    let tokens = folded.kinds().len();
    if tokens > TOKENS || folded.text.trim_ascii().bytes().all(|b| b != b'\n') {
        return Vec::new();
    }
    let text = folded.text.replace('\n', " ");
    let map = (0..=text.len()).map(|i| folded.at(i)).collect();
    let mut found = detect(&Folded::spelled(text, map));
    // A dog may have a line of its own; a name in Latin letters before it is that of an address.
    let latin =
        |a: &Address| original.as_bytes().get(a.span.start as usize).is_some_and(u8::is_ascii);
    found.retain(|a| a.signs > 1 && a.rule == "disguised" && latin(a));
    found
}

parlour_guest::export!(crate::Email);

#[cfg(test)]
mod tests {
    use super::across;
    use parlour_guest::pieces::told;

    #[test]
    fn addresses_told_over_messages() {
        for (messages, expected) in [
            (&["ivan.petrov", "ок", "потом @gmail.com"][..], &["ivan.petrov", "@gmail.com"][..]),
            (&["почта на gmail", "имя ivan.petrov"], &["gmail", "ivan.petrov"]),
            (&["до собаки: dasha2001", "после: yandex.ru"], &["dasha2001", "yandex.ru"]),
            (&["noah.", "drums@", "icloud", ".com"], &["noah.", "drums@", "icloud", ".com"]),
            (
                &["имейл kras", "ka.stena", "собака list ру"],
                &["kras", "ka.stena", "собака list ру"],
            ),
            (&["info", "@", "oak-shop", ".ru"], &["info", "@", "oak-shop", ".ru"]),
            (&["orders@oak", "cakes.shop"], &["orders@oak", "cakes.shop"]),
            (&["hello", "at", "oakdecor dot com"], &["hello", "at", "oakdecor dot com"]),
            (&["anna_k", "собака", "mail точка ru"], &["anna_k", "собака", "mail точка ru"]),
        ] {
            assert_eq!(told(messages, across), expected);
        }
        for messages in [
            &["user_name", "I'm at the door.In a blue coat"][..],
            &["call at", "free"],
            &["мой логин в стим ivan99", "у тебя mail.ru?"],
            &["report_2024.pdf", "@gmail"],
            &["insta", "@anna.design"],
        ] {
            assert_eq!(told(messages, across), [""; 0], "{messages:?}");
        }
    }
}
