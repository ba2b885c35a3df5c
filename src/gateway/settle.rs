//! Telling a session what became of its operation, and keeping the connection's subscriptions. Knows
//! neither sockets nor how the chat does what it does.

use std::{collections::VecDeque, sync::Arc};

use super::{
    native::{Greeted, Opened, Outcome, Resumed},
    port::{Chat, Failure, Identity as _},
    shapes,
};
use crate::{
    domain::{
        command::{Done, Page},
        id::{ConversationId, Seq},
    },
    wire::native::{
        Id, Session, Utterance,
        utterance::{Answer, Message, Notice, Problem, Welcome},
    },
};

/// Who a connection speaks for and what it listens to.
pub(super) struct Client<C: Chat> {
    pub actor: Option<Arc<C::Actor>>,
    pub subscriptions: Vec<(ConversationId, C::Subscription)>,
    /// Conversations that are about to be followed, each from a seq on.
    pub following: VecDeque<(ConversationId, Seq)>,
    pub missed_events_max: u64,
}

// === impl Client ===

impl<C: Chat> Client<C> {
    pub(super) fn new(missed_events_max: u64) -> Self {
        Self {
            actor: None,
            subscriptions: Vec::new(),
            following: VecDeque::new(),
            missed_events_max,
        }
    }

    /// What it listens to, or is about to.
    pub(super) fn subscribed(&self) -> Vec<ConversationId> {
        let coming = self.following.iter().map(|(conversation, _)| conversation);
        let live = self.subscriptions.iter().map(|(conversation, _)| conversation);
        live.chain(coming).cloned().collect()
    }

    /// Answers the request `id`.
    pub(super) fn settle(
        &mut self,
        session: &mut Session,
        now: u64,
        id: Option<&Id>,
        outcome: Result<Outcome<C::Actor>, Failure>,
    ) {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(failure) => return refuse(session, now, id, None, &failure),
        };
        answer(&outcome, |answer| session.deliver(now, Utterance::Ok(id, answer)));
        match outcome {
            Outcome::Hello(greeted) => self.greet(session, now, id, greeted),
            Outcome::Opened(opened) => self.follow(session, now, opened, true),
            Outcome::Unsubscribe(conversation) => self.leave(&conversation),
            _ => {}
        }
    }

    /// The next conversation to follow, and from where.
    pub(super) fn next_to_follow(&mut self) -> Option<(ConversationId, Seq)> {
        let next = self.following.pop_front();
        if self.following.is_empty() {
            self.following = VecDeque::new();
        }
        next
    }

    /// A conversation is followed from now on, or could not be.
    pub(super) fn followed(
        &mut self,
        session: &mut Session,
        now: u64,
        conversation: ConversationId,
        subscription: Result<C::Subscription, Failure>,
    ) {
        match subscription {
            Ok(subscription) => {
                if self.subscriptions.is_empty() {
                    // Most clients listen to one; a vector would make room for four.
                    self.subscriptions.reserve_exact(1);
                }
                self.subscriptions.push((conversation, subscription));
            }
            Err(failure) => refuse(session, now, None, Some(&conversation.to_string()), &failure),
        }
    }

    fn greet(
        &mut self,
        session: &mut Session,
        now: u64,
        id: Option<&Id>,
        greeted: Greeted<C::Actor>,
    ) {
        let Greeted { actor, lost, resumed } = greeted;
        let names: Option<Vec<String>> = resumed.as_ref().map(|resumed| {
            resumed.opened.iter().map(|opened| opened.conversation.to_string()).collect()
        });
        let welcome = Welcome {
            user: actor.user().as_str(),
            role: actor.role(),
            expires_at: actor.expires_at().map(|at| at.0),
            resumed: names.as_ref().map(|names| names.iter().map(String::as_str).collect()),
        };
        session.deliver(now, Utterance::Ok(id, Answer::Hello(welcome)));
        self.actor = Some(actor);
        for (conversation, failure) in lost {
            self.leave(&conversation);
            refuse(session, now, None, Some(&conversation.to_string()), &failure);
        }
        let Some(Resumed { same_epoch, opened, refused }) = resumed else { return };
        for (name, failure) in refused {
            refuse(session, now, None, Some(&name), &failure);
        }
        for conversation in opened {
            self.follow(session, now, conversation, same_epoch);
        }
    }

    /// Finds the seam between what the client has and what comes, and says so if there is none.
    fn follow(&mut self, session: &mut Session, now: u64, opened: Opened, same_epoch: bool) {
        let Opened { conversation, after, last } = opened;
        let (from, reset) = seam(after, last, same_epoch, self.missed_events_max);
        if let Some(reason) = reset {
            let name = conversation.to_string();
            session.deliver(now, Utterance::Reset { conversation: &name, reason });
        }
        // Whoever subscribes again begins anew; two registrations would tell everything twice.
        self.leave(&conversation);
        self.following.push_back((conversation, from));
    }

    fn leave(&mut self, conversation: &ConversationId) {
        self.subscriptions.retain(|(subscribed, _)| subscribed != conversation);
        self.following.retain(|(coming, _)| coming != conversation);
    }
}

/// What a client is told of its operation; `None` for a hello, whose answer tells of the session too.
pub(super) fn answer<A, T>(outcome: &Outcome<A>, say: impl FnOnce(Answer<'_>) -> T) -> Option<T> {
    Some(match outcome {
        Outcome::Hello(_) => return None,
        Outcome::Opened(Opened { conversation, last, .. }) => {
            say(Answer::Subscribed { conversation: &conversation.to_string(), seq: last.0 })
        }
        Outcome::Unsubscribe(conversation) | Outcome::Done(conversation) => {
            say(Answer::Done { conversation: &conversation.to_string() })
        }
        Outcome::History { conversation, page } => history(conversation, page, say),
        Outcome::Sent { conversation, done, message_id } => {
            let (name, seq, at) = place(conversation, done);
            let message_id = message_id.as_ref().map(shapes::literal);
            let moderation = notice(done);
            let sent = Answer::Sent { conversation: &name, seq, message_id, at: &at, moderation };
            say(unless_held(&name, done, sent))
        }
        Outcome::Edited { conversation, done, version } => {
            let (name, seq, _) = place(conversation, done);
            let (version, moderation) = (*version, notice(done));
            let edited = Answer::Edited { conversation: &name, seq, version, moderation };
            say(unless_held(&name, done, edited))
        }
        Outcome::Deleted { conversation, done } => {
            let (name, seq, _) = place(conversation, done);
            say(unless_held(&name, done, Answer::Deleted { conversation: &name, seq }))
        }
    })
}

/// From where to follow, and why the client cannot go on where it was.
pub(super) fn seam(
    after: Option<Seq>,
    last: Seq,
    same_epoch: bool,
    missed_max: u64,
) -> (Seq, Option<&'static str>) {
    match after {
        None => (last, None),
        Some(_) if !same_epoch => (last, Some("epoch")),
        Some(after) if after > last => (last, Some("range")),
        Some(after) if last.0.saturating_sub(after.0) > missed_max => (last, Some("overflow")),
        Some(after) => (after, None),
    }
}

/// Where and when something was stored, as text.
fn place(conversation: &ConversationId, done: &Done) -> (String, u64, String) {
    let (seq, at) = match done {
        Done::Stored { seq, at, .. } => (seq.0, at),
        Done::Held { at, .. } => (0, at),
    };
    (conversation.to_string(), seq, at.to_string())
}

/// What the sender is told about what others do not see.
fn notice(done: &Done) -> Option<Notice<'_>> {
    let Done::Stored { notice: Some(notice), .. } = done else { return None };
    Some(Notice {
        sentence: &notice.sentence,
        categories: notice.categories.iter().map(String::as_str).collect(),
        allowed_from: notice.allowed_from.as_deref(),
    })
}

fn unless_held<'a>(conversation: &'a str, done: &'a Done, stored: Answer<'a>) -> Answer<'a> {
    match done {
        Done::Stored { .. } => stored,
        Done::Held { category, .. } => Answer::Held { conversation, category },
    }
}

fn history<T>(conversation: &ConversationId, page: &Page, say: impl FnOnce(Answer<'_>) -> T) -> T {
    let times: Vec<(String, Option<String>)> = page
        .messages
        .iter()
        .map(|message| (message.created_at.to_string(), message.edited_at.map(|at| at.to_string())))
        .collect();
    let messages = page
        .messages
        .iter()
        .zip(&times)
        .map(|(message, (at, edited_at))| Message {
            seq: Some(message.seq.0),
            at: Some(at),
            edited_at: edited_at.as_deref(),
            ..shapes::message(message)
        })
        .collect();
    let name = conversation.to_string();
    say(Answer::History { conversation: &name, messages, last: page.last.0, more: page.more })
}

/// What a client is told of its operation's failure. `conversation`: where nothing else says which one is
/// meant.
pub(super) fn problem<T>(
    failure: &Failure,
    conversation: Option<&str>,
    say: impl FnOnce(Problem<'_>) -> T,
) -> T {
    let (code, message, retry_after_ms) = match failure {
        Failure::Refused(refusal) => {
            (refusal.code(), refusal.to_string(), refusal.retry_after_ms())
        }
        Failure::Fault => ("internal", "something went wrong on the server".to_owned(), None),
    };
    say(Problem { code, message: &message, retry_after_ms, conversation })
}

fn refuse(
    session: &mut Session,
    now: u64,
    id: Option<&Id>,
    conversation: Option<&str>,
    failure: &Failure,
) {
    problem(failure, conversation, |problem| {
        session.deliver(now, Utterance::Error(id, problem));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(after: Option<u64>, same_epoch: bool, from: u64, reset: Option<&str>) {
        assert_eq!(seam(after.map(Seq), Seq(50), same_epoch, 40), (Seq(from), reset));
    }

    #[test]
    fn seams() {
        check(None, true, 50, None);
        check(Some(50), true, 50, None);
        check(Some(10), true, 10, None);
        check(Some(9), true, 50, Some("overflow"));
        check(Some(51), true, 50, Some("range"));
        check(Some(20), false, 50, Some("epoch"));
        check(None, false, 50, None);
    }
}
