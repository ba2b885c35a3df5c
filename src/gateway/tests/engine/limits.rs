//! What a polling session may cost: bodies that are too large or never end, clients that never poll.

use super::*;
use crate::wire::engineio::Settings;

#[tokio::test]
async fn a_body_that_is_too_large_leaves_the_session_alone() {
    let engine = Settings { payload_max_bytes: 1000, ..Settings::default() };
    let server =
        Server::start(GatewaySettings { engine: engine.into(), ..GatewaySettings::default() })
            .await;
    let sid = server.polling().await;
    let poll = server.held_get(&sid).await;
    expect(&server.post(&sid, &format!("4{}", "x".repeat(1000))).await, 413, "");
    let chunked = "Transfer-Encoding: chunked\r\n";
    let body = format!("7d0\r\n{}\r\n0\r\n\r\n", "x".repeat(2000));
    let refused = answer(server.begin_post(&sid, chunked, &body).await).await;
    expect(&refused, 413, "");
    assert!(refused.head.contains("connection: close"), "{}", refused.head);
    // One that goes on for ever is not read for ever. All that is sent is read, for else the answer
    // could be lost.
    let endless = format!("7d0\r\n{}\r\n", "x".repeat(2000)).repeat(4) + "1\r\nx";
    expect(&answer(server.begin_post(&sid, chunked, &endless).await).await, 413, "");
    let hopeless = "Content-Length: 99999999999\r\n";
    expect(&answer(server.begin_post(&sid, hopeless, "").await).await, 413, "");
    assert_eq!(server.record.with(|noted| (noted.ends.len(), noted.waiting)), (0, 1));
    let most = format!("4{}", "x".repeat(999));
    expect(&server.post(&sid, &most).await, 200, "ok");
    expect(&answer(poll).await, 200, &most);
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    for head in ["Transfer-Encoding: chunked\r\n", "Content-Length: 900\r\n"] {
        let settings = GatewaySettings { body_max_ms: 100, ..GatewaySettings::default() };
        let server = Server::start(settings).await;
        let sid = server.polling().await;
        let poll = server.held_get(&sid).await;
        let post = server.begin_post(&sid, head, "8\r\n4hello").await;
        expect(&answer(post).await, 400, "");
        expect(&answer(poll).await, 200, "1");
        assert_eq!(server.record.ended().await, Closed::TransportError);
        assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
        server.over().await;
    }
}

#[tokio::test]
async fn a_client_that_never_polls_is_not_listened_to_for_ever() {
    let settings = GatewaySettings { outbox_max_bytes: 20_000, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let sid = server.polling().await;
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let message = format!("4{}", "x".repeat(999));
    // Answers wait up to half of the budget; a frame of them has 1004 bytes.
    for _ in 0..10 {
        expect(&server.post(&sid, &message).await, 200, "ok");
    }
    let post = server.record.unheard(server.begin("POST", &query, "", &message)).await;
    let outbox = server.record.with(|noted| noted.outboxes[0].clone());
    assert_eq!(server.record.with(|noted| (noted.heard.len(), noted.waiting)), (10, 1));
    assert_eq!(outbox.bytes(), 10 * 1004);
    let Settings { ping_interval_ms, ping_timeout_ms, .. } = *server.common.settings.engine;
    server.advance(ping_interval_ms).await;
    server.advance(ping_timeout_ms).await;
    assert_eq!(server.record.ended().await, Closed::PingTimeout);
    // It was taken, so it is heard, though nobody is there for the answer.
    expect(&answer(post).await, 200, "ok");
    assert_eq!(server.record.with(|noted| noted.heard.len()), 11);
    assert_eq!(server.record.publish("late"), Pushed::Dropped);
    server.over().await;
}

#[tokio::test]
async fn pongs_of_a_client_that_never_polls_do_not_pile_up_pings() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    for _ in 0..20 {
        server.advance(server.common.settings.engine.ping_interval_ms).await;
        expect(&server.post(&sid, "3").await, 200, "ok");
    }
    expect(&server.get(&sid).await, 200, "2");
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_session_that_nobody_polls_ends() {
    let server = Server::start(GatewaySettings::default()).await;
    let Settings { ping_interval_ms, ping_timeout_ms, .. } = *server.common.settings.engine;
    let sid = server.polling().await;
    // One that is polled is asked, and has time for its answer.
    let polled = server.polling().await;
    let poll = server.held_get(&polled).await;
    server.advance(ping_interval_ms).await;
    expect(&answer(poll).await, 200, "2");
    server.advance(ping_timeout_ms - 1).await;
    assert_eq!(server.record.with(|noted| noted.ends.len()), 0);
    expect(&server.post(&polled, "3").await, 200, "ok");
    server.advance(1).await;
    assert_eq!(server.record.ended().await, Closed::PingTimeout);
    assert_eq!(server.get(&sid).await.status, 400);
    assert_eq!(server.engine.sessions(), 1);
    expect(&server.post(&polled, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn what_waits_is_bounded_and_comes_in_portions() {
    let engine = Settings { payload_max_bytes: 2000, ..Settings::default() };
    let settings = GatewaySettings {
        engine: engine.into(),
        outbox_max_bytes: 100_000,
        ..GatewaySettings::default()
    };
    let server = Server::start(settings).await;
    let sid = server.polling().await;
    let text = |n: u32| format!("{n:0>300}");
    for n in 0..100 {
        assert_eq!(server.record.publish(&text(n)), Pushed::Ok);
    }
    let mut seen = Vec::new();
    while seen.len() < 100 {
        let payload = server.get(&sid).await;
        assert!(payload.status == 200 && payload.body.len() <= 2000, "{}", payload.body.len());
        seen.extend(payload.body.split('\u{1e}').map(|packet| packet[1..].to_owned()));
    }
    assert_eq!(seen, (0..100).map(text).collect::<Vec<_>>());
    // Nobody polls: the budget ends the session, and its client comes back for what it missed.
    let outbox = server.record.with(|noted| noted.outboxes[0].clone());
    let mut pushed = 0;
    while server.record.publish(&text(0)) == Pushed::Ok {
        pushed += 1;
        assert!(pushed < 1000, "the budget ends it");
        assert!(outbox.bytes() <= outbox.bytes_max());
    }
    assert_eq!(server.record.shows(|noted| noted.byes.first().copied()).await, Closing::Slow);
    expect(&server.get(&sid).await, 200, "1");
    assert_eq!(server.record.ended().await, Closed::ByUs);
    server.over().await;
}
