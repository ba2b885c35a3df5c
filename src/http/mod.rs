//! HTTP/1.1 as back ends, browsers and proxies really speak it: listen, route, read, answer. Knows
//! the dialects' words only as values, and decides nothing about the chat.

mod answer;
mod body;
mod brake;
#[cfg(feature = "conformance")]
mod conformance;
mod cors;
mod exchange;
mod front;
mod ids;
mod listen;
mod live;
mod meters;
mod path;
mod port;
mod route;
mod settings;
#[cfg(test)]
mod tests;

#[cfg(feature = "conformance")]
pub use conformance::serve_suite;
pub use front::{Front, Parts};
pub use listen::{Cidr, serve, serve_monitoring};
pub use live::{socketio, upgrade};
pub use meters::Meters;
pub use route::rows;
pub use settings::HttpSettings;
