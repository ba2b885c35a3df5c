//! Signals: an orderly end that loses nothing, and reloading without one.

use rustix::process::Signal;
use serde_json::json;

use crate::harness::{
    Flavour, Http, Live, Request, Server, Setup, Token, eventually, pause_ms, time::now,
};

fn client(server: &Server, flavour: Flavour) -> Live {
    let mut live = Live::join(server, flavour, &Token::new("s", &["r"]).text());
    live.ok(json!({"op": "subscribe", "conversation": "r"}));
    live
}

#[test]
fn terminating_drains() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = Setup::bare().start();
        let mut clients = Flavour::ALL.map(|flavour| client(&server, flavour));
        let body = json!({"room": "r", "message": {"text": "in flight"}}).to_string();
        let head = format!(
            "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            server.key(),
            body.len()
        );
        let mut in_flight = Http::connect(server.address());
        in_flight.write((head + &body[..10]).as_bytes()).expect("half a request");
        let mut idle = Http::connect(server.address());
        assert_eq!(idle.send(&Request::get("/healthz")).status, 200);
        pause_ms(100);
        let start = now();
        server.signal(signal);
        pause_ms(200);
        in_flight.write(&body.as_bytes()[10..]).expect("the other half");
        let reply = in_flight.read_reply(false).expect("an answer while draining");
        assert_eq!(reply.status, 200, "{}", reply.text());
        for live in &mut clients {
            let (frames, code) = live.end(15);
            assert_eq!(code, Some(4100), "{frames:?}");
            let bye = frames.iter().find(|frame| frame["type"] == "bye").expect("a bye");
            assert_eq!(bye["reason"], json!("draining"));
        }
        let status = server.await_end(15);
        assert_eq!(status.code(), Some(0), "{}", server.log());
        assert!(start.elapsed().as_secs() < 10, "within the grace");
        server.start();
        assert_eq!(server.history("r").len(), 1, "what was answered is there");
    }
}

#[test]
fn nobody_new_is_let_in_while_draining() {
    let mut server = Setup::bare().start();
    let mut in_flight = Http::connect(server.address());
    let head = "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n{";
    in_flight.write(head.as_bytes()).expect("half a request");
    pause_ms(100);
    server.signal(Signal::TERM);
    let address = server.address();
    eventually("the door is closed", 5, || {
        let asked =
            Http::try_connect(address).and_then(|mut http| http.try_send(&Request::get("/readyz")));
        (!asked.is_ok_and(|reply| reply.status == 200)).then_some(())
    });
    drop(in_flight);
    assert_eq!(server.await_end(20).code(), Some(0));
}

#[test]
fn those_who_do_not_go_are_left_behind_at_the_end_of_the_grace() {
    let mut server = Setup::bare().env("PARLOUR_SHUTDOWN_GRACE_S", "1").start();
    let mut stuck = Http::connect(server.address());
    let head = format!(
        "POST /api/sms/new-message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         authorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{",
        server.key()
    );
    stuck.write(head.as_bytes()).expect("half a request");
    let deaf = client(&server, Flavour::Json);
    pause_ms(100);
    let start = now();
    server.signal(Signal::TERM);
    assert_eq!(server.await_end(15).code(), Some(0), "{}", server.log());
    assert!(start.elapsed().as_secs() < 5);
    drop(deaf);
}

#[test]
fn a_second_signal_ends_it_at_once_and_loses_nothing() {
    let mut server = Setup::bare().env("PARLOUR_SHUTDOWN_GRACE_S", "60").start();
    assert_eq!(server.say("r", "kept"), 1);
    let mut stuck = Http::connect(server.address());
    stuck.write(b"GET /healthz HTTP/1.1\r\n").expect("half a head");
    let _deaf = client(&server, Flavour::Json);
    server.signal(Signal::TERM);
    pause_ms(300);
    if server.ended().is_none() {
        server.signal(Signal::TERM);
    }
    server.await_end(20);
    server.start();
    assert_eq!(server.history("r").len(), 1);
}

#[test]
fn reloading_takes_the_new_policy_and_keeps_the_clients() {
    let server = Setup::moderated().config("[moderation.room]\nphone = \"annotate\"\n").start();
    let mut live = client(&server, Flavour::Json);
    let text = "call +7 916 123-45-67";
    server.say("r", text);
    assert_eq!(live.frame()["data"]["text"], json!(text));
    let path = server.setup().place().join("parlour.toml");
    std::fs::write(&path, "[moderation.room]\nphone = \"mask\"\n").expect("a configuration");
    server.signal(Signal::HUP);
    eventually("the new policy is in effect", 10, || {
        server.say("r", text);
        (live.frame()["data"]["text"] == json!("call ***")).then_some(())
    });
    std::fs::write(&path, "[moderation.room]\nphone = \"nonsense\"\n").expect("a configuration");
    server.signal(Signal::HUP);
    eventually("the mistake is logged", 10, || server.log().contains("nonsense").then_some(()));
    server.say("r", text);
    assert_eq!(live.frame()["data"]["text"], json!("call ***"), "the old one stays");
    assert_eq!(live.ask(json!({"op": "ping"}))["type"], json!("pong"));
}
