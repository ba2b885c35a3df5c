//! What an administrator decides about live connections.

use std::{fmt, net::IpAddr, sync::Arc};

use crate::wire::engineio;

/// Limits and permissions of all connections.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// The longest message of a client, in bytes, all of its fragments together.
    pub frame_max_bytes: u32,
    /// What may wait for one connection, in bytes, before it counts as slow.
    pub outbox_max_bytes: usize,
    /// Live connections of all protocols.
    pub connections_max: usize,
    /// Live connections of one address; IPv6 addresses count by their /64.
    pub connections_per_address_max: usize,
    /// Addresses that this limit is not for, besides loopback: proxies that speak for many.
    pub exempt: Exempt,
    /// Conversations that one connection may listen to.
    pub subscriptions_per_connection_max: usize,
    /// Web pages of other origins that may connect, as `https://host[:port]`; `*` is everybody.
    /// Pages of the server's own host and clients that are no browsers always may.
    pub origins: Vec<String>,
    /// The most events that a subscription sends from the log; where more were missed, the client is
    /// told to fetch the history.
    pub missed_events_max: u64,
    /// How many operations a client may ask for in a second, in the long run.
    pub operations_per_second_max: u32,
    /// How many more it may ask for at once after a pause.
    pub operations_burst_max: u32,
    /// How long a peer may take nothing of what waits for it, or leave a message unfinished, in
    /// milliseconds.
    pub stall_max_ms: u64,
    /// How long a closing connection waits for its peer, in milliseconds.
    pub close_wait_ms: u64,
    /// How long the body of a poll's post may take to arrive, in milliseconds.
    pub body_max_ms: u64,
    /// The transport of Socket.IO; its `payload_max_bytes` also bounds a WebSocket message there.
    pub engine: Arc<engineio::Settings>,
    /// How long a Socket.IO client may take until it has joined a namespace, in milliseconds.
    pub connect_timeout_ms: u64,
    /// The Socket.IO namespaces whose sessions go on after a break.
    pub recovery: Vec<String>,
    /// How long after a break, in milliseconds.
    pub recovery_window_ms: u64,
}

/// Tells which addresses are not counted.
#[derive(Clone, Default)]
pub struct Exempt(Option<Arc<dyn Fn(IpAddr) -> bool + Send + Sync>>);

impl Exempt {
    #[must_use]
    pub fn new(lets: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(lets)))
    }

    pub(super) fn lets(&self, address: IpAddr) -> bool {
        address.to_canonical().is_loopback() || self.0.as_ref().is_some_and(|lets| lets(address))
    }
}

impl fmt::Debug for Exempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exempt")
    }
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            frame_max_bytes: 65_536,
            outbox_max_bytes: 1 << 20,
            connections_max: 20_000,
            connections_per_address_max: 1_000,
            exempt: Exempt::default(),
            subscriptions_per_connection_max: 200,
            origins: Vec::new(),
            missed_events_max: 1_000_000,
            operations_per_second_max: 1_000,
            operations_burst_max: 10_000,
            stall_max_ms: 30_000,
            close_wait_ms: 2_000,
            body_max_ms: 30_000,
            engine: Arc::default(),
            connect_timeout_ms: 45_000,
            recovery: vec!["/".into(), "/v1".into()],
            recovery_window_ms: 7 * 86_400_000,
        }
    }
}
