//! The report: rows under their measurement, printed as a Markdown table and written as JSON. It
//! only formats.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde_json::{Value, json};

use crate::{
    figures::{Estimate, real},
    rounds::Tally,
    trouble::{Outcome, While},
};

/// One figure of one subject.
struct Row {
    measured: &'static str,
    subject: String,
    figure: String,
    value: Estimate,
    rounds: usize,
    void: usize,
    disturbed: bool,
    /// Share of a core that strangers took meanwhile.
    foreign: Option<f64>,
}

/// Everything that was measured, in order.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
}

// === impl Report ===

impl Report {
    /// A figure from rounds; nothing is added if there was no round.
    pub(crate) fn round_figure(
        &mut self,
        measured: &'static str,
        subject: &str,
        figure: &str,
        tally: &Tally,
        value: Option<Estimate>,
    ) {
        let Some(value) = value else { return };
        self.rows.push(Row {
            measured,
            subject: subject.into(),
            figure: figure.into(),
            value,
            rounds: tally.used(),
            void: tally.void,
            disturbed: tally.disturbed,
            foreign: Some(tally.foreign),
        });
    }

    /// A figure that was measured several times, each by itself.
    pub(crate) fn figure(
        &mut self,
        measured: &'static str,
        subject: &str,
        figure: &str,
        rounds: usize,
        value: Option<Estimate>,
    ) {
        let Some(value) = value else { return };
        let (subject, figure) = (subject.into(), figure.into());
        self.rows.push(Row {
            measured,
            subject,
            figure,
            value,
            rounds,
            void: 0,
            disturbed: false,
            foreign: None,
        });
    }

    /// A figure that is counted rather than measured.
    pub(crate) fn count(&mut self, measured: &'static str, subject: &str, figure: &str, of: u64) {
        let of = real(of);
        self.figure(measured, subject, figure, 1, Some(Estimate { median: of, low: of, high: of }));
    }

    /// A sentence that belongs to the figures.
    pub(crate) fn note(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !self.notes.contains(&sentence) {
            self.notes.push(sentence);
        }
    }

    /// Prints the table.
    pub(crate) fn print(&self) -> Outcome<()> {
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "| measured | subject | figure | median | 90 % of rounds | rounds (void) | foreign load |"
        )?;
        writeln!(out, "|---|---|---|---:|---:|---:|---:|")?;
        for row in &self.rows {
            let Row { measured, subject, figure, value, rounds, void, disturbed, foreign } = row;
            let mark = if *disturbed { " disturbed" } else { "" };
            let interval = if *rounds > 1 {
                format!("{} - {}", shown(value.low), shown(value.high))
            } else {
                String::new()
            };
            let median = shown(value.median);
            let foreign = foreign.map(shown).unwrap_or_default();
            writeln!(
                out,
                "| {measured} | {subject} | {figure} | {median} | {interval} | {rounds} ({void}){mark} | {foreign} |"
            )?;
        }
        writeln!(out)?;
        for note in &self.notes {
            writeln!(out, "- {note}")?;
        }
        Ok(())
    }

    /// Writes everything as JSON.
    pub(crate) fn write(&self, path: &Path) -> Outcome<()> {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "measured": row.measured, "subject": row.subject, "figure": row.figure,
                    "median": row.value.median, "low": row.value.low, "high": row.value.high,
                    "rounds": row.rounds, "void": row.void, "disturbed": row.disturbed,
                    "foreign_load": row.foreign,
                })
            })
            .collect();
        let text = json!({ "figures": rows, "notes": self.notes }).to_string();
        fs::write(path, text).doing("writing the report")
    }
}

/// A number with as many places as it deserves.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
