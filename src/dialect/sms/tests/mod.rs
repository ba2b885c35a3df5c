//! The bridge against its table.

mod hostile;

use std::sync::Arc;

use super::{Asked, Endpoint, Input, Order, SmsSettings, Verb, hear, object};
use crate::{
    dialect::json,
    domain::{
        command::{Command, Done, Edit, History, Once, Page, Post, Range, Target},
        event::{EditReason, Event, Position, What},
        id::{ConversationId, ForeignId, Kind, Seq, UserId},
        message::{Content, Envelope, Message},
        moderation::{Action, Flag},
        redact::Notice,
        refusal::Refusal,
        time::Millis,
    },
};

fn ask(endpoint: Endpoint, body: &[u8]) -> Result<Asked, Refusal> {
    let input = Input { room: "", query: &[], body };
    hear(endpoint, input, SmsSettings::default(), &mut || "fresh".to_owned())
}

#[track_caller]
fn order(verb: Verb, body: &str) -> Order {
    match ask(Endpoint::Post(verb), body.as_bytes()) {
        Ok(Asked::One(order)) => *order,
        other => panic!("{body}: {other:?}"),
    }
}

fn room(name: &str) -> ConversationId {
    ConversationId::new(Kind::Room, name).expect("a room")
}

fn once(key: &str, verb: &'static str) -> Once {
    Once { key: Some(key.into()), window_ms: Some(86_400_000), verb }
}

fn split(before: &str, text: &str, after: &str) -> Content {
    let envelope = Envelope { before: before.into(), after: Some(after.into()) };
    Content { text: text.into(), envelope: Some(envelope) }
}

#[test]
fn the_example_of_the_contract_is_understood() {
    let body = r#"{"room":"chat_123","message":{"id":1,"text":"Привет!","from":"user_46","timestamp":"2024-01-15T10:30:00Z"},"uuid":"msg-1"}"#;
    let heard = order(Verb::New, body);
    assert_eq!((heard.uuid.as_str(), heard.room.as_str()), ("msg-1", "chat_123"));
    assert_eq!(
        heard.command,
        Command::Post(Post {
            conversation: room("chat_123"),
            sender: UserId::new("user_46"),
            id: ForeignId::number("1"),
            content: split(
                r#"{"id":1,"text":"#,
                "Привет!",
                r#","from":"user_46","timestamp":"2024-01-15T10:30:00Z"}"#
            ),
            reply_to: None,
            once: once("msg-1", "new-message"),
        })
    );
}

#[test]
fn each_post_becomes_its_command() {
    let reply = r#"{"room":"r","message":{"text":"a"},"replyTo":"m-1","uuid":null}"#;
    let Order { command: Command::Post(post), uuid, .. } = order(Verb::Reply, reply) else {
        panic!("a post")
    };
    assert_eq!((post.reply_to, uuid.as_str()), (ForeignId::text("m-1"), "fresh"));
    assert_eq!(post.once, once("fresh", "reply-message"));

    for (verb, update) in [(Verb::Edit, false), (Verb::Update, true)] {
        let edit = r#"{"room":"order:7","message":{"x":[]},"messageId":7.50,"uuid":"u"}"#;
        let expected = Edit {
            conversation: room("order:7"),
            sender: None,
            target: Target::Id(ForeignId::number("7.50").expect("an id")),
            content: Content {
                text: String::new(),
                envelope: Some(Envelope { before: r#"{"x":[]}"#.into(), after: None }),
            },
            update,
            once: once("u", verb.word()),
        };
        assert_eq!(order(verb, edit).command, Command::Edit(expected));
    }

    let delete = order(Verb::Delete, r#"{"room":"r","messageId":1}"#).command;
    assert!(
        matches!(delete, Command::Delete(d) if d.target == Target::Id(ForeignId::number("1").expect("an id")))
    );
    let status = order(Verb::Status, r#"{"room":"r","messageId":"1","status":"delivered"}"#);
    assert!(matches!(status.command, Command::Status(s) if s.status == "delivered"));
}

#[test]
fn senders_are_taken_where_they_are_names() {
    for (from, expected) in [
        (r#""user_46""#, Some("user_46")),
        ("46", Some("46")),
        ("-1", Some("-1")),
        (r#""\u0438""#, Some("и")),
        ("null", None),
        ("[]", None),
        ("{}", None),
        ("true", None),
        (r#""""#, None),
        (r#""\ud800""#, None),
    ] {
        let heard = object::hear(&format!(r#"{{"from":{from}}}"#), 1000).expect(from);
        assert_eq!(heard.sender.as_ref().map(UserId::as_str), expected, "{from}");
    }
}

#[test]
fn batches_answer_each_item() {
    let body = r#"{"items":[{"type":"new-message","room":"r","message":{"text":"a"},"uuid":"1"},
        {"type":"shout","room":"r"},{"room":"r"},7,{"type":"delete-message","room":"r","messageId":"x"}]}"#;
    let Ok(Asked::Batch(items)) = ask(Endpoint::Batch, body.as_bytes()) else { panic!("a batch") };
    let words: Vec<_> = items
        .iter()
        .map(|item| match item {
            Ok(order) => order.uuid.as_str(),
            Err(Refusal::Field { field, .. }) => field,
            Err(other) => other.code(),
        })
        .collect();
    assert_eq!(words, ["1", "type", "type", "malformed", "fresh"]);

    let many = |n: usize| format!(r#"{{"items":[{}]}}"#, vec!["{}"; n].join(","));
    assert!(
        matches!(ask(Endpoint::Batch, many(100).as_bytes()), Ok(Asked::Batch(i)) if i.len() == 100)
    );
    for body in [many(0), many(101), "{}".into(), r#"{"items":{}}"#.into()] {
        let refusal = ask(Endpoint::Batch, body.as_bytes()).expect_err("refused");
        assert!(matches!(&refusal, Refusal::Field { field, .. } if field == "items"), "{refusal}");
    }
}

#[track_caller]
fn check_question(query: &[(&str, &str)], expected: Result<(Range, usize), &str>) {
    let query: Vec<_> = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let input = Input { room: "чат/1", query: &query, body: b"" };
    let asked = hear(Endpoint::History, input, SmsSettings::default(), &mut String::new);
    match (asked, expected) {
        (Ok(Asked::History(heard)), Ok((range, limit))) => {
            assert_eq!(heard, History { conversation: room("чат/1"), range, limit });
        }
        (Err(Refusal::Field { field, .. }), Err(expected)) => assert_eq!(field, expected),
        (other, _) => panic!("{query:?}: {other:?}"),
    }
}

#[test]
fn questions_have_a_range_and_a_limit() {
    check_question(&[], Ok((Range::Latest, 50)));
    check_question(&[("after", "0")], Ok((Range::After(Seq(0)), 50)));
    check_question(&[("before", "9"), ("limit", "1")], Ok((Range::Before(Seq(9)), 1)));
    check_question(&[("after", ""), ("limit", "99999999999")], Ok((Range::Latest, 200)));
    check_question(&[("x", "y"), ("limit", "200")], Ok((Range::Latest, 200)));
    check_question(&[("limit", "0")], Err("limit"));
    check_question(&[("limit", "+5")], Err("limit"));
    check_question(&[("after", "-1")], Err("after"));
    check_question(&[("after", "18446744073709551616")], Err("after"));
    check_question(&[("after", "1"), ("before", "2")], Err("before"));
}

fn message(content: Content) -> Message {
    Message {
        seq: Seq(17),
        id: ForeignId::number("1").expect("an id"),
        sender: UserId::new("user_46").expect("a user"),
        role: "service".into(),
        content,
        reply_to: None,
        client_id: Some("msg-1".into()),
        created_at: Millis(1_705_314_600_000),
        version: 1,
        edited_at: None,
        deleted_at: None,
        status: None,
        flags: Vec::new(),
        altered: false,
    }
}

#[track_caller]
fn check_event(what: What, name: &str, payload: &str) {
    let event = Event {
        conversation: room("chat_123"),
        seq: Seq(17),
        position: Position(1),
        at: Millis(0),
        by: UserId::new("u").expect("a user"),
        request: Some("msg-1".into()),
        what,
    };
    assert_eq!(super::live::utterance(&event), (name_of(name), payload.to_owned()));
}

fn name_of(name: &str) -> &'static str {
    Verb::ALL.map(Verb::event).into_iter().find(|event| *event == name).expect("a known name")
}

#[test]
fn events_have_the_names_and_payloads_of_the_table() {
    let own = || Arc::new(message(split(r#"{"id":1,"text":"#, "a\"b", r#", "k":1.0}"#)));
    let id = |text: &str| ForeignId::text(text).expect("an id");
    let object = r#"{"id":1,"text":"a\"b", "k":1.0}"#;
    let tail = r#""uuid":"msg-1","room":"chat_123"}"#;
    check_event(What::Posted(own()), "new_message", &format!(r#"{{"message":{object},{tail}"#));
    let reply = Message { reply_to: ForeignId::number("7"), ..message(Content::plain("hi")) };
    check_event(
        What::Posted(Arc::new(reply)),
        "reply_message",
        &format!(
            r#"{{"message":{{"id":1,"text":"hi","from":"user_46","timestamp":"2024-01-15T10:30:00.000Z"}},"replyTo":7,{tail}"#
        ),
    );
    for (why, name) in [
        (EditReason::Edit, "edit_message"),
        (EditReason::Masked, "edit_message"),
        (EditReason::Update, "update_message"),
    ] {
        check_event(
            What::Edited { target: id("1"), message: own(), why },
            name,
            &format!(r#"{{"message":{object},"messageId":"1",{tail}"#),
        );
    }
    check_event(
        What::Deleted { target: id("x"), message: None },
        "delete_message",
        &format!(r#"{{"messageId":"x",{tail}"#),
    );
    check_event(
        What::Status { target: id("x"), message: None, status: "read".into() },
        "status_update",
        &format!(r#"{{"messageId":"x","status":"read",{tail}"#),
    );
}

#[test]
fn events_without_a_request_still_have_a_uuid() {
    let event = Event {
        conversation: room("r"),
        seq: Seq(5),
        position: Position(1),
        at: Millis(0),
        by: UserId::new("u").expect("a user"),
        request: None,
        what: What::Deleted { target: ForeignId::number("3").expect("an id"), message: None },
    };
    assert_eq!(super::live::utterance(&event).1, r#"{"messageId":3,"uuid":"r-5","room":"r"}"#);
}

#[test]
fn states_are_about_whole_conversations() {
    let heard = |body: &str| ask(Endpoint::State, body.as_bytes());
    for (body, conversation, uuid) in [
        (r#"{"room":"order:7","state":"paid"}"#, room("order:7"), "fresh"),
        (
            r#"{"conversation":"order:7","state":"paid","uuid":"u"}"#,
            ConversationId::new(Kind::Order, "7").expect("an order"),
            "u",
        ),
    ] {
        let expected =
            super::StateUpdate { conversation, state: "paid".into(), uuid: uuid.to_owned() };
        assert_eq!(heard(body), Ok(Asked::State(expected)), "{body}");
    }
    for (body, field) in [
        (r#"{"state":"paid"}"#, "room"),
        (r#"{"conversation":"","state":"paid"}"#, "conversation"),
        (r#"{"conversation":7,"state":"paid"}"#, "conversation"),
        (r#"{"conversation":"a","room":"a","state":"paid"}"#, "conversation"),
        (r#"{"room":"a"}"#, "state"),
        (r#"{"room":"a","state":""}"#, "state"),
    ] {
        let said = heard(body);
        assert!(matches!(&said, Err(Refusal::Field { field: f, .. }) if f == field), "{said:?}");
    }
}

#[test]
fn the_sender_is_told_what_was_hidden() {
    let notice = Notice {
        sentence: "Hidden \"for now\".".into(),
        categories: vec!["email".into(), "phone".into()],
        allowed_from: Some("paid".into()),
    };
    let done = Done::Stored {
        seq: Seq(1),
        at: Millis(0),
        delivered: 0,
        repeat: false,
        event: None,
        notice: Some(Box::new(notice)),
    };
    assert_eq!(
        super::answer("u", "r", &done).body,
        r#"{"success":true,"uuid":"u","room":"r","seq":1,"delivered":0,"moderation":{"notice":"Hidden \"for now\".","categories":["email","phone"],"allowed_from":"paid"}}"#
    );
}

#[test]
fn answers_have_their_shapes() {
    let stored = Done::Stored {
        seq: Seq(17),
        at: Millis(0),
        delivered: 2,
        repeat: false,
        event: None,
        notice: None,
    };
    let reply = super::answer("msg-1", "chat_123", &stored);
    assert_eq!(
        (reply.status, reply.body.as_str()),
        (200, r#"{"success":true,"uuid":"msg-1","room":"chat_123","seq":17,"delivered":2}"#)
    );
    let held = super::answer("u", "r", &Done::Held { at: Millis(0), category: "phone".into() });
    assert_eq!(
        (held.status, held.body.as_str()),
        (202, r#"{"success":true,"uuid":"u","room":"r","held":true,"category":"phone"}"#)
    );
    let wrong = super::refusal(&Refusal::field("room", "must be a non-empty string"));
    assert_eq!(
        (wrong.status, wrong.body.as_str()),
        (
            422,
            r#"{"success":false,"error":{"code":"invalid_field","message":"room: must be a non-empty string","field":"room"}}"#
        )
    );
    let busy = super::refusal(&Refusal::Busy { retry_after_ms: 1500 });
    assert_eq!((busy.status, busy.retry_after_s), (503, Some(2)));
    assert!(busy.body.contains(r#""retry_after":2"#));
    assert_eq!(super::internal().status, 500);
    let both = super::batch(&[reply, wrong]);
    assert!(both.body.starts_with(r#"{"success":true,"results":[{"status":200,"success":true,"#));
    assert!(both.body.contains(r#"},{"status":422,"success":false,"error":{"#));
    assert!(json::Members::read(&both.body).is_some());
}

#[test]
fn histories_have_their_shape() {
    let flags = vec![Flag { category: "phone".into(), action: Action::Mask }];
    let seen = Message {
        reply_to: ForeignId::text("m"),
        edited_at: Some(Millis(1)),
        version: 2,
        status: Some("read".into()),
        flags,
        ..message(split(r#"{"text":"#, "***", "}"))
    };
    let gone = Message {
        seq: Seq(18),
        client_id: None,
        deleted_at: Some(Millis(1)),
        ..message(Content::default())
    };
    let page = Page { messages: vec![seen, gone], last: Seq(18), more: false };
    assert_eq!(
        super::history(&room("chat_123"), &page).body,
        concat!(
            r#"{"room":"chat_123","last":18,"more":false,"messages":["#,
            r#"{"seq":17,"uuid":"msg-1","at":"2024-01-15T10:30:00.000Z","sender":"user_46","message":{"text":"***"},"#,
            r#""messageId":1,"replyTo":"m","edited":true,"version":2,"status":"read","deleted":false,"flags":["phone"]},"#,
            r#"{"seq":18,"at":"2024-01-15T10:30:00.000Z","sender":"user_46","message":null,"messageId":1,"#,
            r#""edited":false,"version":1,"deleted":true,"flags":[]}]}"#
        )
    );
}
