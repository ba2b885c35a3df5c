//! Socket.IO over the Engine.IO transport: which namespaces there are, who may join them, what their
//! events mean to the chat, and how a session goes on after a break, also one of the server.
//!
//! The server gives each session of a namespace a secret (`pid`) and ends every event with an offset. A
//! client that comes back shows both; the store knows which conversations the session heard, the
//! offset says how far. Everything else (who it is, what it may read) is asked anew.

#[cfg(feature = "conformance")]
pub(super) mod conformance;
mod connect;
mod frames;
mod namespace;
mod pid;
mod queue;
mod run;
mod session;
#[cfg(feature = "conformance")]
mod suite;
#[cfg(test)]
mod tests;
mod v1;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

pub(super) use frames::encode;
pub(super) use session::SocketIo;

use super::{
    Common,
    engine::{Uppers, Visit},
    meters::Meters,
    port::Chat,
    settings::GatewaySettings,
};
use crate::{
    hub::{Closing, Outbox},
    runtime::{Clock, meters::Way},
};
use pid::{Pid, Sid};

/// What all sessions share.
pub(super) struct Hall<C: Chat> {
    pub chat: C,
    pub settings: Arc<GatewaySettings>,
    pub clock: Clock,
    pub meters: Arc<Meters>,
    /// The live sessions that can be recovered, by the part of their secret that is none: it tells
    /// them apart, and who shows a secret is known by the whole of it before.
    live: Mutex<HashMap<Sid, Weak<Outbox>>>,
}

impl<C: Chat> Hall<C> {
    pub(super) fn new(chat: C, common: &Common) -> Arc<Self> {
        let (settings, clock) = (common.settings.clone(), common.clock.clone());
        Arc::new(Self {
            chat,
            settings,
            clock,
            meters: common.meters.clone(),
            live: Mutex::default(),
        })
    }

    /// Takes note of what a client is not granted.
    fn refused(&self, code: &str) {
        self.meters.refused(Way::SocketIo, code);
    }

    /// A session lives on in this connection; an older connection of it is closed, for its client has
    /// left it without our noticing.
    fn take_over<'a>(&'a self, pid: Pid, outbox: &'a Arc<Outbox>) -> Claim<'a, C> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let older = live.insert(pid.key(), Arc::downgrade(outbox));
        drop(live);
        if let Some(older) = older.and_then(|older| older.upgrade())
            && !Arc::ptr_eq(&older, outbox)
        {
            older.close(Closing::Draining);
        }
        Claim { hall: self, pid, outbox, given_up: true }
    }

    fn is_live(&self, pid: Pid) -> bool {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&pid.key())
    }

    /// The session ended in this connection. Whether no other connection has taken it over.
    fn gone(&self, pid: Pid, outbox: &Arc<Outbox>) -> bool {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let own = live
            .get(&pid.key())
            .is_some_and(|known| std::ptr::eq(known.as_ptr(), &raw const **outbox));
        if own {
            live.remove(&pid.key());
        }
        own
    }
}

/// A session that a connection has taken over. Given up again when dropped, for a connection may end
/// at any point of joining.
#[must_use]
struct Claim<'a, C: Chat> {
    hall: &'a Hall<C>,
    pid: Pid,
    outbox: &'a Arc<Outbox>,
    given_up: bool,
}

impl<C: Chat> Claim<'_, C> {
    /// From here on the connection itself looks after it.
    fn keep(mut self) {
        self.given_up = false;
    }
}

impl<C: Chat> Drop for Claim<'_, C> {
    fn drop(&mut self) {
        if self.given_up {
            self.hall.gone(self.pid, self.outbox);
        }
    }
}

/// Opens Socket.IO sessions.
pub(super) struct Sessions<C: Chat>(pub Arc<Hall<C>>);

impl<C: Chat> Uppers for Sessions<C> {
    type Upper = SocketIo<C>;

    fn open(&self, visit: Visit, outbox: &Arc<Outbox>) -> SocketIo<C> {
        SocketIo::new(self.0.clone(), visit.token, outbox.clone())
    }
}
