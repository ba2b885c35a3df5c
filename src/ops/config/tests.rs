//! What a configuration may say, what each mistake is answered, and that the list of keys, the example
//! and the defaults of the domain agree.

use std::{collections::BTreeMap, path::Path, time::Duration};

use super::{
    environment::Environment,
    keys,
    present::{example, markdown, show, show_json},
    read::{Mistakes, Values, read},
    resolved::{Resolved, resolve},
};
use crate::{
    domain::{
        id::Kind,
        moderation::{Action, OnError},
        policy::Policy,
        redact::{StripWords, Table},
    },
    gateway::GatewaySettings,
    http::HttpSettings,
    moderation::{EngineChoice, ModerationSettings},
    store::{Durability, StoreSettings},
};

fn values(text: &str, variables: &[(&str, &str)]) -> Result<Values, Mistakes> {
    let pairs = variables.iter().map(|(name, value)| (name.into(), value.into()));
    read(Some((Path::new("p.toml"), text)), &Environment::from_pairs(pairs))
}

#[track_caller]
fn resolved(text: &str) -> Resolved {
    let values = values(text, &[]).unwrap();
    resolve(&values, &Environment::default(), None).unwrap()
}

#[track_caller]
fn wrong(text: &str, want: &[&str]) {
    let said = values(text, &[]).map(drop).unwrap_err().to_string();
    assert_eq!(said.lines().collect::<Vec<_>>(), want);
}

#[track_caller]
fn wrong_variable(name: &str, value: &str, want: &str) {
    let said = values("", &[(name, value)]).map(drop).unwrap_err().to_string();
    assert_eq!(said, want);
}

#[test]
fn the_defaults_are_the_folders_own() {
    let resolved = resolved("");
    assert_eq!(resolved.chat.policies, Kind::ALL.map(Policy::default_for));
    assert_eq!(resolved.chat.moderation, Table::default());
    assert_eq!(resolved.chat.strip_words, StripWords::default());
    assert_eq!(resolved.store, StoreSettings::default());
    let own = ModerationSettings::new("data/plugins", "data");
    assert_eq!(format!("{:?}", resolved.moderation), format!("{own:?}"));
    // One key says for HTTP and WebSocket alike how long a peer may stall.
    let http = HttpSettings { stall_timeout: Duration::from_secs(30), ..HttpSettings::default() };
    assert_eq!(format!("{:?}", resolved.http), format!("{http:?}"));
    assert_eq!(format!("{:?}", resolved.gateway), format!("{:?}", GatewaySettings::default()));
    assert_eq!(resolved.listen, ["127.0.0.1:8080".parse().unwrap()]);
    assert!(resolved.metrics_listen.is_empty());
    assert_eq!(resolved.data_dir, Path::new("data"));
    assert_eq!(resolved.auth.secret_file, Path::new("data/signing.key"));
    assert!(resolved.auth.secret_is_ours && !resolved.chat.open_rooms);
}

#[test]
fn the_example_reads_as_the_defaults() {
    let text = example();
    let read = values(&text, &[]).unwrap();
    let defaults = values("", &[]).unwrap();
    assert_eq!(show(&read), show(&defaults));
    assert!(text.contains("loss window"));
    assert!(text.lines().all(|line| line.chars().count() <= 100), "a line is too long");
}

#[test]
fn the_packaged_example_is_the_programs() {
    let packaged = include_str!("../../../packaging/parlour.toml");
    assert!(packaged == example(), "run `cargo run -- config --example > packaging/parlour.toml`");
}

#[test]
fn the_example_with_every_line_in_force_reads_as_the_defaults() {
    let uncommented: Vec<String> = example()
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => rest.to_owned(),
            _ => line.to_owned(),
        })
        .collect();
    let read = values(&uncommented.join("\n"), &[]).unwrap();
    let defaults = values("", &[]).unwrap();
    let plain = |values: &Values| -> BTreeMap<String, String> {
        values.settings.iter().map(|(path, s)| (path.clone(), s.value.to_string())).collect()
    };
    assert_eq!(plain(&read), plain(&defaults));
    assert_eq!(read.plugins["profanity"].config, r#"{"allow":["word","another"]}"#);
    assert_eq!(read.plugins["profanity"].on_error[&Kind::Order], OnError::Reject);
    assert!(read.plugins["profanity"].dry_run.has("another-rule"));
}

#[test]
fn every_key_is_named_once_and_documented() {
    let mut seen = std::collections::BTreeSet::new();
    for entry in keys::entries() {
        assert!(entry.key.doc.ends_with('.'), "{}", entry.path);
        assert!(seen.insert(entry.path.clone()), "{} is there twice", entry.path);
        let section = entry.key.section();
        assert!(
            section.is_empty()
                || super::sections::SECTIONS.iter().any(|known| known.name == section),
            "{section} has no heading"
        );
    }
    assert_eq!(markdown().lines().count(), 2 + keys::KEYS.len() + 4);
}

#[test]
fn a_file_sets_values() {
    let read = resolved(
        "listen = '[::]:80'\ndata_dir = '/srv/p'\n[storage]\ndurability = 'interval'\n\
         [policy.order]\nedit_window_s = -1\n[moderation]\nengine = 'interpreter'\non_error = 'reject'\n\
         [moderation.order]\nchain = ['phone']\n[moderation.room]\non_error = 'hold'\n\
         [plugin.rules]\nwords = ['a', { b = 1.5 }]\nsince = 2024-01-01\n[plugin.rules.host]\nwarm = true",
    );
    assert_eq!(read.listen, ["[::]:80".parse().unwrap()]);
    assert_eq!(read.data_dir, Path::new("/srv/p"));
    assert_eq!(read.store.durability, Durability::Interval { interval_ms: 200 });
    assert_eq!(read.chat.policies[4].edit_window_ms, None);
    assert_eq!(read.moderation.engine, EngineChoice::Interpreter);
    assert_eq!(read.moderation.on_error[&Kind::Room], OnError::Hold);
    assert_eq!(read.moderation.on_error[&Kind::Order], OnError::Reject);
    assert_eq!(read.moderation.chains[&Kind::Order], ["phone"]);
    let rules = &read.moderation.plugins["rules"];
    let config: serde_json::Value = serde_json::from_str(&rules.config).unwrap();
    assert_eq!(config, serde_json::json!({"since": "2024-01-01", "words": ["a", {"b": 1.5}]}));
    assert!(rules.warm && rules.enabled);
}

#[test]
fn a_file_says_what_to_do_about_findings() {
    let read = resolved(
        "[moderation]\nconfidence_min = 0\n[moderation.support]\nphone = 'mask'\n'*' = 'hold'\n\
         [moderation.support.operator]\nphone = 'annotate'\n[moderation.strip_words]\nde = '[weg]'",
    );
    let mut table = Table::default();
    table.set_confidence_min(0);
    table.set(Kind::Support, "phone", None, Action::Mask);
    table.set(Kind::Support, "*", None, Action::Hold);
    table.set(Kind::Support, "phone", Some("operator"), Action::Annotate);
    assert_eq!(read.chat.moderation, table);
    assert_eq!(read.chat.strip_words.words(&["de".to_owned()], ""), "[weg]");
}

#[test]
fn mistakes_name_the_line_and_what_was_meant() {
    wrong("lisen = 'x'", &["p.toml:1: unknown key `lisen`; did you mean `listen`?"]);
    wrong(
        "\n[storage]\ndurabilty = 'sync'\ncolour = 1",
        &[
            "p.toml:4: unknown key `storage.colour`",
            "p.toml:3: unknown key `storage.durabilty`; did you mean `storage.durability`?",
        ],
    );
    wrong(
        "durability = 'sync'",
        &["p.toml:1: unknown key `durability`; did you mean `storage.durability`?"],
    );
    wrong("[storag]\nx = 1", &["p.toml:1: unknown key `storag`; did you mean `storage`?"]);
    wrong(
        "[policy.oder]\nx = 1",
        &["p.toml:1: unknown key `policy.oder`; did you mean `policy.order`?"],
    );
    wrong(
        "[storage]\ninterval_ms = '200'",
        &["p.toml:2: `storage.interval_ms` must be a whole number from 10 to 1000, not a text"],
    );
    wrong(
        "[storage]\n\ninterval_ms = 5",
        &["p.toml:3: `storage.interval_ms` must be from 10 to 1000, not 5"],
    );
    wrong(
        "[storage]\ninterval_ms = 99999999999999999999",
        &["p.toml:2: `storage.interval_ms` is a number that is too large"],
    );
    wrong(
        "[storage]\ninterval_ms = 1.5",
        &["p.toml:2: `storage.interval_ms` cannot be a number with a fraction"],
    );
    wrong("listen = [1]", &["p.toml:1: `listen` must be a list of texts; it holds a number"]);
    wrong("storage = 1", &["p.toml:1: `storage` is a section; write `[storage]`"]);
    wrong("[listen]\nx = 1", &["p.toml:1: `listen` cannot be a section"]);
}

#[test]
fn mistakes_of_the_open_parts_are_told() {
    wrong(
        "[moderation.order]\non_eror = 'hold'",
        &[
            "p.toml:2: unknown key `moderation.order.on_eror`; did you mean `moderation.order.on_error`?",
        ],
    );
    wrong(
        "[moderation.order]\nphone = 'maks'",
        &[
            "p.toml:2: `moderation.order.phone` must be one of `annotate`, `mask`, `strip`, `hold`, \
           `reject`, not `maks`; did you mean `mask`?",
        ],
    );
    wrong(
        "[moderation.order]\nphone = 1",
        &["p.toml:2: `moderation.order.phone` must be an action in quotes"],
    );
    wrong(
        "[plugin.phone.host]\nenabld = true",
        &["p.toml:2: `plugin.phone.host` has no key `enabld`; did you mean `enabled`?"],
    );
    wrong("[plugin.phone]\nhost = 1", &["p.toml:2: `plugin.phone.host` must be a section"]);
    let nested = format!("[plugin.x]\na = {}1{}", "[".repeat(40), "]".repeat(40));
    wrong(&nested, &["p.toml:1: `plugin.x` is nested deeper than 16 levels"]);
}

#[test]
fn broken_toml_names_the_line() {
    let said = values("a = 1\nb = \n", &[]).map(drop).unwrap_err().to_string();
    assert!(said.starts_with("p.toml:2: "), "{said}");
    let said = values(&"x".repeat(2_000_000), &[]).map(drop).unwrap_err().to_string();
    assert_eq!(said, "p.toml:1: the file is larger than 1048576 bytes");
}

#[test]
fn the_environment_overrides_the_file() {
    let file = "listen = '127.0.0.1:1'\n[storage]\ndurability = 'sync'";
    let read = values(
        file,
        &[("PARLOUR_LISTEN", "127.0.0.1:2, [::1]:3"), ("PARLOUR_STORAGE__DURABILITY", "interval")],
    );
    let read = resolve(&read.unwrap(), &Environment::default(), None).unwrap();
    assert_eq!(read.listen.len(), 2);
    assert!(matches!(read.store.durability, Durability::Interval { .. }));
}

#[test]
fn wrong_variables_are_told() {
    wrong_variable(
        "PARLOUR_LISTN",
        "x",
        "PARLOUR_LISTN: no key of the configuration has this name; did you mean `PARLOUR_LISTEN`?",
    );
    wrong_variable(
        "PARLOUR_STORAGE_DURABILITY",
        "sync",
        "PARLOUR_STORAGE_DURABILITY: no key of the configuration has this name; did you mean \
         `PARLOUR_STORAGE__DURABILITY`?",
    );
    wrong_variable(
        "PARLOUR_SMS__OPEN_ROOMS",
        "perhaps",
        "PARLOUR_SMS__OPEN_ROOMS: `sms.open_rooms` must be true or false",
    );
}

#[test]
fn contradictions_are_told() {
    let contrary = |text: &str| {
        resolve(&values(text, &[]).unwrap(), &Environment::default(), None).map(drop).unwrap_err()
    };
    let long = "x".repeat(32);
    let both = format!("[auth]\nsecret = '{long}'\nsecret_file = '/x'");
    assert_eq!(contrary(&both), "`auth.secret` and `auth.secret_file` are both set; keep one");
    assert_eq!(contrary("[auth]\nsecret = 'short'"), "`auth.secret` is shorter than 32 bytes");
    assert_eq!(
        contrary("listen = '[::]:80'\n[metrics]\nlisten = ['127.0.0.1:9', '[::]:80']"),
        "`listen` and `metrics.listen` both name [::]:80"
    );
    assert!(contrary("[cors]\norigins = '*'\ncredentials = true").contains("name the origins"));
    assert!(contrary("[cors]\norigins = ['*', 'https://a.example']").contains("stands alone"));
}

#[test]
fn contacts_open_from_a_known_state() {
    let read = resolved(
        "[moderation]\nallow = ['example.com']\ncontacts = ['phone']\n\
         [moderation.order]\nstates = ['new', 'agreed']\ncontacts_allowed_from = 'agreed'\n\
         [plugin.phone.host]\ndry_run = true\n[plugin.email.host]\ndry_run = ['words']",
    );
    let table = &read.chat.moderation;
    assert_eq!(table.closed_until(Kind::Order, Some("new")), Some("agreed"));
    assert_eq!(table.closed_until(Kind::Order, Some("agreed")), None);
    assert_eq!(table.closed_until(Kind::Room, None), None);
    assert!(table.is_contact("phone") && !table.is_contact("email"));
    assert_eq!(read.moderation.allow, ["example.com"]);
    assert!(read.moderation.plugins["phone"].dry_run.has("anything"));
    let words = &read.moderation.plugins["email"].dry_run;
    assert!(words.has("words") && !words.has("plain"));
    let contrary = |text: &str| {
        resolve(&values(text, &[]).unwrap(), &Environment::default(), None).map(drop).unwrap_err()
    };
    assert_eq!(
        contrary("[moderation.order]\ncontacts_allowed_from = 'acepted'"),
        "`moderation.order.contacts_allowed_from` names the unknown state `acepted`; \
         `moderation.order.states` has `created`, `accepted`, `paid`, `done`; did you mean `accepted`?"
    );
    assert_eq!(
        contrary("[moderation.room]\nstates = ['a', 'b', 'a']"),
        "`moderation.room.states` names `a` twice"
    );
    wrong(
        "[plugin.phone.host]\ndry_run = 'yes'",
        &["p.toml:2: `plugin.phone.host` has a `dry_run` of the wrong type"],
    );
}

#[test]
fn directories_have_an_order() {
    let environment =
        Environment { state_directory: Some("/var/lib/parlour".into()), ..Environment::default() };
    let dir = |text: &str, flag: Option<&str>| {
        let values = values(text, &[]).unwrap();
        resolve(&values, &environment, flag.map(Path::new)).unwrap().data_dir
    };
    assert_eq!(dir("", None), Path::new("/var/lib/parlour"));
    assert_eq!(dir("data_dir = '/a'", None), Path::new("/a"));
    assert_eq!(dir("data_dir = '/a'", Some("/b")), Path::new("/b"));
}

#[test]
fn secrets_are_not_shown() {
    let secret = "s3cr3t-".repeat(6);
    let text = format!("[auth]\nsecret = '{secret}'\n[plugin.x]\ntoken = '{secret}'");
    let values = values(&text, &[]).unwrap();
    let resolved = resolve(&values, &Environment::default(), None).unwrap();
    for shown in [show(&values), show_json(&values), format!("{:?}", resolved.auth)] {
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
    assert!(show(&values).contains("auth.secret = (hidden)"));
    assert!(show(&values).contains("# file, line 2"));
}
