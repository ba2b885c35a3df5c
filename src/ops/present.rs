//! What the command line prints: the findings of a plugin and the routes.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    domain::moderation::{Inquiry, Span},
    http,
    moderation::workbench::RunReport,
};

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

/// The texts with carets under what was found, the message first and earlier ones where they matter.
pub fn carets(inquiry: &Inquiry, report: &RunReport) -> String {
    let mut out = format!("{}\n", inquiry.text);
    for finding in &report.findings {
        let mut messages: Vec<usize> = finding.spans.iter().map(|(of, _)| *of).collect();
        messages.sort_unstable();
        messages.dedup();
        for of in messages {
            let earlier = of.checked_sub(1).and_then(|n| inquiry.history.get(n));
            let text = earlier.map_or(&inquiry.text, |earlier| &earlier.text);
            if let Some(earlier) = earlier {
                let _ = writeln!(out, "{} s earlier:\n{text}", earlier.age_seconds);
            }
            let spans = finding.spans.iter().filter(|(other, _)| *other == of);
            let spans: Vec<Span> = spans.map(|(_, span)| *span).collect();
            let _ = writeln!(out, "{}", marked(text, &spans));
        }
        let _ = writeln!(
            out,
            "  {} ({}), {}, confidence {}, suggests {}",
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

fn marked(text: &str, spans: &[Span]) -> String {
    let within = |at: usize| spans.iter().any(|span| (span.start..span.end).contains(&at));
    let line: String = text
        .char_indices()
        .filter(|(_, c)| *c != '\n')
        .map(|(at, _)| if within(at) { '^' } else { ' ' })
        .collect();
    line.trim_end().to_owned()
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
