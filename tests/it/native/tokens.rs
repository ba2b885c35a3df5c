//! Access tokens: which are believed, and what happens when one ends while its owner is connected.

use jsonwebtoken::Algorithm;
use serde_json::json;

use crate::harness::{Flavour, Live, Server, Setup, Token, shared, time::unix_s, token::SECRET};

#[track_caller]
pub(super) fn believed(server: &Server, token: &str) -> bool {
    let mut live = Live::open(server, Flavour::Json);
    live.ask(json!({"op": "hello", "token": token}))["type"] == "ok"
}

#[track_caller]
fn check(what: &str, token: &str, expected: bool) {
    assert_eq!(believed(shared(), token), expected, "{what}");
}

/// Base64url of `text` (RFC 4648 section 5), for tokens that no library would make.
fn base64url(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let group = chunk.iter().fold(0u32, |acc, byte| acc << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for n in 0..=chunk.len() {
            out.push(char::from(LETTERS[(group >> (18 - 6 * n) & 63) as usize]));
        }
    }
    out
}

#[test]
fn only_our_own_valid_tokens_are_believed() {
    let token = || Token::new("t", &["r"]);
    let now = unix_s();
    check("as it should be", &token().text(), true);
    check(
        "another secret",
        &token().signed_with("other-secret-0123456789-0123456789", Algorithm::HS256).text(),
        false,
    );
    check("another algorithm", &token().signed_with(SECRET, Algorithm::HS512).text(), false);
    check("expired", &token().claim("exp", json!(now - 120)).text(), false);
    check("expired within the leeway", &token().claim("exp", json!(now - 20)).text(), true);
    check("not yet valid", &token().claim("nbf", json!(now + 300)).text(), false);
    check("nearly valid", &token().claim("nbf", json!(now + 20)).text(), true);
    check("without an end", &token().without("exp").text(), false);
    check("without a subject", &token().without("sub").text(), false);
    check("an empty subject", &token().claim("sub", json!("")).text(), false);
    check("a subject that is none", &token().claim("sub", json!({"a": 1})).text(), false);
    check("rooms that are none", &token().claim("rooms", json!(5)).text(), false);
}

#[test]
fn tokens_without_a_signature_are_not_believed() {
    let claims = format!(r#"{{"sub":"t","rooms":["*"],"role":"admin","exp":{}}}"#, unix_s() + 999);
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"None","typ":"JWT"}"#, r#"{"alg":""}"#, "{}"] {
        for signature in ["", "AAAA"] {
            let text = format!("{}.{}.{signature}", base64url(header), base64url(&claims));
            check(header, &text, false);
        }
    }
    let good = Token::new("t", &["r"]).text();
    let mut parts: Vec<&str> = good.split('.').collect();
    let claims = base64url(&claims);
    parts[1] = &claims;
    check("claims changed", &parts.join("."), false);
    for text in ["", ".", "..", "a.b.c", &"x".repeat(20_000)] {
        check(text.get(..text.len().min(9)).unwrap_or_default(), text, false);
    }
}

#[test]
fn the_command_line_mints_what_the_server_believes() {
    let args = [
        "token", "mint", "--user", "user_46", "--rooms", "chat_*,x", "--ttl", "600", "--format",
        "json",
    ];
    let minted = shared().run(&args).json();
    let token = minted["token"].as_str().unwrap_or_else(|| panic!("no token: {minted}"));
    let mut live = Live::join(shared(), Flavour::Json, token);
    live.ok(json!({"op": "subscribe", "conversation": "chat_9"}));
    live.ok(json!({"op": "subscribe", "conversation": "x"}));
    live.refused(json!({"op": "subscribe", "conversation": "y"}), "not_a_member");
}

#[test]
fn the_end_is_warned_of_and_hello_refreshes_in_place() {
    let server = Setup::bare().env("PARLOUR_AUTH__LEEWAY_S", "0").start();
    let ending =
        |seconds: u64| Token::new("e", &["r"]).claim("exp", json!(unix_s() + seconds)).text();
    let mut refreshed = Live::join(&server, Flavour::Json, &ending(4));
    let mut ends = Live::join(&server, Flavour::Msgpack, &ending(4));
    for live in [&mut refreshed, &mut ends] {
        live.ok(json!({"op": "subscribe", "conversation": "r"}));
        let warning = live.frame_of("token.expiring", 10);
        assert!(!warning["expires_at"].is_null(), "{warning}");
    }
    refreshed.ok(json!({"op": "hello", "token": ending(600)}));
    let (frames, code) = ends.end(20);
    assert_eq!(code, Some(4002));
    let last = frames.last().expect("a bye");
    assert_eq!((&last["type"], &last["reason"]), (&json!("bye"), &json!("token_expired")));
    server.say("r", "still here");
    assert_eq!(refreshed.events(1, 10)[0]["data"]["text"], json!("still here"));
}

#[test]
fn a_refresh_cannot_change_the_user_but_narrows_the_rooms() {
    let server = shared();
    let mut live = Live::join(server, Flavour::Json, &Token::new("one", &["n-a", "n-b"]).text());
    live.ok(json!({"op": "subscribe", "conversation": "n-a"}));
    live.ok(json!({"op": "hello", "token": Token::new("one", &["n-b"]).text()}));
    live.refused(json!({"op": "send", "conversation": "n-a", "text": "x"}), "not_a_member");
    let other = live.ask(json!({"op": "hello", "token": Token::new("two", &["n-b"]).text()}));
    assert_eq!(other["type"], json!("error"), "another user needs another connection: {other}");
}

#[test]
fn open_rooms_are_open_to_everybody_who_is_known() {
    let server = Setup::bare().env("PARLOUR_SMS__OPEN_ROOMS", "true").start();
    let mut live = Live::join(&server, Flavour::Json, &Token::new("u", &[]).text());
    live.ok(json!({"op": "subscribe", "conversation": "anywhere"}));
    live.ok(json!({"op": "send", "conversation": "anywhere", "text": "hi"}));
    live.refused(json!({"op": "subscribe", "conversation": "order:1"}), "not_a_member");
    let mut stranger = Live::open(&server, Flavour::Json);
    stranger.refused(json!({"op": "subscribe", "conversation": "anywhere"}), "unauthenticated");
}
