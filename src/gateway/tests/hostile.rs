//! What clients do that mean ill or are broken.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use super::{Frame, PATIENCE, Server, connect_narrow, masked};
use crate::{gateway::GatewaySettings, runtime::Clock};

#[tokio::test]
async fn bytes_one_by_one_are_as_good() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.client().await;
    let mut bytes = masked(0x01, br#"{"op":"#);
    bytes.extend(masked(0x89, b"between"));
    bytes.extend(masked(0x80, br#""ping","id":1}"#));
    bytes.extend(masked(0x81, &[b' '; 200]));
    for byte in bytes {
        anna.raw(&[byte]).await;
        anna.stream.flush().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(anna.frame().await.unwrap(), Frame::Pong(b"between".to_vec()));
    assert_eq!(anna.json().await["id"], 1);
    assert_eq!(anna.json().await["code"], "malformed");
}

#[tokio::test]
async fn a_slow_reader_is_closed_resumably() {
    let settings = GatewaySettings {
        outbox_max_bytes: 256 * 1024,
        stall_max_ms: 600_000,
        close_wait_ms: 600_000,
        ..GatewaySettings::default()
    };
    let server = Server::start(settings).await;
    let mut slow = server.client().await;
    slow.send(r#"{"op":"subscribe","id":1,"conversation":"a"}"#).await;
    assert_eq!(slow.json().await["type"], "ok");
    let mut well = server.client().await;
    well.send(r#"{"op":"subscribe","id":1,"conversation":"a"}"#).await;
    assert_eq!(well.json().await["type"], "ok");
    while server.hall.listeners("a") < 2 {
        tokio::task::yield_now().await;
    }
    let text = "x".repeat(8000);
    let mut said = 0;
    while server.hall.say("a", &text) == 2 {
        said += 1;
        assert_eq!(well.json().await["seq"], said);
        assert!(said < 10_000, "the budget ends it");
    }
    // What the kernel holds is still readable, then the goodbye comes, at a frame's border.
    let (before, code) = slow.closed().await;
    assert_eq!(code, 4008);
    let Some(Frame::Text(bye)) = before.last() else { panic!("a goodbye") };
    assert_eq!(bye, r#"{"type":"bye","reason":"slow"}"#);
    assert_eq!(well.json().await["seq"], said + 1, "the others hear everything");
    drop((slow, well));
    server.ended().await;
}

#[tokio::test]
async fn a_peer_that_takes_nothing_is_dropped() {
    let settings = GatewaySettings {
        outbox_max_bytes: 64 << 20,
        stall_max_ms: 200,
        ..GatewaySettings::default()
    };
    let server = Server::start(settings).await;
    let mut dead = connect_narrow(server.address, "/ws?token=anna").await;
    assert_eq!(dead.json().await["type"], "welcome");
    dead.send(r#"{"op":"subscribe","id":1,"conversation":"a"}"#).await;
    assert_eq!(dead.json().await["type"], "ok");
    while server.hall.listeners("a") < 1 {
        tokio::task::yield_now().await;
    }
    let text = "x".repeat(60_000);
    for _ in 0..600 {
        server.hall.say("a", &text);
    }
    server.ended().await;
    drop(dead);
}

#[tokio::test]
async fn announced_megabytes_are_refused_at_once() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut bomb = server.client().await;
    bomb.raw(&[0x81, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4]).await;
    assert_eq!(bomb.closed().await.1, 1009);
    let mut fragments = server.client().await;
    let piece = masked(0x00, &vec![b' '; 30_000]);
    fragments.raw(&masked(0x01, b" ")).await;
    for _ in 0..3 {
        fragments.raw(&piece).await;
    }
    assert_eq!(fragments.closed().await.1, 1009);
    drop((bomb, fragments));
    server.ended().await;
}

#[tokio::test]
async fn violations_close_with_their_code() {
    let server = Server::start(GatewaySettings::default()).await;
    for (bytes, code) in [
        (vec![0x81, 0x01, b'x'], 1002),
        (masked(0xC1, b"x"), 1002),
        (masked(0x83, b"x"), 1002),
        (masked(0x09, b"x"), 1002),
        (masked(0x80, b"x"), 1002),
        (masked(0x81, b"\xff"), 1007),
        (masked(0x82, b"x"), 1003),
        (masked(0x88, b"\x03\xED"), 1002),
    ] {
        let mut client = server.client().await;
        client.raw(&bytes).await;
        assert_eq!(client.closed().await.1, code, "{bytes:x?}");
    }
    let mut client = server.client().await;
    for _ in 0..21 {
        client.send("{").await;
    }
    let (errors, code) = client.closed().await;
    assert_eq!((errors.len(), code), (21, 1008));
}

#[tokio::test]
async fn a_flood_of_pings_costs_little() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut flood = server.client().await;
    let mut pings: Vec<u8> =
        (0..200_000u32).flat_map(|number| masked(0x89, &number.to_be_bytes())).collect();
    pings.extend(masked(0x81, br#"{"op":"ping","id":"end"}"#));
    flood.raw(&pings).await;
    let mut answers = 0;
    loop {
        match flood.frame().await.unwrap() {
            Frame::Pong(payload) if payload.len() == 4 => answers += 1,
            Frame::Text(_) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=200_000).contains(&answers), "{answers}");
}

#[tokio::test]
async fn a_flood_of_questions_without_listening_waits() {
    let settings = GatewaySettings {
        outbox_max_bytes: 32 * 1024,
        stall_max_ms: 600_000,
        operations_burst_max: 1_000_000,
        ..GatewaySettings::default()
    };
    let server = Server::start(settings).await;
    for _ in 0..10 {
        server.hall.say("a", &"x".repeat(2000));
    }
    let mut flood = connect_narrow(server.address, "/ws?token=anna").await;
    assert_eq!(flood.json().await["type"], "welcome");
    let question = masked(0x81, br#"{"op":"history","id":1,"conversation":"a"}"#);
    let questions = question.repeat(400_000);
    // The server stops reading long before it holds all the answers; nothing is lost.
    let (mut reading, mut writing) = flood.stream.split();
    let write = async {
        writing.write_all(&questions).await.unwrap();
        std::future::pending::<()>().await;
    };
    let read = async {
        for _ in 0..4 {
            // Above half of its budget nobody listens to it.
            while server.gateway.queue_bytes() <= 16 * 1024 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            let queued = server.gateway.queue_bytes();
            assert!(queued <= 64 * 1024, "the budget and an answer: {queued}");
            let mut heard = vec![0; 1 << 20];
            tokio::io::AsyncReadExt::read_exact(&mut reading, &mut heard).await.unwrap();
        }
    };
    let both = async {
        tokio::select! {
            () = write => {}
            () = read => {}
        }
    };
    tokio::time::timeout(PATIENCE, both).await.expect("what was asked is answered in time");
    drop(flood);
    server.ended().await;
}

#[tokio::test]
async fn half_open_connections_end() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut half = server.client().await;
    half.raw(&masked(0x81, br#"{"op":"ping"}"#)[..9]).await;
    half.stream.shutdown().await.unwrap();
    half.gone().await;
    let reset = server.client().await;
    reset.stream.set_zero_linger().unwrap();
    drop(reset);
    server.ended().await;
}

#[tokio::test]
async fn a_peer_that_never_closes_is_left() {
    let settings = GatewaySettings { close_wait_ms: 100, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let mut deaf = server.client().await;
    deaf.raw(&masked(0x82, b"x")).await;
    assert_eq!(deaf.closed().await.1, 1003);
    server.ended().await;
}

#[tokio::test]
async fn words_behind_the_handshake_are_heard() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let mut bytes = b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        .to_vec();
    bytes.extend(masked(0x81, br#"{"op":"ping","id":"early"}"#));
    stream.write_all(&bytes).await.unwrap();
    let mut heard = Vec::new();
    let wait = async {
        while !heard.windows(5).any(|at| at == b"early") {
            tokio::io::AsyncReadExt::read_buf(&mut stream, &mut heard).await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}

#[tokio::test]
async fn limits_of_subscriptions_hold() {
    let settings =
        GatewaySettings { subscriptions_per_connection_max: 2, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let mut anna = server.client().await;
    for (name, answer) in [("a", "ok"), ("b", "ok"), ("a", "ok"), ("c", "error")] {
        anna.send(&format!(r#"{{"op":"subscribe","id":1,"conversation":"{name}"}}"#)).await;
        assert_eq!(anna.json().await["type"], answer, "{name}");
    }
    anna.send(
        r#"{"op":"hello","id":2,"resume":{"epoch":"000000000000000e","conversations":{"a":0,"x":0}}}"#,
    )
    .await;
    assert_eq!(anna.json().await["resumed"], serde_json::json!(["a"]));
    assert_eq!(anna.json().await["code"], "too_many_subscriptions");
}

#[tokio::test]
async fn an_unfinished_message_does_not_stay() {
    let settings = GatewaySettings { stall_max_ms: 100, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let mut slow = server.client().await;
    slow.raw(&masked(0x01, b"{")).await;
    assert_eq!(slow.closed().await.1, 1008);
}

#[tokio::test]
async fn operations_have_a_pace() {
    let settings = GatewaySettings {
        operations_per_second_max: 1,
        operations_burst_max: 2,
        ..GatewaySettings::default()
    };
    let (clock, _stands_still) = Clock::manual(1_000_000);
    let server = Server::at(clock, settings).await;
    let mut anna = server.client().await;
    for answer in ["ok", "ok", "error"] {
        anna.send(r#"{"op":"typing","id":1,"conversation":"a"}"#).await;
        assert_eq!(anna.json().await["type"], answer);
    }
    anna.send(r#"{"op":"typing","id":2,"conversation":"a"}"#).await;
    let error = anna.json().await;
    assert_eq!(error["code"], "rate_limited");
    assert!(error["retry_after"].as_f64().is_some_and(|seconds| seconds > 0.0 && seconds <= 1.0));
}

#[tokio::test]
async fn a_frame_beyond_the_budget_still_arrives() {
    let settings = GatewaySettings { outbox_max_bytes: 16_384, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let mut anna = server.client().await;
    server.hall.say("a", &"x".repeat(100_000));
    server.hall.say("a", &"y".repeat(100_000));
    anna.send(r#"{"op":"subscribe","id":1,"conversation":"a","after":0}"#).await;
    assert_eq!(anna.json().await["type"], "ok");
    for seq in 1..=2 {
        assert_eq!(anna.json().await["seq"], seq);
    }
}
