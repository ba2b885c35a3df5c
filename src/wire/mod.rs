//! Bytes, frames and the session state machines of the protocols. Pure: no IO, no clock, no async,
//! and no idea of what a chat is.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod engineio;
mod fifo;
pub mod native;
pub mod socketio;
pub mod websocket;

pub use fifo::Fifo;
