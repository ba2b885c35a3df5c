//! How long the detectors take natively: nanoseconds a byte of the labelled set and of messages of 200 and
//! 2,000 characters, each plugin with the host's view of the text included, and what the view takes of
//! that. `cargo run --profile plugin -p parlour-trial --bin pace`.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use parlour_trial::judge::ask;
use parlour_trial::mail::letters;
use parlour_trial::quality::{LabelledCase, read_set};
use parlour_trial::{builtin, fold};

const ROUNDS: u32 = 10;
const LETTERS: usize = 120;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation");
    let labelled = match read_set(&folder) {
        Ok(set) => set.cases,
        Err(sentence) => {
            eprintln!("pace: {sentence}");
            return ExitCode::FAILURE;
        }
    };
    let sets = [labelled, letters(LETTERS, 200), letters(LETTERS / 4, 2000)];
    println!("ns/byte    {:>9} {:>9} {:>9}", "labelled", "200", "2000");
    row("view", &sets, |case| {
        black_box(fold(&case.text));
    });
    for judge in builtin() {
        row(judge.id, &sets, |case| {
            black_box(ask(&judge, case));
        });
    }
    ExitCode::SUCCESS
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is about the real clock")]
fn row(name: &str, sets: &[Vec<LabelledCase>], look: impl Fn(&LabelledCase)) {
    let paces = sets.iter().map(|cases| {
        let bytes: usize = cases.iter().map(|case| case.text.len()).sum();
        // The fastest round is the one that was disturbed least.
        let rounds = (0..ROUNDS).map(|_| {
            let began = Instant::now();
            cases.iter().for_each(&look);
            began.elapsed().as_nanos() as f64
        });
        rounds.fold(f64::MAX, f64::min) / bytes.max(1) as f64
    });
    let paces: Vec<String> = paces.map(|pace| format!("{pace:>9.1}")).collect();
    println!("{name:<10} {}", paces.join(" "));
}
