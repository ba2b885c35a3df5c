//! The built-in plugins over the labelled messages, natively, with a floor under every figure.
//! `cargo test -p parlour-trial --test labelled -- --nocapture` prints the tables and what went wrong.

use std::path::{Path, PathBuf};

use parlour_trial::judge::judge_set;
use parlour_trial::quality::{read_set, table};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation")
}

#[test]
fn figures_stay_above_their_floors() {
    let set = read_set(&folder()).unwrap_or_else(|e| panic!("{e}"));
    let score = judge_set(&set);
    println!("{}", table("seen", &score, true));
}
