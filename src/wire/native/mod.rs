//! The native protocol, `GET /ws`: subprotocols `parlour.v1.json` (text frames) and
//! `parlour.v1.msgpack` (binary frames), the same vocabulary in both; without a subprotocol, JSON.
//! One object per WebSocket message. Knows no chat: names are strings and times are numbers here.
//!
//! Client to server, `{"op": .., "id"?: number or string, ..}`:
//!
//! ```text
//! op           fields                                     ok carries
//! hello        token, resume? {epoch, conversations:      user, role, epoch, expires_at?,
//!              {conversation: after_seq}}                 heartbeat_s, resumed?
//! subscribe    conversation, after?                       conversation, seq; then what came after
//!                                                         `after`, then live events
//! unsubscribe  conversation                               conversation
//! send         conversation, text, client_id?, reply_to?  conversation, seq, message_id, at; or
//!                                                         conversation, held, category
//! edit         conversation, seq, text, client_id?        conversation, seq (of the edit), version
//!                                                         both: moderation? {notice, categories,
//!                                                         allowed_from?} if others see it masked
//! delete       conversation, seq, client_id?              conversation, seq (of the deletion)
//! read         conversation, upto                         conversation
//! typing       conversation, on? (true)                   conversation
//! history      conversation, after? or before?,           conversation, messages, last, more
//!              limit? (50, at most 200)
//! ping                                                    {"type":"pong","id"?}
//! ```
//!
//! Server to client, by `type`:
//!
//! ```text
//! welcome         epoch, heartbeat_s                      first of all
//! ok              id, and what the table says             an operation without an id gets none
//! error           id?, code, message, retry_after? (s),   conversation where no id says which
//!                 conversation?
//! message.*       conversation, seq, at, data             created, edited, updated, masked,
//!                                                         deleted, status
//! typing, read    conversation, data                      passing, without a seq
//! token.expiring  expires_at                              a minute before; hello refreshes it
//! reset           conversation, reason                    epoch, range or overflow: fetch the
//!                                                         history; live events go on
//! bye             reason                                  draining, slow or token_expired
//! ```
//!
//! Close codes are listed in `close`.

mod close;
mod fields;
mod id;
pub mod operation;
mod session;
pub mod utterance;
mod value;

pub use close::CloseCode;
pub use id::Id;
pub use session::{Bye, Input, Output, Session, Settings, Utterance};

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Json,
    MessagePack,
}

impl Encoding {
    pub const ALL: [Self; 2] = [Self::Json, Self::MessagePack];

    /// The subprotocol that stands for it (RFC 6455 section 1.9).
    #[must_use]
    pub fn subprotocol(self) -> &'static str {
        match self {
            Self::Json => "parlour.v1.json",
            Self::MessagePack => "parlour.v1.msgpack",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
