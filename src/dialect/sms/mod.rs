//! The bridge: a back end posts JSON, every live client of the room receives an event.
//!
//! | posted to `/api/sms/` | fields | clients receive | payload |
//! |---|---|---|---|
//! | `new-message` | `room`, `message` | `new_message` | `{message, uuid, room}` |
//! | `edit-message` | `room`, `message`, `messageId` | `edit_message` | `{message, messageId, uuid, room}` |
//! | `reply-message` | `room`, `message`, `replyTo` | `reply_message` | `{message, replyTo, uuid, room}` |
//! | `update-message` | `room`, `message`, `messageId` | `update_message` | `{message, messageId, uuid, room}` |
//! | `delete-message` | `room`, `messageId` | `delete_message` | `{messageId, uuid, room}` |
//! | `status-update` | `room`, `messageId`, `status` | `status_update` | `{messageId, status, uuid, room}` |
//! | `state-update` | `room` or `conversation`, `state` | nothing | |
//! | `batch` | `items`: up to 100 of these, each with its `type` | as above | |
//!
//! `GET /api/sms/rooms/{room}/messages?after=&before=&limit=` answers the history. Every post may
//! carry `uuid`: it is returned, relayed, and makes a repeat recognisable. A room is a conversation
//! of kind `room`; `conversation` names one of any kind (`order:15`). `message` is an object of the caller's; only the value of its `text` is ours to
//! change, everything else is relayed byte for byte. Answers are `{"success":true,...}` or
//! `{"success":false,"error":{code,message,field?,retry_after?}}`.

mod hear;
pub mod live;
mod object;
mod routes;
mod say;
#[cfg(test)]
mod tests;

pub use hear::{Asked, Input, Order, SmsSettings, StateUpdate, hear};
#[cfg(test)]
pub use routes::Verb;
pub use routes::{Endpoint, ROUTES};
pub use say::{answer, batch, error, history, internal, refusal, state};
