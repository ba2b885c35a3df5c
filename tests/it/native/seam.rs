//! Missed events and live ones: no gap, no double, in order, whatever happens at the seam.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::harness::{Flavour, Http, Live, Request, Server, Setup, Token, pause_ms, shared};

fn seqs(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["seq"].as_u64().expect("a seq")).collect()
}

/// Posts into `room` from `writers` connections until told to stop; how many were acknowledged.
fn post_until(server: &Server, room: &str, writers: u64, stop: &AtomicBool) -> u64 {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers)
            .map(|writer| {
                scope.spawn(move || {
                    let mut http = Http::connect(server.address());
                    let mut count = 0;
                    while !stop.load(Ordering::Relaxed) {
                        let text = format!("{writer}:{count}");
                        let body = json!({"room": room, "message": {"text": text}});
                        let request = Request::post("/api/sms/new-message", &body);
                        assert_eq!(http.send(&request.key(server.key())).status, 200);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a writer")).sum()
    })
}

#[test]
fn subscribing_amid_a_flood_has_no_gap_and_no_double() {
    let server = shared();
    let room = "seam-flood";
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers = scope.spawn(|| post_until(server, room, 3, &stop));
        let token = Token::new("s", &[room]).text();
        for round in 0..12u64 {
            let flavour = Flavour::ALL[(round % 2) as usize];
            let mut live = Live::join(server, flavour, &token);
            let after = server.history_last(room).saturating_sub(round * 7);
            let op = json!({"op": "subscribe", "conversation": room, "after": after});
            let last = live.ok(op)["seq"].as_u64().expect("a seq");
            assert!(last >= after, "round {round}: {last} < {after}");
            let expected: Vec<u64> = (after + 1..=last + 20).collect();
            assert_eq!(seqs(&live.events(expected.len(), 60)), expected, "round {round}");
        }
        stop.store(true, Ordering::Relaxed);
        let written = writers.join().expect("the writers");
        assert_eq!(server.history_last(room), written);
    });
}

#[test]
fn subscribing_without_after_is_live_only() {
    let room = "seam-live";
    shared().say(room, "before");
    let mut live = Live::join(shared(), Flavour::Json, &Token::new("s", &[room]).text());
    assert_eq!(live.ok(json!({"op": "subscribe", "conversation": room}))["seq"], json!(1));
    shared().say(room, "after");
    assert_eq!(live.frame()["seq"], json!(2));
}

#[test]
fn missed_events_carry_what_messages_are_now() {
    let room = "seam-now";
    shared().post("new-message", &json!({"room": room, "message": {"id": 1, "text": "secret"}}));
    shared().post("new-message", &json!({"room": room, "message": {"id": 2, "text": "gone"}}));
    let edit = json!({"room": room, "messageId": 1, "message": {"id": 1, "text": "public"}});
    shared().post("edit-message", &edit);
    shared().post("delete-message", &json!({"room": room, "messageId": 2}));
    let mut live = Live::join(shared(), Flavour::Json, &Token::new("s", &[room]).text());
    live.ok(json!({"op": "subscribe", "conversation": room, "after": 0}));
    let events = live.events(4, 10);
    assert_eq!(seqs(&events), [1, 2, 3, 4]);
    let text = Value::from(events).to_string();
    assert!(!text.contains("secret") && !text.contains("gone"), "{text}");
    assert!(text.contains("public"), "{text}");
}

#[test]
fn a_long_absence_is_caught_up_in_full() {
    let room = "seam-long";
    for start in 0..6 {
        let items: Vec<Value> = (0..100)
            .map(|n| {
                json!({"type": "new-message", "room": room,
                "message": {"text": format!("{}", start * 100 + n)}})
            })
            .collect();
        assert_eq!(shared().post("batch", &json!({"items": items})).status, 200);
    }
    let mut live = Live::join(shared(), Flavour::Msgpack, &Token::new("s", &[room]).text());
    let answer = live.ok(json!({"op": "subscribe", "conversation": room, "after": 3}));
    assert_eq!(answer["seq"], json!(600), "ok comes before what was missed");
    assert_eq!(seqs(&live.events(597, 60)), (4..=600).collect::<Vec<u64>>());
}

#[test]
fn resuming_with_the_epoch_continues_every_conversation() {
    let rooms = ["res-a", "res-b", "res-c"];
    let token = Token::new("r", &rooms).text();
    for room in rooms {
        for n in 0..5 {
            shared().say(room, &format!("{n}"));
        }
    }
    for flavour in Flavour::ALL {
        let mut live = Live::open(shared(), flavour);
        let epoch = live.welcome["epoch"].clone();
        let last = shared().history_last("res-b");
        let resume = json!({"epoch": epoch, "conversations": {"res-a": 2, "res-b": last}});
        let answer = live.ok(json!({"op": "hello", "token": token, "resume": resume}));
        assert!(!answer["resumed"].is_null(), "{answer}");
        let events = live.events(3, 10);
        assert_eq!(seqs(&events), [3, 4, 5]);
        assert!(events.iter().all(|event| event["conversation"] == "res-a"), "{events:?}");
        let next = shared().say("res-b", "live again");
        let event = live.events(1, 10).remove(0);
        assert_eq!((&event["conversation"], &event["seq"]), (&json!("res-b"), &json!(next)));
        shared().say("res-c", "not resumed");
        live.is_silent_for(200);
    }
}

#[test]
fn what_cannot_be_resumed_is_said() {
    let room = "res-reset";
    shared().say(room, "one");
    let token = Token::new("r", &[room]).text();
    for (epoch, after, reason) in [(Some("00ff00ff00ff00ff"), 0, "epoch"), (None, 999, "range")] {
        let mut live = Live::open(shared(), Flavour::Json);
        let epoch = epoch.map_or_else(|| live.welcome["epoch"].clone(), |epoch| json!(epoch));
        let resume = json!({"epoch": epoch, "conversations": {room: after}});
        live.ok(json!({"op": "hello", "token": token, "resume": resume}));
        let reset = live.frame_of("reset", 10);
        assert_eq!((&reset["reason"], &reset["conversation"]), (&json!(reason), &json!(room)));
    }
    let mut live = Live::join(shared(), Flavour::Json, &token);
    let answer = live.ask(json!({"op": "subscribe", "conversation": room, "after": 999}));
    if answer["type"] == "ok" {
        assert_eq!(live.frame_of("reset", 10)["reason"], json!("range"));
    }
}

#[test]
fn a_resume_cannot_open_a_closed_room() {
    shared().say("res-closed", "one");
    let mut live = Live::open(shared(), Flavour::Json);
    let resume = json!({"epoch": live.welcome["epoch"], "conversations": {"res-closed": 0}});
    let token = Token::new("r", &["other"]).text();
    let answer = live.ask(json!({"op": "hello", "token": token, "resume": resume}));
    assert!(["ok", "error"].contains(&answer["type"].as_str().unwrap_or_default()), "{answer}");
    shared().say("res-closed", "two");
    pause_ms(200);
    live.send(&json!({"op": "ping", "id": "end"}));
    loop {
        let frame = live.frame();
        if frame["type"] == "pong" {
            break;
        }
        assert_ne!(frame["type"], json!("message.created"), "{frame}");
    }
}

#[test]
fn a_restart_keeps_the_epoch_and_the_seam() {
    let mut server = Setup::bare().start();
    let token = Token::new("r", &["r"]).text();
    for n in 0..4 {
        server.say("r", &format!("{n}"));
    }
    let epoch = Live::open(&server, Flavour::Json).welcome["epoch"].clone();
    server.kill();
    server.start();
    let mut live = Live::open(&server, Flavour::Json);
    assert_eq!(live.welcome["epoch"], epoch);
    let resume = json!({"epoch": epoch, "conversations": {"r": 1}});
    live.ok(json!({"op": "hello", "token": token, "resume": resume}));
    assert_eq!(seqs(&live.events(3, 10)), [2, 3, 4]);
}
