//! The transport as the official test suites of the protocols want to find it: with their timing and
//! with uppers that do what they expect. Everything below the uppers is the product's.

use std::net::IpAddr;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming};

use super::{
    Common, GatewaySettings,
    engine::{Echoes, Engine},
};
use crate::{
    runtime::{Clock, Tasks},
    wire::engineio::Settings,
};

/// What one suite talks to.
#[derive(Clone)]
pub struct Suite(Engine<Echoes>);

impl Suite {
    /// What the suite of Engine.IO expects: an echo.
    #[must_use]
    pub fn engineio(clock: Clock, tasks: Tasks) -> Self {
        Self(Engine::new(Common::new(settings(), clock, tasks), Echoes))
    }

    /// Answers a request below the endpoint's path.
    pub async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Full<Bytes>> {
        self.0.answer(request, peer).await
    }
}

/// The times that the suites are written for.
fn settings() -> GatewaySettings {
    let engine = Settings { ping_interval_ms: 300, ping_timeout_ms: 200, ..Settings::default() };
    GatewaySettings { engine, connect_timeout_ms: 1000, ..GatewaySettings::default() }
}
