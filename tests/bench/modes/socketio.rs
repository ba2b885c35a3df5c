//! Socket.IO beside the package whose protocol it is: the memory of a WebSocket that does nothing,
//! and what a delivery costs. Both servers in one run, in turning rounds; without Node there is
//! nothing to compare and the mode fails, unless it was asked to do without.

use super::{Bench, Role, idle, pids};
use crate::{
    crowd::Crowd,
    figures::{ratio, real},
    load::{Pace, Plan},
    rounds::{Slice, interleave},
    subject::{Chain, SOCKET_IO},
    trouble::{Outcome, Trouble},
};

const NAME: &str = "Socket.IO fan-out to 500";
const AUDIENCE: usize = 500;
/// So slow that the peer's core is half idle.
const PER_SECOND: u64 = 60;
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
    let plan = Plan { nap_us: Some(NAP_US), ..bench.plan(Pace::PerSecond(PER_SECOND)) };
    let tally = interleave(bench.clock, bench.wanted, &pids(&stages, 1), |place| {
        stages[place].play(&mut crowd, plan)
    })?;
    let node = stages.iter().position(|stage| stage.subject.name() == SOCKET_IO);
    for (place, stage) in stages.iter().enumerate() {
        let name = stage.subject.name();
        let mut add = |figure: &str, value| {
            bench.report.round_figure(NAME, name, figure, &tally, value);
        };
        add("user CPU us per delivery", tally.of(place, user));
        add("CPU us per delivery", tally.of(place, total));
        if let Some(node) = node.filter(|node| *node != place) {
            let figure = "user CPU per delivery, ratio to npm socket.io";
            add(figure, tally.against(place, node, user));
            add("CPU per delivery, ratio to npm socket.io", tally.against(place, node, total));
        }
        let size = |slice: &Slice| ratio(real(slice.flow.bytes), real(slice.flow.deliveries));
        add("bytes of a frame's payload", tally.of(place, size));
        bench.admit_losses(name, &tally, place);
    }
    bench.report.note(
        "Socket.IO fan-out: one HTTP connection posts 60 texts of 200 bytes a second to a room of \
         500 WebSockets; what a post itself costs is in the cost of its deliveries.",
    );
    Ok(())
}

fn total(slice: &Slice) -> f64 {
    slice.cost_us(slice.flow.deliveries)
}

fn user(slice: &Slice) -> f64 {
    ratio(real(slice.server.user_us), real(slice.flow.deliveries))
}
