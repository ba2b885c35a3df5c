//! Where the labelled messages lie, and which are made beside them.

use std::path::{Path, PathBuf};

use crate::quality::{CaseSet, read_set};

/// How many messages are made, from which seed: the large number natively, the small one through the
/// sandbox.
pub const GENERATED: [(u32, u64); 2] = [(10_000, 1), (2_000, 1)];

/// The labelled messages: those that everybody sees and those that nobody looks at while writing rules.
/// The latter may be missing.
///
/// # Errors
/// A sentence with the file and line that cannot be used.
pub fn present() -> Result<Vec<CaseSet>, String> {
    let mut sets = vec![read_set(&folder())?];
    let unseen = folder().join("unseen");
    if unseen.is_dir() {
        sets.push(read_set(&unseen)?);
    }
    Ok(sets)
}

/// The floors under their figures.
#[must_use]
pub fn floors_file() -> PathBuf {
    folder().join("floors.tsv")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation")
}
