//! From a post to a live client through the product's own plugins: what must not be seen is not.

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Request, Setup, Token, shared};

/// A text and what everybody sees of it.
#[track_caller]
fn check(room: &str, text: &str, seen: &str, flag: &str) {
    let mut live = Live::join(shared(), Flavour::Json, &Token::new("m", &[room]).text());
    live.ok(json!({"op": "subscribe", "conversation": room}));
    let message = json!({"id": 1, "text": text, "from": "user_46", "keep": [1, {"a": "b"}]});
    let reply = shared().post("new-message", &json!({"room": room, "message": message}));
    assert_eq!(reply.status, 200, "{text}: {}", reply.text());
    let mut expected = message;
    expected["text"] = json!(seen);
    let event = live.frame();
    let data = &event["data"];
    assert_eq!((&data["text"], &data["message"]), (&json!(seen), &expected), "{event}");
    let flags = data["flags"].as_array().cloned().unwrap_or_default();
    assert_eq!(flags.contains(&json!(flag)), !flag.is_empty(), "{event}");
    assert_eq!(data["altered"] == json!(true), text != seen, "{event}");
    let history = shared().history(room);
    assert_eq!(history.last().map(|m| &m["message"]), Some(&expected));
}

#[test]
fn what_may_not_be_seen_is_masked_end_to_end() {
    check("mask-1", "Позвони мне: +7 (916) 123-45-67, жду", "Позвони мне: ***, жду", "phone");
    check("mask-2", "write to ivan.petrov@example.com please", "write to *** please", "email");
    check("mask-3", "Цена 15 000 руб., размер 120x80", "Цена 15 000 руб., размер 120x80", "");
    check("mask-4", "Привет! Всё готово 🎉", "Привет! Всё готово 🎉", "");
}

#[test]
fn native_sends_and_edits_are_moderated_too() {
    for flavour in Flavour::ALL {
        let room = format!("mask-native-{flavour:?}");
        let token = Token::new("ann", &[&room]).text();
        let mut ann = Live::join(shared(), flavour, &token);
        let mut bob = Live::join(shared(), Flavour::Json, &Token::new("bob", &[&room]).text());
        bob.ok(json!({"op": "subscribe", "conversation": room}));
        let text = "my number is +7 916 123-45-67";
        ann.ok(json!({"op": "send", "conversation": room, "text": text}));
        ann.ok(json!({"op": "send", "conversation": room, "text": "hello"}));
        ann.ok(json!({"op": "edit", "conversation": room, "seq": 2, "text": text}));
        let said = Value::from(bob.events(3, 10)).to_string();
        assert!(!said.contains("123-45-67") && said.matches("***").count() >= 2, "{said}");
        let history = shared()
            .ask(&Request::get(&format!("/api/sms/rooms/{room}/messages")).key(shared().key()));
        assert!(!history.text().contains("123-45-67"), "{}", history.text());
    }
}

#[test]
fn every_writing_route_is_moderated() {
    let room = "mask-routes";
    let text = "call +7 916 123-45-67";
    let post = |route: &str, body: Value| {
        let reply = shared().post(route, &body);
        assert_eq!(reply.status, 200, "{route}: {}", reply.text());
    };
    let body = |n: u64| json!({"room": room, "message": {"id": n, "text": text}, "messageId": 1, "replyTo": 1});
    for (n, route) in
        [(1, "new-message"), (2, "edit-message"), (3, "reply-message"), (4, "update-message")]
    {
        post(route, body(n));
    }
    let mut item = body(5);
    item["type"] = json!("new-message");
    post("batch", json!({"items": [item]}));
    let shown = shared().history(room);
    let shown = Value::from(shown).to_string();
    assert!(!shown.contains("123-45-67"), "{shown}");
}

#[test]
fn policies_can_hold_and_reject() {
    let server = Setup::moderated()
        .config("[moderation.room]\nphone = \"hold\"\nemail = \"reject\"\n")
        .start();
    let mut live = Live::join(&server, Flavour::Json, &Token::new("p", &["p"]).text());
    live.ok(json!({"op": "subscribe", "conversation": "p"}));
    let post = |text: &str, uuid: &str| {
        server.post("new-message", &json!({"room": "p", "uuid": uuid, "message": {"text": text}}))
    };
    let held = post("call +7 916 123-45-67", "h-1");
    assert_eq!(held.status, 202, "{}", held.text());
    assert_eq!(
        held.json(),
        json!({"success": true, "uuid": "h-1", "room": "p", "held": true, "category": "phone"})
    );
    let rejected = post("mail ivan.petrov@example.com", "r-1");
    assert_eq!((rejected.status, rejected.code()), (422, "moderation_rejected".into()));
    assert!(rejected.text().contains("email"), "{}", rejected.text());
    assert!(!rejected.text().contains("ivan"), "the text is not repeated: {}", rejected.text());
    let native =
        live.ok(json!({"op": "send", "conversation": "p", "text": "call +7 916 123-45-67"}));
    assert_eq!((&native["held"], &native["category"]), (&json!(true), &json!("phone")), "{native}");
    let text = "mail ivan.petrov@example.com";
    live.refused(json!({"op": "send", "conversation": "p", "text": text}), "moderation_rejected");
    assert_eq!(server.say("p", "fine"), 1, "held and rejected messages take no numbers");
    assert_eq!(live.events(1, 10)[0]["data"]["text"], json!("fine"));
    live.is_silent_for(200);
}

#[test]
fn message_texts_and_tokens_are_not_logged() {
    let server = Setup::moderated().start();
    let token = Token::new("quiet", &["q"]).text();
    let mut live = Live::join(&server, Flavour::Json, &token);
    live.ok(json!({"op": "send", "conversation": "q", "text": "xyzzy-native +7 916 123-45-67"}));
    server.say("q", "xyzzy-bridge");
    server.post("new-message", &json!({"room": 5, "message": {"text": "xyzzy-refused"}}));
    let log = server.log();
    assert!(!log.contains("xyzzy") && !log.contains("123-45-67"), "{log}");
    assert!(!log.contains(&token) && !log.contains(server.key()), "{log}");
}
