//! Who may have a session and how a refusal reads.

use super::*;

const UNKNOWN_TRANSPORT: &str = r#"{"code":0,"message":"Transport unknown"}"#;
const UNKNOWN_SESSION: &str = r#"{"code":1,"message":"Session ID unknown"}"#;
const BAD_METHOD: &str = r#"{"code":2,"message":"Bad handshake method"}"#;
const BAD: &str = r#"{"code":3,"message":"Bad request"}"#;
const UNSUPPORTED: &str = r#"{"code":5,"message":"Unsupported protocol version"}"#;

#[tokio::test]
async fn wrong_requests_are_refused_as_clients_know_it() {
    let server = Server::start(GatewaySettings::default()).await;
    for (method, query, body) in [
        ("GET", "", UNKNOWN_TRANSPORT),
        ("GET", "EIO=4&transport=webtransport", UNKNOWN_TRANSPORT),
        ("GET", "EIO=4&transport=polling&sid=nobodynobodynobody00", UNKNOWN_SESSION),
        ("POST", "EIO=4&transport=polling&sid=x", UNKNOWN_SESSION),
        ("GET", "EIO=4&transport=polling&sid=", UNKNOWN_SESSION),
        ("GET", "EIO=4&transport=polling&sid=..%2F..%2Fetc%00%F0%9F%92%A9", UNKNOWN_SESSION),
        ("GET", "EIO=4&transport=websocket&sid=nobodynobodynobody00", UNKNOWN_SESSION),
        ("POST", "EIO=4&transport=polling", BAD_METHOD),
        ("PUT", "EIO=4&transport=polling", BAD_METHOD),
        ("OPTIONS", "EIO=4&transport=polling", BAD_METHOD),
        ("GET", "EIO=4&transport=websocket", BAD),
        ("GET", "transport=polling", UNSUPPORTED),
        ("GET", "EIO=3&transport=polling", UNSUPPORTED),
    ] {
        let answer = server.ask(method, query, "", "").await;
        expect(&answer, 400, body);
        assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
    }
    let sid = server.polling().await;
    expect(
        &server.ask("PUT", &format!("transport=polling&sid={sid}"), "", "").await,
        400,
        BAD_METHOD,
    );
    expect(&server.ask("GET", &format!("transport=websocket&sid={sid}"), "", "").await, 400, BAD);
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_failed_websocket_handshake_is_plain() {
    let server = Server::start(GatewaySettings::default()).await;
    let head = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (query, body) in [
        ("EIO=4", "Transport unknown"),
        ("EIO=3&transport=websocket", "Unsupported protocol version"),
        ("EIO=4&transport=websocket&sid=nobodynobodynobody00", "Session ID unknown"),
        ("EIO=4&transport=polling", "Bad request"),
    ] {
        let answer = server.ask("GET", query, head, "").await;
        expect(&answer, 400, body);
        assert!(answer.head.contains("connection: close"), "{}", answer.head);
        assert!(answer.head.contains("content-type: text/plain"), "{}", answer.head);
    }
    let old = head.replace("13", "8");
    expect(&server.ask("GET", "EIO=4&transport=websocket", &old, "").await, 400, "Bad request");
    server.over().await;
}

#[tokio::test]
async fn pages_of_other_origins_are_kept_out_of_both_transports() {
    let origins = vec!["https://shop.example".to_owned()];
    let server = Server::start(GatewaySettings { origins, ..GatewaySettings::default() }).await;
    let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let forbidden = r#"{"code":4,"message":"this origin may not connect"}"#;
    for origin in ["https://evil.example", "null", "https://chat.example.evil.example"] {
        let origin = format!("Origin: {origin}\r\n");
        expect(&server.ask("GET", "EIO=4&transport=polling", &origin, "").await, 403, forbidden);
        let both = format!("{origin}{upgrade}");
        expect(&server.ask("GET", "EIO=4&transport=websocket", &both, "").await, 403, forbidden);
    }
    // The transport is looked at first.
    let foreign = "Origin: https://evil.example\r\n";
    expect(&server.ask("GET", "EIO=4", foreign, "").await, 400, UNKNOWN_TRANSPORT);
    expect(&server.ask("GET", "EIO=3&transport=polling", foreign, "").await, 403, forbidden);
    for origin in ["https://shop.example", "http://chat.example"] {
        let origin = format!("Origin: {origin}\r\n");
        let opened = server.ask("GET", "EIO=4&transport=polling", &origin, "").await;
        assert_eq!(opened.status, 200);
    }
    assert_eq!(server.engine.sessions(), 2, "who was refused left nothing");
}

#[tokio::test]
async fn places_are_limited() {
    let settings = GatewaySettings { connections_max: 2, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let (first, second) = (server.polling().await, server.polling().await);
    let full = server.ask("GET", "EIO=4&transport=polling", "", "").await;
    expect(&full, 503, r#"{"code":3,"message":"too many connections"}"#);
    assert!(full.head.contains("retry-after: 5"), "{}", full.head);
    // A WebSocket beside it has no place either, and polling goes on.
    let head = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let query = format!("EIO=4&transport=websocket&sid={first}");
    assert_eq!(server.ask("GET", &query, head, "").await.status, 503);
    expect(&server.post(&first, "4a").await, 200, "ok");
    expect(&server.get(&first).await, 200, "4a");
    for sid in [first, second] {
        expect(&server.post(&sid, "1").await, 200, "ok");
    }
    server.over().await;
}

#[tokio::test]
async fn the_first_request_is_known_above() {
    let server = Server::start(GatewaySettings::default()).await;
    let opened = server.ask("GET", "EIO=4&transport=polling&token=a%2Eb", "", "").await;
    assert!(opened.head.contains("content-type: text/plain; charset=utf-8"), "{}", opened.head);
    assert!(opened.head.contains("cache-control: no-store"), "{}", opened.head);
    let head = "Authorization: Bearer c.d\r\n";
    server.ask("GET", "EIO=4&transport=polling&token=x", head, "").await;
    let visits = server.record.with(|noted| noted.visits.clone());
    assert_eq!(visits[0].token.as_deref(), Some("a.b"));
    assert_eq!(visits[1].token.as_deref(), Some("c.d"));
    assert!(visits[0].sid != visits[1].sid && visits[0].sid.len() == 20);
    assert!(opened.body.contains(&visits[0].sid) && visits[0].peer.is_loopback());
}
