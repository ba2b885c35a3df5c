//! Backups: one file with everything in it, written while the server runs, in a format of its own
//! that outlives the database under it.
//!
//! The file is a line that names the format, then frames of kind (1 byte), length (4, big-endian),
//! payload and CRC32C of all three: a header, the rows, the attachments, and a trailer with the
//! counts and the SHA-256 of all that came before it.
//!
//! The rows are read while others write, so each row may be older or newer than its neighbour. What
//! is written meanwhile is therefore recorded too, in order, after the rows that were read before
//! it: reading the file from front to back ends in the exact state at the moment of its last change.

mod frame;
mod restore;
mod write;

pub use restore::{restore, verify};
pub use write::write;
#[cfg(test)]
pub use write::write_while;
