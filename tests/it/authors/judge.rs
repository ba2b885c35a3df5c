//! `parlour plugin test`: the shipped plugins keep their floors; figures, floors and bad input of others.

use serde_json::{Value, json};

use super::{fixture, put, refused, root, run, text};
use crate::harness::{cli, place::Place};

const CASES: &str = r#"{"text":"a FLAGME b","lang":"en","level":"plain","labels":[{"category":"profanity","start":2,"end":8}]}
{"text":"flagme","lang":"en","level":"obfuscated","labels":[{"category":"profanity","start":0,"end":6}]}
{"text":"nothing","lang":"en","level":"innocent","labels":[]}
"#;

/// Judges what ships in the sandbox; the same floors hold natively, in plugins/trial.
#[track_caller]
fn shipped(cases: &[&str]) {
    let place = Place::new();
    let files = std::fs::read_dir(root().join("plugins/dist")).expect("plugins/dist").flatten();
    let mut plugins: Vec<String> = files
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .map(|path| text(&path))
        .collect();
    plugins.sort();
    let floors = text(&root().join("tests/fixtures/moderation/floors.tsv"));
    let mut args = vec!["plugin", "test"];
    args.extend(plugins.iter().map(String::as_str));
    args.extend(cases);
    args.extend(["--floors", &floors]);
    let mut command = cli::command(&[]);
    command.args(args).current_dir(place.path());
    // Thousands of messages through eight sandboxes, by an unoptimised server on a busy machine.
    let ran = cli::finish_within(1200, command);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
}

#[test]
fn shipped_plugins_keep_their_floors_on_labelled_messages() {
    let seen = root().join("tests/fixtures/moderation");
    shipped(&["--cases", &text(&seen)]);
    if seen.join("unseen").is_dir() {
        shipped(&["--cases", &text(&seen.join("unseen"))]);
    }
}

#[test]
fn shipped_plugins_keep_their_floors_on_made_messages() {
    shipped(&["--generate", "2000", "--seed", "1"]);
}

#[test]
fn figures_are_told_to_people_and_programs() {
    let place = Place::new();
    let (good, cases) = (fixture("good/flag-all"), put(&place, "cases.jsonl", CASES));
    let args = ["plugin", "test", &good, "--cases", &cases, "--wrong"];
    let ran = run(&place, &args);
    assert!(ran.text().contains("missed profanity: \"flagme\""), "{}", ran.out);
    assert!(ran.out.contains("innocent messages altered: 0 of 1"), "{}", ran.out);
    let json = run(&place, &[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!((&json["ok"], &json["plugins"]), (&json!(true), &json!(["flag-all"])));
    let rows = json["sets"][0]["rows"].as_array().expect("rows");
    let row = |level: &str| -> &Value {
        let all = |row: &&Value| row["category"] == "profanity" && row["lang"] == "all";
        rows.iter().filter(all).find(|row| row["level"] == level).expect("a row")
    };
    assert_eq!((&row("plain")["recall"], &row("all")["recall"]), (&json!(1.0), &json!(0.5)));
    assert_eq!(json["sets"][0]["wrong"][0]["kind"], json!("missed"));
    let samples = run(&place, &["plugin", "test", &good]);
    assert!(samples.text().starts_with("samples: 2 messages"), "{}", samples.out);
}

#[test]
fn what_is_made_is_the_same_each_time() {
    let place = Place::new();
    let good = fixture("good/flag-all");
    let made = |seed: &str| {
        let args = ["plugin", "test", &good, "--generate", "300", "--seed", seed, "--format"];
        run(&place, &[&args[..], &["json", "--wrong"]].concat()).json()
    };
    let (first, again, other) = (made("5"), made("5"), made("6"));
    assert_eq!(first, again);
    assert_ne!(first["sets"][0]["wrong"], other["sets"][0]["wrong"]);
    assert_eq!(first["sets"][0]["set"], json!("generated-300-5"));
}

#[test]
fn a_figure_below_its_floor_fails() {
    let place = Place::new();
    let (good, cases) = (fixture("good/flag-all"), put(&place, "cases.jsonl", CASES));
    let floors = text(&place.join("floors.tsv"));
    let args = ["plugin", "test", &good, "--cases", &cases];
    run(&place, &[&args[..], &["--write-floors", &floors]].concat()).text();
    run(&place, &[&args[..], &["--floors", &floors]].concat()).text();
    let other = fixture("good/flag-all-v2");
    let worse = ["plugin", "test", &other, "--cases", &cases, "--floors", &floors];
    refused(&place, &worse, "recall of profanity, plain, en is 0.0000, its floor 0.995");
    put(&place, "floors.tsv", "cases\tprofanity\tplain\ten\t1\t1\t1\tx\t-\n");
    refused(&place, &worse, "floors.tsv:1: `x` is no share");
    refused(&place, &[&args[..], &["--floors", "/nowhere"]].concat(), "/nowhere");
    refused(&place, &[&args[..], &["--write-floors", "/nowhere/f"]].concat(), "/nowhere/f");
}

#[test]
fn bad_cases_are_told_with_their_line() {
    let place = Place::new();
    let good = fixture("good/flag-all");
    let check = |cases: &str, said: &str| {
        refused(&place, &["plugin", "test", &good, "--cases", cases], said);
    };
    let mixed = format!("{CASES}\n{{\"text\":");
    check(&put(&place, "mixed.jsonl", &mixed), "mixed.jsonl:5: is no JSON");
    let label = CASES.replace("\"start\":2", "\"start\":99");
    check(&put(&place, "label.jsonl", &label), "label.jsonl:1: has a label");
    std::fs::write(place.join("noise.jsonl"), [0xff, 0xfe, b'\n']).expect("a file");
    check(&text(&place.join("noise.jsonl")), "noise.jsonl:1: is not UTF-8");
    check("/nowhere.jsonl", "/nowhere.jsonl");
    let big = std::fs::File::create(place.join("big.jsonl")).expect("a file");
    big.set_len(80 << 20).expect("80 MiB");
    check(&text(&place.join("big.jsonl")), "has 80 MiB; at most 64 MiB");
    check(&put(&place, "deep.jsonl", &"[".repeat(1 << 20)), "deep.jsonl:1: is no JSON");
    std::fs::create_dir(place.join("none")).expect("a folder");
    check(&text(&place.join("none")), "holds no cases");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        place.join("pipe.jsonl"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a pipe");
    check(&text(&place.join("pipe.jsonl")), "is no file");
}

#[test]
fn bad_plugins_are_explained() {
    let place = Place::new();
    let cases = put(&place, "cases.jsonl", CASES);
    let check = |plugins: &[&str], said: &str| {
        let args = [&["plugin", "test"], plugins, &["--cases", &cases]].concat();
        refused(&place, &args, said);
    };
    check(&[&fixture("refused/not-wasm")], "is not WebAssembly");
    check(&["/nowhere.wasm"], "/nowhere.wasm");
    check(&[&fixture("faulty/trap")], "cases.jsonl:1: trap: crashed");
    check(&[&fixture("faulty/endless-loop")], "used up its fuel");
    check(&[&fixture("faulty/memory-bomb")], "of memory in check");
    let good = fixture("good/flag-all");
    check(&[&good, &fixture("good/flag-all-v2")], "provides already");
    check(&[&good, &fixture("faulty/trap")], "trap: crashed");
}
