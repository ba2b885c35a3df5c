//! Live connections: one task per client joins a socket, a wire session, the hub and the chat. Knows
//! neither how messages are stored nor how HTTP is spoken before the handshake.

mod alarm;
mod connection;
mod dialogue;
mod encoder;
mod engine;
mod handshake;
mod live;
mod meters;
mod native;
mod pace;
mod port;
mod registry;
mod settings;
mod settle;
mod shapes;
mod socketio;
mod writer;

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use http_body_util::{Empty, Full};
use hyper::{Request, Response, body::Incoming};

pub use encoder::Frames;
pub use handshake::Rejection;
pub use live::LiveChat;
pub use meters::Meters;
pub use port::Chat;
pub use settings::{Exempt, GatewaySettings};
#[cfg(feature = "conformance")]
pub use socketio::conformance::Suite;

use crate::{
    domain::time::Millis,
    hub::Outbox,
    runtime::{Clock, Tasks, meters::Way},
    wire::native::Settings,
};
use connection::{Connection, Lanes};
use dialogue::NativeDialogue;
use engine::Engine;
use handshake::Handshake;
use registry::{Protocol, Registry};
use socketio::{Hall, Sessions};

/// Where live connections begin and end. Clones are cheap and mean the same one.
pub struct Gateway<C: Chat>(Arc<Shared<C>>);

/// What the connections of the native protocol share.
struct Shared<C: Chat> {
    common: Common,
    chat: C,
    session: Arc<Settings>,
    engine: Engine<Sessions<C>>,
}

/// What all connections share, whatever they speak.
#[derive(Clone)]
struct Common {
    settings: Arc<GatewaySettings>,
    registry: Arc<Registry>,
    meters: Arc<Meters>,
    lanes: Arc<Lanes>,
    clock: Clock,
    tasks: Tasks,
}

// === impl Common ===

impl Common {
    fn new(settings: GatewaySettings, clock: Clock, tasks: Tasks) -> Self {
        let registry = Arc::new(Registry::new(&settings));
        let (settings, meters, lanes) = (settings.into(), Arc::default(), Arc::default());
        Self { settings, registry, meters, lanes, clock, tasks }
    }

    fn now(&self) -> u64 {
        self.clock.now().0
    }
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
        let common = Common::new(settings, clock, tasks);
        let hall = Hall::new(chat.through(Way::SocketIo), &common);
        let engine = Engine::new(common.clone(), Sessions(hall));
        Self(Arc::new(Shared { common, chat, session: session.into(), engine }))
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
        let common = shared.common.clone();
        let handshake = Handshake::read(request, &common.settings)?;
        let outbox = Arc::new(Outbox::new(common.settings.outbox_max_bytes));
        let protocol = Protocol::Native(handshake.encoding);
        let ticket = common.registry.admit(peer, protocol, &outbox)?;
        let (response, upgraded) = handshake.accept(request)?;
        self.0.common.tasks.spawn("handshake", async move {
            let Some(accepted) = handshake::accepted(upgraded).await else {
                return;
            };
            let Handshake { encoding, token, .. } = handshake;
            let message_max_bytes = common.settings.frame_max_bytes;
            let dialogue = NativeDialogue::new(shared, outbox, encoding, token);
            let connection = Connection::new(dialogue, accepted, message_max_bytes, ticket);
            // A task of its own, so that nothing of the handshake stays.
            common.tasks.spawn_compact("connection", connection);
        });
        Ok(response)
    }

    /// Answers a request to the endpoint of Socket.IO, in its own time: polls wait until there is
    /// something to say. The same holds as for [`Gateway::upgrade`].
    pub async fn engine(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Full<Bytes>> {
        self.0.engine.answer(request, peer).await
    }

    /// Asks every client to come back later, and admits no new one. The tasks end soon after.
    pub fn drain(&self) {
        self.0.common.registry.drain();
    }

    /// Live connections by protocol.
    #[must_use]
    pub fn connections(&self) -> Vec<(&'static str, usize)> {
        self.0.common.registry.counts()
    }

    /// Live connections by protocol, and how many there ever were.
    #[must_use]
    pub fn tally(&self) -> Vec<(&'static str, usize, u64)> {
        self.0.common.registry.tally()
    }

    /// How many connections were closed because their peer read too slowly.
    #[must_use]
    pub fn slow(&self) -> u64 {
        self.0.common.registry.slow()
    }

    /// Bytes that wait for all peers together. Asks every connection.
    #[must_use]
    pub fn queue_bytes(&self) -> usize {
        self.0.common.registry.outboxes().iter().map(|outbox| outbox.bytes()).sum()
    }

    /// What connections did so far.
    #[must_use]
    pub fn meters(&self) -> &Meters {
        &self.0.common.meters
    }
}

#[cfg(test)]
mod tests;
