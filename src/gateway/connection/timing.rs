//! What happens because time passes: one timer for whatever is due next.

use std::{io, task::Context, time::Duration};

use super::{Connection, Dialogue, Phase, Turn};
use crate::wire::websocket::CloseCode;

impl<D: Dialogue> Connection<D> {
    /// Lets time pass, and arms the timer for what comes next. An earlier timer is left alone: it
    /// rings once for nothing, which is cheaper than setting it anew with every message.
    pub(super) fn time(&mut self, cx: &mut Context<'_>, busy: bool) -> io::Result<Turn> {
        if busy {
            return Ok(Turn::Again);
        }
        let deadline = self.deadline();
        if self.timer.is_none() || self.timer_at > deadline {
            self.arm(deadline);
        }
        loop {
            let Some(timer) = &mut self.timer else { return Ok(Turn::Wait) };
            if timer.as_mut().poll(cx).is_pending() {
                return Ok(Turn::Wait);
            }
            let (now, deadline) = (self.now(), self.deadline());
            if now >= deadline {
                self.timer_at = u64::MAX;
                return self.elapse(now);
            }
            self.arm(deadline);
        }
    }

    fn deadline(&self) -> u64 {
        let stall_max = self.dialogue.common().settings.stall_max_ms;
        let stalled = [self.stalled_at, self.partial_at]
            .into_iter()
            .flatten()
            .map(|at| at.saturating_add(stall_max));
        match self.phase {
            Phase::Open => self.dialogue.deadline().into_iter().chain(stalled).min(),
            Phase::Flushing { until, .. } | Phase::Lingering { until } => Some(until),
        }
        .unwrap_or(u64::MAX)
    }

    fn arm(&mut self, deadline: u64) {
        // A day at most: the clock may be set, and a far deadline costs nothing to look at again.
        let wait = Duration::from_millis(deadline.saturating_sub(self.now()).min(86_400_000));
        let sleep = tokio::time::sleep(wait);
        self.timer_at = deadline;
        match &mut self.timer {
            Some(timer) => timer.set(sleep),
            None => self.timer = Some(Box::pin(sleep)),
        }
    }

    fn elapse(&mut self, now: u64) -> io::Result<Turn> {
        if self.phase != Phase::Open {
            return Ok(Turn::End);
        }
        let stall_max = self.dialogue.common().settings.stall_max_ms;
        let too_long =
            |since: Option<u64>| since.is_some_and(|at| now.saturating_sub(at) >= stall_max);
        if too_long(self.stalled_at) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if !self.listens() {
            // Its silence is ours: nobody listened.
            self.dialogue.excuse(now);
            self.partial_at = self.partial_at.map(|_| now);
        }
        if too_long(self.partial_at) {
            self.close(Some(CloseCode::POLICY), "a message was not finished in time");
            return Ok(Turn::Again);
        }
        self.dialogue.elapse(now);
        self.act();
        Ok(Turn::Again)
    }
}
