//! What a connection says and hears, apart from its socket: the face between the task that owns the
//! socket and a protocol. Knows no bytes on their way.

use std::{pin::Pin, sync::Arc, task::Context};

use bytes::Bytes;

use crate::{
    gateway::Common,
    hub::{Closing, Outbox},
    wire::websocket::CloseCode,
};

/// What the peer said.
#[derive(Debug)]
pub(in crate::gateway) enum Heard<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    /// A ping or pong of the WebSocket itself.
    Alive,
}

/// What the connection is to do.
#[derive(Debug)]
pub(in crate::gateway) enum Said {
    /// A finished frame for the peer.
    Frame(Bytes),
    /// Close after what waits: the code, or a close frame without one, and the reason.
    Close(Option<CloseCode>, &'static str),
}

/// Work that goes on without its connection.
pub(in crate::gateway) type Rest = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One side of a conversation over a WebSocket. Everything is called by the one task that owns the
/// connection; times are milliseconds of its clock.
pub(in crate::gateway) trait Dialogue: Send + Unpin + 'static {
    /// What all connections share.
    fn common(&self) -> &Common;
    /// Where everything waits that the peer gets.
    fn outbox(&self) -> &Arc<Outbox>;
    /// The peer said something. Not called while [`Dialogue::is_busy`].
    fn hear(&mut self, now: u64, heard: Heard<'_>);
    /// Whether [`Dialogue::work`] may have something to do.
    fn is_working(&self) -> bool;
    /// Goes on with what is being done; whether anything changed.
    fn work(&mut self, cx: &mut Context<'_>, now: u64) -> bool;
    /// Whether the peer is not to be heard now.
    fn is_busy(&self) -> bool;
    /// When [`Dialogue::elapse`] has something to do.
    fn deadline(&self) -> Option<u64>;
    fn elapse(&mut self, now: u64);
    /// The peer's silence until now was ours: nobody listened to it.
    fn excuse(&mut self, now: u64);
    /// What to do next; drained after each of the others.
    fn output(&mut self) -> Option<Said>;
    /// The server ends this connection: says what must be said and then closes. `false` to be asked
    /// again once work that was begun is finished.
    fn bye(&mut self, now: u64, why: Closing) -> bool;
    /// The connection has ended: lets go of everything that it listens to, and returns a change that
    /// was begun and is to be finished all the same. May be called again, for nothing.
    fn hand_over(&mut self) -> Option<Rest>;
}
