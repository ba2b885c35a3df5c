//! The figures of a score as a table for people and as JSON for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    score::Score,
    tally::{ALL, Row},
};

const INNOCENT: &str = "innocent";

/// A table with a line for every group, and the mistakes if they are asked for.
#[must_use]
pub fn table(name: &str, score: &Score, mistakes: bool) -> String {
    let mut out = format!(
        "{name}: {} messages\n{:<14} {:<11} {:<5} {:>6} {:>6} {:>7} {:>9} {:>7} {:>7}\n",
        score.cases,
        "category",
        "level",
        "lang",
        "labels",
        "found",
        "recall",
        "precision",
        "F1",
        "exact"
    );
    let rows = score.rows();
    for Row { category, level, lang, tally } in rows.iter().filter(|row| row.category != INNOCENT) {
        let _ = writeln!(
            out,
            "{category:<14} {level:<11} {lang:<5} {:>6} {:>6} {:>7} {:>9} {:>7} {:>7}",
            tally.labels,
            tally.found,
            figure(tally.recall()),
            figure(tally.precision()),
            figure(tally.f1()),
            figure(tally.exactness())
        );
    }
    let innocent =
        |lang: &str| rows.iter().find(|row| row.category == INNOCENT && row.lang == lang);
    if let Some(all) = innocent(ALL) {
        let _ = write!(
            out,
            "innocent messages altered: {} of {}",
            all.tally.altered, all.tally.innocent
        );
        for row in rows.iter().filter(|row| row.category == INNOCENT && row.lang != ALL) {
            let _ = write!(out, ", {} {} of {}", row.lang, row.tally.altered, row.tally.innocent);
        }
        out.push('\n');
    }
    if score.beside.0 > 0 {
        let (all, taken) = score.beside;
        let _ = writeln!(out, "characters beside labels taken: {taken} of {all}");
    }
    for wrong in score.wrong.iter().filter(|_| mistakes) {
        let (kind, category, place) = (wrong.kind, &wrong.category, &wrong.place);
        let (part, text) = (wrong.part.escape_debug(), wrong.text.escape_debug());
        let _ = writeln!(out, "{kind} {category}: \"{part}\" in \"{text}\" ({place})");
    }
    out
}

/// The same for programs.
#[must_use]
pub fn figures_json(name: &str, score: &Score, mistakes: bool) -> Value {
    let rows: Vec<Value> = score
        .rows()
        .iter()
        .map(|Row { category, level, lang, tally }| {
            json!({
                "category": category, "level": level, "lang": lang, "labels": tally.labels, "found": tally.found,
                "exact": tally.exact, "findings": tally.findings, "right": tally.right, "recall": tally.recall(),
                "precision": tally.precision(), "f1": tally.f1(), "exactness": tally.exactness(),
                "innocent": tally.innocent, "altered": tally.altered,
            })
        })
        .collect();
    let wrong = mistakes.then(|| {
        let one = |wrong: &super::Wrong| {
            json!({ "kind": wrong.kind, "category": wrong.category, "place": wrong.place, "text": wrong.text, "part": wrong.part })
        };
        score.wrong.iter().map(one).collect::<Vec<_>>()
    });
    let (beside, taken) = score.beside;
    json!({
        "set": name, "messages": score.cases, "rows": rows, "beside_labels": beside, "beside_labels_taken": taken,
        "wrong": wrong,
    })
}

fn figure(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{share:.4}"))
}
