//! Learns what `contacts` knows, from the labelled messages that everybody may see: `train FILE` writes
//! the model (`plugins/contacts/model.bin`), `train FILE --without PREFIX` from all but the files whose
//! names begin so, to see what becomes of messages that it has not seen. Takes about ten seconds; the same
//! messages give the same model. `cargo run --release -p parlour-trial --bin train -- FILE`.
//!
//! A conditional random field with two labels by stochastic gradient descent (`AdaGrad`, Duchi, Hazan and
//! Singer 2011), three of ten observations left out at random each time so that no single word decides
//! (dropout, Srivastava et al. 2014); then the kinds of the labelled contacts.

mod kinds;

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;

use contacts::model::{KINDS, Numbers, ROWS, packed, row};
use contacts::reading::{Row, seen};
use parlour_guest::Earlier;
use parlour_trial::quality::LabelledCase;
use parlour_trial::{fold, sets};

const ROUNDS: usize = 16;
const RATE: f32 = 0.1;
/// Fewest conversations in which something is seen that is learned.
const COMMON: usize = 3;
/// Of 65,536 observations so many are left out.
const DROPPED: u64 = 19_661;
/// What a wrong contact and a missed one must be worse by, so that the difference is learned: a wrong one
/// costs more.
const WRONG: f32 = 0.5;
const MISSED: f32 = 0.25;
/// Gradients smaller than this change nothing.
const SMALL: f32 = 0.003;
/// Share of the weights that are as they were learned; the few beyond are as large as the largest of these.
const EXACT: f32 = 0.99;

/// A conversation as observations, and what each atom is: 0 or one more than the number of a kind.
#[derive(Default)]
struct Example {
    seen: Vec<u32>,
    ends: Vec<usize>,
    labels: Vec<usize>,
    contacts: Vec<kinds::Contact>,
}

/// What was learned for and against a contact.
struct Chain {
    weights: Vec<f32>,
    after: [f32; 4],
}

/// A weight's gradients so far, squared.
type Past = Vec<f32>;

struct Random(u64);

impl Random {
    const fn new() -> Self {
        Self(88_172_645_463_325_252)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The numbers below `len` in some order.
    fn order(&mut self, len: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..len).collect();
        for i in (1..len).rev() {
            let j = usize::try_from(self.next() % (i as u64 + 1)).unwrap_or(0);
            order.swap(i, j);
        }
        order
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words[..] {
        [file] => train(file, None),
        [file, "--without", prefix] => train(file, Some(prefix)),
        _ => Err("usage: train FILE [--without PREFIX]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("train: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn train(file: &str, without: Option<&str>) -> Result<(), String> {
    let sets = sets::present()?;
    let cases = sets.first().map_or(&[][..], |set| &set.cases);
    let left_out = |case: &&LabelledCase| {
        let name = case.place.rsplit('/').next().unwrap_or_default();
        without.is_none_or(|prefix| !name.starts_with(prefix))
    };
    let mut examples: Vec<Example> =
        cases.iter().filter(left_out).filter_map(Example::of).collect();
    let contacts: Vec<kinds::Contact> =
        examples.iter_mut().flat_map(|example| std::mem::take(&mut example.contacts)).collect();
    forget_rare(&mut examples);
    let kinds = kinds::learn(&contacts);
    eprintln!("{} conversations, {} contacts", examples.len(), contacts.len());
    let chain = learn(&examples);
    std::fs::write(file, model(&chain, &kinds)).map_err(|e| format!("{file}: {e}"))
}

// === impl Example ===

impl Example {
    fn of(case: &LabelledCase) -> Option<Self> {
        let history = case.history.iter().map(|past| Earlier {
            id: String::new(),
            age_seconds: past.age_seconds,
            same_sender: past.same_sender,
            text: past.text.clone(),
        });
        let row = Row::of(&case.text, &history.collect::<Vec<_>>(), fold);
        let mut example = Self::default();
        for n in row.inner() {
            let atom = row.atoms[n];
            seen(&row.atoms, n, |what| example.seen.push(what));
            example.ends.push(example.seen.len());
            let label = case.labels.iter().find_map(|label| {
                let span = label.span.clone()?;
                let (start, end) = (atom.span.start as usize, atom.span.end as usize);
                let here = atom.message.is_some_and(|message| message as usize == label.message);
                let kind = KINDS.iter().position(|kind| *kind == label.category)?;
                (here && start < span.end && end > span.start).then_some(kind + 1)
            });
            example.labels.push(label.unwrap_or(0));
        }
        let mut start = row.inner().start;
        for group in example.labels.chunk_by(|a, b| a == b) {
            let end = start + group.len();
            if let Some(kind) = group[0].checked_sub(1) {
                example.contacts.push(kinds::Contact::of(&row.atoms, &(start..end), kind));
            }
            start = end;
        }
        (!example.labels.is_empty()).then_some(example)
    }

    fn seen(&self, atom: usize) -> &[u32] {
        let start = atom.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.seen[start..self.ends[atom]]
    }

    /// With some of what is seen.
    fn with(&self, mut is_kept: impl FnMut(u32) -> bool) -> Self {
        let mut thin = Self { labels: self.labels.clone(), ..Self::default() };
        for atom in 0..self.labels.len() {
            thin.seen.extend(self.seen(atom).iter().filter(|what| is_kept(**what)));
            thin.ends.push(thin.seen.len());
        }
        thin
    }
}

/// Leaves out what few conversations show: who learns by heart is lost among strangers.
fn forget_rare(examples: &mut [Example]) {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for example in examples.iter() {
        let shown: HashSet<u32> = example.seen.iter().copied().collect();
        shown.into_iter().for_each(|what| *counts.entry(what).or_default() += 1);
    }
    for example in examples {
        let is_common = |what: &u32| counts.get(what).is_some_and(|count| *count >= COMMON);
        *example = example.with(|what| is_common(&what));
    }
}

fn log_sum(a: f32, b: f32) -> f32 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    high + (low - high).exp().ln_1p()
}

// === impl Chain ===

impl Chain {
    /// For each atom the probability that it belongs to a contact, and how often each label is expected
    /// after each, if wrong readings were as much better as they must be worse.
    fn expect(&self, example: &Example) -> (Vec<f32>, [f32; 4]) {
        let evidence = |atom: usize| {
            let sum: f32 = example.seen(atom).iter().map(|what| self.weights[row(*what)]).sum();
            if example.labels[atom] == 0 { (0.0, sum + WRONG) } else { (MISSED, sum) }
        };
        let evidence: Vec<(f32, f32)> = (0..example.labels.len()).map(evidence).collect();
        let [nn, ns, sn, ss] = self.after;
        let mut ahead = vec![evidence[0]];
        for (none, some) in &evidence[1..] {
            let (n, s) = ahead[ahead.len() - 1];
            ahead.push((log_sum(n + nn, s + sn) + none, log_sum(n + ns, s + ss) + some));
        }
        let mut back = vec![(0.0, 0.0); evidence.len()];
        for i in (1..evidence.len()).rev() {
            let (n, s) = (evidence[i].0 + back[i].0, evidence[i].1 + back[i].1);
            back[i - 1] = (log_sum(nn + n, ns + s), log_sum(sn + n, ss + s));
        }
        let last = ahead[ahead.len() - 1];
        let all = log_sum(last.0, last.1);
        let some = ahead.iter().zip(&back).map(|(a, b)| (a.1 + b.1 - all).exp()).collect();
        let mut after = [0.0; 4];
        for i in 1..evidence.len() {
            let (n, s) = (evidence[i].0 + back[i].0 - all, evidence[i].1 + back[i].1 - all);
            let from = ahead[i - 1];
            for (sum, way) in after.iter_mut().zip([
                from.0 + nn + n,
                from.0 + ns + s,
                from.1 + sn + n,
                from.1 + ss + s,
            ]) {
                *sum += way.exp();
            }
        }
        (some, after)
    }
}

fn learn(examples: &[Example]) -> Chain {
    let mut chain = Chain { weights: vec![0.0; ROWS], after: [0.0; 4] };
    let (mut past, mut past_after): (Past, Past) = (vec![0.1; ROWS], vec![1.0; 4]);
    let mut random = Random::new();
    for _ in 0..ROUNDS {
        for n in random.order(examples.len()) {
            let example = examples[n].with(|_| random.next() & 0xffff >= DROPPED);
            let (some, expected) = chain.expect(&example);
            for (atom, some) in some.iter().enumerate() {
                let gradient = f32::from(u8::from(example.labels[atom] > 0)) - some;
                if gradient.abs() >= SMALL {
                    for what in example.seen(atom) {
                        let row = row(*what);
                        climb(&mut chain.weights[row], &mut past[row], gradient);
                    }
                }
            }
            let mut gradients = expected.map(|expected| -expected);
            for two in example.labels.windows(2) {
                gradients[2 * usize::from(two[0] > 0) + usize::from(two[1] > 0)] += 1.0;
            }
            for (n, gradient) in gradients.into_iter().enumerate() {
                climb(&mut chain.after[n], &mut past_after[n], gradient);
            }
        }
    }
    chain
}

/// One step of a weight uphill, the smaller the more it has moved before.
fn climb(weight: &mut f32, past: &mut f32, gradient: f32) {
    *past += gradient * gradient;
    *weight += RATE * gradient / past.sqrt();
}

fn model(chain: &Chain, kinds: &[(u32, [i8; KINDS.len()])]) -> Vec<u8> {
    let unit = largest(&chain.weights) / 7.0;
    let whole = |x: f32| rounded(x, unit);
    let [a, b, c, d] = chain.after;
    let numbers =
        Numbers { after: [whole(a), whole(b), whole(c), whole(d)], unit: rounded(1.0, unit) };
    let small = |weight: &f32| i8::try_from(rounded(*weight, unit).clamp(-7, 7)).unwrap_or(0);
    eprintln!("{numbers:?}");
    packed(&numbers, &chain.weights.iter().map(small).collect::<Vec<_>>(), kinds)
}

/// The weight below which [`EXACT`] of those that are not 0 lie.
fn largest(weights: &[f32]) -> f32 {
    let mut all: Vec<f32> = weights.iter().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
    all.sort_by(f32::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place among some hundred thousand"
    )]
    let place = (all.len().saturating_sub(1) as f32 * EXACT) as usize;
    all.get(place).copied().unwrap_or(1.0)
}

#[expect(clippy::cast_possible_truncation, reason = "a number of units, far below the limit")]
fn rounded(x: f32, unit: f32) -> i32 {
    (x / unit).round() as i32
}
