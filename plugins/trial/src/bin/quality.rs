//! The quality of the built-in plugins: `quality table` prints the figures of README, `readme` puts them
//! there (the tables, and between `<!-- measured CATEGORY -->` and `<!-- /measured -->`), `floors` sets the floors by what is measured now, `wrong` lists every mistake, `embedded`
//! those that each message brings when it stands between two honest sentences, `cases COUNT SEED`
//! prints made messages. `cargo run --release -p parlour-trial --bin quality -- table`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use parlour_trial::embed::embedded;
use parlour_trial::judge::judge_set;
use parlour_trial::quality::{CaseSet, Floors, LabelledCase, generate, table};
use parlour_trial::sets::{GENERATED, floors_file, present};
use parlour_trial::summary;

const BEGIN: &str = "<!-- quality -->\n";
const END: &str = "<!-- /quality -->";
const MEASURED: &str = "<!-- measured ";
const MEASURED_END: &str = "<!-- /measured -->";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["table"] => columns().map(|columns| print!("{}", summary::markdown(&columns))),
        ["readme"] => refill(&root().join("README.md")),
        ["floors"] => floors(),
        ["wrong"] => all_sets().map(|sets| sets.iter().for_each(wrong)),
        ["embedded"] => present().map(|sets| sets.iter().map(embedded).for_each(|set| wrong(&set))),
        ["cases", count, seed] => cases(count, seed),
        _ => Err("usage: quality table | readme | floors | wrong | embedded | cases COUNT SEED"
            .to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("quality: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The labelled messages, seen and unseen, and those that are made.
fn all_sets() -> Result<Vec<CaseSet>, String> {
    let mut sets = present()?;
    sets.extend(GENERATED.iter().map(|(count, seed)| generate(*count, *seed)));
    Ok(sets)
}

fn columns() -> Result<Vec<summary::Column>, String> {
    let sets = all_sets()?;
    let scored: Vec<_> = sets.iter().map(|set| (set.name.clone(), judge_set(set))).collect();
    Ok(summary::columns(&scored))
}

fn refill(readme: &Path) -> Result<(), String> {
    let wrong = |e: &dyn std::fmt::Display| format!("{}: {e}", readme.display());
    let text = fs::read_to_string(readme).map_err(|e| wrong(&e))?;
    let (head, rest) = text.split_once(BEGIN).ok_or_else(|| wrong(&"has no <!-- quality -->"))?;
    let (_, tail) = rest.split_once(END).ok_or_else(|| wrong(&"has no <!-- /quality -->"))?;
    let columns = columns()?;
    let filled = format!("{head}{BEGIN}{}{END}{tail}", summary::markdown(&columns));
    let mut parts = filled.split(MEASURED);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (category, rest) = part.split_once(" -->").ok_or_else(|| wrong(&"a mark is open"))?;
        let (_, rest) = rest.split_once(MEASURED_END).ok_or_else(|| wrong(&"a mark is open"))?;
        let figures = summary::measured(&columns, category);
        text.push_str(&format!("{MEASURED}{category} -->{figures}{MEASURED_END}{rest}"));
    }
    fs::write(readme, text).map_err(|e| wrong(&e))
}

fn floors() -> Result<(), String> {
    let mut floors = Floors::default();
    for set in all_sets()? {
        floors.measure(&set.name, &judge_set(&set).rows());
    }
    let file = floors_file();
    fs::write(&file, floors.write()).map_err(|e| format!("{}: {e}", file.display()))
}

fn wrong(set: &CaseSet) {
    print!("{}", table(&set.name, &judge_set(set), true));
}

fn cases(count: &str, seed: &str) -> Result<(), String> {
    let (Ok(count), Ok(seed)) = (count.parse(), seed.parse()) else {
        return Err("COUNT and SEED are whole numbers".to_owned());
    };
    generate(count, seed).cases.iter().for_each(|case| println!("{}", line(case)));
    Ok(())
}

/// A case as it stands in a file.
fn line(case: &LabelledCase) -> serde_json::Value {
    use serde_json::{Value, json};
    let label = |label: &parlour_trial::quality::Label| {
        let mut value = json!({ "category": label.category });
        if let Some(span) = &label.span {
            value["start"] = json!(span.start);
            value["end"] = json!(span.end);
        }
        if label.message > 0 {
            value["message"] = json!(label.message);
        }
        value
    };
    let labels: Vec<Value> = case.labels.iter().map(label).collect();
    let mut value =
        json!({ "text": case.text, "lang": case.lang, "level": case.level, "labels": labels });
    if !case.history.is_empty() {
        let past = case.history.iter().map(|past| {
            json!({ "text": past.text, "same_sender": past.same_sender, "age_seconds": past.age_seconds })
        });
        value["history"] = past.collect();
    }
    value
}
