//! Configuration that is wrong: refused before anything happens, with the place and, for a misspelt
//! key, the nearest known one.

use crate::harness::{Setup, cli};

/// A file with this text is refused, and the sentence holds these words.
#[track_caller]
fn check_file(text: &str, words: &[&str]) {
    let setup = Setup::bare().config(text);
    let path = setup.place().join("parlour.toml").to_string_lossy().into_owned();
    let args = ["config", "--check", "--config", &path];
    let checked = cli::run(setup.place().path(), setup.envs(), &args);
    assert_ne!(checked.code, Some(0), "{text}: {checked:?}");
    let said = checked.out + &checked.err;
    for word in words {
        assert!(said.contains(word), "{text}: no {word} in {said}");
    }
    let data = setup.place().data();
    let mut server = setup.spawn();
    let status = server.await_end(60);
    assert!(status.code().is_some_and(|code| code != 0), "{text}: {status}");
    for word in words {
        assert!(server.log().contains(word), "{text}: no {word} in {}", server.log());
    }
    assert!(!data.join("sled").exists() && !data.join("listen").exists(), "nothing was begun");
}

#[test]
fn mistakes_are_named_with_their_place() {
    check_file("\n\nlisen = \"127.0.0.1:0\"\n", &["lisen", "listen", "3"]);
    check_file("[limits]\nbody_max_byte = 5000\n", &["body_max_byte", "body_max_bytes", "2"]);
    check_file("[limit]\nbody_max_bytes = 5000\n", &["limit", "limits"]);
    check_file("[limits]\nbody_max_bytes = \"many\"\n", &["body_max_bytes", "2"]);
    check_file("[limits]\nbody_max_bytes = -1\n", &["body_max_bytes", "1024"]);
    check_file("[storage]\ndurability = \"maybe\"\n", &["durability", "sync", "interval"]);
    check_file("listen = \"not an address\"\n", &["listen"]);
    check_file("[sms]\nopen_rooms = 1\n", &["open_rooms", "2"]);
    check_file("[limits\n", &["1"]);
    check_file("[moderation.rooms]\nphone = \"mask\"\n", &["rooms", "room"]);
    check_file("[moderation.room]\nphone = \"msk\"\n", &["msk", "mask"]);
}

#[test]
fn environment_variables_are_checked_too() {
    for (name, value, word) in [
        ("PARLOUR_LIMITS__BODY_MAX_BYTES", "x", "BODY_MAX_BYTES"),
        ("PARLOUR_LIMITS__BODY_MAX_BYTE", "5000", "BODY_MAX_BYTES"),
        ("PARLOUR_AUTH__SECRET", "short", "32"),
    ] {
        let mut server = Setup::bare().env(name, value).spawn();
        let status = server.await_end(60);
        assert!(status.code().is_some_and(|code| code != 0), "{name}={value}: {status}");
        assert!(server.log().contains(word), "{name}={value}: {}", server.log());
    }
}

#[test]
fn the_example_is_a_configuration() {
    let setup = Setup::bare();
    let root = setup.place().path();
    let example = cli::run(root, &[], &["config", "--example"]).text().to_owned();
    let path = setup.place().join("example.toml");
    std::fs::write(&path, &example).expect("a file");
    let path = path.to_string_lossy().into_owned();
    cli::run(root, &[], &["config", "--check", "--config", &path]).text();
    // With every key uncommented it must still be one: the defaults shown are values it accepts.
    let keys = example
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if rest.trim_start().split(' ').nth(1) == Some("=") => rest.trim_start(),
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n");
    let parsed: Result<toml::Table, _> = toml::from_str(&keys);
    let parsed = parsed.unwrap_or_else(|e| panic!("{e}\n{keys}"));
    assert!(parsed.len() > 3, "{parsed:?}");
    assert!(example.contains("lose"), "the loss window of `interval` is stated");
}

#[test]
fn show_hides_secrets() {
    let setup = Setup::bare();
    let data = setup.place().data().to_string_lossy().into_owned();
    let args = ["config", "--show", "--data", &data];
    let shown = cli::run(setup.place().path(), setup.envs(), &args);
    assert!(!shown.text().contains(crate::harness::token::SECRET), "{}", shown.out);
    assert!(shown.out.contains("127.0.0.1:0"), "{}", shown.out);
}
