//! Every operation in both encodings: what `ok` carries and which events follow.

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Token, shared};

#[track_caller]
fn join(user: &str, room: &str, flavour: Flavour) -> Live {
    let mut live = Live::join(shared(), flavour, &Token::new(user, &[room]).text());
    let answer = live.ok(json!({"op": "subscribe", "conversation": room}));
    assert_eq!(answer["conversation"], json!(room));
    live
}

/// Runs a scene once per encoding, each in a room of its own.
#[track_caller]
fn check(scene: &str, play: impl Fn(&str, Flavour)) {
    for flavour in Flavour::ALL {
        play(&format!("ops-{scene}-{flavour:?}"), flavour);
    }
}

#[test]
fn hello_tells_who_one_is() {
    check("hello", |_, flavour| {
        let mut live = Live::open(shared(), flavour);
        let token = Token::new("user_46", &["a"]).text();
        let answer = live.ok(json!({"op": "hello", "token": token}));
        assert_eq!((&answer["user"], &answer["role"]), (&json!("user_46"), &json!("user")));
        assert_eq!(answer["epoch"], live.welcome["epoch"]);
        assert!(answer["expires_at"].is_string() || answer["expires_at"].is_u64(), "{answer}");
    });
}

#[test]
fn ids_are_numbers_or_strings_and_come_back() {
    check("ids", |_, flavour| {
        let mut live = Live::open(shared(), flavour);
        for id in [json!(0), json!(4_294_967_296u64), json!("a"), json!("я".repeat(32))] {
            live.send(&json!({"op": "ping", "id": id}));
            assert_eq!(live.frame(), json!({"type": "pong", "id": id}));
        }
        live.send(&json!({"op": "ping"}));
        assert_eq!(live.frame()["type"], json!("pong"));
    });
}

#[test]
fn send_edit_and_delete_reach_both_sides() {
    check("send", |room, flavour| {
        let mut ann = join("ann", room, flavour);
        let mut bob = join("bob", room, Flavour::Json);
        let op = json!({"op": "send", "conversation": room, "text": "hi", "client_id": "c-1"});
        let sent = ann.ok(op.clone());
        assert_eq!((&sent["conversation"], &sent["seq"]), (&json!(room), &json!(1)), "{sent}");
        assert!(sent["message_id"].is_string() && sent["at"].is_string(), "{sent}");
        for live in [&mut ann, &mut bob] {
            let event = live.frame();
            assert_eq!((&event["type"], &event["seq"]), (&json!("message.created"), &json!(1)));
            let data = &event["data"];
            assert_eq!((&data["sender"], &data["text"]), (&json!("ann"), &json!("hi")), "{event}");
            assert_eq!((&data["client_id"], &data["id"]), (&json!("c-1"), &sent["message_id"]));
        }
        assert_eq!(ann.ok(op)["seq"], json!(1), "a repeat is the first answer");
        let reply = json!({"op": "send", "conversation": room, "text": "yes",
            "reply_to": sent["message_id"]});
        assert_eq!(bob.ok(reply)["seq"], json!(2));
        let event = ann.frame();
        assert_eq!(event["data"]["reply_to"], sent["message_id"], "{event}");
        bob.events(1, 10);

        bob.refused(
            json!({"op": "edit", "conversation": room, "seq": 1, "text": "x"}),
            "not_your_message",
        );
        let edit = json!({"op": "edit", "conversation": room, "seq": 1, "text": "hi!"});
        let edited = ann.ok(edit);
        assert_eq!((&edited["seq"], &edited["version"]), (&json!(3), &json!(2)), "{edited}");
        let event = bob.frame();
        assert_eq!(event["type"], json!("message.edited"), "{event}");
        assert_eq!(
            (&event["data"]["message_seq"], &event["data"]["text"]),
            (&json!(1), &json!("hi!"))
        );
    });
}

#[test]
fn only_the_back_end_deletes_in_rooms() {
    check("delete", |room, flavour| {
        let mut ann = join("ann", room, flavour);
        ann.ok(json!({"op": "send", "conversation": room, "text": "hi"}));
        ann.refused(json!({"op": "delete", "conversation": room, "seq": 1}), "delete_not_allowed");
    });
}

#[test]
fn unsubscribe_ends_the_events() {
    check("leave", |room, flavour| {
        let mut live = join("ann", room, flavour);
        shared().say(room, "one");
        assert_eq!(live.frame()["seq"], json!(1));
        live.ok(json!({"op": "unsubscribe", "conversation": room}));
        shared().say(room, "two");
        live.is_silent_for(300);
        let answer = live.ok(json!({"op": "subscribe", "conversation": room, "after": 1}));
        assert_eq!(answer["seq"], json!(2));
        assert_eq!(live.frame()["seq"], json!(2));
    });
}

#[test]
fn typing_and_reading_are_told_to_the_others() {
    check("signals", |room, flavour| {
        let mut ann = join("ann", room, flavour);
        let mut bob = join("bob", room, flavour);
        shared().say(room, "one");
        shared().say(room, "two");
        bob.events(2, 10);
        ann.events(2, 10);
        ann.ok(json!({"op": "typing", "conversation": room}));
        let typing = bob.frame_of("typing", 10);
        assert_eq!(typing["data"], json!({"user": "ann", "on": true}), "{typing}");
        assert_eq!((typing.get("seq"), &typing["conversation"]), (None, &json!(room)));
        ann.ok(json!({"op": "typing", "conversation": room, "on": false}));
        assert_eq!(bob.frame_of("typing", 10)["data"]["on"], json!(false));
        bob.ok(json!({"op": "read", "conversation": room, "upto": 2}));
        let read = ann.frame_of("read", 10);
        assert_eq!(read["data"], json!({"user": "bob", "upto": 2}), "{read}");
        shared().say(room, "three");
        bob.ok(json!({"op": "read", "conversation": room, "upto": 99}));
        let read = ann.frame_of("read", 10);
        assert_eq!(read["data"]["upto"], json!(3), "nobody has read what is not there: {read}");
    });
}

#[test]
fn history_pages_like_the_bridge() {
    check("history", |room, flavour| {
        for n in 1..=6 {
            shared().say(room, &format!("text {n}"));
        }
        let mut live = join("ann", room, flavour);
        let mut page = |mut op: Value| {
            op["op"] = json!("history");
            op["conversation"] = json!(room);
            let answer = live.ok(op);
            let messages = answer["messages"].as_array().expect("messages").clone();
            let seqs: Vec<u64> = messages.iter().filter_map(|m| m["seq"].as_u64()).collect();
            assert_eq!(answer["last"], json!(6), "{answer}");
            (seqs, answer["more"].as_bool().expect("more"))
        };
        assert_eq!(page(json!({})), ((1..=6).collect(), false));
        assert_eq!(page(json!({"limit": 2})), (vec![5, 6], true));
        assert_eq!(page(json!({"after": 2, "limit": 2})), (vec![3, 4], true));
        assert_eq!(page(json!({"before": 3})), (vec![1, 2], false));
        for wrong in [json!({"limit": 0}), json!({"limit": 201}), json!({"after": 1, "before": 2})]
        {
            let mut op = wrong;
            op["op"] = json!("history");
            op["conversation"] = json!(room);
            live.refused(op, "invalid_field");
        }
    });
}

#[test]
fn operations_without_an_id_are_silent_when_they_succeed() {
    check("no-id", |room, flavour| {
        let mut live = join("ann", room, flavour);
        live.send(&json!({"op": "send", "conversation": room, "text": "hi"}));
        let event = live.frame();
        assert_eq!(event["type"], json!("message.created"), "the event, no ok: {event}");
        live.send(&json!({"op": "send", "conversation": "elsewhere", "text": "hi"}));
        let error = live.frame();
        assert_eq!((&error["type"], error.get("id")), (&json!("error"), None), "{error}");
        assert_eq!(error["code"], json!("not_a_member"));
    });
}

#[test]
fn one_client_may_listen_to_many_rooms() {
    let mut live = Live::join(shared(), Flavour::Json, &Token::new("many", &["m-*"]).text());
    for n in 0..200 {
        live.ok(json!({"op": "subscribe", "conversation": format!("m-{n}")}));
    }
    live.ok(json!({"op": "subscribe", "conversation": "m-7"}));
    live.refused(json!({"op": "subscribe", "conversation": "m-200"}), "too_many_subscriptions");
    live.ok(json!({"op": "unsubscribe", "conversation": "m-0"}));
    live.ok(json!({"op": "subscribe", "conversation": "m-200"}));
    shared().say("m-7", "once");
    assert_eq!(live.frame()["conversation"], json!("m-7"));
    live.is_silent_for(200);
}
