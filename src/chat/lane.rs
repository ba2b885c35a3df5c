//! A conversation's lane: the one place where its next seq is given. The store shows what was decided
//! to the next decision as soon as it is submitted; nothing here waits.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    domain::{
        command::Range,
        id::{ConversationId, Seq, UserId},
        message::Message,
        time::Millis,
    },
    hub::Channel,
    store::{Fault, Store, records::Conversation},
};

/// How many lanes may rest in memory before idle ones are let go.
const RESTING_MAX: usize = 20_000;
/// How many earlier messages a lane remembers for moderation, and how many bytes of them.
const RECENT_MAX: usize = 20;
const RECENT_MAX_BYTES: usize = 8 * 1024;

/// One conversation in memory.
pub struct Lane {
    pub id: ConversationId,
    pub channel: Channel,
    state: Mutex<LaneState>,
}

/// What the next decision must know.
#[derive(Default)]
pub struct LaneState {
    /// The conversation in the store; `None` until it exists there.
    pub stored: Option<Conversation>,
    /// The last seq given.
    pub decided: Seq,
    /// The newest messages, newest last, for moderation's context.
    pub recent: VecDeque<Recent>,
}

/// An earlier message as moderation may see it.
#[derive(Clone, Debug)]
pub struct Recent {
    pub seq: Seq,
    /// When it was written, or changed last.
    pub at: Millis,
    pub sender: UserId,
    pub role: String,
    pub text: String,
}

impl Recent {
    pub fn of(message: &Message) -> Self {
        Self {
            seq: message.seq,
            at: message.edited_at.unwrap_or(message.created_at),
            sender: message.sender.clone(),
            role: message.role.clone(),
            text: message.content.text.clone(),
        }
    }
}

impl Lane {
    pub fn state(&self) -> MutexGuard<'_, LaneState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until everything that has been decided so far is on disk and published.
    pub async fn settled(&self) {
        let decided = self.state().decided;
        self.channel.settled(decided).await;
    }

    fn is_resting(&self) -> bool {
        let state = self.state();
        state.decided == self.channel.published() && self.channel.listeners() == 0
    }
}

impl LaneState {
    /// Gives a remembered message its new words; an older one stays forgotten.
    pub fn reword(&mut self, message: &Message) {
        if let Some(same) = self.recent.iter_mut().find(|recent| recent.seq == message.seq) {
            *same = Recent::of(message);
        }
    }

    /// Remembers a new message for the context of the next ones.
    pub fn remember(&mut self, recent: Recent) {
        self.recent.push_back(recent);
        let mut bytes: usize = self.recent.iter().map(|r| r.text.len()).sum();
        while self.recent.len() > RECENT_MAX || (bytes > RECENT_MAX_BYTES && self.recent.len() > 1)
        {
            bytes -= self.recent.pop_front().map_or(0, |r| r.text.len());
        }
    }
}

/// All lanes in memory. A lane comes to life when somebody writes to or reads from its conversation.
pub struct Lanes {
    store: Store,
    by_id: Mutex<HashMap<ConversationId, Arc<Lane>>>,
}

impl Lanes {
    pub fn new(store: Store) -> Self {
        Self { store, by_id: Mutex::default() }
    }

    /// The conversation's lane, read from the store if it is not in memory. A conversation that does
    /// not exist yet has a lane too, with nothing in it.
    ///
    /// # Errors
    /// What the store says when it cannot read.
    pub fn open(&self, id: &ConversationId) -> Result<Arc<Lane>, Fault> {
        let mut lanes = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(id) {
            return Ok(lane.clone());
        }
        if lanes.len() >= RESTING_MAX && lanes.len().is_multiple_of(256) {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || !lane.is_resting());
        }
        let lane = Arc::new(self.load(id)?);
        lanes.insert(id.clone(), lane.clone());
        Ok(lane)
    }

    /// How many lanes are in memory.
    pub fn len(&self) -> usize {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn load(&self, id: &ConversationId) -> Result<Lane, Fault> {
        let mut state = LaneState { stored: self.store.conversation(id)?, ..LaneState::default() };
        if let Some(number) = state.stored.as_ref().map(|stored| stored.number) {
            state.decided = self.store.last_seq(number)?;
            for message in
                self.store.messages(number, Range::Latest, state.decided, RECENT_MAX)?.messages
            {
                state.remember(Recent::of(&message));
            }
        }
        Ok(Lane { id: id.clone(), channel: Channel::new(state.decided), state: Mutex::new(state) })
    }
}
