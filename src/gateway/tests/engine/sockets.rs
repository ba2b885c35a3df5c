//! Sessions that begin with a WebSocket.

use super::*;

#[tokio::test]
async fn messages_come_and_go() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.websocket("").await;
    let open = text(&mut anna).await;
    let sid = server.record.with(|noted| noted.visits[0].sid.clone());
    let rest = r#"","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
    assert_eq!(open, format!(r#"0{{"sid":"{sid}{rest}"#));
    anna.send("4hello").await;
    assert_eq!(text(&mut anna).await, "4hello");
    anna.raw(&masked(0x82, &[1, 2, 3])).await;
    assert_eq!(anna.frame().await.unwrap(), Frame::Binary(vec![1, 2, 3]));
    anna.send("4pair").await;
    assert_eq!(text(&mut anna).await, "4pair");
    assert_eq!(anna.frame().await.unwrap(), Frame::Binary(vec![1, 2]));
    server.record.publish("news");
    assert_eq!(text(&mut anna).await, "4news");
    // It is a secret, but not one that lets others poll.
    let body = r#"{"code":3,"message":"Bad request"}"#;
    expect(&server.get(&sid).await, 400, body);
    let mut second = server.websocket(&sid).await;
    assert_eq!(second.closed().await, (vec![], 1005));
    anna.send("4still").await;
    assert_eq!(text(&mut anna).await, "4still");
    drop((anna, second));
    assert_eq!(server.record.ended().await, Closed::TransportClose);
    server.over().await;
}

#[tokio::test]
async fn a_session_ends_as_it_should() {
    for (said, why, code) in [
        ("1", Closed::ByPeer, 1005),
        ("2", Closed::ParseError, 1005),
        ("", Closed::ParseError, 1005),
        ("x", Closed::ParseError, 1005),
        ("5", Closed::ParseError, 1005),
        ("4leave", Closed::ByUs, 1005),
    ] {
        let server = Server::start(GatewaySettings::default()).await;
        let mut anna = server.websocket("").await;
        text(&mut anna).await;
        anna.send("4before").await;
        anna.send(said).await;
        let (before, closed) = anna.closed().await;
        assert_eq!((before, closed), (vec![Frame::Text("4before".into())], code), "{said:?}");
        assert_eq!(server.record.ended().await, why, "{said:?}");
        drop(anna);
        server.over().await;
    }
}

#[tokio::test]
async fn a_message_that_is_too_large_closes_with_1009() {
    let engine = Settings { payload_max_bytes: 1000, ..Settings::default() };
    let server =
        Server::start(GatewaySettings { engine: engine.into(), ..GatewaySettings::default() })
            .await;
    let mut anna = server.websocket("").await;
    text(&mut anna).await;
    let most = format!("4{}", "x".repeat(999));
    anna.send(&most).await;
    assert_eq!(text(&mut anna).await, most);
    anna.send(&format!("{most}x")).await;
    assert_eq!(anna.closed().await.1, 1009);
    assert_eq!(server.record.ended().await, Closed::TransportClose);
    drop(anna);
    server.over().await;
}

#[tokio::test]
async fn the_heartbeat_is_the_servers() {
    let engine = Settings { ping_interval_ms: 50, ping_timeout_ms: 500, ..Settings::default() };
    let settings = GatewaySettings {
        engine: engine.into(),
        close_wait_ms: 600_000,
        ..GatewaySettings::default()
    };
    let server = Server::ticking(settings).await;
    let mut anna = server.websocket("").await;
    text(&mut anna).await;
    assert_eq!(text(&mut anna).await, "2");
    // Pongs of the WebSocket are not those of Engine.IO.
    anna.raw(&masked(0x8A, b"")).await;
    assert_eq!(anna.closed().await, (vec![], 1005));
    assert_eq!(server.record.ended().await, Closed::PingTimeout);
    drop(anna);
    server.over().await;
}

#[tokio::test]
async fn a_slow_client_is_closed_and_others_drain() {
    let settings = GatewaySettings { outbox_max_bytes: 256 * 1024, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let mut slow = server.websocket("").await;
    text(&mut slow).await;
    let big = "x".repeat(8000);
    let mut pushed = 0;
    while server.record.publish(&big) == Pushed::Ok {
        pushed += 1;
        assert!(pushed < 100_000, "the budget ends it");
        if pushed % 16 == 0 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(slow.closed().await.1, 1005);
    assert_eq!(server.record.with(|noted| noted.byes.clone()), [Closing::Slow]);
    let mut well = server.websocket("").await;
    text(&mut well).await;
    server.common.registry.drain();
    assert_eq!(well.closed().await, (vec![], 1005));
    drop((slow, well));
    server.record.shows(|noted| (noted.ends == [Closed::ByUs, Closed::ByUs]).then_some(())).await;
    server.over().await;
}
