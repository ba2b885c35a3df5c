//! Bodies that are not what they claim to be. Each gets a clear refusal on a connection that lives
//! on, and the server answers the next request.

use serde_json::json;

use crate::harness::{Http, Reply, Request, shared};

fn raw(body: &[u8]) -> Request {
    Request::new("POST", "/api/sms/new-message")
        .header("content-type", "application/json")
        .key(shared().key())
        .body(body)
}

/// Sends the body and then a good one on the same connection.
#[track_caller]
fn survive(body: &[u8]) -> Reply {
    let mut http = Http::connect(shared().address());
    let reply = http.send(&raw(body));
    let good = http.send(&raw(br#"{"room":"hostile","message":{"text":"ok"}}"#));
    assert_eq!(good.status, 200, "after {}: {}", String::from_utf8_lossy(body), good.text());
    reply
}

#[track_caller]
fn check(body: &[u8], status: u16, code: &str) {
    let reply = survive(body);
    let shown = String::from_utf8_lossy(&body[..body.len().min(120)]);
    assert_eq!((reply.status, reply.code()), (status, code.into()), "{shown}: {}", reply.text());
}

#[test]
fn what_is_no_json_is_malformed() {
    for body in [
        &b""[..],
        b" ",
        b"{",
        b"{]",
        b"nope",
        b"{\"room\":\"r\",}",
        b"{'room':'r'}",
        b"{\"room\":\"r\"} trailing",
        b"{\"room\":\"r\"}{\"room\":\"r\"}",
        b"\xef\xbb\xbf{\"room\":\"r\",\"message\":{}}",
        b"{\"room\":\"\xff\xfe\",\"message\":{}}",
        b"{\"room\":\"r\",\"message\":{\"text\":\"\xc0\x80\"}}",
        b"{\"room\":\"r\",\"message\":{\"n\":NaN}}",
        b"{\"room\":\"r\",\"message\":{\"n\":01}}",
        b"{\"room\":\"r\",\"message\":{\"text\":\"a\nb\"}}",
        b"[]",
        b"null",
        b"\"text\"",
        b"17",
    ] {
        check(body, 400, "malformed");
    }
}

#[test]
fn half_a_character_is_a_wrong_field() {
    for text in [r#""\ud800""#, r#""\udc00\ud800""#, r#""a\ud83d""#] {
        let body = format!(r#"{{"room":"r","message":{{"text":{text}}}}}"#);
        check(body.as_bytes(), 422, "invalid_field");
    }
}

#[test]
fn nesting_has_an_end() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let inner = format!("{}0{}", open.repeat(50_000), close.repeat(50_000));
        let body = format!(r#"{{"room":"deep","message":{{"text":"a","x":{inner}}}}}"#);
        let reply = survive(body.as_bytes());
        assert!((400..500).contains(&reply.status), "{}", reply.text());
    }
    let inner = format!("{}0{}", "[".repeat(20), "]".repeat(20));
    let body = format!(r#"{{"room":"deep","message":{{"text":"a","x":{inner}}}}}"#);
    assert_eq!(survive(body.as_bytes()).status, 200, "honest nesting passes");
}

#[test]
fn a_second_text_cannot_pass_unmoderated() {
    for body in [
        r#"{"room":"twice","message":{"text":"hello","text":"call +7 916 123-45-67"}}"#,
        r#"{"room":"twice","message":{"text":"call +7 916 123-45-67","text":"hello"}}"#,
        r#"{"room":"twice","message":{"text":"a"},"message":{"text":"call +7 916 123-45-67"}}"#,
        r#"{"room":"twice","message":{"te\u0078t":"call +7 916 123-45-67"}}"#,
    ] {
        let reply = survive(body.as_bytes());
        assert!([200, 202, 400, 422].contains(&reply.status), "{body}: {}", reply.text());
    }
    let request = Request::get("/api/sms/rooms/twice/messages").key(shared().key());
    let page = shared().ask(&request).text();
    assert!(!page.contains("123-45-67"), "no way around moderation: {page}");
}

#[test]
fn odd_but_correct_json_passes() {
    for body in [
        &b" \t\r\n{ \"room\" : \"odd\" , \"message\" : { \"text\" : \"a\" } } \n"[..],
        br#"{"room":"odd","message":{"text":"\u0000\ud83d\ude00\u2028"}}"#,
        br#"{"\u0072oom":"odd","message":{"text":"a"}}"#,
        br#"{"room":"odd","message":{"text":"a","n":1e400,"m":-0.0}}"#,
        br#"{"room":"odd","message":{"text":"a","":null,"__proto__":{}}}"#,
        br#"{"room":"odd","message":{"text":"a"},"extra":{"unknown":[1,2,3]}}"#,
        br#"{"room":"odd","message":{}}"#,
    ] {
        let reply = survive(body);
        assert_eq!(reply.status, 200, "{}: {}", String::from_utf8_lossy(body), reply.text());
    }
    let reply = shared().ask(&Request::get("/api/sms/rooms/odd/messages").key(shared().key()));
    assert_eq!(reply.status, 200);
    // 1e400 is correct JSON that few parsers take, so the page is looked at as text.
    assert!(reply.text().contains("\"last\":7,"), "{}", reply.text());
    assert!(reply.text().contains("\"n\":1e400,\"m\":-0.0"), "{}", reply.text());
}

#[test]
fn names_of_rooms_cannot_reach_other_kinds() {
    let reply =
        shared().post("new-message", &json!({"room": "order:77", "message": {"text": "a"}}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let reply = shared().ask(&Request::get("/api/sms/rooms/order:77/messages").key(shared().key()));
    assert_eq!(reply.json()["last"], json!(1), "a room of that name: {}", reply.text());
}

#[test]
fn rooms_in_paths_are_decoded_once() {
    shared().say("комната №1/%2F", "hi");
    let encoded = "%D0%BA%D0%BE%D0%BC%D0%BD%D0%B0%D1%82%D0%B0%20%E2%84%961%2F%252F";
    let target = format!("/api/sms/rooms/{encoded}/messages");
    let reply = shared().ask(&Request::get(&target).key(shared().key()));
    assert_eq!((reply.status, &reply.json()["last"]), (200, &json!(1)), "{}", reply.text());
    for bad in ["%", "%2", "%zz", "%ff%fe", "%00", "a%0ab"] {
        let target = format!("/api/sms/rooms/{bad}/messages");
        let reply = shared().ask(&Request::get(&target).key(shared().key()));
        assert!((400..500).contains(&reply.status), "{bad}: {}", reply.text());
    }
}
