//! The files of the repository and their code without comments and texts. Judges nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One file.
pub(super) struct Source {
    /// From the root of the repository.
    pub(super) path: String,
    pub(super) text: String,
    /// The text with comments, literals and `#[cfg(test)]` blanks as spaces; same lines, same columns.
    pub(super) code: String,
}

impl Source {
    /// The first folder below `src`, or the file's own name there.
    pub(super) fn folder(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap_or(below)
    }

    /// Whether its parent declares it, or a folder that it lies in, for tests only.
    pub(super) fn is_test(&self) -> bool {
        let mut path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        while let Some((parent, name)) = path.rsplit_once('/') {
            let declared = ["mod", "pub mod", "pub(crate) mod", "pub(super) mod"]
                .map(|mod_| format!("#[cfg(test)]\n{mod_} {name};"));
            let parents = [format!("{parent}/mod.rs"), format!("{parent}.rs")];
            let texts = parents.iter().filter_map(|p| fs::read_to_string(root().join(p)).ok());
            if texts.into_iter().any(|text| declared.iter().any(|line| text.contains(line))) {
                return true;
            }
            path = parent;
        }
        false
    }

    /// The line of a byte of the text.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1
    }
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with this ending, in order, without what is built.
pub(super) fn files(folder: &str, ending: &str) -> Vec<Source> {
    let mut paths = vec![];
    walk(&root().join(folder), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            let path = path.strip_prefix(root()).expect("below the root");
            let code = if ending == ".rs" { code_of(&text) } else { String::new() };
            Some(Source { path: path.to_string_lossy().into_owned(), text, code })
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !["target", "node_modules", ".git", "data"].iter().any(|built| name == *built) {
                walk(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Blanks comments, texts and characters.
fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped(bytes, at);
        if end > at {
            code[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
            at = end;
        } else {
            at += 1;
        }
    }
    String::from_utf8(code).expect("blanks keep it UTF-8")
}

/// Where a comment or literal that begins here ends; `at` if none does.
fn skipped(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let until = |needle: &[u8], from: usize| {
        rest[from..]
            .windows(needle.len())
            .position(|window| window == needle)
            .map_or(bytes.len(), |found| at + from + found + needle.len())
    };
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => until(b"\n", 0).saturating_sub(1).max(at),
        [b'/', b'*', ..] => until(b"*/", 2),
        [b'r', b'"' | b'#', ..] if !word_before => {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            if rest.get(1 + hashes) != Some(&b'"') {
                return at;
            }
            let closing = [&b"\""[..], &b"#".repeat(hashes)].concat();
            until(&closing, 2 + hashes)
        }
        [b'"', ..] => {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(bytes.len())
        }
        [b'\'', b'\\', ..] => until(b"'", 3),
        [b'\'', ..] => {
            // A lifetime has no closing quote after one character.
            let width = match rest.get(1) {
                Some(0xf0..) => 4,
                Some(0xe0..) => 3,
                Some(0xc0..) => 2,
                _ => 1,
            };
            if rest.get(1 + width) == Some(&b'\'') { at + width + 2 } else { at }
        }
        _ => at,
    }
}

#[test]
fn comments_and_literals_are_no_code() {
    let text = "a // b\n/* c */ \"d\\\"e\" r#\"f\"# 'g' '\\'' x<'h> 'я' i";
    let code = code_of(text);
    assert_eq!(code.len(), text.len());
    for letter in ["b", "c", "d", "e", "f", "g", "я"] {
        assert!(!code.contains(letter), "{letter} in {code}");
    }
    for letter in ["a", "h", "i"] {
        assert!(code.contains(letter), "{letter} not in {code}");
    }
}
