//! Mutated conversations through the whole chain: no panic, no answer that the host would not believe.
//!
//! `PARLOUR_TRIAL_INPUTS=1000000 cargo test --release -p parlour-trial --test many` tries a million.
//! An input follows from its number alone, so that a failure is tried again by its number.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use parlour_guest::{Context, Earlier, FINDINGS_MAX, Message, SPANS_MAX, bounded};
use parlour_trial::quality::{LabelledCase, read_set};
use parlour_trial::{Judge, builtin};

/// What a run of the tests affords.
const INPUTS: u64 = 4_000;

const HISTORY_MAX: u64 = 20;

/// What people put between, into and around what must not be seen.
const GLUE: [&str; 48] = [
    "",
    " ",
    "\n",
    "\t",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{ad}",
    "\u{202e}",
    "\u{301}",
    "\u{336}",
    "\u{20e3}",
    "\u{fe0f}",
    "\u{1f525}",
    "\u{a0}",
    "\u{2028}",
    "@",
    ".",
    ",",
    "-",
    "_",
    "*",
    "/",
    "\\",
    "(",
    ")",
    "[",
    "]",
    "{",
    "'",
    "\"",
    "://",
    "www.",
    "t.me/",
    "0",
    "７",
    "٣",
    "\u{1d7d6}",
    "①",
    "½",
    "ﬁ",
    "ﷺ",
    "İ",
    "сорок",
    "собака",
    "точка",
    "dot",
    "\u{1f1fa}\u{1f1e6}",
];

/// A generator of numbers (xorshift64*), one for each input.
struct Dice(u64);

impl Dice {
    fn of(number: u64) -> Self {
        let mut dice = Self(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d | 1);
        dice.roll(2);
        dice
    }

    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or(0) % below.max(1)
    }
}

/// A piece of a labelled message, cut anywhere.
fn piece(dice: &mut Dice, cases: &[LabelledCase]) -> Vec<char> {
    let text: Vec<char> = cases[dice.roll(cases.len())].text.chars().collect();
    let (a, b) = (dice.roll(text.len() + 1), dice.roll(text.len() + 1));
    text[a.min(b)..a.max(b)].to_vec()
}

fn mutated(dice: &mut Dice, cases: &[LabelledCase]) -> String {
    let mut text: Vec<char> = cases[dice.roll(cases.len())].text.chars().collect();
    for _ in 0..dice.roll(6) {
        let at = dice.roll(text.len() + 1);
        match dice.roll(8) {
            0 => drop(text.splice(at..at, piece(dice, cases))),
            1 => drop(text.drain(at..text.len().min(at + dice.roll(9)))),
            2 => text.truncate(at),
            3 => text = text.iter().flat_map(|c| [*c, ' ']).collect(),
            4 => {
                let glue: Vec<char> = GLUE[dice.roll(GLUE.len())].chars().collect();
                text = text.iter().flat_map(|c| std::iter::once(*c).chain(glue.clone())).collect();
            }
            5 => {
                let again = text[at..].repeat(1 + dice.roll(4));
                text.extend(again);
            }
            6 => {
                let any = u32::try_from(dice.roll(0x11_0000)).ok().and_then(char::from_u32);
                text.splice(at..at, any);
            }
            _ => drop(text.splice(at..at, GLUE[dice.roll(GLUE.len())].chars())),
        }
        text.truncate(4_000);
    }
    text.into_iter().collect()
}

/// A message and its past; the past is sometimes the message again.
fn input(number: u64, cases: &[LabelledCase]) -> (String, Vec<Earlier>) {
    let mut dice = Dice::of(number);
    let text = mutated(&mut dice, cases);
    let mut bytes = 0;
    let mut history = Vec::new();
    for n in 0..number % 3 * number % (HISTORY_MAX + 1) {
        let again = dice.roll(4) == 0;
        let earlier = if again { text.clone() } else { mutated(&mut dice, cases) };
        bytes += earlier.len();
        if bytes > 8 << 10 {
            break;
        }
        history.push(Earlier {
            id: n.to_string(),
            age_seconds: u32::try_from(n).unwrap_or(0) * 9,
            same_sender: dice.roll(5) > 0,
            text: earlier,
        });
    }
    (text, history)
}

fn check(judges: &[Judge], number: u64, cases: &[LabelledCase]) {
    let (text, history) = input(number, cases);
    let message = Message { text: text.clone(), ..Message::default() };
    let context = Context { history, ..Context::default() };
    for judge in judges {
        let asked = catch_unwind(AssertUnwindSafe(|| bounded(judge.check(&message, &context))));
        let found = asked.unwrap_or_else(|_| panic!("{}: input {number}: {text:?}", judge.id));
        let spans = found.iter().map(|finding| finding.spans.len()).sum::<usize>();
        let mut good = found.len() <= FINDINGS_MAX && spans <= SPANS_MAX;
        for finding in &found {
            let extra = finding.extra.iter().flat_map(|(key, value)| [key, value]);
            good &= extra.chain([&finding.rule]).all(|string| string.len() <= 256);
            good &= finding.confidence <= 100;
            for (of, span) in &finding.spans {
                let about = match *of as usize {
                    0 => Some(&text),
                    n => context.history.get(n - 1).map(|earlier| &earlier.text),
                };
                let part = about.and_then(|t| t.get(span.start as usize..span.end as usize));
                good &= part.is_some_and(|part| !part.is_empty());
            }
        }
        assert!(good, "{}: input {number}: {text:?}: {found:?}", judge.id);
    }
}

#[test]
fn mutated_conversations_get_answers_that_the_host_believes() {
    #[expect(clippy::disallowed_methods, reason = "there is no other way to ask for more of a test")]
    let inputs = std::env::var("PARLOUR_TRIAL_INPUTS").ok().and_then(|n| n.parse().ok());
    let inputs: u64 = inputs.unwrap_or(INPUTS);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation");
    let cases = read_set(&folder).unwrap_or_else(|e| panic!("{e}")).cases;
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let judges = builtin();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= inputs {
                        break;
                    }
                    check(&judges, number, &cases);
                    if number > 0 && number.is_multiple_of(100_000) {
                        println!("{number} inputs");
                    }
                }
            });
        }
    });
    println!("{inputs} inputs");
}
