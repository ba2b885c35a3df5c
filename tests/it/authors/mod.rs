//! What plugin authors do at the command line: a project, its build, tries, tests, figures, replays.

mod judge;
mod project;
mod replay;
mod tries;

use std::path::{Path, PathBuf};

use crate::harness::{
    cli::{self, Ran},
    place::Place,
};

/// A component of tests/fixtures/plugins/built.
#[track_caller]
fn fixture(name: &str) -> String {
    let path = root().join("tests/fixtures/plugins/built").join(name).with_extension("wasm");
    assert!(path.is_file(), "{} is missing; plugins/build makes it", path.display());
    text(&path)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn run(place: &Place, args: &[&str]) -> Ran {
    cli::run(place.path(), &[], args)
}

/// Fails unless the command failed, with this on standard error and without a panic.
#[track_caller]
fn refused(place: &Place, args: &[&str], said: &str) {
    let ran = run(place, args);
    assert_eq!(ran.code, Some(1), "{args:?}: {ran:?}");
    assert!(ran.err.contains(said), "{args:?}: {:?} instead of {said:?}", ran.err);
    assert!(!ran.err.contains("panicked"), "{ran:?}");
}

/// Writes a file of the test and returns its path.
#[track_caller]
fn put(place: &Place, name: &str, content: &str) -> String {
    let path: PathBuf = place.join(name);
    std::fs::write(&path, content).expect("a file");
    text(&path)
}
