//! What a person wrote, as the conversation holds it now. Knows nothing of earlier versions.

use super::{
    id::{ForeignId, Seq, UserId},
    moderation::Flag,
    time::Millis,
};

/// One message in its current version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it stands in its conversation's log; 0 if the log does not hold it.
    pub seq: Seq,
    /// The caller's id where it brought one, else a `UUIDv7`.
    pub id: ForeignId,
    pub sender: UserId,
    /// Role of the sender when it was written: `user`, `service`, `operator`, `admin`, ...
    pub role: String,
    /// After moderation.
    pub content: Content,
    pub reply_to: Option<ForeignId>,
    /// The sender's idempotency key.
    pub client_id: Option<String>,
    pub created_at: Millis,
    /// From 1; each change of the content counts.
    pub version: u32,
    pub edited_at: Option<Millis>,
    /// Set when it was deleted; its content is empty then.
    pub deleted_at: Option<Millis>,
    /// The word that the caller last reported for it (`delivered`, `read`, ...).
    pub status: Option<String>,
    /// What moderation found, without where.
    pub flags: Vec<Flag>,
    /// Whether moderation changed the text.
    pub altered: bool,
}

/// The words of a message and, where its caller sent a whole object, that object around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Empty where the caller's object has no text.
    pub text: String,
    pub envelope: Option<Envelope>,
}

/// A caller's JSON object, kept byte for byte but for the value of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Everything before the text's value; the whole object if it has no text.
    pub before: String,
    /// Everything after the text's value; `None` if the object has no text.
    pub after: Option<String>,
}

impl Content {
    /// Words alone.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), envelope: None }
    }

    /// Bytes that this takes in memory and on disk, nearly.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        let around = self
            .envelope
            .as_ref()
            .map_or(0, |e| e.before.len() + e.after.as_ref().map_or(0, String::len));
        self.text.len() + around
    }
}
