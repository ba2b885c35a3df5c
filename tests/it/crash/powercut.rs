//! Power cuts: the server runs with tests/shim/powercut.c preloaded, the journal is cut at random
//! points, and the real server starts on what a disk could have kept. `PARLOUR_POWERCUT_ROUNDS` sets
//! how many times (20 in the suite).

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::{
    disk::{Disk, Fate},
    journal::{self, Deed},
    number,
    writers::{Book, Promise, Way, Writer},
};
use crate::harness::{
    Server, Setup, cli, pause_ms,
    time::{Random, random},
};

/// The shim, built once per run of the tests.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shim/powercut.c");
        let built = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("powercut-{}.so", std::process::id()));
        let mut command = Command::new("gcc");
        command.args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread", "-o"]);
        command.arg(&built).arg(source);
        let ran = cli::finish(command);
        assert_eq!(ran.code, Some(0), "gcc: {}", ran.err);
        built
    })
}

/// What was recorded between a start and an end of the server.
struct Recording {
    /// The disk as it was at the start.
    before: Disk,
    deeds: Vec<Deed>,
    promised: Vec<Promise>,
}

/// One server, its clients, and everything that was promised on the disk as it is now.
struct Series {
    server: Server,
    rooms: Vec<String>,
    writers: Vec<Writer>,
    book: Book,
    promised: Vec<Promise>,
}

impl Series {
    fn begin(seed: u64) -> Self {
        let rooms: Vec<String> = (0..3).map(|n| format!("cut-{n}")).collect();
        let writers =
            (0..4).map(|n| Writer::new(&format!("p{n}"), Way::Bridge, &rooms, seed + n)).collect();
        let mut server = Setup::bare().start();
        server.terminate();
        Self { server, rooms, writers, book: Book::default(), promised: vec![] }
    }

    /// Runs the server under the shim with everybody writing, for that long and then to a SIGKILL, or
    /// for a few messages each and then to an orderly end.
    fn record(&mut self, kill_after_ms: Option<u64>) -> Recording {
        let data = fs::canonicalize(self.server.data()).expect("the data directory");
        let before = Disk::from_directory(&data);
        let journal = self.server.setup().place().join("journal");
        let _ = fs::remove_file(&journal);
        let setup = self.server.setup_mut();
        setup.put_env("SHIM_ROOT", &data.to_string_lossy());
        setup.put_env("SHIM_JOURNAL", &journal.to_string_lossy());
        setup.put_env("LD_PRELOAD", &shim().to_string_lossy());
        self.server.start();
        let server = &self.server;
        let most = if kill_after_ms.is_some() { usize::MAX } else { 25 };
        let mut promised = vec![];
        std::thread::scope(|scope| {
            let writing: Vec<_> = self
                .writers
                .iter_mut()
                .map(|writer| scope.spawn(move || writer.work(server, most)))
                .collect();
            if let Some(ms) = kill_after_ms {
                pause_ms(ms);
                server.signal(rustix::process::Signal::KILL);
            }
            for thread in writing {
                let (tried, new) = thread.join().expect("a writer");
                self.book.write((tried, vec![]));
                promised.extend(new);
            }
        });
        if kill_after_ms.is_some() {
            self.server.kill();
        } else {
            self.server.terminate();
        }
        for name in ["SHIM_ROOT", "SHIM_JOURNAL", "LD_PRELOAD"] {
            self.server.setup_mut().drop_env(name);
        }
        Recording { before, deeds: journal::read(&journal), promised }
    }

    /// Cuts the power after `at` deeds, starts the server on what `disk` makes of that, and compares.
    /// The server runs afterwards unless the error is that it did not start.
    fn cut(
        &mut self,
        recording: &Recording,
        at: usize,
        fate: Fate,
        mut disk: Disk,
        chance: &mut Random,
    ) -> Result<(), String> {
        let deeds = &recording.deeds[..at];
        for deed in deeds {
            disk.play(deed);
        }
        fs::remove_dir_all(self.server.data()).expect("removed");
        disk.cut(fate, chance, &self.server.data());
        // What was answered after the cut was never answered.
        let answered: HashSet<String> = deeds
            .iter()
            .filter_map(|deed| match deed {
                Deed::Answer { data } => Some(journal::promises(data)),
                _ => None,
            })
            .flatten()
            .map(|(uuid, _)| uuid)
            .collect();
        let new = recording.promised.iter().filter(|(attempt, _)| answered.contains(&attempt.key));
        let promised = self.promised.iter().chain(new).cloned().collect();
        self.book.start_over(promised);
        self.server.try_start()?;
        self.book.compare(&self.server, &self.rooms)
    }
}

/// A place to cut: anywhere, or right after an answer, where a missing sync hurts most.
fn somewhere(deeds: &[Deed], chance: &mut Random) -> usize {
    let answers: Vec<usize> = deeds
        .iter()
        .enumerate()
        .filter(|(_, deed)| matches!(deed, Deed::Answer { data } if !journal::promises(data).is_empty()))
        .map(|(at, _)| at + 1)
        .collect();
    let pick = |count: usize, chance: &mut Random| {
        usize::try_from(chance.below(count as u64)).expect("an index")
    };
    if answers.is_empty() || chance.chance(40) {
        pick(deeds.len() + 1, chance)
    } else {
        answers[pick(answers.len(), chance)]
    }
}

fn some_fate(chance: &mut Random) -> Fate {
    match chance.below(6) {
        0 => Fate::Lost,
        1 => Fate::Kept,
        2 | 3 => Fate::Torn(512),
        _ => Fate::Torn(4096),
    }
}

#[test]
fn nothing_acknowledged_is_lost_in_power_cuts() {
    let rounds = number("PARLOUR_POWERCUT_ROUNDS", 20);
    let seed = number("PARLOUR_POWERCUT_SEED", 46);
    let mut chance = random(seed);
    let mut series = Series::begin(seed);
    for round in 0..rounds {
        let recording = series.record(Some(50 + chance.below(250)));
        let at = somewhere(&recording.deeds, &mut chance);
        let fate = some_fate(&mut chance);
        let disk = recording.before.clone();
        if let Err(problem) = series.cut(&recording, at, fate, disk, &mut chance) {
            panic!(
                "round {round}, seed {seed}, cut after {at} of {} deeds, {fate:?}: {problem}",
                recording.deeds.len()
            );
        }
        series.promised.clone_from(series.book.promised());
        series.server.terminate();
    }
    assert!(series.promised.len() as u64 > rounds, "{} is no load", series.promised.len());
    series.server.run(&["check"]).text();
}

#[test]
fn without_the_syncs_the_same_cuts_lose_messages() {
    let mut chance = random(7);
    let mut series = Series::begin(7);
    let recording = series.record(Some(400));
    assert!(recording.promised.len() > 5, "{} is no load", recording.promised.len());
    let at = recording.deeds.len();
    let disk = recording.before.clone();
    series.cut(&recording, at, Fate::Torn(4096), disk, &mut chance).expect("with them all is well");
    series.server.kill();
    let mut caught = vec![];
    for fate in [Fate::Lost, Fate::Torn(512), Fate::Torn(4096)] {
        let disk = recording.before.clone().without_syncs();
        caught.extend(series.cut(&recording, at, fate, disk, &mut chance).err());
        series.server.kill();
    }
    assert!(!caught.is_empty(), "the test cannot see a missing sync");
    assert!(caught.iter().any(|problem| problem.starts_with("lost:")), "{caught:?}");
}

#[test]
fn the_journal_misses_nothing() {
    let mut series = Series::begin(3);
    let recording = series.record(None);
    let mut disk = recording.before.clone();
    for deed in &recording.deeds {
        disk.play(deed);
    }
    let (replayed, real) = (disk.whole(), Disk::from_directory(&series.server.data()).whole());
    let names = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        files.keys().filter(|name| *name != "listen").cloned().collect()
    };
    assert_eq!(names(&replayed), names(&real));
    for (name, bytes) in &real {
        assert!(name == "listen" || replayed.get(name) == Some(bytes), "{name} differs");
    }
    let answered: usize = recording
        .deeds
        .iter()
        .map(|deed| match deed {
            Deed::Answer { data } => journal::promises(data).len(),
            _ => 0,
        })
        .sum();
    assert_eq!(answered, recording.promised.len(), "every promise is in the journal");
}
