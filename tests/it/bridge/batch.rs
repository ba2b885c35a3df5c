//! Batches: up to a hundred posts, each with its own answer.

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Token, shared};

fn item(kind: &str, room: &str, n: u64) -> Value {
    json!({"type": kind, "room": room, "message": {"id": n, "text": format!("text {n}")},
        "messageId": n, "replyTo": n, "status": "read", "uuid": format!("{room}-{kind}-{n}")})
}

#[track_caller]
fn check_refused(body: &Value, status: u16, code: &str) {
    let reply = shared().post("batch", body);
    assert_eq!((reply.status, reply.code()), (status, code.into()), "{}", reply.text());
}

#[test]
fn each_item_has_its_own_answer_in_order() {
    let room = "batch-mixed";
    let mut live = Live::join(shared(), Flavour::Json, &Token::new("b", &[room]).text());
    live.ok(json!({"op": "subscribe", "conversation": room}));
    let mut wrong = item("new-message", room, 2);
    wrong["message"] = json!("no object");
    let items = json!([
        item("new-message", room, 1),
        wrong,
        item("edit-message", room, 1),
        item("reply-message", room, 1),
        item("update-message", room, 1),
        item("status-update", room, 1),
        item("delete-message", room, 1),
        {"type": "no-such-thing", "room": room},
        {"room": room},
        17,
    ]);
    let reply = shared().post("batch", &json!({"items": items}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let json = reply.json();
    assert_eq!(json["success"], json!(true));
    let results = json["results"].as_array().expect("results");
    let statuses: Vec<u64> = results.iter().filter_map(|r| r["status"].as_u64()).collect();
    assert_eq!(statuses, [200, 422, 200, 200, 200, 200, 200, 422, 422, 400], "{json}");
    let seqs: Vec<u64> = results.iter().filter_map(|r| r["seq"].as_u64()).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6], "{json}");
    assert_eq!(results[1]["error"]["field"], json!("message"), "{json}");
    assert_eq!(results[7]["error"]["field"], json!("type"), "{json}");
    let seen: Vec<u64> = live.events(6, 10).iter().filter_map(|e| e["seq"].as_u64()).collect();
    assert_eq!(seen, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_hundred_pass_and_a_hundred_and_one_do_not() {
    let room = "batch-size";
    let items: Vec<Value> = (1..=101).map(|n| item("new-message", room, n)).collect();
    check_refused(&json!({"items": items}), 422, "invalid_field");
    assert_eq!(shared().history(room).len(), 0, "nothing of it was done");
    let reply = shared().post("batch", &json!({"items": &items[..100]}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let texts: Vec<String> = shared()
        .history(room)
        .iter()
        .map(|m| m["message"]["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    let expected: Vec<String> = (1..=100).map(|n| format!("text {n}")).collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_batch_must_be_one() {
    check_refused(&json!({}), 422, "invalid_field");
    check_refused(&json!({"items": []}), 422, "invalid_field");
    check_refused(&json!({"items": {}}), 422, "invalid_field");
    check_refused(&json!({"items": "new-message"}), 422, "invalid_field");
    check_refused(&json!([]), 400, "malformed");
}

#[test]
fn a_repeated_batch_answers_the_first_seqs() {
    let room = "batch-twice";
    let items: Vec<Value> = (1..=10).map(|n| item("new-message", room, n)).collect();
    let body = json!({"items": items});
    let seqs = |reply: Value| -> Vec<u64> {
        reply["results"]
            .as_array()
            .expect("results")
            .iter()
            .map(|r| r["seq"].as_u64().expect("a seq"))
            .collect()
    };
    let first = seqs(shared().post("batch", &body).json());
    let second = seqs(shared().post("batch", &body).json());
    assert_eq!(first, second);
    assert_eq!(shared().history(room).len(), 10);
}

#[test]
fn the_same_uuid_twice_in_one_batch_is_one_message() {
    let room = "batch-double";
    let items = [item("new-message", room, 1), item("new-message", room, 1)];
    let json = shared().post("batch", &json!({"items": items})).json();
    assert_eq!(json["results"][0]["seq"], json["results"][1]["seq"], "{json}");
    assert_eq!(shared().history(room).len(), 1);
}
