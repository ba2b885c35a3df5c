//! Contacts that are open from a state of the conversation on, and what the sender is told before.

use serde_json::{Value, json};

use super::{drop_in, fixture};
use crate::harness::{Flavour, Live, Reply, Server, Setup, Token, cli, place::Place};

const CONFIG: &str = "[moderation]\ncontacts = [\"profanity\"]\n\
                      [moderation.room]\ncontacts_allowed_from = \"accepted\"\n\
                      [moderation.order]\nstates = [\"new\", \"agreed\"]\n";

fn with_fixture() -> Server {
    let setup = Setup::bare().config(CONFIG);
    drop_in(&fixture("good/flag-all"), &setup.plugins(), "flag-all");
    setup.start()
}

#[track_caller]
fn post(server: &Server, uuid: &str, text: &str) -> Reply {
    let body = json!({"room": "r", "uuid": uuid, "message": {"text": text, "from": "ann"}});
    let reply = server.post("new-message", &body);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply
}

fn last_text(server: &Server) -> Value {
    server.history("r").last().map(|message| message["message"]["text"].clone()).unwrap_or_default()
}

#[track_caller]
fn set(server: &Server, body: &Value) {
    let reply = server.post("state-update", body);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["state"], body["state"]);
}

#[test]
fn they_open_with_the_state_and_the_sender_is_told_when() {
    let mut server = with_fixture();
    let reply = post(&server, "u-1", "мой FLAGME");
    let told = reply.json()["moderation"].clone();
    assert_eq!(told["allowed_from"], json!("accepted"), "{}", reply.text());
    assert_eq!(told["categories"], json!(["profanity"]));
    let sentence = told["notice"].as_str().expect("a sentence");
    assert!(sentence.starts_with("Пока скрыто") && sentence.contains("«принят»"), "{sentence}");
    let english = post(&server, "u-2", "my FLAGME").json()["moderation"]["notice"].clone();
    assert!(english.as_str().is_some_and(|s| s.starts_with("Hidden for now")), "{english}");
    assert_eq!(
        post(&server, "u-1", "мой FLAGME").json()["moderation"],
        told,
        "a repeat says the same"
    );
    assert_eq!(post(&server, "u-3", "hello").json()["moderation"], Value::Null);
    for flavour in Flavour::ALL {
        let mut ann = Live::join(&server, flavour, &Token::new("ann", &["r"]).text());
        let sent = ann.ok(json!({"op": "send", "conversation": "r", "text": "my FLAGME"}));
        assert_eq!(sent["moderation"]["allowed_from"], json!("accepted"), "{sent}");
        assert_eq!(sent["moderation"]["notice"], english, "{sent}");
        let edit =
            json!({"op": "edit", "conversation": "r", "seq": sent["seq"], "text": "a FLAGME"});
        assert_eq!(ann.ok(edit)["moderation"]["allowed_from"], json!("accepted"));
    }
    set(&server, &json!({"room": "r", "state": "created"}));
    post(&server, "u-4", "my FLAGME");
    assert_eq!(last_text(&server), json!("my ***"));

    set(&server, &json!({"conversation": "r", "state": "accepted", "uuid": "s-1"}));
    let open = post(&server, "u-5", "my FLAGME");
    assert_eq!(open.json()["moderation"], Value::Null, "{}", open.text());
    let message = server.history("r").pop().expect("a message");
    assert_eq!(message["message"]["text"], json!("my FLAGME"));
    assert_eq!(message["flags"], json!(["profanity"]), "delivered with a flag");
    assert_eq!(
        server.history("r")[0]["message"]["text"],
        json!("мой ***"),
        "what was masked stays so"
    );

    server.kill();
    server.start();
    post(&server, "u-6", "my FLAGME again");
    assert_eq!(last_text(&server), json!("my FLAGME again"), "the state is durable");
    set(&server, &json!({"room": "r", "state": "created"}));
    post(&server, "u-7", "my FLAGME");
    assert_eq!(last_text(&server), json!("my ***"), "closed again");
}

#[test]
fn states_are_known_words() {
    let server = with_fixture();
    let wrong = server.post("state-update", &json!({"room": "r", "state": "acepted"}));
    assert_eq!((wrong.status, &wrong.json()["error"]["field"]), (422, &json!("state")));
    assert!(wrong.text().contains("`accepted`"), "{}", wrong.text());
    let agreed = json!({"conversation": "order:7", "state": "agreed"});
    set(&server, &agreed);
    for (body, field) in [
        (json!({"conversation": "order:7", "state": "accepted"}), "state"),
        (json!({"conversation": "order:7", "room": "r", "state": "agreed"}), "conversation"),
        (json!({"state": "created"}), "room"),
        (json!({"room": "r"}), "state"),
        (json!({"room": "r", "state": 7}), "state"),
    ] {
        let reply = server.post("state-update", &body);
        assert_eq!((reply.status, &reply.json()["error"]["field"]), (422, &json!(field)), "{body}");
    }
    let shown = server.run(&["state", "order:7", "--format", "json"]).json();
    assert_eq!(shown, json!({"conversation": "order:7", "state": "agreed"}));
    let set = server.run(&["state", "order:7", "new", "--format", "json"]).json();
    assert_eq!(set["state"], json!("new"));
    let refused = server.run(&["state", "order:7", "nwe"]);
    assert!(refused.code == Some(1) && refused.err.contains("`agreed`"), "{refused:?}");
}

#[test]
fn an_unknown_state_is_a_mistake_of_the_configuration() {
    let place = Place::new();
    let file = place.join("p.toml");
    std::fs::write(&file, "[moderation.order]\ncontacts_allowed_from = \"acepted\"\n")
        .expect("written");
    let file = file.to_string_lossy().into_owned();
    let said = cli::run(place.path(), &[], &["config", "--check", &file]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("`moderation.order.contacts_allowed_from`"), "{said:?}");
    assert!(said.err.contains("did you mean `accepted`?"), "{said:?}");
}
