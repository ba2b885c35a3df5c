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
        ("GET", "EIO=4&transport=polling&sid=%zz", UNKNOWN_SESSION),
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

#[tokio::test]
async fn names_are_compared_as_they_are_meant() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let encoded: Vec<String> = sid.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let encoded = encoded.concat();
    let long = "a".repeat(10_000);
    for query in [
        format!("EIO=4&transport=polling&sid={encoded}"),
        format!("E%49O=4&tr%61nsport=p%6Flling&s%69d={sid}&sid=nobody"),
        format!("{long}={long}&EIO=4&transport=polling&sid={sid}&x={long}"),
        format!("&&=&%zz&transport=polling&EIO=3&sid={sid}&sid&transport"),
    ] {
        expect(&server.ask("POST", &query, "", "4a").await, 200, "ok");
        expect(&server.ask("GET", &query, "", "").await, 200, "4a");
    }
    let twice = encoded.replace('%', "%25");
    let swapped: String = sid.bytes().rev().map(char::from).collect();
    let (escaped, emoji) = ("%41".repeat(10_000 / 3), "%F0%9F%92%A9".repeat(5));
    for hostile in [
        "",
        "a",
        &sid[..19],
        &format!("{sid}%00"),
        &format!("%20{sid}"),
        &format!("{sid}{sid}"),
        &format!("nobody&sid={sid}"),
        "..%2F..%2F..%2Fetc%2Fpassw",
        "%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00",
        "*",
        &twice,
        &swapped,
        &long,
        &escaped,
        &emoji,
    ] {
        let query = format!("EIO=4&transport=polling&sid={hostile}");
        for method in ["GET", "POST"] {
            expect(&server.ask(method, &query, "", "").await, 400, UNKNOWN_SESSION);
        }
    }
    for hostile in ["POLLING", "polling%00", "poll%zzing", "webtransport&transport=polling", &long]
    {
        let query = format!("EIO=4&transport={hostile}&sid={sid}");
        expect(&server.ask("GET", &query, "", "").await, 400, UNKNOWN_TRANSPORT);
    }
    for hostile in ["", "04", "4.0", "%34%00", "3&EIO=4", &long] {
        let query = format!("EIO={hostile}&transport=polling");
        expect(&server.ask("GET", &query, "", "").await, 400, UNSUPPORTED);
    }
    assert_eq!(server.engine.sessions(), 1, "none of it left anything");
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn pages_of_other_origins_cannot_speak_for_a_session_that_they_know() {
    let origins = vec!["https://shop.example".to_owned()];
    let server = Server::start(GatewaySettings { origins, ..GatewaySettings::default() }).await;
    let sid = server.polling().await;
    let poll = server.held_get(&sid).await;
    let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let polling = format!("EIO=4&transport=polling&sid={sid}");
    let websocket = format!("EIO=4&transport=websocket&sid={sid}");
    for (origin, status) in
        [("https://evil.example", 403), ("null", 403), ("", 403), ("https://\u{fc}.example", 400)]
    {
        let foreign = format!("Origin: {origin}\r\n");
        assert_eq!(server.ask("GET", &polling, &foreign, "").await.status, status, "{origin}");
        assert_eq!(server.ask("POST", &polling, &foreign, "1").await.status, status, "{origin}");
        let both = format!("{foreign}{upgrade}");
        assert_eq!(server.ask("GET", &websocket, &both, "").await.status, status, "{origin}");
    }
    assert_eq!(server.record.with(|noted| (noted.ends.len(), noted.waiting)), (0, 1));
    let listed = "Origin: https://shop.example\r\n";
    expect(&server.ask("POST", &polling, listed, "4a").await, 200, "ok");
    expect(&answer(poll).await, 200, "4a");
    for path in [format!("/socket.io/?{websocket}"), "/socket.io/?EIO=4&transport=websocket".into()]
    {
        let mut anna = connect(server.address, &path, listed).await;
        if path.contains("sid") {
            anna.send("2probe").await;
            assert_eq!(text(&mut anna).await, "3probe");
            anna.send("5").await;
        } else {
            text(&mut anna).await;
        }
        anna.send("4b").await;
        assert_eq!(text(&mut anna).await, "4b");
    }
    server.over().await;
}

#[tokio::test]
async fn every_origin_may_come_where_that_is_wanted() {
    let origins = vec!["*".to_owned()];
    let server = Server::start(GatewaySettings { origins, ..GatewaySettings::default() }).await;
    for origin in ["https://evil.example", "null"] {
        let origin = format!("Origin: {origin}\r\n");
        let opened = server.ask("GET", "EIO=4&transport=polling", &origin, "").await;
        assert_eq!(opened.status, 200);
        let path = "/socket.io/?EIO=4&transport=websocket";
        let mut anna = connect(server.address, path, &origin).await;
        assert!(text(&mut anna).await.starts_with('0'));
    }
}
