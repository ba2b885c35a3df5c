//! Turning what happened into finished frames, once for all connections that want them in the same
//! form. The hub knows neither the forms nor their meaning: it keeps one result per flavour.

use bytes::Bytes;

use crate::domain::event::{Event, Offset, Signal};

/// One form of frames (protocol and encoding) as a small number that the encoder gives its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flavour(pub u8);

/// What listeners are told.
#[derive(Clone, Copy, Debug)]
pub enum Utterance<'a> {
    /// An entry of the log: durable. Its reader has come to its position with it.
    Event(&'a Event),
    /// An entry of the log that comes later than it happened, and how far its reader has come with it.
    Missed(&'a Event, &'a Offset),
    /// A passing signal: droppable.
    Signal(&'a Signal),
}

/// Makes finished frames. Implemented by those who know the protocols.
pub trait Encoder: Send + Sync {
    /// The frame as it goes to the socket; `None` where this flavour has no word for it.
    fn encode(&self, flavour: Flavour, what: Utterance<'_>) -> Option<Bytes>;
}
