//! The configuration for people: the example file, the table of the README, and what is in force.
//! Shows no secret.

use std::fmt::Write as _;

use super::{
    keys::{self, Default, Entry},
    read::{Origin, Values},
    sections::SECTIONS,
    shape::Value,
};
use crate::domain::id::Kind;

const HEAD: &str = "\
# Configuration of Parlour. Every key is optional; what stands here are the defaults.
# Remove the `#` before a line to change it. Check with `parlour config --check FILE`.
# Each key can also be set by an environment variable: PARLOUR_LISTEN,
# PARLOUR_STORAGE__DURABILITY (two underscores for a dot); lists with commas.
# SIGHUP makes a running server read this file again.
";

const PLUGINS: &str = "
# What stands in place of a link that was stripped, by language (BCP 47).
[moderation.strip_words]
#en = \"[link removed]\"
#ru = \"[ссылка удалена]\"

# A plugin's own configuration; it is handed to the plugin as JSON, and the plugin says what is
# wrong with it. `parlour plugin list` shows the ids.
#[plugin.profanity]
#allow = [\"word\", \"another\"]

# What the server does with a plugin: whether it runs, in which order (lower first), whether one
# instance serves many messages, on_error, for all kinds or as a table by kind, and what of it is on
# trial: all (true) or the rules of this list are counted and shown and change nothing.
#[plugin.profanity.host]
#enabled = true
#priority = 10
#warm = false
#on_error = { order = \"reject\" }
#dry_run = [\"rule\", \"another-rule\"]
";

/// The commented example file; it reads as all defaults.
#[must_use]
pub fn example() -> String {
    let mut text = HEAD.to_owned();
    let mut section = String::new();
    for entry in keys::entries() {
        let (of, name) = entry.path.rsplit_once('.').unwrap_or(("", &entry.path));
        if of != section {
            of.clone_into(&mut section);
            heading(&mut text, &section);
        }
        if is_first_of_its_kinds(&entry) {
            text.push('\n');
            wrap(&mut text, entry.key.doc);
            let _ = writeln!(text, "# Allowed: {}.", entry.key.shape.name());
        }
        let _ = writeln!(text, "#{name} = {}", entry.default);
    }
    text.push_str(PLUGINS);
    text
}

/// The table of the README.
#[must_use]
pub fn markdown() -> String {
    let mut text = "| key | type | default | meaning |\n|---|---|---|---|\n".to_owned();
    for key in keys::KEYS {
        let default = match &key.default {
            Default::One(one) => format!("`{one}`"),
            Default::PerKind([one, rest @ ..]) if rest.iter().all(|other| other == one) => {
                format!("`{one}`")
            }
            Default::PerKind(each) => Kind::ALL
                .iter()
                .zip(each)
                .map(|(kind, default)| format!("{} `{default}`", kind.word()))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {default} | {} |",
            key.path.replace('*', "<kind>"),
            key.shape.name(),
            key.doc.replace('|', "\\|")
        );
    }
    text.push_str(
        "| `moderation.<kind>.<category>`, `moderation.<kind>.<role>.<category>` | annotate or mask or \
         strip or hold or reject | | What to do about a finding, for one role of senders if a role is \
         named. Orders: contacts masked, links stripped, profanity masked, threats and spam rejected; \
         rooms: phones, e-mails and profanity masked; elsewhere profanity masked; the rest annotated. |\n\
         | `moderation.strip_words.<language>` | text | | What stands in place of a stripped link. |\n\
         | `plugin.<id>.<name>` | anything | | The plugin's own configuration. |\n\
         | `plugin.<id>.host` | section | | `enabled`, `priority`, `warm`, `on_error`, `dry_run`: \
         how the server treats the plugin. |\n",
    );
    text
}

/// What is in force, each with where it comes from.
#[must_use]
pub fn show(values: &Values) -> String {
    let mut text = String::new();
    for entry in keys::entries() {
        if let Some(setting) = values.settings.get(&entry.path) {
            let line = format!("{} = {}", entry.path, shown(&entry, &setting.value));
            let _ = writeln!(text, "{line:<60} # {}", origin(&setting.origin));
        }
    }
    for rule in &values.actions {
        let role = rule.role.as_ref().map(|role| format!("{role}.")).unwrap_or_default();
        let path = format!("moderation.{}.{role}{}", rule.kind.word(), rule.category);
        let line = format!("{path} = \"{}\"", rule.action.word());
        let _ = writeln!(text, "{line:<60} # file");
    }
    for (id, plugin) in &values.plugins {
        // A plugin's configuration may hold secrets of its own, so only its names are shown.
        let line = format!("plugin.{id} = {}", names_of(&plugin.config));
        let _ = writeln!(text, "{line:<60} # file");
    }
    text
}

/// [`show`] for programs: one JSON object by key.
#[must_use]
pub fn show_json(values: &Values) -> String {
    let settings = keys::entries().filter_map(|entry| {
        let setting = values.settings.get(&entry.path)?;
        let value = match &setting.value {
            value if hidden(&entry, value) => serde_json::Value::Null,
            Value::Text(text) => text.clone().into(),
            Value::Whole(number) => (*number).into(),
            Value::Flag(flag) => (*flag).into(),
            Value::Texts(texts) => texts.clone().into(),
        };
        let shown = serde_json::json!({ "value": value, "origin": origin(&setting.origin) });
        Some((entry.path, shown))
    });
    serde_json::Value::Object(settings.collect()).to_string()
}

fn hidden(entry: &Entry, value: &Value) -> bool {
    entry.key.secret && *value != Value::Text(String::new())
}

fn shown(entry: &Entry, value: &Value) -> String {
    if hidden(entry, value) { "(hidden)".to_owned() } else { value.to_string() }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File(line) => format!("file, line {line}"),
        Origin::Environment(name) => format!("environment, {name}"),
    }
}

fn names_of(json: &str) -> String {
    let table: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    format!("{{ {} }}", table.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
}

fn heading(text: &mut String, section: &str) {
    text.push('\n');
    let doc = SECTIONS.iter().find(|known| {
        known.name.split_once('*').map_or(known.name == section, |(before, _)| {
            section.strip_prefix(before).is_some_and(|kind| kind == Kind::ALL[0].word())
        })
    });
    if let Some(doc) = doc {
        wrap(text, doc.doc);
    }
    let _ = writeln!(text, "[{section}]");
}

fn is_first_of_its_kinds(entry: &Entry) -> bool {
    entry.path == entry.key.path.replace('*', Kind::ALL[0].word())
}

/// Comment lines of at most 100 characters.
fn wrap(text: &mut String, doc: &str) {
    let mut line = "#".to_owned();
    for word in doc.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > 100 {
            let _ = writeln!(text, "{line}");
            line.truncate(1);
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}
