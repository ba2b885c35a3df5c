//! Moderation from outside: what is masked on its way, plugins that come and go, plugins that fail.

mod administration;
mod contacts;
mod hostile;
mod languages;
mod mask;
mod recovery;
mod split;
mod swap;

use std::path::{Path, PathBuf};

/// A component of tests/fixtures/plugins/built, by its path below it without `.wasm`.
#[track_caller]
fn fixture(name: &str) -> PathBuf {
    let path = built().join(name).with_extension("wasm");
    assert!(path.is_file(), "{} is missing; plugins/build makes it", path.display());
    path
}

fn built() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plugins/built")
}

/// Puts a file into the directory of plugins as a careful administrator does: whole or not at all.
#[track_caller]
fn drop_in(from: &Path, plugins: &Path, id: &str) {
    let unfinished = plugins.join(format!(".{id}.tmp"));
    std::fs::copy(from, &unfinished).expect("a copy of the plugin");
    std::fs::rename(&unfinished, plugins.join(format!("{id}.wasm"))).expect("in its place");
}
