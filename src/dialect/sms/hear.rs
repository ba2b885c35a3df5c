//! Foreign requests become commands and questions of the domain, or a refusal that names the field.

use super::{
    live::wrong_room,
    object::{self, Heard},
    routes::{Endpoint, Verb},
};
use crate::{
    dialect::json::{self, Members},
    domain::{
        command::{Command, Delete, Edit, History, Once, Post, Range, SetStatus, Target},
        id::{ConversationId, ForeignId, Kind, NAME_MAX_BYTES, Seq},
        refusal::Refusal,
    },
};

/// How many items a batch may have.
pub const ITEMS_MAX: usize = 100;
const STATUS_MAX_BYTES: usize = 64;
const LIMIT_DEFAULT: usize = 50;
const LIMIT_MAX: usize = 200;

/// What the administrator decides about the bridge.
#[derive(Clone, Copy, Debug)]
pub struct SmsSettings {
    /// How long a `uuid` is remembered, in milliseconds; default 24 h.
    pub repeat_window_ms: u64,
    /// The largest `message` object, in bytes; default 64 KiB.
    pub message_max_bytes: usize,
}

impl Default for SmsSettings {
    fn default() -> Self {
        Self { repeat_window_ms: 86_400_000, message_max_bytes: 64 * 1024 }
    }
}

/// What a request brings.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The room in the path, decoded; empty where the route has none.
    pub room: &'a str,
    /// The query, decoded.
    pub query: &'a [(String, String)],
    pub body: &'a [u8],
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    One(Box<Order>),
    Batch(Vec<Result<Order, Refusal>>),
    State(StateUpdate),
    History(History),
}

/// A command, and what its answer repeats.
#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    pub command: Command,
    pub uuid: String,
    pub room: String,
}

/// A word about a whole conversation.
#[derive(Debug, PartialEq, Eq)]
pub struct StateUpdate {
    pub conversation: ConversationId,
    pub state: String,
    pub uuid: String,
}

/// Understands a request. `fresh` gives a new UUID to each post that brings none.
///
/// # Errors
/// [`Refusal::Malformed`] for what is no JSON, [`Refusal::Field`] with the name of a missing or wrong
/// field, [`Refusal::TooLarge`] for a `message` over its limit.
pub fn hear(
    endpoint: Endpoint,
    input: Input<'_>,
    settings: SmsSettings,
    fresh: &mut dyn FnMut() -> String,
) -> Result<Asked, Refusal> {
    match endpoint {
        Endpoint::Post(verb) => {
            let members = Members::read(text_of(input.body)?).ok_or_else(no_object)?;
            order(verb, &Fields(members), settings, fresh).map(|order| Asked::One(Box::new(order)))
        }
        Endpoint::Batch => {
            let members = Members::read(text_of(input.body)?).ok_or_else(no_object)?;
            let items = Fields(members).need("items")?;
            let wrong =
                || Refusal::field("items", format!("must be an array of 1 to {ITEMS_MAX} objects"));
            let items = json::array(items).ok_or_else(wrong)?;
            if items.is_empty() || items.len() > ITEMS_MAX {
                return Err(wrong());
            }
            let orders = items.into_iter().map(|raw| item(raw.get(), settings, fresh));
            Ok(Asked::Batch(orders.collect()))
        }
        Endpoint::State => {
            let fields = Fields(Members::read(text_of(input.body)?).ok_or_else(no_object)?);
            let conversation = fields.conversation()?;
            let uuid = fields.uuid()?.unwrap_or_else(fresh);
            let state = fields.word("state", STATUS_MAX_BYTES)?;
            Ok(Asked::State(StateUpdate { conversation, state, uuid }))
        }
        Endpoint::History => question(input).map(Asked::History),
    }
}

fn text_of(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body).map_err(|_| Refusal::Malformed("the body is not UTF-8".into()))
}

fn no_object() -> Refusal {
    Refusal::Malformed("the body is not a JSON object".into())
}

fn item(
    raw: &str,
    settings: SmsSettings,
    fresh: &mut dyn FnMut() -> String,
) -> Result<Order, Refusal> {
    let members = Members::read(raw)
        .ok_or_else(|| Refusal::Malformed("this item is not a JSON object".into()))?;
    let fields = Fields(members);
    let named = json::string(fields.need("type")?);
    let verb = Verb::ALL.into_iter().find(|verb| named.as_deref() == Some(verb.word()));
    let verb = verb.ok_or_else(|| {
        let words = Verb::ALL.map(Verb::word).join(", ");
        Refusal::field("type", format!("must be one of {words}"))
    })?;
    order(verb, &fields, settings, fresh)
}

fn order(
    verb: Verb,
    fields: &Fields<'_>,
    settings: SmsSettings,
    fresh: &mut dyn FnMut() -> String,
) -> Result<Order, Refusal> {
    let conversation = fields.room()?;
    let uuid = fields.uuid()?.unwrap_or_else(fresh);
    let once = Once {
        key: Some(uuid.clone()),
        window_ms: Some(settings.repeat_window_ms),
        verb: verb.word(),
    };
    let room = conversation.name().to_owned();
    let command = match verb {
        Verb::New | Verb::Reply => {
            let Heard { content, id, sender } = fields.message(settings)?;
            let reply_to = if verb == Verb::Reply { Some(fields.id("replyTo")?) } else { None };
            Command::Post(Post { conversation, sender, id, content, reply_to, once })
        }
        Verb::Edit | Verb::Update => {
            let Heard { content, sender, .. } = fields.message(settings)?;
            let target = Target::Id(fields.id("messageId")?);
            let update = verb == Verb::Update;
            Command::Edit(Edit { conversation, sender, target, content, update, once })
        }
        Verb::Delete => {
            let target = Target::Id(fields.id("messageId")?);
            Command::Delete(Delete { conversation, target, once })
        }
        Verb::Status => {
            let target = Target::Id(fields.id("messageId")?);
            let status = fields.word("status", STATUS_MAX_BYTES)?;
            Command::Status(SetStatus { conversation, target, status, once })
        }
    };
    Ok(Order { command, uuid, room })
}

fn question(input: Input<'_>) -> Result<History, Refusal> {
    let conversation = ConversationId::new(Kind::Room, input.room).ok_or_else(wrong_room)?;
    let number = |name: &str| {
        let Some((_, text)) = input.query.iter().find(|(key, _)| key == name) else {
            return Ok(None);
        };
        // `parse` alone would take a leading `+`.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(number) if digits => Ok(Some(number)),
            _ if text.is_empty() => Ok(None),
            _ => Err(Refusal::field(name, "must be a whole number")),
        }
    };
    let range = match (number("after")?, number("before")?) {
        (Some(_), Some(_)) => {
            return Err(Refusal::field("before", "cannot be combined with `after`"));
        }
        (Some(after), None) => Range::After(Seq(after)),
        (None, Some(before)) => Range::Before(Seq(before)),
        (None, None) => Range::Latest,
    };
    let limit = match number("limit")? {
        None => LIMIT_DEFAULT,
        Some(0) => return Err(Refusal::field("limit", "must be at least 1")),
        Some(limit) => usize::try_from(limit).unwrap_or(LIMIT_MAX).min(LIMIT_MAX),
    };
    Ok(History { conversation, range, limit })
}

/// The fields of one post.
struct Fields<'a>(Members<'a>);

impl<'a> Fields<'a> {
    fn may(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        self.0.get(name).map_err(|_twice| Refusal::field(name, "is given more than once"))
    }

    fn need(&self, name: &str) -> Result<&'a str, Refusal> {
        self.may(name)?.ok_or_else(|| Refusal::field(name, "is missing"))
    }

    fn room(&self) -> Result<ConversationId, Refusal> {
        let room = json::string(self.may("room")?.ok_or_else(wrong_room)?);
        room.and_then(|room| ConversationId::new(Kind::Room, &room)).ok_or_else(wrong_room)
    }

    /// A room, or a conversation of any kind by its full name.
    fn conversation(&self) -> Result<ConversationId, Refusal> {
        let Some(named) = self.may("conversation")? else { return self.room() };
        if self.may("room")?.is_some() {
            return Err(Refusal::field("conversation", "cannot be combined with `room`"));
        }
        let named = json::string(named).and_then(|name| ConversationId::parse(&name));
        named.ok_or_else(|| {
            let problem = format!(
                "must be a non-empty string of at most {NAME_MAX_BYTES} bytes without control characters"
            );
            Refusal::field("conversation", problem)
        })
    }

    fn uuid(&self) -> Result<Option<String>, Refusal> {
        let Some(_) = self.may("uuid")? else { return Ok(None) };
        self.word("uuid", NAME_MAX_BYTES).map(Some)
    }

    fn message(&self, settings: SmsSettings) -> Result<Heard, Refusal> {
        object::hear(self.need("message")?, settings.message_max_bytes)
    }

    fn id(&self, name: &str) -> Result<ForeignId, Refusal> {
        object::foreign_id(self.need(name)?, name)
    }

    fn word(&self, name: &str, bytes_max: usize) -> Result<String, Refusal> {
        json::string(self.need(name)?)
            .filter(|word| !word.is_empty() && word.len() <= bytes_max)
            .filter(|word| !word.chars().any(char::is_control))
            .ok_or_else(|| {
                Refusal::field(
                    name,
                    format!("must be a non-empty string of at most {bytes_max} bytes without control characters"),
                )
            })
    }
}
