//! Becoming a WebSocket: which subprotocol, which token, and who is turned away (RFC 6455 section 4).

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{
    Flavour, Live, Patience, Request, Said, Token,
    rawframes::{RawSocket, upgrade},
    shared,
};

#[track_caller]
fn refused(request: &Request, statuses: &[u16]) {
    match RawSocket::open(shared().address(), request) {
        Ok(_) => panic!("it was upgraded"),
        Err(reply) => {
            assert!(statuses.contains(&reply.status), "{}: {}", reply.status, reply.text());
        }
    }
}

#[track_caller]
fn chosen(offer: &str) -> Option<String> {
    let request = upgrade("/ws").header("sec-websocket-protocol", offer);
    let reply = shared().ask(&request);
    assert_eq!(reply.status, 101, "{offer}: {}", reply.text());
    reply.header("sec-websocket-protocol").map(str::to_owned)
}

#[test]
fn the_first_known_subprotocol_is_chosen() {
    for (offer, expected) in [
        ("parlour.v1.json", "parlour.v1.json"),
        ("parlour.v1.msgpack", "parlour.v1.msgpack"),
        ("parlour.v1.msgpack, parlour.v1.json", "parlour.v1.msgpack"),
        ("chat.v7,parlour.v1.json", "parlour.v1.json"),
    ] {
        assert_eq!(chosen(offer).as_deref(), Some(expected), "{offer}");
    }
    let reply = shared().ask(&upgrade("/ws"));
    assert_eq!((reply.status, reply.header("sec-websocket-protocol")), (101, None));
}

#[test]
fn what_is_no_handshake_is_refused() {
    refused(&upgrade("/ws").header("sec-websocket-protocol", "chat.v7"), &[400]);
    refused(&Request::get("/ws"), &[400, 426]);
    refused(
        &Request::get("/ws").header("connection", "upgrade").header("upgrade", "h2c"),
        &[400, 426],
    );
    let base =
        || Request::get("/ws").header("connection", "Upgrade").header("upgrade", "websocket");
    refused(&base().header("sec-websocket-version", "13"), &[400]);
    refused(&base().header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="), &[400, 426]);
    let old = base()
        .header("sec-websocket-version", "8")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    refused(&old, &[400, 426]);
    let short = base().header("sec-websocket-version", "13").header("sec-websocket-key", "short");
    refused(&short, &[400]);
}

#[test]
fn extensions_are_never_agreed_to() {
    let request = upgrade("/ws").header("sec-websocket-extensions", "permessage-deflate");
    // The helper checks that the answer names none.
    assert!(RawSocket::open(shared().address(), &request).is_ok());
}

#[test]
fn a_token_may_come_with_the_handshake() {
    let token = Token::new("early", &["early-*"]).text();
    let subscribe = json!({"op": "subscribe", "conversation": "early-1"});
    for flavour in Flavour::ALL {
        let target = format!("/ws?token={token}");
        let mut live = Live::try_open(shared().address(), flavour, &target).expect("a connection");
        live.ok(subscribe.clone());
    }
    let request = upgrade("/ws").header("authorization", &format!("Bearer {token}"));
    let mut socket = RawSocket::open(shared().address(), &request).expect("a connection");
    let text = json!({"op": "subscribe", "conversation": "early-2", "id": "s"}).to_string();
    socket.send(0x81, text.as_bytes()).expect("sent");
    let answer = socket.text_with("\"s\"", 10);
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["type"], json!("ok"), "{answer}");
}

#[test]
fn a_bad_token_with_the_handshake_is_turned_away() {
    let request = upgrade("/ws?token=nonsense");
    match RawSocket::open(shared().address(), &request) {
        Err(reply) => assert_eq!(reply.status, 401, "{}", reply.text()),
        Ok(mut socket) => assert_eq!(socket.close_code(Duration::from_secs(10)), Some(4001)),
    }
}

#[test]
fn the_welcome_tells_epoch_and_heartbeat() {
    let first = Live::open(shared(), Flavour::Json).welcome;
    let second = Live::open(shared(), Flavour::Msgpack).welcome;
    assert_eq!(first, second);
    assert!(
        first["epoch"].as_str().is_some_and(|e| u128::from_str_radix(e, 16).is_ok()),
        "{first}"
    );
    assert!(first["heartbeat_s"].as_u64().is_some_and(|s| s > 0), "{first}");
}

#[test]
fn who_says_no_hello_is_closed() {
    let mut silent = Live::open(shared(), Flavour::Json);
    let mut talks = Live::open(shared(), Flavour::Msgpack);
    talks.refused(json!({"op": "subscribe", "conversation": "x"}), "unauthenticated");
    assert_eq!(talks.ask(json!({"op": "ping"}))["type"], json!("pong"), "a ping needs no token");
    assert_eq!(silent.end(20).1, Some(4001));
    assert_eq!(talks.end(20).1, Some(4001));
}

#[test]
fn a_bad_hello_is_told_and_closed() {
    let mut live = Live::open(shared(), Flavour::Json);
    live.send(&json!({"op": "hello", "id": 7, "token": "a.b.c"}));
    match live.said(Patience::seconds(10)) {
        Said::Frame(frame) => {
            assert_eq!((&frame["type"], &frame["id"]), (&json!("error"), &json!(7)), "{frame}");
            assert_eq!(frame["code"], json!("unauthenticated"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(live.end(10).1, Some(4001));
}
