//! Dependencies: few, each with its reason, under licences that let the binary be given away.
//!
//! Advisories are not checked here. cargo-deny and cargo-audit compare against the `RustSec` database,
//! a git repository of its own that no crate carries; a test that needs no network cannot have it.

use std::process::Command;

use serde_json::Value;

use super::{Complaints, sources::root};
use crate::harness::cli;

const DEPENDENCIES_MAX: usize = 30;

/// Licences that ask for no more than a notice (or, for the MPL and Unicode, for their own files).
const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "BSL-1.0",
    "MIT-0",
    "MPL-2.0",
];

#[test]
fn dependencies_are_few_and_have_reasons() {
    let path = root().join("Cargo.toml");
    let text = std::fs::read_to_string(path).expect("Cargo.toml");
    let mut complaints = Complaints::default();
    let mut section = "";
    let mut count = 0;
    for (n, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies") && line.contains('=') {
            count += usize::from(section == "dependencies");
            let reason = line.rsplit_once(" # ").map_or("", |(_, reason)| reason.trim());
            if reason.split_whitespace().count() < 3 {
                complaints.add(format!("Cargo.toml:{}: no reason for this dependency", n + 1));
            }
        }
    }
    if count > DEPENDENCIES_MAX {
        complaints.add(format!("Cargo.toml: {count} dependencies, at most {DEPENDENCIES_MAX}"));
    }
    assert!(count > 5, "the dependencies were not found");
    complaints.settle();
}

#[test]
fn licences_are_allowed() {
    let mut command = Command::new(env!("CARGO"));
    let target = "x86_64-unknown-linux-gnu";
    command.args(["metadata", "--format-version", "1", "--locked"]);
    command.args(["--filter-platform", target]).current_dir(root());
    let metadata = cli::finish(command).json();
    let mut complaints = Complaints::default();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence) && !is_own(package) {
            complaints.add(format!("{name}: licence `{licence}` is not in the list"));
        }
    }
    complaints.settle();
}

fn is_own(package: &Value) -> bool {
    package["source"].is_null() && package["license"] == "Apache-2.0"
}

/// Reads an SPDX expression: of alternatives one must be allowed, of what is joined all.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    if let Some(inner) = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
        && !inner.contains('(')
    {
        return is_allowed(inner);
    }
    if let Some(parts) = split(expression, " AND ") {
        return parts.into_iter().all(is_allowed);
    }
    if let Some(parts) = split(expression, " OR ") {
        return parts.into_iter().any(is_allowed);
    }
    ALLOWED.contains(&expression)
}

/// Splits at a word outside of brackets; nothing if it is not there.
fn split<'a>(text: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let mut parts = vec![];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 && at >= start && text[at..].starts_with(word) => {
                parts.push(&text[start..at]);
                start = at + word.len();
            }
            _ => {}
        }
    }
    (!parts.is_empty()).then(|| {
        parts.push(&text[start..]);
        parts
    })
}

#[test]
fn expressions_are_read() {
    for (expression, expected) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(GPL-2.0 OR AGPL-3.0) AND MIT", false),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0", true),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }
}
