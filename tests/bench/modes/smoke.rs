//! Ten seconds for CI: each kind of load once, small, on whatever build there is. It fails when a
//! post is refused or a delivery is missing, never because something was slow.

use super::{Bench, Role, complete, ms, size, soundness};
use crate::{
    crowd::Crowd,
    figures::{percentile, real},
    load::{Pace, Plan},
    machine,
    subject::Chain,
    trouble::Outcome,
};

const NAME: &str = "smoke";
const ROOMS: usize = 4;
const AUDIENCE: usize = 25;
const FOR_US: u64 = 400_000;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    soundness::run()?;
    let mut crowd = Crowd::new(bench.clock)?;
    let base = Plan { for_us: FOR_US, rooms: ROOMS, ..bench.plan(Pace::PerSecond(20)) };
    let plans = [
        ("singly", Plan { rooms: 1, ..base }),
        ("in bursts", Plan { burst: 8, pace: Pace::PerSecond(5), ..base }),
        ("flat out", Plan { pace: Pace::Window(8), posters: 8, ..base }),
    ];
    let roles = [
        Role::Floor,
        Role::Ws,
        Role::SocketIo,
        Role::Parlour(Chain::Default),
        Role::ParlourSocketIo(Chain::Default, "parlour over Socket.IO"),
    ];
    let stages = bench.stages(&mut crowd, &roles, (ROOMS, AUDIENCE))?;
    for stage in &stages {
        let name = stage.subject.name();
        for (how, plan) in plans {
            let flow = stage.play(&mut crowd, plan)?;
            complete(&format!("{name}, {how}"), &flow)?;
            bench.report.count(NAME, name, &format!("deliveries, {how}"), flow.deliveries);
            let last = ms(percentile(&flow.last_us, 0.5));
            let figure = format!("p50 to the last subscriber, {how}, ms");
            bench.report.figure(NAME, name, &figure, 1, crate::figures::estimate([last]));
        }
        let kib = real(machine::private_kib(stage.subject.pid())?);
        let mib = crate::figures::estimate([kib / 1024.0]);
        bench.report.figure(NAME, name, "private MiB", 1, mib);
    }
    size::run(bench)
}
