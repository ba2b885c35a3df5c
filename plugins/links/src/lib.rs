//! Links in a text: written out, bare, or disguised. Knows what a host looks like and which hosts the
//! conversation allows; what becomes of a link is the host's policy.

mod address;
mod bare;
mod detect;
mod glance;
mod known;

pub use detect::{Link, detect};
use parlour_guest::host;
use parlour_guest::list::one_of;
use parlour_guest::mailbox::AT;
use parlour_guest::pieces::{self, Limits};
use parlour_guest::scan::{drawn_together, merge};
use parlour_guest::spelling::lowered;
use parlour_guest::{Action, Context, Earlier, Finding, Fold, Folded, Json, Message, Plugin, Span};

/// The plugin: hosts that the administrator allows beside the conversation's.
pub struct Links {
    allowed: Vec<String>,
}

impl Plugin for Links {
    const ID: &'static str = "links";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["allowed_hosts"]);
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
        let mut split = None;
        if folded.counts().spread > 0
            && let Some(joined) = drawn_together(&folded)
        {
            let mut again = detect(&message.text, &joined);
            again.iter_mut().for_each(|link| link.disguised = true);
            merge(&mut found, again, |link| link.span);
        }
        let alone = !context.history.iter().any(|earlier| earlier.same_sender);
        let history = if alone { &[] } else { context.history.as_slice() };
        if alone && found.is_empty() {
            return Ok(Vec::new());
        }
        if alone {
            // Nothing of the sender came before.
        } else if let Some(first) = found.first()
            && folded.at(0) == 0
            && first.span.start == folded.at(folded.text.len() - folded.text.trim_start().len())
            && history.iter().find(|e| e.same_sender).is_some_and(|e| ends_at(&fold(&e.text)))
        {
            // The domain of an address that an earlier message began.
            found.remove(0);
        } else if found.is_empty()
            && let Some((link, parts)) = across(&message.text, &folded, history, fold)
        {
            split = Some((link, parts));
        }
        let allowed = context.conversation.allowed_hosts.iter().chain(&self.allowed);
        let allowed: Vec<String> = allowed.map(|h| lowered(h)).collect();
        let outside = |link: &Link| !allowed.iter().any(|host| within(&link.host, host));
        let told = split.filter(|(link, _)| outside(link)).map(|(link, parts)| {
            let mut finding = report(&link);
            "split".clone_into(&mut finding.rule);
            finding.spans = parts;
            finding
        });
        Ok(found.iter().filter(|link| outside(link)).map(report).chain(told).collect())
    }
}

fn report(link: &Link) -> Finding {
    let confidence = if link.disguised { 90 } else { 97 };
    let mut finding = Finding::here("link", link.rule, link.span, confidence);
    finding.suggested = Action::Strip;
    finding.extra.push(("host".to_owned(), link.host.chars().take(100).collect()));
    finding
}

/// Messages whose pieces may be one link.
const PIECES: Limits = Limits { age: 10 * 60, bytes: 120, messages: 4 };

/// Words by which a message goes on with a name, or a message before it wants to.
const DOTS: &str = "точка dot point крапка тчк tochka нүкте slash слэш слеш дробь";

/// Whether a message ends with what stands for the `@` of an address.
fn ends_at(folded: &Folded) -> bool {
    let text = folded.text.trim_end();
    let last = text.rsplit(' ').next().unwrap_or_default();
    text.ends_with('@') || AT.contains(last) || host::find(last, "собака").is_some()
}

/// Letters and digits of the scripts at hand.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{c0}'..'\u{2000}').contains(&c)
}

/// A link that this message ends and an earlier one of the same sender began, with its parts in them.
fn across(
    text: &str,
    folded: &Folded,
    history: &[Earlier],
    fold: Fold,
) -> Option<(Link, Vec<(u32, Span)>)> {
    const TOKENS_MAX: usize = 16;
    if folded.kinds().len() > TOKENS_MAX {
        return None;
    }
    let goes_on = |t: &str| {
        let then = |w: &&str| one_of("потом puis then ну и затем далі потім et ah add", w);
        let led: usize = t.split(' ').take_while(then).map(|w| w.len() + 1).sum();
        let t = t.get(led..).unwrap_or_default();
        t.starts_with(['.', '/'])
            || DOTS.split(' ').any(|d| t.strip_prefix(d).is_some_and(|r| !r.starts_with(is_letter)))
    };
    let open = |t: &str| {
        let t = t.trim_end();
        t.ends_with(['.', '/']) || DOTS.split(' ').any(|d| t.ends_with(d)) || bare::named_beside(t)
    };
    let last = history.iter().find(|earlier| earlier.same_sender)?;
    if !goes_on(folded.text.trim_start()) && !open(&fold(&last.text).text) {
        return None;
    }
    let joined = pieces::join(text, folded, history, PIECES, fold)?;
    let newest = joined.newest();
    let link = detect(&joined.original, &joined.folded).into_iter().next_back()?;
    let parts = joined.parts(link.span)?;
    let label = link.host.split('.').next().unwrap_or_default();
    // A message that goes on with a dot may say more behind the name.
    let said = DOTS.split(' ').any(|d| joined.previous().ends_with(d));
    let behind = || joined.rest(link.span).split_whitespace().count();
    let whole =
        goes_on(newest) || said && behind() < 4 || !joined.rest(link.span).chars().any(is_letter);
    // A sentence that ends with a full stop, and a word after it, are a name only by its letters.
    let sound = bare::known(&link.host)
        || bare::named_beside(&link.host)
        || label.chars().count() >= 3 && (label.is_ascii() || goes_on(newest));
    (whole && sound).then_some((link, parts))
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
