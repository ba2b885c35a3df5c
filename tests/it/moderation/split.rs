//! What is split over several messages: the parts that were delivered are masked afterwards, for
//! everybody who follows or comes later, and nothing that somebody else wrote.

use serde_json::{Value, json};

use super::{drop_in, fixture};
use crate::harness::{Flavour, Live, Server, Setup, Token, eventually};

fn with_fixture() -> Server {
    let setup = Setup::bare().env("PARLOUR_MODERATION__POLL_MS", "50");
    drop_in(&fixture("good/split"), &setup.plugins(), "split");
    setup.start()
}

#[track_caller]
fn say(server: &Server, from: &str, id: u64, text: &str) {
    let body = json!({"room": "r", "message": {"id": id, "text": text, "from": from}});
    let reply = server.post("new-message", &body);
    assert_eq!(reply.status, 200, "{}", reply.text());
}

fn texts(server: &Server) -> Vec<Value> {
    server.history("r").iter().map(|message| message["message"]["text"].clone()).collect()
}

/// Waits until the room reads like this.
#[track_caller]
fn reads(server: &Server, expected: &[&str]) {
    let what = format!("the room reads {expected:?}");
    eventually(&what, 30, || (texts(server) == expected).then_some(()));
}

#[test]
fn the_parts_are_masked_for_everybody_and_only_the_senders() {
    let server = with_fixture();
    let follow = |flavour| {
        let mut live = Live::join(&server, flavour, &Token::new("w", &["r"]).text());
        live.ok(json!({"op": "subscribe", "conversation": "r"}));
        live
    };
    let mut followers = Flavour::ALL.map(follow);
    for (id, from, text) in
        [(1, "ann", "my number 8 916"), (2, "bob", "and?"), (3, "ann", "123 45")]
    {
        say(&server, from, id, text);
    }
    say(&server, "ann", 4, "JOIN 67");
    for live in &mut followers {
        let mut masked = vec![];
        for _ in 0..2 {
            let event = live.frame_of("message.masked", 30);
            masked.push((event["seq"].clone(), event["data"]["message_seq"].clone()));
            assert_eq!(event["data"]["text"], json!("***"), "{event}");
        }
        // In the order of the log, after the message that gave them away.
        assert_eq!(masked, [(json!(5), json!(3)), (json!(6), json!(1))]);
    }
    reads(&server, &["***", "and?", "***", "***"]);
    // Said again: what is masked stays as it is, and nobody is told twice.
    say(&server, "ann", 5, "JOIN");
    assert_eq!(server.history_last("r"), 7);
    for live in &mut followers {
        live.frame_of("message.created", 30);
        live.is_silent_for(200);
    }
    // A person named as the back end does not reach what that one said for itself.
    let body = json!({"room": "r", "message": {"id": 8, "text": "from the shop"}});
    assert_eq!(server.post("new-message", &body).status, 200);
    say(&server, "service", 9, "JOIN");
    reads(&server, &["***", "and?", "***", "***", "***", "from the shop", "***"]);
}

#[test]
fn the_parts_are_known_over_a_crash() {
    let mut server = with_fixture();
    say(&server, "ann", 1, "my number 8 916");
    say(&server, "bob", 2, "go on");
    server.kill();
    server.start();
    say(&server, "ann", 3, "JOIN 67");
    reads(&server, &["***", "go on", "***"]);
    server.kill();
    server.start();
    reads(&server, &["***", "go on", "***"]);
    let said = server.run(&["explain", "r", "1"]);
    assert!(said.text().contains("masked afterwards"), "{}", said.out);
    assert!(said.text().contains("my number 8 916"), "{}", said.out);
}

#[test]
fn edits_do_not_get_around_it() {
    let server = with_fixture();
    say(&server, "ann", 1, "quiet");
    say(&server, "ann", 2, "TAIL 67");
    say(&server, "bob", 3, "TAIL of bob");
    reads(&server, &["quiet", "TAIL 67", "TAIL of bob"]);
    let edit = json!({"room": "r", "messageId": 1, "message": {"text": "HEAD 8 916"}});
    let reply = server.post("edit-message", &edit);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reads(&server, &["***", "***", "TAIL of bob"]);
    // An edit is seen with what stands before it, whoever makes it.
    say(&server, "ann", 4, "HEAD 8 917");
    say(&server, "ann", 5, "quiet");
    let edit = json!({"room": "r", "messageId": 5, "message": {"text": "TAIL 68"}});
    assert_eq!(server.post("edit-message", &edit).status, 200);
    reads(&server, &["***", "***", "TAIL of bob", "***", "***"]);
}

#[test]
fn a_policy_that_refuses_masks_what_came_before() {
    let setup = Setup::bare().config("[moderation.room]\nphone = \"reject\"\n");
    drop_in(&fixture("good/split"), &setup.plugins(), "split");
    let server = setup.start();
    say(&server, "ann", 1, "my number 8 916");
    let body = json!({"room": "r", "message": {"text": "JOIN 67", "from": "ann"}});
    let reply = server.post("new-message", &body);
    assert_eq!((reply.status, reply.code()), (422, "moderation_rejected".into()));
    reads(&server, &["***"]);
}

/// The product's own plugin. Once nothing is left of the first parts, two digits are no contact.
#[test]
fn a_number_in_three_messages_is_masked() {
    let server = Setup::moderated().start();
    say(&server, "ann", 1, "мой номер 8 916");
    say(&server, "bob", 2, "ага");
    say(&server, "ann", 3, "123 45");
    say(&server, "ann", 4, "67");
    eventually("no part of the number is left", 30, || {
        let all = Value::from(texts(&server)).to_string();
        let left = ["916", "123", "45"].iter().any(|part| all.contains(part));
        (!left && all.contains("ага")).then_some(())
    });
}
