//! Plugins in other languages than Rust: the contract is the WIT file, not a library of ours.

use serde_json::{Value, json};

use super::fixture;
use crate::harness::{cli, place::Place};

/// The JavaScript engine is interpreted code on a machine of tests: its patience is not what is tried.
const PATIENT: [(&str, &str); 1] = [("PARLOUR_MODERATION__DEADLINE_MS", "10000")];

#[track_caller]
fn check(plugin: &str, text: &str, category: &str, parts: &[&str]) {
    let env = PATIENT.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let place = Place::new();
    let file = fixture(plugin).to_string_lossy().into_owned();
    cli::run(place.path(), &env, &["plugin", "check", &file]).text();
    let ran =
        cli::run(place.path(), &env, &["plugin", "run", &file, "-t", text, "--format", "json"])
            .json();
    let findings = ran["findings"].as_array().cloned().unwrap_or_default();
    assert!(findings.iter().all(|finding| finding["category"] == json!(category)), "{ran}");
    let at =
        |value: &Value| value.as_u64().and_then(|at| usize::try_from(at).ok()).expect("a place");
    let found: Vec<&str> = findings
        .iter()
        .flat_map(|finding| finding["spans"].as_array().cloned().unwrap_or_default())
        .map(|span| &text[at(&span[1])..at(&span[2])])
        .collect();
    assert_eq!(found, parts, "{ran}");
    let settings = ["plugin", "run", &file, "-t", text, "--settings", "{\"colour\": 1}"];
    let refused = cli::run(place.path(), &env, &settings);
    assert!(refused.code == Some(1) && refused.err.contains("colour: the plugin has no such key"), "{refused:?}");
}

#[test]
fn a_plugin_in_c_finds_bank_accounts() {
    let text =
        "счёт ＤＥ89 3704 0044 0532 0130 00 или GB29NWBK60161331926819, не DE89370400440532013001";
    let parts = ["ＤＥ89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"];
    check("good/c-iban", text, "bank-account", &parts);
}

#[test]
fn a_plugin_in_javascript_finds_payment_cards() {
    let text = "Карта ４111 1111 1111 1111, вторая 5555-5555-5555-4444, заказ 4111 1111 1111 1112";
    let parts = ["４111 1111 1111 1111", "5555-5555-5555-4444"];
    check("good/js-card", text, "payment-card", &parts);
}
