//! What the plugins cost: the same posts to a Parlour with its own plugins and to one without any;
//! the difference is the chain's, fresh instances included.

use super::{Bench, Role, chain, pids};
use crate::{
    crowd::Crowd,
    figures::{percentile, real},
    load::{Pace, Plan},
    rounds::{Slice, Tally, interleave},
    stamp::{ENGLISH, RUSSIAN},
    subject::Chain,
    trouble::Outcome,
};

const NAME: &str = "moderation";
const POSTERS: usize = 8;

/// A kind of text, and how many of it are posted each second: the longer, the fewer.
struct Text {
    language: &'static str,
    filler: &'static str,
    bytes: usize,
    per_second: u64,
}

const TEXTS: [Text; 4] = [
    Text { language: "English", filler: ENGLISH, bytes: 40, per_second: 200 },
    Text { language: "English", filler: ENGLISH, bytes: 200, per_second: 100 },
    Text { language: "Russian", filler: RUSSIAN, bytes: 400, per_second: 100 },
    Text { language: "Russian", filler: RUSSIAN, bytes: 4_000, per_second: 20 },
];

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    if !bench.without_parlour {
        chain::run(bench)?;
    }
    let mut crowd = Crowd::new(bench.clock)?;
    let chains = [Chain::Empty, Chain::Default, Chain::Interpreted];
    let stages = bench.stages(&mut crowd, &chains.map(Role::Parlour), (POSTERS, 0))?;
    let pids = pids(&stages, TEXTS.len());
    let base = Plan { posters: POSTERS, rooms: POSTERS, ..bench.plan(Pace::PerSecond(1)) };
    let tally = interleave(bench.clock, bench.wanted, &pids, |place| {
        let Text { filler, bytes: text_bytes, per_second, .. } = TEXTS[place % TEXTS.len()];
        let plan = Plan { text_bytes, filler, pace: Pace::PerSecond(per_second), ..base };
        stages[place / TEXTS.len()].play(&mut crowd, plan)
    })?;
    for (nth, stage) in stages.iter().enumerate().skip(1) {
        for (text, Text { language, bytes, .. }) in TEXTS.iter().enumerate() {
            let subject = format!("{}, {bytes} bytes of {language}", stage.subject.name());
            report(bench, &subject, &tally, (nth * TEXTS.len() + text, text));
        }
    }
    bench.report.note(
        "moderation: the nine plugins that come with Parlour on texts without findings; the \
         difference to a server without plugins at the same rate.",
    );
    Ok(())
}

fn report(bench: &mut Bench, subject: &str, tally: &Tally, (with, without): (usize, usize)) {
    let cost = tally.less(with, without, |slice| slice.cost_us(slice.flow.posted));
    bench.report.round_figure(NAME, subject, "CPU us per message", tally, cost);
    let median = |slice: &Slice| real(percentile(&slice.flow.replies_us, 0.5));
    let later = tally.less(with, without, median);
    bench.report.round_figure(NAME, subject, "later reply, p50, us", tally, later);
    bench.admit_losses(subject, tally, with);
    bench.admit_losses("no plugins", tally, without);
}
