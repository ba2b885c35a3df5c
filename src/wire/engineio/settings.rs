//! The figures of sessions, the same for all of a server.

/// Intervals and limits, announced to the client in the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    pub ping_interval_ms: u64,
    pub ping_timeout_ms: u64,
    /// The longest message, and the longest body of a poll.
    pub payload_max_bytes: usize,
    /// How long an upgrade may take.
    pub upgrade_timeout_ms: u64,
    /// How often a waiting poll is sent away while an upgrade is under way.
    pub noop_every_ms: u64,
    /// How long a session that is closing waits for the poll that learns it.
    pub close_timeout_ms: u64,
    /// How long a session that its client left waits for a poll sent at the same moment, on another
    /// connection. The post that left is answered after it.
    pub farewell_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ping_interval_ms: 25_000,
            ping_timeout_ms: 20_000,
            payload_max_bytes: 1_000_000,
            upgrade_timeout_ms: 10_000,
            noop_every_ms: 100,
            close_timeout_ms: 30_000,
            farewell_ms: 100,
        }
    }
}
