//! The caller's `message` object: split around the value of its text, and put together again. Only
//! that value may change on the way; nothing here knows routes or answers.

use crate::{
    dialect::json::{self, Members, Object},
    domain::{
        id::{ForeignId, UserId},
        message::{Content, Envelope, Message},
        refusal::Refusal,
    },
};

/// How deep a caller's object may nest: the clients' own parsers have to bear it too.
pub const DEPTH_MAX: usize = 64;

/// What is taken from the object.
#[derive(Debug, PartialEq, Eq)]
pub struct Heard {
    pub content: Content,
    /// `message.id`.
    pub id: Option<ForeignId>,
    /// `message.from`.
    pub sender: Option<UserId>,
}

/// Reads the raw JSON of `message`.
pub fn hear(raw: &str, bytes_max: usize) -> Result<Heard, Refusal> {
    if !raw.starts_with('{') {
        return Err(Refusal::field("message", "must be an object"));
    }
    if raw.len() > bytes_max {
        return Err(Refusal::TooLarge { bytes_max });
    }
    if json::deeper_than(DEPTH_MAX, raw) {
        return Err(Refusal::field("message", format!("nests deeper than {DEPTH_MAX} levels")));
    }
    let members = Members::read(raw)
        .ok_or_else(|| Refusal::field("message", "has a member whose name is no valid text"))?;
    let get = |name: &str, field: &str| {
        members.get(name).map_err(|_twice| Refusal::field(field, "is given more than once"))
    };
    let content = match get("text", "message.text")? {
        Some(value) => split(raw, value)?,
        None => Content {
            text: String::new(),
            envelope: Some(Envelope { before: raw.to_owned(), after: None }),
        },
    };
    let id = get("id", "message.id")?.map(|value| foreign_id(value, "message.id")).transpose()?;
    Ok(Heard { content, id, sender: get("from", "message.from")?.and_then(sender) })
}

/// An id of the caller's, a number or a string.
pub fn foreign_id(value: &str, field: &str) -> Result<ForeignId, Refusal> {
    let id = if value.starts_with('"') {
        json::string(value).and_then(|text| ForeignId::text(&text))
    } else {
        ForeignId::number(value)
    };
    id.ok_or_else(|| {
        Refusal::field(field, "must be a number or a non-empty string of at most 200 bytes")
    })
}

/// The object as it goes out. A message that came without one gets the members of the bridge's own
/// example.
pub fn say(message: &Message) -> String {
    match &message.content.envelope {
        Some(Envelope { before, after: Some(after) }) => {
            let text = json::quote(&message.content.text);
            [before.as_str(), &text, after].concat()
        }
        Some(Envelope { before, after: None }) => before.clone(),
        None => Object::new()
            .raw("id", &say_id(&message.id))
            .text("text", &message.content.text)
            .text("from", message.sender.as_str())
            .text("timestamp", &message.created_at.to_string())
            .done(),
    }
}

/// An id in the form it came in.
pub fn say_id(id: &ForeignId) -> String {
    if id.is_number() { id.as_str().to_owned() } else { json::quote(id.as_str()) }
}

fn split(raw: &str, value: &str) -> Result<Content, Refusal> {
    if !value.starts_with('"') {
        return Err(Refusal::field("message.text", "must be a string"));
    }
    let text = json::string(value)
        .ok_or_else(|| Refusal::field("message.text", "holds half a surrogate pair"))?;
    // `value` is a part of `raw`, so the distance of their first bytes is where it stands.
    let start = (value.as_ptr() as usize).saturating_sub(raw.as_ptr() as usize);
    let parts = raw.split_at_checked(start).and_then(|(before, rest)| {
        rest.strip_prefix(value).map(|after| (before.to_owned(), after.to_owned()))
    });
    let Some((before, after)) = parts else {
        return Err(Refusal::field("message.text", "cannot be found"));
    };
    Ok(Content { text, envelope: Some(Envelope { before, after: Some(after) }) })
}

/// Who wrote it. Whatever is no name is merely relayed.
fn sender(value: &str) -> Option<UserId> {
    if value.starts_with('"') {
        return UserId::new(&json::string(value)?);
    }
    value.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| UserId::new(value))?
}
