//! What a client asks for: one operation with checked, plain fields. Whether names exist and who may
//! do what is for others to say.

use super::{Encoding, Id, fields::Fields, value::Value};

/// The most messages that one `history` gives.
pub const HISTORY_MAX: u64 = 200;
const HISTORY_DEFAULT: u64 = 50;
/// The most conversations that one `hello` resumes.
pub const RESUMED_MAX: usize = 200;
const TOKEN_MAX_BYTES: usize = 8192;
const NAME_MAX_BYTES: usize = 256;
/// The longest string that may name a request.
const ID_MAX_BYTES: usize = 64;
const CLIENT_ID_MAX_BYTES: usize = 200;

/// One request. `id` names it in the answer; without one only errors are answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub id: Option<Id>,
    pub operation: Operation,
}

/// The verbs of the protocol.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Without a token it only resumes, on a connection that has given one.
    Hello {
        token: Option<String>,
        resume: Option<Resume>,
    },
    Subscribe {
        conversation: String,
        after: Option<u64>,
    },
    Unsubscribe {
        conversation: String,
    },
    Send {
        conversation: String,
        text: String,
        client_id: Option<String>,
        reply_to: Option<Id>,
    },
    Edit {
        conversation: String,
        seq: u64,
        text: String,
        client_id: Option<String>,
    },
    Delete {
        conversation: String,
        seq: u64,
        client_id: Option<String>,
    },
    Read {
        conversation: String,
        upto: u64,
    },
    Typing {
        conversation: String,
        on: bool,
    },
    History {
        conversation: String,
        range: Range,
        limit: usize,
    },
    Ping,
}

/// Where an earlier connection stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    pub epoch: String,
    /// Each with the last seq that was received.
    pub conversations: Vec<(String, u64)>,
}

/// Which messages of a history; both ends exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    After(u64),
    Before(u64),
    Latest,
}

/// Why a message is no request.
#[derive(Clone, Debug, PartialEq)]
pub struct Misheard {
    /// Of the request, where it could be read.
    pub id: Option<Id>,
    pub code: &'static str,
    /// A sentence for humans.
    pub message: String,
}

impl Request {
    /// Reads one message.
    ///
    /// # Errors
    /// What to tell the client: `malformed`, `unknown_op` or `invalid_field`.
    pub(super) fn read(encoding: Encoding, bytes: &[u8]) -> Result<Self, Misheard> {
        let misheard = |id, code, message| Misheard { id, code, message };
        let value = Value::read(encoding, bytes)
            .map_err(|why| misheard(None, "malformed", format!("not readable: {why}")))?;
        let Value::Map(members) = value else {
            return Err(misheard(None, "malformed", "a message is one object".into()));
        };
        let mut fields = Fields(members);
        let id = fields
            .id("id", ID_MAX_BYTES)
            .map_err(|problem| misheard(None, "invalid_field", problem))?;
        let op = match fields.text("op", NAME_MAX_BYTES) {
            Ok(Some(op)) => op,
            Ok(None) => return Err(misheard(id, "malformed", "op: is missing".into())),
            Err(problem) => return Err(misheard(id, "malformed", problem)),
        };
        match Operation::of(&op, &mut fields) {
            Ok(operation) => Ok(Self { id, operation }),
            Err(misheard) => Err(Misheard { id, ..misheard }),
        }
    }
}

impl Operation {
    /// Reads an operation whose name came apart from its members: one JSON object, or nothing.
    ///
    /// # Errors
    /// What to tell the client: as for a message of `GET /ws`.
    pub fn read(op: &str, members: Option<&str>) -> Result<Self, Misheard> {
        let value = members.map(|json| Value::read(Encoding::Json, json.as_bytes()));
        let members = match value {
            None | Some(Ok(Value::Null)) => Vec::new(),
            Some(Ok(Value::Map(members))) => members,
            Some(Ok(_)) => {
                return Err(Misheard::new("malformed", "an operation's members are one object"));
            }
            Some(Err(why)) => {
                return Err(Misheard::new("malformed", format!("not readable: {why}")));
            }
        };
        Self::of(op, &mut Fields(members))
    }

    fn of(op: &str, fields: &mut Fields) -> Result<Self, Misheard> {
        match operation(op, fields) {
            Ok(Some(operation)) => Ok(operation),
            Ok(None) => {
                let known = "hello, subscribe, unsubscribe, send, edit, delete, read, typing, \
                             history, ping";
                Err(Misheard::new("unknown_op", format!("op: must be one of {known}")))
            }
            Err(problem) => Err(Misheard::new("invalid_field", problem)),
        }
    }
}

impl Misheard {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { id: None, code, message: message.into() }
    }
}

/// `None` if there is no such operation.
fn operation(op: &str, fields: &mut Fields) -> Result<Option<Operation>, String> {
    Ok(Some(match op {
        "hello" => Operation::Hello {
            token: fields.text("token", TOKEN_MAX_BYTES)?,
            resume: fields.map("resume")?.map(resume).transpose()?,
        },
        "subscribe" => Operation::Subscribe {
            conversation: conversation(fields)?,
            after: fields.number("after")?,
        },
        "unsubscribe" => Operation::Unsubscribe { conversation: conversation(fields)? },
        "send" => Operation::Send {
            conversation: conversation(fields)?,
            text: text(fields)?,
            client_id: fields.text("client_id", CLIENT_ID_MAX_BYTES)?,
            reply_to: fields.id("reply_to", CLIENT_ID_MAX_BYTES)?,
        },
        "edit" => Operation::Edit {
            conversation: conversation(fields)?,
            seq: fields.position("seq")?,
            text: text(fields)?,
            client_id: fields.text("client_id", CLIENT_ID_MAX_BYTES)?,
        },
        "delete" => Operation::Delete {
            conversation: conversation(fields)?,
            seq: fields.position("seq")?,
            client_id: fields.text("client_id", CLIENT_ID_MAX_BYTES)?,
        },
        "read" => {
            Operation::Read { conversation: conversation(fields)?, upto: fields.position("upto")? }
        }
        "typing" => Operation::Typing {
            conversation: conversation(fields)?,
            on: fields.flag("on")?.unwrap_or(true),
        },
        "history" => history(fields)?,
        "ping" => Operation::Ping,
        _ => return Ok(None),
    }))
}

fn history(fields: &mut Fields) -> Result<Operation, String> {
    let conversation = conversation(fields)?;
    let range = match (fields.number("after")?, fields.number("before")?) {
        (Some(_), Some(_)) => return Err("before: excludes after".into()),
        (Some(after), None) => Range::After(after),
        (None, Some(before)) => Range::Before(before),
        (None, None) => Range::Latest,
    };
    let limit = fields.number("limit")?.unwrap_or(HISTORY_DEFAULT);
    match usize::try_from(limit) {
        Ok(limit) if (1..=HISTORY_MAX).contains(&(limit as u64)) => {
            Ok(Operation::History { conversation, range, limit })
        }
        _ => Err(format!("limit: must be from 1 to {HISTORY_MAX}")),
    }
}

fn resume(mut fields: Fields) -> Result<Resume, String> {
    let epoch = fields.required("epoch", NAME_MAX_BYTES)?;
    let listed = fields.map("conversations")?.map(|Fields(members)| members).unwrap_or_default();
    if listed.len() > RESUMED_MAX {
        return Err(format!("resume.conversations: at most {RESUMED_MAX}"));
    }
    let conversations = listed
        .into_iter()
        .map(|(name, after)| match after {
            Value::Unsigned(after) => Ok((name, after)),
            _ => Err("resume.conversations: each value must be a seq".to_owned()),
        })
        .collect::<Result<_, _>>()?;
    Ok(Resume { epoch, conversations })
}

fn conversation(fields: &mut Fields) -> Result<String, String> {
    fields.required("conversation", NAME_MAX_BYTES)
}

/// Bounded by the message's size here and by the conversation's policy later.
fn text(fields: &mut Fields) -> Result<String, String> {
    fields.raw_text("text")?.ok_or_else(|| "text: must be a string".to_owned())
}
