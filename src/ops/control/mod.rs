//! The control socket: commands of the command line that a running server carries out. One JSON object
//! per line; the server answers each in turn.

mod client;
mod place;
mod server;
#[cfg(test)]
mod tests;
mod words;

pub use client::Client;
pub use server::{Control, Handle};
pub use words::{Answer, Request};
