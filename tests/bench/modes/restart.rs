//! Coming back: a data directory with many messages whose server was killed with SIGKILL, from the
//! start of the process to the first good answer at /readyz.

use rustix::process::Signal;

use super::{Bench, Role, complete, ms};
use crate::{
    crowd::Crowd,
    figures::{estimate, real},
    load::{Pace, Plan, Stage},
    machine,
    subject::Chain,
    trouble::Outcome,
};

const NAME: &str = "restart after SIGKILL";
const ROOMS: usize = 256;
const POSTERS: usize = 16;
const BATCH: usize = 100;
const TIMES: usize = 3;
const SECOND_US: u64 = 1_000_000;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let chain = Chain::Empty;
    let mut crowd = Crowd::new(bench.clock)?;
    let mut stages = bench.stages(&mut crowd, &[Role::Parlour(chain)], (ROOMS, 0))?;
    let Some(stage) = stages.pop() else { return Ok(()) };
    let messages = fill(bench, &mut crowd, &stage)?;
    let mut subject = stage.subject;
    let (mut ready_ms, mut resident_mib) = (vec![], vec![]);
    for _ in 0..TIMES {
        let killed = subject.end(chain, Signal::KILL)?;
        let began_us = bench.clock.now_us();
        subject = killed.start()?;
        ready_ms.push(ms(bench.clock.now_us() - began_us));
        resident_mib.push(real(machine::resident_kib(subject.pid())?) / 1024.0);
    }
    let subject = format!("{}, {messages} messages", chain.name());
    for (figure, values) in
        [("process start to ready, ms", ready_ms), ("resident MiB when ready", resident_mib)]
    {
        bench.report.figure(NAME, &subject, figure, TIMES, estimate(values));
    }
    Ok(())
}

/// Posts until there are enough messages; how many there are then.
fn fill(bench: &mut Bench, crowd: &mut Crowd, stage: &Stage) -> Outcome<u64> {
    let plan = Plan {
        for_us: SECOND_US,
        burst: BATCH,
        posters: POSTERS,
        rooms: ROOMS,
        ..bench.plan(Pace::Window(POSTERS * BATCH))
    };
    let (mut posted, mut took_us) = (0, 0);
    while posted < bench.messages {
        let began_us = bench.clock.now_us();
        let flow = stage.play(crowd, plan)?;
        took_us += bench.clock.now_us() - began_us;
        complete(stage.subject.name(), &flow)?;
        posted += flow.posted;
    }
    let rate = real(posted) * 1e6 / real(took_us.max(1));
    let figure = "messages/s in batches of 100 while filling";
    bench.report.figure(NAME, stage.subject.name(), figure, 1, estimate([rate]));
    Ok(posted)
}
