//! Looking for what would keep the server from working well, before it does.

mod disk;
mod report;
mod system;
#[cfg(test)]
mod tests;

pub use system::{Patient, Plugins, examine, raise_open_files};
