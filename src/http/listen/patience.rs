//! How long to wait for the head of a request. hyper has one timeout for two things: a connection
//! that waits for its next request may wait long, but a head that has begun must come quickly. This
//! timer tells them apart.
//!
//! hyper asks for a timer when it begins to wait for a head, and polls it again each time bytes came
//! and the head is still not complete. So a poll some time after the beginning means that a head has
//! begun, and from then on the shorter time counts. Polls right at the beginning mean nothing.

use std::{
    pin::Pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};

use crate::runtime::Clock;

/// Polls within this time are hyper getting ready, or a head that arrived as a whole.
const SETTLING: Duration = Duration::from_millis(500);

/// The timer of one connection.
#[derive(Debug)]
pub struct Patience {
    head: Duration,
    idle: Duration,
    clock: Clock,
    /// Nobody connects in order to wait: the first head is due at once.
    first: AtomicBool,
}

struct Waiting {
    /// The mutex is never contended; hyper wants the future to be `Sync`.
    sleep: Mutex<Pin<Box<tokio::time::Sleep>>>,
    began_us: u64,
    head: Duration,
    clock: Clock,
    shortened: bool,
}

impl Patience {
    pub fn new(head: Duration, idle: Duration, clock: Clock) -> Self {
        Self { head, idle: idle.max(head), clock, first: AtomicBool::new(true) }
    }

    fn waiting(&self, deadline: Instant) -> Waiting {
        let first = self.first.swap(false, Ordering::Relaxed);
        let early = if first { self.idle.saturating_sub(self.head) } else { Duration::ZERO };
        let deadline = deadline.checked_sub(early).unwrap_or(deadline);
        Waiting {
            sleep: Mutex::new(Box::pin(tokio::time::sleep_until(deadline.into()))),
            began_us: self.clock.ticks_us(),
            head: self.head,
            clock: self.clock.clone(),
            shortened: first,
        }
    }
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Waiting {
            sleep: Mutex::new(Box::pin(tokio::time::sleep(duration))),
            began_us: 0,
            head: duration,
            clock: self.clock.clone(),
            shortened: true,
        })
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(self.waiting(deadline))
    }
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let sleep = this.sleep.get_mut().unwrap_or_else(PoisonError::into_inner);
        let waited = Duration::from_micros(this.clock.ticks_us().saturating_sub(this.began_us));
        if !this.shortened && waited > SETTLING.min(this.head / 2) {
            this.shortened = true;
            let due = sleep.deadline();
            let sooner = tokio::time::sleep(this.head).deadline();
            if sooner < due {
                sleep.as_mut().reset(sooner);
            }
        }
        sleep.as_mut().poll(cx)
    }
}

impl Sleep for Waiting {}
