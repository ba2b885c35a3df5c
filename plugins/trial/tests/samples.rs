//! The samples in each manifest, judged natively exactly as the host judges them at load.

use parlour_guest::{Context, Earlier, Json, Message};
use parlour_trial::{Judge, builtin};

#[track_caller]
fn check(plugin: &Judge) {
    let manifest: serde_json::Value =
        serde_json::from_str(plugin.manifest).expect("manifest is JSON");
    for member in ["title", "description", "license", "author", "api", "categories", "languages"] {
        assert!(manifest.get(member).is_some(), "{}: no {member}", plugin.id);
    }
    let samples = manifest["samples"].as_array().expect("samples");
    let (mut with, mut without, mut wrong) = (0, 0, Vec::new());
    for sample in samples {
        let text = sample["text"].as_str().expect("a text").to_owned();
        let mut expected: Vec<&str> = sample["expect"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|c| c.as_str())
            .collect();
        expected.sort_unstable();
        if expected.is_empty() {
            without += 1
        } else {
            with += 1
        }
        let message = Message { text: text.clone(), ..Message::default() };
        let earlier = sample["history"].as_array().into_iter().flatten().map(|past| Earlier {
            text: past["text"].as_str().expect("a text").to_owned(),
            same_sender: past["same_sender"].as_bool().unwrap_or(true),
            ..Earlier::default()
        });
        let context = Context { history: earlier.collect(), ..Context::default() };
        let found = match sample.get("config") {
            Some(config) => {
                let config = Json::read(&config.to_string()).expect("a configuration");
                plugin.with(&config).check(&message, &context)
            }
            None => plugin.check(&message, &context),
        };
        let mut got: Vec<&str> = found.iter().map(|f| f.category.as_str()).collect();
        got.sort_unstable();
        got.dedup();
        if got != expected {
            wrong.push((text, expected, found.clone()).0);
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", plugin.id);
    assert!(with >= 8 && without >= 8, "{}: {with} with, {without} without", plugin.id);
}

#[test]
fn every_plugin_finds_what_its_samples_say() {
    builtin().iter().for_each(check);
}
