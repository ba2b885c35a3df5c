//! The native protocol's vocabulary as events of Socket.IO: an operation is an event with the operation's
//! name, its other members are the one argument, and its answer is the acknowledgement. What the words
//! mean is the native protocol's business.

use super::namespace::{Hearing, Trouble, Wish};
use crate::{
    domain::id::{ConversationId, Seq},
    gateway::{
        encoder::told,
        native::{Caller, Opened, Outcome},
        port::{Chat, Failure},
        settle, shapes,
    },
    hub::Utterance,
    wire::{
        native::{
            Encoding,
            operation::{Misheard, Operation},
            utterance::{Problem, pong},
        },
        socketio::arguments,
    },
};

/// Understands an event of a client: a JSON array with the operation's name first.
pub(super) fn wish(event: &str) -> Result<Wish, Trouble> {
    let (name, members) = arguments(event);
    if name == "hello" {
        let message = "hello: joining the namespace did that; to show another token, join again";
        let misheard = Misheard { id: None, code: "unknown_op", message: message.into() };
        return Err(Trouble::Misheard(misheard));
    }
    let operation = Operation::read(&name, members.first().copied()).map_err(Trouble::Misheard)?;
    Ok(match operation {
        Operation::Subscribe { conversation, after } => {
            let conversation = shapes::conversation(&conversation)?;
            Wish::Hear(Hearing::Subscribe { conversation, after: after.map(Seq) })
        }
        Operation::Unsubscribe { conversation } => {
            let conversation = shapes::conversation(&conversation)?;
            Wish::Hear(Hearing::Unsubscribe { conversation })
        }
        other => Wish::Operation(other),
    })
}

/// Does what is no matter of the connection; returns the answer.
pub(super) async fn perform<C: Chat>(
    caller: Caller<C>,
    operation: Operation,
) -> Result<String, Failure> {
    if operation == Operation::Ping {
        return pong().ok_or(Failure::Fault);
    }
    let outcome = caller.perform(operation).await?;
    said(&outcome).ok_or(Failure::Fault)
}

pub(super) fn subscribed(conversation: &ConversationId, last: Seq) -> String {
    let opened = Opened { conversation: conversation.clone(), after: None, last };
    said::<()>(&Outcome::Opened(opened)).unwrap_or_default()
}

pub(super) fn unsubscribed(conversation: &ConversationId) -> String {
    said::<()>(&Outcome::Unsubscribe(conversation.clone())).unwrap_or_default()
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method alone would fit one lifetime only"
)]
fn said<A>(outcome: &Outcome<A>) -> Option<String> {
    settle::answer(outcome, |answer| answer.json()).flatten()
}

pub(super) fn refused(trouble: &Trouble) -> String {
    let answer = match trouble {
        Trouble::Failed(failure) => settle::problem(failure, None, |problem| problem.json()),
        Trouble::Misheard(Misheard { code, message, .. }) => {
            Problem { code, message, retry_after_ms: None, conversation: None }.json()
        }
    };
    answer.unwrap_or_default()
}

/// The name and the payload of what listeners receive; `None` if it cannot be said, which is logged.
pub(super) fn utterance(what: Utterance<'_>) -> Option<(&'static str, String)> {
    let (name, message) = told(Encoding::Json, what)?;
    Some((name, String::from_utf8(message).ok()?))
}
