//! Messages that went out unchecked are checked when the plugin works again, and masked afterwards.

use serde_json::json;

use super::{drop_in, fixture};
use crate::harness::{Flavour, Live, Server, Setup, Token, eventually};

fn broken() -> Server {
    let setup = Setup::bare()
        .env("PARLOUR_MODERATION__POLL_MS", "50")
        .env("PARLOUR_MODERATION__ROOM__CHAIN", "flag-all")
        .env("PARLOUR_MODERATION__ROOM__ON_ERROR", "deliver-flagged");
    drop_in(&fixture("refused/not-wasm"), &setup.plugins(), "flag-all");
    setup.start()
}

#[test]
fn what_passed_unchecked_is_masked_afterwards() {
    let server = broken();
    let mut live = Live::join(&server, Flavour::Json, &Token::new("w", &["r"]).text());
    live.ok(json!({"op": "subscribe", "conversation": "r"}));
    let body = json!({"room": "r", "message": {"id": 1, "text": "a FLAGME b"}});
    assert_eq!(server.post("new-message", &body).status, 200);
    let event = live.frame();
    assert_eq!(event["data"]["text"], json!("a FLAGME b"), "{event}");
    assert!(event["data"]["flags"].to_string().contains("unchecked"), "{event}");
    drop_in(&fixture("good/flag-all"), &server.setup().plugins(), "flag-all");
    let masked = live.frame_of("message.masked", 30);
    assert_eq!(masked["seq"], json!(2), "{masked}");
    assert_eq!(
        (&masked["data"]["message_seq"], &masked["data"]["text"]),
        (&json!(1), &json!("a *** b"))
    );
    let message = &server.history("r")[0];
    assert_eq!((&message["message"]["text"], &message["seq"]), (&json!("a *** b"), &json!(1)));
}

#[test]
fn it_is_not_forgotten_over_a_crash() {
    let mut server = broken();
    server.say("r", "a FLAGME b");
    server.kill();
    drop_in(&fixture("good/flag-all"), &server.setup().plugins(), "flag-all");
    server.start();
    eventually("the message is masked", 30, || {
        (server.history("r")[0]["message"]["text"] == json!("a *** b")).then_some(())
    });
}

/// A room that two plugins must look at, of which neither is there.
fn two_missing(silent: &str) -> Server {
    Setup::bare()
        .env("PARLOUR_MODERATION__POLL_MS", "50")
        .env("PARLOUR_MODERATION__ROOM__CHAIN", "flag-all, ghost")
        .env("PARLOUR_MODERATION__ROOM__ON_ERROR", silent)
        .start()
}

#[test]
fn one_recovered_plugin_is_heard_while_another_is_silent() {
    let server = two_missing("deliver-flagged");
    server.say("r", "a FLAGME b");
    server.say("r", "innocent");
    drop_in(&fixture("good/flag-all"), &server.setup().plugins(), "flag-all");
    eventually("the message is masked", 30, || {
        (server.history("r")[0]["message"]["text"] == json!("a *** b")).then_some(())
    });
    let innocent = &server.history("r")[1];
    assert_eq!(
        (&innocent["deleted"], &innocent["message"]["text"]),
        (&json!(false), &json!("innocent"))
    );
}

#[test]
fn what_merely_stays_unchecked_is_not_taken_back() {
    let mut server = two_missing("deliver-flagged");
    server.say("r", "innocent");
    // From now on what is not checked would be held; what was delivered stays.
    server.kill();
    server.setup_mut().put_env("PARLOUR_MODERATION__ROOM__ON_ERROR", "hold");
    server.start();
    for _ in 0..6 {
        drop_in(&fixture("good/flag-all"), &server.setup().plugins(), "flag-all");
        server.run(&["plugin", "reload"]).text();
        std::fs::remove_file(server.setup().plugins().join("flag-all.wasm")).expect("removed");
        server.run(&["plugin", "reload"]).text();
    }
    let message = &server.history("r")[0];
    assert_eq!(
        (&message["deleted"], &message["message"]["text"]),
        (&json!(false), &json!("innocent"))
    );
}
