//! What happens because time passes: one timer for whatever is due next.

use std::{io, task::Context};

use super::{Connection, Dialogue, Phase, Turn};
use crate::wire::websocket::CloseCode;

impl<D: Dialogue> Connection<D> {
    /// Lets time pass, and waits for what comes next.
    pub(super) fn time(&mut self, cx: &mut Context<'_>, busy: bool) -> io::Result<Turn> {
        if busy {
            return Ok(Turn::Again);
        }
        let (deadline, common) = (self.deadline(), self.dialogue.common());
        if !self.alarm.rang(cx, || common.now(), deadline) {
            return Ok(Turn::Wait);
        }
        self.elapse(self.now())
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
