//! `[plugin.<id>.host]`: what the server, not the plugin, is told about a plugin. Loads no plugin.

use toml::de::{DeTable, DeValue};

use crate::{
    domain::{id::Kind, moderation::OnError},
    moderation::{DryRun, PluginSettings},
    ops::nearest::suggestion,
};

const NAMES: [&str; 5] = ["enabled", "priority", "warm", "on_error", "dry_run"];

/// Reads the table; `on_error` is one word for every kind or a table by kind, `dry_run` is `true` or a
/// list of rules.
///
/// # Errors
/// Where the mistake is, in bytes from the begin of the file, and the rest of a sentence that begins
/// with the table's name.
pub fn read(table: &DeTable<'_>) -> Result<PluginSettings, (usize, String)> {
    let mut host = PluginSettings::default();
    for (name, value) in table {
        set(&mut host, name.get_ref(), value.get_ref())
            .map_err(|said| (name.span().start, said))?;
    }
    Ok(host)
}

fn set(host: &mut PluginSettings, name: &str, value: &DeValue<'_>) -> Result<(), String> {
    match (name, value) {
        ("enabled", DeValue::Boolean(flag)) => host.enabled = *flag,
        ("warm", DeValue::Boolean(flag)) => host.warm = *flag,
        ("priority", DeValue::Integer(number)) => {
            let read = i32::from_str_radix(number.as_str(), number.radix());
            host.priority = Some(read.map_err(|_| "has a priority that is too large")?);
        }
        ("on_error", DeValue::String(word)) => {
            let rule = on_error(word)?;
            host.on_error = Kind::ALL.into_iter().map(|kind| (kind, rule)).collect();
        }
        ("on_error", DeValue::Table(kinds)) => {
            for (kind, word) in kinds {
                let kind = kind.get_ref();
                let kind = Kind::from_word(kind).ok_or_else(|| {
                    let hint = suggestion(kind, Kind::ALL.map(Kind::word));
                    format!("names the unknown kind `{}`{hint}", kind.escape_debug())
                })?;
                host.on_error.insert(kind, on_error(word.get_ref().as_str().unwrap_or_default())?);
            }
        }
        ("dry_run", DeValue::Boolean(true)) => host.dry_run = DryRun::Everything,
        ("dry_run", DeValue::Boolean(false)) => host.dry_run = DryRun::Nothing,
        ("dry_run", DeValue::Array(rules)) => {
            let rules = rules.iter().map(|rule| rule.get_ref().as_str().map(str::to_owned));
            let rules = rules.collect::<Option<_>>();
            host.dry_run = DryRun::Rules(rules.ok_or("has a `dry_run` that is no list of rules")?);
        }
        (name, _) if NAMES.contains(&name) => {
            return Err(format!("has a `{name}` of the wrong type"));
        }
        (name, _) => {
            let hint = suggestion(name, NAMES);
            return Err(format!("has no key `{}`{hint}", name.escape_debug()));
        }
    }
    Ok(())
}

const RULES: [(&str, OnError); 3] = [
    ("deliver-flagged", OnError::DeliverFlagged),
    ("hold", OnError::Hold),
    ("reject", OnError::Reject),
];

/// The rule with this word; `None` for the empty word.
#[must_use]
pub fn rule(word: &str) -> Option<OnError> {
    RULES.into_iter().find(|(known, _)| *known == word).map(|(_, rule)| rule)
}

fn on_error(word: &str) -> Result<OnError, String> {
    rule(word).ok_or_else(|| {
        let hint = suggestion(word, RULES.map(|(known, _)| known));
        format!(
            "has an on_error `{}`, not `deliver-flagged`, `hold` or `reject`{hint}",
            word.escape_debug()
        )
    })
}
