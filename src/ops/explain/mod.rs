//! Why a message reads as it does: the text before moderation, what each plugin found where, what the
//! policy made of it and by which key. For administrators only.

pub mod plugins;
mod say;

use serde_json::{Value, json};

use super::control::{Answer, Request};
use crate::{
    auth::Admin,
    chat::{Chat, Rehearsal},
    domain::{
        event::{EditReason, Event, What},
        id::{ConversationId, ForeignId, Kind, Seq},
        message::Message,
        moderation::{Finding, Flag, Outcome},
        nearest::suggestion,
    },
    store::{
        Fault, Store,
        records::{Conversation, Original, Version},
    },
};

/// How many entries of the log are read at a time.
const PAGE_MAX: usize = 256;

/// Explains a message by its seq or its id, or by the seq of an entry that changed it.
///
/// # Errors
/// A sentence for the administrator.
pub fn message(store: &Store, conversation: &str, message: &str) -> Answer {
    let none = || format!("there is no message {message} in `{conversation}`");
    let id = ConversationId::parse(conversation).ok_or_else(none)?;
    let fault = |fault: Fault| fault.to_string();
    let known = store.conversation(&id).map_err(fault)?.ok_or_else(none)?;
    let seq = match (message.strip_prefix("id:"), message.parse::<u64>()) {
        (None, Ok(seq)) => Some(Seq(seq)),
        (named, _) => match ForeignId::text(named.unwrap_or(message)) {
            Some(id) => store.find(known.number, &id).map_err(fault)?,
            None => None,
        },
    };
    let asked = seq.ok_or_else(none)?;
    let found = store.subject(known.number, asked).map_err(fault)?.ok_or_else(none)?;
    explained(store, &known, &found, asked).map_err(fault)
}

fn explained(
    store: &Store,
    conversation: &Conversation,
    message: &Message,
    asked: Seq,
) -> Result<Value, Fault> {
    let number = conversation.number;
    // What the log does not hold has but the entry that was asked for.
    let seq = if message.seq.0 == 0 { asked } else { message.seq };
    let mut checks =
        vec![check(seq, ("posted", message.created_at), store.original(number, seq)?.as_ref())];
    for event in changes(store, conversation, message)? {
        if let What::Edited { why, .. } = &event.what {
            let original = store.original(number, event.seq)?;
            checks.push(check(event.seq, (reason(*why), event.at), original.as_ref()));
        }
    }
    let versions = store.versions(number, seq)?;
    let flags = message.flags.iter().map(flag).collect::<Vec<_>>();
    Ok(json!({
        "conversation": conversation.id.to_string(),
        "state": conversation.state,
        "seq": seq.0,
        "id": message.id.as_str(),
        "sender": message.sender.as_str(),
        "role": message.role,
        "text": message.content.text,
        "deleted": message.deleted_at.is_some(),
        "flags": flags,
        "checks": checks,
        "earlier_versions": versions.iter().map(version).collect::<Vec<_>>(),
    }))
}

/// The entries that changed a message, as many as its version says that there are.
fn changes(
    store: &Store,
    conversation: &Conversation,
    message: &Message,
) -> Result<Vec<Event>, Fault> {
    let mut found = Vec::new();
    let wanted = usize::try_from(message.version.saturating_sub(1)).unwrap_or(usize::MAX);
    let last = store.last_seq(conversation.number)?;
    let mut after = message.seq;
    while message.seq.0 > 0 && found.len() < wanted && after < last {
        let page = store.events(conversation, after, last, PAGE_MAX)?;
        let Some(end) = page.last() else { break };
        after = end.seq;
        found.extend(page.into_iter().filter(|event| {
            matches!(&event.what, What::Edited { message: changed, .. } if changed.seq == message.seq)
        }));
    }
    Ok(found)
}

/// Explains a message that waits for the administrator's decision.
///
/// # Errors
/// A sentence for the administrator.
pub fn held(store: &Store, number: u64) -> Answer {
    let held = store.held_at(number).map_err(|fault| fault.to_string())?;
    let held = held.ok_or_else(|| format!("there is no held message {number}"))?;
    let original = Original { text: held.content.text.clone(), findings: held.findings };
    let checks = [check(Seq(0), ("held", held.at), Some(&original))];
    Ok(json!({
        "conversation": held.conversation.to_string(),
        "held": number,
        "id": held.id.as_str(),
        "sender": held.sender.as_str(),
        "role": held.role,
        "text": held.content.text,
        "outcome": format!("hold ({})", held.category),
        "checks": checks,
    }))
}

/// Explains what would become of a text.
///
/// # Errors
/// A sentence for the administrator.
pub async fn text(chat: &Chat, text: &str, (kind, state): (&str, Option<String>)) -> Answer {
    let kind = Kind::from_word(kind).ok_or_else(|| {
        let hint = suggestion(kind, Kind::ALL.map(Kind::word));
        format!("`{}` is no kind of conversation{hint}", kind.escape_debug())
    })?;
    let rehearsal = chat.rehearse(&Admin::of_the_machine(), kind, state.clone(), text).await;
    let Rehearsal { verdict, outcome, notice } = rehearsal;
    let (seen, flags, word) = match outcome {
        Outcome::Deliver { text, flags, .. } => (Some(text), flags, "deliver".to_owned()),
        Outcome::Hold { category } => (None, Vec::new(), format!("hold ({category})")),
        Outcome::Reject { category } => (None, Vec::new(), format!("reject ({category})")),
        Outcome::Unavailable => (None, Vec::new(), "reject (unchecked)".to_owned()),
    };
    let silent: Vec<&str> = verdict.unanswered.iter().map(|un| un.plugin.as_str()).collect();
    let findings: Vec<Value> = verdict.findings.iter().map(|found| said(found, text)).collect();
    Ok(json!({
        "kind": kind.word(),
        "state": state,
        "text": seen,
        "outcome": word,
        "flags": flags.iter().map(flag).collect::<Vec<_>>(),
        "notice": notice.map(|notice| notice.sentence),
        "unanswered": silent,
        "checks": [{ "what": "rehearsed", "before_moderation": text, "findings": findings }],
    }))
}

/// The answer for people, where it is one of these.
pub fn human(request: &Request, answer: &Value) -> Option<String> {
    let explains = matches!(
        request,
        Request::Explain { .. } | Request::ExplainHeld { .. } | Request::ExplainText { .. }
    );
    explains.then(|| say::human(answer))
}

fn check(
    seq: Seq,
    (what, at): (&str, crate::domain::time::Millis),
    original: Option<&Original>,
) -> Value {
    let text = original.as_ref().map(|original| original.text.clone());
    let findings = original
        .iter()
        .flat_map(|original| original.findings.iter().map(|finding| said(finding, &original.text)));
    json!({
        "seq": seq.0,
        "what": what,
        "at": at.to_string(),
        "before_moderation": text,
        "findings": findings.collect::<Vec<_>>(),
    })
}

fn reason(why: EditReason) -> &'static str {
    match why {
        EditReason::Edit => "edited",
        EditReason::Update => "updated",
        EditReason::Masked => "masked afterwards",
    }
}

fn flag(flag: &Flag) -> String {
    format!("{}: {}", flag.category, flag.action.word())
}

fn said(finding: &Finding, text: &str) -> Value {
    let own = || finding.spans.iter().filter(|(of, _)| *of == 0).map(|(_, span)| span);
    let words: Vec<&str> = own().filter_map(|span| text.get(span.start..span.end)).collect();
    let spans: Vec<[usize; 2]> = own().map(|span| [span.start, span.end]).collect();
    json!({
        "category": finding.category,
        "rule": finding.rule,
        "words": words,
        "spans": spans,
        "in_earlier_messages": finding.spans.len() - spans.len(),
        "severity": finding.severity,
        "confidence": finding.confidence,
        "plugin": finding.plugin,
        "version": finding.plugin_version,
        "sha": finding.plugin_sha,
        "generation": finding.generation,
        "mark": finding.mark.word(),
        "action": finding.treatment.as_ref().map(|treatment| treatment.action.word()),
        "because": finding.treatment.as_ref().map(|treatment| treatment.why.as_str()),
    })
}

fn version(version: &Version) -> Value {
    json!({ "version": version.version, "at": version.at.to_string(), "text": version.content.text })
}
