//! The transport as the official test suites of the protocols want to find it: with their timing and
//! with uppers that do what they expect. Everything below the uppers is the product's.

use std::net::IpAddr;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming};

use super::suite::Suites;
use crate::{
    gateway::{
        Common, GatewaySettings,
        engine::{Echoes, Engine},
    },
    runtime::{Clock, Tasks},
    wire::engineio::Settings,
};

/// What one suite talks to.
#[derive(Clone)]
pub struct Suite(Wanted);

#[derive(Clone)]
enum Wanted {
    EngineIo(Engine<Echoes>),
    SocketIo(Engine<Suites>),
}

impl Suite {
    /// What the suite of Engine.IO expects: an echo.
    #[must_use]
    pub fn engineio(clock: Clock, tasks: Tasks) -> Self {
        Self(Wanted::EngineIo(Engine::new(Common::new(settings(), clock, tasks), Echoes)))
    }

    /// What the suite of Socket.IO expects: two namespaces that say back what they hear.
    #[must_use]
    pub fn socketio(clock: Clock, tasks: Tasks) -> Self {
        let common = Common::new(settings(), clock.clone(), tasks);
        let connect_timeout_ms = common.settings.connect_timeout_ms;
        Self(Wanted::SocketIo(Engine::new(common, Suites { clock, connect_timeout_ms })))
    }

    /// Answers a request below the endpoint's path.
    pub async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Full<Bytes>> {
        match &self.0 {
            Wanted::EngineIo(engine) => engine.answer(request, peer).await,
            Wanted::SocketIo(engine) => engine.answer(request, peer).await,
        }
    }
}

/// The times that the suites are written for.
fn settings() -> GatewaySettings {
    let engine = Settings { ping_interval_ms: 300, ping_timeout_ms: 200, ..Settings::default() };
    GatewaySettings {
        engine: engine.into(),
        connect_timeout_ms: 1000,
        ..GatewaySettings::default()
    }
}
