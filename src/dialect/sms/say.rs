//! What happened, in the words of the bridge: answers to the back end and events for clients.

use super::{
    hear::StateUpdate,
    object::{say as object, say_id},
};
use crate::{
    dialect::{
        Reply,
        json::{Object, list, quote},
        plain,
    },
    domain::{
        command::{Done, Page},
        id::ConversationId,
        message::Message,
        redact::Notice,
        refusal::Refusal,
    },
};

/// The answer to one post.
#[must_use]
pub fn answer(uuid: &str, room: &str, done: &Done) -> Reply {
    let start = Object::new().flag("success", true).text("uuid", uuid).text("room", room);
    match done {
        Done::Stored { seq, delivered, notice, .. } => {
            let mut body = start.number("seq", seq.0).number("delivered", *delivered);
            if let Some(notice) = notice {
                body = body.raw("moderation", &moderation(notice));
            }
            Reply::new(200, body.done())
        }
        Done::Held { category, .. } => {
            Reply::new(202, start.flag("held", true).text("category", category).done())
        }
    }
}

/// The answer to a word about a whole conversation.
#[must_use]
pub fn state(update: &StateUpdate) -> Reply {
    let conversation = update.conversation.to_string();
    let body = Object::new()
        .flag("success", true)
        .text("uuid", &update.uuid)
        .text("conversation", &conversation)
        .text("state", &update.state);
    Reply::new(200, body.done())
}

/// What the sender is to be told about what others do not see.
fn moderation(notice: &Notice) -> String {
    let categories = list(notice.categories.iter().map(|category| quote(category)));
    let mut object = Object::new().text("notice", &notice.sentence).raw("categories", &categories);
    if let Some(state) = &notice.allowed_from {
        object = object.text("allowed_from", state);
    }
    object.done()
}

/// Why a post was not accepted.
#[must_use]
pub fn refusal(refusal: &Refusal) -> Reply {
    Reply {
        status: refusal.status(),
        body: Object::new().flag("success", false).raw("error", &plain::error(refusal)).done(),
        retry_after_s: plain::retry_after_s(refusal),
        code: Some(refusal.code()),
    }
}

/// The answer when the fault is ours.
#[must_use]
pub fn internal() -> Reply {
    Reply::new(
        500,
        Object::new().flag("success", false).raw("error", &plain::internal_error()).done(),
    )
    .refusing("internal")
}

/// An answer that no refusal stands for, such as a request that did not arrive in time.
#[must_use]
pub fn error(status: u16, code: &'static str, message: &str) -> Reply {
    let error = Object::new().text("code", code).text("message", message).done();
    let body = Object::new().flag("success", false).raw("error", &error).done();
    Reply::new(status, body).refusing(code)
}

/// The answer to a batch: one result per item, in order.
#[must_use]
pub fn batch(results: &[Reply]) -> Reply {
    let results = results.iter().map(|reply| {
        // Every answer is an object with at least one member, so its brace can be exchanged.
        let rest = reply.body.strip_prefix('{').unwrap_or_default();
        format!("{{\"status\":{},{rest}", reply.status)
    });
    let body = Object::new().flag("success", true).raw("results", &list(results));
    Reply::new(200, body.done())
}

/// The history of a room, oldest first.
#[must_use]
pub fn history(conversation: &ConversationId, page: &Page) -> Reply {
    let body = Object::new()
        .text("room", conversation.name())
        .number("last", page.last.0)
        .flag("more", page.more)
        .raw("messages", &list(page.messages.iter().map(entry)));
    Reply::new(200, body.done())
}

fn entry(message: &Message) -> String {
    let deleted = message.deleted_at.is_some();
    let mut entry = Object::new().number("seq", message.seq.0);
    if let Some(uuid) = &message.client_id {
        entry = entry.text("uuid", uuid);
    }
    entry = entry
        .text("at", &message.created_at.to_string())
        .text("sender", message.sender.as_str())
        .raw("message", if deleted { "null".to_owned() } else { object(message) }.as_str())
        .raw("messageId", &say_id(&message.id));
    if let Some(reply_to) = &message.reply_to {
        entry = entry.raw("replyTo", &say_id(reply_to));
    }
    entry =
        entry.flag("edited", message.edited_at.is_some()).number("version", message.version.into());
    if let Some(status) = &message.status {
        entry = entry.text("status", status);
    }
    let flags = message.flags.iter().map(|flag| quote(&flag.category));
    entry.flag("deleted", deleted).raw("flags", &list(flags)).done()
}
