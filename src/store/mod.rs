//! The store: everything that must outlive the process, in one embedded database, with attachments as
//! files beside it. Sole folder that knows keys, records, their upgrades and when something is on
//! disk. Decides nothing about the chat.
//!
//! A change is a [`Batch`]; [`Store::submit`] queues it for one thread that applies and syncs many at
//! once. What a batch writes is seen by the point reads of the same process as soon as it is
//! submitted; scans see it once it is applied, a little before it is synced, so a reader bounds its
//! scans by the last seq that was published.

mod access;
mod attachment;
pub mod backup;
mod batch;
pub mod check;
mod engine;
mod fault;
mod keys;
mod minted;
mod open;
mod read;
pub mod records;
mod sessions;
mod settings;
#[cfg(test)]
mod tests;

pub use batch::Batch;
pub use engine::{Group, Observer, harden};
pub use fault::Fault;
pub use open::Store;
pub use records::{AccountRecord, KeyRecord};
pub use sessions::{SessionDigest, session_digest};
pub use settings::{Durability, StoreSettings};
