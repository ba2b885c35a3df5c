//! From the scheduled moment of an HTTP post to the frame at the last of a thousand subscribers,
//! at a rate that leaves every server idle most of the time.

use super::{Bench, Role, pids};
use crate::{
    crowd::Crowd,
    load::{Pace, Plan},
    rounds::interleave,
    subject::Chain,
    trouble::Outcome,
};

const NAME: &str = "publish to 1,000 at 30/s";
const AUDIENCE: usize = 1_000;
const PER_SECOND: u64 = 30;
/// Slices are longer here, since few posts are made in them.
const LONGER: u64 = 2;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let mut crowd = Crowd::new(bench.clock)?;
    let roles = [Role::Floor, Role::Ws, Role::Parlour(Chain::Default)];
    let stages = bench.stages(&mut crowd, &roles, (1, AUDIENCE))?;
    let plan = bench.plan(Pace::PerSecond(PER_SECOND));
    let plan = Plan { for_us: plan.for_us * LONGER, ..plan };
    let tally = interleave(bench.clock, bench.wanted, &pids(&stages, 1), |place| {
        stages[place].play(&mut crowd, plan)
    })?;
    for (place, stage) in stages.iter().enumerate() {
        let name = stage.subject.name();
        bench.latency_figures(NAME, name, "post to last subscriber", (&tally, place), |flow| {
            &flow.last_us
        });
        bench
            .latency_figures(NAME, name, "post to reply", (&tally, place), |flow| &flow.replies_us);
        bench.admit_losses(name, &tally, place);
    }
    Ok(())
}
