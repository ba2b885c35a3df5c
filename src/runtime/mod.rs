//! The ambient powers: what time it is, running a task, knowing that the program stops, counting.
//! The sole caller of the system's clock and of `tokio::spawn`.

mod clock;
mod drain;
pub mod meters;
mod tasks;

pub use clock::Clock;
pub use drain::Drain;
pub use tasks::{Tasks, blocking};
