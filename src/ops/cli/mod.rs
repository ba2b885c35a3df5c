//! The command line: what was asked, in which words help is given, and how the program ends.

mod arguments;
mod authors;
mod commands;
mod help;
#[cfg(test)]
mod tests;

pub use arguments::{Asked, Misuse, parse};
pub use authors::{Author, BenchAsked, NewAsked, ReplayAsked, RunAsked, TestAsked};
#[cfg(feature = "conformance")]
pub use commands::ConformanceProtocol;
pub use commands::{Command, Exit};
pub use help::help;
