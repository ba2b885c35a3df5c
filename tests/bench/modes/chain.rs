//! What the whole chain of plugins takes for a message, in fresh instances, on both engines; and what
//! the same detectors take when they are linked into this program. The ratio is the sandbox's price.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use parlour_trial::{builtin, judge::ask, mail::letters, quality::LabelledCase};
use serde_json::{Value, json};

use super::Bench;
use crate::{
    figures::{Estimate, percentile, ratio, real},
    subject::Place,
    trouble::{Outcome, Trouble, While},
};

const NAME: &str = "moderation";
/// How long the messages are, in characters, and how many of them are asked about.
const LETTERS: [(usize, usize); 2] = [(200, 480), (2000, 120)];
const ROUNDS: usize = 3;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let files = plugins()?;
    for (length, count) in LETTERS {
        let letters = letters(count, length);
        let native = natively(&letters);
        let (median, worst) = (percentile(&native, 0.5), percentile(&native, 0.99));
        // Nanoseconds here, microseconds there.
        let mut report = |subject: &str, figure: &str, value: f64| {
            let subject = format!("{subject}, {length} characters");
            let value = Estimate { median: value, low: value, high: value };
            bench.report.figure(NAME, &subject, figure, 1, Some(value));
        };
        report("chain linked natively", "p50, us", real(median) / 1000.0);
        report("chain linked natively", "p99, us", real(worst) / 1000.0);
        let rows = in_the_sandbox(&letters, &files)?;
        for engine in ["jit", "interpreter"] {
            let of = |row: &&Value| row["plugin"] == "all of them" && row["engine"] == engine;
            let Some(row) = rows.iter().find(of) else { continue };
            let us = |key: &str| row[key].as_u64().unwrap_or(0);
            let subject = format!("chain in the sandbox, {engine}");
            report(&subject, "p50, us", real(us("p50_us")));
            report(&subject, "p99, us", real(us("p99_us")));
            report(&subject, "after the answer, mean, us", real(us("refill_us")));
            report(&subject, "p50 / native p50", ratio(real(us("p50_us") * 1000), real(median)));
            if row["failed"] != 0 {
                return Err(Trouble::new(format!("{subject}: {} checks failed", row["failed"])));
            }
        }
    }
    bench.report.note(
        "moderation, chain: the nine plugins that come with Parlour, a fresh instance of each for \
         every message, in four languages, a third of the messages with something to be found. After the \
         answer: the used instances are cleared away and those for the next message are made.",
    );
    Ok(())
}

/// The components that come with Parlour.
fn plugins() -> Outcome<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/dist");
    let mut files = vec![];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Nanoseconds for each message, ascending; the view of a text is made once for all detectors.
#[expect(clippy::disallowed_methods, reason = "a benchmark is about the real clock")]
fn natively(letters: &[LabelledCase]) -> Vec<u64> {
    let judges = builtin();
    let mut times = vec![];
    for letter in (0..ROUNDS).flat_map(|_| letters) {
        let began = Instant::now();
        for judge in &judges {
            black_box(ask(judge, letter));
        }
        times.push(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    times.sort_unstable();
    times
}

/// What Parlour's own command measures, a row for each plugin and engine.
fn in_the_sandbox(letters: &[LabelledCase], files: &[PathBuf]) -> Outcome<Vec<Value>> {
    let place = Place::new()?;
    let path = place.path().join("letters.jsonl");
    let line = |letter: &LabelledCase| {
        let case = json!({
            "text": letter.text, "lang": letter.lang, "level": "innocent", "labels": [],
        });
        format!("{case}\n")
    };
    fs::write(&path, letters.iter().map(line).collect::<String>()).doing("writing messages")?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    command.current_dir(place.path()).args(["plugin", "bench", "--format", "json"]);
    command.args(files).arg("--cases").arg(&path).stdin(Stdio::null());
    let ran = command.output().doing("parlour plugin bench")?;
    let said: Value = serde_json::from_slice(&ran.stdout).unwrap_or_default();
    let rows = said["rows"].as_array().cloned().unwrap_or_default();
    if ran.status.success() && !rows.is_empty() {
        return Ok(rows);
    }
    let error = String::from_utf8_lossy(&ran.stderr);
    Err(Trouble::new(format!("parlour plugin bench: {error}")))
}
