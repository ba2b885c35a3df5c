//! What the command line prints: the findings of a plugin and the routes.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{http, moderation::workbench::RunReport};

/// What a plugin found, for a program.
pub fn run_json(report: &RunReport) -> Value {
    let findings = report.findings.iter().map(|finding| {
        let spans = finding.spans.iter().map(|(of, span)| json!([of, span.start, span.end]));
        json!({
            "category": finding.category, "rule": finding.rule, "severity": finding.severity,
            "confidence": finding.confidence, "suggested": finding.suggested.word(),
            "spans": spans.collect::<Vec<_>>(),
        })
    });
    json!({ "findings": findings.collect::<Vec<_>>(), "fuel": report.fuel, "memory_bytes": report.memory_peak, "us": report.us })
}

/// The text with carets under what was found.
pub fn carets(text: &str, report: &RunReport) -> String {
    let mut out = format!("{text}\n");
    for finding in &report.findings {
        let own = finding.spans.iter().filter(|(of, _)| *of == 0);
        let marked = |at: usize| own.clone().any(|(_, span)| (span.start..span.end).contains(&at));
        let line: String =
            text.char_indices().map(|(at, _)| if marked(at) { '^' } else { ' ' }).collect();
        let _ = write!(
            out,
            "{}\n  {} ({}), {}, confidence {}, suggests {}\n",
            line.trim_end(),
            finding.category,
            finding.rule,
            finding.severity,
            finding.confidence,
            finding.suggested.word()
        );
    }
    if report.findings.is_empty() {
        out.push_str("nothing found\n");
    }
    let _ = writeln!(
        out,
        "fuel {}, memory {} KiB, {} us",
        report.fuel,
        report.memory_peak / 1024,
        report.us
    );
    out
}

/// The routes as a Markdown table, or as JSON.
pub fn routes(json: bool) -> String {
    let rows = http::rows();
    if json {
        let rows: Vec<Value> = rows
            .map(|row| json!({ "method": row.method, "path": row.path, "does": row.doc }))
            .collect();
        return format!("{}\n", Value::Array(rows));
    }
    let mut out = String::from("| method | path | does |\n|---|---|---|\n");
    for row in rows {
        let _ = writeln!(out, "| {} | `{}` | {} |", row.method, row.path, row.doc);
    }
    out
}
