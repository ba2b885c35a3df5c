//! The machine under the store: the hardened database, the thread that commits, the watch over the
//! disk. Knows keys and bytes, no records but the store's own identity.

mod commit;
mod directory;
mod disk;
mod fresh;
mod harden;
mod inbox;
mod progress;
mod recent;
mod run;
mod values;

pub use harden::harden;
pub use run::{Group, Observer};

pub(super) use directory::{FORMAT, Layout, open, random, sync_dir};
pub(super) use disk::used_bytes;
pub(super) use fresh::begin_restore;
pub(super) use inbox::{Change, Done, Op};
pub(super) use run::{Engine, OnFatal};
pub(super) use values::{first_bytes, parts_in, split, value_by};
