//! Why a message reads as it does: the text before moderation, what each plugin found where, and what
//! it said before. For administrators only.

use serde_json::{Value, json};

use super::control::Answer;
use crate::{
    domain::{
        id::{ConversationId, Seq},
        moderation::Finding,
    },
    store::{Store, records::Version},
};

/// Explains the message that was posted at `seq`, or the edit that stands there.
///
/// # Errors
/// A sentence for the administrator.
pub fn explain(store: &Store, conversation: &str, seq: Seq) -> Answer {
    let none = || format!("there is nothing at {seq} in `{conversation}`");
    let id = ConversationId::parse(conversation).ok_or_else(none)?;
    let fault = |fault: crate::store::Fault| fault.to_string();
    let number = store.conversation(&id).map_err(fault)?.ok_or_else(none)?.number;
    let message = store.message(number, seq).map_err(fault)?;
    let original = store.original(number, seq).map_err(fault)?;
    if message.is_none() && original.is_none() {
        return Err(none());
    }
    let versions = store.versions(number, seq).map_err(fault)?;
    Ok(json!({
        "conversation": id.to_string(),
        "seq": seq.0,
        "text": message.as_ref().map(|message| &message.content.text),
        "flags": message.map(|message| {
            let flag = |flag: &crate::domain::moderation::Flag| format!("{}: {}", flag.category, flag.action.word());
            message.flags.iter().map(flag).collect::<Vec<_>>()
        }),
        "before_moderation": original.as_ref().map(|original| &original.text),
        "findings": original.map(|original| {
            original.findings.iter().map(|finding| said(finding, &original.text)).collect::<Vec<_>>()
        }),
        "earlier_versions": versions.iter().map(version).collect::<Vec<_>>(),
    }))
}

fn said(finding: &Finding, text: &str) -> Value {
    let words: Vec<&str> = finding
        .spans
        .iter()
        .filter(|(of, _)| *of == 0)
        .filter_map(|(_, span)| text.get(span.start..span.end))
        .collect();
    json!({
        "category": finding.category,
        "rule": finding.rule,
        "words": words,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "plugin": format!("{} {} ({})", finding.plugin, finding.plugin_version, finding.plugin_sha),
        "generation": finding.generation,
    })
}

fn version(version: &Version) -> Value {
    json!({ "version": version.version, "at": version.at.to_string(), "text": version.content.text })
}
