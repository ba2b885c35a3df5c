//! The machine: ports, open files, clock, and what other parts of the program report about
//! themselves. Changes nothing but, when asked, the soft limit of open files.

use std::{
    net::{SocketAddr, TcpListener},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{
    disk,
    report::{Level, Report},
};
use crate::{domain::time::Millis, ops::config::Resolved, runtime::Clock};

/// What is examined.
#[derive(Debug)]
pub struct Patient<'a> {
    pub resolved: &'a Resolved,
    pub clock: &'a Clock,
    /// Whether a server answers in this data directory; then the ports are its own.
    pub server_runs: bool,
    /// Whether the filter that makes the database sync with fsync works, or why not.
    pub sync_filter: Result<(), String>,
    pub plugins: Plugins,
}

/// What the moderation says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plugins {
    /// Begins with `jit` or `interpreter`.
    pub engine: String,
    /// How many plugins work.
    pub working: usize,
    /// One sentence for each that does not.
    pub problems: Vec<String>,
}

/// Descriptors beside those of connections: database, log, plugins, a reserve.
const OPEN_FILES_OWN: u64 = 256;
/// 2025-01-01; this program did not exist before.
const EARLIEST: Millis = Millis(1_735_689_600_000);

/// Examines everything. Takes about as long as 50 syncs of the disk.
#[must_use]
pub fn examine(patient: &Patient<'_>) -> Report {
    let mut report = Report::default();
    let resolved = patient.resolved;
    for address in resolved.listen.iter().chain(&resolved.metrics_listen) {
        port(&mut report, *address, patient.server_runs);
    }
    let limit = getrlimit(Resource::Nofile);
    let (level, said) = judge_open_files(limit.maximum, open_files_wanted(resolved));
    report.add("open files", level, said);
    secret(&mut report, resolved);
    disk::examine(&mut report, &resolved.data_dir, resolved.store.free_floor_bytes, patient.clock);
    match &patient.sync_filter {
        Ok(()) => report.add("sync filter", Level::Ok, "the database syncs with fsync"),
        Err(why) => report.add(
            "sync filter",
            Level::Warn,
            format!("not installed ({why}); the server's own sync after each group still holds"),
        ),
    }
    plugins(&mut report, &patient.plugins);
    clock(&mut report, patient.clock.now(), Path::new("/run/systemd/timesync/synchronized"));
    report
}

/// Raises the soft limit of open files as far as the configured connections need and the hard limit
/// allows. Returns what may be open now and what was wanted.
pub fn raise_open_files(resolved: &Resolved) -> (u64, u64) {
    let wanted = open_files_wanted(resolved);
    let limit = getrlimit(Resource::Nofile);
    let soft = limit.current.unwrap_or(u64::MAX);
    let reachable = wanted.min(limit.maximum.unwrap_or(u64::MAX));
    let raised = Rlimit { current: Some(reachable), maximum: limit.maximum };
    if soft < reachable && setrlimit(Resource::Nofile, raised).is_ok() {
        return (reachable, wanted);
    }
    (soft, wanted)
}

fn open_files_wanted(resolved: &Resolved) -> u64 {
    u64::try_from(resolved.http.connections_max).unwrap_or(u64::MAX).saturating_add(OPEN_FILES_OWN)
}

fn port(report: &mut Report, address: SocketAddr, server_runs: bool) {
    let (level, said) = match TcpListener::bind(address) {
        Ok(_) => (Level::Ok, format!("{address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && server_runs => {
            (Level::Ok, format!("{address} is used by the running server"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            (Level::Fail, format!("{address} is used by another program"))
        }
        Err(error) => (Level::Fail, format!("{address} cannot be listened on: {error}")),
    };
    report.add("port", level, said);
}

/// `hard` is the hard limit; `None`: none.
pub(super) fn judge_open_files(hard: Option<u64>, wanted: u64) -> (Level, String) {
    match hard {
        Some(hard) if hard < 2 * OPEN_FILES_OWN => {
            (Level::Fail, format!("at most {hard} files may be open; set LimitNOFILE={wanted}"))
        }
        Some(hard) if hard < wanted => (
            Level::Warn,
            format!(
                "at most {hard} files may be open, enough for {} connections; limits.connections_max \
                 needs LimitNOFILE={wanted}",
                hard - OPEN_FILES_OWN
            ),
        ),
        Some(hard) => (Level::Ok, format!("{hard} files may be open, {wanted} are needed")),
        None => (Level::Ok, "any number of files may be open".to_owned()),
    }
}

fn secret(report: &mut Report, resolved: &Resolved) {
    let path = &resolved.auth.secret_file;
    if resolved.auth.secret_is_ours && !path.exists() {
        report.add("secret", Level::Ok, "the first start makes it");
        return;
    }
    if let Err(fault) = resolved.signing_secret() {
        report.add("secret", Level::Fail, fault.to_string());
        return;
    }
    let open = resolved.auth.secret.is_none()
        && path.metadata().is_ok_and(|data| data.mode() & 0o077 != 0);
    let shown = path.display();
    if open {
        report.add(
            "secret",
            Level::Warn,
            format!("others may read {shown}; run `chmod 600 {shown}`"),
        );
    } else {
        report.add("secret", Level::Ok, "the signing secret can be read by us alone");
    }
}

fn plugins(report: &mut Report, plugins: &Plugins) {
    report.add(
        "engine",
        Level::Ok,
        match plugins.engine.as_str() {
            engine if engine.starts_with("interpreter") => {
                "plugins are interpreted (memory may not be made executable here, or \
                          moderation.engine says so)"
                    .to_owned()
            }
            engine => format!("plugins run as {engine}"),
        },
    );
    for problem in &plugins.problems {
        report.add("plugin", Level::Fail, problem.clone());
    }
    if plugins.working == 0 && plugins.problems.is_empty() {
        report.add("plugin", Level::Warn, "there are no plugins; nothing is moderated");
    } else {
        report.add("plugin", Level::Ok, format!("{} plugins work", plugins.working));
    }
}

pub(super) fn clock(report: &mut Report, now: Millis, synchronized: &Path) {
    if now < EARLIEST {
        let said = format!("the clock says {now}, which cannot be; no access token would be valid");
        report.add("clock", Level::Fail, said);
    } else if synchronized.exists() {
        report.add("clock", Level::Ok, format!("{now}, kept right by systemd-timesyncd"));
    } else {
        report.add("clock", Level::Ok, format!("{now}; who keeps it right is not known"));
    }
}
