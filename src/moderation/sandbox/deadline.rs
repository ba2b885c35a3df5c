//! When a call takes too long. Fuel decides about work; this only keeps a thread from being lost, and
//! does not blame a plugin for a machine that had no time for it.

use std::{cell::OnceCell, fs::File, os::unix::fs::FileExt};

use wasmtime::{StoreContextMut, UpdateDeadline};

use super::{engine::TICK_MS, world::Guest};

/// Nearly every call ends within the first step, and then nothing is measured at all.
const STEP_TICKS: u64 = 2;
const STEP_MS: u64 = STEP_TICKS * TICK_MS;
/// A call that got no time from the system may take this many times its deadline.
const PATIENCE: u64 = 10;

/// The deadline of the call that is under way.
#[derive(Debug, Default)]
pub struct Deadline {
    max_ms: u64,
    passed_ms: u64,
    /// What the thread had used after the first step, in nanoseconds.
    used_before: Option<u64>,
}

impl Deadline {
    /// Ticks until it is to be looked at first.
    pub const FIRST_TICKS: u64 = STEP_TICKS + 1;

    pub fn new(max_ms: u64) -> Self {
        Self { max_ms, passed_ms: 0, used_before: None }
    }

    /// One step has passed. True if the call has had its time: on a processor, where the system tells
    /// that, else by the clock.
    fn expired(&mut self, used: Option<u64>) -> bool {
        self.passed_ms = self.passed_ms.saturating_add(STEP_MS);
        if self.passed_ms == STEP_MS {
            self.used_before = used;
        }
        let by_clock = match (self.used_before, used) {
            (Some(before), Some(now)) => {
                let used_ms = now.saturating_sub(before) / 1_000_000;
                if used_ms.saturating_add(STEP_MS) >= self.max_ms {
                    return true;
                }
                self.max_ms.saturating_mul(PATIENCE)
            }
            _ => self.max_ms,
        };
        self.passed_ms >= by_clock
    }
}

/// Called by the engine at each step of a call that still runs.
#[expect(clippy::unnecessary_wraps, reason = "the shape that the engine asks for")]
pub fn step(mut store: StoreContextMut<'_, Guest>) -> wasmtime::Result<UpdateDeadline> {
    if store.data_mut().deadline.expired(thread_time_ns()) {
        return Ok(UpdateDeadline::Interrupt);
    }
    Ok(UpdateDeadline::Continue(STEP_TICKS))
}

/// Processor time of this thread in nanoseconds (first number of proc(5) `schedstat`), if the system
/// tells it.
fn thread_time_ns() -> Option<u64> {
    thread_local! {
        static OWN: OnceCell<Option<File>> = const { OnceCell::new() };
    }
    let mut bytes = [0; 64];
    let len = OWN.with(|own| {
        let file = own.get_or_init(|| File::open("/proc/thread-self/schedstat").ok());
        file.as_ref()?.read_at(&mut bytes, 0).ok()
    })?;
    let text = std::str::from_utf8(bytes.get(..len)?).ok()?;
    text.split_whitespace().next()?.parse().ok().filter(|ns| *ns > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the thread has used at each step, in milliseconds, and at which it is over.
    #[track_caller]
    fn check(max_ms: u64, used_ms: impl Iterator<Item = Option<u64>>, expected: usize) {
        let mut deadline = Deadline::new(max_ms);
        let over = used_ms
            .map(|ms| ms.map(|ms| ms * 1_000_000))
            .position(|used| deadline.expired(used))
            .map(|step| step + 1);
        assert_eq!(over, Some(expected));
    }

    #[test]
    fn a_plugin_is_blamed_for_its_own_time_only() {
        check(100, (0..).map(|step| Some(7 + step * 20)), 5);
        check(100, (0..).map(|step| Some(7 + step)), 50);
        check(100, (0..).map(|step| Some(7 + step * 10)), 9);
        check(100, std::iter::repeat(None), 5);
        check(10, std::iter::repeat(None), 1);
        check(10, std::iter::repeat(Some(1)), 1);
    }

    #[test]
    fn the_system_tells_what_a_thread_has_used() {
        let Some(before) = thread_time_ns() else { return };
        let mut sum = 0u64;
        for n in 0..50_000_000u64 {
            sum = std::hint::black_box(sum ^ n);
        }
        assert!(thread_time_ns() > Some(before), "{sum}");
    }
}
