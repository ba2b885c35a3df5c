//! From a decision to its answer: a change is numbered under its lane, sent to the disk in that order,
//! and its asker holds a ticket.

use std::sync::{Arc, PoisonError};

use tokio::sync::oneshot;

use super::{
    BUSY_RETRY_MS, Chat, Error,
    lane::{Lane, LaneState},
    meters::Asker,
    publisher::Finish,
};
use crate::{
    domain::{
        command::{Done, Once},
        event::Event,
        id::Seq,
        refusal::Refusal,
        time::Millis,
    },
    store::{
        Batch, Fault,
        records::{Conversation, Original, Repeat},
    },
};

/// A command that has been decided and whose answer waits for the disk.
pub struct Ticket(Waiting);

enum Waiting {
    Answer(oneshot::Receiver<Done>),
    /// The first answer to the same request, which may still be on its way to the disk.
    Repeat {
        lane: Arc<Lane>,
        done: Done,
        seq: Seq,
    },
}

impl Ticket {
    /// Waits until the change is on disk and published.
    ///
    /// # Errors
    /// [`Error::Lost`] if the server stopped before.
    pub async fn done(self) -> Result<Done, Error> {
        match self.0 {
            Waiting::Answer(answer) => answer.await.map_err(|_| Error::Lost),
            Waiting::Repeat { lane, done, seq } => {
                lane.channel.settled(seq).await;
                Ok(done)
            }
        }
    }
}

/// A change in the making: the lane is held while there is one.
pub(super) struct Draft {
    pub batch: Batch,
    /// The store's number for the conversation.
    pub number: u64,
    pub seq: Seq,
    pub at: Millis,
    /// How many are listening.
    pub delivered: u64,
    /// What the event brought before moderation, if that is to be kept.
    pub original: Option<Original>,
}

impl Draft {
    /// What a repeat of the request will be answered.
    pub fn remember(&mut self, scope: &str, once: &Once) -> Result<(), Fault> {
        let answer = Repeat { seq: self.seq, at: self.at, delivered: self.delivered, held: None };
        self.batch.remember(self.number, scope, once, &answer)
    }
}

impl Chat {
    /// A place among those who wait for the disk.
    pub(super) fn wait(&self) -> Result<Asker, Refusal> {
        let place = self.shared.waiting.clone().try_acquire_owned();
        let place = place.map_err(|_| Refusal::Busy { retry_after_ms: BUSY_RETRY_MS })?;
        Ok(Asker::new(self.way, self.shared.clock.ticks_us(), place))
    }

    /// The ticket of the first request with the same key, if there was one.
    pub(super) fn repeated(
        &self,
        lane: &Arc<Lane>,
        state: &LaneState,
        (scope, once): (&str, &Once),
        now: Millis,
    ) -> Result<Option<Ticket>, Fault> {
        let Some(stored) = &state.stored else { return Ok(None) };
        let first = self.shared.store.repeat(stored.number, scope, once, now)?;
        Ok(first.map(|first| match first.held {
            Some(category) => self.after_all(Done::Held { at: first.at, category }),
            None => Ticket(Waiting::Repeat {
                lane: lane.clone(),
                done: Done::Stored {
                    seq: first.seq,
                    at: first.at,
                    delivered: first.delivered,
                    repeat: true,
                    event: None,
                },
                seq: first.seq,
            }),
        }))
    }

    /// Begins a change of the lane's conversation, which comes into being with it if it did not
    /// exist.
    pub(super) fn draft(&self, lane: &Lane, state: &mut LaneState) -> Result<Draft, Fault> {
        let at = self.shared.clock.now();
        let mut batch = self.shared.store.batch();
        let number = match &state.stored {
            Some(stored) => stored.number,
            None => batch.create(&lane.id, at)?,
        };
        let delivered = u64::try_from(lane.channel.listeners()).unwrap_or(u64::MAX);
        Ok(Draft { batch, number, seq: state.decided.next(), at, delivered, original: None })
    }

    /// Gives the event of a change its position and sends both to the disk; once this returns it cannot
    /// fail but with the whole server. The caller holds the lane, so commits of a conversation are in
    /// the order of their seqs.
    ///
    /// # Errors
    /// An event that cannot be stored; nothing has happened then.
    pub(super) fn commit(
        &self,
        lane: &Arc<Lane>,
        state: &mut LaneState,
        (mut draft, mut event): (Draft, Event),
        waiting: Option<Asker>,
    ) -> Result<Ticket, Fault> {
        let (answer, ticket) = oneshot::channel();
        let mut last = self.shared.order.lock().unwrap_or_else(PoisonError::into_inner);
        event.position = last.next();
        draft.batch.append(draft.number, &event, draft.original.as_ref())?;
        *last = event.position;
        exists(lane, state, &draft);
        state.decided = draft.seq;
        let (lane, finished) = (lane.clone(), self.shared.finished.clone());
        let (event, delivered) = (Arc::new(event), draft.delivered);
        self.shared.store.submit(draft.batch, move |synced| {
            // Without the sync there is no answer: the asker sees that it was lost.
            if synced.is_ok() {
                let _ = finished.send(Finish { lane, event, delivered, answer, waiting });
            }
        });
        drop(last);
        Ok(Ticket(Waiting::Answer(ticket)))
    }

    /// Sends a change that leaves the log as it is to the disk.
    pub(super) fn commit_aside(
        &self,
        lane: &Lane,
        state: &mut LaneState,
        draft: Draft,
        done: Done,
    ) -> Ticket {
        exists(lane, state, &draft);
        let (answer, ticket) = oneshot::channel();
        self.shared.store.submit(draft.batch, move |synced| {
            if synced.is_ok() {
                let _ = answer.send(done);
            }
        });
        Ticket(Waiting::Answer(ticket))
    }

    /// An answer that is given once everything submitted before is on disk.
    fn after_all(&self, done: Done) -> Ticket {
        let (answer, ticket) = oneshot::channel();
        self.shared.store.submit(self.shared.store.batch(), move |synced| {
            if synced.is_ok() {
                let _ = answer.send(done);
            }
        });
        Ticket(Waiting::Answer(ticket))
    }
}

/// The conversation exists from the first change on that is sent to the disk.
fn exists(lane: &Lane, state: &mut LaneState, draft: &Draft) {
    state.stored.get_or_insert_with(|| Conversation {
        number: draft.number,
        id: lane.id.clone(),
        created_at: draft.at,
    });
}
