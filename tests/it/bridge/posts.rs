//! The six posts: what the back end is answered and what a live client of the room receives.

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Patience, Request, Said, Token, shared};

#[track_caller]
fn listener(room: &str, flavour: Flavour) -> Live {
    let mut live = Live::join(shared(), flavour, &Token::new("reader", &[room]).text());
    live.ok(json!({"op": "subscribe", "conversation": room}));
    live
}

/// Posts, and checks the whole answer but for `seq`'s neighbours.
#[track_caller]
fn check(route: &str, body: &Value, seq: u64) {
    let reply = shared().post(route, body);
    assert_eq!(reply.status, 200, "{route}: {}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/json"), "{route}");
    let expected = json!({"success": true, "uuid": body["uuid"], "room": body["room"],
        "seq": seq, "delivered": 1});
    assert_eq!(reply.json(), expected, "{route}");
}

/// The next event, which must have this type and seq; its data.
#[track_caller]
fn next_event(live: &mut Live, kind: &str, room: &str, seq: u64) -> Value {
    let event = live.frame();
    assert_eq!(
        (&event["type"], &event["conversation"], &event["seq"]),
        (&json!(kind), &json!(room), &json!(seq)),
        "{event}"
    );
    let at = event["at"].as_str().unwrap_or_default();
    assert!(at.len() == 24 && at.ends_with('Z'), "RFC 3339 with milliseconds: {event}");
    event["data"].clone()
}

#[test]
fn all_six_reach_a_live_client_in_order() {
    for flavour in Flavour::ALL {
        let room = format!("posts-{flavour:?}");
        let mut live = listener(&room, flavour);
        let first = json!({"id": 1, "text": "Привет!", "from": "user_46",
            "timestamp": "2024-01-15T10:30:00Z"});
        check("new-message", &json!({"room": room, "message": first, "uuid": "m-1"}), 1);
        let data = next_event(&mut live, "message.created", &room, 1);
        assert_eq!((&data["id"], &data["text"]), (&json!(1), &json!("Привет!")), "{data}");
        assert_eq!((&data["uuid"], &data["message"]), (&json!("m-1"), &first), "{data}");
        assert_eq!((&data["sender"], &data["version"]), (&json!("user_46"), &json!(1)), "{data}");

        let edited = json!({"id": 1, "text": "Пока!", "from": "user_46"});
        let body = json!({"room": room, "message": edited, "messageId": 1, "uuid": "m-2"});
        check("edit-message", &body, 2);
        let data = next_event(&mut live, "message.edited", &room, 2);
        assert_eq!((&data["message_seq"], &data["version"]), (&json!(1), &json!(2)), "{data}");
        assert_eq!((&data["text"], &data["message"]), (&json!("Пока!"), &edited), "{data}");

        let reply = json!({"id": "r-2", "text": "И тебе", "from": "user_47"});
        let body = json!({"room": room, "message": reply, "replyTo": 1, "uuid": "m-3"});
        check("reply-message", &body, 3);
        let data = next_event(&mut live, "message.created", &room, 3);
        assert_eq!((&data["reply_to"], &data["id"]), (&json!(1), &json!("r-2")), "{data}");

        let updated = json!({"id": "r-2", "text": "И тебе", "from": "user_47", "likes": 3});
        let body = json!({"room": room, "message": updated, "messageId": "r-2", "uuid": "m-4"});
        check("update-message", &body, 4);
        let data = next_event(&mut live, "message.updated", &room, 4);
        assert_eq!((&data["message_seq"], &data["message"]["likes"]), (&json!(3), &json!(3)));

        let body = json!({"room": room, "messageId": 1, "status": "read", "uuid": "m-5"});
        check("status-update", &body, 5);
        let data = next_event(&mut live, "message.status", &room, 5);
        assert_eq!((&data["message_seq"], &data["status"]), (&json!(1), &json!("read")), "{data}");

        check("delete-message", &json!({"room": room, "messageId": 1, "uuid": "m-6"}), 6);
        let data = next_event(&mut live, "message.deleted", &room, 6);
        assert_eq!((&data["message_seq"], &data["message_id"]), (&json!(1), &json!(1)), "{data}");
        assert_eq!(data.get("text"), None, "what was deleted is not told again: {data}");
    }
}

#[test]
fn a_room_without_listeners_still_stores() {
    let reply = shared().post("new-message", &json!({"room": "nobody", "message": {"text": "a"}}));
    assert_eq!((reply.status, &reply.json()["delivered"]), (200, &json!(0)), "{}", reply.text());
    assert_eq!(shared().history("nobody").len(), 1);
}

#[test]
fn a_missing_uuid_is_made() {
    let reply = shared().post("new-message", &json!({"room": "u", "message": {"text": "a"}}));
    let uuid = reply.json()["uuid"].as_str().expect("a uuid").to_owned();
    assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'7'), "a UUIDv7: {uuid}");
}

#[test]
fn unknown_members_are_relayed_byte_for_byte() {
    let room = "bytes";
    let mut live = listener(room, Flavour::Json);
    let before = r#"{"x":1.0,"y":1e+2,"b":12345678901234567890123,"s":"\u0041\/","n":{"z":[ ]},"#;
    let after = r#","text2":"a", "tail" : null}"#;
    let body = format!(r#"{{"room":"bytes","message":{before}"text":"plain"{after}}}"#);
    let request = Request::new("POST", "/api/sms/new-message")
        .header("content-type", "application/json; charset=utf-8")
        .key(shared().key())
        .body(body);
    let reply = shared().ask(&request);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let request = Request::get("/api/sms/rooms/bytes/messages").key(shared().key());
    let page = shared().ask(&request).text();
    let whole = format!(r#"{before}"text":"plain"{after}"#);
    assert!(page.contains(&whole), "{page}");
    let said = live.said(Patience::seconds(10));
    assert!(matches!(said, Said::Frame(frame) if frame["data"]["message"]["x"] == json!(1.0)));
}

#[test]
fn a_message_without_text_is_relayed() {
    let mut live = listener("objects", Flavour::Msgpack);
    let message = json!({"id": 9, "kind": "photo", "url": "/p/1.jpg"});
    check("new-message", &json!({"room": "objects", "message": message, "uuid": "o-1"}), 1);
    let data = next_event(&mut live, "message.created", "objects", 1);
    assert_eq!(data["message"], message);
}

#[test]
fn changes_of_unknown_messages_are_relayed() {
    let room = "unknown-targets";
    let mut live = listener(room, Flavour::Json);
    let message = json!({"text": "from before the move"});
    let edit = json!({"room": room, "messageId": 404, "message": message, "uuid": "k-1"});
    check("edit-message", &edit, 1);
    check(
        "status-update",
        &json!({"room": room, "messageId": "x", "status": "s", "uuid": "k-2"}),
        2,
    );
    check("delete-message", &json!({"room": room, "messageId": 404, "uuid": "k-3"}), 3);
    for (kind, seq) in [("message.edited", 1), ("message.status", 2), ("message.deleted", 3)] {
        let data = next_event(&mut live, kind, room, seq);
        assert_eq!(data.get("message_seq").unwrap_or(&Value::Null), &Value::Null, "{data}");
    }
    assert_eq!(shared().history(room), Vec::<Value>::new());
}

#[test]
fn either_header_carries_the_key() {
    let body = json!({"room": "keys", "message": {"text": "a"}});
    let request = Request::post("/api/sms/new-message", &body);
    for (name, value) in [
        ("authorization", format!("Bearer {}", shared().key())),
        ("authorization", format!("bearer {}", shared().key())),
        ("x-api-key", shared().key().to_owned()),
    ] {
        let reply = shared().ask(&request.clone().header(name, &value));
        assert_eq!(reply.status, 200, "{name}: {}", reply.text());
    }
}
