//! The built-in plugins over the labelled messages and 10,000 made ones, natively, with a floor under every
//! figure. `cargo test -p parlour-trial --test labelled -- --nocapture` prints the tables and what went
//! wrong; `cargo run -p parlour-trial --bin quality -- floors` sets the floors anew.

use parlour_trial::judge::judge_set;
use parlour_trial::quality::{CaseSet, Floors, generate, table};
use parlour_trial::sets::{GENERATED, floors_file, present};

#[track_caller]
fn check(set: &CaseSet) {
    let file = floors_file();
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let floors = Floors::read(&text).unwrap_or_else(|e| panic!("{}:{e}", file.display()));
    let score = judge_set(set);
    println!("{}", table(&set.name, &score, true));
    let again = "`cargo run -p parlour-trial --bin quality -- floors` sets them anew";
    assert!(floors.names(&set.name), "{} has no floors; {again}", set.name);
    let missed = floors.missed(&set.name, &score.rows());
    assert!(missed.is_empty(), "{again}\n{}", missed.join("\n"));
}

#[test]
fn labelled_messages_stay_above_their_floors() {
    present().unwrap_or_else(|e| panic!("{e}")).iter().for_each(check);
}

#[test]
fn made_messages_stay_above_their_floors() {
    for (count, seed) in GENERATED {
        check(&generate(count, seed));
    }
}
