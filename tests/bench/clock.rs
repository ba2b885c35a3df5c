//! The generator's one clock: microseconds since it started. It knows no time of day.

use std::time::{Duration, Instant};

/// A clock; every copy shows the same time.
#[derive(Clone, Copy)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a benchmark is about the real clock")]
        let origin = Instant::now();
        Self(origin)
    }

    /// Microseconds since the start.
    pub(crate) fn now_us(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Gives the processor away for a while.
pub(crate) fn rest_us(microseconds: u64) {
    std::thread::sleep(Duration::from_micros(microseconds));
}
