//! Engine.IO protocol 4: one ordered stream of messages over HTTP long polling or a WebSocket, and the
//! change from the one to the other without losing any. Pure; knows neither sockets nor HTTP nor what
//! the messages say. Times are milliseconds of any clock that does not go back. Contract: the socket.io project's `docs/engine.io-protocol/v4-current.md`.

pub mod handshake;
mod packet;
mod payload;
mod session;
mod settings;

pub use packet::{Message, Packet};
pub use session::{Answer, Closed, Input, Output, RequestId, Session};
pub use settings::Settings;

#[cfg(test)]
mod tests;
