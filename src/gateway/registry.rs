//! Which connections live: how many, from where, in which protocol, and how to reach all of them
//! when the server stops.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{GatewaySettings, handshake::Rejection, settings::Exempt};
use crate::{
    hub::{Closing, Outbox},
    wire::native::Encoding,
};

/// What is spoken over a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Native(Encoding),
    Polling,
    /// Engine.IO over a WebSocket.
    WebSocket,
}

/// Shared by everything that opens or ends connections.
#[derive(Debug)]
pub(super) struct Registry {
    connections_max: usize,
    per_address_max: usize,
    exempt: Exempt,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    live: HashMap<u64, Arc<Outbox>>,
    addresses: HashMap<IpAddr, usize>,
    counts: [usize; Protocol::ALL.len()],
    /// How many there ever were.
    opened: [u64; Protocol::ALL.len()],
    /// How many ended because their peer read too slowly.
    slow: u64,
    draining: bool,
}

/// A connection's place; dropping it gives the place up.
#[derive(Debug)]
pub(super) struct Ticket {
    registry: Arc<Registry>,
    number: u64,
    /// `None`: not counted.
    address: Option<IpAddr>,
    protocol: Protocol,
}

// === impl Protocol ===

impl Protocol {
    const ALL: [Self; 4] = [
        Self::Native(Encoding::Json),
        Self::Native(Encoding::MessagePack),
        Self::Polling,
        Self::WebSocket,
    ];

    /// Where it stands in [`Protocol::ALL`].
    fn place(self) -> usize {
        Self::ALL.into_iter().take_while(|known| *known != self).count()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Native(encoding) => encoding.subprotocol(),
            Self::Polling => "socketio.polling",
            Self::WebSocket => "socketio.websocket",
        }
    }
}

// === impl Registry ===

impl Registry {
    pub(super) fn new(settings: &GatewaySettings) -> Self {
        Self {
            connections_max: settings.connections_max,
            per_address_max: settings.connections_per_address_max,
            exempt: settings.exempt.clone(),
            state: Mutex::default(),
        }
    }

    /// Finds a place for a connection, whose frames go through `outbox`.
    pub(super) fn admit(
        self: &Arc<Self>,
        peer: IpAddr,
        protocol: Protocol,
        outbox: &Arc<Outbox>,
    ) -> Result<Ticket, Rejection> {
        let address = (!self.exempt.lets(peer)).then(|| network(peer));
        let mut state = self.lock();
        if state.draining {
            return Err(Rejection::new(503, "stopping", "the server is stopping"));
        }
        if state.live.len() >= self.connections_max {
            return Err(Rejection::new(503, "busy", "too many connections"));
        }
        if let Some(address) = address {
            let from_there = state.addresses.entry(address).or_default();
            if *from_there >= self.per_address_max {
                return Err(Rejection::new(429, "rate_limited", "too many connections from there"));
            }
            *from_there += 1;
        }
        state.count(protocol, 1);
        state.count_opened(protocol);
        let number = state.next;
        state.next += 1;
        state.live.insert(number, outbox.clone());
        Ok(Ticket { registry: self.clone(), number, address, protocol })
    }

    /// Asks every connection to end and lets no new one begin.
    pub(super) fn drain(&self) {
        self.lock().draining = true;
        for outbox in self.outboxes() {
            outbox.close(Closing::Draining);
        }
    }

    /// The queues of all connections.
    pub(super) fn outboxes(&self) -> Vec<Arc<Outbox>> {
        self.lock().live.values().cloned().collect()
    }

    /// Live connections by protocol.
    pub(super) fn counts(&self) -> Vec<(&'static str, usize)> {
        self.tally().into_iter().map(|(name, live, _)| (name, live)).collect()
    }

    /// Live connections by protocol, and how many there ever were.
    pub(super) fn tally(&self) -> Vec<(&'static str, usize, u64)> {
        let state = self.lock();
        let both = state.counts.into_iter().zip(state.opened);
        let names = Protocol::ALL.into_iter().map(Protocol::name);
        names.zip(both).map(|(name, (live, opened))| (name, live, opened)).collect()
    }

    /// How many connections ended because their peer read too slowly.
    pub(super) fn slow(&self) -> u64 {
        self.lock().slow
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl State ===

impl State {
    fn count(&mut self, protocol: Protocol, change: isize) {
        if let Some(count) = self.counts.get_mut(protocol.place()) {
            *count = count.saturating_add_signed(change);
        }
    }

    fn count_opened(&mut self, protocol: Protocol) {
        if let Some(opened) = self.opened.get_mut(protocol.place()) {
            *opened += 1;
        }
    }
}

// === impl Ticket ===

impl Ticket {
    /// The session moves to another connection, which was admitted for itself.
    pub(super) fn turn(&mut self, protocol: Protocol) {
        let mut state = self.registry.lock();
        state.count(self.protocol, -1);
        state.count(protocol, 1);
        drop(state);
        self.protocol = protocol;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.registry.lock();
        let outbox = state.live.remove(&self.number);
        let closing = outbox.and_then(|outbox| outbox.closing());
        state.slow += u64::from(closing == Some(Closing::Slow));
        state.count(self.protocol, -1);
        let Some(address) = self.address else { return };
        if let Some(count) = state.addresses.get_mut(&address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                state.addresses.remove(&address);
            }
        }
    }
}

/// What counts as one address: whoever has an IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry(connections_max: usize, connections_per_address_max: usize) -> Arc<Registry> {
        Arc::new(Registry::new(&GatewaySettings {
            connections_max,
            connections_per_address_max,
            ..GatewaySettings::default()
        }))
    }

    fn admit(registry: &Arc<Registry>, peer: &str) -> Result<Ticket, u16> {
        let outbox = Arc::new(Outbox::new(1000));
        let peer = peer.parse().unwrap();
        registry
            .admit(peer, Protocol::Native(Encoding::Json), &outbox)
            .map_err(|rejection| rejection.status)
    }

    #[test]
    fn places_are_limited_and_come_back() {
        let registry = registry(3, 2);
        let first = admit(&registry, "192.0.2.1").unwrap();
        let _second = admit(&registry, "::ffff:192.0.2.1").unwrap();
        assert_eq!(admit(&registry, "192.0.2.1").unwrap_err(), 429);
        let _third = admit(&registry, "2001:db8::1").unwrap();
        assert_eq!(admit(&registry, "192.0.2.9").unwrap_err(), 503);
        assert_eq!(registry.counts()[0], ("parlour.v1.json", 3));
        drop(first);
        assert!(admit(&registry, "192.0.2.1").is_ok());
        assert_eq!(registry.counts()[0].1, 2);
    }

    #[test]
    fn a_network_counts_as_one() {
        let registry = registry(9, 1);
        let first = admit(&registry, "2001:db8:1:2::1").unwrap();
        assert_eq!(admit(&registry, "2001:db8:1:2:ffff::1").unwrap_err(), 429);
        assert!(admit(&registry, "2001:db8:1:3::1").is_ok());
        drop(first);
        assert!(registry.lock().addresses.is_empty(), "nothing is kept of those who left");
    }

    #[test]
    fn a_connection_may_turn_to_another_protocol() {
        let registry = registry(9, 9);
        let outbox = Arc::new(Outbox::new(1000));
        let peer = "192.0.2.1".parse().unwrap();
        let mut ticket = registry.admit(peer, Protocol::Polling, &outbox).unwrap();
        ticket.turn(Protocol::WebSocket);
        let opened: Vec<u64> = registry.tally().into_iter().map(|(_, _, opened)| opened).collect();
        assert_eq!(opened, [0, 0, 1, 0], "a connection is opened once");
        let live = |name| registry.counts().into_iter().find(|(known, _)| *known == name);
        assert_eq!(live("socketio.polling"), Some(("socketio.polling", 0)));
        assert_eq!(live("socketio.websocket"), Some(("socketio.websocket", 1)));
        drop(ticket);
        assert!(registry.counts().iter().all(|(_, count)| *count == 0));
    }

    #[test]
    fn draining_reaches_everybody() {
        let registry = registry(9, 9);
        let outbox = Arc::new(Outbox::new(1000));
        let peer = "192.0.2.1".parse().unwrap();
        let _ticket = registry.admit(peer, Protocol::Polling, &outbox).unwrap();
        registry.drain();
        assert_eq!(outbox.closing(), Some(Closing::Draining));
        assert_eq!(admit(&registry, "192.0.2.1").unwrap_err(), 503);
    }
    #[test]
    fn those_who_left_are_counted() {
        let registry = registry(9, 9);
        let (slow, quick) = (Arc::new(Outbox::new(1000)), Arc::new(Outbox::new(1000)));
        let peer = "192.0.2.1".parse().unwrap();
        let protocol = Protocol::Native(Encoding::Json);
        let first = registry.admit(peer, protocol, &slow).unwrap();
        let second = registry.admit(peer, protocol, &quick).unwrap();
        assert_eq!((registry.outboxes().len(), registry.tally()[0].2), (2, 2));
        slow.close(Closing::Slow);
        drop((first, second));
        assert_eq!((registry.counts()[0].1, registry.tally()[0].2, registry.slow()), (0, 2, 1));
        assert!(registry.outboxes().is_empty());
    }
}
