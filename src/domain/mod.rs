//! The chat itself: nouns, rules and decisions. Knows no IO, no clock, no async and no serialization;
//! every foreign word stops before it gets here.

pub mod command;
pub mod event;
pub mod id;
pub mod message;
pub mod moderation;
pub mod nearest;
pub mod policy;
pub mod redact;
pub mod refusal;
pub mod time;
