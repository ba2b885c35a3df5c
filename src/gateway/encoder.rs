//! What the hub publishes, as finished frames of the native protocol: made once for each encoding
//! and shared by every connection that wants it.

use bytes::Bytes;

use super::{shapes, socketio};
use crate::{
    domain::event::{EditReason, Event, Signal, What},
    hub::{Encoder, Flavour, Utterance},
    wire::{
        native::{
            Encoding,
            utterance::{Data, Event as Frame, Message},
        },
        websocket::{self, Opcode},
    },
};

/// The encoder for all protocols that the gateway speaks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frames;

/// The hub's number for an encoding.
pub(super) fn flavour(encoding: Encoding) -> Flavour {
    Flavour(encoding as u8)
}

/// A message of the native protocol as a frame.
pub(super) fn framed(encoding: Encoding, message: &[u8]) -> Bytes {
    let opcode = match encoding {
        Encoding::Json => Opcode::Text,
        Encoding::MessagePack => Opcode::Binary,
    };
    websocket::frame(opcode, message)
}

impl Encoder for Frames {
    fn encode(&self, flavour: Flavour, what: Utterance<'_>) -> Option<Bytes> {
        let native = Encoding::ALL.into_iter().find(|known| *known as u8 == flavour.0);
        let Some(encoding) = native else { return socketio::encode(flavour, what) };
        let (_, message) = told(encoding, what)?;
        Some(framed(encoding, &message))
    }
}

/// What is published as a message of the native protocol, after the name of its type.
pub(super) fn told(encoding: Encoding, what: Utterance<'_>) -> Option<(&'static str, Vec<u8>)> {
    let told = match what {
        Utterance::Event(entry) | Utterance::Missed(entry, _) => event(encoding, entry),
        Utterance::Signal(passing) => signal(encoding, passing),
    };
    if told.is_none() {
        tracing::error!("an event could not be encoded; its caller's object is not JSON");
    }
    told
}

fn event(encoding: Encoding, event: &Event) -> Option<(&'static str, Vec<u8>)> {
    let caused =
        Message { sender: event.by.as_str(), uuid: event.request.as_deref(), ..Message::default() };
    let (kind, data) = match &event.what {
        What::Posted(message) => {
            let uuid = caused.uuid;
            ("message.created", Message { uuid, ..shapes::message(message) })
        }
        What::Edited { target, message, why } => {
            let kind = match why {
                EditReason::Edit => "message.edited",
                EditReason::Update => "message.updated",
                EditReason::Masked => "message.masked",
            };
            let data = Message {
                uuid: caused.uuid,
                message_seq: (message.seq.0 > 0).then_some(message.seq.0),
                message_id: Some(shapes::literal(target)),
                ..shapes::message(message)
            };
            (kind, data)
        }
        What::Deleted { target, message } => {
            let data = Message {
                id: Some(shapes::literal(target)),
                message_seq: message.map(|seq| seq.0),
                message_id: Some(shapes::literal(target)),
                ..caused
            };
            ("message.deleted", data)
        }
        What::Status { target, message, status } => {
            let data = Message {
                id: Some(shapes::literal(target)),
                message_seq: message.map(|seq| seq.0),
                message_id: Some(shapes::literal(target)),
                status: Some(status),
                ..caused
            };
            ("message.status", data)
        }
    };
    let (conversation, at) = (event.conversation.to_string(), event.at.to_string());
    let data = Data::Message(Box::new(data));
    let frame =
        Frame { kind, conversation: &conversation, seq: Some(event.seq.0), at: Some(&at), data };
    Some((kind, frame.encode(encoding)?))
}

fn signal(encoding: Encoding, signal: &Signal) -> Option<(&'static str, Vec<u8>)> {
    let (kind, data) = match signal {
        Signal::Typing { user, on, .. } => {
            ("typing", Data::Typing { user: user.as_str(), on: *on })
        }
        Signal::Read { user, upto, .. } => {
            ("read", Data::Read { user: user.as_str(), upto: upto.0 })
        }
    };
    let conversation = signal.conversation().to_string();
    let frame = Frame { kind, conversation: &conversation, seq: None, at: None, data };
    Some((kind, frame.encode(encoding)?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{
        event::Position,
        id::{ConversationId, ForeignId, Seq, UserId},
        message::{Content, Envelope, Message},
        moderation::{Action, Flag},
        time::Millis,
    };

    fn message() -> Message {
        Message {
            seq: Seq(17),
            id: ForeignId::number("1").unwrap(),
            sender: UserId::new("user_46").unwrap(),
            role: "service".into(),
            content: Content {
                text: "звоните ***".into(),
                envelope: Some(Envelope {
                    before: r#"{"id":1,  "text":"#.into(),
                    after: Some(r#", "x":1.50,"n":{"a":[1,-2,null]}}"#.into()),
                }),
            },
            reply_to: None,
            client_id: Some("msg-1".into()),
            created_at: Millis(1_705_314_600_000),
            version: 1,
            edited_at: None,
            deleted_at: None,
            status: None,
            flags: vec![Flag { category: "phone".into(), action: Action::Mask }],
            altered: true,
        }
    }

    fn entry(what: What) -> Event {
        Event {
            conversation: ConversationId::parse("chat_123").unwrap(),
            seq: Seq(18),
            position: Position(5),
            at: Millis(1_705_314_600_000),
            by: UserId::new("user_46").unwrap(),
            request: Some("msg-1".into()),
            what,
        }
    }

    #[track_caller]
    fn check(what: Utterance<'_>, expected: &str) {
        let json = Frames.encode(flavour(Encoding::Json), what).unwrap();
        let skip = if json.len() < 128 { 2 } else { 4 };
        assert_eq!(std::str::from_utf8(&json[skip..]).unwrap(), expected);
        assert_eq!(json[0], 0x81);

        let packed = Frames.encode(flavour(Encoding::MessagePack), what).unwrap();
        let skip = if packed.len() < 128 { 2 } else { 4 };
        let unpacked: serde_json::Value = rmp_serde::from_slice(&packed[skip..]).unwrap();
        assert_eq!(unpacked, serde_json::from_str::<serde_json::Value>(expected).unwrap());
        assert_eq!(packed[0], 0x82);
        assert!(Frames.encode(Flavour(9), what).is_none());
    }

    #[test]
    fn no_correct_json_is_left_out_of_messagepack() {
        for after in
            [r#","n":1e400}"#, r#","s":"\ud800"}"#, r#","n":123456789012345678901234567890}"#]
        {
            let mut odd = message();
            odd.content.envelope =
                Some(Envelope { before: r#"{"text":"#.into(), after: Some(after.into()) });
            let event = entry(What::Posted(Arc::new(odd)));
            for encoding in [Encoding::Json, Encoding::MessagePack] {
                assert!(
                    Frames.encode(flavour(encoding), Utterance::Event(&event)).is_some(),
                    "{after}"
                );
            }
        }
    }

    #[test]
    fn a_callers_object_passes_byte_for_byte() {
        check(
            Utterance::Event(&entry(What::Posted(Arc::new(message())))),
            r#"{"type":"message.created","conversation":"chat_123","seq":18,"at":"2024-01-15T10:30:00.000Z","data":{"id":1,"sender":"user_46","text":"звоните ***","client_id":"msg-1","version":1,"uuid":"msg-1","message":{"id":1,  "text":"звоните ***", "x":1.50,"n":{"a":[1,-2,null]}},"flags":["phone"],"altered":true}}"#,
        );
    }

    #[test]
    fn changes_name_their_message() {
        let plain =
            Message { content: Content::plain("new"), flags: vec![], altered: false, ..message() };
        let target = ForeignId::text("abc").unwrap();
        check(
            Utterance::Event(&entry(What::Edited {
                target: target.clone(),
                message: Arc::new(Message { version: 2, ..plain.clone() }),
                why: EditReason::Edit,
            })),
            r#"{"type":"message.edited","conversation":"chat_123","seq":18,"at":"2024-01-15T10:30:00.000Z","data":{"id":1,"sender":"user_46","text":"new","client_id":"msg-1","version":2,"uuid":"msg-1","message_seq":17,"message_id":"abc"}}"#,
        );
        check(
            Utterance::Event(&entry(What::Deleted { target: target.clone(), message: None })),
            r#"{"type":"message.deleted","conversation":"chat_123","seq":18,"at":"2024-01-15T10:30:00.000Z","data":{"id":"abc","sender":"user_46","uuid":"msg-1","message_id":"abc"}}"#,
        );
        check(
            Utterance::Event(&entry(What::Status {
                target,
                message: Some(Seq(17)),
                status: "read".into(),
            })),
            r#"{"type":"message.status","conversation":"chat_123","seq":18,"at":"2024-01-15T10:30:00.000Z","data":{"id":"abc","sender":"user_46","uuid":"msg-1","message_seq":17,"message_id":"abc","status":"read"}}"#,
        );
        check(
            Utterance::Event(&entry(What::Posted(Arc::new(Message {
                deleted_at: Some(Millis(1)),
                content: Content::default(),
                ..plain
            })))),
            r#"{"type":"message.created","conversation":"chat_123","seq":18,"at":"2024-01-15T10:30:00.000Z","data":{"id":1,"sender":"user_46","client_id":"msg-1","version":1,"uuid":"msg-1","deleted":true}}"#,
        );
    }

    #[test]
    fn signals_have_no_seq() {
        let conversation = ConversationId::parse("order:7").unwrap();
        let user = UserId::new("anna").unwrap();
        check(
            Utterance::Signal(&Signal::Typing {
                conversation: conversation.clone(),
                user: user.clone(),
                on: true,
            }),
            r#"{"type":"typing","conversation":"order:7","data":{"user":"anna","on":true}}"#,
        );
        check(
            Utterance::Signal(&Signal::Read { conversation, user, upto: Seq(5) }),
            r#"{"type":"read","conversation":"order:7","data":{"user":"anna","upto":5}}"#,
        );
    }
}
