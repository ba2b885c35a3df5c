//! The texts that are stored, as they were written, page by page: what a replay asks a running server for,
//! or a store that no server holds. For administrators only.

use serde_json::{Value, json};

use crate::{
    domain::{
        event::{EditReason, Event, What},
        id::Seq,
        moderation::Finding,
        time::Millis,
    },
    ops::control::Answer,
    store::{Store, records::Conversation},
};

/// Entries that are looked at for one page, so that a page takes no time to speak of.
const LOOK_MAX: usize = 2000;
/// Texts of one page, 64 KiB each at most.
const PAGE_MAX: usize = 200;

/// Where a page ended: a conversation's number and a seq in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bookmark {
    pub conversation: u64,
    pub seq: u64,
}

/// The texts after a bookmark that were written at `since` or later: `{"items", "next"}`; `next` is null at
/// the end.
///
/// # Errors
/// A sentence for the administrator.
pub fn page(store: &Store, after: Bookmark, since: Millis) -> Answer {
    try_page(store, after, since).map_err(|fault| fault.to_string())
}

fn try_page(store: &Store, after: Bookmark, since: Millis) -> Result<Value, crate::store::Fault> {
    let mut items = Vec::new();
    let mut at = after;
    let mut looked = 0;
    loop {
        // The rest of the bookmark's conversation, then the next one.
        let found = store.conversations(at.conversation.saturating_sub(1), 1)?;
        let Some(conversation) = found.into_iter().next() else {
            return Ok(json!({ "items": items, "next": null }));
        };
        if conversation.number > at.conversation {
            at = Bookmark { conversation: conversation.number, seq: 0 };
        }
        let last = store.last_seq(conversation.number)?;
        let most = PAGE_MAX - items.len();
        let events = store.events(&conversation, Seq(at.seq), last, most)?;
        looked += events.len().max(1);
        for event in &events {
            at.seq = event.seq.0;
            if event.at >= since {
                items.extend(written(store, &conversation, event)?);
            }
        }
        if at.seq >= last.0 || events.is_empty() {
            at = Bookmark { conversation: conversation.number.saturating_add(1), seq: 0 };
        }
        if items.len() >= PAGE_MAX || looked >= LOOK_MAX {
            return Ok(json!({ "items": items, "next": [at.conversation, at.seq] }));
        }
    }
}

/// A post or an edit with the text that its author wrote; nothing for what has none any more.
fn written(
    store: &Store,
    conversation: &Conversation,
    event: &Event,
) -> Result<Option<Value>, crate::store::Fault> {
    let number = conversation.number;
    let (message, seq) = match &event.what {
        What::Posted(message) => (message, event.seq),
        What::Edited { message, why, .. } if *why != EditReason::Masked => (message, event.seq),
        _ => return Ok(None),
    };
    let original = store.original(number, seq)?;
    let (text, findings) = match original {
        Some(original) => (original.text, original.findings),
        // What a message said first, where it was changed since.
        None if matches!(event.what, What::Posted(_)) && message.version > 1 => {
            let versions = store.versions(number, seq)?;
            let first = versions.into_iter().next();
            (first.map_or_else(String::new, |version| version.content.text), Vec::new())
        }
        None => (message.content.text.clone(), Vec::new()),
    };
    Ok((!text.is_empty()).then(|| {
        json!({
            "conversation": conversation.id.to_string(), "kind": conversation.id.kind().word(),
            "seq": seq.0, "at": event.at.0, "sender": message.sender.as_str(), "role": message.role,
            "edit": !matches!(event.what, What::Posted(_)), "text": text, "shown": message.content.text,
            "found": findings.iter().map(found).collect::<Vec<_>>(),
        })
    }))
}

fn found(finding: &Finding) -> Value {
    let spans = finding.spans.iter().map(|(of, span)| json!([of, span.start, span.end]));
    json!({ "plugin": finding.plugin, "category": finding.category, "spans": spans.collect::<Vec<_>>() })
}
