//! Clients that read slowly, ask too much, or come in crowds: bounded memory, no loss, and the others
//! are served.

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Patience, Request, Said, Server, Setup, Token, eventually};

fn seqs(events: &[Value]) -> Vec<u64> {
    events.iter().filter_map(|event| event["seq"].as_u64()).collect()
}

/// User memory of a process in KiB (`VmRSS` of proc(5)).
fn memory_kib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

fn fill(server: &Server, room: &str, batches: usize, text: &str) {
    let items: Vec<Value> = (0..100)
        .map(|_| json!({"type": "new-message", "room": room, "message": {"text": text}}))
        .collect();
    for _ in 0..batches {
        let reply = server.post("batch", &json!({"items": items}));
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}

#[test]
fn a_reader_that_stops_is_closed_resumably_and_catches_up() {
    let server = Setup::bare().env("PARLOUR_LIMITS__OUTBOX_MAX_BYTES", "100000").start();
    let token = Token::new("slow", &["busy"]).text();
    let mut slow = Live::join(&server, Flavour::Json, &token);
    let mut quick = Live::join(&server, Flavour::Json, &token);
    for live in [&mut slow, &mut quick] {
        live.ok(json!({"op": "subscribe", "conversation": "busy"}));
    }
    let text = "x".repeat(15_000);
    let mut total = 0;
    // The kernel takes some megabytes on its own before the server's queue begins to fill.
    loop {
        let body = json!({"room": "busy", "message": {"text": text}});
        let reply = server.post("new-message", &body).json();
        total += 1;
        assert_eq!(quick.events(1, 30)[0]["seq"], json!(total), "the quick one is not held up");
        if reply["delivered"] == json!(1) {
            break;
        }
        assert!(total < 4000, "the slow one is never given up");
    }
    let (frames, code) = slow.end(60);
    assert_eq!(code, Some(4008), "closed as a slow consumer");
    let bye = frames.iter().find(|frame| frame["type"] == "bye");
    assert_eq!(bye.map(|bye| &bye["reason"]), Some(&json!("slow")));
    let seen = seqs(&frames);
    let count = seen.len() as u64;
    assert_eq!(seen, (1..=count).collect::<Vec<u64>>(), "no gap before the end");
    assert!(count < total, "it was cut off");
    let mut again = Live::open(&server, Flavour::Json);
    let resume = json!({"epoch": again.welcome["epoch"], "conversations": {"busy": count}});
    again.ok(json!({"op": "hello", "token": token, "resume": resume}));
    let missed: Vec<u64> = (count + 1..=total).collect();
    assert_eq!(seqs(&again.events(missed.len(), 60)), missed);
}

#[test]
fn stopped_readers_cost_bounded_memory() {
    let server = Setup::bare().env("PARLOUR_LIMITS__OUTBOX_MAX_BYTES", "100000").start();
    let token = Token::new("slow", &["busy"]).text();
    let mut stopped: Vec<Live> = (0..50)
        .map(|_| {
            let mut live = Live::join(&server, Flavour::Json, &token);
            live.ok(json!({"op": "subscribe", "conversation": "busy"}));
            live
        })
        .collect();
    let before = memory_kib(&server);
    fill(&server, "busy", 20, &"x".repeat(8000));
    let after = memory_kib(&server);
    // 50 queues of 100 KB are 5 MB; 50 copies of 16 MB would be 800 MB.
    assert!(after < before + 150_000, "{before} KiB -> {after} KiB");
    stopped.iter_mut().for_each(Live::close);
}

#[test]
fn a_flood_of_operations_is_answered_or_refused_in_order() {
    let server = Setup::bare().start();
    let token = Token::new("flood", &["f"]).text();
    let mut live = Live::join(&server, Flavour::Json, &token);
    for id in 1..=2000u64 {
        live.send(&json!({"op": "send", "id": id, "conversation": "f", "text": format!("{id}")}));
    }
    let patience = Patience::seconds(120);
    let mut next = 1;
    let mut accepted = 0;
    while next <= 2000u64 {
        let Said::Frame(frame) = live.said(patience) else { panic!("ended at {next}") };
        assert_eq!(frame["id"], json!(next), "answers come in order: {frame}");
        accepted += u64::from(frame["type"] == "ok");
        let refused = ["rate_limited", "busy"].iter().any(|code| frame["code"] == *code);
        assert!(frame["type"] == "ok" || refused && !frame["retry_after"].is_null(), "{frame}");
        next += 1;
    }
    assert_eq!(server.history_last("f"), accepted);
}

#[test]
fn many_connections_come_and_go() {
    let server = Setup::bare().start();
    let token = Token::new("crowd", &["c"]).text();
    let fds = || std::fs::read_dir(format!("/proc/{}/fd", server.pid())).map_or(0, Iterator::count);
    let before = fds();
    for _ in 0..4 {
        let mut crowd: Vec<Live> = (0..100)
            .map(|_| {
                let mut live = Live::join(&server, Flavour::Msgpack, &token);
                live.ok(json!({"op": "subscribe", "conversation": "c"}));
                live
            })
            .collect();
        let seq = server.say("c", "to all");
        for live in &mut crowd {
            assert_eq!(live.events(1, 30)[0]["seq"], json!(seq));
        }
    }
    eventually("the connections of those who left are closed", 30, || {
        (fds() <= before + 5).then_some(())
    });
}

#[test]
fn the_cap_on_connections_turns_away() {
    let server = Setup::bare().env("PARLOUR_LIMITS__CONNECTIONS_MAX", "20").start();
    let kept: Vec<_> = (0..40)
        .filter_map(|_| Live::try_open(server.address(), Flavour::Json, "/ws").ok())
        .collect();
    assert!((1..=20).contains(&kept.len()), "{} let in", kept.len());
    drop(kept);
    eventually("room for one more", 20, || {
        Live::try_open(server.address(), Flavour::Json, "/ws").ok()
    });
    assert_eq!(server.ask(&Request::get("/healthz")).status, 200);
}

#[test]
fn idle_connections_are_pinged_and_dead_ones_dropped() {
    let server = Setup::bare().start();
    let token = Token::new("idle", &["i"]).text();
    let fds = || std::fs::read_dir(format!("/proc/{}/fd", server.pid())).map_or(0, Iterator::count);
    let mut alive = Live::join(&server, Flavour::Json, &token);
    let before = fds();
    let dead = Live::join(&server, Flavour::Json, &token);
    assert!(fds() > before);
    // tungstenite answers pings whenever it is read from, so the one that is read stays.
    eventually("the one that answers no ping is given up", 110, || {
        assert_eq!(alive.said(Patience::seconds(1)), Said::Silence);
        (fds() <= before).then_some(())
    });
    assert_eq!(alive.ask(json!({"op": "ping"}))["type"], json!("pong"));
    drop(dead);
}
