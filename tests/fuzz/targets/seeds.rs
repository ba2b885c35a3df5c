//! Writes the labelled set as seeds: one file for each message with its history.
//! `seeds tests/fixtures/moderation FOLDER`.

use std::path::Path;
use std::process::ExitCode;

// Instrumented like all else here, so it needs the fuzzer's counters.
use libfuzzer_sys as _;
use parlour_fuzz::input;
use serde_json::Value;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: seeds FIXTURES FOLDER");
        return ExitCode::from(2);
    };
    match write(Path::new(&from), Path::new(&to)) {
        Ok(count) => {
            println!("{count} seeds");
            ExitCode::SUCCESS
        }
        Err(cause) => {
            eprintln!("seeds: {cause}");
            ExitCode::FAILURE
        }
    }
}

fn write(from: &Path, to: &Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(to)?;
    let mut count = 0;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if path.extension().is_none_or(|e| e != "jsonl") {
            continue;
        }
        for case in std::fs::read_to_string(&path)?.lines() {
            let case: Value = serde_json::from_str(case)?;
            let text = case["text"].as_str().unwrap_or_default();
            let history: Vec<(String, bool)> = case["history"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|earlier| {
                    let own = earlier["same_sender"].as_bool().unwrap_or(true);
                    Some((earlier["text"].as_str()?.to_owned(), own))
                })
                .collect();
            std::fs::write(to.join(format!("seed-{count:05}")), input(text, &history))?;
            count += 1;
        }
    }
    Ok(count)
}
