//! Many small rooms: 200 of 5 subscribers each, posts going round among them. Here the post costs
//! more than its deliveries.

use super::{Bench, Role, pids};
use crate::{
    crowd::Crowd,
    load::{Pace, Plan},
    rounds::interleave,
    subject::Chain,
    trouble::Outcome,
};

const NAME: &str = "200 rooms of 5 at 300/s";
const ROOMS: usize = 200;
const AUDIENCE: usize = 5;
const PER_SECOND: u64 = 300;
const POSTERS: usize = 16;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let mut crowd = Crowd::new(bench.clock)?;
    let roles = [Role::Ws, Role::Parlour(Chain::Empty), Role::Parlour(Chain::Default)];
    let stages = bench.stages(&mut crowd, &roles, (ROOMS, AUDIENCE))?;
    let plan = bench.plan(Pace::PerSecond(PER_SECOND));
    let plan = Plan { posters: POSTERS, rooms: ROOMS, ..plan };
    let tally = interleave(bench.clock, bench.wanted, &pids(&stages, 1), |place| {
        stages[place].play(&mut crowd, plan)
    })?;
    for (place, stage) in stages.iter().enumerate() {
        let name = stage.subject.name();
        let cost = tally.of(place, |slice| slice.cost_us(slice.flow.posted));
        bench.report.round_figure(NAME, name, "CPU us per post", &tally, cost);
        bench.latency_figures(NAME, name, "post to last subscriber", (&tally, place), |flow| {
            &flow.last_us
        });
        bench.admit_losses(name, &tally, place);
    }
    Ok(())
}
