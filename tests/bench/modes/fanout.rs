//! One post, a thousand subscribers: what a delivery costs the server's processor when posts come
//! singly and when they come in bursts of 32, and how many deliveries a second it makes.

use super::{Bench, Role, pids};
use crate::{
    crowd::Crowd,
    figures::{ratio, real},
    load::{Pace, Plan, Stage},
    rounds::{Slice, Tally, Wanted, interleave},
    subject::{Chain, FLOOR, WS},
    trouble::Outcome,
};

const NAME: &str = "fan-out to 1,000";
const AUDIENCE: usize = 1_000;
/// So slow that the slowest peer's core is half idle.
const SINGLE_PER_SECOND: u64 = 40;
const BURSTS_PER_SECOND: u64 = 2;
const BURST: usize = 32;
const WINDOW: usize = 4;
/// How often the generator looks while processor time is measured.
const NAP_US: u64 = 500;

/// What is played on each stage at a fixed rate.
const ACTS: usize = 2;
const SINGLE: usize = 0;
const BURSTS: usize = 1;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let mut crowd = Crowd::new(bench.clock)?;
    let roles = [Role::Floor, Role::Ws, Role::Parlour(Chain::Default)];
    let stages = bench.stages(&mut crowd, &roles, (1, AUDIENCE))?;
    at_rates(bench, &mut crowd, &stages)?;
    flat_out(bench, &mut crowd, &stages)?;
    bench.report.note(
        "fan-out: one HTTP connection posts 200-byte texts, 40 a second or two batches of 32; what \
         a post itself costs is in the cost of its deliveries. The generator looks at its sockets \
         every 0.5 ms, so that no server pays for waking it.",
    );
    Ok(())
}

/// Single posts and bursts at fixed rates: what each delivery costs.
fn at_rates(bench: &mut Bench, crowd: &mut Crowd, stages: &[Stage]) -> Outcome<()> {
    let single = Plan { nap_us: Some(NAP_US), ..bench.plan(Pace::PerSecond(SINGLE_PER_SECOND)) };
    let burst = Plan { burst: BURST, pace: Pace::PerSecond(BURSTS_PER_SECOND), ..single };
    let plans = [single, burst];
    let tally = interleave(bench.clock, bench.wanted, &pids(stages, ACTS), |place| {
        stages[place / ACTS].play(crowd, plans[place % ACTS])
    })?;
    let ws = stages.iter().position(|stage| stage.subject.name() == WS);
    for (nth, stage) in stages.iter().enumerate() {
        let name = stage.subject.name();
        report_costs(bench, name, &tally, nth * ACTS);
        if let Some(ws) = ws.filter(|ws| *ws < nth) {
            report_against_ws(bench, name, &tally, (nth * ACTS, ws * ACTS));
        }
    }
    Ok(())
}

fn total(slice: &Slice) -> f64 {
    slice.cost_us(slice.flow.deliveries)
}

fn user(slice: &Slice) -> f64 {
    ratio(real(slice.server.user_us), real(slice.flow.deliveries))
}

fn report_costs(bench: &mut Bench, name: &str, tally: &Tally, first: usize) {
    let mut add = |figure: &str, value| {
        bench.report.round_figure(NAME, name, figure, tally, value);
    };
    let (single, burst) = (first + SINGLE, first + BURSTS);
    add("CPU us per delivery", tally.of(single, total));
    add("user CPU us per delivery", tally.of(single, user));
    if name != FLOOR {
        add("CPU per delivery, ratio to floor", tally.against(single, SINGLE, total));
    }
    let size = |slice: &Slice| ratio(real(slice.flow.bytes), real(slice.flow.deliveries));
    add("bytes of a frame's payload", tally.of(single, size));
    add("CPU us per delivery in bursts of 32", tally.of(burst, total));
    add("single / burst CPU per delivery", tally.against(single, burst, total));
    bench.latency_figures(NAME, name, "burst of 32 to its last frame", (tally, burst), |flow| {
        &flow.last_us
    });
    for act in [single, burst] {
        bench.admit_losses(name, tally, act);
    }
}

fn report_against_ws(bench: &mut Bench, name: &str, tally: &Tally, (ours, ws): (usize, usize)) {
    let mut add = |figure: &str, value| {
        bench.report.round_figure(NAME, name, figure, tally, value);
    };
    add("CPU per delivery, ratio to npm ws", tally.against(ours, ws, total));
    add("user CPU per delivery, ratio to npm ws", tally.against(ours, ws, user));
}

/// As many deliveries as there can be. The generator may be what sets the limit, so that its load
/// is reported and voids nothing.
fn flat_out(bench: &mut Bench, crowd: &mut Crowd, stages: &[Stage]) -> Outcome<()> {
    let plan = Plan { posters: WINDOW, ..bench.plan(Pace::Window(WINDOW)) };
    let wanted = Wanted { generator_max: f64::INFINITY, ..bench.wanted };
    let tally =
        interleave(bench.clock, wanted, &pids(stages, 1), |place| stages[place].play(crowd, plan))?;
    let rate = |slice: &Slice| slice.per_second(slice.flow.deliveries);
    for (place, stage) in stages.iter().enumerate() {
        let name = stage.subject.name();
        let mut add = |figure: &str, value| {
            bench.report.round_figure(NAME, name, figure, &tally, value);
        };
        add("deliveries/s, 4 posts under way", tally.of(place, rate));
        if name != FLOOR {
            add("deliveries/s, ratio to floor", tally.against(place, 0, rate));
        }
        add("load of the generator's core", tally.of(place, |slice| slice.generator));
        bench.admit_losses(name, &tally, place);
    }
    Ok(())
}
