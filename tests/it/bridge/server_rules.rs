//! HTTP itself: unknown paths, methods, media types, sizes, CORS, request ids, and requests that try
//! to be two things at once (RFC 9110, RFC 9112).

use std::time::Duration;

use serde_json::json;

use crate::harness::{Http, Request, Setup, pause_ms, shared};

fn post(body: &str) -> Request {
    Request::new("POST", "/api/sms/new-message")
        .header("content-type", "application/json")
        .key(shared().key())
        .body(body)
}

const GOOD: &str = r#"{"room":"rules","message":{"text":"a"}}"#;

#[test]
fn unknown_paths_are_404() {
    for target in [
        "/nope",
        "/api",
        "/api/sms",
        "/api/sms/new-message/x",
        "/api/sms/rooms/r",
        "/api/sms/rooms//messages",
        "/API/SMS/NEW-MESSAGE",
        "/..%2f..%2fetc/passwd",
        "//healthz",
    ] {
        let reply = shared().ask(&Request::get(target).key(shared().key()));
        assert_eq!((reply.status, reply.code()), (404, "not_found".into()), "{target}");
    }
}

#[test]
fn wrong_methods_are_405_with_allow() {
    for (method, target, allowed) in [
        ("GET", "/api/sms/new-message", "POST"),
        ("PUT", "/api/sms/batch", "POST"),
        ("DELETE", "/api/sms/rooms/r/messages", "GET"),
        ("POST", "/healthz", "GET"),
        ("POST", "/ws", "GET"),
        ("GET", "/api/auth/login", "POST"),
    ] {
        let reply = shared().ask(&Request::new(method, target).key(shared().key()));
        assert_eq!((reply.status, reply.code()), (405, "method_not_allowed".into()), "{target}");
        let allow = reply.header("allow").unwrap_or_default();
        assert!(allow.split(',').any(|word| word.trim() == allowed), "{target}: {allow}");
    }
}

#[test]
fn health_readiness_and_the_front_door_answer() {
    let reply = shared().ask(&Request::get("/healthz"));
    assert_eq!((reply.status, reply.json()), (200, json!({"status": "ok"})));
    let reply = shared().ask(&Request::get("/readyz"));
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("ready")), "{}", reply.text());
    assert_eq!(reply.json()["reasons"], json!([]));
    let reply = shared().ask(&Request::get("/"));
    assert!(reply.status == 200 && reply.text().contains("Parlour"), "{}", reply.text());
    let reply = shared().ask(&Request::new("HEAD", "/healthz"));
    assert_eq!((reply.status, reply.body.len()), (200, 0));
}

#[test]
fn other_media_types_are_415() {
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"] {
        let request = Request::new("POST", "/api/sms/new-message")
            .header("content-type", kind)
            .key(shared().key())
            .body(GOOD);
        let reply = shared().ask(&request);
        assert_eq!((reply.status, reply.code()), (415, "unsupported_media_type".into()), "{kind}");
    }
    for kind in ["application/json", "Application/JSON; charset=UTF-8"] {
        let request = Request::new("POST", "/api/sms/new-message")
            .header("content-type", kind)
            .key(shared().key())
            .body(GOOD);
        assert_eq!(shared().ask(&request).status, 200, "{kind}");
    }
}

#[test]
fn request_ids_are_kept_when_valid() {
    let reply = shared().ask(&Request::get("/healthz").header("x-request-id", "a.B-9_z"));
    assert_eq!(reply.header("x-request-id"), Some("a.B-9_z"));
    for bad in ["", "with space", "a/b", &"x".repeat(65)] {
        let reply = shared().ask(&Request::get("/healthz").header("x-request-id", bad));
        let id = reply.header("x-request-id").unwrap_or_default();
        assert!(!id.is_empty() && id != bad, "{bad} -> {id}");
    }
    let ids: Vec<String> = (0..2)
        .map(|_| shared().ask(&Request::get("/nope")))
        .map(|reply| reply.header("x-request-id").expect("an id on refusals too").to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn big_bodies_are_413_before_they_are_read() {
    let head = |length: &str| {
        format!(
            "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             authorization: Bearer {}\r\n{length}\r\n\r\n",
            shared().key()
        )
    };
    let mut http = Http::connect(shared().address());
    http.write(head("content-length: 1073741824").as_bytes()).expect("a head");
    let reply = http.read_reply(false).expect("an answer without the body");
    assert_eq!((reply.status, reply.code()), (413, "too_large".into()));

    let mut http = Http::connect(shared().address());
    http.write(head("transfer-encoding: chunked").as_bytes()).expect("a head");
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(65536));
    for _ in 0..256 {
        if http.write(chunk.as_bytes()).is_err() {
            break;
        }
    }
    if let Ok(reply) = http.read_reply(false) {
        assert_eq!((reply.status, reply.code()), (413, "too_large".into()));
    }
    assert_eq!(shared().ask(&post(GOOD)).status, 200, "and serves on");
}

#[test]
fn connections_are_kept_and_pipelines_answered_in_order() {
    let mut http = Http::connect(shared().address());
    let request = format!(
        "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         x-api-key: {}\r\ncontent-length: {}\r\n\r\n{GOOD}",
        shared().key(),
        GOOD.len()
    );
    http.write(request.repeat(3).as_bytes()).expect("three requests at once");
    let seqs: Vec<u64> = (0..3)
        .map(|_| http.read_reply(false).expect("an answer"))
        .map(|reply| reply.json()["seq"].as_u64().expect("a seq"))
        .collect();
    assert!(seqs.is_sorted() && seqs[0] < seqs[2], "in order: {seqs:?}");
    http.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .expect("a request");
    assert_eq!(http.read_reply(false).expect("an answer").status, 200);
    assert!(http.is_closed_within(Duration::from_secs(5)));
}

#[test]
fn chunked_bodies_are_read_and_end_their_connection() {
    let mut http = Http::connect(shared().address());
    let chunk = |c: &[u8]| format!("{:x}\r\n{}\r\n", c.len(), String::from_utf8_lossy(c));
    let chunks: Vec<String> = GOOD.as_bytes().chunks(7).map(chunk).collect();
    let request = format!(
        "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         x-api-key: {}\r\ntransfer-encoding: chunked\r\n\r\n{}0\r\n\r\n",
        shared().key(),
        chunks.concat()
    );
    http.write(request.as_bytes()).expect("a request");
    let reply = http.read_reply(false).expect("an answer");
    assert_eq!((reply.status, reply.header("connection")), (200, Some("close")));
    assert!(http.is_closed_within(Duration::from_secs(5)), "nothing can hide behind it");
}

#[test]
fn guessing_keys_is_slowed_down_and_good_keys_are_not() {
    let server = Setup::bare()
        .env("PARLOUR_LIMITS__FAILURES_MAX", "3")
        .env("PARLOUR_LIMITS__FAILURE_REFILL_S", "60")
        .start();
    let ask = |key: &str| {
        let body = serde_json::json!({"room": "r", "message": {"text": "a"}});
        server.ask(&Request::post("/api/sms/new-message", &body).key(key))
    };
    let statuses: Vec<u16> = (0..5).map(|_| ask("plk_00000000_wrong").status).collect();
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
    assert!(ask("plk_00000000_wrong").header("retry-after").is_some());
    assert_eq!(ask(server.key()).status, 200);
}

#[test]
fn smuggled_requests_are_refused() {
    let smuggled = "GET /api/sms/rooms/x/messages HTTP/1.1\r\nhost: x\r\n\r\n";
    for head in [
        "content-length: 5\r\ntransfer-encoding: chunked",
        "content-length: 5\r\ncontent-length: 6",
        "content-length: -5",
        "content-length: +5",
        "content-length: 5, 6",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "content-length : 5",
        "bad header: x\r\ncontent-length: 0",
    ] {
        let mut http = Http::connect(shared().address());
        let text =
            format!("POST /healthz HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n0\r\n\r\n{smuggled}");
        http.write(text.as_bytes()).expect("a request");
        let status = http.read_reply(false).map_or(400, |reply| reply.status);
        assert!((400..500).contains(&status), "{head}: {status}");
        let second = http.read_reply(false).map(|reply| reply.status);
        assert!(second.is_err() || second.as_ref().is_ok_and(|s| *s == 400), "{head}: {second:?}");
    }
}

#[test]
fn heads_have_limits_and_nonsense_is_400() {
    for (text, statuses) in [
        ("nonsense\r\n\r\n".to_owned(), &[400][..]),
        ("GET /healthz HTTP/9.9\r\nhost: x\r\n\r\n".to_owned(), &[400, 505]),
        (format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(70_000)), &[400, 414, 431]),
        (format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(70_000)), &[400, 431]),
        (format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(500)), &[400, 431]),
        ("GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n".to_owned(), &[400]),
    ] {
        let mut http = Http::connect(shared().address());
        let _ = http.write(text.as_bytes());
        if let Ok(reply) = http.read_reply(false) {
            assert!(
                statuses.contains(&reply.status),
                "{}: {}",
                &text[..20.min(text.len())],
                reply.status
            );
        }
        assert!(http.is_closed_within(Duration::from_secs(5)), "{}", &text[..20.min(text.len())]);
    }
    assert_eq!(shared().ask(&Request::get("/healthz")).status, 200);
}

#[test]
fn slow_heads_and_bodies_are_cut() {
    let server = Setup::bare()
        .env("PARLOUR_LIMITS__HEADER_TIMEOUT_S", "1")
        .env("PARLOUR_LIMITS__BODY_TIMEOUT_S", "1")
        .start();
    let mut slow = Http::connect(server.address());
    slow.write(b"GET /healthz HTTP/1.1\r\nhost:").expect("half a head");
    assert!(slow.is_closed_within(Duration::from_secs(10)), "a head that never ends");
    let mut slow = Http::connect(server.address());
    let head = format!(
        "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         authorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{",
        server.key()
    );
    slow.write(head.as_bytes()).expect("half a request");
    slow.set_patience(Duration::from_secs(10));
    if let Ok(reply) = slow.read_reply(false) {
        assert!([400, 408, 503].contains(&reply.status), "{}", reply.status);
    }
    assert!(slow.is_closed_within(Duration::from_secs(10)), "a body that never comes");
    assert_eq!(server.ask(&Request::get("/healthz")).status, 200);
}

#[test]
fn only_listed_origins_may_ask() {
    let server = Setup::bare().env("PARLOUR_CORS__ORIGINS", "https://shop.example").start();
    let preflight_of = |path: &str, origin: &str| {
        let request = Request::new("OPTIONS", path)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization, content-type");
        server.ask(&request)
    };
    let preflight = |origin: &str| preflight_of("/api/sms/new-message", origin);
    let polling = "/socket.io/?EIO=4&transport=polling";
    assert_eq!(preflight_of(polling, "https://shop.example").status, 204);
    let refused = shared().ask(&Request::new("OPTIONS", polling));
    let as_the_protocol_says = r#"{"code":2,"message":"Bad handshake method"}"#;
    assert_eq!((refused.status, refused.text().as_ref()), (400, as_the_protocol_says));
    let reply = preflight("https://shop.example");
    assert_eq!(reply.status, 204, "{}", reply.text());
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://shop.example"));
    assert!(reply.header("access-control-allow-methods").is_some_and(|m| m.contains("POST")));
    assert!(reply.header("vary").is_some_and(|v| v.to_ascii_lowercase().contains("origin")));
    for origin in ["https://evil.example", "null", "https://shop.example.evil.example"] {
        let reply = preflight(origin);
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
        let reply = server.ask(&Request::get("/healthz").header("origin", origin));
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
    }
    let reply = server.ask(&Request::get("/healthz").header("origin", "https://shop.example"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://shop.example"));
}

#[test]
fn half_requests_leave_nothing_behind() {
    for cut in [10, 60, 150] {
        let mut http = Http::connect(shared().address());
        let text = format!(
            "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             authorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{\"room\":\"half\",",
            shared().key()
        );
        http.write(&text.as_bytes()[..cut.min(text.len())]).expect("a part");
    }
    pause_ms(50);
    assert_eq!(shared().history("half").len(), 0);
}
