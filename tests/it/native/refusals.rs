//! Operations that are wrong: an error with a stable code, a connection that lives on, and an end for
//! those who do nothing else.

use serde_json::{Value, json};
use tungstenite::Message;

use crate::harness::{Flavour, Live, Token, shared};

fn join(flavour: Flavour) -> Live {
    Live::join(shared(), flavour, &Token::new("wrong", &["mine"]).text())
}

/// The operation is refused with this code and the connection lives on.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "calls read better with json! as it is")]
fn check(op: Value, code: &str) {
    for flavour in Flavour::ALL {
        let mut live = join(flavour);
        live.refused(op.clone(), code);
        assert_eq!(live.ask(json!({"op": "ping"}))["type"], json!("pong"));
    }
}

#[test]
fn unknown_operations_are_named_so() {
    check(json!({"op": "nope"}), "unknown_op");
    check(json!({"op": "HELLO"}), "unknown_op");
    check(json!({"op": ""}), "malformed");
}

#[test]
fn fields_are_checked() {
    check(json!({"op": "subscribe"}), "invalid_field");
    check(json!({"op": "subscribe", "conversation": 5}), "invalid_field");
    check(json!({"op": "subscribe", "conversation": ""}), "invalid_field");
    check(json!({"op": "subscribe", "conversation": "mine", "after": -1}), "invalid_field");
    check(json!({"op": "subscribe", "conversation": "mine", "after": "1"}), "invalid_field");
    check(json!({"op": "send", "conversation": "mine"}), "invalid_field");
    check(json!({"op": "send", "conversation": "mine", "text": 5}), "invalid_field");
    check(json!({"op": "send", "conversation": "mine", "text": ""}), "text_empty");
    check(
        json!({"op": "send", "conversation": "mine", "text": "a".repeat(16_385)}),
        "text_too_long",
    );
    let long = "c".repeat(201);
    check(
        json!({"op": "send", "conversation": "mine", "text": "a", "client_id": long}),
        "invalid_field",
    );
    check(json!({"op": "edit", "conversation": "mine", "seq": 1}), "invalid_field");
    check(
        json!({"op": "edit", "conversation": "mine", "seq": 999, "text": "x"}),
        "no_such_message",
    );
    check(json!({"op": "read", "conversation": "mine"}), "invalid_field");
    check(json!({"op": "typing", "conversation": "mine", "on": "yes"}), "invalid_field");
}

#[test]
fn other_rooms_stay_closed() {
    for op in [
        json!({"op": "subscribe", "conversation": "theirs"}),
        json!({"op": "send", "conversation": "theirs", "text": "a"}),
        json!({"op": "edit", "conversation": "theirs", "seq": 1, "text": "a"}),
        json!({"op": "delete", "conversation": "theirs", "seq": 1}),
        json!({"op": "read", "conversation": "theirs", "upto": 1}),
        json!({"op": "typing", "conversation": "theirs"}),
        json!({"op": "history", "conversation": "theirs"}),
        json!({"op": "subscribe", "conversation": "mine-not"}),
        json!({"op": "subscribe", "conversation": "order:1"}),
    ] {
        check(op, "not_a_member");
    }
}

#[test]
fn globs_let_in_what_fits() {
    let token = Token::new("g", &["shop-*", "exact"]).text();
    let mut live = Live::join(shared(), Flavour::Json, &token);
    for open in ["shop-1", "shop-", "exact"] {
        live.ok(json!({"op": "subscribe", "conversation": open}));
    }
    for closed in ["shop", "exact2", "SHOP-1", "direct:shop-1"] {
        live.refused(json!({"op": "subscribe", "conversation": closed}), "not_a_member");
    }
}

#[test]
fn messages_that_cannot_be_read_are_malformed() {
    for text in ["", "{", "nope", "[]", "17", "{\"id\":1}", "{\"op\":5}", "{\"op\":\"ping\"} x"] {
        let mut live = join(Flavour::Json);
        live.send_message(Message::text(text));
        let error = live.frame();
        assert_eq!(
            (&error["type"], &error["code"]),
            (&json!("error"), &json!("malformed")),
            "{text}: {error}"
        );
        assert_eq!(live.ask(json!({"op": "ping"}))["type"], json!("pong"), "{text}");
    }
    for bytes in
        [&[][..], &[0xc1], &[0x81], &[0x93, 1, 2, 3], &[0xdf, 0xff, 0xff, 0xff, 0xff], &[7]]
    {
        let mut live = join(Flavour::Msgpack);
        live.send_message(Message::binary(bytes.to_vec()));
        let error = live.frame();
        assert_eq!(error["code"], json!("malformed"), "{bytes:?}: {error}");
        assert_eq!(live.ask(json!({"op": "ping"}))["type"], json!("pong"), "{bytes:?}");
    }
}

#[test]
fn deep_messages_do_not_break_the_server() {
    let mut live = join(Flavour::Json);
    let deep = format!(r#"{{"op":"ping","x":{}{}}}"#, "[".repeat(30_000), "]".repeat(30_000));
    live.send_message(Message::text(deep));
    live.frame();
    let mut live = join(Flavour::Msgpack);
    let mut bytes = vec![0x82, 0xa2, b'o', b'p', 0xa4];
    bytes.extend(b"ping");
    bytes.extend([0xa1, b'x']);
    bytes.extend([0x91].repeat(30_000));
    bytes.push(0xc0);
    live.send_message(Message::binary(bytes));
    live.frame();
    assert_eq!(shared().ask(&crate::harness::Request::get("/healthz")).status, 200);
}

#[test]
fn ids_that_are_none_are_refused() {
    for id in [json!({}), json!([1]), json!(true), json!("x".repeat(65))] {
        let mut live = join(Flavour::Json);
        live.send(&json!({"op": "ping", "id": id}));
        let error = live.frame();
        assert_eq!(error["type"], json!("error"), "{id}: {error}");
        assert!(
            ["malformed", "invalid_field"].contains(&error["code"].as_str().unwrap_or_default())
        );
    }
}

#[test]
fn who_only_sends_nonsense_is_closed() {
    let mut live = join(Flavour::Json);
    for _ in 0..40 {
        if live.try_send(&json!("nonsense")).is_err() {
            break;
        }
    }
    let (frames, code) = live.end(10);
    let errors = frames.iter().filter(|frame| frame["type"] == "error").count();
    assert_eq!(code, Some(1008));
    assert!((15..=21).contains(&errors), "{errors} errors before the end");
}
