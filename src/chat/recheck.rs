//! What was delivered while a plugin could not answer, or before something changed that it continues,
//! is checked again, and masked or taken back by an event that every listener gets. What is taken back waits for an administrator like
//! any other held message.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Chat, Error,
    admission::Author,
    lane::Lane,
    mark::marked,
    moderate::{Checked, Clean, Masked},
    post::{former, without_unchecked},
};
use crate::{
    domain::{
        event::{Event, Position, What},
        id::Seq,
        message::Message,
        moderation::Finding,
        redact,
        refusal::Refusal,
    },
    store::records::{Held, Unchecked},
};

/// How many messages are taken from the queue at a time.
const PAGE_MAX: usize = 64;
/// A message that running plugins failed on so often stays as it is: it is what brings them to fall.
const ATTEMPTS_MAX: u32 = 5;
/// After how long a message that a running plugin failed on, maybe for want of time, is tried again;
/// each time in a row that fails takes twice as long, up to the second value.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_mins(1);

/// How often running plugins failed on a message of the queue.
type Attempts = HashMap<(u64, Seq), u32>;

/// What a new check of a message came to.
enum Outcome {
    /// Nothing is open any more.
    Settled,
    /// These plugins could not answer this time either.
    Silent(Vec<String>),
}

/// What becomes of an entry of the queue.
#[derive(PartialEq, Eq)]
enum Next {
    Leaves,
    /// Nothing can be done before a plugin recovers.
    Waits,
    /// A running plugin failed on it; that may pass.
    Again,
}

/// Works through the queue at the start, whenever a plugin recovers or something new is in it, and
/// again after a while if a running plugin failed, until the program stops.
pub async fn run(chat: Chat) {
    let mut recovered = chat.shared.moderator.recovered();
    let mut attempts = Attempts::new();
    let mut pause = AGAIN;
    loop {
        let again = work_off(&chat, &mut attempts).await.unwrap_or_else(|fault| {
            tracing::error!(%fault, "messages that no plugin had checked could not be checked again");
            true
        });
        tokio::select! {
            () = chat.shared.drain.begun() => return,
            changed = recovered.changed() => {
                if changed.is_err() {
                    return;
                }
                pause = AGAIN;
            }
            () = chat.shared.queued.notified() => pause = AGAIN,
            () = tokio::time::sleep(pause), if again => pause = (pause * 2).min(AGAIN_MAX),
        }
    }
}

/// Whether something is to be tried again after a while.
async fn work_off(chat: &Chat, attempts: &mut Attempts) -> Result<bool, Error> {
    let store = &chat.shared.store;
    let mut after = (0, Seq(0));
    let mut again = false;
    loop {
        let page = store.unchecked(after, PAGE_MAX)?;
        let Some(last) = page.last() else { return Ok(again) };
        after = (last.number, last.seq);
        for entry in &page {
            if chat.shared.drain.has_begun() {
                return Ok(false);
            }
            match once_more(chat, entry, attempts).await {
                Ok(Next::Waits) => {}
                Ok(Next::Again) => again = true,
                Ok(Next::Leaves) => {
                    attempts.remove(&(entry.number, entry.seq));
                    let mut batch = store.batch();
                    batch.checked(entry.number, entry.seq);
                    store.submit(batch, |_| ());
                }
                // One damaged record must not keep all others waiting.
                Err(fault) => {
                    tracing::error!(number = entry.number, seq = %entry.seq, %fault, "a message could not be checked again");
                }
            }
        }
    }
}

/// Checks an entry of the queue.
async fn once_more(chat: &Chat, entry: &Unchecked, attempts: &mut Attempts) -> Result<Next, Error> {
    let store = &chat.shared.store;
    let running: HashSet<String> = chat.shared.moderator.running().into_iter().collect();
    if !entry.plugins.is_empty() && !entry.plugins.iter().any(|plugin| running.contains(plugin)) {
        return Ok(Next::Waits);
    }
    let Some(conversation) = store.conversation_at(entry.number)? else { return Ok(Next::Leaves) };
    let Some(message) = store.message(entry.number, entry.seq)? else { return Ok(Next::Leaves) };
    let lane = chat.shared.lanes.open(&conversation.id)?;
    let Outcome::Silent(plugins) = check_again(chat, &lane, &message).await? else {
        return Ok(Next::Leaves);
    };
    let failed_running = plugins.iter().filter(|plugin| running.contains(*plugin)).count();
    if failed_running == 0 && !plugins.is_empty() {
        return Ok(Next::Waits);
    }
    let failed = attempts.entry((entry.number, entry.seq)).or_default();
    *failed = failed.saturating_add(1);
    if *failed < ATTEMPTS_MAX {
        return Ok(Next::Again);
    }
    // Others that are not there may still have something to say about it.
    if plugins.is_empty() || failed_running < plugins.len() {
        return Ok(Next::Waits);
    }
    tracing::warn!(conversation = %lane.id, seq = %entry.seq, "a message stays unchecked: its plugin fails on it");
    Ok(Next::Leaves)
}

impl Chat {
    /// Has the queue looked through once what was submitted so far is on disk.
    pub(super) fn check_soon(&self) {
        let queued = self.shared.queued.clone();
        self.shared.store.submit(self.shared.store.batch(), move |_| queued.notify_one());
    }
}

async fn check_again(chat: &Chat, lane: &Arc<Lane>, message: &Message) -> Result<Outcome, Error> {
    if message.deleted_at.is_some() {
        return Ok(Outcome::Settled);
    }
    let author =
        Author { user: message.sender.clone(), role: message.role.clone(), scope: String::new() };
    let subject = (message.id.as_str(), Some(message.seq));
    let checked = message.content.text.clone();
    // Its past is what it was when the message was written.
    let then = message.edited_at.unwrap_or(message.created_at);
    match chat.check(lane, &author, &checked, subject, then).await {
        Ok(Checked::Deliver(clean)) => {
            let Clean { text, flags, altered, findings, unanswered, earlier, .. } = *clean;
            for masked in earlier {
                chat.mask(lane, &mut lane.state(), masked);
            }
            if altered {
                let of = message.seq;
                let masked = Masked { of, checked, text, flags, findings };
                chat.mask(lane, &mut lane.state(), masked);
            } else if unanswered.is_empty() {
                unflag(chat, lane, message.seq)?;
            }
            Ok(if unanswered.is_empty() { Outcome::Settled } else { Outcome::Silent(unanswered) })
        }
        Ok(Checked::Hold { category, .. }) if category == redact::UNCHECKED => {
            Ok(Outcome::Silent(Vec::new()))
        }
        Err(Refusal::ModerationUnavailable) => Ok(Outcome::Silent(Vec::new())),
        Ok(Checked::Hold { category, findings }) => {
            take_back(chat, lane, message, (category, findings))?;
            Ok(Outcome::Settled)
        }
        Err(refusal) => {
            let category = match refusal {
                Refusal::ModerationRejected { category } => category,
                other => other.code().to_owned(),
            };
            take_back(chat, lane, message, (category, Vec::new()))?;
            Ok(Outcome::Settled)
        }
    }
}

/// Takes the mark of an unchecked message away; readers see it with the next history.
fn unflag(chat: &Chat, lane: &Lane, of: Seq) -> Result<(), Error> {
    let state = lane.state();
    let Some(stored) = &state.stored else { return Ok(()) };
    let Some(mut message) = chat.shared.store.message(stored.number, of)? else { return Ok(()) };
    if message.flags.iter().all(|flag| flag.category != redact::UNCHECKED) {
        return Ok(());
    }
    message.flags = without_unchecked(&message.flags, Vec::new());
    let mut batch = chat.shared.store.batch();
    batch.replace(stored.number, &message, None)?;
    chat.shared.store.submit(batch, |_| ());
    Ok(())
}

/// Deletes a message that would not have been delivered, and keeps it for an administrator. One that
/// was changed meanwhile was checked with that change.
fn take_back(
    chat: &Chat,
    lane: &Arc<Lane>,
    checked: &Message,
    (category, findings): (String, Vec<Finding>),
) -> Result<(), Error> {
    let mut state = lane.state();
    let Some(stored) = &state.stored else { return Ok(()) };
    let Some(old) = chat.shared.store.message(stored.number, checked.seq)? else { return Ok(()) };
    if old.deleted_at.is_some() || old.content != checked.content {
        return Ok(());
    }
    let mut draft = chat.draft(lane, &mut state)?;
    let event = Event {
        conversation: lane.id.clone(),
        seq: draft.seq,
        position: Position::default(),
        at: draft.at,
        by: old.sender.clone(),
        request: None,
        what: What::Deleted { target: old.id.clone(), message: Some(old.seq) },
    };
    let message = marked(&old, &event.what, draft.at);
    draft.batch.replace(draft.number, &message, Some(&former(&old)))?;
    draft.batch.hold(&Held {
        conversation: lane.id.clone(),
        at: draft.at,
        sender: old.sender,
        role: old.role,
        id: old.id,
        content: old.content,
        reply_to: old.reply_to,
        request: old.client_id,
        edits: None,
        category,
        findings,
    })?;
    // The ticket may be dropped: nobody asked for this change.
    chat.commit(lane, &mut state, (draft, event), None)?;
    state.recent.retain(|recent| recent.seq != checked.seq);
    Ok(())
}
