//! How often the built-in plugins speak over somebody else's texts. A file with a header of columns
//! (`.tsv`) is judged column by column, as `toxic_comment` against `neutral_comment1`; any other file
//! line by line, as a dictionary.
//!
//! `cargo run --profile plugin -p parlour-trial --bin toxic -- [--show profanity] FILE...`
//!
//! `--show CATEGORY` prints each text in which that category was found, marked, and `--silent CATEGORY`
//! each in which it was not.

use std::collections::BTreeMap;
use std::process::ExitCode;

use parlour_guest::{Context, Finding, Message};
use parlour_trial::{Judge, builtin};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("toxic: {sentence}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Show {
    found: Option<String>,
    silent: Option<String>,
    files: Vec<String>,
}

fn arguments() -> Result<Show, String> {
    let mut show = Show::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => show.found = Some(args.next().ok_or("--show: a category is expected")?),
            "--silent" => {
                show.silent = Some(args.next().ok_or("--silent: a category is expected")?)
            }
            _ => show.files.push(arg),
        }
    }
    if show.files.is_empty() {
        return Err("usage: toxic [--show CATEGORY] [--silent CATEGORY] FILE...".to_owned());
    }
    Ok(show)
}

fn run() -> Result<(), String> {
    let show = arguments()?;
    let judges = builtin();
    for path in &show.files {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
        for (column, texts) in columns(path, &text) {
            report(&judges, &show, path, &column, &texts);
        }
    }
    Ok(())
}

/// The texts of each column, by its name; columns of numbers are left out.
fn columns<'a>(path: &str, text: &'a str) -> Vec<(String, Vec<&'a str>)> {
    if !path.ends_with(".tsv") {
        return vec![("lines".to_owned(), text.lines().collect())];
    }
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let mut by_column = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, cell) in by_column.iter_mut().zip(line.split('\t')) {
            if !cell.trim().is_empty() {
                column.push(cell);
            }
        }
    }
    let named = names.iter().map(|n| (*n).to_owned()).zip(by_column);
    named.filter(|(_, texts)| texts.iter().any(|t| t.parse::<f64>().is_err())).collect()
}

fn report(judges: &[Judge], show: &Show, path: &str, column: &str, texts: &[&str]) {
    let mut spoke: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        let message = Message { text: (*text).to_owned(), ..Message::default() };
        let findings: Vec<Finding> =
            judges.iter().flat_map(|j| j.check(&message, &Context::default())).collect();
        let mut categories: Vec<&str> = findings.iter().map(|f| f.category.as_str()).collect();
        categories.sort_unstable();
        categories.dedup();
        for category in &categories {
            *spoke.entry((*category).to_owned()).or_default() += 1;
        }
        *spoke.entry("any".to_owned()).or_default() += usize::from(!categories.is_empty());
        if show.found.as_deref().is_some_and(|c| c == "any" || categories.contains(&c)) {
            for finding in findings
                .iter()
                .filter(|f| show.found.as_deref().is_some_and(|c| c == "any" || c == f.category))
            {
                let (start, end) = finding
                    .spans
                    .first()
                    .map_or((0, 0), |(_, s)| (s.start as usize, s.end as usize));
                println!(
                    "{column} {}/{} [{}] {text}",
                    finding.category,
                    finding.rule,
                    &text[start..end]
                );
            }
        }
        if show.silent.as_deref().is_some_and(|c| !categories.contains(&c)) {
            println!("{column} silent {text}");
        }
    }
    for (category, count) in &spoke {
        let share = *count as f64 / texts.len().max(1) as f64;
        println!("{path} {column}: {category} in {count} of {}, {share:.4}", texts.len());
    }
}
