//! `parlour plugin replay`: stored texts through a candidate, from a running server and from its directory.

use serde_json::{Value, json};

use super::fixture;
use crate::harness::{Server, Setup, cli};

/// Everything that was said, as programs read it, from whoever holds the store.
#[track_caller]
fn replay(server: &Server, more: &[&str]) -> Value {
    let candidate = fixture("good/flag-all-v2");
    server.run(&[&["plugin", "replay", &candidate, "--format", "json"], more].concat()).json()
}

#[track_caller]
fn check(json: &Value, expected: [u64; 5]) {
    let names = ["messages", "same", "newly_flagged", "no_longer_flagged", "changed_spans"];
    assert_eq!(names.map(|name| json[name].as_u64().expect(name)), expected, "{json}");
}

#[test]
fn the_difference_is_told_with_and_without_a_server() {
    let setup = Setup::bare();
    let plugin = setup.plugins().join("flag-all.wasm");
    std::fs::copy(fixture("good/flag-all"), plugin).expect("a plugin");
    let mut server = setup.start();
    for room in ["one", "two"] {
        server.say(room, "a FLAGME b");
        server.say(room, "nothing at all");
        server.say(room, "a FLAGTWO b");
        server.say(room, "FLAGME or FLAGTWO");
    }
    let running = replay(&server, &[]);
    // One is new, one is gone, one lies elsewhere, one is as it was, in each room.
    check(&running, [8, 2, 2, 2, 2]);
    assert!(running["changes"].to_string().contains("no longer flagged"), "{running}");
    assert!(!running.to_string().contains("FLAGME"), "texts only when they are asked for");
    assert!(replay(&server, &["--show"]).to_string().contains("FLAGME or FLAGTWO"));
    let limited = replay(&server, &["--limit", "3"]);
    check(&limited, [3, 1, 1, 1, 0]);
    assert_eq!(limited["stopped_at_limit"], json!(true));
    check(&replay(&server, &["--since", "1h"]), [8, 2, 2, 2, 2]);
    server.terminate();
    check(&replay(&server, &[]), [8, 2, 2, 2, 2]);
    check(&replay(&server, &["--since", "1s", "--limit", "0"]), [0, 0, 0, 0, 0]);
}

#[test]
fn a_failing_candidate_is_told() {
    let server = Setup::bare().start();
    server.say("r", "anything");
    let ran = server.run(&["plugin", "replay", &fixture("faulty/trap")]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("crashed") && ran.out.contains("1 failed"), "{ran:?}");
    let ran = server.run(&["plugin", "replay", &fixture("refused/not-wasm")]);
    assert!(ran.code == Some(1) && ran.err.contains("is not WebAssembly"), "{ran:?}");
    let nobody = crate::harness::place::Place::new();
    let args = ["plugin", "replay", &fixture("good/flag-all"), "--format", "json"];
    let empty = cli::run(nobody.path(), &[], &args);
    assert_eq!(empty.json()["messages"], json!(0));
}
