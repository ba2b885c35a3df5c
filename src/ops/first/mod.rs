//! The first start: what must exist before the server can serve, made once and never overwritten.

mod builtin;
mod credentials;
mod place;
#[cfg(test)]
mod tests;
mod welcome;

pub use credentials::{Credentials, Fresh, credentials};
pub use place::prepare;
pub use welcome::{deliver, ready_line};
