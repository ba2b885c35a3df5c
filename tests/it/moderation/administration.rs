//! What administrators do with plugins while the server runs: switch, try, allow, configure, look.

use std::{fs, path::PathBuf};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::{drop_in, fixture};
use crate::harness::{Server, Setup, cli, eventually};

fn with_fixture(config: &str) -> Server {
    let setup = Setup::bare().config(config);
    drop_in(&fixture("good/flag-all"), &setup.plugins(), "flag-all");
    setup.start()
}

/// Posts a text and tells what everybody sees of it.
#[track_caller]
fn seen(server: &Server, text: &str) -> Value {
    server.say("r", text);
    server.history("r").last().map(|message| message["message"]["text"].clone()).unwrap_or_default()
}

/// Where `Setup::config` puts the configuration.
fn config_file(server: &Server) -> PathBuf {
    server.data().with_file_name("parlour.toml")
}

#[track_caller]
fn json_of(server: &Server, words: &[&str]) -> Value {
    let mut words = words.to_vec();
    words.extend(["--format", "json"]);
    server.run(&words).json()
}

#[track_caller]
fn refused(server: &Server, words: &[&str], part: &str) {
    let said = server.run(words);
    assert!(said.code == Some(1) && said.err.contains(part), "{said:?}");
}

#[test]
fn a_plugin_is_switched_at_once_and_for_good() {
    let mut server = with_fixture("");
    assert_eq!(seen(&server, "a FLAGME b"), json!("a *** b"));
    let off = json_of(&server, &["plugin", "disable", "flag-all"]);
    assert_eq!(off, json!({"plugin": "flag-all", "enabled": false, "changed": true}));
    assert_eq!(seen(&server, "a FLAGME b"), json!("a FLAGME b"));
    assert!(server.run(&["plugin", "list"]).text().contains("off"));
    let ready = server.ask(&crate::harness::Request::get("/readyz")).json();
    assert_eq!(ready["status"], json!("ready"), "what is off is not missed: {ready}");
    server.kill();
    server.start();
    assert_eq!(seen(&server, "a FLAGME c"), json!("a FLAGME c"), "over a restart");
    server.terminate();
    let on = json_of(&server, &["plugin", "enable", "flag-all"]);
    assert_eq!(on["changed"], json!(true), "also where no server runs");
    server.start();
    assert_eq!(seen(&server, "a FLAGME d"), json!("a *** d"));
    refused(&server, &["plugin", "disable", "flag-al"], "did you mean `flag-all`?");
}

#[test]
fn what_is_allowed_passes_at_once() {
    let mut server = with_fixture("[moderation]\nallow = [\"configured\"]\n");
    assert_eq!(seen(&server, "FLAGME"), json!("***"));
    let added = json_of(&server, &["plugin", "allow", "add", "flagme"]);
    assert_eq!(added, json!({"text": "flagme", "allowed": true, "changed": true}));
    assert_eq!(seen(&server, "FLAGME"), json!("FLAGME"));
    let last = server.history("r").pop().expect("a message");
    assert_eq!(last["flags"], json!([]), "no effect at all");
    let seq = last["seq"].to_string();
    let why = json_of(&server, &["explain", "r", &seq]);
    assert_eq!(why["checks"][0]["findings"][0]["mark"], json!("allowed"), "{why}");
    server.kill();
    server.start();
    assert_eq!(seen(&server, "a FLAGME"), json!("a FLAGME"), "over a restart");
    let listed = json_of(&server, &["plugin", "allow", "list"]);
    let expected = json!([{"text": "configured", "from": "configuration"}, {"text": "flagme", "from": "command"}]);
    assert_eq!(listed, expected);
    refused(&server, &["plugin", "allow", "remove", "configured"], "moderation.allow");
    refused(&server, &["plugin", "allow", "remove", "flagm"], "did you mean `flagme`?");
    refused(&server, &["plugin", "allow", "add", "..."], "at least one letter or digit");
    json_of(&server, &["plugin", "allow", "remove", "flagme"]);
    assert_eq!(seen(&server, "FLAGME"), json!("***"));
}

#[test]
fn a_dry_run_counts_and_changes_nothing() {
    let server = with_fixture("[plugin.flag-all.host]\ndry_run = [\"flag\"]\n");
    assert_eq!(seen(&server, "a FLAGME b"), json!("a FLAGME b"));
    assert_eq!(server.history("r")[0]["flags"], json!([]));
    let why = json_of(&server, &["explain", "r", "1"]);
    let finding = &why["checks"][0]["findings"][0];
    let shown = (&finding["mark"], &finding["action"], &finding["because"]);
    let expected = (&json!("dry-run"), &json!("mask"), &json!("moderation.room.profanity"));
    assert_eq!(shown, expected, "{why}");
    let text = server.run(&["explain", "r", "1"]);
    assert!(
        text.text().contains("dry-run: no effect") && text.out.contains("^^^^^^"),
        "{}",
        text.out
    );
    let rules = json_of(&server, &["plugin", "list", "--rules"]);
    assert_eq!((&rules[0]["rule"], &rules[0]["dry-run"]), (&json!("flag"), &json!(1)), "{rules}");
    let shown = json_of(&server, &["plugin", "show", "flag-all"]);
    assert_eq!(shown["about"]["dry_run"], json!(["flag"]), "{shown}");
    assert_eq!(shown["findings_by_rule"], json!({"flag": {"dry-run": 1}}), "{shown}");
    // The other way round: the rule is in force after the configuration was read again.
    let file = config_file(&server);
    fs::write(&file, "[plugin.flag-all.host]\ndry_run = [\"another\"]\n").expect("written");
    server.signal(Signal::HUP);
    eventually("the rule has an effect", 30, || {
        (seen(&server, "a FLAGME b") == json!("a *** b")).then_some(())
    });
    let key = json_of(&server, &["key", "create", "--scopes", "metrics"])["key"].clone();
    let figures =
        server.ask(&crate::harness::Request::get("/metrics").key(key.as_str().expect("a key")));
    let line = |outcome: &str| {
        format!(
            "parlour_moderation_findings_total{{plugin=\"flag-all\",rule=\"flag\",outcome=\"{outcome}\"}}"
        )
    };
    assert!(figures.text().contains(&line("dry-run")) && figures.text().contains(&line("mask")));
}

#[test]
fn a_whole_plugin_can_be_on_trial_also_when_it_fails() {
    let config = "[moderation.room]\nchain = [\"trap\"]\non_error = \"hold\"\n\
                  [plugin.trap.host]\ndry_run = true\n";
    let setup = Setup::bare().config(config);
    drop_in(&fixture("faulty/trap"), &setup.plugins(), "trap");
    let server = setup.start();
    assert_eq!(seen(&server, "call me maybe"), json!("call me maybe"));
    assert_eq!(server.history("r")[0]["flags"], json!([]), "not even flagged");
}

#[test]
fn a_configuration_is_held_against_the_schema() {
    let config = |words: &str| format!("[plugin.profanity]\n{words}\n");
    let setup = Setup::moderated().config(&config("words = [\"a\", \"b\", \"c\", 4]\nmidl = true"));
    let server = setup.start();
    let refused = |sentences: &[&str]| {
        let listed = json_of(&server, &["plugin", "list"]);
        let rows = listed.as_array().cloned().unwrap_or_default();
        let row = rows.into_iter().find(|row| row["id"] == "profanity").unwrap_or_default();
        let reason = row["reason"].as_str().unwrap_or_default().to_owned();
        sentences.iter().all(|sentence| reason.contains(sentence))
    };
    let said = [
        "plugin.profanity.words[3]: must be a text, not a whole number",
        "plugin.profanity.midl: the plugin has no such key; did you mean `mild`?",
    ];
    assert!(refused(&said), "{}", server.run(&["plugin", "list"]).text());
    let file = config_file(&server);
    fs::write(&file, config("words = [\"widget\"]")).expect("written");
    server.signal(Signal::HUP);
    eventually("the plugin runs with its new words", 60, || {
        (seen(&server, "a widget") == json!("a ***")).then_some(())
    });
    // What is wrong later leaves the version that runs in place.
    fs::write(&file, config("words = 5")).expect("written");
    server.signal(Signal::HUP);
    let said = "plugin.profanity.words: must be a list, not a whole number";
    eventually("the mistake is told", 60, || (refused(&[said, "still runs"])).then_some(()));
    assert_eq!(seen(&server, "a widget"), json!("a ***"));
}

#[test]
fn a_message_is_explained_by_seq_id_and_text() {
    let server = with_fixture(
        "[moderation.room]\nprofanity = \"mask\"\n[moderation.group]\nprofanity = \"hold\"\n",
    );
    let body = json!({"room": "r", "message": {"id": "m-1", "text": "a FLAGME b", "from": "ann"}});
    assert_eq!(server.post("new-message", &body).status, 200);
    let edit =
        json!({"room": "r", "messageId": "m-1", "message": {"text": "FLAGME", "from": "ann"}});
    assert_eq!(server.post("edit-message", &edit).status, 200);
    let why = json_of(&server, &["explain", "r", "1"]);
    assert_eq!(json_of(&server, &["explain", "r", "m-1"]), why);
    assert_eq!(json_of(&server, &["explain", "r", "id:m-1"]), why);
    assert_eq!(json_of(&server, &["explain", "r", "2"]), why, "the entry that changed it");
    assert_eq!((&why["sender"], &why["text"]), (&json!("ann"), &json!("***")));
    let checks = why["checks"].as_array().expect("checks");
    let told: Vec<(&Value, &Value)> =
        checks.iter().map(|check| (&check["what"], &check["before_moderation"])).collect();
    assert_eq!(
        told,
        [(&json!("posted"), &json!("a FLAGME b")), (&json!("edited"), &json!("FLAGME"))]
    );
    let finding = &checks[0]["findings"][0];
    assert_eq!((&finding["spans"], &finding["words"]), (&json!([[2, 8]]), &json!(["FLAGME"])));
    assert_eq!((&finding["plugin"], &finding["version"]), (&json!("flag-all"), &json!("1.0.0")));
    assert_eq!(finding["sha"].as_str().map(str::len), Some(12));
    assert_eq!(finding["because"], json!("moderation.room.profanity"));
    let text = json_of(&server, &["explain", "--text", "x FLAGME", "--kind", "group"]);
    assert_eq!(text["outcome"], json!("hold (profanity)"), "{text}");
    assert_eq!(text["checks"][0]["findings"][0]["because"], json!("moderation.group.profanity"));
    refused(&server, &["explain", "r", "99"], "no message 99");
    refused(&server, &["explain", "--text", "x", "--kind", "gruop"], "did you mean `group`?");
    assert_eq!(server.run(&["explain", "r"]).code, Some(2));
}

#[test]
fn a_wrong_section_of_a_plugin_is_told_without_a_server() {
    for (section, code, said) in [
        ("words = [\"widget\"]", 0, "all is well"),
        (
            "words = [\"widget\", 3]",
            1,
            "profanity.wasm: has a configuration that does not fit: plugin.profanity.words[1]",
        ),
        ("word = 3", 1, "plugin.profanity.word"),
    ] {
        let setup = Setup::bare().config(&format!("[plugin.profanity]\n{section}\n"));
        let wasm = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("plugins/dist/profanity.wasm");
        drop_in(&wasm, &setup.plugins(), "profanity");
        let file = setup.place().join("parlour.toml").to_string_lossy().into_owned();
        let args = ["config", "--check", "--config", &file];
        let ran = cli::run(setup.place().path(), setup.envs(), &args);
        assert!(ran.code == Some(code) && (ran.out.clone() + &ran.err).contains(said), "{ran:?}");
    }
}
