//! The first start makes everything and says how to use it; what it says works when pasted. The second
//! start prints one line.

use std::os::unix::fs::PermissionsExt;

use crate::harness::{Request, Server, Setup, cli};

fn fresh() -> Setup {
    Setup::moderated()
        .without_arguments()
        .without_env("PARLOUR_AUTH__SECRET")
        .without_env("PARLOUR_LOG")
}

/// The commands of the output that begin with `word`, with their continued lines.
fn commands(out: &str, word: &str) -> Vec<String> {
    let joined = out.replace("\\\n", " ");
    joined
        .lines()
        .map(|line| line.trim().trim_start_matches("$ "))
        .filter(|line| line.starts_with(word))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn paste(server: &Server, command: &str) -> String {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", command]).current_dir(server.setup().place().path());
    cli::finish(cli::clean(shell, &[])).text().to_owned()
}

#[test]
fn what_the_first_start_prints_works_when_pasted() {
    let mut server = fresh().start();
    let out = server.out();
    let curls = commands(&out, "curl ");
    assert!(!curls.is_empty(), "no curl lines in:\n{out}");
    let mut accepted = 0;
    for command in &curls {
        let answer = paste(&server, command);
        assert!(!answer.contains("\"error\""), "{command}\n{answer}");
        accepted += usize::from(answer.contains("\"success\":true"));
    }
    assert!(accepted >= 1, "one of them posts a message:\n{out}");
    let address = server.address();
    let sockets = out.lines().filter(|line| line.contains(&format!("ws://{address}/ws"))).count();
    assert!(sockets >= 1, "a WebSocket line with the address in use:\n{out}");
    let token = out
        .split(|c: char| c.is_whitespace() || "'\"=&".contains(c))
        .find(|word| word.starts_with("eyJ") && word.matches('.').count() == 2)
        .unwrap_or_else(|| panic!("no token in:\n{out}"));
    let mut live = crate::harness::Live::open(&server, crate::harness::Flavour::Json);
    live.ok(serde_json::json!({"op": "hello", "token": token}));

    let before = server.out().len();
    server.terminate();
    server.start();
    let second = server.out()[before..].to_owned();
    assert!(second.lines().count() <= 1, "a second start prints one line:\n{second}");
    assert!(
        !second.contains("plk_") && !second.contains("eyJ"),
        "secrets are shown once: {second}"
    );
}

#[test]
fn the_first_start_makes_its_directory() {
    let server = fresh().start();
    let data = server.data();
    let toml = ["parlour.toml", "../parlour.toml"].map(|name| data.join(name));
    assert!(toml.iter().any(|path| path.is_file()), "a commented configuration");
    let plugins = std::fs::read_dir(data.join("plugins")).expect("plugins").count();
    assert!(plugins >= 4, "{plugins} plugins");
    let mode = std::fs::metadata(&data).expect("the directory").permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else may look in: {mode:o}");
    for entry in std::fs::read_dir(&data).expect("the directory") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("its data").permissions().mode();
        assert_eq!(mode & 0o022, 0, "{:?} may be written by others: {mode:o}", entry.file_name());
    }
    let listed = server.run(&["plugin", "list"]);
    for id in ["phone", "email", "links", "profanity"] {
        assert!(listed.text().contains(id), "{}", listed.out);
    }
}

#[test]
fn init_prepares_and_serve_finds_it() {
    let setup = fresh();
    let data = setup.place().data().to_string_lossy().into_owned();
    let env = setup.envs().to_vec();
    let root = setup.place().path().to_owned();
    cli::run(&root, &env, &["init", "--data", &data]).text();
    let files = std::fs::read_dir(&data).expect("a directory").count();
    assert!(files > 0);
    let again = cli::run(&root, &env, &["init", "--data", &data]);
    assert!(!again.out.contains("plk_"), "init does not make a second key: {again:?}");
    let server = setup.start();
    assert_eq!(server.ask(&Request::get("/readyz")).status, 200);
}
