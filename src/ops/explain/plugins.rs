//! What administrators are told about plugins: the list, one in full, what its rules did, and what was
//! decided about them. Shapes answers; asks nobody.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    domain::nearest::suggestion,
    moderation::{About, Allowed, Decisions, DryRun, ModerationSettings, PluginStatus},
    ops::control::{Answer, Request},
};

/// The plugins as a program may read them.
pub fn list(all: &[PluginStatus]) -> Value {
    let one = |plugin: &PluginStatus| {
        json!({
            "file": plugin.file,
            "id": plugin.id,
            "version": plugin.version,
            "sha": plugin.sha,
            "state": plugin.state.word(),
            "dry_run": plugin.about.as_ref().map_or(Value::Bool(false), trial),
            "reason": plugin.reason,
        })
    };
    Value::Array(all.iter().map(one).collect())
}

/// What each rule found so far, and what became of it.
pub fn rules(all: &[PluginStatus]) -> Value {
    let mut rows = Vec::new();
    for plugin in all.iter().filter(|plugin| plugin.generation.is_some()) {
        for (rule, outcomes) in &plugin.counters.rules {
            let mut row = Map::new();
            row.insert("plugin".into(), json!(plugin.id));
            row.insert("rule".into(), json!(rule));
            row.insert("findings".into(), json!(outcomes.values().sum::<u64>()));
            for word in ["annotate", "mask", "strip", "hold", "reject", "dry-run", "allowed"] {
                row.insert(word.into(), json!(outcomes.get(word).copied().unwrap_or(0)));
            }
            rows.push(Value::Object(row));
        }
    }
    Value::Array(rows)
}

/// Everything about one plugin.
///
/// # Errors
/// There is none of this id.
pub fn show(all: &[PluginStatus], id: &str) -> Answer {
    let mut found: Vec<&PluginStatus> = all.iter().filter(|plugin| plugin.id == id).collect();
    // A plugin has a row for each of its files; the one that runs has the counts.
    found.sort_by_key(|plugin| plugin.generation.is_none());
    let Some(plugin) = found.first() else {
        let hint = suggestion(id, all.iter().map(|plugin| plugin.id.as_str()));
        return Err(format!("there is no plugin `{}`{hint}", id.escape_debug()));
    };
    let PluginStatus { file, id, version, sha, state, reason, generation, about, counters } =
        plugin;
    let about = about.as_ref().map(|about| {
        let About { title, license, categories, languages, priority, history, keys, .. } = about;
        json!({
            "title": title, "license": license, "categories": categories, "languages": languages,
            "priority": priority, "configuration_keys": keys, "dry_run": trial(about),
            "history_messages": history.0, "history_window_s": history.1,
        })
    });
    let mean_us = counters.time_us.checked_div(counters.calls).unwrap_or(0);
    let rules: BTreeMap<&String, _> = counters.rules.iter().collect();
    Ok(json!({
        "id": id, "version": version, "file": file, "sha": sha, "state": state.word(),
        "reason": reason, "generation": generation, "about": about,
        "checks": {
            "calls": counters.calls, "flagged": counters.flagged, "failed": counters.failed,
            "skipped": counters.skipped, "mean_us": mean_us, "max_us": counters.time_max_us,
            "fuel_max": counters.fuel_max, "memory_max_bytes": counters.memory_peak,
        },
        "findings_by_category": counters.findings,
        "findings_by_rule": rules,
        "faults": counters.troubles,
    }))
}

fn trial(about: &About) -> Value {
    match &about.dry_run {
        DryRun::Nothing => Value::Bool(false),
        DryRun::Everything => Value::Bool(true),
        DryRun::Rules(rules) => json!(rules),
    }
}

/// The answer to switching a plugin.
pub fn switched(id: &str, on: bool, changed: bool) -> Value {
    json!({ "plugin": id, "enabled": on, "changed": changed })
}

/// What may be written although a plugin finds it.
pub fn allowed(all: &[Allowed]) -> Value {
    let one = |entry: &Allowed| {
        let from = if entry.configured { "configuration" } else { "command" };
        json!({ "text": entry.text, "from": from })
    };
    Value::Array(all.iter().map(one).collect())
}

/// The answer to a change of that list.
///
/// # Errors
/// Something was to be taken out that is not in it, or that only the configuration can take out.
pub fn allow(all: &[Allowed], text: &str, (may, changed): (bool, bool)) -> Answer {
    let configured = all.iter().any(|entry| entry.configured && entry.text == text.trim());
    match (may, changed, configured) {
        (false, false, true) => Err(format!(
            "`{text}` stands in `moderation.allow` of the configuration; take it out there"
        )),
        (false, false, false) => {
            let hint = suggestion(text, all.iter().map(|entry| entry.text.as_str()));
            Err(format!("`{text}` is not in the list{hint}"))
        }
        _ => Ok(json!({ "text": text.trim(), "allowed": may, "changed": changed })),
    }
}

/// Whether this is a decision that can be kept for a server that does not run.
pub fn is_decision(request: &Request) -> bool {
    matches!(request, Request::PluginSwitch { .. } | Request::AllowList | Request::Allow { .. })
}

/// Keeps a decision for the next start of the server.
///
/// # Errors
/// A sentence for the administrator.
pub fn decide(settings: &ModerationSettings, request: &Request) -> Answer {
    let mut decisions = Decisions::read(&settings.state_dir);
    let entries = |decisions: &Decisions| {
        let entry = |configured| move |text: &String| Allowed { text: text.clone(), configured };
        let configured = settings.allow.iter().map(entry(true));
        configured.chain(decisions.allowed().iter().map(entry(false))).collect::<Vec<_>>()
    };
    match request {
        Request::PluginSwitch { id, on } => {
            let configured = settings.plugins.get(id).is_none_or(|plugin| plugin.enabled);
            let before = decisions.switched().get(id).copied().unwrap_or(configured);
            decisions.switch(id, *on)?;
            Ok(switched(id, *on, before != *on))
        }
        Request::Allow { text, may } => {
            let changed = if *may { decisions.allow(text) } else { decisions.disallow(text) }?;
            allow(&entries(&decisions), text, (*may, changed))
        }
        _ => Ok(allowed(&entries(&decisions))),
    }
}
