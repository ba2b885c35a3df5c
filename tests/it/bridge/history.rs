//! The history route: pages, limits, and how changed messages look in it.

use serde_json::{Value, json};

use crate::harness::{Reply, Request, shared};

#[track_caller]
fn page(room: &str, query: &str) -> Value {
    let reply = ask(room, query);
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    reply.json()
}

#[track_caller]
fn ask(room: &str, query: &str) -> Reply {
    let target = format!("/api/sms/rooms/{room}/messages{query}");
    shared().ask(&Request::get(&target).key(shared().key()))
}

fn seqs(page: &Value) -> Vec<u64> {
    let messages = page["messages"].as_array().expect("messages");
    messages.iter().map(|m| m["seq"].as_u64().expect("a seq")).collect()
}

#[track_caller]
fn check(room: &str, query: &str, expected: impl IntoIterator<Item = u64>, more: bool) {
    let page = page(room, query);
    let expected: Vec<u64> = expected.into_iter().collect();
    assert_eq!((seqs(&page), &page["more"]), (expected, &json!(more)), "{query}");
    assert_eq!((&page["room"], &page["last"]), (&json!(room), &json!(260)), "{query}");
}

#[test]
fn pages_have_exclusive_ends_and_limits() {
    let room = "pages";
    for start in [0, 100, 200] {
        let items: Vec<Value> = (start + 1..=(start + 100).min(260))
            .map(|n| json!({"type": "new-message", "room": room, "message": {"text": format!("{n}")}}))
            .collect();
        assert_eq!(shared().post("batch", &json!({"items": items})).status, 200);
    }
    check(room, "", 211..=260, true);
    check(room, "?limit=3", 258..=260, true);
    check(room, "?after=0", 1..=50, true);
    check(room, "?after=10&limit=5", 11..=15, true);
    check(room, "?after=255", 256..=260, false);
    check(room, "?after=260", [], false);
    check(room, "?after=9999", [], false);
    check(room, "?before=11&limit=5", 6..=10, true);
    check(room, "?before=4", 1..=3, false);
    check(room, "?before=1", [], false);
    check(room, "?limit=200", 61..=260, true);
    check(room, "?after=60&limit=200", 61..=260, false);
    check(room, "?limit=9999", 61..=260, true);
}

#[test]
fn wrong_queries_are_named() {
    for (query, field) in [
        ("?limit=0", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=x", "limit"),
        ("?after=-1", "after"),
        ("?after=1.5", "after"),
        ("?after=18446744073709551616", "after"),
        ("?before=x", "before"),
    ] {
        let reply = ask("queries", query);
        assert_eq!((reply.status, reply.code()), (422, "invalid_field".into()), "{query}");
        assert_eq!(reply.json()["error"]["field"], json!(field), "{query}");
    }
    assert_eq!(ask("queries", "?after=1&before=9").status, 422, "one direction at a time");
}

#[test]
fn a_room_that_nobody_used_is_empty() {
    let page = page("never-used", "");
    assert_eq!(page, json!({"room": "never-used", "last": 0, "more": false, "messages": []}));
}

#[test]
fn changed_messages_show_their_present_state() {
    let room = "changed";
    let post = |route: &str, mut body: Value| {
        body["room"] = json!(room);
        let reply = shared().post(route, &body);
        assert_eq!(reply.status, 200, "{}", reply.text());
    };
    let message = json!({"id": 1, "text": "one", "from": "user_46", "x": [1]});
    post("new-message", json!({"message": message, "uuid": "c-1"}));
    post("new-message", json!({"message": {"id": "b", "text": "two"}, "uuid": "c-2"}));
    let reply = json!({"id": 3, "text": "three"});
    post("reply-message", json!({"message": reply, "replyTo": "b", "uuid": "c-3"}));
    let page_before = page(room, "");
    let first = &page_before["messages"][0];
    assert_eq!(first["message"], message);
    assert_eq!((&first["uuid"], &first["seq"]), (&json!("c-1"), &json!(1)));
    assert_eq!((&first["sender"], &first["messageId"]), (&json!("user_46"), &json!(1)));
    assert_eq!((&first["edited"], &first["deleted"]), (&json!(false), &json!(false)));
    assert_eq!((&first["version"], &first["flags"]), (&json!(1), &json!([])));
    assert_eq!(page_before["messages"][2]["replyTo"], json!("b"));

    post("edit-message", json!({"messageId": 1, "message": {"id": 1, "text": "one!"}}));
    post("status-update", json!({"messageId": 3, "status": "delivered"}));
    post("delete-message", json!({"messageId": "b"}));
    let after = page(room, "");
    assert_eq!(seqs(&after), [1, 2, 3], "messages keep their place: {after}");
    assert_eq!(after["last"], json!(6), "changes are entries of the log");
    let [one, two, three] = [0, 1, 2].map(|n| &after["messages"][n]);
    assert_eq!(one["message"], json!({"id": 1, "text": "one!"}));
    assert_eq!((&one["edited"], &one["version"]), (&json!(true), &json!(2)));
    assert_eq!((&two["deleted"], &two["message"]), (&json!(true), &Value::Null));
    assert_eq!(three["status"], json!("delivered"));
}
