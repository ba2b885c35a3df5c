//! Dictionaries: foreign routes, names and shapes on one side, the words of the domain on the other.
//! Pure; knows no socket, no header and no rule of its own.

mod json;
pub mod plain;
mod route;
pub mod sms;

pub use route::{Reply, Route};
