//! Durable posts: keep-alive clients that post again as soon as they are answered, with the plugins
//! and without, beside what the disk does by itself in the same minute. A closed loop: its latencies
//! are those of a server that is always busy.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
};

use super::{Bench, Role, pids};
use crate::{
    crowd::Crowd,
    figures::percentile,
    load::{Flow, Pace, Plan},
    rounds::{Slice, Tally, Wanted, interleave},
    subject::{Chain, Place},
    trouble::{Outcome, While},
};

const NAME: &str = "durable posts";
const DISK: &str = "bare pwrite + fdatasync";
/// Clients, and how many rooms they share.
const ACTS: [(usize, usize); 4] = [(1, 1), (32, 32), (256, 256), (32, 1)];
const ROOMS: usize = 256;

pub(super) fn run(bench: &mut Bench) -> Outcome<()> {
    let mut crowd = Crowd::new(bench.clock)?;
    let disk = Disk::open()?;
    let roles = [Role::Parlour(Chain::Empty), Role::Parlour(Chain::Default)];
    let stages = bench.stages(&mut crowd, &roles, (ROOMS, 0))?;
    let last = stages.len() * ACTS.len();
    let mut pids = pids(&stages, ACTS.len());
    pids.push(None);
    let base = bench.plan(Pace::PerSecond(1));
    // A closed loop ends where one of the two is at its limit: the generator's load is reported.
    let wanted = Wanted { generator_max: f64::INFINITY, ..bench.wanted };
    let tally = interleave(bench.clock, wanted, &pids, |place| {
        if place == last {
            return disk.write_for(bench.clock, base.for_us / 2);
        }
        let (clients, rooms) = ACTS[place % ACTS.len()];
        let plan = Plan { pace: Pace::Window(clients), posters: clients, rooms, ..base };
        stages[place / ACTS.len()].play(&mut crowd, plan)
    })?;
    report(bench, &tally, last);
    for (nth, stage) in stages.iter().enumerate() {
        for (act, (clients, rooms)) in ACTS.into_iter().enumerate() {
            let name = stage.subject.name();
            let name = format!("{name}, {}", clients_in(clients, rooms));
            report_stage(bench, &name, &tally, nth * ACTS.len() + act, last);
        }
    }
    Ok(())
}

fn clients_in(clients: usize, rooms: usize) -> String {
    match (clients, rooms) {
        (1, _) => "1 client".into(),
        (_, 1) => format!("{clients} clients in one room"),
        _ => format!("{clients} clients"),
    }
}

fn posts_per_second(slice: &Slice) -> f64 {
    slice.per_second(slice.flow.posted)
}

fn report(bench: &mut Bench, tally: &Tally, disk: usize) {
    let syncs = tally.of(disk, posts_per_second);
    bench.report.round_figure(NAME, DISK, "syncs/s", tally, syncs);
    bench.latency_figures(NAME, DISK, "sync", (tally, disk), |flow| &flow.replies_us);
    bench.report.note(
        "durable posts: closed loop over HTTP keep-alive, 200-byte texts, each answered after its \
         own commit was synced; generator, server and disk share one machine.",
    );
}

fn report_stage(bench: &mut Bench, name: &str, tally: &Tally, place: usize, disk: usize) {
    let mut add = |figure: &str, value| {
        bench.report.round_figure(NAME, name, figure, tally, value);
    };
    add("posts/s", tally.of(place, posts_per_second));
    add("posts per bare sync", tally.against(place, disk, posts_per_second));
    add("CPU us per post", tally.of(place, |slice| slice.cost_us(slice.flow.posted)));
    add("load of the generator's core", tally.of(place, |slice| slice.generator));
    if name.ends_with("1 client") {
        let median = |slice: &Slice| super::ms(percentile(&slice.flow.replies_us, 0.5));
        add("p50 less a bare sync's, ms", tally.less(place, disk, median));
    }
    bench.latency_figures(NAME, name, "reply", (tally, place), |flow| &flow.replies_us);
    bench.admit_losses(name, tally, place);
}

/// A file of its own on the disk that the servers write to.
struct Disk {
    file: File,
    _place: Place,
}

const RECORD: [u8; 512] = [0x5a; 512];
const RECORDS: u64 = 32_768;

impl Disk {
    /// Makes the file in its full length, so that no sync has to write its size.
    fn open() -> Outcome<Self> {
        let place = Place::new()?;
        let path = place.path().join("floor");
        let file = OpenOptions::new().create_new(true).write(true).open(path).doing(DISK)?;
        for record in 0..RECORDS {
            file.write_all_at(&RECORD, record * 512).doing(DISK)?;
        }
        file.sync_all().doing(DISK)?;
        Ok(Self { file, _place: place })
    }

    fn write_for(&self, clock: crate::clock::Clock, for_us: u64) -> Outcome<Flow> {
        let mut flow = Flow::default();
        let (began_us, mut then_us) = (clock.now_us(), clock.now_us());
        while then_us - began_us < for_us {
            self.file.write_all_at(&RECORD, (flow.posted % RECORDS) * 512).doing(DISK)?;
            self.file.sync_data().doing(DISK)?;
            let now_us = clock.now_us();
            flow.replies_us.push(now_us - then_us);
            flow.posted += 1;
            then_us = now_us;
        }
        flow.replies_us.sort_unstable();
        Ok(flow)
    }
}
