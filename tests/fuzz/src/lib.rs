//! What holds for every plugin and for the fold, whatever is sent. Knows no plugin: each target brings
//! its own.
//!
//! An input is UTF-8, repaired where it is not. Record separators (U+001E) part the message from the
//! earlier messages of the same conversation, newest first; one that begins with `<` is somebody else's.

use std::fmt::Write as _;

use parlour_guest::{
    Context, Earlier, FINDINGS_MAX, Finding, Folded, Json, Message, Plugin, SPANS_MAX, bounded,
};
use parlour_trial::fold;

/// What the host believes of one string of an answer; more is a fault of the plugin.
const STRING_MAX_BYTES: usize = 256;

/// What the host shows of the past.
const HISTORY_MAX: usize = 20;
const HISTORY_MAX_BYTES: usize = 8 << 10;

/// The longest message that is moderated.
const TEXT_MAX_BYTES: usize = 16 << 10;

/// Processor time for one check of the longest message, about a hundred times what it takes. A detector
/// whose time grows with the square of the length needs more.
const CHECK_MAX_MS: i64 = 1_000;

/// Categories that every plugin may use.
const COMMON: [&str; 9] =
    ["phone", "email", "link", "messenger", "social", "profanity", "threat", "insult", "spam"];

/// A plugin as it is configured for fuzzing, and the categories that it may use.
pub struct Target<P> {
    plugin: P,
    categories: Vec<String>,
}

impl<P: Plugin> Target<P> {
    /// Configures the plugin.
    ///
    /// # Errors
    /// What the plugin says about a configuration that it does not take.
    ///
    /// # Panics
    /// When the configuration or the manifest is not JSON.
    pub fn new(settings: &str) -> Result<Self, Vec<String>> {
        let settings = Json::read(settings).expect("the configuration is JSON");
        let plugin = P::configure(&settings)?;
        let manifest: serde_json::Value =
            serde_json::from_str(P::MANIFEST).expect("the manifest is JSON");
        let own = manifest["categories"].as_array().into_iter().flatten();
        let categories = own.filter_map(|word| Some(word.as_str()?.to_owned())).collect();
        Ok(Self { plugin, categories })
    }

    /// Asks about an input: as it is, and, for some inputs, repeated to the longest message.
    ///
    /// # Panics
    /// When the answer breaks a law.
    pub fn ask(&self, data: &[u8]) {
        let input = String::from_utf8_lossy(data);
        let mut parts = input.split('\u{1e}');
        let text = cut(parts.next().unwrap_or_default(), TEXT_MAX_BYTES);
        let mut bytes = 0;
        let history: Vec<Earlier> = (1u32..)
            .zip(parts)
            .take(HISTORY_MAX)
            .map(|(n, part)| Earlier {
                id: n.to_string(),
                age_seconds: n * 7,
                same_sender: !part.starts_with('<'),
                text: part.to_owned(),
            })
            .take_while(|earlier| {
                bytes += earlier.text.len();
                bytes <= HISTORY_MAX_BYTES
            })
            .collect();
        let context = Context { history, ..Context::default() };
        self.judge(text, &context);
        let sum = data.iter().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte));
        if sum.is_multiple_of(128) && !text.is_empty() {
            self.judge(&text.repeat(TEXT_MAX_BYTES / text.len()), &context);
        }
    }

    fn judge(&self, text: &str, context: &Context) {
        let message = Message { text: text.to_owned(), ..Message::default() };
        let began = processor_ms();
        let found = self.plugin.check(&message, context, fold).expect("a message can be judged");
        let took = processor_ms() - began;
        assert!(took <= CHECK_MAX_MS, "{} bytes took {took} ms", text.len());
        let again = self.plugin.check(&message, context, fold);
        assert!(again.is_ok_and(|again| again == found), "the same question got another answer");
        self.believe(&bounded(found), text, context);
    }

    /// What the host checks of an answer, and calls a fault otherwise.
    fn believe(&self, found: &[Finding], text: &str, context: &Context) {
        let spans: usize = found.iter().map(|finding| finding.spans.len()).sum();
        assert!(found.len() <= FINDINGS_MAX, "{} findings", found.len());
        assert!(spans <= SPANS_MAX, "{spans} spans");
        for finding in found {
            let common = COMMON.contains(&finding.category.as_str());
            assert!(common || self.categories.contains(&finding.category), "{finding:?}");
            assert!(!finding.rule.is_empty() && finding.confidence <= 100, "{finding:?}");
            let extra = finding.extra.iter().flat_map(|(key, value)| [key, value]);
            for string in extra.chain([&finding.rule]) {
                assert!(string.len() <= STRING_MAX_BYTES, "{finding:?}");
            }
            for (of, span) in &finding.spans {
                let about = match *of as usize {
                    0 => Some(text),
                    n => context.history.get(n - 1).map(|earlier| earlier.text.as_str()),
                };
                let part = about.and_then(|t| t.get(span.start as usize..span.end as usize));
                assert!(part.is_some_and(|part| !part.is_empty()), "{finding:?}");
            }
        }
    }
}

/// The laws of the fold.
///
/// # Panics
/// When one is broken.
pub fn laws_of_the_fold(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let began = processor_ms();
    let folded = fold(&text);
    let took = processor_ms() - began;
    assert!(took <= CHECK_MAX_MS, "{} bytes took {took} ms", text.len());
    assert_eq!(folded, fold(&text), "the same text got another view");
    let (length, end) = (text.len(), folded.text.len());
    let place = |at: usize| folded.at(at) as usize;
    assert_eq!(place(end), length);
    assert_eq!(place(end + 1), length);
    assert!((0..end).all(|at| place(at) <= place(at + 1) && text.is_char_boundary(place(at))));
    for at in 1..end {
        let within = !folded.text.is_char_boundary(at);
        assert!(!within || place(at) == place(at - 1), "a character of two origins");
    }
    // No character's compatibility form is longer than eighteen letters.
    assert!(end <= 64 * length, "{end} of {length}");
    covered(&folded, &text);
}

/// Tokens cover the text, and each leads back to a piece of the original.
fn covered(folded: &Folded, text: &str) {
    let mut end = 0;
    for (n, token) in folded.tokens().iter().enumerate() {
        assert_eq!(token.start, end, "a gap before a token");
        assert!(!token.text.is_empty());
        end = token.end;
        let span = folded.original(token.start, token.end);
        let part = text.get(span.start as usize..span.end as usize);
        assert!(part.is_some_and(|part| !part.is_empty()), "{token:?} is nothing");
        let _ = (folded.script(n), folded.signs(token.start, token.end));
        assert!((50..=100).contains(&folded.surer(50, token.start, token.end)));
    }
    assert_eq!(end, folded.text.len());
    for at in 0..=end {
        assert!(folded.digit(at).is_none_or(|digit| digit < 10));
    }
}

fn cut(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or_default()
}

fn processor_ms() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
}

/// An input of this crate's form, for seeds.
#[must_use]
pub fn input(text: &str, history: &[(String, bool)]) -> String {
    let mut out = text.to_owned();
    for (earlier, same_sender) in history {
        let _ = write!(out, "\u{1e}{}{earlier}", if *same_sender { "" } else { "<" });
    }
    out
}
