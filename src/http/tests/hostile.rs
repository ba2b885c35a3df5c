//! Connections that do not behave: slow, oversized, smuggling, broken.

use std::time::Duration;

use super::{HELLO, HttpSettings, NEW, World, long_message};

const SOON: Duration = Duration::from_millis(1500);

fn impatient() -> HttpSettings {
    HttpSettings {
        head_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_secs(20),
        body_timeout: Duration::from_millis(300),
        body_max_bytes: 10_000,
        ..HttpSettings::default()
    }
}

#[tokio::test]
async fn slow_heads_are_cut_off() {
    let world = World::open(impatient()).await;
    let mut silent = world.connect().await;
    let mut slow = world.connect().await;
    slow.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n").await;
    assert!(slow.is_closed_within(SOON).await && silent.is_closed_within(SOON).await);

    // The second head of a connection, one byte at a time.
    let mut dripping = world.connect().await;
    dripping.send("GET /healthz", "").await;
    assert_eq!(dripping.answer(false).await.expect("an answer").status, 200);
    tokio::time::sleep(Duration::from_millis(400)).await;
    for _ in 0..20 {
        if dripping.is_closed_within(Duration::from_millis(100)).await {
            return;
        }
        let _ = tokio::io::AsyncWriteExt::write_all(&mut dripping.stream, b"G").await;
    }
    panic!("a head may drip for two seconds");
}

#[tokio::test]
async fn slow_bodies_are_told_so() {
    let world = World::open(impatient()).await;
    let mut client = world.connect().await;
    let head = format!(
        "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\nContent-Length: 100\r\n\r\n{{",
        world.key
    );
    client.raw(head.as_bytes()).await;
    let answer = client.answer(false).await.expect("an answer");
    assert_eq!(answer.verdict(), "408 timeout");
    assert!(client.is_closed_within(SOON).await);
    assert!(world.chat.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn oversized_bodies_get_to_read_why() {
    let world = World::open(impatient()).await;
    let body = "x".repeat(50_000);
    assert_eq!(world.post(NEW, &body).await.verdict(), "413 too_large");
    let mut client = world.connect().await;
    let head = format!(
        "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        world.key
    );
    client.raw(head.as_bytes()).await;
    for _ in 0..20 {
        client.raw(format!("3e8\r\n{}\r\n", "x".repeat(1000)).as_bytes()).await;
    }
    client.raw(b"0\r\n\r\n").await;
    assert_eq!(client.answer(false).await.expect("an answer").verdict(), "413 too_large");
    let huge = format!(
        "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\nContent-Length: 99999999999\r\n\r\n",
        world.key
    );
    let mut client = world.connect().await;
    client.raw(huge.as_bytes()).await;
    assert_eq!(client.answer(false).await.expect("an answer").verdict(), "413 too_large");
    assert!(client.is_closed_within(SOON).await);
}

/// Sends a request as it is, followed by a second one that must never be answered on its own.
async fn only_one_answer(world: &World, request: &str) -> Option<u16> {
    let mut client = world.connect().await;
    client.raw(request.as_bytes()).await;
    let first = client.answer(false).await.map(|answer| answer.status);
    let second = client.answer(false).await;
    assert!(second.is_none(), "{request:?} was answered twice: {second:?}");
    first
}

#[tokio::test]
async fn nothing_can_be_smuggled() {
    let world = World::open(HttpSettings::default()).await;
    let key = format!("Host: x\r\nX-API-Key: {}", world.key);
    let inner = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = HELLO.len();
    let chunked = format!("{length:x}\r\n{HELLO}\r\n0\r\n\r\n");
    // Both lengths, in both orders: what follows is never taken for a request.
    for lengths in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\nConnection: keep-alive",
    ] {
        let request = format!("POST {NEW} HTTP/1.1\r\n{key}\r\n{lengths}\r\n\r\n{chunked}{inner}");
        only_one_answer(&world, &request).await;
    }
    for lengths in [
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 4, 5",
        "Content-Length: +4",
        "Content-Length: -1",
        "Content-Length: 0x4",
        "Content-Length: 4 4",
        "Content-Length: 99999999999999999999999",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\r\n chunked",
        " Transfer-Encoding: chunked",
    ] {
        let request = format!("POST {NEW} HTTP/1.1\r\n{key}\r\n{lengths}\r\n\r\n{chunked}{inner}");
        let status = only_one_answer(&world, &request).await;
        assert!(matches!(status, None | Some(400)), "{lengths}: {status:?}");
    }
    for chunks in
        ["zz\r\n{}\r\n0\r\n\r\n", "-1\r\n", "ffffffffffffffffff\r\n{}", "2\r\n{}XX0\r\n\r\n"]
    {
        let request = format!(
            "POST {NEW} HTTP/1.1\r\n{key}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{inner}"
        );
        let status = only_one_answer(&world, &request).await;
        assert!(matches!(status, None | Some(400 | 422)), "{chunks}: {status:?}");
    }
}

#[tokio::test]
async fn broken_requests_end_the_connection() {
    let world = World::open(HttpSettings::default()).await;
    let many = "X: y\r\n".repeat(101);
    let wide = format!("X: {}\r\n", "y".repeat(20_000));
    for (request, statuses) in [
        ("\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n".to_owned(), &[400][..]),
        ("GET\r\n\r\n".to_owned(), &[400]),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), &[400, 505]),
        ("GET /a b HTTP/1.1\r\n\r\n".to_owned(), &[400]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[400]),
        (format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"), &[400, 431]),
        (format!("GET / HTTP/1.1\r\nHost: x\r\n{wide}\r\n"), &[400, 431]),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "y".repeat(20_000)), &[400, 414, 431]),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n".to_owned(), &[400]),
    ] {
        let mut client = world.connect().await;
        let _ = tokio::io::AsyncWriteExt::write_all(&mut client.stream, request.as_bytes()).await;
        let status = client.answer(false).await.map(|answer| answer.status);
        let shown: String = request.chars().take(60).collect();
        assert!(status.is_none_or(|s| statuses.contains(&s)), "{shown:?}: {status:?}");
        assert!(client.is_closed_within(SOON).await, "{shown:?}");
    }
}

#[tokio::test]
async fn one_host_is_needed() {
    let world = World::open(HttpSettings::default()).await;
    for (request, status) in [
        ("GET /healthz HTTP/1.1\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET http://chat.example/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        ("GET /healthz HTTP/1.0\r\n\r\n", 200),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204),
        ("CONNECT chat.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    ] {
        let mut client = world.connect().await;
        client.raw(request.as_bytes()).await;
        let answer = client.answer(false).await.expect(request);
        assert_eq!(answer.status, status, "{request:?}");
    }
}

#[tokio::test]
async fn clients_that_break_off_change_nothing() {
    let world = World::open(HttpSettings::default()).await;
    for cut in [10, 60, 150] {
        let mut client = world.connect().await;
        let head = format!(
            "POST {NEW} HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\nContent-Length: {}\r\n\r\n{HELLO}",
            world.key,
            HELLO.len()
        );
        client.raw(&head.as_bytes()[..cut]).await;
    }
    only_the_listener_is_left(&world).await;
    assert!(world.chat.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn clients_that_do_not_read_are_given_up() {
    let settings =
        HttpSettings { stall_timeout: Duration::from_millis(500), ..HttpSettings::default() };
    let world = World::open(settings).await;
    *world.chat.page.lock().unwrap() = vec![long_message(); 200];
    let mut client = world.connect().await;
    let head = format!("GET /api/sms/rooms/r/messages\r\nX-API-Key: {}", world.key);
    client.send(&head, "").await;
    only_the_listener_is_left(&world).await;
}

async fn only_the_listener_is_left(world: &World) {
    let ended = async {
        while world.tasks.running() > 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // A connection may not have been accepted yet.
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("connections end");
}
