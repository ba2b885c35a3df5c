//! What HTTP needs of the rest of the program, in the words of the domain.

use std::pin::Pin;

use hyper::{Request, Response, body::Incoming};

use super::{answer::Body, listen::Peer};
use crate::{
    auth::{Permit, Service},
    dialect::plain::Readiness,
    domain::{
        command::{Command, Done, History, Page},
        id::ConversationId,
        refusal::Refusal,
    },
};

/// The chat. It runs to its end even when the client that asked has gone.
pub trait Port: Send + Sync {
    fn execute<'a>(&'a self, permit: Permit<'a>, command: Command) -> Later<'a, Done>;

    /// All of these in order, each with a result of its own.
    fn execute_all<'a>(
        &'a self,
        permit: Permit<'a>,
        commands: Vec<Command>,
    ) -> Later<'a, Vec<Result<Done, Failure>>>;

    /// Puts a word about a whole conversation in place.
    fn set_state<'a>(
        &'a self,
        service: &'a Service,
        conversation: &'a ConversationId,
        state: &'a str,
    ) -> Later<'a, ()>;

    fn history<'a>(&'a self, permit: Permit<'a>, question: History) -> Later<'a, Page>;
}

/// A result that is still to come.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Why the chat did not do it.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    Refused(Refusal),
    /// A fault of ours, logged where it happened.
    Internal,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Takes over a connection for the native protocol: answers 101 and goes on in a task of its own, or
/// refuses. The connection no longer counts against the limits of HTTP then.
pub type Upgrade = Box<dyn Fn(Request<Incoming>, &Peer) -> Response<Body> + Send + Sync>;

/// Answers a request to the endpoint of Socket.IO, in its own time; a connection that becomes a
/// WebSocket there is taken over as well.
pub type SocketIo = Box<
    dyn Fn(Request<Incoming>, &Peer) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>>
        + Send
        + Sync,
>;

/// Writes the figures for Prometheus; `None` if that broke off.
pub type Scrape =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Option<String>> + Send>> + Send + Sync>;

/// Tells how ready the server is.
pub type Ready = Box<dyn Fn() -> Readiness + Send + Sync>;
