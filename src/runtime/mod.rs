//! The ambient powers: what time it is, running a task, knowing that the program stops.
//! The sole caller of the system's clock and of `tokio::spawn`.

mod clock;
mod drain;
mod tasks;

pub use clock::Clock;
pub use drain::Drain;
pub use tasks::{Tasks, blocking};
