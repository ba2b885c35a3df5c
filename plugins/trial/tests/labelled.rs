//! Precision and recall of the built-in plugins over the labelled set, with a floor under each figure.
//! `cargo test -p parlour-trial --test labelled -- --nocapture` prints the table and what went wrong.

use std::path::Path;

use parlour_trial::builtin;
use parlour_trial::score::{Score, ask, read};

fn score() -> Score {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation");
    let cases = read(&folder).unwrap_or_else(|e| panic!("{e}"));
    let judges = builtin();
    let mut score = Score::default();
    for case in &cases {
        let findings: Vec<_> = judges.iter().flat_map(|judge| ask(judge, case)).collect();
        score.count(case, &findings);
    }
    score
}

/// Category, level, least recall, least precision.
const FLOORS: &[(&str, &str, f64, f64)] = &[
    ("phone", "plain", 0.995, 0.995),
    ("phone", "obfuscated", 0.95, 0.98),
    ("email", "plain", 0.995, 0.995),
    ("email", "obfuscated", 0.95, 0.98),
    ("link", "plain", 0.995, 0.995),
    ("link", "obfuscated", 0.95, 0.98),
    ("profanity", "plain", 0.95, 0.98),
    ("profanity", "obfuscated", 0.90, 0.98),
];

#[test]
fn figures_stay_above_their_floors() {
    let score = score();
    println!(
        "{:<10} {:<11} {:>6} {:>7} {:>9} {:>6}",
        "category", "level", "labels", "recall", "precision", "exact"
    );
    for ((category, level), t) in &score.tallies {
        println!(
            "{category:<10} {level:<11} {:>6} {:>7.4} {:>9.4} {:>6.3}",
            t.labels,
            t.recall(),
            t.precision(),
            t.exactness()
        );
    }
    println!("innocent messages touched: {} of {}", score.innocent.1, score.innocent.0);
    score.wrong.iter().for_each(|line| println!("{line}"));
    for (category, level, recall, precision) in FLOORS {
        let tally = score.tallies[&((*category).to_owned(), (*level).to_owned())];
        assert!(tally.recall() >= *recall, "{category} {level}: recall {}", tally.recall());
        assert!(
            tally.precision() >= *precision,
            "{category} {level}: precision {}",
            tally.precision()
        );
        assert!(tally.exactness() >= 0.95, "{category} {level}: exact {}", tally.exactness());
    }
    let (all, touched) = score.innocent;
    assert!(f64::from(touched) <= 0.005 * f64::from(all), "{touched} of {all} innocent messages");
}
