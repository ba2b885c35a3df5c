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
    let waiting = server.begin_get(&sid).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    expect(&server.post(&sid, "4last\u{1e}1").await, 200, "ok");
    let freed = answer(waiting).await;
    assert!(freed.status == 200 && ["6", "4last"].contains(&freed.body.as_str()), "{freed:?}");
    assert_eq!(server.get(&sid).await.status, 400);
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["last"]);
    server.over().await;
}

#[tokio::test]
async fn a_second_poll_ends_the_session() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let (one, other) = tokio::join!(server.get(&sid), server.get(&sid));
    let mut both = [(one.status, one.body), (other.status, other.body)];
    both.sort();
    assert_eq!(both[0], (200, "1".to_owned()));
    assert_eq!(both[1].0, 400);
    assert_eq!(server.record.ended().await, Closed::TransportError);
    assert_eq!(server.get(&sid).await.status, 400);
    server.over().await;
}

#[tokio::test]
async fn a_poll_that_is_given_up_ends_the_session() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let waiting = server.begin_get(&sid).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(waiting);
    assert_eq!(server.record.ended().await, Closed::TransportClose);
    server.over().await;
}

#[tokio::test]
async fn posts_come_one_by_one() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let mut first = TcpStream::connect(server.address).await.unwrap();
    let head =
        format!("POST /socket.io/?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n4a");
    first.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let second = server.post(&sid, "4b").await;
    assert_eq!(second.status, 400);
    assert_eq!(server.record.ended().await, Closed::TransportError);
    assert_eq!(answer(first).await.status, 400);
    assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
    server.over().await;
}

#[tokio::test]
async fn a_post_that_breaks_off_ends_the_session() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let mut broken = TcpStream::connect(server.address).await.unwrap();
    let head =
        format!("POST /socket.io/?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4a");
    broken.write_all(head.as_bytes()).await.unwrap();
    drop(broken);
    assert_eq!(server.record.ended().await, Closed::TransportError);
    server.over().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_leaves_the_session_alone() {
    let engine = crate::wire::engineio::Settings {
        payload_max_bytes: 1000,
        ..crate::wire::engineio::Settings::default()
    };
    let server = Server::start(GatewaySettings { engine, ..GatewaySettings::default() }).await;
    let sid = server.polling().await;
    expect(&server.post(&sid, &format!("4{}", "x".repeat(1000))).await, 413, "");
    let chunked = format!(
        "POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: x\r\n\
         Transfer-Encoding: chunked\r\n\r\n7d0\r\n{}\r\n0\r\n\r\n",
        "x".repeat(2000)
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(chunked.as_bytes()).await.unwrap();
    let refused = answer(stream).await;
    expect(&refused, 413, "");
    assert!(refused.head.contains("connection: close"), "{}", refused.head);
    let announced = format!("EIO=4&transport=polling&sid={sid}");
    let mut hopeless = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /socket.io/?{announced} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
    );
    hopeless.write_all(head.as_bytes()).await.unwrap();
    expect(&answer(hopeless).await, 413, "");
    let most = format!("4{}", "x".repeat(999));
    expect(&server.post(&sid, &most).await, 200, "ok");
    expect(&server.get(&sid).await, 200, &most);
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn what_cannot_be_read_ends_the_session() {
    for (head, body) in [
        ("", "4a\u{1e}abc"),
        ("", "4a\u{1e}b!!!"),
        ("", "4a\u{1e}bA"),
        ("", "4a\u{1e}2"),
        ("", "4a\u{1e}0{}"),
        ("", "4a\u{1e}"),
    ] {
        let server = Server::start(GatewaySettings::default()).await;
        let sid = server.polling().await;
        let query = format!("EIO=4&transport=polling&sid={sid}");
        let refused = server.ask("POST", &query, head, body).await;
        assert!([200, 400].contains(&refused.status), "{body:?} {refused:?}");
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
async fn what_waits_is_bounded_and_comes_in_portions() {
    let engine = crate::wire::engineio::Settings {
        payload_max_bytes: 2000,
        ..crate::wire::engineio::Settings::default()
    };
    let settings =
        GatewaySettings { engine, outbox_max_bytes: 100_000, ..GatewaySettings::default() };
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
    let mut pushed = 0;
    while server.record.publish(&text(0)) == Pushed::Ok {
        pushed += 1;
        assert!(pushed < 1000, "the budget ends it");
    }
    assert_eq!(server.record.shows(|noted| noted.byes.first().copied()).await, Closing::Slow);
    expect(&server.get(&sid).await, 200, "1");
    assert_eq!(server.record.ended().await, Closed::ByUs);
    server.over().await;
}

#[tokio::test]
async fn a_session_that_nobody_polls_ends() {
    let engine = crate::wire::engineio::Settings {
        ping_interval_ms: 100,
        ping_timeout_ms: 100,
        ..crate::wire::engineio::Settings::default()
    };
    let server = Server::start(GatewaySettings { engine, ..GatewaySettings::default() }).await;
    let sid = server.polling().await;
    assert_eq!(server.record.ended().await, Closed::PingTimeout);
    assert_eq!(server.get(&sid).await.status, 400);
    server.over().await;
}

#[tokio::test]
async fn a_busy_upper_holds_the_post_and_not_the_polls() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    server.record.with(|noted| noted.deaf = true);
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let post = server.begin("POST", &query, "", "4a\u{1e}4b").await;
    server.record.publish("meanwhile");
    expect(&server.get(&sid).await, 200, "4meanwhile");
    assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
    server.record.with(|noted| noted.deaf = false);
    expect(&answer(post).await, 200, "ok");
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["a", "b"]);
    expect(&server.get(&sid).await, 200, "4a\u{1e}4b");
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn draining_tells_waiting_polls() {
    let settings = GatewaySettings { close_wait_ms: 100, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let (waits, silent) = (server.polling().await, server.polling().await);
    let waiting = server.begin_get(&waits).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.common.registry.drain();
    let told = answer(waiting).await;
    assert!(told.body == "1" || told.status == 400, "{told:?}");
    assert_eq!(
        server.record.shows(|n| (n.ends.len() == 2).then(|| n.byes.clone())).await,
        [Closing::Draining, Closing::Draining]
    );
    assert_eq!(server.get(&silent).await.status, 400);
    assert_eq!(server.ask("GET", "EIO=4&transport=polling", "", "").await.status, 503);
    server.over().await;
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
