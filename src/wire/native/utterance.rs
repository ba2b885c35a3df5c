//! What the server says, in plain words, and its two encodings. The names of these fields are the
//! protocol: see the module's page.

use serde::Serialize;

use super::{Encoding, Id};

pub use super::id::{Literal, Object};

/// What a request is answered with.
#[derive(Debug)]
pub enum Answer<'a> {
    /// Who the connection speaks for from now on.
    Hello(Welcome<'a>),
    Subscribed {
        conversation: &'a str,
        seq: u64,
    },
    /// Of verbs that have nothing to report.
    Done {
        conversation: &'a str,
    },
    Sent {
        conversation: &'a str,
        seq: u64,
        message_id: Option<Literal<'a>>,
        at: &'a str,
        moderation: Option<Notice<'a>>,
    },
    Held {
        conversation: &'a str,
        category: &'a str,
    },
    Edited {
        conversation: &'a str,
        seq: u64,
        version: Option<u32>,
        moderation: Option<Notice<'a>>,
    },
    Deleted {
        conversation: &'a str,
        seq: u64,
    },
    History {
        conversation: &'a str,
        messages: Vec<Message<'a>>,
        last: u64,
        more: bool,
    },
}

/// What the sender is told about what others do not see of its message.
#[derive(Debug, Serialize)]
pub struct Notice<'a> {
    /// A sentence for humans.
    #[serde(rename = "notice")]
    pub sentence: &'a str,
    pub categories: Vec<&'a str>,
    /// The state of the conversation from which on it would be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_from: Option<&'a str>,
}

/// A valid token's meaning.
#[derive(Debug)]
pub struct Welcome<'a> {
    pub user: &'a str,
    pub role: &'a str,
    /// When the token ends, in milliseconds since 1970.
    pub expires_at: Option<u64>,
    /// The conversations of `resume` that are subscribed; `None` if none were asked for.
    pub resumed: Option<Vec<&'a str>>,
}

/// Why a request failed.
#[derive(Debug)]
pub struct Problem<'a> {
    pub code: &'a str,
    pub message: &'a str,
    pub retry_after_ms: Option<u64>,
    /// Set where no request says which one is meant.
    pub conversation: Option<&'a str>,
}

/// What all listeners of a conversation are told.
#[derive(Debug, Serialize)]
pub struct Event<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub conversation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<&'a str>,
    pub data: Data<'a>,
}

/// What an event is about.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Data<'a> {
    Message(Box<Message<'a>>),
    Typing { user: &'a str, on: bool },
    Read { user: &'a str, upto: u64 },
}

/// A message, as far as the event concerns it. `seq`, `at` and `edited_at` are for histories, where
/// no event around it says them.
#[derive(Debug, Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "these are the protocol's names")]
pub struct Message<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Literal<'a>>,
    pub sender: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Literal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Object<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Literal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    pub altered: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub deleted: bool,
}

/// Frames that belong to one connection alone, with every field that any of them has.
#[derive(Debug, Default, Serialize)]
pub(super) struct Frame<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
    /// A sentence for humans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_s: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Literal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    pub held: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderation: Option<Notice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl<'a> Frame<'a> {
    /// `ok` with an answer's fields; those of `hello` are the session's to fill in.
    pub(super) fn ok(id: Option<&'a Id>, answer: Answer<'a>) -> Self {
        let ok = || Self { kind: "ok", id, ..Self::default() };
        let about = |conversation| Self { conversation: Some(conversation), ..ok() };
        match answer {
            Answer::Hello(Welcome { user, role, resumed, expires_at: _ }) => {
                Self { user: Some(user), role: Some(role), resumed, ..ok() }
            }
            Answer::Subscribed { conversation, seq } | Answer::Deleted { conversation, seq } => {
                Self { seq: Some(seq), ..about(conversation) }
            }
            Answer::Done { conversation } => about(conversation),
            Answer::Sent { conversation, seq, message_id, at, moderation } => {
                let at = Some(at);
                Self { seq: Some(seq), message_id, at, moderation, ..about(conversation) }
            }
            Answer::Held { conversation, category } => {
                Self { held: true, category: Some(category), ..about(conversation) }
            }
            Answer::Edited { conversation, seq, version, moderation } => {
                Self { seq: Some(seq), version, moderation, ..about(conversation) }
            }
            Answer::History { conversation, messages, last, more } => Self {
                messages: Some(messages),
                last: Some(last),
                more: Some(more),
                ..about(conversation)
            },
        }
    }

    pub(super) fn error(id: Option<&'a Id>, problem: &Problem<'a>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a waiting time of milliseconds")]
        let seconds = problem.retry_after_ms.map(|ms| ms as f64 / 1000.0);
        Self {
            kind: "error",
            id,
            code: Some(problem.code),
            message: Some(problem.message),
            retry_after: seconds,
            conversation: problem.conversation,
            ..Self::default()
        }
    }
}

impl Answer<'_> {
    /// The answer by itself in JSON, where something else says which request is meant; `None` if a
    /// caller's object is not JSON after all.
    #[must_use]
    pub fn json(self) -> Option<String> {
        json(&Frame::ok(None, self))
    }
}

impl Problem<'_> {
    /// The answer to a request that something else names, in JSON.
    #[must_use]
    pub fn json(&self) -> Option<String> {
        json(&Frame::error(None, self))
    }
}

/// The answer to `ping`, where something else says which one is meant.
#[must_use]
pub fn pong() -> Option<String> {
    json(&Frame { kind: "pong", ..Frame::default() })
}

impl Event<'_> {
    /// The message's bytes; `None` if a caller's object is not JSON after all.
    #[must_use]
    pub fn encode(&self, encoding: Encoding) -> Option<Vec<u8>> {
        encode(encoding, self)
    }
}

fn json(what: &impl Serialize) -> Option<String> {
    serde_json::to_string(what).ok()
}

pub(super) fn encode(encoding: Encoding, what: &impl Serialize) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Json => serde_json::to_vec(what).ok(),
        Encoding::MessagePack => rmp_serde::to_vec_named(what).ok(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !flag
}
