//! Doing what a client's events ask for: several in a row, so that they share one sync of the disk. The
//! answers come in the order of the events, once what they promise is on disk.

use std::sync::Arc;

use super::{
    Hall,
    namespace::{Hearing, Namespace, Trouble},
    pid::Pid,
    v1,
};
use crate::{
    domain::{
        event::Entrance,
        id::{ConversationId, Seq},
        refusal::Refusal,
    },
    gateway::{
        native::Caller,
        port::{Chat, Failure, Identity as _, Remembered},
    },
    hub::Listener,
    wire::native::operation::Operation,
};

/// A conversation that a session hears.
pub(super) struct Seat<C: Chat> {
    pub conversation: ConversationId,
    pub entrance: Entrance,
    /// Kept for what its end does.
    pub _subscription: C::Subscription,
}

/// An event of the client about what it hears.
pub(super) struct Call {
    /// Where its answer goes; `None` if none is wanted.
    pub id: Option<u64>,
    /// An error is to be answered in its turn.
    pub wish: Result<Hearing, Trouble>,
}

/// A row of such events.
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
    pub answers: Vec<Answer>,
    /// When the store was told of the session, if it was.
    pub kept_at: Option<u64>,
}

/// What an event is answered with.
pub(super) struct Answer {
    /// The event's number, if it wants an answer.
    pub id: Option<u64>,
    pub json: String,
}

/// What an event came to.
struct Granted {
    json: String,
    /// It is a promise that needs the disk.
    changed: bool,
}

impl<C: Chat> Run<C> {
    pub(super) async fn run(mut self) -> Ran<C> {
        let before: Vec<_> = self.seats.iter().map(|seat| seat.conversation.clone()).collect();
        let mut granted = Vec::with_capacity(self.calls.len());
        for Call { id, wish } in std::mem::take(&mut self.calls) {
            let done = match wish {
                Ok(wish) => self.grant(wish).await.map_err(Trouble::Failed),
                Err(trouble) => Err(trouble),
            };
            granted.push((id, done.unwrap_or_else(|trouble| self.refuse(&trouble))));
        }
        let mut kept_at = None;
        if granted.iter().any(|(_, granted)| granted.changed) {
            kept_at = self.keep().await;
        }
        if kept_at.is_none() && self.pid.is_some() {
            // Nothing is promised that would not outlive us, nor kept that was refused.
            self.seats.retain(|seat| before.contains(&seat.conversation));
            for (_, granted) in granted.iter_mut().filter(|(_, granted)| granted.changed) {
                *granted = self.refuse(&Failure::Fault.into());
            }
        }
        let answers = granted.into_iter().map(|(id, Granted { json, .. })| Answer { id, json });
        Ran { answers: answers.collect(), seats: self.seats, kept_at }
    }

    async fn grant(&mut self, wish: Hearing) -> Result<Granted, Failure> {
        match wish {
            Hearing::Subscribe { conversation, after } => self.subscribe(conversation, after).await,
            Hearing::Unsubscribe { conversation } => {
                let before = self.seats.len();
                self.seats.retain(|seat| seat.conversation != conversation);
                let changed = self.seats.len() < before;
                Ok(Granted { json: self.namespace.unsubscribed(&conversation), changed })
            }
        }
    }

    async fn subscribe(
        &mut self,
        conversation: ConversationId,
        after: Option<Seq>,
    ) -> Result<Granted, Failure> {
        let Hall { chat, settings, .. } = &*self.hall;
        if self.seats.iter().any(|seat| seat.conversation == conversation) {
            // It hears the conversation already, without a gap: anything more would be told twice.
            let seq = chat.open(&self.actor, &conversation).await?;
            return Ok(Granted {
                json: self.namespace.subscribed(&conversation, seq),
                changed: false,
            });
        }
        let max = settings.subscriptions_per_connection_max;
        if self.seats.len() >= max {
            return Err(Refusal::TooManySubscriptions { max }.into());
        }
        let (missed_max, listener) = (settings.missed_events_max, self.listener.clone());
        let joined = chat.join(&self.actor, &conversation, after, missed_max, listener).await?;
        let (seq, entrance, subscription) = joined;
        let json = self.namespace.subscribed(&conversation, seq);
        if self.seats.is_empty() {
            // Most clients hear one; a vector would make room for four.
            self.seats.reserve_exact(1);
        }
        self.seats.push(Seat { conversation, entrance, _subscription: subscription });
        Ok(Granted { json, changed: true })
    }

    fn refuse(&self, trouble: &Trouble) -> Granted {
        Granted { json: refuse(&self.hall, self.namespace, trouble), changed: false }
    }

    async fn keep(&self) -> Option<u64> {
        let pid = self.pid?;
        let session = remembered(&self.hall, self.namespace, &*self.actor, &self.seats);
        self.hall.chat.remember(pid.text(), &session).await.ok()?;
        Some(session.at.0)
    }
}

/// Does what is no matter of the connection.
pub(super) async fn operate<C: Chat>(
    hall: Arc<Hall<C>>,
    namespace: Namespace,
    actor: Arc<C::Actor>,
    (id, operation): (Option<u64>, Operation),
) -> Answer {
    let caller = Caller {
        chat: hall.chat.clone(),
        actor: Some(actor),
        subscribed: Vec::new(),
        subscriptions_max: hall.settings.subscriptions_per_connection_max,
        history_max_bytes: hall.settings.outbox_max_bytes / 4,
    };
    let done = v1::perform(caller, operation).await;
    let json = done.unwrap_or_else(|failure| refuse(&hall, namespace, &failure.into()));
    Answer { id, json }
}

fn refuse<C: Chat>(hall: &Hall<C>, namespace: Namespace, trouble: &Trouble) -> String {
    hall.refused(trouble.code());
    namespace.refused(trouble)
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
