//! What a plugin may write into the server's log: short lines, few a second, and nothing that a person
//! wrote. Knows no engine.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::runtime::Clock;

const LINE_MAX_BYTES: usize = 1024;

/// What the plugin is doing while it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No message is known to it yet.
    Load,
    /// It has seen a message; its lines may quote it and are shown at debug only.
    Check,
}

/// Shared by all instances of one plugin.
#[derive(Debug)]
pub struct LogBudget {
    plugin: String,
    lines_per_s: u32,
    clock: Clock,
    /// The second that is counted (upper half) and the lines in it (lower half).
    window: AtomicU64,
}

impl LogBudget {
    pub fn new(plugin: String, lines_per_s: u32, clock: Clock) -> Self {
        Self { plugin, lines_per_s, clock, window: AtomicU64::new(0) }
    }

    pub fn write(&self, phase: Phase, level: &str, text: &str) {
        if !self.admit() {
            return;
        }
        let plugin = self.plugin.as_str();
        let line = printable(text);
        match (phase, level) {
            (Phase::Load, "error" | "warn") => {
                tracing::warn!(target: "parlour::plugin", plugin, "{line}");
            }
            (Phase::Load, "info") => tracing::info!(target: "parlour::plugin", plugin, "{line}"),
            _ => tracing::debug!(target: "parlour::plugin", plugin, level, "{line}"),
        }
    }

    fn admit(&self) -> bool {
        let second = self.clock.now().0 / 1000;
        let max = u64::from(self.lines_per_s);
        let counted = self.window.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |window| {
            let lines = if window >> 32 == second & 0xffff_ffff { window & 0xffff_ffff } else { 0 };
            (lines < max).then_some((second << 32) | (lines + 1))
        });
        counted.is_ok()
    }
}

/// One line without control characters, at most [`LINE_MAX_BYTES`] long.
fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(LINE_MAX_BYTES));
    for c in text.chars() {
        if line.len() + c.len_utf8() > LINE_MAX_BYTES {
            break;
        }
        line.push(if c.is_control() { ' ' } else { c });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_few_and_short() {
        let (clock, hand) = Clock::manual(5_000);
        let budget = LogBudget::new("p".into(), 3, clock);
        assert_eq!((0..10).filter(|_| budget.admit()).count(), 3);
        hand.store(6_000, Ordering::Relaxed);
        assert_eq!((0..10).filter(|_| budget.admit()).count(), 3);
        assert_eq!(printable(&"я".repeat(2000)).len(), 1024);
        assert_eq!(printable("a\x1b[2J\nb"), "a [2J b");
    }
}
