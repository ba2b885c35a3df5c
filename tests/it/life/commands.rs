//! The smaller commands: what they print, for people and for programs.

use crate::harness::{Setup, cli, place::Place, shared};

#[test]
fn help_version_and_mistakes() {
    let place = Place::new();
    let run = |args: &[&str]| cli::run(place.path(), &[], args);
    for args in [&["help"][..], &["--help"], &["help", "key"], &["key", "create", "--help"]] {
        assert!(run(args).text().contains("parlour"), "{args:?}");
    }
    assert!(run(&["version"]).text().contains(env!("CARGO_PKG_VERSION")));
    for (args, word) in [
        (&["sevre"][..], "serve"),
        (&["plugin", "lits"], "list"),
        (&["key", "create", "--nam", "x"], "--name"),
        (&["token", "mint"], "--user"),
        (&["token", "mint", "--user", "u", "--ttl", "soon"], "--ttl"),
        (&["serve", "--format", "jsn"], "json"),
    ] {
        let ran = run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(ran.err.contains(word), "{args:?}: {ran:?}");
        assert!(ran.out.is_empty(), "mistakes go to standard error: {ran:?}");
    }
    assert!(std::fs::read_dir(place.path()).expect("the place").next().is_none(), "nothing made");
}

#[test]
fn doctor_and_status_know_the_server() {
    let server = shared();
    let doctor = server.run(&["doctor", "--format", "json"]);
    assert!(doctor.code == Some(0) || doctor.code == Some(1), "{doctor:?}");
    let json: serde_json::Value = serde_json::from_str(&doctor.out).expect("JSON");
    assert!(json.is_object() || json.is_array(), "{json}");
    let doctor = server.run(&["doctor"]);
    for word in ["disk", "clock", "plugin", "file"] {
        assert!(doctor.out.to_lowercase().contains(word), "nothing about {word}: {}", doctor.out);
    }
    server.run(&["status"]).text();
    server.run(&["routes"]).text();
}

#[test]
fn status_without_a_server_says_so() {
    let setup = Setup::moderated();
    let data = setup.place().data().to_string_lossy().into_owned();
    let ran = cli::run(setup.place().path(), setup.envs(), &["status", "--data", &data]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!setup.place().data().exists(), "asking makes nothing");
}

#[test]
fn keys_can_be_made_before_the_server_runs() {
    let mut server = Setup::bare().start();
    server.terminate();
    let made = server.run(&["key", "create", "--name", "offline", "--format", "json"]).json();
    server.start();
    let key = made["key"].as_str().expect("a key");
    let body = serde_json::json!({"room": "r", "message": {"text": "a"}});
    let request = crate::harness::Request::post("/api/sms/new-message", &body).key(key);
    assert_eq!(server.ask(&request).status, 200);
    let listed = server.run(&["key", "list", "--format", "json"]).json().to_string();
    assert!(listed.contains("offline") && listed.contains("last_used"), "{listed}");
}
