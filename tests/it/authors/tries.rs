//! `parlour plugin run`, `explain` and `bench`: one text, a context, costs.

use serde_json::json;

use super::{fixture, put, refused, root, run, text};
use crate::harness::place::Place;

#[test]
fn a_text_is_tried_in_its_context() {
    let place = Place::new();
    let good = fixture("good/flag-all");
    let ran = run(&place, &["plugin", "run", &good, "-t", "ну FLAGME", "--history", "earlier"]);
    assert!(ran.text().contains("\n   ^^^^^^\n"), "{}", ran.out);
    assert!(ran.out.contains("fuel ") && ran.out.contains(" KiB"), "{}", ran.out);
    let context = r#"{"kind":"room","history":[{"text":"a","same_sender":false,"age_seconds":3}]}"#;
    let args = ["plugin", "explain", &good, "-t", "FLAGME", "--context", context];
    let json = run(&place, &[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!(json["findings"][0]["spans"], json!([[0, 0, 6]]));
    assert!(json["fuel"].as_u64() > Some(0) && json["memory_bytes"].as_u64() > Some(0), "{json}");
    let file = put(&place, "context.json", context);
    let file = format!("@{file}");
    run(&place, &["plugin", "run", &good, "-t", "x", "--context", &file]).text();
    assert!(std::fs::read_dir(place.join("data")).is_err(), "trying makes no data directory");
}

#[test]
fn a_number_in_pieces_is_shown_where_it_lies() {
    let place = Place::new();
    let phone = text(&root().join("plugins/dist/phone.wasm"));
    let args = ["plugin", "run", &phone, "-t", "Звоните +7 916 123-45-67", "--format", "json"];
    let json = run(&place, &args).json();
    assert_eq!(json["findings"][0]["category"], json!("phone"), "{json}");
}

#[test]
fn what_cannot_be_tried_is_explained() {
    let place = Place::new();
    let good = fixture("good/flag-all");
    for (context, said) in [
        ("{", "--context: is no JSON"),
        ("[]", "is no JSON object"),
        (r#"{"kin":"room"}"#, "unknown key `kin`; known:"),
        (r#"{"history":[1]}"#, "`history` is a list"),
        ("@/nowhere", "/nowhere"),
    ] {
        refused(&place, &["plugin", "run", &good, "-t", "x", "--context", context], said);
    }
    refused(&place, &["plugin", "run", "/nowhere", "-t", "x"], "/nowhere");
    refused(&place, &["plugin", "run", &fixture("faulty/trap"), "-t", "x"], "crashed");
    refused(&place, &["plugin", "run", &fixture("faulty/endless-loop"), "-t", "x"], "its fuel");
    let settings = ["--settings", r#"{"colour":1}"#];
    let args = ["plugin", "run", &fixture("refused/fails-configure"), "-t", "x"];
    refused(&place, &[&args[..], &settings].concat(), "rejects its configuration");
}

#[test]
fn costs_are_measured_on_both_engines() {
    let place = Place::new();
    let good = fixture("good/flag-all");
    let case = r#"{"text":"a FLAGME b","lang":"en","level":"innocent","labels":[]}"#;
    let cases =
        put(&place, "cases.jsonl", &case.replace("\"level\":\"innocent\"", "\"level\":\"x\""));
    let args = ["plugin", "bench", &good, "--cases", &cases, "--format", "json"];
    let json = run(&place, &args).json();
    let rows = json["rows"].as_array().expect("rows");
    let named = |engine: &str| rows.iter().find(|row| row["engine"] == engine).expect("a row");
    let (jit, interpreter) = (named("jit"), named("interpreter"));
    assert_eq!(jit["fuel_per_byte"], interpreter["fuel_per_byte"], "{json}");
    assert_eq!(jit["failed"], json!(0));
    assert!(jit["memory_kib"].as_u64() > Some(0), "{json}");
    let table = run(&place, &["plugin", "bench", &good, "--cases", &cases]);
    assert!(table.text().contains("p99_us"), "{}", table.out);
    refused(&place, &["plugin", "bench", &fixture("refused/not-wasm")], "is not WebAssembly");
}
