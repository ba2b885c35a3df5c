//! Socket.IO beside the package whose protocol it is: the memory of a WebSocket that does nothing,
//! and what a delivery costs. Both servers in one run, in turning rounds; without Node there is
//! nothing to compare and the mode fails, unless it was asked to do without.

use super::{Bench, Role, idle, pids};
use crate::{
    crowd::Crowd,
    figures::{ratio, real},
    load::{Pace, Plan},
    rounds::{Slice, Tally, interleave},
    subject::{Chain, SOCKET_IO},
    trouble::{Outcome, Trouble},
};

const NAME: &str = "Socket.IO fan-out to 1,000";
const AUDIENCE: usize = 1_000;
/// So slow that the peer's core is not full.
const SINGLE_PER_SECOND: u64 = 30;
const BURSTS_PER_SECOND: u64 = 1;
const BURST: usize = 32;
/// How often the generator looks while processor time is measured.
const NAP_US: u64 = 500;

const PARLOUR: &str = "parlour over Socket.IO";
const WITHOUT_PLUGINS: &str = "parlour over Socket.IO, no plugins";

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    if let Some(why) = &bench.npm_lacks {
        return Err(Trouble::new(format!("npm socket.io cannot be measured: {why}")));
    }
    memory(bench)?;
    cost(bench)
}

fn memory(bench: &mut Bench) -> Outcome<()> {
    let parlour = Role::ParlourSocketIo(Chain::Default, PARLOUR);
    for (role, name, room) in [
        (Role::SocketIo, "npm socket.io, connected", None),
        (Role::SocketIo, "npm socket.io, in a room", Some(idle::ROOM)),
        (parlour, "parlour over Socket.IO, connected", None),
        (parlour, "parlour over Socket.IO, in a room", Some(idle::ROOM)),
    ] {
        if let Some(subject) = bench.start(role)? {
            idle::fill(bench, &subject, name, room)?;
        }
    }
    Ok(())
}

fn cost(bench: &mut Bench) -> Outcome<()> {
    let mut crowd = Crowd::new(bench.clock)?;
    let roles = [
        Role::SocketIo,
        Role::ParlourSocketIo(Chain::Empty, WITHOUT_PLUGINS),
        Role::ParlourSocketIo(Chain::Default, PARLOUR),
    ];
    let stages = bench.stages(&mut crowd, &roles, (1, AUDIENCE))?;
    let single = Plan { nap_us: Some(NAP_US), ..bench.plan(Pace::PerSecond(SINGLE_PER_SECOND)) };
    let burst = Plan { burst: BURST, pace: Pace::PerSecond(BURSTS_PER_SECOND), ..single };
    let acts = [("singly", single), ("in bursts of 32", burst)];
    let tally = interleave(bench.clock, bench.wanted, &pids(&stages, acts.len()), |place| {
        stages[place / acts.len()].play(&mut crowd, acts[place % acts.len()].1)
    })?;
    let node = stages.iter().position(|stage| stage.subject.name() == SOCKET_IO);
    for (nth, stage) in stages.iter().enumerate() {
        for (act, (how, _)) in acts.iter().enumerate() {
            let base = node.filter(|node| *node != nth).map(|node| node * acts.len() + act);
            let place = nth * acts.len() + act;
            report_costs(bench, (stage.subject.name(), how), &tally, place, base);
        }
    }
    bench.report.note(
        "Socket.IO fan-out: one HTTP connection posts texts of 200 bytes to a room of 1,000 \
         WebSockets, 30 a second or one batch of 32; what a post itself costs (with Parlour: \
         moderation, storing, syncing) is in the cost of its deliveries.",
    );
    Ok(())
}

/// The costs of one act at one subject, and their ratios to those of the peer.
fn report_costs(
    bench: &mut Bench,
    (name, how): (&str, &str),
    tally: &Tally,
    place: usize,
    base: Option<usize>,
) {
    for (what, cost) in [("user CPU", user as fn(&Slice) -> f64), ("CPU", total)] {
        let figure = format!("{what} us per delivery, {how}");
        bench.report.round_figure(NAME, name, &figure, tally, tally.of(place, cost));
        if let Some(base) = base {
            let figure = format!("{what} per delivery, {how}, ratio to npm socket.io");
            let ratio = tally.against(place, base, cost);
            bench.report.round_figure(NAME, name, &figure, tally, ratio);
        }
    }
    let size = |slice: &Slice| ratio(real(slice.flow.bytes), real(slice.flow.deliveries));
    let figure = format!("bytes of a frame's payload, {how}");
    bench.report.round_figure(NAME, name, &figure, tally, tally.of(place, size));
    bench.admit_losses(name, tally, place);
}

fn total(slice: &Slice) -> f64 {
    slice.cost_us(slice.flow.deliveries)
}

fn user(slice: &Slice) -> f64 {
    ratio(real(slice.server.user_us), real(slice.flow.deliveries))
}
