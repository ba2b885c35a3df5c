//! Trouble with the data directory: each kind has its clear sentence, and nothing stored is lost.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{FileExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::{Server, Setup, cli, place::copy_tree, time::random};

/// The log has a sentence with all of these words, and nobody panicked.
#[track_caller]
fn check_sentence(server: &Server, words: &[&str]) {
    let log = server.log();
    let found = log.lines().any(|line| {
        let line = line.to_lowercase();
        words.iter().all(|word| line.contains(&word.to_lowercase()))
    });
    assert!(found, "no sentence with {words:?} in:\n{log}");
    assert!(!log.contains("panicked at"), "{log}");
}

/// It must end by itself with a failure.
#[track_caller]
fn check_refusal(server: &mut Server, words: &[&str]) {
    let status = server.await_end(60);
    assert!(status.code().is_some_and(|code| code != 0), "{status}: {}", server.log());
    check_sentence(server, words);
}

/// Finds a file by name below a directory.
fn find(directory: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(directory).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(&path, name) } else { path.ends_with(name).then_some(path) }
    })
}

/// A stopped server with a few messages.
fn written(messages: usize) -> Server {
    let mut server = Setup::bare().start();
    for n in 0..messages {
        server.say("r", &format!("message {n} {}", "x".repeat(200)));
    }
    server.terminate();
    server
}

#[test]
fn a_second_process_is_refused() {
    let first = Setup::bare().start();
    let data = first.data().to_string_lossy().into_owned();
    let args = ["serve", "--data", &data];
    let second = cli::run(first.setup().place().path(), first.setup().envs(), &args);
    assert!(second.code.is_some_and(|code| code != 0), "{second:?}");
    let said = (second.out + &second.err).to_lowercase();
    assert!(
        said.contains("another") || said.contains("already") || said.contains("in use"),
        "{said}"
    );
    assert!(said.contains(&data.to_lowercase()), "it names the directory: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(first.say("r", "the first is not disturbed"), 1);
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    // Root may write everywhere, so the server runs as nobody; the executable is put where nobody may
    // read it from.
    let setup = Setup::bare();
    let outside = std::env::temp_dir().join(format!("parlour-it-ro-{}", std::process::id()));
    let _ = fs::remove_dir_all(&outside);
    fs::create_dir_all(outside.join("data")).expect("a directory");
    for directory in [&outside, &outside.join("data")] {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o555)).expect("read-only");
    }
    fs::set_permissions(&outside, fs::Permissions::from_mode(0o755)).expect("open");
    let program = outside.join("parlour");
    fs::copy(env!("CARGO_BIN_EXE_parlour"), &program).expect("a copy");
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
        command
    } else {
        Command::new(&program)
    };
    command.args(["serve", "--data"]).arg(outside.join("data")).current_dir(&outside);
    let env: Vec<_> = setup
        .envs()
        .iter()
        .filter(|(name, _)| name != "PARLOUR_MODERATION__DIR")
        .cloned()
        .collect();
    let ran = cli::finish(cli::clean(command, &env));
    assert!(ran.code.is_some_and(|code| code != 0), "{ran:?}");
    let said = ran.out + &ran.err;
    assert!(
        said.contains(&*outside.join("data").to_string_lossy()),
        "it names the directory: {said}"
    );
    assert!(said.to_lowercase().contains("permission") || said.contains("written"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    let _ = fs::set_permissions(outside.join("data"), fs::Permissions::from_mode(0o755));
    let _ = fs::remove_dir_all(&outside);
}

#[test]
fn a_directory_of_a_newer_format_is_refused_and_kept() {
    let mut server = written(3);
    let ident = find(&server.data(), "IDENT").expect("IDENT");
    let text = fs::read_to_string(&ident).expect("its text");
    let newer: String =
        text.lines()
            .map(|line| {
                if line.starts_with("format") { "format 999\n".into() } else { format!("{line}\n") }
            })
            .collect();
    assert_ne!(text, newer, "IDENT tells its format: {text}");
    fs::write(&ident, &newer).expect("written");
    server.spawn();
    check_refusal(&mut server, &["newer"]);
    fs::write(&ident, &text).expect("written");
    server.start();
    assert_eq!(server.history("r").len(), 3);
}

#[test]
fn a_database_that_vanished_is_not_taken_for_an_empty_one() {
    for loss in ["removed", "emptied"] {
        let mut server = written(3);
        let db = find(&server.data(), "db").expect("the database");
        let kept = server.setup().place().join("kept");
        copy_tree(&server.data(), &kept);
        if loss == "removed" {
            fs::remove_file(&db).expect("removed");
        } else {
            fs::write(&db, b"").expect("emptied");
        }
        server.spawn();
        check_refusal(&mut server, &["restore"]);
        fs::remove_dir_all(server.data()).expect("removed");
        fs::rename(&kept, server.data()).expect("put back");
        server.start();
        assert_eq!(server.history("r").len(), 3);
    }
}

#[test]
fn damaged_blocks_are_told_or_harmless() {
    let mut server = written(300);
    let kept = server.setup().place().join("kept");
    copy_tree(&server.data(), &kept);
    let mut chance = random(11);
    let mut refused = 0;
    for round in 0..10 {
        let db = find(&server.data(), "db").expect("the database");
        let blocks = fs::metadata(&db).expect("its size").len() / 4096;
        let file = OpenOptions::new().write(true).open(&db).expect("opened");
        let noise: Vec<u8> = (0..4096).map(|_| (chance.next() & 0xff) as u8).collect();
        // The first blocks hold what was written; a later one is free space most of the time.
        let block = if round == 0 { 0 } else { chance.below(blocks.min(40)) };
        file.write_all_at(&noise, block * 4096).expect("damaged");
        drop(file);
        server.spawn();
        if let Some(status) = came_up_or_ended(&mut server) {
            assert!(status.code().is_some_and(|code| code != 0), "round {round}: {status}");
            check_sentence(&server, &["restore"]);
            refused += 1;
        } else {
            assert_eq!(server.history("r").len(), 300, "round {round}: nothing may be missing");
            server.kill();
        }
        fs::remove_dir_all(server.data()).expect("removed");
        copy_tree(&kept, &server.data());
    }
    assert!(refused > 0, "at least the damaged head is noticed");
    server.start();
    assert_eq!(server.history("r").len(), 300, "what was put back is whole");
}

/// How it ended, or nothing once it is ready.
fn came_up_or_ended(server: &mut Server) -> Option<std::process::ExitStatus> {
    let patience = crate::harness::Patience::seconds(60);
    loop {
        if let Some(status) = server.ended() {
            server.await_end(1);
            return Some(status);
        }
        if server.is_ready() {
            return None;
        }
        assert!(!patience.is_over(), "neither up nor down:\n{}", server.log());
        crate::harness::pause_ms(10);
    }
}

#[test]
fn leftovers_of_a_crash_do_not_stop_it() {
    let mut server = written(20);
    let db = find(&server.data(), "db").expect("the database");
    let folder = db.parent().expect("its folder");
    for name in ["snap.00000000DEADBEEF.generating", "snap.00000000DEADBEEF"] {
        fs::write(folder.join(name), b"").expect("a leftover");
    }
    fs::write(server.data().join("listen"), "127.0.0.1:1\n").expect("a stale address");
    server.start();
    assert_eq!(server.history("r").len(), 20);
}
