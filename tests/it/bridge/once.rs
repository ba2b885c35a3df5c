//! Repeats: the same `uuid` is answered again and does nothing again, also after a restart and when
//! many arrive at once.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Request, Server, Setup, Token, shared};

#[track_caller]
fn seq(server: &Server, route: &str, body: &Value) -> u64 {
    let reply = server.post(route, body);
    assert_eq!(reply.status, 200, "{route} {body}: {}", reply.text());
    reply.json()["seq"].as_u64().expect("a seq")
}

fn message(room: &str, uuid: &str, text: &str) -> Value {
    json!({"room": room, "uuid": uuid, "message": {"id": 1, "text": text}})
}

#[test]
fn a_repeat_answers_the_first_answer_and_sends_nothing() {
    let room = "once";
    let mut live = Live::join(shared(), Flavour::Json, &Token::new("o", &[room]).text());
    live.ok(json!({"op": "subscribe", "conversation": room}));
    let first = shared().post("new-message", &message(room, "o-1", "first")).json();
    let again = shared().post("new-message", &message(room, "o-1", "another text")).json();
    for name in ["success", "uuid", "room", "seq"] {
        assert_eq!(first[name], again[name], "{again}");
    }
    let keys = |json: &Value| -> Vec<String> {
        json.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(&first), keys(&again), "the same shape");
    assert_eq!(live.frame()["data"]["text"], json!("first"));
    live.is_silent_for(300);
    let history = shared().history(room);
    assert_eq!((history.len(), &history[0]["message"]["text"]), (1, &json!("first")));
}

#[test]
fn a_key_belongs_to_its_room_and_verb() {
    let one = seq(shared(), "new-message", &message("once-a", "k", "a"));
    assert_eq!(seq(shared(), "new-message", &message("once-b", "k", "b")), 1);
    let mut edit = message("once-a", "k", "a2");
    edit["messageId"] = json!(1);
    assert_eq!(seq(shared(), "edit-message", &edit), one + 1, "another verb is another request");
    assert_eq!(seq(shared(), "edit-message", &edit), one + 1);
    assert_eq!(seq(shared(), "new-message", &message("once-a", "k", "a")), one);
}

#[test]
fn many_at_once_are_one() {
    let barrier = Barrier::new(16);
    let answers: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|n| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let body = message("once-race", "same", &format!("from {n}"));
                    barrier.wait();
                    seq(shared(), "new-message", &body)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    assert_eq!(answers, vec![1; 16]);
    assert_eq!(shared().history("once-race").len(), 1);
}

#[test]
fn repeats_are_known_after_restart_and_crash() {
    let mut server = Setup::bare().start();
    let bodies = [
        ("new-message", message("r", "u-1", "a")),
        ("status-update", json!({"room": "r", "uuid": "u-2", "messageId": 1, "status": "read"})),
        ("delete-message", json!({"room": "r", "uuid": "u-3", "messageId": 1})),
    ];
    let first: Vec<u64> = bodies.iter().map(|(route, body)| seq(&server, route, body)).collect();
    assert_eq!(first, [1, 2, 3]);
    for crash in [false, true] {
        if crash {
            server.kill();
        } else {
            server.terminate();
        }
        server.start();
        let again: Vec<u64> =
            bodies.iter().map(|(route, body)| seq(&server, route, body)).collect();
        assert_eq!(again, first);
    }
    assert_eq!(server.say("r", "next"), 4);
}

#[test]
fn the_window_ends() {
    let server = Setup::bare().env("PARLOUR_SMS__REPEAT_WINDOW_S", "60").start();
    assert_eq!(seq(&server, "new-message", &message("w", "k", "a")), 1);
    assert_eq!(seq(&server, "new-message", &message("w", "k", "a")), 1);
    crate::harness::pause_ms(60_500);
    assert_eq!(seq(&server, "new-message", &message("w", "k", "a")), 2);
}

#[test]
fn different_services_share_the_room() {
    let server = Setup::bare().start();
    let other = server.run(&["key", "create", "--name", "other", "--format", "json"]).json();
    let other = other["key"].as_str().expect("a key");
    assert_eq!(seq(&server, "new-message", &message("s", "k", "a")), 1);
    let request = Request::post("/api/sms/new-message", &message("s", "k2", "b")).key(other);
    assert_eq!(server.ask(&request).json()["seq"], json!(2));
}
