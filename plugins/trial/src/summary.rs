//! The figures as README shows them: by category and level, by category and language, seen, unseen and made
//! messages side by side.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::quality::Score;
use crate::quality::tally::{ALL, Row};

const INNOCENT: &str = "innocent";

/// A set as README calls it, and its groups.
pub struct Column {
    title: String,
    rows: Vec<Row>,
}

/// What is shown of some sets; of sets of made messages the first.
#[must_use]
pub fn columns(scored: &[(String, Score)]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (name, score) in scored {
        let made = name.starts_with("generated-");
        let title = match name.as_str() {
            "moderation" => format!("seen ({} messages)", score.cases),
            _ if made => format!("generated ({})", score.cases),
            other => format!("{other} ({})", score.cases),
        };
        if !made || columns.iter().all(|c| !c.title.starts_with("generated")) {
            columns.push(Column { title, rows: score.rows() });
        }
    }
    columns
}

/// Recall and precision of one category in every set that has labels of it.
#[must_use]
pub fn measured(columns: &[Column], category: &str) -> String {
    let figure = |column: &Column| {
        let all = |row: &&Row| row.category == category && row.level == ALL && row.lang == ALL;
        let tally = &column.rows.iter().find(all).filter(|row| row.tally.labels > 0)?.tally;
        let set = column.title.split(' ').next()?;
        Some(format!("{set} {} / {}", share(tally.recall()), share(tally.precision())))
    };
    let figures: Vec<String> = columns.iter().filter_map(figure).collect();
    figures.join(", ")
}

/// Two tables and a line about innocent messages.
#[must_use]
pub fn markdown(columns: &[Column]) -> String {
    let mut out = String::from(
        "Labels; recall / precision / F1; exact: share of what was found that leaves nothing and takes nothing beside.\n\n",
    );
    part(&mut out, columns, "level", |row| {
        (row.lang == ALL && row.level != INNOCENT).then_some((&row.category, &row.level))
    });
    out.push('\n');
    part(&mut out, columns, "language", |row| {
        let keep = row.level == ALL && row.lang != ALL && row.category != ALL;
        keep.then_some((&row.category, &row.lang))
    });
    out.push('\n');
    for column in columns {
        let innocent = column.rows.iter().find(|r| r.category == INNOCENT && r.lang == ALL);
        if let Some(row) = innocent {
            let (altered, all) = (row.tally.altered, row.tally.innocent);
            let _ = writeln!(
                out,
                "- {}: {altered} of {all} innocent messages altered ({:.2} %)",
                column.title,
                100.0 * f64::from(altered) / f64::from(all.max(1))
            );
        }
    }
    out
}

fn part(
    out: &mut String,
    columns: &[Column],
    second: &str,
    place: impl for<'a> Fn(&'a Row) -> Option<(&'a String, &'a String)>,
) {
    let _ = write!(out, "| category | {second} |");
    for column in columns {
        let _ = write!(out, " {} |", column.title);
    }
    let _ = write!(out, "\n|---|---|{}\n", "---|".repeat(columns.len()));
    let all = columns.iter().flat_map(|column| column.rows.iter());
    let groups: BTreeSet<_> = all
        .filter(|row| row.category != INNOCENT && row.tally.labels > 0)
        .filter_map(|row| place(row).map(|(a, b)| (a == ALL, a.clone(), b == ALL, b.clone())))
        .collect();
    for (_, category, _, other) in groups {
        let _ = write!(out, "| {category} | {other} |");
        for column in columns {
            let row = column.rows.iter().find(|row| place(row) == Some((&category, &other)));
            let _ = write!(out, " {} |", row.map_or_else(String::new, cell));
        }
        out.push('\n');
    }
}

fn cell(row: &Row) -> String {
    let t = &row.tally;
    if t.labels == 0 {
        return String::new();
    }
    format!(
        "{}; {} / {} / {}; exact {}",
        t.labels,
        share(t.recall()),
        share(t.precision()),
        share(t.f1()),
        share(t.exactness())
    )
}

fn share(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{share:.3}"))
}
