//! The watch over the disk: whether there is room to write, the ballast file, and the tick by which
//! lazy changes and interval syncs go out.

use std::{
    os::unix::fs::MetadataExt as _,
    path::Path,
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use super::run::Engine;
use crate::store::{Durability, Fault, StoreSettings};

const TICK_MS: u64 = 1000;

/// Whether there is room, and how the watching thread is ended.
#[derive(Default)]
pub struct Watch {
    full: AtomicBool,
    /// What was free when it was looked at last.
    free_bytes: AtomicU64,
    ended: Mutex<bool>,
    end: Condvar,
}

impl Watch {
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    pub fn free_bytes(&self) -> u64 {
        self.free_bytes.load(Ordering::Relaxed)
    }

    /// Looks at the file system once.
    pub fn look(&self, dir: &Path, settings: &StoreSettings) {
        match free_bytes(dir) {
            Ok(free) => {
                self.free_bytes.store(free, Ordering::Relaxed);
                let full = free < settings.free_floor_bytes;
                if self.full.swap(full, Ordering::Relaxed) != full {
                    let floor = settings.free_floor_bytes;
                    if full {
                        tracing::error!(free, floor, "the disk is nearly full: nothing is stored");
                    } else {
                        tracing::info!(free, floor, "the disk has room again");
                    }
                }
            }
            Err(fault) => tracing::warn!(%fault, "the free space of the disk is not known"),
        }
    }

    pub fn end(&self) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.end.notify_all();
    }

    /// Waits for `ms`; true once it was ended.
    fn pause(&self, ms: u64) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let (ended, _) = self
            .end
            .wait_timeout_while(ended, Duration::from_millis(ms), |ended| !*ended)
            .unwrap_or_else(PoisonError::into_inner);
        *ended
    }
}

/// Runs until the store is closed.
pub fn run(engine: &Engine) {
    let tick_ms = match engine.durability() {
        Durability::Sync => TICK_MS,
        Durability::Interval { interval_ms } => interval_ms.clamp(1, TICK_MS),
    };
    let mut since_look_ms = 0;
    while !engine.watch().pause(tick_ms) {
        engine.inbox().tick();
        since_look_ms += tick_ms;
        if since_look_ms >= TICK_MS {
            since_look_ms = 0;
            engine.look_at_disk();
        }
    }
}

/// Free bytes of the file system for an ordinary user.
pub fn free_bytes(dir: &Path) -> Result<u64, Fault> {
    let stat =
        statvfs(dir).map_err(|e| Fault::io("asking for the free space of", dir, &e.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// How deep the files of the store lie at most.
const DEPTH_MAX: usize = 8;

/// What the files below a directory take up on the disk; what cannot be looked at counts nothing.
pub fn used_bytes(dir: &Path) -> u64 {
    /// Blocks of stat(2) have this size, whatever the file system's own.
    const BLOCK_BYTES: u64 = 512;
    let mut used: u64 = 0;
    let mut dirs = vec![(dir.to_path_buf(), 0)];
    while let Some((dir, depth)) = dirs.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            if !about.is_dir() {
                used = used.saturating_add(about.blocks().saturating_mul(BLOCK_BYTES));
            } else if depth < DEPTH_MAX {
                dirs.push((entry.path(), depth + 1));
            }
        }
    }
    used
}

/// Makes the ballast file where it is missing and there is ample room. It is only a comfort, so a
/// failure is a word in the log.
pub fn place_ballast(path: &Path, settings: &StoreSettings) {
    let wanted = settings.ballast_bytes;
    if wanted == 0 || path.exists() {
        return;
    }
    let dir = path.parent().unwrap_or(path);
    let ample = settings.free_floor_bytes.saturating_add(wanted.saturating_mul(2));
    if free_bytes(dir).is_ok_and(|free| free < ample) {
        return;
    }
    let made = std::fs::File::create(path)
        .and_then(|file| Ok(fallocate(&file, FallocateFlags::empty(), 0, wanted)?));
    if let Err(error) = made {
        tracing::warn!(%error, "the ballast file could not be made");
        // Half a ballast would look like a whole one at the next start.
        let _ = std::fs::remove_file(path);
    }
}
