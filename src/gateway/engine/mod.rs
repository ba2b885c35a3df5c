//! Engine.IO 4: sessions over HTTP polling and the WebSocket at one endpoint, and the change from the one
//! to the other. What is said over a session is the business of an [`upper::Upper`].

mod answer;
mod body;
mod dialogue;
#[cfg(feature = "conformance")]
mod echo;
mod endpoint;
mod frames;
mod letter;
mod poller;
mod probe;
mod query;
mod seats;
pub(super) mod upper;

use std::sync::Arc;

use self::seats::Seats;
use super::Common;

#[cfg(feature = "conformance")]
pub(super) use self::echo::Echoes;
#[cfg(test)]
pub(super) use self::frames::messages;
pub(super) use self::{
    frames::joined,
    upper::{Upper, UpperOutput, Uppers, Visit},
};

/// The endpoint. Clones mean the same one.
pub(super) struct Engine<S: Uppers>(Arc<Shared<S>>);

/// What all sessions share.
struct Shared<S: Uppers> {
    common: Common,
    uppers: S,
    seats: Arc<Seats>,
}

impl<S: Uppers> Clone for Engine<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Uppers> Engine<S> {
    pub(super) fn new(common: Common, uppers: S) -> Self {
        Self(Arc::new(Shared { common, uppers, seats: Arc::default() }))
    }

    /// Live sessions.
    #[cfg(test)]
    pub(super) fn sessions(&self) -> usize {
        self.0.seats.len()
    }
}

/// The state of a session's task on a WebSocket, in bytes.
#[cfg(test)]
pub(super) fn connection_bytes() -> usize {
    use super::{connection::Connection, socketio::Sessions, tests::hall::Hall};
    size_of::<Connection<dialogue::EngineDialogue<Sessions<Hall>>>>()
}
