//! The verbs: post, edit, delete, mark, read, type, follow. The sole writer of conversations and the
//! sole caller of moderation and of the hub's publish. Names no dialect and no protocol.
//!
//! A command is admitted, moderated, decided in its conversation's lane, committed, published and only
//! then answered. Deciding never waits; what is decided is on its way to the disk in that order.

mod admission;
mod decide;
mod edit;
mod error;
mod held;
mod lane;
mod live;
mod mark;
mod meters;
mod moderate;
mod post;
mod publisher;
mod rate;
mod recheck;
mod sessions;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::{Notify, Semaphore, mpsc};

pub use decide::Ticket;
pub use error::Error;
pub use live::{Seam, Subscription};
pub use meters::Meters;
pub use moderate::Rehearsal;
pub use sessions::Remembered;

use crate::{
    auth::Permit,
    domain::{
        command::{Command, Done, History, Page},
        event::Position,
        id::{Kind, Seq},
        policy::Policy,
        redact::{StripWords, Table},
    },
    hub::{Encoder, Stage},
    moderation::Moderator,
    runtime::{Clock, Drain, Tasks, meters::Way},
    store::Store,
};
use lane::Lanes;
use publisher::Finish;

/// How many commands may wait for the disk at a time.
const WAITING_MAX: usize = 8192;
/// After how long an asker that found it full may try again, in milliseconds.
const BUSY_RETRY_MS: u64 = 500;

/// What the administrator decided; replaced as a whole on reload.
#[derive(Clone, Debug)]
pub struct ChatSettings {
    /// In the order of [`Kind::ALL`].
    pub policies: [Policy; 5],
    pub moderation: Table,
    pub strip_words: StripWords,
    /// BCP 47 tags, most likely first.
    pub languages: Vec<String>,
    /// ISO 3166-1 alpha-2; how a national phone number is read.
    pub default_region: String,
    /// Hosts whose links are not external.
    pub allowed_hosts: Vec<String>,
    /// Whether everybody with a token may join every room, for a trusted network.
    pub open_rooms: bool,
    /// How long a live session can be taken up again after it was remembered last, in milliseconds.
    pub recovery_window_ms: u64,
}

impl ChatSettings {
    fn policy(&self, kind: Kind) -> Policy {
        let at = Kind::ALL.iter().position(|k| *k == kind);
        at.and_then(|at| self.policies.get(at))
            .copied()
            .unwrap_or_else(|| Policy::default_for(kind))
    }
}

/// The chat; cheap to clone.
#[derive(Clone)]
pub struct Chat {
    shared: Arc<Shared>,
    /// How those who use this handle come in.
    way: Way,
}

struct Shared {
    store: Store,
    moderator: Moderator,
    encoder: Arc<dyn Encoder>,
    lanes: Lanes,
    stage: Arc<Stage>,
    /// The position given last. Held while an event is given the next one, written into its batch and
    /// submitted, so that positions are in the order of the disk and of publishing.
    order: Mutex<Position>,
    /// Held while a batch about remembered sessions is made and submitted.
    sessions: Mutex<()>,
    rates: rate::Rates,
    settings: RwLock<Arc<ChatSettings>>,
    clock: Clock,
    drain: Drain,
    waiting: Arc<Semaphore>,
    /// Something was put into the queue of what is to be checked again.
    queued: Arc<Notify>,
    finished: mpsc::UnboundedSender<Finish>,
    meters: Arc<Meters>,
}

impl Chat {
    /// Starts the chat with its publishing task, the one that checks again what a failing plugin let
    /// through, and the one that forgets old sessions.
    pub fn start(
        store: Store,
        moderator: Moderator,
        encoder: Arc<dyn Encoder>,
        settings: ChatSettings,
        clock: Clock,
        (tasks, drain): (&Tasks, Drain),
    ) -> Self {
        let (finished, to_publish) = mpsc::unbounded_channel();
        let last = store.position_at_open();
        let stage = Arc::new(Stage::new(last));
        let shared = Arc::new(Shared {
            stage: stage.clone(),
            order: Mutex::new(last),
            sessions: Mutex::default(),
            lanes: Lanes::new(store.clone()),
            store,
            moderator,
            encoder: encoder.clone(),
            rates: rate::Rates::default(),
            settings: RwLock::new(Arc::new(settings)),
            clock: clock.clone(),
            drain,
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            queued: Arc::default(),
            finished,
            meters: Arc::default(),
        });
        let meters = shared.meters.clone();
        let chat = Self { shared, way: Way::Server };
        tasks.spawn("recheck", recheck::run(chat.clone()));
        tasks.spawn("sessions", sessions::sweep(chat.clone()));
        let publishing = publisher::publish(to_publish, (stage, encoder), (meters, clock));
        tasks.spawn("publish", publishing);
        chat
    }

    /// The same chat for those who come in on this way.
    #[must_use]
    pub fn through(&self, way: Way) -> Self {
        Self { shared: self.shared.clone(), way }
    }

    /// What was written and published so far.
    pub fn meters(&self) -> &Meters {
        &self.shared.meters
    }

    /// Replaces the settings for whatever comes next.
    pub fn reconfigure(&self, settings: ChatSettings) {
        *self.shared.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    fn settings(&self) -> Arc<ChatSettings> {
        self.shared.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does what is asked and waits until it is on disk and published.
    ///
    /// # Errors
    /// A refusal, or a fault of the server; in both cases nothing was stored.
    pub async fn execute(&self, permit: Permit<'_>, command: Command) -> Result<Done, Error> {
        self.begin(permit, command).await?.done().await
    }

    /// Does what is asked up to the point where it is decided. Commands begun one after another in the
    /// same conversation are numbered in that order; their tickets may be awaited together.
    ///
    /// # Errors
    /// As [`Chat::execute`].
    pub async fn begin(&self, permit: Permit<'_>, command: Command) -> Result<Ticket, Error> {
        match command {
            Command::Post(post) => self.post(permit, post).await,
            Command::Edit(edit) => self.edit(permit, edit).await,
            Command::Delete(delete) => self.delete(permit, delete),
            Command::Status(status) => self.status(permit, status),
        }
    }

    /// One stretch of a conversation's messages as they are now. A conversation that nobody wrote to
    /// is empty for whoever may read it.
    ///
    /// # Errors
    /// [`crate::domain::refusal::Refusal::NotAMember`], or a fault of the server.
    pub async fn history(&self, permit: Permit<'_>, ask: History) -> Result<Page, Error> {
        self.may_read(permit, &ask.conversation)?;
        let lane = self.shared.lanes.open(&ask.conversation)?;
        let (stored, decided) = {
            let state = lane.state();
            (state.stored.clone(), state.decided)
        };
        let Some(stored) = stored else {
            return Ok(Page { messages: Vec::new(), last: Seq(0), more: false });
        };
        let page = self.shared.store.messages(stored.number, ask.range, decided, ask.limit)?;
        // A message shows its newest words, also those that are on their way to the disk.
        lane.settled().await;
        Ok(page)
    }

    /// The store's epoch; a position that a client holds from another one is worthless.
    pub fn epoch(&self) -> u64 {
        self.shared.store.epoch()
    }

    /// How many conversations are in memory and how many commands wait for the disk.
    pub fn load(&self) -> (usize, usize) {
        (self.shared.lanes.len(), WAITING_MAX - self.shared.waiting.available_permits())
    }

    /// Whether so many commands wait for the disk that others will soon be turned away.
    pub fn is_congested(&self) -> bool {
        self.shared.waiting.available_permits() < WAITING_MAX / 4
    }
}
