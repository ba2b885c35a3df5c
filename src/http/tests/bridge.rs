//! The bridge, the login and health: statuses, shapes and headers.

use std::time::Duration;

use super::{Failure, HELLO, HttpSettings, NEW, World};
use crate::{
    auth::NewAccount,
    dialect::plain::Readiness,
    domain::{
        command::{Command, Done, Range},
        id::{Seq, UserId},
        refusal::Refusal,
        time::Millis,
    },
};

#[tokio::test]
async fn a_post_reaches_the_chat_and_is_answered() {
    let world = World::open(HttpSettings::default()).await;
    let answer = world.post(NEW, HELLO).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body,
        r#"{"success":true,"uuid":"msg-1","room":"chat_123","seq":1,"delivered":2}"#
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.header("x-request-id").is_some());
    let asked = world.chat.asked.lock().unwrap().clone();
    assert!(matches!(&asked[..], [Command::Post(post)] if post.content.text == "hi"));
}

#[tokio::test]
async fn a_state_reaches_the_chat_and_is_answered() {
    let world = World::open(HttpSettings::default()).await;
    let body = r#"{"conversation":"order:7","state":"accepted","uuid":"u"}"#;
    let answer = world.post("/api/sms/state-update", body).await;
    assert_eq!(
        answer.body,
        r#"{"success":true,"uuid":"u","conversation":"order:7","state":"accepted"}"#
    );
    let states = world.chat.states.lock().unwrap().clone();
    assert_eq!(states, [("order:7".to_owned(), "accepted".to_owned())]);
    let nobody = world.ask("POST /api/sms/state-update", body).await;
    expect(&nobody, "401 unauthenticated");
}

#[tokio::test]
async fn a_post_without_uuid_gets_one() {
    let world = World::open(HttpSettings::default()).await;
    let answer = world.post(NEW, r#"{"room":"r","message":{}}"#).await;
    let (_, rest) = answer.body.split_once(r#""uuid":""#).expect("a uuid");
    assert_eq!(rest.find('"'), Some(36), "{answer:?}");
}

#[track_caller]
fn expect(answer: &super::Answer, verdict: &str) {
    assert_eq!(answer.verdict(), verdict, "{answer:?}");
}

#[tokio::test]
async fn every_refusal_has_its_status() {
    let world = World::open(HttpSettings::default()).await;
    let (key, bearer) = (&world.key, format!("Authorization: bearer {}", world.key));
    expect(&world.ask(&format!("POST {NEW}"), HELLO).await, "401 unauthenticated");
    for wrong in
        ["Authorization: Bearer x", "Authorization: Basic eDp4", "X-API-Key: x", "X-API-Key:"]
    {
        let answer = world.ask(&format!("POST {NEW}\r\n{wrong}"), HELLO).await;
        expect(&answer, "401 unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("bearer"));
    }
    let by_header = world.ask(&format!("POST {NEW}\r\nX-API-Key: {key}"), HELLO).await;
    expect(&by_header, "200");
    expect(&world.ask(&format!("POST {NEW}/\r\n{bearer}"), HELLO).await, "200");
    let (other, _) = world.auth.create_key("m", &["metrics".to_owned()]).expect("a key");
    let answer = world.ask(&format!("POST {NEW}\r\nX-API-Key: {other}"), HELLO).await;
    expect(&answer, "403 forbidden");

    expect(&world.post(NEW, "{").await, "400 malformed");
    expect(&world.post(NEW, r#"{"message":{}}"#).await, "422 room");
    expect(&world.post(NEW, r#"{"room":"r","message":{"text":1}}"#).await, "422 message.text");
    let form = format!("POST {NEW}\r\n{bearer}\r\nContent-Type: text/plain");
    expect(&world.ask(&form, HELLO).await, "415 unsupported_media_type");
    expect(&world.ask("GET /nowhere", "").await, "404 not_found");
    expect(&world.ask("GET /%zz", "").await, "400 malformed");
    let answer = world.ask(&format!("GET {NEW}"), "").await;
    expect(&answer, "405 method_not_allowed");
    assert_eq!(answer.header("allow"), Some("post, options"));
}

#[tokio::test]
async fn what_the_chat_says_is_passed_on() {
    let world = World::open(HttpSettings::default()).await;
    let refused = |refusal| Err(Failure::Refused(refusal));
    for (says, verdict, retry) in [
        (Ok(Done::Held { at: Millis(0), category: "phone".into() }), "202", None),
        (refused(Refusal::MessageDeleted), "409 message_deleted", None),
        (refused(Refusal::NoSuchMessage), "404 no_such_message", None),
        (refused(Refusal::Busy { retry_after_ms: 1500 }), "503 busy", Some("2")),
        (refused(Refusal::RateLimited { retry_after_ms: 1 }), "429 rate_limited", Some("1")),
        (refused(Refusal::StorageFull), "503 storage_full", Some("30")),
        (Err(Failure::Internal), "500 internal", None),
    ] {
        *world.chat.instead.lock().unwrap() = Some(says);
        let answer = world.post(NEW, HELLO).await;
        expect(&answer, verdict);
        assert_eq!(answer.header("retry-after"), retry);
    }
}

#[tokio::test]
async fn batches_and_histories_go_through() {
    let world = World::open(HttpSettings::default()).await;
    let item = |room: &str, n: u32| {
        format!(
            r#"{{"type":"new-message","room":"{room}","message":{{"text":"{n}"}},"uuid":"{room}{n}"}}"#
        )
    };
    let items = [item("a", 1), item("b", 1), r#"{"type":"x"}"#.into(), item("a", 2), item("a", 3)];
    let answer =
        world.post("/api/sms/batch", &format!(r#"{{"items":[{}]}}"#, items.join(","))).await;
    assert_eq!(answer.status, 200);
    let order: Vec<_> = [
        "\"uuid\":\"a1\"",
        "\"uuid\":\"b1\"",
        "\"status\":422",
        "\"uuid\":\"a2\"",
        "\"uuid\":\"a3\"",
    ]
    .iter()
    .map(|part| answer.body.find(part).expect(part))
    .collect();
    assert!(order.is_sorted(), "{answer:?}");
    let asked = world.chat.asked.lock().unwrap().clone();
    let texts: Vec<_> = asked
        .iter()
        .filter_map(|command| match command {
            Command::Post(post) if post.conversation.name() == "a" => {
                Some(post.content.text.as_str())
            }
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["1", "2", "3"]);

    let path = "GET /api/sms/rooms/chat%2F%D1%87/messages?after=3&limit=2&x=%20";
    let answer = world.ask(&format!("{path}\r\nX-API-Key: {}", world.key), "").await;
    assert_eq!(answer.body, r#"{"room":"chat/ч","last":7,"more":false,"messages":[]}"#);
    let question = world.chat.questions.lock().unwrap().pop().expect("a question");
    assert_eq!((question.range, question.limit), (Range::After(Seq(3)), 2));
    expect(&world.ask("GET /api/sms/rooms/r/messages", "").await, "401 unauthenticated");
    let broken = format!("GET /api/sms/rooms/r/messages?after=x\r\nX-API-Key: {}", world.key);
    expect(&world.ask(&broken, "").await, "422 after");
}

#[tokio::test]
async fn people_log_in() {
    let world = World::open(HttpSettings { failures_max: 3, ..HttpSettings::default() }).await;
    let anna = UserId::new("anna").expect("a user");
    let account = NewAccount { user: &anna, name: "Anna", role: "user", password: "correct horse" };
    world.auth.create_account(account).expect("an account");
    let login = "POST /api/auth/login\r\nContent-Type: application/json";
    let right = r#"{"user":"anna","password":"correct horse"}"#;
    let answer = world.ask(login, right).await;
    assert!(
        answer.body.ends_with(r#","expires_in":3600,"user":"anna","role":"user"}"#),
        "{answer:?}"
    );
    expect(&world.ask(login, "[]").await, "400 malformed");
    expect(&world.ask(login, r#"{"user":"anna"}"#).await, "422 password");
    let wrong = r#"{"user":"anna","password":"x"}"#;
    for _ in 0..3 {
        expect(&world.ask(login, wrong).await, "401 unauthenticated");
    }
    let answer = world.ask(login, right).await;
    expect(&answer, "429 rate_limited");
    assert!(answer.header("retry-after").is_some());
    // Guessing passwords does not stop a back end behind the same address.
    expect(&world.post(NEW, HELLO).await, "200");
    expect(&world.ask(&format!("POST {NEW}\r\nX-API-Key: x"), HELLO).await, "429 rate_limited");
}

#[tokio::test]
async fn health_and_home_answer_without_a_key() {
    let world = World::open(HttpSettings::default()).await;
    assert_eq!(world.ask("GET /healthz", "").await.body, r#"{"status":"ok"}"#);
    assert_eq!(world.ask("GET /readyz", "").await.body, r#"{"status":"ready","reasons":[]}"#);
    *world.ready.lock().unwrap() = Readiness::Degraded(vec!["plugin \"phone\" is missing".into()]);
    let degraded = world.ask("GET /readyz/", "").await;
    assert_eq!(degraded.status, 200);
    assert_eq!(degraded.body, r#"{"status":"degraded","reasons":["plugin \"phone\" is missing"]}"#);
    *world.ready.lock().unwrap() = Readiness::Unavailable(vec![]);
    assert_eq!(world.ask("GET /readyz", "").await.status, 503);
    let home = world.ask("GET /", "").await;
    assert!(home.status == 200 && home.body.contains("Parlour"));
    let head = world.ask("HEAD /", "").await;
    assert_eq!(
        (head.header("content-length"), head.body.as_str()),
        (home.header("content-length"), "")
    );
}

#[tokio::test]
async fn pages_of_listed_origins_may_call() {
    let cors_origins = vec!["https://shop.example".to_owned()];
    let world = World::open(HttpSettings { cors_origins, ..HttpSettings::default() }).await;
    let preflight = |origin: &str| {
        format!("OPTIONS {NEW}\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST")
    };
    let answer = world.ask(&preflight("https://shop.example"), "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("post, options"));
    assert_eq!(answer.header("vary"), Some("origin, access-control-request-headers"));
    let wish = preflight("https://shop.example") + "\r\nAccess-Control-Request-Headers: x-tenant";
    let answer = world.ask(&wish, "").await;
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-tenant"));
    let answer = world.ask(&preflight("https://evil.example"), "").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, None));
    let error = format!("POST {NEW}\r\nOrigin: https://shop.example");
    let answer = world.ask(&error, HELLO).await;
    expect(&answer, "401 unauthenticated");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
}

#[tokio::test]
async fn requests_are_named_and_proxies_believed_only_when_trusted() {
    let world = World::open(HttpSettings::default()).await;
    let named = world.ask("GET /healthz\r\nX-Request-Id: abc-1.2_3", "").await;
    assert_eq!(named.header("x-request-id"), Some("abc-1.2_3"));
    let renamed = world.ask("GET /healthz\r\nX-Request-Id: a b", "").await;
    assert_ne!(renamed.header("x-request-id"), Some("a b"));
    assert_eq!(world.ask("GET /ws\r\nX-Forwarded-For: 9.9.9.9", "").await.body, "127.0.0.1");
    let trusted_proxies = vec![super::super::Cidr::parse("127.0.0.0/8").expect("a network")];
    let world = World::open(HttpSettings { trusted_proxies, ..HttpSettings::default() }).await;
    assert_eq!(world.ask("GET /ws\r\nX-Forwarded-For: 6.6.6.6, 9.9.9.9", "").await.body, "9.9.9.9");
}

#[tokio::test]
async fn work_goes_on_when_the_client_hangs_up() {
    let world = World::open(HttpSettings::default()).await;
    *world.chat.delay.lock().unwrap() = Duration::from_millis(200);
    let mut client = world.connect().await;
    client.send(&format!("POST {NEW}\r\nX-API-Key: {}", world.key), HELLO).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(client);
    for _ in 0..100 {
        if world.chat.asked.lock().unwrap().len() == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the post was lost with its client");
}
