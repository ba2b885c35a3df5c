//! What the kernel says about processors, processes and memory, read from /proc. It knows nothing
//! of servers.

use std::{fs, sync::OnceLock};

use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    thread::{CpuSet, sched_getaffinity, sched_setaffinity},
};

use crate::trouble::{Outcome, Trouble, While};

/// Processor time of a process or of the machine, in microseconds.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) user_us: u64,
    pub(crate) system_us: u64,
}

impl Spent {
    pub(crate) fn total_us(self) -> u64 {
        self.user_us + self.system_us
    }

    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            user_us: self.user_us.saturating_sub(earlier.user_us),
            system_us: self.system_us.saturating_sub(earlier.system_us),
        }
    }
}

fn ticks_to_us(ticks: u64) -> u64 {
    ticks * 1_000_000 / rustix::param::clock_ticks_per_second().max(1)
}

/// What a process has used since it started, all its threads together.
pub(crate) fn spent(pid: u32) -> Outcome<Spent> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).doing(&path)?;
    // The second field is a name in brackets that may hold anything.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut fields = fields.split_whitespace().skip(11).map(|field| field.parse().unwrap_or(0));
    let mut next_us = || ticks_to_us(fields.next().unwrap_or(0));
    Ok(Spent { user_us: next_us(), system_us: next_us() })
}

/// What all processes together have used, and what the hypervisor took away. Interrupts are left
/// out: on loopback they are the measured traffic itself.
pub(crate) fn spent_by_all_us() -> Outcome<u64> {
    let text = fs::read_to_string("/proc/stat").doing("/proc/stat")?;
    let fields: Vec<u64> = text
        .lines()
        .next()
        .unwrap_or("")
        .split_whitespace()
        .skip(1)
        .map(|field| field.parse().unwrap_or(0))
        .collect();
    // user, nice, system and, after idle, iowait, irq and softirq, steal
    let ticks = [0, 1, 2, 7].into_iter().filter_map(|place| fields.get(place)).sum();
    Ok(ticks_to_us(ticks))
}

/// The sum of the lines of `/proc/<pid>/<file>` that begin with `name`, in KiB.
fn kib(pid: u32, file: &str, name: &str) -> Outcome<u64> {
    let path = format!("/proc/{pid}/{file}");
    let text = fs::read_to_string(&path).doing(&path)?;
    let values = text
        .lines()
        .filter(|line| line.starts_with(name))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    Ok(values.sum())
}

/// Memory that is this process's alone, in KiB.
pub(crate) fn private_kib(pid: u32) -> Outcome<u64> {
    kib(pid, "smaps_rollup", "Private_")
}

/// Memory that is resident, shared pages included, in KiB.
pub(crate) fn resident_kib(pid: u32) -> Outcome<u64> {
    kib(pid, "status", "VmRSS:")
}

/// The cores that servers and generator are pinned to.
#[derive(Clone, Copy)]
pub(crate) struct Cores {
    pub(crate) server: usize,
    pub(crate) generator: usize,
}

/// The first two cores that this process was allowed when this was first called, before it pinned
/// itself; both the same where there is only one.
pub(crate) fn cores() -> Outcome<Cores> {
    static CORES: OnceLock<Cores> = OnceLock::new();
    if let Some(cores) = CORES.get() {
        return Ok(*cores);
    }
    let allowed = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    let server = cores.next().ok_or_else(|| Trouble::new("no processor to run on"))?;
    let cores = Cores { server, generator: cores.next().unwrap_or(server) };
    Ok(*CORES.get_or_init(|| cores))
}

/// Keeps this thread, and what it starts from now on, on one core.
pub(crate) fn pin(core: usize) -> Outcome<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).doing("pinning to a core")
}

/// Lifts the limit of open files as far as it goes, for the servers as well; the new limit.
pub(crate) fn lift_file_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let lifted = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if setrlimit(Resource::Nofile, lifted).is_ok() {
        limit.maximum.unwrap_or(u64::MAX)
    } else {
        limit.current.unwrap_or(u64::MAX)
    }
}
