//! The WebSocket framing of RFC 6455, the server's side of it. Turns bytes into whole messages and
//! messages into finished frames; knows neither sockets nor what the messages say.
//!
//! Extensions are never negotiated, so every reserved bit is a violation.

mod close;
mod decoder;
mod frame;
mod header;
mod utf8;

pub use close::CloseCode;
pub use decoder::{Decoder, Incoming};
pub use frame::{Opcode, close, frame, messages};

/// What a peer did against the protocol; it ends the connection with this code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    pub code: CloseCode,
    /// For the log and the close frame; at most 123 bytes.
    pub why: &'static str,
}

impl Violation {
    fn protocol(why: &'static str) -> Self {
        Self { code: CloseCode::PROTOCOL_ERROR, why }
    }

    fn utf8() -> Self {
        Self { code: CloseCode::INVALID_DATA, why: "text is not valid UTF-8" }
    }
}

#[cfg(test)]
mod tests;
