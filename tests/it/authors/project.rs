//! `parlour plugin new` and `parlour plugin build`: a project outside of this repository.

use std::{fs, process::Command};

use serde_json::json;

use super::{refused, root, run, text};
use crate::harness::{cli, place::Place};

/// Cargo for a project in a test: without the network, with the versions of this repository.
fn cargo(place: &Place, project: &str, args: &[&str]) -> Command {
    let lock = place.join(project).join("Cargo.lock");
    fs::copy(root().join("Cargo.lock"), lock).expect("the versions of the repository");
    let mut command = Command::new(env!("CARGO"));
    command.args(args).current_dir(place.join(project));
    command.env("CARGO_TARGET_DIR", place.join("target")).env("CARGO_NET_OFFLINE", "true");
    command
}

#[test]
fn a_new_project_compiles_and_passes_its_tests() {
    let place = Place::new();
    let made = run(&place, &["plugin", "new", "my-filter", "--format", "json"]).json();
    assert_eq!(made["id"], json!("my-filter"));
    for file in ["Cargo.toml", "manifest.json", "cases.jsonl", "README.md", "src/lib.rs"] {
        assert!(place.join("my-filter").join(file).is_file(), "{file} in {made}");
    }
    let tested = cargo(&place, "my-filter", &["test", "--offline", "--quiet"]);
    let tested = cli::finish_within(600, tested);
    assert_eq!(tested.code, Some(0), "{tested:?}");
    refused(&place, &["plugin", "new", "my-filter"], "is there already and not empty");
    assert!(place.join("my-filter/src/lib.rs").is_file(), "nothing of it is touched");
    run(&place, &["plugin", "new", "other", "--dir", "deep/er"]).text();
    assert!(place.join("deep/er/Cargo.toml").is_file());
}

/// Whether the compiler of this machine has the library of the target. Debian's would build it, which
/// takes minutes.
fn has_target() -> bool {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]);
    let said = cli::finish(command);
    let mut names = fs::read_dir(said.out.trim()).into_iter().flatten().flatten();
    names.any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
}

#[test]
fn a_new_project_becomes_a_plugin() {
    if !has_target() {
        // Its native build is tested above; what is missing is said below.
        return;
    }
    let place = Place::new();
    run(&place, &["plugin", "new", "my-filter"]).text();
    // Writes the versions.
    let fetched = cli::finish(cargo(&place, "my-filter", &["metadata", "--offline", "--quiet"]));
    assert_eq!(fetched.code, Some(0), "{fetched:?}");
    let env = [("CARGO_NET_OFFLINE".to_owned(), "true".to_owned())];
    let built = cli::run(place.path(), &env, &["plugin", "build", "my-filter"]);
    assert!(built.text().contains("my-filter"), "{built:?}");
    let file = text(&place.join("my-filter/my-filter.wasm"));
    run(&place, &["plugin", "check", &file]).text();
    let cases = text(&place.join("my-filter/cases.jsonl"));
    let json = ["plugin", "test", &file, "--cases", &cases, "--format", "json", "--wrong"];
    let tested = run(&place, &json).json();
    assert_eq!(tested["sets"][0]["wrong"], json!([]), "{tested}");
}

#[test]
fn what_cannot_be_made_or_built_is_explained() {
    let place = Place::new();
    let long = "x".repeat(33);
    for id in ["", "Upper", "1st", "under_score", "a/b", "..", "naïve", &long] {
        refused(&place, &["plugin", "new", "--", id], "no id for a plugin");
    }
    refused(&place, &["plugin", "new", "x", "--dir", "/dev/null/x"], "/dev/null/x");
    refused(&place, &["plugin", "build"], "has no Cargo.toml");
    refused(&place, &["plugin", "build", "/nowhere"], "has no Cargo.toml");
    run(&place, &["plugin", "new", "x"]).text();
    let nothing = [("PATH".to_owned(), text(place.path()))];
    let ran = cli::run(place.path(), &nothing, &["plugin", "build", "x"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("https://rustup.rs"), "{ran:?}");
    assert!(!place.join("x/x.wasm").exists());
}
