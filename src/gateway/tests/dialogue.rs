//! What clients do that mean well.

use serde_json::json;

use super::{Frame, Server, masked};
use crate::gateway::GatewaySettings;

#[tokio::test]
async fn a_message_arrives_where_it_is_listened_to() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.client().await;
    let mut bert =
        server.connect("/ws?token=bert", "Sec-WebSocket-Protocol: parlour.v1.msgpack\r\n").await;
    assert!(matches!(bert.frame().await.unwrap(), Frame::Binary(_)));
    anna.send(r#"{"op":"subscribe","id":1,"conversation":"chat_1"}"#).await;
    assert_eq!(anna.json().await, json!({"type":"ok","id":1,"conversation":"chat_1","seq":0}));
    let send = json!({"op":"send","id":"s","conversation":"chat_1","text":"hi","client_id":"c"});
    bert.raw(&masked(0x82, &rmp_serde::to_vec(&send).unwrap())).await;
    let Frame::Binary(ok) = bert.frame().await.unwrap() else { panic!("binary") };
    let ok: serde_json::Value = rmp_serde::from_slice(&ok).unwrap();
    assert_eq!(
        (&ok["type"], &ok["seq"], &ok["message_id"]),
        (&json!("ok"), &json!(1), &json!("m-1"))
    );
    let event = anna.json().await;
    assert_eq!((&event["type"], &event["seq"]), (&json!("message.created"), &json!(1)));
    assert_eq!(event["data"]["text"], "hi");
    anna.raw(&masked(0x88, &1000u16.to_be_bytes())).await;
    assert_eq!(anna.closed().await, (vec![], 1000));
    anna.gone().await;
    drop(bert);
    server.ended().await;
    assert_eq!(server.hall.listeners("chat_1"), 0);
}

#[tokio::test]
async fn nothing_is_missed_or_doubled_at_the_seam() {
    let server = Server::start(GatewaySettings::default()).await;
    for number in 1..=40 {
        server.hall.say("chat_1", &format!("{number}"));
    }
    let mut anna = server.client().await;
    anna.send(r#"{"op":"subscribe","id":1,"conversation":"chat_1","after":5}"#).await;
    // The others talk on while she catches up.
    let hall = server.hall.clone();
    let talk = async {
        for number in 41..=400 {
            hall.say("chat_1", &format!("{number}"));
            if number % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
    };
    let listen = async {
        assert_eq!(anna.json().await["type"], "ok");
        for seq in 6..=400 {
            assert_eq!(anna.json().await["seq"], seq);
        }
    };
    tokio::join!(talk, listen);
    assert_eq!(server.hall.say("chat_1", "live"), 1);
    assert_eq!(anna.json().await["seq"], 401);
}

#[tokio::test]
async fn subscribing_again_does_not_double() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.client().await;
    for id in 1..=3 {
        anna.send(&format!(r#"{{"op":"subscribe","id":{id},"conversation":"chat_1"}}"#)).await;
        assert_eq!(anna.json().await["id"], id);
    }
    anna.send(r#"{"op":"ping","id":"p"}"#).await;
    assert_eq!(anna.json().await["type"], "pong");
    assert_eq!(server.hall.say("chat_1", "once"), 1);
    assert_eq!(anna.json().await["seq"], 1);
    anna.send(r#"{"op":"ping"}"#).await;
    assert_eq!(anna.json().await["type"], "pong");
}

#[tokio::test]
async fn operations_are_answered_in_order() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.client().await;
    let ops = [
        r#"{"op":"send","id":1,"conversation":"a","text":"slowly"}"#,
        r#"{"op":"send","id":2,"conversation":"a","text":"hold me"}"#,
        r#"{"op":"ping","id":3}"#,
        r#"{"op":"subscribe","id":4,"conversation":"secret"}"#,
        r#"{"op":"edit","id":5,"conversation":"a","seq":1,"text":"new"}"#,
        r#"{"op":"delete","id":6,"conversation":"a","seq":9}"#,
        r#"{"op":"delete","id":7,"conversation":"a","seq":1}"#,
        r#"{"op":"history","id":8,"conversation":"a"}"#,
        r#"{"op":"subscribe","id":9,"conversation":"a"}"#,
        r#"{"op":"typing","id":10,"conversation":"a"}"#,
        r#"{"op":"read","conversation":"a","upto":1}"#,
    ];
    let all: Vec<u8> = ops.iter().flat_map(|op| masked(0x81, op.as_bytes())).collect();
    anna.raw(&all).await;
    server.hall.slow_begun().await;
    server.hall.let_go();
    assert_eq!(anna.json().await["seq"], 1);
    let held = json!({"type":"ok","id":2,"conversation":"a","held":true,"category":"phone"});
    assert_eq!(anna.json().await, held);
    assert_eq!(anna.json().await, json!({"type":"pong","id":3}));
    assert_eq!(anna.json().await["code"], "not_a_member");
    assert_eq!(anna.json().await["version"], 2);
    assert_eq!(anna.json().await["code"], "no_such_message");
    assert_eq!(anna.json().await["seq"], 3);
    let history = anna.json().await;
    assert_eq!((&history["last"], &history["more"]), (&json!(3), &json!(false)));
    assert_eq!(history["messages"][0]["deleted"], true);
    assert_eq!(anna.json().await["id"], 9);
    let typing = json!({"type":"typing","conversation":"a","data":{"user":"anna","on":true}});
    assert_eq!(anna.json().await, typing);
    assert_eq!(anna.json().await["id"], 10);
    assert_eq!(anna.json().await["data"], json!({"user":"anna","upto":1}));
}

#[tokio::test]
async fn a_connection_speaks_for_one_person() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.client().await;
    anna.send(r#"{"op":"hello","id":1,"token":"bert"}"#).await;
    assert_eq!(anna.json().await["code"], "forbidden");
    anna.send(r#"{"op":"hello","id":2,"token":"anna"}"#).await;
    assert_eq!(anna.json().await["user"], "anna");
    let mut wrong = server.connect("/ws", "Authorization: Bearer wrong\r\n").await;
    assert_eq!(wrong.json().await["type"], "welcome");
    assert_eq!(wrong.json().await["code"], "unauthenticated");
    assert_eq!(wrong.closed().await.1, 4001);
}

#[tokio::test]
async fn tokens_end_while_connected() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.connect("/ws?token=brief", "").await;
    assert_eq!(anna.json().await["type"], "welcome");
    assert_eq!(anna.json().await["type"], "token.expiring");
    assert_eq!(anna.json().await, json!({"type":"bye","reason":"token_expired"}));
    assert_eq!(anna.closed().await.1, 4002);
    anna.gone().await;
    drop(anna);
    server.ended().await;
}

#[tokio::test]
async fn draining_finishes_what_was_begun() {
    let settings = GatewaySettings { close_wait_ms: 600_000, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    let mut idle = server.client().await;
    let mut busy = server.client().await;
    busy.send(r#"{"op":"send","id":1,"conversation":"a","text":"slowly"}"#).await;
    busy.send(r#"{"op":"send","id":2,"conversation":"a","text":"too late"}"#).await;
    idle.send(r#"{"op":"ping"}"#).await;
    assert_eq!(idle.json().await["type"], "pong");
    server.hall.slow_begun().await;
    server.gateway.drain();
    assert_eq!(idle.json().await, json!({"type":"bye","reason":"draining"}));
    assert_eq!(idle.closed().await.1, 4100);
    server.hall.let_go();
    assert_eq!(busy.json().await["id"], 1);
    assert_eq!(busy.json().await["reason"], "draining");
    assert_eq!(busy.closed().await.1, 4100);
    drop((idle, busy));
    server.ended().await;
    assert_eq!(server.hall.last("a"), 1);
}

#[tokio::test]
async fn a_change_outlives_its_connection() {
    let server = Server::start(GatewaySettings::default()).await;
    let mut anna = server.client().await;
    anna.send(r#"{"op":"send","id":1,"conversation":"a","text":"slowly"}"#).await;
    server.hall.slow_begun().await;
    anna.raw(&masked(0x88, b"")).await;
    drop(anna);
    server.hall.let_go();
    server.ended().await;
    assert_eq!(server.hall.last("a"), 1);
}

#[tokio::test]
async fn histories_stay_below_the_budget() {
    let settings = GatewaySettings { outbox_max_bytes: 16_384, ..GatewaySettings::default() };
    let server = Server::start(settings).await;
    for _ in 0..50 {
        server.hall.say("a", &"x".repeat(500));
    }
    let mut anna = server.client().await;
    anna.send(r#"{"op":"history","id":1,"conversation":"a"}"#).await;
    let page = anna.json().await;
    let messages = page["messages"].as_array().unwrap();
    assert!(messages.len() < 10 && page["more"] == true, "{}", messages.len());
    assert_eq!(messages.last().unwrap()["seq"], 50, "the newest end is kept");
    anna.send(r#"{"op":"history","id":2,"conversation":"a","after":0}"#).await;
    assert_eq!(anna.json().await["messages"][0]["seq"], 1);
}
