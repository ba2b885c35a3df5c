//! Documents that repeat what the program prints: they must say the same.

use super::{Complaints, sources::root};
use crate::harness::{cli, place::Place};

#[track_caller]
fn printed(args: &[&str]) -> String {
    let place = Place::new();
    cli::run(place.path(), &[], args).text().trim().to_owned()
}

#[track_caller]
fn document(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The lines of a table or list, without the space that people align columns with.
fn rows(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty() && !line.chars().all(|c| "|-: ".contains(c)))
        .collect()
}

/// Every row that the program prints stands in the document.
#[track_caller]
fn check_repeated(path: &str, printed: &str) {
    let text = document(path);
    let there = rows(&text);
    let mut complaints = Complaints::default();
    for row in rows(printed) {
        if !there.contains(&row) {
            complaints.add(format!("{path}: the program prints, and the document lacks: {row}"));
        }
    }
    complaints.settle();
}

/// Every row of the document's table under a heading is printed by the program.
#[track_caller]
fn check_nothing_more(path: &str, first_row: &str, printed: &str) {
    let text = document(path);
    let printed = rows(printed);
    let table = text
        .lines()
        .skip_while(|line| rows(line).first().is_none_or(|row| row != first_row))
        .take_while(|line| line.trim_start().starts_with('|'))
        .collect::<Vec<_>>()
        .join("\n");
    let mut complaints = Complaints::default();
    for row in rows(&table) {
        if !printed.contains(&row) {
            complaints.add(format!("{path}: the program does not print: {row}"));
        }
    }
    complaints.settle();
}

#[test]
fn the_configuration_table_is_the_programs() {
    let table = printed(&["config", "--markdown"]);
    check_repeated("README.md", &table);
    let first = rows(&table).into_iter().find(|row| row.starts_with('|')).expect("a table");
    check_nothing_more("README.md", &first, &table);
}

#[test]
fn every_route_is_in_the_readme() {
    let readme = document("README.md");
    let mut complaints = Complaints::default();
    let routes = printed(&["routes"]);
    assert!(routes.lines().count() > 10, "{routes}");
    for line in routes.lines().map(|line| line.trim_matches(['|', ' '])) {
        let words: Vec<&str> =
            line.split([' ', '|', '`']).filter(|word| !word.is_empty()).collect();
        let [method, path, ..] = words[..] else { continue };
        if !path.starts_with('/') {
            continue;
        }
        let named = readme.lines().any(|line| line.contains(method) && line.contains(path));
        if !named {
            complaints.add(format!("README.md: nothing about {method} {path}"));
        }
    }
    complaints.settle();
}

#[test]
fn the_packaged_configuration_is_the_example() {
    let example = printed(&["config", "--example"]);
    let packaged = document("packaging/parlour.toml");
    assert_eq!(packaged.trim(), example, "packaging/parlour.toml: run `parlour config --example`");
}

#[test]
fn every_configuration_in_the_readme_is_one() {
    let readme = document("README.md");
    let blocks: Vec<&str> = readme.split("```").skip(1).step_by(2).collect();
    let blocks: Vec<&str> = blocks.into_iter().filter_map(|b| b.strip_prefix("toml\n")).collect();
    assert!(blocks.len() >= 4, "blocks of ```toml in README.md: {}", blocks.len());
    let place = Place::new();
    let file = place.path().join("readme.toml");
    for block in blocks {
        std::fs::write(&file, block).expect("a temporary file");
        let file = file.display().to_string();
        let ran = cli::run(place.path(), &[], &["config", "--check", &file]);
        assert_eq!(ran.code, Some(0), "README.md: {}{}\n{block}", ran.out, ran.err);
    }
}

#[test]
fn shipped_plugins_are_built_from_their_sources() {
    let mut command = std::process::Command::new(root().join("plugins/build"));
    command.arg("--check").current_dir(root());
    let ran = cli::finish(command);
    assert_eq!(ran.code, Some(0), "plugins/dist: {}{}", ran.out, ran.err);
}

#[test]
fn the_plugin_world_is_frozen() {
    use sha2::{Digest, Sha256};
    // Shapes stay as they are for all of version 1. What was there is never touched; a service that the
    // host adds (1.1.0: text.view) is a new function of an interface that plugins import.
    const FROZEN: &str = "ad75f039";
    let digest = Sha256::digest(document("wit/moderation.wit"));
    let begin = digest.iter().take(4).fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
    assert_eq!(
        format!("{begin:08x}"),
        FROZEN,
        "wit/moderation.wit changed: every compiled plugin breaks"
    );
}
