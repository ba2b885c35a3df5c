//! Labelled messages made from templates and tricks: what people write to pass a filter, in four
//! languages, and what honest people write. Spans and categories are known because they are put there. The
//! same seed gives the same messages on every machine. Knows no plugin.

mod handle;
mod innocent;
mod mail;
mod number;
mod numerals;
mod phrases;
mod prng;
mod profane;
mod split;
mod tricks;

use std::ops::Range;

use super::case::{CaseSet, Label, LabelledCase, Past};
use prng::Prng;

const LANGS: [&str; 4] = ["ru", "uk", "en", "fr"];

/// One of the four languages.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Lang(usize);

impl Lang {
    const ENGLISH: Self = Self(2);

    fn of<T: Copy>(self, list: [T; 4]) -> T {
        list[self.0]
    }
}

/// A message that is being made.
struct Draft {
    level: &'static str,
    text: String,
    labels: Vec<Label>,
    history: Vec<Past>,
}

impl Draft {
    /// A message with one thing in the place of `%` in a phrase.
    fn with(level: &'static str, category: &str, phrase: &str, what: &str) -> Self {
        let (text, span) = filled(phrase, what);
        let label = Label { category: category.to_owned(), message: 0, span: Some(span) };
        Self { level, text, labels: vec![label], history: Vec::new() }
    }
}

/// Puts `what` in the place of the first `%`.
fn filled(phrase: &str, what: &str) -> (String, Range<usize>) {
    let (before, after) = phrase.split_once('%').unwrap_or((phrase, ""));
    (format!("{before}{what}{after}"), before.len()..before.len() + what.len())
}

/// Makes that many messages. The set is called `generated-COUNT-SEED`; a shorter one of the same seed is
/// its beginning.
#[must_use]
pub fn generate(count: u32, seed: u64) -> CaseSet {
    let cases = (0..u64::from(count)).map(|index| case(seed, index));
    CaseSet { name: format!("generated-{count}-{seed}"), cases: cases.collect() }
}

fn case(seed: u64, index: u64) -> LabelledCase {
    let mut rng = Prng::of(seed, index);
    let lang = Lang(rng.below(LANGS.len()));
    let draft = match rng.below(100) {
        0..24 => number::draft(&mut rng, lang),
        24..36 => mail::email(&mut rng, lang),
        36..46 => mail::link(&mut rng, lang),
        46..58 => handle::draft(&mut rng, lang),
        58..66 => profane::draft(&mut rng, lang),
        66..72 => split::draft(&mut rng, lang),
        _ => innocent::draft(&mut rng, lang),
    };
    LabelledCase {
        place: format!("generated {seed}:{index}"),
        text: draft.text,
        lang: lang.of(LANGS).to_owned(),
        level: draft.level.to_owned(),
        labels: draft.labels,
        history: draft.history,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// FNV-1a over everything that is made.
    fn digest(set: &CaseSet) -> u64 {
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |text: &str| {
            for byte in text.bytes().chain([0]) {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for case in &set.cases {
            add(&case.text);
            add(&case.level);
            case.labels
                .iter()
                .for_each(|l| add(&format!("{} {} {:?}", l.category, l.message, l.span)));
            case.history
                .iter()
                .for_each(|past| add(&format!("{} {}", past.text, past.age_seconds)));
        }
        sum
    }

    #[test]
    fn a_seed_gives_the_same_messages_everywhere() {
        assert_eq!(digest(&generate(500, 1)), 15_403_917_201_433_366_688);
        assert_ne!(digest(&generate(500, 1)), digest(&generate(500, 2)));
        assert_eq!(generate(50, 7).cases[..], generate(60, 7).cases[..50]);
    }

    #[test]
    fn spans_lie_in_their_texts() {
        let set = generate(5000, 3);
        let mut groups: BTreeMap<(String, String), u32> = BTreeMap::new();
        for case in &set.cases {
            for label in &case.labels {
                let text = case.text_of(label.message).expect("a message");
                let part = label.span.clone().and_then(|span| text.get(span)).unwrap_or_default();
                assert!(!part.trim().is_empty(), "{case:?}");
                assert!(part == part.trim(), "{case:?}");
                *groups.entry((label.category.clone(), case.level.clone())).or_default() += 1;
            }
            assert_eq!(case.labels.is_empty(), case.level == "innocent", "{case:?}");
            assert!(!case.text.contains('%') || case.level == "innocent", "{case:?}");
        }
        for (category, level) in [
            ("phone", "plain"),
            ("phone", "obfuscated"),
            ("phone", "words"),
            ("phone", "split"),
            ("email", "plain"),
            ("email", "obfuscated"),
            ("email", "split"),
            ("link", "plain"),
            ("link", "obfuscated"),
            ("messenger", "plain"),
            ("messenger", "obfuscated"),
            ("social", "plain"),
            ("social", "obfuscated"),
            ("profanity", "plain"),
            ("profanity", "distorted"),
        ] {
            let count = groups.get(&(category.to_owned(), level.to_owned())).copied();
            assert!(count.is_some_and(|count| count >= 20), "{category} {level}: {count:?}");
        }
    }
}
