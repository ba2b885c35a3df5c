//! How well the server is: whether it serves, and in sentences what is not as it should be. Asked for by
//! `/readyz` and the figures; repairs nothing.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    chat::Chat,
    dialect::plain::Readiness,
    domain::time::Millis,
    moderation::Moderator,
    runtime::{Clock, Drain},
    store::Store,
};

/// What is asked how it is. Cheap to clone.
#[derive(Clone)]
pub struct Health {
    pub store: Store,
    pub moderator: Moderator,
    pub chat: Chat,
    pub drain: Drain,
    pub clock: Clock,
    pub limits: Limits,
    /// Turns true when everything runs.
    pub started: Arc<AtomicBool>,
}

/// From where on something is worth a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Below this nothing new is stored.
    pub free_floor_bytes: u64,
    /// How many texts may wait for a check.
    pub moderation_queue_max: usize,
}

/// 2025-01-01; this program did not exist before.
const EARLIEST: Millis = Millis(1_735_689_600_000);
/// By how much the system's clock may be set back before it is worth a word.
const SET_BACK_MAX_MS: u64 = 5_000;
const MIB: u64 = 1024 * 1024;

impl Health {
    /// Whether the server serves, and how well.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let unavailable = |why: &str| Readiness::Unavailable(vec![why.to_owned()]);
        if self.drain.has_begun() {
            return unavailable("the server is stopping");
        }
        if let Some(fault) = self.store.failure() {
            return unavailable(&fault.to_string());
        }
        if !self.started.load(Ordering::Acquire) {
            return unavailable("the server is starting");
        }
        let reasons = self.reasons();
        if reasons.is_empty() { Readiness::Ready } else { Readiness::Degraded(reasons) }
    }

    /// What is not as it should be, a sentence each.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let Limits { free_floor_bytes, moderation_queue_max } = self.limits;
        let full = self.store.room_to_write().err().map(|refusal| refusal.to_string());
        let disk = full.or_else(|| judge_space(self.store.free_bytes(), free_floor_bytes));
        let clock = judge_clock(self.clock.now(), self.clock.set_back_ms());
        let queue = judge_queue(self.moderator.waiting(), moderation_queue_max);
        let crowd = self
            .chat
            .is_congested()
            .then(|| "so many changes wait for the disk that some are turned away".to_owned());
        let own = [disk, clock, queue, crowd].into_iter().flatten();
        own.chain(self.moderator.health()).collect()
    }
}

fn judge_space(free: u64, floor: u64) -> Option<String> {
    // Without a floor nothing stops at it, and nobody asked to be told.
    (free < floor.saturating_mul(2)).then(|| {
        let (free, floor) = (free / MIB, floor / MIB);
        format!("the disk has {free} MiB left; below {floor} MiB nothing new is stored")
    })
}

fn judge_clock(now: Millis, set_back_ms: u64) -> Option<String> {
    if now < EARLIEST {
        return Some(format!("the clock says {now}, which cannot be; access tokens are not valid"));
    }
    (set_back_ms > SET_BACK_MAX_MS).then(|| {
        let seconds = set_back_ms / 1000;
        format!("the system's clock was set back by {seconds} s; time stands still here until then")
    })
}

fn judge_queue(waiting: usize, max: usize) -> Option<String> {
    (waiting > max / 2)
        .then(|| format!("{waiting} texts wait for moderation; beyond {max} they go unchecked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_low_before_it_is_full() {
        assert_eq!(judge_space(200 * MIB, 100 * MIB), None);
        let low = judge_space(199 * MIB, 100 * MIB).unwrap();
        assert_eq!(low, "the disk has 199 MiB left; below 100 MiB nothing new is stored");
        assert_eq!(judge_space(0, 0), None);
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_told() {
        assert_eq!(judge_clock(EARLIEST, 5_000), None);
        assert!(judge_clock(Millis(0), 0).unwrap().contains("1970-01-01"));
        assert!(judge_clock(EARLIEST, 61_000).unwrap().contains("set back by 61 s"));
    }

    #[test]
    fn a_long_queue_is_told() {
        assert_eq!(judge_queue(50, 100), None);
        assert!(judge_queue(51, 100).unwrap().starts_with("51 texts wait"));
    }
}
