//! Live connections: one task per client joins a socket, a wire session, the hub and the chat. Knows
//! neither how messages are stored nor how HTTP is spoken before the handshake.

mod connection;
mod encoder;
mod handshake;
mod live;
mod native;
mod pace;
mod port;
mod registry;
mod settings;
mod settle;
mod shapes;
mod writer;

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::{Request, Response};

pub use encoder::Frames;
pub use handshake::Rejection;
pub use live::LiveChat;
pub use port::Chat;
pub use settings::GatewaySettings;

use crate::{
    domain::time::Millis,
    hub::Outbox,
    runtime::{Clock, Tasks},
    wire::native::{Session, Settings},
};
use connection::Connection;
use handshake::{Accepted, Handshake};
use registry::Registry;

/// Where live connections begin and end. Clones are cheap and mean the same one.
pub struct Gateway<C: Chat>(Arc<Shared<C>>);

/// What all connections share.
struct Shared<C: Chat> {
    chat: C,
    settings: GatewaySettings,
    session: Arc<Settings>,
    registry: Arc<Registry>,
    clock: Clock,
    tasks: Tasks,
}

// === impl Gateway ===

impl<C: Chat> Clone for Gateway<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: Chat> Gateway<C> {
    /// A gateway to this chat. Its connections are among `tasks`.
    #[must_use]
    pub fn new(chat: C, settings: GatewaySettings, clock: Clock, tasks: Tasks) -> Self {
        let session = Settings::new(native::epoch(&chat), |at| Millis(at).to_string());
        let registry = Arc::new(Registry::new(&settings));
        Self(Arc::new(Shared { chat, settings, session: session.into(), registry, clock, tasks }))
    }

    /// Answers `GET /ws`. The connection lives on in a task of its own once the response was sent;
    /// the server must serve the socket as `TokioIo<TcpStream>` with upgrades. `peer` is the client
    /// behind any trusted proxy.
    ///
    /// # Errors
    /// [`Rejection`]: what to answer instead.
    pub fn upgrade<B>(
        &self,
        request: &mut Request<B>,
        peer: IpAddr,
    ) -> Result<Response<Empty<Bytes>>, Rejection> {
        let shared = self.0.clone();
        let handshake = Handshake::read(request, &shared.settings)?;
        let outbox = Arc::new(Outbox::new(shared.settings.outbox_max_bytes));
        let ticket = shared.registry.admit(peer, handshake.encoding, &outbox)?;
        let (response, upgraded) = handshake.accept(request)?;
        self.0.tasks.spawn("handshake", async move {
            let Some(Accepted { stream, read }) = handshake::accepted(upgraded).await else {
                return;
            };
            let Handshake { encoding, token, .. } = handshake;
            let (now, tasks) = (shared.clock.now().0, shared.tasks.clone());
            let session = Session::new(now, encoding, token, shared.session.clone());
            let connection =
                Connection::new(shared, stream, read, session, encoding, outbox, ticket);
            // A task of its own, so that nothing of the handshake stays; boxed, for a task keeps
            // room for its future twice.
            tasks.spawn("connection", Box::pin(connection));
        });
        Ok(response)
    }

    /// Asks every client to come back later, and admits no new one. The tasks end soon after.
    pub fn drain(&self) {
        self.0.registry.drain();
    }

    /// Live connections by subprotocol.
    #[must_use]
    pub fn connections(&self) -> Vec<(&'static str, usize)> {
        self.0.registry.counts()
    }
}

#[cfg(test)]
mod tests;
