//! `parlour plugin test`: plugin files against labelled messages, with floors.

use std::{fs, path::Path};

use serde_json::json;

use super::Trouble;
use crate::{
    moderation::{
        Workbench,
        quality::{CaseSet, Floors, Score, figures_json, generate, read_set, table},
        workbench::{Chain, Surroundings},
    },
    ops::{
        cli::{Exit, TestAsked},
        terminal::{complain, print},
    },
};

/// Failures that are told one by one; the others are counted.
const TOLD_MAX: usize = 10;
/// Failures after which no more is asked: each may take all the fuel that there is.
const TROUBLES_MAX: usize = 100;
const FLOORS_MAX_BYTES: u64 = 16 << 20;

/// Judges the files together and prints how they did.
///
/// # Errors
/// A file cannot be read, a case or a plugin is bad.
pub fn run(
    asked: &TestAsked,
    bench: &Workbench,
    around: &Surroundings,
    json: bool,
) -> Result<Exit, Trouble> {
    let floors = asked.floors.as_deref().map(read_floors).transpose()?;
    let mut written = match &asked.write_floors {
        Some(file) if file.exists() => Some(read_floors(file)?),
        Some(_) => Some(Floors::default()),
        None => None,
    };
    let mut sets = Vec::new();
    for path in &asked.cases {
        sets.push(read_set(path)?);
    }
    if let Some((count, seed)) = asked.generate {
        sets.push(generate(count, seed));
    }
    let chain = bench.chain(&asked.files)?;
    if sets.is_empty() {
        sets.push(chain.samples());
    }
    let (mut below, mut troubles, mut figures) = (Vec::new(), Vec::new(), Vec::new());
    for set in &sets {
        let score = judge(&chain, set, around, &mut troubles);
        let rows = score.rows();
        below.extend(floors.iter().flat_map(|floors| floors.missed(&set.name, &rows)));
        if let Some(written) = &mut written {
            written.measure(&set.name, &rows);
        }
        if json {
            figures.push(figures_json(&set.name, &score, asked.wrong));
        } else {
            print(&table(&set.name, &score, asked.wrong));
        }
    }
    if let (Some(file), Some(written)) = (&asked.write_floors, &written) {
        fs::write(file, written.write()).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    let well = below.is_empty() && troubles.is_empty();
    if json {
        let plugins: Vec<&str> = chain.ids().collect();
        print(&format!(
            "{}\n",
            json!({ "ok": well, "plugins": plugins, "sets": figures, "below": below, "failed": troubles })
        ));
    }
    for sentence in below.iter().chain(troubles.iter().take(TOLD_MAX)) {
        complain(sentence);
    }
    if troubles.len() > TOLD_MAX {
        let end = if troubles.len() < TROUBLES_MAX { "" } else { "; given up" };
        complain(&format!("and {} more such failures{end}", troubles.len() - TOLD_MAX));
    }
    Ok(if well { Exit::Done } else { Exit::Failed })
}

fn judge(chain: &Chain, set: &CaseSet, around: &Surroundings, troubles: &mut Vec<String>) -> Score {
    let mut score = Score::of_categories(chain.categories());
    for case in &set.cases {
        if troubles.len() >= TROUBLES_MAX {
            break;
        }
        let (said, failed) = chain.judge(case, around);
        score.count(case, &said);
        troubles.extend(failed);
    }
    score
}

fn read_floors(path: &Path) -> Result<Floors, Trouble> {
    let wrong = |said: String| format!("{}: {said}", path.display());
    let about = fs::metadata(path).map_err(|e| wrong(e.to_string()))?;
    if !about.is_file() || about.len() > FLOORS_MAX_BYTES {
        return Err(wrong("is no file of floors".to_owned()).into());
    }
    let text = fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    Floors::read(&text).map_err(|said| format!("{}:{said}", path.display()).into())
}
