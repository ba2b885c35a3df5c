//! Running the program: its command line, configuration, first start, logs, signals and systemd.

mod authors;
pub mod cli;
pub mod config;
#[cfg(feature = "conformance")]
mod conformance;
pub mod control;
pub mod doctor;
mod explain;
pub mod first;
mod health;
pub mod local;
pub mod log;
mod metrics;
mod present;
#[cfg(test)]
mod scratch;
pub mod serve;
pub mod signals;
pub mod steward;
pub mod systemd;
mod table;
pub mod terminal;
mod top;

use crate::domain::nearest;
