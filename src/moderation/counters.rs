//! What one plugin did so far, in numbers. Written by the threads that check, read by everybody.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::trouble::TroubleKind;
use crate::{domain::moderation::Finding, runtime::meters::Reading};

/// Upper bounds of the latency classes, in microseconds; a last class takes the rest.
const LATENCY_BOUNDS_US: [u64; 8] = [50, 100, 250, 500, 1_000, 5_000, 20_000, 100_000];
/// A plugin's own categories are bounded by its manifest, but generations may bring others.
const CATEGORIES_MAX: usize = 64;
/// Rules that are counted by themselves; the findings of all others are counted together.
const RULES_MAX: usize = 64;
const RULE_MAX_BYTES: usize = 64;
/// Stands for the rules beyond that, and for names that are none.
pub const OTHER_RULES: &str = "other";

/// Live counters of a plugin; they outlive its generations.
#[derive(Debug, Default)]
pub struct Counters {
    calls: AtomicU64,
    time_us: AtomicU64,
    time_max_us: AtomicU64,
    latency: [AtomicU64; LATENCY_BOUNDS_US.len() + 1],
    fuel: AtomicU64,
    fuel_max: AtomicU64,
    memory_peak: AtomicU64,
    skipped: AtomicU64,
    flagged: AtomicU64,
    failed: AtomicU64,
    words: Mutex<Words>,
}

#[derive(Debug, Default)]
struct Words {
    findings: BTreeMap<String, u64>,
    troubles: BTreeMap<&'static str, u64>,
    rules: BTreeMap<String, BTreeMap<&'static str, u64>>,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub calls: u64,
    /// Microseconds of all calls together.
    pub time_us: u64,
    pub time_max_us: u64,
    /// Calls by how long they took: (upper bound in microseconds, calls up to it); `u64::MAX` last.
    pub latency: Vec<(u64, u64)>,
    pub fuel: u64,
    pub fuel_max: u64,
    /// The most memory that one call had, in bytes.
    pub memory_peak: u64,
    /// Messages that were not shown to the plugin because it was resting after faults.
    pub skipped: u64,
    /// Calls that found something.
    pub flagged: u64,
    /// Calls that came to no answer.
    pub failed: u64,
    pub findings: BTreeMap<String, u64>,
    pub troubles: BTreeMap<&'static str, u64>,
    /// Findings by rule and by what became of them: an action, `dry-run` or `allowed`.
    pub rules: BTreeMap<String, BTreeMap<&'static str, u64>>,
}

impl Tally {
    /// How long the calls took, in microseconds.
    #[must_use]
    pub fn times_us(&self) -> Reading {
        Reading {
            bounds: LATENCY_BOUNDS_US.to_vec(),
            counts: self.latency.iter().map(|(_, count)| *count).collect(),
            sum: self.time_us,
        }
    }
}

impl Counters {
    pub fn call(&self, time_us: u64, fuel: u64, memory_peak: usize) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.time_us.fetch_add(time_us, Ordering::Relaxed);
        self.time_max_us.fetch_max(time_us, Ordering::Relaxed);
        let class = LATENCY_BOUNDS_US.partition_point(|bound| *bound < time_us);
        if let Some(count) = self.latency.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.fuel.fetch_add(fuel, Ordering::Relaxed);
        self.fuel_max.fetch_max(fuel, Ordering::Relaxed);
        let peak = u64::try_from(memory_peak).unwrap_or(u64::MAX);
        self.memory_peak.fetch_max(peak, Ordering::Relaxed);
    }

    pub fn skipped(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    pub fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub fn findings(&self, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        self.flagged.fetch_add(1, Ordering::Relaxed);
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        for finding in findings {
            if let Some(count) = words.findings.get_mut(&finding.category) {
                *count = count.saturating_add(1);
            } else if words.findings.len() < CATEGORIES_MAX {
                words.findings.insert(finding.category.clone(), 1);
            }
        }
    }

    /// The policy decided about a finding.
    pub fn decided(&self, finding: &Finding) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let known = words.rules.contains_key(&finding.rule);
        let own = known || (words.rules.len() < RULES_MAX && is_rule(&finding.rule));
        let rule = if own { finding.rule.as_str() } else { OTHER_RULES };
        let outcomes = words.rules.entry(rule.to_owned()).or_default();
        let count = outcomes.entry(finding.outcome()).or_default();
        *count = count.saturating_add(1);
    }

    pub fn trouble(&self, kind: TroubleKind) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let count = words.troubles.entry(kind.word()).or_default();
        *count = count.saturating_add(1);
    }

    pub fn tally(&self) -> Tally {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let bounds = LATENCY_BOUNDS_US.into_iter().chain([u64::MAX]);
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Tally {
            calls: load(&self.calls),
            time_us: load(&self.time_us),
            time_max_us: load(&self.time_max_us),
            latency: bounds.zip(self.latency.iter().map(load)).collect(),
            fuel: load(&self.fuel),
            fuel_max: load(&self.fuel_max),
            memory_peak: load(&self.memory_peak),
            skipped: load(&self.skipped),
            flagged: load(&self.flagged),
            failed: load(&self.failed),
            findings: words.findings.clone(),
            troubles: words.troubles.clone(),
            rules: words.rules.clone(),
        }
    }
}

/// Whether a plugin's name for a rule may stand in the figures.
fn is_rule(name: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    !name.is_empty() && name.len() <= RULE_MAX_BYTES && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moderation::{Action, Mark, Treatment};

    fn finding(rule: &str, mark: Mark) -> Finding {
        Finding {
            plugin: "p".into(),
            plugin_version: "1.0.0".into(),
            plugin_sha: "0123456789ab".into(),
            generation: 1,
            category: "phone".into(),
            rule: rule.into(),
            spans: Vec::new(),
            severity: "high".into(),
            confidence: 90,
            suggested: Action::Mask,
            mark,
            treatment: Some(Treatment {
                action: Action::Mask,
                why: "moderation.room.phone".into(),
            }),
        }
    }

    #[test]
    fn findings_are_counted_by_rule_within_bounds() {
        let counters = Counters::default();
        for (rule, mark) in [
            ("plain", Mark::Counts),
            ("plain", Mark::DryRun),
            ("plain", Mark::Counts),
            ("words", Mark::Allowed),
            ("звони 8 916", Mark::Counts),
            ("", Mark::Counts),
        ] {
            counters.decided(&finding(rule, mark));
        }
        let rules = counters.tally().rules;
        assert_eq!(rules["plain"], BTreeMap::from([("mask", 2), ("dry-run", 1)]));
        assert_eq!(rules["words"], BTreeMap::from([("allowed", 1)]));
        assert_eq!(rules[OTHER_RULES], BTreeMap::from([("mask", 2)]));
        for n in 0..1000 {
            counters.decided(&finding(&format!("rule-{n}"), Mark::Counts));
        }
        let rules = counters.tally().rules;
        assert!(rules.len() <= RULES_MAX + 1, "{}", rules.len());
        let all: u64 = rules.values().flat_map(BTreeMap::values).sum();
        assert_eq!(all, 1006);
    }

    #[test]
    fn calls_are_counted_by_how_long_they_took() {
        let counters = Counters::default();
        for us in [1, 50, 51, 1_000_000] {
            counters.call(us, 10, 65_536);
        }
        counters.trouble(TroubleKind::Fuel);
        let tally = counters.tally();
        assert_eq!((tally.calls, tally.fuel, tally.memory_peak), (4, 40, 65_536));
        assert_eq!(tally.latency[0], (50, 2));
        assert_eq!(tally.latency[1], (100, 1));
        assert_eq!(tally.latency.last(), Some(&(u64::MAX, 1)));
        assert_eq!(tally.troubles.get("fuel"), Some(&1));
    }
}
