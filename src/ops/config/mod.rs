//! The configuration: one list of keys, read from a file and the environment, resolved once.

mod environment;
mod file;
mod host;
mod key;
mod keys;
mod open;
mod present;
mod read;
mod resolved;
mod sections;
mod shape;
#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use file::{Loaded, load};
pub use present::{example, markdown, show, show_json};
pub use resolved::{LogFormat, Resolved};
