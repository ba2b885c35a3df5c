//! What the requests of a polling session bring to its task.

use tokio::sync::oneshot;

use crate::{
    gateway::{handshake::Accepted, registry::Ticket},
    wire::engineio::Answer,
};

/// Where the answer to a request goes; dropped unanswered if the session is over, and closed by the
/// other side if the client has gone.
pub(super) type Reply = oneshot::Sender<Answer>;

/// One request.
#[derive(Debug)]
pub(super) enum Letter {
    Get(Reply),
    /// A post whose body follows.
    Post(Reply, oneshot::Receiver<Body>),
    /// A WebSocket that wants to become the session's own, with its place among the connections.
    Probe(Accepted, Ticket),
}

/// What became of a post's body; nothing comes if its client broke off.
#[derive(Debug)]
pub(super) enum Body {
    Text(String),
    /// 413 is answered.
    TooLarge,
    Unreadable,
}
