//! Backup, verify, restore and check, with the server running and without.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Server, Setup, Token, cli};

/// A server with rooms of some length, an edit and a deletion.
fn filled() -> Server {
    let server = Setup::bare().start();
    for room in ["a", "b"] {
        for n in 1..=60 {
            let text = format!("{room} {n} {}", "я".repeat(n * 13));
            let body = json!({"room": room, "message": {"id": n, "text": text}});
            assert_eq!(server.post("new-message", &body).status, 200);
        }
        let edit = json!({"room": room, "messageId": 7, "message": {"id": 7, "text": "edited"}});
        assert_eq!(server.post("edit-message", &edit).status, 200);
        let delete = json!({"room": room, "messageId": 8});
        assert_eq!(server.post("delete-message", &delete).status, 200);
    }
    server
}

fn histories(server: &Server) -> [Vec<Value>; 2] {
    ["a", "b"].map(|room| server.history(room))
}

#[test]
fn a_backup_taken_under_load_restores_elsewhere() {
    let mut server = filled();
    let file = server.setup().place().join("all.parlour").to_string_lossy().into_owned();
    let before = histories(&server);
    let epoch = Live::open(&server, Flavour::Json).welcome["epoch"].clone();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut count = 0;
            while !stop.load(Ordering::Relaxed) {
                count = server.say("load", "meanwhile");
            }
            count
        });
        server.run(&["backup", &file]).text();
        stop.store(true, Ordering::Relaxed);
        assert!(writer.join().expect("the writer") > 0);
    });
    server.run(&["verify", &file]).text();
    server.terminate();
    fs::rename(server.data(), server.setup().place().join("old")).expect("moved away");
    server.run(&["restore", &file]).text();
    server.start();
    assert_eq!(histories(&server), before);
    let kept = server.history("load");
    for (n, message) in kept.iter().enumerate() {
        assert_eq!(message["seq"], json!(n + 1), "a barrier: no gap in what was being written");
    }
    let mut live = Live::open(&server, Flavour::Json);
    assert_ne!(live.welcome["epoch"], epoch, "positions of before do not count");
    let resume = json!({"epoch": epoch, "conversations": {"a": 3}});
    live.ok(json!({"op": "hello", "token": Token::new("u", &["a"]).text(), "resume": resume}));
    assert_eq!(live.frame_of("reset", 10)["reason"], json!("epoch"));
    assert_eq!(server.say("a", "goes on"), 63);
    server.terminate();
    server.run(&["check"]).text();
}

#[test]
fn a_damaged_backup_is_found_out() {
    let mut server = filled();
    let path = server.setup().place().join("all.parlour");
    let file = path.to_string_lossy().into_owned();
    server.terminate();
    server.run(&["backup", &file]).text();
    let twice = server.run(&["backup", &file]);
    assert_ne!(twice.code, Some(0), "a backup does not overwrite: {twice:?}");
    let whole = fs::read(&path).expect("the backup");
    let empty = server.setup().place().join("empty").to_string_lossy().into_owned();
    for (what, at, length) in [
        ("a changed byte in the middle", whole.len() / 2, whole.len()),
        ("a changed first byte", 0, whole.len()),
        ("a changed last byte", whole.len() - 1, whole.len()),
        ("cut in the middle", whole.len(), whole.len() / 2),
        ("cut by one byte", whole.len(), whole.len() - 1),
        ("empty", whole.len(), 0),
    ] {
        fs::write(&path, &whole).expect("written");
        let damaged = OpenOptions::new().write(true).open(&path).expect("opened");
        if let Some(byte) = whole.get(at) {
            damaged.write_all_at(&[byte ^ 0x55], at as u64).expect("damaged");
        }
        damaged.set_len(length as u64).expect("cut");
        let ran = server.run(&["verify", &file]);
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
        assert!(!ran.err.contains("panicked"), "{what}: {ran:?}");
        let args = ["restore", &file, "--data", &empty];
        let ran = cli::run(server.setup().place().path(), server.setup().envs(), &args);
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
    }
    fs::write(&path, &whole).expect("written");
    let occupied = server.run(&["restore", &file]);
    assert_eq!(occupied.code, Some(1), "never over what is there: {occupied:?}");
    server.start();
    assert_eq!(server.history("a").len(), 60);
}

#[test]
fn originals_can_be_left_out() {
    let mut server = Setup::moderated().start();
    server.say("o", "call +7 916 123-45-67 xyzzy");
    let [with, without] = ["with", "without"].map(|name| server.setup().place().join(name));
    server.run(&["backup", &with.to_string_lossy()]).text();
    server.run(&["backup", &without.to_string_lossy(), "--without-originals"]).text();
    let holds = |path: &std::path::Path| {
        let bytes = fs::read(path).expect("a backup");
        bytes.windows(9).any(|window| window == b"123-45-67")
    };
    assert!(holds(&with) && !holds(&without));
    server.terminate();
}
