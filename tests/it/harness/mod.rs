//! What every black-box test stands on: a place on disk, the real executable in it, and clients that
//! speak HTTP and WebSocket to it. Knows nothing of the program's inside.

pub(crate) mod cli;
mod http;
mod live;
pub(crate) mod place;
pub(crate) mod rawframes;
mod server;
pub(crate) mod time;
pub(crate) mod token;

pub(crate) use http::{Http, Reply, Request};
pub(crate) use live::{Flavour, Live, Said};
pub(crate) use server::{Server, Setup, shared};
pub(crate) use time::{Patience, eventually, pause_ms};
pub(crate) use token::Token;
