//! What happened: the entries of a conversation's log, and the passing signals that no log keeps.

use std::sync::Arc;

use super::{
    id::{ConversationId, ForeignId, Seq, UserId},
    message::Message,
    time::Millis,
};

/// One entry of a conversation's log. On replay it carries the message as it is now, so that nothing
/// comes back that was masked or deleted since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub conversation: ConversationId,
    pub seq: Seq,
    pub at: Millis,
    /// Who caused it.
    pub by: UserId,
    /// The caller's request id (its idempotency key), which is relayed.
    pub request: Option<String>,
    pub what: What,
}

/// The kinds of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Posted(Arc<Message>),
    /// New words for `target`. The message's seq is 0 if the log does not hold the target.
    Edited {
        target: ForeignId,
        message: Arc<Message>,
        why: EditReason,
    },
    Deleted {
        target: ForeignId,
        message: Option<Seq>,
    },
    Status {
        target: ForeignId,
        message: Option<Seq>,
        status: String,
    },
}

/// Why a message has new words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditReason {
    /// Its author, or the back end for it, rewrote it.
    Edit,
    /// The back end brought its object up to date; not shown as edited.
    Update,
    /// Moderation took something out afterwards.
    Masked,
}

/// What passes by and is never stored, numbered or replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    Typing {
        conversation: ConversationId,
        user: UserId,
        on: bool,
    },
    /// `user` has read everything up to `upto`.
    Read {
        conversation: ConversationId,
        user: UserId,
        upto: Seq,
    },
}

impl Signal {
    /// Whose listeners it is for.
    #[must_use]
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Typing { conversation, .. } | Self::Read { conversation, .. } => conversation,
        }
    }
}
