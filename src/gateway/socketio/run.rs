//! Doing what a client's events ask for: several in a row, so that they share one sync of the disk. The
//! answers come in the order of the events, once what they promise is on disk.

use std::sync::Arc;

use super::{Hall, namespace::Namespace, pid::Pid};
use crate::{
    dialect::sms::live::{self, Wish},
    domain::{
        event::Entrance,
        id::{ConversationId, Seq},
        refusal::Refusal,
    },
    gateway::port::{Chat, Failure, Identity as _, Remembered},
    hub::Listener,
};

/// A conversation that a session hears.
pub(super) struct Seat<C: Chat> {
    pub conversation: ConversationId,
    pub entrance: Entrance,
    /// Kept for what its end does.
    pub _subscription: C::Subscription,
}

/// An event of the client: an array with its name first.
pub(super) struct Call {
    /// Where its answer goes; `None` if none is wanted.
    pub id: Option<u64>,
    pub event: String,
    /// How long to wait, in milliseconds, if it came too fast.
    pub too_fast: Option<u64>,
}

/// A row of events.
pub(super) struct Run<C: Chat> {
    pub hall: Arc<Hall<C>>,
    pub namespace: Namespace,
    pub actor: Arc<C::Actor>,
    pub pid: Option<Pid>,
    pub seats: Vec<Seat<C>>,
    pub calls: Vec<Call>,
    pub listener: Listener,
}

/// What it came to.
pub(super) struct Ran<C: Chat> {
    pub seats: Vec<Seat<C>>,
    /// Answers as JSON, each with the number that it belongs to.
    pub answers: Vec<(u64, String)>,
    /// When the store was told of the session, if it was.
    pub kept_at: Option<u64>,
}

/// What an event came to.
struct Answer {
    json: String,
    /// It is a promise that needs the disk.
    changed: bool,
}

impl<C: Chat> Run<C> {
    pub(super) async fn run(mut self) -> Ran<C> {
        let mut answers = Vec::with_capacity(self.calls.len());
        for call in std::mem::take(&mut self.calls) {
            let done = match call.too_fast {
                Some(retry_after_ms) => Err(Refusal::RateLimited { retry_after_ms }.into()),
                None => self.grant(&call.event).await,
            };
            let answer = done.unwrap_or_else(|failure| self.refuse(&failure));
            answers.push((call.id, answer));
        }
        let mut kept_at = None;
        if answers.iter().any(|(_, answer)| answer.changed) {
            kept_at = self.keep().await;
        }
        if kept_at.is_none() && self.pid.is_some() {
            // Nothing is promised that would not outlive us.
            for (_, answer) in answers.iter_mut().filter(|(_, answer)| answer.changed) {
                *answer = self.refuse(&Failure::Fault);
            }
        }
        let answers =
            answers.into_iter().filter_map(|(id, answer)| Some((id?, answer.json))).collect();
        Ran { seats: self.seats, answers, kept_at }
    }

    async fn grant(&mut self, event: &str) -> Result<Answer, Failure> {
        match live::wish(event)? {
            Wish::Subscribe { room, after } => self.subscribe(room, after).await,
            Wish::Unsubscribe { room } => {
                let before = self.seats.len();
                self.seats.retain(|seat| seat.conversation != room);
                let changed = self.seats.len() < before;
                Ok(Answer { json: live::unsubscribed(&room), changed })
            }
        }
    }

    async fn subscribe(
        &mut self,
        room: ConversationId,
        after: Option<Seq>,
    ) -> Result<Answer, Failure> {
        let Hall { chat, settings, .. } = &*self.hall;
        if self.seats.iter().any(|seat| seat.conversation == room) {
            // It hears the room already, without a gap: anything more would be told twice.
            let seq = chat.open(&self.actor, &room).await?;
            return Ok(Answer { json: live::subscribed(&room, seq), changed: false });
        }
        let max = settings.subscriptions_per_connection_max;
        if self.seats.len() >= max {
            return Err(Refusal::TooManySubscriptions { max }.into());
        }
        let (missed_max, listener) = (settings.missed_events_max, self.listener.clone());
        let joined = chat.join(&self.actor, &room, after, missed_max, listener).await?;
        let (seq, entrance, subscription) = joined;
        let json = live::subscribed(&room, seq);
        if self.seats.is_empty() {
            // Most clients hear one; a vector would make room for four.
            self.seats.reserve_exact(1);
        }
        self.seats.push(Seat { conversation: room, entrance, _subscription: subscription });
        Ok(Answer { json, changed: true })
    }

    fn refuse(&self, failure: &Failure) -> Answer {
        self.hall.refused(failure);
        let refusal = match failure {
            Failure::Refused(refusal) => Some(refusal),
            Failure::Fault => None,
        };
        Answer { json: live::refused(refusal), changed: false }
    }

    async fn keep(&self) -> Option<u64> {
        let pid = self.pid?;
        let session = remembered(&self.hall, self.namespace, &*self.actor, &self.seats);
        self.hall.chat.remember(pid.text(), &session).await.ok()?;
        Some(session.at.0)
    }
}

/// What the store is to know of a session.
pub(super) fn remembered<C: Chat>(
    hall: &Hall<C>,
    namespace: Namespace,
    actor: &C::Actor,
    seats: &[Seat<C>],
) -> Remembered {
    Remembered {
        user: actor.user().clone(),
        namespace: namespace.name().to_owned(),
        rooms: seats.iter().map(|seat| (seat.conversation.clone(), seat.entrance)).collect(),
        at: hall.clock.now(),
    }
}
