//! `parlour plugin bench`: what plugin files cost, on both engines, in fresh instances, beside the host's own
//! view of the same texts.

use serde_json::{Value, json};

use super::Trouble;
use crate::{
    domain::moderation::Inquiry,
    moderation::{
        EngineChoice, ModerationSettings, Workbench,
        quality::{LabelledCase, generate, read_set},
        workbench::{Chain, Checked, Round, Surroundings, inquiry},
    },
    ops::{
        cli::{BenchAsked, Exit},
        table::table,
        terminal::{complain, print},
    },
    runtime::Clock,
};

/// Messages that are made where none are given.
const MADE: (u32, u64) = (500, 1);
/// Checks of one file on one engine, at most.
const CHECKS_MAX: usize = 20_000;
const ROUNDS: usize = 3;

/// Measures and prints.
///
/// # Errors
/// A file or a case is bad, or no engine starts.
pub fn run(
    asked: &BenchAsked,
    (settings, clock): (&ModerationSettings, &Clock),
    around: &Surroundings,
    json: bool,
) -> Result<Exit, Trouble> {
    let mut cases: Vec<LabelledCase> = Vec::new();
    for path in &asked.cases {
        cases.extend(read_set(path)?.cases);
    }
    if cases.is_empty() {
        cases = generate(MADE.0, MADE.1).cases;
    }
    cases.truncate(CHECKS_MAX / ROUNDS);
    let inquiries: Vec<Inquiry> = cases.iter().map(|case| inquiry(case, around)).collect();
    let (mut rows, mut engines) = (Vec::new(), 0);
    for (engine, name) in [(EngineChoice::Jit, "jit"), (EngineChoice::Interpreter, "interpreter")] {
        let settings = ModerationSettings { engine, ..settings.clone() };
        let bench = match Workbench::open(settings, clock.clone()) {
            Ok(bench) => bench,
            Err(fault) => {
                complain(&format!("{name}: {fault}"));
                continue;
            }
        };
        if engines == 0 {
            rows.push(view(&bench, &inquiries));
        }
        engines += 1;
        rows.extend(measure(&bench.chain(&asked.files)?, name, &inquiries));
    }
    if engines == 0 {
        return Err("no engine starts here".into());
    }
    let bytes: usize = cases.iter().map(|case| case.text.len()).sum();
    if json {
        print(&format!("{}\n", json!({ "messages": cases.len(), "bytes": bytes, "rows": rows })));
    } else {
        print(&format!("{} messages, {bytes} bytes, {ROUNDS} rounds\n", cases.len()));
        print(&table(&Value::Array(rows)));
    }
    Ok(Exit::Done)
}

/// The host's view of the texts, which every plugin builds on, natively.
fn view(bench: &Workbench, inquiries: &[Inquiry]) -> Value {
    let mut us: Vec<u64> = Vec::new();
    for inquiry in inquiries {
        us.push(bench.view_us(&inquiry.text));
    }
    let (p50, p99, mean) = figures(&mut us);
    json!({ "plugin": "view (native)", "engine": "-", "p50_us": p50, "p99_us": p99, "mean_us": mean, "refill_us": null, "fuel_per_byte": null, "memory_kib": null, "failed": 0 })
}

/// A row for each plugin, and one for all of them together, as long as a message waits for them.
fn measure(chain: &Chain, engine: &str, inquiries: &[Inquiry]) -> Vec<Value> {
    let ids: Vec<&str> = chain.ids().collect();
    let mut all = vec![Cost::default(); ids.len() + 1];
    for inquiry in (0..ROUNDS).flat_map(|_| inquiries) {
        let Round { answers, us } = chain.check(inquiry);
        let mut whole =
            Checked { findings: Ok(Vec::new()), fuel: 0, memory_peak: 0, us, refill_us: 0 };
        for (cost, checked) in all.iter_mut().zip(answers) {
            cost.add(&checked, inquiry.text.len());
            whole.refill_us += checked.refill_us;
            whole.fuel += checked.fuel;
            whole.memory_peak = whole.memory_peak.max(checked.memory_peak);
            whole.findings = whole.findings.and(checked.findings);
        }
        if let Some(chain) = all.last_mut() {
            chain.add(&whole, inquiry.text.len());
        }
    }
    let names = ids.into_iter().chain(["all of them"]);
    let rows = names.zip(&mut all).map(|(name, cost)| cost.row(name, engine));
    let mut rows: Vec<Value> = rows.collect();
    if rows.len() == 2 {
        rows.pop();
    }
    rows
}

#[derive(Clone, Default)]
struct Cost {
    us: Vec<u64>,
    refill_us: u64,
    fuel: u64,
    bytes: u64,
    memory: usize,
    failed: u64,
}

impl Cost {
    fn add(&mut self, checked: &Checked, bytes: usize) {
        self.us.push(checked.us);
        self.refill_us += checked.refill_us;
        self.fuel = self.fuel.saturating_add(checked.fuel);
        self.bytes += bytes as u64;
        self.memory = self.memory.max(checked.memory_peak);
        self.failed += u64::from(checked.findings.is_err());
    }

    fn row(&mut self, name: &str, engine: &str) -> Value {
        let (p50, p99, mean) = figures(&mut self.us);
        let refill = self.refill_us / (self.us.len().max(1) as u64);
        json!({
            "plugin": name, "engine": engine, "p50_us": p50, "p99_us": p99, "mean_us": mean, "refill_us": refill,
            "fuel_per_byte": self.fuel / self.bytes.max(1), "memory_kib": self.memory >> 10, "failed": self.failed,
        })
    }
}

/// Median, 99th percentile and mean.
fn figures(us: &mut [u64]) -> (u64, u64, u64) {
    us.sort_unstable();
    let at = |percent: usize| us.get((us.len().saturating_sub(1)) * percent / 100).copied();
    let mean = us.iter().sum::<u64>() / (us.len().max(1) as u64);
    (at(50).unwrap_or(0), at(99).unwrap_or(0), mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        assert_eq!(figures(&mut (1..=100).rev().collect::<Vec<_>>()), (50, 99, 50));
        assert_eq!(figures(&mut [7]), (7, 7, 7));
        assert_eq!(figures(&mut []), (0, 0, 0));
    }
}
