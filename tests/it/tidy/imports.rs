//! Who may import whom, which vendor belongs to which folder, and what pure code must not know.

use super::{
    Complaints,
    sources::{Source, files},
};

/// A folder and the folders that it may import, its own aside.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("wire", &[]),
    ("dialect", &["domain", "wire"]),
    ("runtime", &["domain"]),
    ("store", &["domain"]),
    ("moderation", &["domain", "runtime"]),
    // Tokens end: the clock of `runtime` is auth's only ambient power.
    ("auth", &["domain", "store", "runtime"]),
    ("hub", &["domain"]),
    ("chat", &["domain", "runtime", "store", "moderation", "hub", "auth"]),
    ("courier", &["domain", "runtime", "store"]),
    ("gateway", &["domain", "wire", "dialect", "runtime", "hub", "chat", "auth"]),
    ("ui", &[]),
    ("http", &["domain", "wire", "dialect", "runtime", "chat", "auth", "gateway", "ui"]),
    (
        "ops",
        &[
            "domain",
            "wire",
            "dialect",
            "runtime",
            "store",
            "moderation",
            "auth",
            "hub",
            "chat",
            "courier",
            "gateway",
            "ui",
            "http",
        ],
    ),
];

/// A vendor and the folders that may name it.
const VENDORS: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    ("crc32c", &["store"]),
    ("wasmtime", &["moderation"]),
    ("wasmparser", &["moderation"]),
    ("wit_component", &["moderation"]),
    ("argon2", &["auth"]),
    ("jsonwebtoken", &["auth"]),
    ("fastwebsockets", &["gateway", "http"]),
    ("hyper", &["http", "gateway", "courier"]),
    ("hyper_util", &["http", "gateway", "courier"]),
    ("http_body_util", &["gateway", "http", "courier"]),
    ("rmp_serde", &["wire", "store"]),
    ("tracing_subscriber", &["ops"]),
    ("listenfd", &["ops"]),
    ("sd_notify", &["ops"]),
    // The store filters one call; a test of moderation forbids itself executable memory.
    ("seccompiler", &["store", "moderation"]),
    ("toml", &["ops"]),
    (
        "tokio",
        &["runtime", "moderation", "auth", "hub", "chat", "courier", "gateway", "http", "ops"],
    ),
    ("serde", &["wire", "dialect", "store", "moderation", "auth", "courier", "http", "ops"]),
    ("serde_json", &["wire", "dialect", "moderation", "auth", "courier", "http", "ops"]),
];

/// Folders without IO, clock and waiting, and what they must not name.
const PURE: &[&str] = &["domain", "wire", "dialect"];
const IMPURE: &[&str] = &[
    "async",
    "tokio",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "SystemTime",
    "Instant",
    "tracing",
    "getrandom",
];

/// Words of other people's protocols, which the middle of the house must not know.
const FOREIGN: &[&str] = &["pusher", "socketio", "laravel", "sms", "unet"];
const MIDDLE: &[&str] = &["domain", "chat", "store"];

/// Where the words stand in the code, as whole paths or words.
fn places(source: &Source, word: &str) -> Vec<usize> {
    let ident = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    source
        .code
        .match_indices(word)
        .filter(|(at, _)| {
            !ident(source.code[..*at].chars().next_back())
                && !ident(source.code[at + word.len()..].chars().next())
        })
        .map(|(at, _)| source.line_of(at))
        .collect()
}

/// The first names after every `crate::`, with their lines.
fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = vec![];
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push((at, first_name(rest)));
            continue;
        };
        let mut depth = 0;
        let mut begins = true;
        for (offset, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && depth == 0 && !c.is_whitespace() => {
                    found.push((at, first_name(&group[offset..])));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// How many `super` stand in a row here, and the name after them.
fn climbs(code: &str) -> Vec<(usize, usize, String)> {
    let mut found = vec![];
    let mut next_free = 0;
    for (at, _) in code.match_indices("super::") {
        if at < next_free {
            continue;
        }
        let mut end = at;
        let mut count = 0;
        while code[end..].starts_with("super::") {
            end += "super::".len();
            count += 1;
        }
        next_free = end;
        found.push((at, count, first_name(&code[end..])));
    }
    found
}

#[test]
fn imports_point_one_way() {
    let mut complaints = Complaints::default();
    for source in files("src", ".rs") {
        let folder = source.folder().to_owned();
        if folder == "main.rs" {
            continue;
        }
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == folder) else {
            complaints.at(&source, 1, format!("{folder} is no folder of the architecture"));
            continue;
        };
        for (at, name) in imports(&source.code) {
            if name != folder && !allowed.contains(&name.as_str()) {
                let line = source.line_of(at);
                complaints.at(&source, line, format!("{folder} must not import crate::{name}"));
            }
        }
        let own = source.path.trim_start_matches("src/");
        let depth = own.matches('/').count() - usize::from(own.ends_with("/mod.rs"));
        let inner_modules = 1;
        for (at, count, name) in climbs(&source.code) {
            if count > depth + 1 + inner_modules {
                let line = source.line_of(at);
                complaints.at(&source, line, format!("super leaves the folder towards {name}"));
            }
        }
    }
    complaints.settle();
}

/// The dialects and the protocols; none of them knows another, save socketio, which speaks engineio.
const SIBLINGS: &[(&str, &[&str])] = &[
    ("wire", &["engineio", "socketio", "pusher", "native", "websocket"]),
    ("dialect", &["sms", "unet", "support", "orders", "plain"]),
];

#[test]
fn siblings_do_not_know_each_other() {
    let mut complaints = Complaints::default();
    for (parent, names) in SIBLINGS {
        for source in files(&format!("src/{parent}"), ".rs") {
            let own = source.path.split('/').nth(2).unwrap_or_default().trim_end_matches(".rs");
            for other in names.iter().filter(|name| **name != own && names.contains(&own)) {
                let exempt = own == "socketio" && *other == "engineio";
                for path in [format!("{parent}::{other}"), format!("super::super::{other}")] {
                    for line in places(&source, &path).into_iter().filter(|_| !exempt) {
                        complaints.at(&source, line, format!("{own} must not know {other}"));
                    }
                }
            }
        }
    }
    complaints.settle();
}

#[test]
fn each_vendor_has_its_folders() {
    let mut complaints = Complaints::default();
    for source in files("src", ".rs") {
        let folder = source.folder().to_owned();
        for (vendor, folders) in VENDORS {
            if folder == "main.rs" || folders.contains(&folder.as_str()) {
                continue;
            }
            for line in places(&source, &format!("{vendor}::")) {
                complaints.at(&source, line, format!("{vendor} belongs to {}", folders.join(", ")));
            }
        }
    }
    complaints.settle();
}

#[test]
fn pure_code_is_pure() {
    let mut complaints = Complaints::default();
    let sources = PURE.iter().flat_map(|folder| files(&format!("src/{folder}"), ".rs"));
    for source in sources.filter(|source| !source.is_test()) {
        for word in IMPURE {
            for line in places(&source, word) {
                complaints.at(&source, line, format!("{word} in pure code"));
            }
        }
        if source.folder() == "domain" {
            for line in places(&source, "serde").into_iter().chain(places(&source, "serde_json")) {
                complaints.at(&source, line, "the domain is not serialized");
            }
        }
    }
    complaints.settle();
}

#[test]
fn the_middle_speaks_no_dialect() {
    let mut complaints = Complaints::default();
    let sources = MIDDLE.iter().flat_map(|folder| files(&format!("src/{folder}"), ".rs"));
    for source in sources.filter(|source| !source.is_test()) {
        for (n, line) in source.text.lines().enumerate() {
            let words = line.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
            for word in words.filter(|word| FOREIGN.contains(&word.as_str())) {
                complaints.at(&source, n + 1, format!("{word} is a word of a dialect"));
            }
        }
    }
    complaints.settle();
}

#[test]
fn imports_are_found() {
    let names = |code: &str| imports(code).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    assert_eq!(names("use crate::chat::Chat;"), ["chat"]);
    assert_eq!(names("use crate::{\n  a::{b, c},\n  d,\n  e::f,\n};"), ["a", "d", "e"]);
    assert_eq!(names("crate::x::y(); pub(crate) fn z() {}"), ["x"]);
    assert_eq!(climbs("super::super::a; super::b"), [(0, 2, "a".into()), (17, 1, "b".into())]);
}
