//! The shape of files and folders: length, header, names, marks of unfinished work, words that do not
//! belong here.

use std::collections::BTreeMap;

use super::{
    Complaints,
    sources::{files, root},
};

const LINES_MAX: usize = 500;
const LINES_MEDIAN_MAX: usize = 150;
const LINES_P90_MAX: usize = 330;
const FILES_PER_FOLDER_MAX: usize = 15;
const PUBLIC_NAMES_MAX: usize = 12;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "common", "helpers", "helper", "core", "manager", "service"];

/// Written in two halves, so that this file does not complain about itself.
const MARKS: &[(&str, &str)] = &[
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X"),
    ("unimplemented", "!"),
    ("todo", "!("),
    ("#[ig", "nore"),
    ("dbg", "!("),
];

/// Everything that may lie at the top, dotfiles aside.
const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "src",
    "plugins",
    "wit",
    "tests",
    "packaging",
    "target",
    "data",
];

#[test]
fn files_have_a_header_and_an_end() {
    let mut complaints = Complaints::default();
    for folder in ["src", "tests", "plugins"] {
        for source in files(folder, ".rs") {
            let lines = source.text.lines().count();
            let list = source.text.lines().take(8).any(|line| line.contains("pure list"));
            if lines > LINES_MAX && !list {
                complaints.at(&source, lines, format!("more than {LINES_MAX} lines"));
            }
            if !source.text.starts_with("//! ") {
                complaints.at(&source, 1, "does not say what it is (//!)");
            }
            if !source.text.ends_with('\n') || source.text.contains('\r') {
                complaints.at(&source, lines, "lines end with a line feed, the last one too");
            }
        }
    }
    complaints.settle();
}

#[test]
fn most_files_are_short() {
    let mut lengths: Vec<usize> =
        files("src", ".rs").iter().map(|source| source.text.lines().count()).collect();
    lengths.sort_unstable();
    let at = |percent: usize| lengths[(lengths.len() - 1) * percent / 100];
    assert!(at(50) <= LINES_MEDIAN_MAX, "the median file has {} lines", at(50));
    assert!(at(90) <= LINES_P90_MAX, "one in ten files has {} lines or more", at(90));
}

#[test]
fn nothing_is_left_unfinished() {
    let mut complaints = Complaints::default();
    for folder in ["src", "tests", "plugins", "packaging", "wit"] {
        for ending in [".rs", ".c", ".mjs", ".wit", ".toml", ".service", ".md"] {
            for source in files(folder, ending) {
                for (n, line) in source.text.lines().enumerate() {
                    for (first, second) in MARKS {
                        let mark = format!("{first}{second}");
                        let word = |at: usize| {
                            let before = line[..at].chars().next_back();
                            let after = line[at + mark.len()..].chars().next();
                            let ident = |c: char| c.is_alphanumeric() || c == '_';
                            !before.is_some_and(ident) && !after.is_some_and(ident)
                        };
                        if line.match_indices(&mark).any(|(at, _)| word(at) || mark.ends_with('('))
                        {
                            complaints.at(&source, n + 1, format!("{mark} is unfinished work"));
                        }
                    }
                }
            }
        }
    }
    complaints.settle();
}

#[test]
fn names_say_what_is_inside() {
    let mut complaints = Complaints::default();
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for source in files("src", ".rs").into_iter().chain(files("tests/it", ".rs")) {
        let (folder, file) = source.path.rsplit_once('/').expect("a folder");
        for name in source.path.trim_end_matches(".rs").split('/') {
            if EMPTY_NAMES.contains(&name) {
                complaints.at(&source, 1, format!("`{name}` is no name for a module"));
            }
        }
        assert!(!file.is_empty());
        *folders.entry(folder.to_owned()).or_default() += 1;
    }
    for (folder, count) in folders {
        if count > FILES_PER_FOLDER_MAX {
            complaints.add(format!("{folder}: {count} files, at most {FILES_PER_FOLDER_MAX}"));
        }
    }
    complaints.settle();
}

#[test]
fn faces_of_folders_are_small() {
    let mut complaints = Complaints::default();
    for source in files("src", "/mod.rs") {
        let mut names = 0;
        let mut rest = source.code.as_str();
        while let Some((_, after)) = rest.split_once("pub use ") {
            let (list, next) = after.split_once(';').unwrap_or((after, ""));
            names += list
                .split(',')
                .filter(|part| !part.trim_matches(['{', '}', ' ', '\n']).is_empty())
                .count();
            rest = next;
        }
        names += source.code.lines().filter(|line| line.starts_with("pub mod ")).count();
        if names > PUBLIC_NAMES_MAX {
            let reason = format!("shows {names} names, at most {PUBLIC_NAMES_MAX}");
            complaints.at(&source, 1, reason);
        }
    }
    complaints.settle();
}

#[test]
fn the_top_level_is_the_card() {
    let mut complaints = Complaints::default();
    for entry in std::fs::read_dir(root()).expect("the root").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !TOP.contains(&name.as_str()) {
            complaints.add(format!("{name}: not on the card of the top level"));
        }
    }
    for name in ["LICENSE", "README.md", "src", "plugins", "wit", "tests", "packaging"] {
        if !root().join(name).exists() {
            complaints.add(format!("{name}: missing"));
        }
    }
    complaints.settle();
}

#[test]
fn scripts_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let mut complaints = Complaints::default();
    for path in ["tests/run", "plugins/build", ".ci/run"] {
        match std::fs::metadata(root().join(path)) {
            Ok(about) if about.permissions().mode() & 0o111 == 0o111 => {}
            Ok(_) => complaints.add(format!("{path}: not executable")),
            Err(e) => complaints.add(format!("{path}: {e}")),
        }
    }
    complaints.settle();
}
