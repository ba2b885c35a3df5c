//! The memory of connections that do nothing: private pages of the server as ever more sockets
//! connect, by the slope of the line through the counts. What the kernel holds for a socket is not
//! in it.

use super::{Bench, Role};
use crate::{
    clock::rest_us,
    crowd::Crowd,
    figures::{Estimate, real, real_len, slope},
    machine,
    subject::{Chain, Subject},
    trouble::Outcome,
};

const NAME: &str = "idle connection";
const STEPS: [usize; 5] = [1_000, 2_000, 4_000, 8_000, 10_000];
/// Time for a server to end what connecting has begun.
const SETTLE_US: u64 = 1_500_000;
/// How many listeners connect between two looks at the others.
const ANSWER_EVERY: usize = 250;
pub(super) const ROOM: &str = "lobby";

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let parlour = Role::Parlour(Chain::Default);
    for (role, name, room) in [
        (Role::Ws, "npm ws", Some(ROOM)),
        (parlour, "parlour, token only", None),
        (parlour, "parlour, subscribed", Some(ROOM)),
    ] {
        if let Some(subject) = bench.start(role)? {
            fill(bench, &subject, name, room)?;
        }
    }
    bench.report.note("idle connection: user memory by slope; the kernel's is the same for all.");
    Ok(())
}

/// Connects ever more listeners and reports what each of them takes.
pub(super) fn fill(
    bench: &mut Bench,
    subject: &Subject,
    name: &str,
    room: Option<&str>,
) -> Outcome<()> {
    let mut crowd = Crowd::new(bench.clock)?;
    let mut points = vec![];
    for step in STEPS.into_iter().filter(|step| *step <= bench.sockets_max) {
        while crowd.size() < step {
            crowd.listen(subject, room)?;
            // Those that are there already are asked whether they live.
            if crowd.size() % ANSWER_EVERY == 0 {
                crowd.hear(0, &mut vec![])?;
            }
        }
        subject.tidy_memory();
        rest_us(SETTLE_US);
        // Whatever the server asked meanwhile is answered before it is measured.
        crowd.hear(0, &mut vec![])?;
        points.push((real_len(step), real(machine::private_kib(subject.pid())?)));
    }
    let of = slope(&points);
    let once = Some(Estimate { median: of, low: of, high: of });
    bench.report.figure(NAME, name, "KiB per connection, slope", 1, once);
    if let Some((sockets, private)) = points.last() {
        let figure = format!("private MiB with {sockets:.0} sockets");
        let mib = private / 1024.0;
        let value = Some(Estimate { median: mib, low: mib, high: mib });
        bench.report.figure(NAME, name, &figure, 1, value);
    }
    Ok(())
}
