//! Sessions that are carried by polling.

use super::*;

#[tokio::test]
async fn messages_come_and_go_in_order() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let posted = server.post(&sid, "4a\u{1e}4ä\u{1e}bAQIDBA==\u{1e}4pair").await;
    expect(&posted, 200, "ok");
    assert!(posted.head.contains("content-type: text/html"), "{}", posted.head);
    let payload = "4a\u{1e}4ä\u{1e}bAQIDBA==\u{1e}4pair\u{1e}bAQI=";
    expect(&server.get(&sid).await, 200, payload);
    // A poll waits until there is something to say.
    let waiting = server.begin_get(&sid).await;
    server.record.publish("late");
    expect(&answer(waiting).await, 200, "4late");
    expect(&server.post(&sid, "1").await, 200, "ok");
    assert_eq!(server.record.ended().await, Closed::ByPeer);
    server.over().await;
}

#[tokio::test]
async fn a_client_that_closes_frees_its_poll() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let waiting = server.begin_get(&sid).await;
    server.record.publish("x");
    expect(&answer(waiting).await, 200, "4x");
    let waiting = server.held_get(&sid).await;
    expect(&server.post(&sid, "4last\u{1e}1").await, 200, "ok");
    expect(&answer(waiting).await, 200, "6");
    assert_eq!(server.get(&sid).await.status, 400);
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["last"]);
    server.over().await;
}

#[tokio::test]
async fn what_cannot_be_read_ends_the_session() {
    for (status, body) in [
        (400, "4a\u{1e}abc"),
        (400, "4a\u{1e}b!!!"),
        (400, "4a\u{1e}bA"),
        (200, "4a\u{1e}2"),
        (200, "4a\u{1e}0{}"),
        (400, "4a\u{1e}"),
    ] {
        let server = Server::start(GatewaySettings::default()).await;
        let sid = server.polling().await;
        let answered = server.post(&sid, body).await;
        assert_eq!(answered.status, status, "{body:?} {answered:?}");
        assert_eq!(server.record.ended().await, Closed::ParseError, "{body:?}");
        assert_eq!(server.record.with(|noted| noted.heard.clone()), ["a"], "{body:?}");
        assert_eq!(server.get(&sid).await.status, 400);
        server.over().await;
    }
    for head in ["Content-Type: application/octet-stream\r\n", "Content-Encoding: gzip\r\n"] {
        let server = Server::start(GatewaySettings::default()).await;
        let sid = server.polling().await;
        let query = format!("EIO=4&transport=polling&sid={sid}");
        expect(&server.ask("POST", &query, head, "4a").await, 400, "");
        assert_eq!(server.record.ended().await, Closed::TransportError);
        server.over().await;
    }
}

#[tokio::test]
async fn an_upper_may_leave_after_what_waits() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    expect(&server.post(&sid, "4a\u{1e}4leave\u{1e}4unheard").await, 200, "ok");
    let mut told = String::new();
    while !told.ends_with('1') {
        told += &server.get(&sid).await.body;
    }
    assert!(told == "4a\u{1e}1" || told == "4a1", "{told:?}");
    assert_eq!(server.record.ended().await, Closed::ByUs);
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["a", "leave"]);
    server.over().await;
}

#[tokio::test]
async fn a_busy_upper_holds_the_post_and_not_the_polls() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    server.record.turn_deaf();
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let post = server.begin("POST", &query, "", "4a\u{1e}4b");
    let post = server.record.unheard(post).await;
    server.record.publish("meanwhile");
    expect(&server.get(&sid).await, 200, "4meanwhile");
    assert_eq!(server.record.with(|noted| (noted.heard.len(), noted.waiting)), (0, 1));
    server.record.listen();
    expect(&answer(post).await, 200, "ok");
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["a", "b"]);
    expect(&server.get(&sid).await, 200, "4a\u{1e}4b");
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn draining_tells_waiting_polls() {
    let server = Server::start(GatewaySettings::default()).await;
    let (waits, silent) = (server.polling().await, server.polling().await);
    let waiting = server.held_get(&waits).await;
    server.common.registry.drain();
    expect(&answer(waiting).await, 200, "1");
    let byes = server.record.shows(|noted| (noted.byes.len() == 2).then(|| noted.byes.clone()));
    assert_eq!(byes.await, [Closing::Draining, Closing::Draining]);
    // Who does not poll is not waited for longer than for others.
    server.advance(server.common.settings.close_wait_ms).await;
    server.record.shows(|noted| (noted.ends == [Closed::ByUs, Closed::ByUs]).then_some(())).await;
    assert_eq!(server.get(&silent).await.status, 400);
    assert_eq!(server.ask("GET", "EIO=4&transport=polling", "", "").await.status, 503);
    server.over().await;
}
