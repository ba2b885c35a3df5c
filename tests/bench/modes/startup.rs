//! From the start of the process to the first good answer at /readyz, on a data directory that was
//! served before, and the memory at that moment.

use rustix::process::Signal;

use super::{Bench, Role, ms};
use crate::{
    figures::{estimate, real},
    machine,
    subject::{Chain, Subject},
    trouble::Outcome,
};

const NAME: &str = "start-up";

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let clock = bench.clock;
    let warm = bench.start(Role::Parlour(Chain::Default))?;
    let mut parlour = warm.map(|served| served.end(Chain::Default, Signal::TERM)).transpose()?;
    let (mut ours, mut theirs) = (Series::default(), Series::default());
    for _ in 0..bench.wanted.rounds {
        if let Some(stopped) = parlour.take() {
            let began_us = clock.now_us();
            let served = stopped.start()?;
            ours.add(clock.now_us() - began_us, &served)?;
            parlour = Some(served.end(Chain::Default, Signal::TERM)?);
        }
        let began_us = clock.now_us();
        if let Some(ws) = bench.start(Role::Ws)? {
            theirs.add(clock.now_us() - began_us, &ws)?;
        }
    }
    for (name, series) in [("npm ws", theirs), ("parlour", ours)] {
        let Series { ready_ms, resident_mib, private_mib } = series;
        for (figure, values) in [
            ("process start to ready, ms", ready_ms),
            ("resident MiB when ready", resident_mib),
            ("private MiB when ready", private_mib),
        ] {
            let rounds = values.len();
            bench.report.figure(NAME, name, figure, rounds, estimate(values));
        }
    }
    bench.report.note("start-up: warm plugin cache, pinned to one core, data directory not empty.");
    Ok(())
}

#[derive(Default)]
struct Series {
    ready_ms: Vec<f64>,
    resident_mib: Vec<f64>,
    private_mib: Vec<f64>,
}

impl Series {
    fn add(&mut self, took_us: u64, subject: &Subject) -> Outcome<()> {
        self.ready_ms.push(ms(took_us));
        self.resident_mib.push(real(machine::resident_kib(subject.pid())?) / 1024.0);
        self.private_mib.push(real(machine::private_kib(subject.pid())?) / 1024.0);
        Ok(())
    }
}
