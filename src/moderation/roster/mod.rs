//! The plugins there are: the directory, who may run, who runs, how they fare. Sole folder that watches
//! the plugin directory; knows no engine's details and no message queue.

mod board;
mod directory;
mod file;
mod health;
mod keeper;
mod loader;
mod lock;
mod set;

#[cfg(test)]
pub use board::PluginState;
pub use board::{About, Board, PluginStatus};
pub use directory::{Content, glance, read};
pub use keeper::{Change, Keeper, Order};
pub use loader::{Loader, Ready, Rejected};
pub use lock::Approval;
pub use set::Desk;
