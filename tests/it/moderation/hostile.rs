//! Files in the plugin directory that are broken or hostile: the server starts, serves, applies its
//! policy, and says in one sentence what is wrong.

use std::{fs, path::PathBuf};

use serde_json::json;

use super::{built, drop_in, fixture};
use crate::harness::{Request, Server, Setup};

/// Every hostile component of the fixtures, by its id.
fn hostile() -> Vec<(String, PathBuf)> {
    let mut found = vec![];
    for folder in ["faulty", "refused"] {
        for entry in fs::read_dir(built().join(folder)).expect("the fixtures") {
            let path = entry.expect("an entry").path();
            let id = path.file_stem().expect("a name").to_string_lossy().into_owned();
            found.push((id, path));
        }
    }
    found.sort();
    assert!(found.len() >= 8, "too few fixtures: {found:?}");
    found
}

/// What `plugin list` says about one plugin.
#[track_caller]
fn sentence(server: &Server, id: &str) -> String {
    let listed = server.run(&["plugin", "list"]);
    let line = listed.text().lines().find(|line| line.contains(id));
    line.unwrap_or_else(|| panic!("{id} is not listed:\n{}", listed.out)).to_owned()
}

#[track_caller]
fn post(server: &Server, text: &str) -> crate::harness::Reply {
    server.post("new-message", &json!({"room": "h", "message": {"text": text}}))
}

#[test]
fn each_is_survived_and_the_policy_is_applied() {
    for (id, path) in hostile() {
        let setup = Setup::bare()
            .env("PARLOUR_MODERATION__ROOM__CHAIN", &id)
            .env("PARLOUR_MODERATION__ROOM__ON_ERROR", "hold");
        drop_in(&path, &setup.plugins(), &id);
        let server = setup.start();
        for _ in 0..8 {
            let reply = post(&server, "call me maybe");
            assert_eq!((reply.status, &reply.json()["held"]), (202, &json!(true)), "{id}");
        }
        assert_eq!(server.ask(&Request::get("/healthz")).status, 200, "{id}");
        let ready = server.ask(&Request::get("/readyz"));
        assert_eq!((ready.status, &ready.json()["status"]), (200, &json!("degraded")), "{id}");
        let said = sentence(&server, &id);
        assert!(said.split_whitespace().count() >= 5, "no sentence about {id}: {said}");
        assert!(!server.log().contains("panicked"), "{id}: {}", server.log());
    }
}

#[test]
fn all_together_leave_the_good_one_working() {
    let setup = Setup::bare();
    for (id, path) in hostile() {
        drop_in(&path, &setup.plugins(), &id);
    }
    drop_in(&fixture("good/flag-all"), &setup.plugins(), "flag-all");
    let server = setup.start();
    for _ in 0..5 {
        let reply = post(&server, "a FLAGME b");
        assert_eq!(reply.status, 200, "rooms deliver with a flag: {}", reply.text());
    }
    for message in server.history("h") {
        assert_eq!(message["message"]["text"], json!("a *** b"), "{message}");
        assert!(message["flags"].to_string().contains("unchecked"), "{message}");
    }
}

#[test]
fn the_policy_may_refuse() {
    let setup = Setup::bare()
        .env("PARLOUR_MODERATION__ROOM__CHAIN", "trap")
        .env("PARLOUR_MODERATION__ROOM__ON_ERROR", "reject");
    drop_in(&fixture("faulty/trap"), &setup.plugins(), "trap");
    let server = setup.start();
    let reply = post(&server, "a");
    assert_eq!((reply.status, reply.code()), (503, "moderation_unavailable".into()));
    assert!(reply.header("retry-after").is_some());
    assert_eq!(server.history_last("h"), 0);
}

#[test]
fn what_is_no_file_or_too_big_is_passed_over() {
    let setup = Setup::bare();
    let plugins = setup.plugins();
    let big = fs::File::create(plugins.join("big.wasm")).expect("a file");
    std::io::Write::write_all(&mut &big, b"\0asm\x01\0\0\0").expect("a head");
    big.set_len(40 * 1024 * 1024).expect("40 MB");
    fs::write(plugins.join("empty.wasm"), b"").expect("a file");
    fs::write(plugins.join("noise.wasm"), (0..=255u8).cycle().take(70_000).collect::<Vec<u8>>())
        .expect("a file");
    fs::create_dir(plugins.join("directory.wasm")).expect("a directory");
    std::os::unix::fs::symlink("/nowhere", plugins.join("dangling.wasm")).expect("a link");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        plugins.join("pipe.wasm"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a pipe");
    fs::write(plugins.join("notes.txt"), "not a plugin").expect("a file");
    drop_in(&fixture("good/flag-all"), &plugins, "flag-all");
    let server = setup.start();
    let reply = post(&server, "a FLAGME b");
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(server.history("h")[0]["message"]["text"], json!("a *** b"));
    for id in ["big", "empty", "noise"] {
        let said = sentence(&server, id);
        assert!(said.split_whitespace().count() >= 5, "{id}: {said}");
    }
    assert!(!server.run(&["plugin", "list"]).text().contains("notes"));
}

#[test]
fn a_file_that_others_may_write_is_not_trusted() {
    use std::os::unix::fs::PermissionsExt;
    let setup = Setup::bare();
    let plugins = setup.plugins();
    drop_in(&fixture("good/flag-all"), &plugins, "flag-all");
    fs::set_permissions(&plugins, fs::Permissions::from_mode(0o777)).expect("open to all");
    let server = setup.start();
    server.say("h", "a FLAGME b");
    assert_eq!(server.history("h")[0]["message"]["text"], json!("a FLAGME b"), "not approved");
    let said = sentence(&server, "flag-all");
    assert!(said.split_whitespace().count() >= 5, "{said}");
}

#[test]
fn the_checker_says_the_same_without_a_server() {
    let place = crate::harness::place::Place::new();
    for (id, path) in
        hostile().into_iter().filter(|(_, path)| path.starts_with(built().join("refused")))
    {
        let path = path.to_string_lossy().into_owned();
        let ran = crate::harness::cli::run(place.path(), &[], &["plugin", "check", &path]);
        assert!(ran.code.is_some_and(|code| code != 0), "{id}: {ran:?}");
        assert!((ran.out + &ran.err).split_whitespace().count() >= 5, "{id} without a sentence");
    }
    let good = fixture("good/flag-all").to_string_lossy().into_owned();
    crate::harness::cli::run(place.path(), &[], &["plugin", "check", &good]).text();
    let ran =
        crate::harness::cli::run(place.path(), &[], &["plugin", "run", &good, "-t", "a FLAGME b"]);
    assert!(
        ran.text().contains("profanity") && ran.out.contains('^'),
        "carets under spans: {ran:?}"
    );
}
