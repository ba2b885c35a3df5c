//! The labelled set and the counting over it. Knows spans and categories; the plugins are arguments.

use std::collections::BTreeMap;
use std::path::Path;

use parlour_guest::{Context, Finding, Message, Span};

use crate::Judge;

/// A labelled message of `tests/fixtures/moderation`.
pub struct Case {
    pub text: String,
    pub lang: String,
    pub level: String,
    pub labels: Vec<(String, Span)>,
}

/// Reads every `.jsonl` of a folder.
///
/// # Errors
/// A sentence that names the file and line that cannot be used.
pub fn read(folder: &Path) -> Result<Vec<Case>, String> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        for (n, line) in text.lines().enumerate() {
            let case =
                case(line).ok_or_else(|| format!("{}:{}: not a case", path.display(), n + 1))?;
            cases.push(case);
        }
    }
    Ok(cases)
}

fn case(line: &str) -> Option<Case> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let word = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let text = word("text")?;
    let mut labels = Vec::new();
    for label in value.get("labels")?.as_array()? {
        let at = |key: &str| u32::try_from(label.get(key)?.as_u64()?).ok();
        let span = Span { start: at("start")?, end: at("end")? };
        text.get(span.start as usize..span.end as usize)?;
        labels.push((label.get("category")?.as_str()?.to_owned(), span));
    }
    Some(Case { text, lang: word("lang")?, level: word("level")?, labels })
}

/// What one plugin says about a case, with the conversation that the case's language implies.
#[must_use]
pub fn ask(judge: &Judge, case: &Case) -> Vec<Finding> {
    let message = Message {
        text: case.text.clone(),
        languages: vec![case.lang.clone()],
        ..Message::default()
    };
    judge.check(&message, &Context::default())
}

/// Hits and misses of one group of cases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub labels: u32,
    pub found: u32,
    /// Labels whose finding leaves nothing of them and takes no more than a twentieth beside them.
    pub exact: u32,
    pub findings: u32,
    pub right: u32,
}

impl Tally {
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.found, self.labels)
    }
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.findings)
    }
    #[must_use]
    pub fn exactness(&self) -> f64 {
        share(self.exact, self.found)
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}

/// Tallies by category and level, and everything that went wrong, one line each.
#[derive(Default)]
pub struct Score {
    pub tallies: BTreeMap<(String, String), Tally>,
    pub wrong: Vec<String>,
    /// Innocent messages, and those of them in which anything was found.
    pub innocent: (u32, u32),
}

impl Score {
    /// Counts what all plugins together said about a case.
    pub fn count(&mut self, case: &Case, findings: &[Finding]) {
        let spans: Vec<(&str, Span)> = findings
            .iter()
            .flat_map(|f| f.spans.iter().map(|(_, s)| (f.category.as_str(), *s)))
            .collect();
        if case.labels.is_empty() {
            self.innocent.0 += 1;
            self.innocent.1 += u32::from(!spans.is_empty());
        }
        for (category, label) in &case.labels {
            let tally = self.tallies.entry((category.clone(), case.level.clone())).or_default();
            let covered = cover(&spans, category, *label);
            tally.labels += 1;
            if covered * 10 >= (label.end - label.start) * 9 {
                tally.found += 1;
                let width: u32 = spans
                    .iter()
                    .filter(|(c, s)| c == category && overlap(*s, *label) > 0)
                    .map(|(_, s)| s.end - s.start)
                    .sum();
                let whole = label.end - label.start;
                if covered == whole && (width - whole) * 20 <= whole {
                    tally.exact += 1;
                } else {
                    self.wrong.push(format!("inexact {category}: {:?} -> {spans:?}", case.text));
                }
            } else {
                self.wrong.push(format!("missed {category}: {:?}", case.text));
            }
        }
        for (category, span) in &spans {
            let key = ((*category).to_owned(), case.level.clone());
            let tally = self.tallies.entry(key).or_default();
            tally.findings += 1;
            let right = case.labels.iter().any(|(c, l)| c == category && overlap(*l, *span) > 0);
            tally.right += u32::from(right);
            if !right {
                let part = case.text.get(span.start as usize..span.end as usize);
                self.wrong.push(format!(
                    "false {category}: {:?} in {:?}",
                    part.unwrap_or(""),
                    case.text
                ));
            }
        }
    }
}

fn overlap(a: Span, b: Span) -> u32 {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

fn cover(spans: &[(&str, Span)], category: &str, label: Span) -> u32 {
    spans.iter().filter(|(c, _)| *c == category).map(|(_, s)| overlap(*s, label)).sum()
}
