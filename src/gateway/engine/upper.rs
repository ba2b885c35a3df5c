//! What speaks over an Engine.IO session: the face between the transport and the protocol above it.
//! Knows neither which transport carries the session nor that it may change.

use std::{net::IpAddr, sync::Arc, task::Context};

use crate::{
    gateway::connection::Rest,
    hub::{Closing, Outbox},
    wire::engineio::{Closed, Message},
};

/// What an upper wants.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::gateway) enum UpperOutput {
    /// For the client: together, in order, with nothing of anybody else between them.
    Send(Vec<Message>),
    /// End the session after what waits; the client may connect again.
    Close,
}

/// The protocol above, for one session. Everything is called by the one task that owns the session, and
/// nothing is called after [`Upper::ended`] but [`Upper::hand_over`]. Times are milliseconds of the
/// gateway's clock.
///
/// What it says and what publishers push into its outbox reach the client in one order. Both are
/// finished WebSocket frames there: a text frame whose payload begins with `4`, or a binary one; several
/// that belong together are pushed as one piece.
pub(in crate::gateway) trait Upper: Send + Unpin + 'static {
    /// The client said something. Not called while [`Upper::is_busy`].
    fn hear(&mut self, now: u64, message: Message);
    /// Whether [`Upper::work`] may have something to do.
    fn is_working(&self) -> bool {
        true
    }
    /// Goes on with what is being done; whether anything changed.
    fn work(&mut self, cx: &mut Context<'_>, now: u64) -> bool;
    /// Whether the client is not to be heard now. Its silence meanwhile is excused.
    fn is_busy(&self) -> bool;
    /// When [`Upper::elapse`] has something to do.
    fn deadline(&self) -> Option<u64>;
    fn elapse(&mut self, now: u64);
    /// What to do next; drained after each of the others.
    fn output(&mut self) -> Option<UpperOutput>;
    /// The server ends this session: says what must be said, finishes what must be finished, and then
    /// closes. A session that was not closed soon after is cut.
    fn bye(&mut self, why: Closing);
    /// The session is over.
    fn ended(&mut self, why: Closed);
    /// Lets go of everything that it listens to, and returns a change that was begun and is to be
    /// finished all the same. The last call.
    fn hand_over(&mut self) -> Option<Rest>;
}

/// Makes the uppers of new sessions.
pub(in crate::gateway) trait Uppers: Send + Sync + 'static {
    type Upper: Upper;

    /// The upper of a new session. `outbox`: where what publishers have for its client goes.
    fn open(&self, visit: Visit, outbox: &Arc<Outbox>) -> Self::Upper;
}

/// What a session's first request said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) struct Visit {
    /// The session's name: a secret that it shares with its client only.
    pub sid: String,
    /// The client, behind any trusted proxy.
    pub peer: IpAddr,
    /// From `Authorization: Bearer`, else from the parameter `token`.
    pub token: Option<String>,
}
