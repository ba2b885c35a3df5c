//! How large the executable is: the one that was measured and, where it was built, the static one.

use std::{fs, path::Path};

use super::Bench;
use crate::trouble::{Outcome, While};

const NAME: &str = "executable";

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let dynamic = Path::new(env!("CARGO_BIN_EXE_parlour"));
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    weigh(bench, &format!("{profile}, dynamic"), dynamic)?;
    if let Some(path) = bench.static_build.clone() {
        weigh(bench, "release, static", &path)?;
    }
    Ok(())
}

fn weigh(bench: &mut Bench, subject: &str, path: &Path) -> Outcome<()> {
    let bytes = fs::metadata(path).doing(&path.display().to_string())?.len();
    bench.report.count(NAME, subject, "bytes", bytes);
    Ok(())
}
