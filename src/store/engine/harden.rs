//! Makes the database sync with fsync. It asks for `sync_file_range`, which says nothing about the
//! disk's own cache or a file's length; where that call does not exist it uses fsync instead. So the
//! call is made to not exist, for this process and its children, by a filter on system calls.

use std::collections::BTreeMap;

use rustix::io::Errno;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

/// Installs the filter. Must be called before any other thread exists, since a thread keeps the
/// filters that it was born with. Calling it twice only installs it twice.
///
/// # Errors
/// Why the filter could not be installed, for the log. The store then relies on its own sync after
/// each group alone.
pub fn harden() -> Result<(), String> {
    install()?;
    if filters_calls() { Ok(()) } else { Err("the filter has no effect here".into()) }
}

/// The number of `sync_file_range`, and the architecture that it is for (the kernel's
/// `syscall_64.tbl` and `asm-generic/unistd.h`).
fn call() -> Option<(i64, TargetArch)> {
    match std::env::consts::ARCH {
        "x86_64" => Some((277, TargetArch::x86_64)),
        "aarch64" => Some((84, TargetArch::aarch64)),
        _ => None,
    }
}

fn install() -> Result<(), String> {
    let (number, arch) = call().ok_or("this processor is not known to it")?;
    let errno = u32::try_from(Errno::NOSYS.raw_os_error()).map_err(|e| e.to_string())?;
    let rules = BTreeMap::from([(number, Vec::new())]);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(errno), arch)
        .map_err(|e| e.to_string())?;
    let program = BpfProgram::try_from(filter).map_err(|e| e.to_string())?;
    // This sets NO_NEW_PRIVS first, without which an ordinary user may not install a filter.
    seccompiler::apply_filter(&program).map_err(|e| e.to_string())
}

/// Whether the kernel says that this thread's calls are filtered (`proc_pid_status(5)`: 2 is
/// "filter"). Where it does not say, an accepted filter is believed.
fn filters_calls() -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/thread-self/status") else { return true };
    status.lines().find_map(|line| line.strip_prefix("Seccomp:")).is_none_or(|m| m.trim() == "2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_takes_effect_or_says_why_not() {
        match harden() {
            Ok(()) => assert!(filters_calls()),
            Err(why) => assert!(!why.is_empty()),
        }
    }
}
