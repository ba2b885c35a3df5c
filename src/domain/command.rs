//! What can be asked of the chat, and what it answers. Every dialect and protocol speaks to the chat
//! in these words.

use std::sync::Arc;

use super::{
    event::Event,
    id::{ConversationId, ForeignId, Seq, UserId},
    message::{Content, Message},
    redact::Notice,
    time::Millis,
};

/// A change that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Post(Post),
    Edit(Edit),
    Delete(Delete),
    Status(SetStatus),
}

/// A new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub conversation: ConversationId,
    /// For whom a service speaks; ignored where a person speaks for itself.
    pub sender: Option<UserId>,
    /// The caller's id for the message, if it brings one.
    pub id: Option<ForeignId>,
    pub content: Content,
    pub reply_to: Option<ForeignId>,
    pub once: Once,
}

/// New words for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub conversation: ConversationId,
    pub sender: Option<UserId>,
    pub target: Target,
    pub content: Content,
    /// Whether it merely brings the caller's object up to date.
    pub update: bool,
    pub once: Once,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delete {
    pub conversation: ConversationId,
    pub target: Target,
    pub once: Once,
}

/// A word about a message, such as `delivered`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetStatus {
    pub conversation: ConversationId,
    pub target: Target,
    pub status: String,
    pub once: Once,
}

/// Which message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By the id it was posted with. Unknown ids are relayed for a service and refused to a person.
    Id(ForeignId),
    Seq(Seq),
}

/// What makes a repeat of the same request recognisable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Once {
    /// The caller's key; without one nothing is recognised.
    pub key: Option<String>,
    /// How long it is remembered; `None`: as long as the conversation lives.
    pub window_ms: Option<u64>,
    /// What was asked, so that one key may serve different requests (`new-message`, `send`, ...).
    pub verb: &'static str,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// On disk, numbered and handed to `delivered` live connections. `repeat`: this is the first
    /// answer again, and nothing was sent. The event is `None` for a repeat. `notice` tells the sender
    /// what others do not see of it.
    Stored {
        seq: Seq,
        at: Millis,
        delivered: u64,
        repeat: bool,
        event: Option<Arc<Event>>,
        notice: Option<Box<Notice>>,
    },
    /// Kept for an administrator's decision; not numbered, not delivered.
    Held { at: Millis, category: String },
}

/// A question about one conversation's past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub conversation: ConversationId,
    pub range: Range,
    /// How many at most.
    pub limit: usize,
}

/// Which stretch of the log, both ends exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The oldest ones after this.
    After(Seq),
    /// The newest ones before this.
    Before(Seq),
    /// The newest ones.
    Latest,
}

/// Messages in order of seq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub messages: Vec<Message>,
    /// The last seq of the conversation when it was read; 0 if it has none.
    pub last: Seq,
    /// Whether there are more in the direction asked for.
    pub more: bool,
}
