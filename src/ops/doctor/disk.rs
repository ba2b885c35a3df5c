//! The data directory and the disk below it: rights, free space, how long a sync takes, and whether
//! its clock is ours. Writes one small file and removes it.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use super::report::{Level, Report};
use crate::{domain::time::Millis, runtime::Clock};

const SYNCS: usize = 50;
const BLOCK_BYTES: usize = 4096;
const MIB: u64 = 1024 * 1024;

/// A file of ours that goes away.
struct Probe {
    file: File,
    path: PathBuf,
}

impl Probe {
    fn new(directory: &Path) -> io::Result<Self> {
        let path = directory.join(format!(".doctor-{}", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Self { file, path })
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // It is named after us and empty of meaning; leaving it behind harms nobody.
        let _ = std::fs::remove_file(&self.path);
    }
}

pub(super) fn examine(report: &mut Report, directory: &Path, free_floor: u64, clock: &Clock) {
    let Some(existing) = directory.ancestors().map(or_here).find(|path| path.exists()) else {
        report.add("directory", Level::Fail, format!("{} is nowhere", directory.display()));
        return;
    };
    let missing = existing != or_here(directory);
    let probe = match Probe::new(existing) {
        Ok(probe) => probe,
        Err(error) => {
            let said = format!("{} cannot be written to: {error}", existing.display());
            report.add("directory", Level::Fail, said);
            return;
        }
    };
    if missing {
        let said = format!("{} does not exist yet; the first start makes it", directory.display());
        report.add("directory", Level::Ok, said);
    } else {
        rights(report, directory);
    }
    space(report, existing, free_floor);
    sync_speed(report, &probe.file, clock);
    file_clock(report, &probe, clock);
}

/// The working directory has an empty path.
fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

fn rights(report: &mut Report, directory: &Path) {
    let shown = directory.display();
    let (level, said) = match directory.metadata() {
        Err(error) => (Level::Fail, format!("{shown} cannot be looked at: {error}")),
        Ok(data) if !data.is_dir() => (Level::Fail, format!("{shown} is not a directory")),
        Ok(data) if data.mode() & 0o022 != 0 => {
            (Level::Fail, format!("others may write to {shown}; run `chmod 700 {shown}`"))
        }
        Ok(data) if data.mode() & 0o055 != 0 => {
            (Level::Warn, format!("others may look into {shown}; run `chmod 700 {shown}`"))
        }
        Ok(data) if data.uid() != rustix::process::geteuid().as_raw() => (
            Level::Warn,
            format!("{shown} belongs to user {}, who is not the one asking", data.uid()),
        ),
        Ok(_) => (Level::Ok, format!("{shown} is ours alone")),
    };
    report.add("directory", level, said);
}

fn space(report: &mut Report, existing: &Path, floor: u64) {
    let free = match rustix::fs::statvfs(existing) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            report.add("space", Level::Warn, format!("free space is not known: {error}"));
            return;
        }
    };
    let (free_mib, floor_mib) = (free / MIB, floor / MIB);
    let (level, said) = if free <= floor {
        (
            Level::Fail,
            format!(
                "{free_mib} MiB are free; below {floor_mib} MiB (storage.free_floor_bytes) nothing \
                 is stored"
            ),
        )
    } else if free < floor.saturating_mul(4) {
        (Level::Warn, format!("only {free_mib} MiB are free; writing stops at {floor_mib} MiB"))
    } else {
        (Level::Ok, format!("{free_mib} MiB are free"))
    };
    report.add("space", level, said);
}

fn sync_speed(report: &mut Report, file: &File, clock: &Clock) {
    let mut times: Vec<u64> = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let mut file = file;
        let begun = clock.ticks_us();
        let synced = file.write_all(&[0; BLOCK_BYTES]).and_then(|()| file.sync_data());
        if let Err(error) = synced {
            report.add("sync", Level::Fail, format!("the disk does not sync: {error}"));
            return;
        }
        times.push(clock.ticks_us().saturating_sub(begun));
    }
    times.sort_unstable();
    let (level, said) = judge_syncs(&times);
    report.add("sync", level, said);
}

/// `times` are sorted, in microseconds.
pub(super) fn judge_syncs(times: &[u64]) -> (Level, String) {
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let (p50, p99) = (at(50), at(99));
    let figures = format!("4 KiB are on the disk in {p50} us (p50), {p99} us (p99)");
    match p50 {
        0..10 => (
            Level::Warn,
            format!(
                "{figures}: faster than any disk; is this memory (tmpfs)? It is lost at power off"
            ),
        ),
        10..20_000 => (Level::Ok, figures),
        _ => (
            Level::Warn,
            format!("{figures}: slow; every answer waits that long, though many share one sync"),
        ),
    }
}

/// A file system of another machine stamps files with another clock.
fn file_clock(report: &mut Report, probe: &Probe, clock: &Clock) {
    const APART_MAX_MS: u64 = 2000;
    let stamped = probe.file.metadata().and_then(|data| data.modified());
    let stamped = stamped.ok().and_then(|at| {
        let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok()
    });
    let now = clock.now();
    let apart = stamped.map(|at| now.since(Millis(at)).max(Millis(at).since(now)));
    if let Some(apart) = apart.filter(|apart| *apart > APART_MAX_MS) {
        let said = format!(
            "files are stamped {apart} ms away from our clock; a network file system is no place for \
             the data"
        );
        report.add("file clock", Level::Warn, said);
    }
}
