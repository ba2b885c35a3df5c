//! Time and chance for tests: patience that ends, and random numbers that can be repeated.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long a test waits for something before it fails.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    end: Instant,
}

impl Patience {
    pub(crate) fn seconds(seconds: u64) -> Self {
        Self::of(Duration::from_secs(seconds))
    }

    pub(crate) fn of(length: Duration) -> Self {
        Self { end: now() + length }
    }

    /// What is left, at least a millisecond, so that it may be given to a socket as its time limit.
    pub(crate) fn left(self) -> Duration {
        self.end.saturating_duration_since(now()).max(Duration::from_millis(1))
    }

    pub(crate) fn is_over(self) -> bool {
        now() >= self.end
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock of the tests is the system's own")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "tokens are dated by the system's clock")]
pub(crate) fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs()
}

pub(crate) fn pause_ms(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

/// Waits until `probe` finds something; fails with `what` after `seconds`.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, seconds: u64, mut probe: impl FnMut() -> Option<T>) -> T {
    let patience = Patience::seconds(seconds);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(!patience.is_over(), "after {seconds} s still not: {what}");
        pause_ms(10);
    }
}

/// A repeatable stream of numbers (`SplitMix64`).
pub(crate) struct Random(u64);

pub(crate) fn random(seed: u64) -> Random {
    Random(seed)
}

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}
