//! What time it is. A test's clock stands still until it is told otherwise.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use crate::domain::time::Millis;

/// A source of time; cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System {
        origin: Instant,
        last: Arc<AtomicU64>,
    },
    #[cfg(test)]
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
        let origin = Instant::now();
        Self(Source::System { origin, last: Arc::default() })
    }

    /// A clock that a test moves.
    #[cfg(test)]
    #[must_use]
    pub fn manual(start: u64) -> (Self, Arc<AtomicU64>) {
        let hand = Arc::new(AtomicU64::new(start));
        (Self(Source::Manual(hand.clone())), hand)
    }

    /// The time of day in UTC. It never steps back within one run: while the system's clock is set
    /// back it stands still.
    #[must_use]
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::System { last, .. } => {
                let now = system_ms();
                Millis(last.fetch_max(now, Ordering::Relaxed).max(now))
            }
            #[cfg(test)]
            Source::Manual(hand) => Millis(hand.load(Ordering::Relaxed)),
        }
    }

    /// By how many milliseconds the system's clock is behind what it was in this run.
    #[must_use]
    pub fn set_back_ms(&self) -> u64 {
        match &self.0 {
            Source::System { last, .. } => last.load(Ordering::Relaxed).saturating_sub(system_ms()),
            #[cfg(test)]
            Source::Manual(_) => 0,
        }
    }

    /// Microseconds since the clock was made; for measuring durations.
    #[must_use]
    pub fn ticks_us(&self) -> u64 {
        match &self.0 {
            Source::System { origin, .. } => {
                u64::try_from(origin.elapsed().as_micros()).unwrap_or(u64::MAX)
            }
            #[cfg(test)]
            Source::Manual(hand) => hand.load(Ordering::Relaxed).saturating_mul(1000),
        }
    }
}

/// What the system's clock says.
fn system_ms() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    u64::try_from(now).unwrap_or(u64::MAX)
}
