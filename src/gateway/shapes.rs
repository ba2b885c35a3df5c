//! The domain's nouns in the words of the native protocol, and the protocol's names in the domain's.

use crate::{
    domain::{
        id::{ConversationId, ForeignId, NAME_MAX_BYTES},
        message::Message,
        refusal::Refusal,
    },
    wire::native::{
        Id,
        utterance::{Literal, Message as Shape, Object},
    },
};

/// A message as it is now.
pub(super) fn message(message: &Message) -> Shape<'_> {
    let deleted = message.deleted_at.is_some();
    let content = &message.content;
    Shape {
        id: Some(literal(&message.id)),
        sender: message.sender.as_str(),
        text: (!deleted).then_some(&content.text),
        client_id: message.client_id.as_deref(),
        reply_to: message.reply_to.as_ref().map(literal),
        version: Some(message.version),
        message: content.envelope.as_ref().filter(|_| !deleted).map(|envelope| Object {
            before: &envelope.before,
            text: &content.text,
            after: envelope.after.as_deref(),
        }),
        status: message.status.as_deref(),
        flags: message.flags.iter().map(|flag| flag.category.as_str()).collect(),
        altered: message.altered,
        deleted,
        ..Shape::default()
    }
}

pub(super) fn literal(id: &ForeignId) -> Literal<'_> {
    Literal { text: id.as_str(), number: id.is_number() }
}

pub(super) fn conversation(name: &str) -> Result<ConversationId, Refusal> {
    ConversationId::parse(name).ok_or_else(|| {
        let problem = format!("must have 1 to {NAME_MAX_BYTES} bytes, no control characters");
        Refusal::field("conversation", problem)
    })
}

pub(super) fn foreign(field: &str, id: &Id) -> Result<ForeignId, Refusal> {
    let id = match id {
        Id::Unsigned(number) => ForeignId::number(&number.to_string()),
        Id::Signed(number) => ForeignId::number(&number.to_string()),
        Id::Float(number) => ForeignId::number(&number.to_string()),
        Id::Text(text) => ForeignId::text(text),
    };
    id.ok_or_else(|| Refusal::field(field, "must be a message's id"))
}
