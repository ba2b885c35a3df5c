//! What the store keeps besides messages, in the words of the domain, and for each its stored shape
//! with the chain of upgrades. Knows no tree and no file.

mod access;
mod codec;
mod conversation;
mod entry;
mod ident;
mod queue;
mod recent;
mod session;
mod standing;

pub use access::{AccountRecord, KeyRecord};
pub use conversation::{Conversation, Cursor, Original, Repeat, Version};
pub use queue::{AgendaItem, AttachmentRecord, Held, OutboxItem, Unchecked};
pub use session::Session;
pub use standing::Standing;

pub(super) use codec::{Decode, Encode};
pub(super) use entry::{Entry, EntryKind};
pub(super) use ident::Ident;
pub(super) use recent::{Digest128, RecentAnswer};
