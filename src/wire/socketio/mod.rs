//! Socket.IO protocol 5: named events with acknowledgements in namespaces, inside Engine.IO messages.
//! Pure; knows no chat. Contract: the socket.io project's `docs/socket.io-protocol/v5-current.md`; where
//! that is silent the reference server 4.8 decides.

mod auth;
mod msgpack;
mod packet;
mod session;

pub use auth::Credentials;
#[cfg(test)]
pub use packet::event_name;
pub use packet::{Packet, PacketType, arguments};
pub use session::{Ask, ConnectAnswer, Output, Parser, Session, Settings};

#[cfg(test)]
mod tests;
