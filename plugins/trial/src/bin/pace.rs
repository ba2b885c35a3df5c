//! How long the detectors take natively over the labelled set: microseconds a message and
//! nanoseconds a byte, the fold included. `cargo run --profile plugin -p parlour-trial --bin pace`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use parlour_trial::judge::ask;
use parlour_trial::quality::{LabelledCase, read_set};
use parlour_trial::{Judge, builtin};

const ROUNDS: u32 = 20;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation");
    match read_set(&folder) {
        Ok(set) => {
            builtin().iter().for_each(|judge| pace(judge, &set.cases));
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("pace: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn pace(judge: &Judge, cases: &[LabelledCase]) {
    let bytes: usize = cases.iter().map(|c| c.text.len()).sum();
    let began = Instant::now();
    let mut findings = 0;
    for _ in 0..ROUNDS {
        findings += cases.iter().map(|c| ask(judge, c).len()).sum::<usize>();
    }
    let nanos = began.elapsed().as_nanos() as f64 / f64::from(ROUNDS);
    println!(
        "{:<10} {:>7.2} us/message {:>7.1} ns/byte ({} findings)",
        judge.id,
        nanos / 1000.0 / cases.len() as f64,
        nanos / bytes as f64,
        findings / ROUNDS as usize
    );
}
