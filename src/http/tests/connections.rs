//! Connections that behave: kept open, pipelined, chunked, expected, drained.

use std::time::Duration;

use super::{HELLO, HttpSettings, NEW, World};

const SOON: Duration = Duration::from_millis(500);

#[tokio::test]
async fn connections_are_kept_and_requests_may_be_pipelined() {
    let world = World::open(HttpSettings::default()).await;
    let mut client = world.connect().await;
    let head = format!("POST {NEW}\r\nX-API-Key: {}", world.key);
    for seq in 1..=3 {
        client.send(&head, HELLO).await;
        let answer = client.answer(false).await.expect("an answer");
        assert!(answer.body.contains(&format!("\"seq\":{seq},")), "{answer:?}");
    }
    for _ in 0..3 {
        client.send(&head, HELLO).await;
    }
    client.send("GET /healthz", "").await;
    for seq in 4..=6 {
        let answer = client.answer(false).await.expect("an answer");
        assert!(answer.body.contains(&format!("\"seq\":{seq},")), "{answer:?}");
    }
    assert_eq!(client.answer(false).await.expect("an answer").body, r#"{"status":"ok"}"#);
    client.raw(b"GET /healthz HTTP/1.0\r\n\r\n").await;
    assert_eq!(client.answer(false).await.expect("an answer").status, 200);
    assert!(client.is_closed_within(SOON).await);
}

#[tokio::test]
async fn refusals_keep_the_connection() {
    let world = World::open(HttpSettings::default()).await;
    let mut client = world.connect().await;
    for head in [format!("POST {NEW}"), "POST /nowhere".to_owned(), "DELETE /".to_owned()] {
        client.send(&head, HELLO).await;
        let answer = client.answer(false).await.expect("an answer");
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
    client.send(&format!("POST {NEW}\r\nX-API-Key: {}", world.key), HELLO).await;
    assert_eq!(client.answer(false).await.expect("an answer").status, 200);
}

#[tokio::test]
async fn bodies_may_come_in_chunks() {
    let world = World::open(HttpSettings::default()).await;
    let mut client = world.connect().await;
    let head = format!(
        "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        world.key
    );
    client.raw(head.as_bytes()).await;
    for chunk in HELLO.as_bytes().chunks(7) {
        let chunk = String::from_utf8_lossy(chunk).into_owned();
        client.raw(format!("{:x};x=y\r\n{chunk}\r\n", chunk.len()).as_bytes()).await;
        tokio::task::yield_now().await;
    }
    client.raw(b"0\r\nX-Trailer: a\r\n\r\n").await;
    let answer = client.answer(false).await.expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{answer:?}");
    assert!(client.is_closed_within(SOON).await);
}

#[tokio::test]
async fn expected_bodies_are_invited_only_when_wanted() {
    let world = World::open(HttpSettings { body_max_bytes: 1000, ..HttpSettings::default() }).await;
    let mut client = world.connect().await;
    let (key, length) = (&world.key, HELLO.len());
    let head = format!(
        "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    );
    client.raw(head.as_bytes()).await;
    assert_eq!(client.answer(false).await.expect("an invitation").status, 100);
    client.raw(HELLO.as_bytes()).await;
    assert_eq!(client.answer(false).await.expect("an answer").status, 200);

    for (key, length, status) in [("x", "10", 401), (key.as_str(), "1001", 413)] {
        let mut client = world.connect().await;
        let head = format!(
            "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        );
        client.raw(head.as_bytes()).await;
        assert_eq!(client.answer(false).await.expect("an answer").status, status);
        assert!(client.is_closed_within(SOON).await);
    }
}

#[tokio::test]
async fn draining_finishes_what_was_begun() {
    let world = World::open(HttpSettings::default()).await;
    *world.chat.delay.lock().unwrap() = Duration::from_millis(300);
    let (mut idle, mut busy) = (world.connect().await, world.connect().await);
    idle.send("GET /healthz", "").await;
    assert_eq!(idle.answer(false).await.expect("an answer").status, 200);
    busy.send(&format!("POST {NEW}\r\nX-API-Key: {}", world.key), HELLO).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.drain.begin();
    assert!(idle.is_closed_within(SOON).await);
    let answer = busy.answer(false).await.expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(busy.is_closed_within(SOON).await);
    assert_eq!(world.tasks.ended(Duration::from_secs(5)).await, 0);
    assert!(tokio::net::TcpStream::connect(world.address).await.is_err());
}

#[tokio::test]
async fn idle_connections_outlive_the_time_for_a_head() {
    let settings = HttpSettings {
        head_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_secs(3),
        ..HttpSettings::default()
    };
    let world = World::open(settings).await;
    let mut client = world.connect().await;
    client.send("GET /healthz", "").await;
    assert_eq!(client.answer(false).await.expect("an answer").status, 200);
    tokio::time::sleep(Duration::from_millis(900)).await;
    client.send("GET /healthz", "").await;
    assert_eq!(client.answer(false).await.expect("still open").status, 200);
    assert!(client.is_closed_within(Duration::from_secs(5)).await);
}

#[tokio::test]
async fn too_many_connections_are_turned_away() {
    let world = World::open(HttpSettings { connections_max: 2, ..HttpSettings::default() }).await;
    let (mut first, mut second) = (world.connect().await, world.connect().await);
    for client in [&mut first, &mut second] {
        client.send("GET /healthz", "").await;
        assert_eq!(client.answer(false).await.expect("an answer").status, 200);
    }
    let mut third = world.connect().await;
    assert_eq!(third.answer(false).await.expect("an answer").status, 503);
    assert!(third.is_closed_within(SOON).await);
    drop(first);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut fourth = world.connect().await;
    fourth.send("GET /healthz", "").await;
    assert_eq!(fourth.answer(false).await.expect("an answer").status, 200);
}
