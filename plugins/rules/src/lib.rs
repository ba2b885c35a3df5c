//! The administrator's own rules: words, phrases and patterns, each rule with its category, and what is
//! allowed in spite of them. Knows what was configured and nothing else; without a configuration it
//! reads no text at all.

mod pattern;
mod settings;
mod spelling;
mod words;

use parlour_guest::scan::drawn_together;
use parlour_guest::{Context, Finding, Fold, Folded, Json, Message, Plugin};

use crate::settings::{EVERY_RULE, Rules as Settings};
use crate::spelling::respelled;
use crate::words::words;

/// The categories that rules may have; the first is that of rules that name none. The manifest lists
/// the same, because the host believes no other.
const CATEGORIES: &[&str] = &[
    "rule",
    "phone",
    "email",
    "link",
    "messenger",
    "social",
    "profanity",
    "threat",
    "insult",
    "spam",
    "advertising",
    "adult",
    "competitor",
    "forbidden-goods",
    "off-platform",
    "off-topic",
    "personal-data",
    "politics",
    "scam",
    "self-harm",
    "custom-1",
    "custom-2",
    "custom-3",
    "custom-4",
    "custom-5",
];

/// The plugin.
pub struct Rules {
    settings: Settings,
}

impl Plugin for Rules {
    const ID: &'static str = "rules";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        Ok(Self { settings: Settings::read(settings)? })
    }

    fn check(
        &self,
        message: &Message,
        _context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        if self.settings.rules.is_empty() {
            return Ok(Vec::new());
        }
        let folded = fold(&message.text);
        // Letters that are s p r e a d out are read twice: as they stand, and drawn together.
        let joined = drawn_together(&folded);
        let mut hits = self.hits(&folded, message);
        if let Some(joined) = joined {
            hits.extend(self.hits(&joined, message));
        }
        hits.sort_unstable_by_key(|hit| (hit.start, hit.rule, std::cmp::Reverse(hit.end)));
        Ok(self.findings(&hits))
    }
}

/// A place in the message and the number of the rule that found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hit {
    rule: u32,
    start: u32,
    end: u32,
}

impl Rules {
    /// What the rules for the message's languages find in one view of it.
    fn hits(&self, folded: &Folded, message: &Message) -> Vec<Hit> {
        let settings = &self.settings;
        let text = respelled(&folded.text);
        let words = words(&text);
        let mut found: Vec<(u32, usize, usize)> = Vec::new();
        settings.phrases.find(&words, |rule, start, end| found.push((rule, start, end)));
        for (rule, pattern) in &settings.patterns {
            found.extend(pattern.matches(&text).into_iter().map(|(s, e)| (*rule, s, e)));
        }
        if found.is_empty() {
            return Vec::new();
        }
        let speaks: Vec<bool> =
            settings.rules.iter().map(|rule| is_for(&rule.languages, message)).collect();
        let mut allowed: Vec<(u32, usize, usize)> = Vec::new();
        settings.allow.find(&words, |rule, start, end| allowed.push((rule, start, end)));
        let allowed = Allowed::of(allowed);
        found
            .into_iter()
            .filter(|(rule, ..)| speaks.get(*rule as usize) == Some(&true))
            .filter(|(rule, start, end)| !allowed.covers(*rule, *start, *end))
            .map(|(rule, start, end)| {
                let span = folded.original(start, end);
                Hit { rule, start: span.start, end: span.end }
            })
            .filter(|hit| hit.start < hit.end)
            .collect()
    }

    /// One finding for each place, without those within another of the same rule.
    fn findings(&self, hits: &[Hit]) -> Vec<Finding> {
        let mut reached = vec![0u32; self.settings.rules.len()];
        let mut findings = Vec::new();
        for hit in hits {
            let number = hit.rule as usize;
            let (Some(rule), Some(end)) =
                (self.settings.rules.get(number), reached.get_mut(number))
            else {
                continue;
            };
            if hit.end <= *end {
                continue;
            }
            *end = hit.end;
            let span = parlour_guest::Span { start: hit.start, end: hit.end };
            let mut finding = Finding::here(&rule.category, &rule.name, span, rule.confidence);
            finding.severity = rule.severity;
            finding.suggested = rule.action;
            findings.push(finding);
        }
        findings
    }
}

/// Whether a rule for these languages looks at a message. One whose language nobody knows is looked at
/// by every rule.
fn is_for(languages: &[String], message: &Message) -> bool {
    let primary = |tag: &String| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    languages.is_empty()
        || message.languages.is_empty()
        || message.languages.iter().any(|tag| languages.contains(&primary(tag)))
}

/// Places that rules let pass, by rule and beginning.
struct Allowed(Vec<(u32, usize, usize)>);

impl Allowed {
    /// Of those of one rule each reaches further than the one before, so that the last that begins
    /// early enough covers what any of them does.
    fn of(mut places: Vec<(u32, usize, usize)>) -> Self {
        places.sort_unstable();
        let mut kept: Vec<(u32, usize, usize)> = Vec::with_capacity(places.len());
        for place in places {
            match kept.last() {
                Some(last) if last.0 == place.0 && last.2 >= place.2 => {}
                _ => kept.push(place),
            }
        }
        Self(kept)
    }

    fn covers(&self, rule: u32, start: usize, end: usize) -> bool {
        [rule, EVERY_RULE].into_iter().any(|of| {
            let after = self.0.partition_point(|place| (place.0, place.1) <= (of, start));
            let last = after.checked_sub(1).and_then(|n| self.0.get(n));
            last.is_some_and(|place| place.0 == of && place.2 >= end)
        })
    }
}

parlour_guest::export!(crate::Rules);

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
