//! One timer of a task, for whatever is due next.

use std::{pin::Pin, task::Context, time::Duration};

use tokio::time::Sleep;

/// See the module. It has no memory of its own until it is set.
pub(super) struct Alarm {
    timer: Option<Pin<Box<Sleep>>>,
    /// For when the timer is set, in milliseconds.
    at: u64,
}

// === impl Alarm ===

impl Default for Alarm {
    fn default() -> Self {
        Self { timer: None, at: u64::MAX }
    }
}

impl Alarm {
    /// Whether `deadline` is reached; else the task is woken then. An earlier timer is left alone: it
    /// rings once for nothing, which is cheaper than setting it anew with every message.
    pub(super) fn rang(
        &mut self,
        cx: &mut Context<'_>,
        clock: impl Fn() -> u64,
        deadline: u64,
    ) -> bool {
        if self.timer.is_none() || self.at > deadline {
            self.set(clock(), deadline);
        }
        loop {
            let Some(timer) = &mut self.timer else { return false };
            if timer.as_mut().poll(cx).is_pending() {
                return false;
            }
            let now = clock();
            if now >= deadline {
                self.at = u64::MAX;
                return true;
            }
            self.set(now, deadline);
        }
    }

    fn set(&mut self, now: u64, deadline: u64) {
        // A day at most: the clock may be set, and a far deadline costs nothing to look at again.
        let wait = Duration::from_millis(deadline.saturating_sub(now).min(86_400_000));
        let sleep = tokio::time::sleep(wait);
        self.at = deadline;
        match &mut self.timer {
            Some(timer) => timer.set(sleep),
            None => self.timer = Some(Box::pin(sleep)),
        }
    }
}
