//! What the bridge refuses, with which status, code and field; nothing of it leaves a trace.

use serde_json::{Value, json};

use crate::harness::{Request, Server, Setup, Token, shared};

/// A post with this body is refused so.
#[track_caller]
fn check(route: &str, body: &Value, status: u16, code: &str, field: Option<&str>) {
    let reply = shared().post(route, body);
    assert_eq!((reply.status, reply.code()), (status, code.into()), "{route} {body}");
    let json = reply.json();
    assert_eq!(json["success"], json!(false), "{route} {body}");
    assert_eq!(json["error"]["field"].as_str(), field, "{route} {body} -> {json}");
    let message = json["error"]["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty(), "{route} {body} -> {json}");
}

#[track_caller]
fn check_field(route: &str, body: &Value, field: &str) {
    check(route, body, 422, "invalid_field", Some(field));
}

const ROUTES: [&str; 6] = [
    "new-message",
    "edit-message",
    "reply-message",
    "update-message",
    "delete-message",
    "status-update",
];

/// A body that every route accepts.
fn whole() -> Value {
    json!({"room": "r", "message": {"text": "a"}, "messageId": 1, "replyTo": 1, "status": "read"})
}

#[test]
fn every_route_needs_a_room() {
    for route in ROUTES {
        for wrong in [json!(""), json!(null), json!(5), json!({}), json!(["r"]), json!("a\nb")] {
            let mut body = whole();
            body["room"] = wrong;
            check_field(route, &body, "room");
        }
        let mut body = whole();
        body["room"] = json!("x".repeat(201));
        check_field(route, &body, "room");
        body.as_object_mut().expect("an object").remove("room");
        check_field(route, &body, "room");
    }
}

#[test]
fn every_route_needs_its_own_fields() {
    let needs = [
        ("message", &ROUTES[..4]),
        ("messageId", &["edit-message", "update-message", "delete-message", "status-update"]),
        ("replyTo", &["reply-message"]),
        ("status", &["status-update"]),
    ];
    for (field, routes) in needs {
        for route in routes {
            let mut body = whole();
            body.as_object_mut().expect("an object").remove(field);
            check_field(route, &body, field);
            for wrong in [json!(true), json!([]), json!(null)] {
                body[field] = wrong;
                check_field(route, &body, field);
            }
        }
    }
}

#[test]
fn ids_have_limits() {
    for route in ["edit-message", "delete-message", "status-update"] {
        for wrong in [json!(""), json!({}), json!("i".repeat(201)), json!("a\u{0}b")] {
            let mut body = whole();
            body["messageId"] = wrong;
            check_field(route, &body, "messageId");
        }
    }
    for wrong in [json!({}), json!([1]), json!(false), json!("u".repeat(201))] {
        let mut body = whole();
        body["uuid"] = wrong;
        check_field("new-message", &body, "uuid");
    }
    for wrong in [json!({}), json!(""), json!("i".repeat(201))] {
        let mut body = whole();
        body["replyTo"] = wrong;
        check_field("reply-message", &body, "replyTo");
    }
}

#[test]
fn texts_have_limits() {
    let body = |text: String| json!({"room": "long", "message": {"text": text}});
    assert_eq!(shared().post("new-message", &body("a".repeat(16_384))).status, 200);
    check("new-message", &body("a".repeat(16_385)), 422, "text_too_long", None);
    check("new-message", &body("я".repeat(8_193)), 413, "too_large", None);
    let mut wrong = body(String::new());
    wrong["message"]["text"] = json!(7);
    check_field("new-message", &wrong, "message.text");
    assert_eq!(shared().history("long").len(), 1, "a refused message leaves no trace");
}

#[test]
fn no_key_or_a_wrong_one_is_401() {
    let other = shared().key();
    let mut twisted = other.to_owned();
    let last = twisted.pop().expect("a key");
    twisted.push(if last == 'A' { 'B' } else { 'A' });
    let token = Token::new("u", &["*"]).text();
    let wrong = ["", "Bearer ", "Bearer x", "Basic dTpw", &format!("Bearer {twisted}")];
    let token = format!("Bearer {token}");
    for route in ROUTES.into_iter().chain(["batch"]) {
        let request = Request::post(&format!("/api/sms/{route}"), &whole());
        assert_eq!(shared().ask(&request).status, 401, "{route} without a key");
        for value in wrong.into_iter().chain([token.as_str()]) {
            let reply = shared().ask(&request.clone().header("authorization", value));
            assert_eq!((reply.status, reply.code()), (401, "unauthenticated".into()), "{value}");
            assert!(reply.header("www-authenticate").is_some(), "RFC 9110 section 11.6.1");
        }
    }
    let history = Request::get("/api/sms/rooms/r/messages");
    assert_eq!(shared().ask(&history).status, 401);
}

#[test]
fn a_key_ends_with_its_revocation_and_keeps_to_its_scope() {
    let server = Setup::bare().start();
    let made = |scope: &str| {
        let args = ["key", "create", "--name", "x", "--scopes", scope, "--format", "json"];
        server.run(&args).json()
    };
    let ask = |server: &Server, key: &Value| {
        let body = json!({"room": "r", "message": {"text": "a"}});
        let key = key["key"].as_str().expect("a key").to_owned();
        server.ask(&Request::post("/api/sms/new-message", &body).key(&key))
    };
    let bridge = made("sms");
    assert_eq!(ask(&server, &bridge).status, 200);
    let metrics = ask(&server, &made("metrics"));
    assert_eq!((metrics.status, metrics.code()), (403, "forbidden".into()));

    let id = bridge["id"].as_str().expect("an id");
    server.run(&["key", "revoke", id]).text();
    assert_eq!(ask(&server, &bridge).status, 401, "the running server knows at once");
    let listed = server.run(&["key", "list", "--format", "json"]).out;
    assert!(listed.contains(id), "{listed}");
    assert!(!listed.contains(bridge["key"].as_str().expect("a key")), "a key is shown once");
}

#[test]
fn refused_bodies_leave_no_trace() {
    let server = Setup::bare().start();
    for body in [json!({"room": "t"}), json!({"room": "t", "message": 1}), json!({"room": "t2"})] {
        assert_eq!(server.post("new-message", &body).status, 422);
    }
    assert_eq!(server.say("t", "first"), 1, "refusals take no numbers");
}
