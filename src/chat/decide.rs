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
    auth::{Admin, Service},
    domain::{
        command::{Done, Once},
        event::Event,
        id::{ConversationId, Seq},
        redact::Notice,
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
    /// What its asker is told about it.
    pub notice: Option<Notice>,
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
        let message = match &first {
            Some(first) => self.shared.store.subject(stored.number, first.seq)?,
            None => None,
        };
        let notice = message
            .and_then(|message| self.notice(lane, stored.state.as_deref(), &message))
            .map(Box::new);
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
                    notice,
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
        Ok(Draft {
            batch,
            number,
            seq: state.decided.next(),
            at,
            delivered,
            original: None,
            notice: None,
        })
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
        let notice = draft.notice.take().map(Box::new);
        self.shared.store.submit(draft.batch, move |synced| {
            // Without the sync there is no answer: the asker sees that it was lost.
            if synced.is_ok() {
                let _ = finished.send(Finish { lane, event, delivered, notice, answer, waiting });
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
    pub(super) fn after_all(&self, done: Done) -> Ticket {
        let (answer, ticket) = oneshot::channel();
        self.shared.store.submit(self.shared.store.batch(), move |synced| {
            if synced.is_ok() {
                let _ = answer.send(done);
            }
        });
        Ticket(Waiting::Answer(ticket))
    }
}

/// Who may set the state of a conversation: a back end, and an administrator.
pub trait SetsStates {}

impl SetsStates for Service {}
impl SetsStates for Admin {}

impl Chat {
    /// Puts a word about the whole conversation in place of the one before; the conversation comes
    /// into being with it if it did not exist.
    ///
    /// # Errors
    /// [`Refusal::Field`] for a word that is none of the kind's states, or a fault of the server.
    pub async fn set_state(
        &self,
        _by: &impl SetsStates,
        conversation: &ConversationId,
        word: &str,
    ) -> Result<(), Error> {
        let settings = self.settings();
        let states = settings.moderation.states(conversation.kind());
        if !states.iter().any(|state| state == word) {
            let known: Vec<String> = states.iter().map(|state| format!("`{state}`")).collect();
            let said = format!("must be one of {}", known.join(", "));
            return Err(Refusal::field("state", said).into());
        }
        self.shared.store.room_to_write()?;
        let lane = self.shared.lanes.open(conversation)?;
        let (done, synced) = oneshot::channel();
        {
            let mut state = lane.state();
            let mut draft = self.draft(&lane, &mut state)?;
            exists(&lane, &mut state, &draft);
            if let Some(stored) = &mut state.stored {
                let changed = Conversation { state: Some(word.to_owned()), ..stored.clone() };
                draft.batch.change(&changed)?;
                *stored = changed;
            }
            self.shared.store.submit(draft.batch, move |result| {
                if result.is_ok() {
                    let _ = done.send(());
                }
            });
        }
        synced.await.map_err(|_| Error::Lost)
    }

    /// The word that was last set for a conversation.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn state_of(&self, conversation: &ConversationId) -> Result<Option<String>, Error> {
        let lane = self.shared.lanes.open(conversation)?;
        let state = lane.state();
        Ok(state.stored.as_ref().and_then(|stored| stored.state.clone()))
    }
}

/// The conversation exists from the first change on that is sent to the disk.
fn exists(lane: &Lane, state: &mut LaneState, draft: &Draft) {
    state.stored.get_or_insert_with(|| Conversation {
        number: draft.number,
        id: lane.id.clone(),
        created_at: draft.at,
        state: None,
    });
}
