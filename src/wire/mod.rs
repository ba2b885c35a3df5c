//! Bytes, frames and the session state machines of the protocols. Pure: no IO, no clock, no async,
//! and no idea of what a chat is.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod engineio;
pub mod native;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the gateway speaks it next"))]
pub mod socketio;
pub mod websocket;
