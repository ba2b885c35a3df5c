//! What the administrator tells the process by signals. Does nothing about them itself.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that mean something to us.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// SIGTERM, SIGINT: end in order; the second time: at once.
    Stop,
    /// SIGHUP: read configuration and plugins again.
    Reload,
}

impl Signals {
    /// Takes the signals over from the system's defaults. Needs the runtime.
    ///
    /// # Errors
    /// The system refuses.
    pub fn take() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// The next signal. Cancel-safe: a signal that comes between two calls is not lost.
    pub async fn next(&mut self) -> Wish {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
            _ = self.hang_up.recv() => Wish::Reload,
        }
    }

    /// Resolves at the next SIGTERM or SIGINT; for ending at once while the program ends in order.
    pub async fn impatience(&mut self) {
        while self.next().await == Wish::Reload {}
    }
}

#[cfg(test)]
mod tests {
    use rustix::process::{Signal as Number, getpid, kill_process};

    use super::*;

    #[tokio::test]
    async fn signals_become_wishes() {
        let mut signals = Signals::take().unwrap();
        for (number, wish) in
            [(Number::HUP, Wish::Reload), (Number::TERM, Wish::Stop), (Number::INT, Wish::Stop)]
        {
            kill_process(getpid(), number).unwrap();
            assert_eq!(signals.next().await, wish);
        }
        kill_process(getpid(), Number::TERM).unwrap();
        signals.impatience().await;
    }
}
