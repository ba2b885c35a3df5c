//! What live clients of the bridge hear and what they ask for: rooms to listen to and to leave. They
//! cannot write; the back end does.

use super::{
    object::{say as object, say_id},
    routes::Verb,
};
use crate::{
    dialect::{
        json::{self, Members, Object},
        plain,
    },
    domain::{
        event::{EditReason, Event, What},
        id::{ConversationId, Kind, NAME_MAX_BYTES, Seq},
        refusal::Refusal,
    },
};

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To hear a room; with `after` also what it missed since that seq.
    Subscribe {
        room: ConversationId,
        after: Option<Seq>,
    },
    Unsubscribe {
        room: ConversationId,
    },
}

/// Understands an event of a client: a JSON array with its name first.
///
/// | event | arguments |
/// |---|---|
/// | `subscribe`, `join` | the room, or `{room, after?}` |
/// | `unsubscribe`, `leave` | the room, or `{room}` |
///
/// # Errors
/// [`Refusal::Malformed`] for other events, [`Refusal::Field`] for a wrong argument.
pub fn wish(event: &str) -> Result<Wish, Refusal> {
    let items = json::array(event).unwrap_or_default();
    let name = items.first().and_then(|name| json::string(name.get())).unwrap_or_default();
    let argument = items.get(1).map(|argument| argument.get());
    match name.as_str() {
        "subscribe" | "join" => {
            let (room, after) = place(argument)?;
            Ok(Wish::Subscribe { room, after })
        }
        "unsubscribe" | "leave" => Ok(Wish::Unsubscribe { room: place(argument)?.0 }),
        _ => {
            let words = "subscribe, join, unsubscribe and leave";
            Err(Refusal::Malformed(format!("there is no such event here; there are {words}")))
        }
    }
}

fn place(argument: Option<&str>) -> Result<(ConversationId, Option<Seq>), Refusal> {
    let argument = argument.ok_or_else(wrong_room)?;
    if argument.starts_with('"') {
        return Ok((room(argument)?, None));
    }
    let members = Members::read(argument).ok_or_else(wrong_room)?;
    let get = |name: &str| {
        members.get(name).map_err(|_twice| Refusal::field(name, "is given more than once"))
    };
    let room = room(get("room")?.ok_or_else(wrong_room)?)?;
    let after = match get("after")? {
        None => None,
        Some(after) if after.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(after.parse().map(Seq).map_err(|_| wrong_after())?)
        }
        Some(_) => return Err(wrong_after()),
    };
    Ok((room, after))
}

fn room(json: &str) -> Result<ConversationId, Refusal> {
    json::string(json)
        .and_then(|name| ConversationId::new(Kind::Room, &name))
        .ok_or_else(wrong_room)
}

pub(super) fn wrong_room() -> Refusal {
    Refusal::field(
        "room",
        format!(
            "must be a non-empty string of at most {NAME_MAX_BYTES} bytes without control characters"
        ),
    )
}

fn wrong_after() -> Refusal {
    Refusal::field("after", "must be a whole number")
}

/// The client hears the room from now on; `seq` is its last event so far.
#[must_use]
pub fn subscribed(room: &ConversationId, seq: Seq) -> String {
    done(room).number("seq", seq.0).done()
}

/// The client does not hear the room any more.
#[must_use]
pub fn unsubscribed(room: &ConversationId) -> String {
    done(room).done()
}

fn done(room: &ConversationId) -> Object {
    Object::new().flag("success", true).text("room", room.name())
}

/// Why a client's wish is not granted; `None` if the fault is ours.
#[must_use]
pub fn refused(refusal: Option<&Refusal>) -> String {
    let error = refusal.map_or_else(plain::internal_error, plain::error);
    Object::new().flag("success", false).raw("error", &error).done()
}

/// The name and the payload of the event that clients of the room receive.
#[must_use]
pub fn utterance(event: &Event) -> (&'static str, String) {
    let (verb, payload) = match &event.what {
        What::Posted(message) => match &message.reply_to {
            None => (Verb::New, Object::new().raw("message", &object(message))),
            Some(reply_to) => (
                Verb::Reply,
                Object::new().raw("message", &object(message)).raw("replyTo", &say_id(reply_to)),
            ),
        },
        What::Edited { target, message, why } => {
            let verb = match why {
                EditReason::Edit | EditReason::Masked => Verb::Edit,
                EditReason::Update => Verb::Update,
            };
            let payload =
                Object::new().raw("message", &object(message)).raw("messageId", &say_id(target));
            (verb, payload)
        }
        What::Deleted { target, .. } => {
            (Verb::Delete, Object::new().raw("messageId", &say_id(target)))
        }
        What::Status { target, status, .. } => {
            (Verb::Status, Object::new().raw("messageId", &say_id(target)).text("status", status))
        }
    };
    let room = event.conversation.name();
    // What came by another way has no request id; clients still want one that is unique.
    let uuid = event.request.clone().unwrap_or_else(|| format!("{room}-{}", event.seq));
    (verb.event(), payload.text("uuid", &uuid).text("room", room).done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(event: &str, expected: Result<(&str, &str, Option<u64>), &str>) {
        let heard = wish(event);
        let heard = match &heard {
            Ok(Wish::Subscribe { room, after }) => {
                Ok(("subscribe", room.name(), after.map(|seq| seq.0)))
            }
            Ok(Wish::Unsubscribe { room }) => Ok(("unsubscribe", room.name(), None)),
            Err(refusal) => Err(refusal.code()),
        };
        assert_eq!(heard, expected, "{event}");
    }

    #[test]
    fn wishes_are_understood() {
        check(r#"["subscribe","chat_1"]"#, Ok(("subscribe", "chat_1", None)));
        check(r#"["join",{"room":"chat_1"}]"#, Ok(("subscribe", "chat_1", None)));
        check(r#"["subscribe",{"room":"r","after":17}]"#, Ok(("subscribe", "r", Some(17))));
        check(r#"["subscribe",{"room":"r","after":null},1]"#, Ok(("subscribe", "r", None)));
        check(r#"["unsubscribe","order:7"]"#, Ok(("unsubscribe", "order:7", None)));
        check(r#"["leave",{"room":"r","after":1}]"#, Ok(("unsubscribe", "r", None)));
    }

    #[test]
    fn other_things_are_refused() {
        for event in [
            r#"["subscribe"]"#,
            r#"["subscribe",null]"#,
            r#"["subscribe",7]"#,
            r#"["subscribe",""]"#,
            r#"["subscribe",["r"]]"#,
            r#"["subscribe",{}]"#,
            r#"["subscribe",{"room":"r","room":"s"}]"#,
            r#"["subscribe",{"room":"r","after":-1}]"#,
            r#"["subscribe",{"room":"r","after":"1"}]"#,
            r#"["subscribe",{"room":"r","after":1.5}]"#,
            r#"["subscribe",{"room":"r","after":99999999999999999999}]"#,
            r#"["subscribe","\ud800"]"#,
            r#"["subscribe",{"_placeholder":true,"num":0}]"#,
        ] {
            check(event, Err("invalid_field"));
        }
        for event in [r#"["send","r"]"#, "[7]", "[]", r#"["Subscribe","r"]"#] {
            check(event, Err("malformed"));
        }
    }

    #[test]
    fn answers_have_one_shape() {
        let room = ConversationId::new(Kind::Room, "r\"1").unwrap();
        assert_eq!(subscribed(&room, Seq(3)), r#"{"success":true,"room":"r\"1","seq":3}"#);
        assert_eq!(unsubscribed(&room), r#"{"success":true,"room":"r\"1"}"#);
        let refusal = refused(Some(&Refusal::NotAMember));
        assert!(
            refusal.starts_with(r#"{"success":false,"error":{"code":"not_a_member""#),
            "{refusal}"
        );
        assert!(refused(None).contains(r#""code":"internal""#));
    }
}
