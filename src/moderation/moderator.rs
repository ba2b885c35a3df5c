//! The face of moderation towards the rest of the server: ask about a message, look at the plugins, have
//! them reloaded. Decides nothing about a message; what follows from a verdict is the domain's.

use std::{
    fmt, fs, io,
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
};

use tokio::sync::{oneshot, watch};

use super::{
    allow::Allowed,
    crew::Crew,
    manifest::Needs,
    roster::{Approval, Board, Change, Keeper, Loader, Order, PluginStatus},
    sandbox::{CodeCache, EngineFault, Sandbox},
    settings::ModerationSettings,
    workers::{self, Job},
};
use crate::{
    domain::{
        id::Kind,
        moderation::{Finding, Inquiry, Verdict},
    },
    runtime::Clock,
};

/// Moderation could not be started; what plugins do wrong is never a fault.
#[derive(Debug)]
pub enum Fault {
    Engine(EngineFault),
    /// The state directory cannot be used.
    State {
        path: PathBuf,
        cause: io::Error,
    },
    Thread(io::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(cause) => cause.fmt(f),
            Self::State { path, cause } => {
                write!(f, "the moderation state in {} cannot be used: {cause}", path.display())
            }
            Self::Thread(cause) => write!(f, "moderation gets no thread: {cause}"),
        }
    }
}

impl std::error::Error for Fault {}

/// The moderation of this server. Cheap to clone; its threads end with the last clone.
#[derive(Clone)]
pub struct Moderator {
    inner: Arc<Inner>,
}

struct Inner {
    board: Arc<Board>,
    crew: Arc<Crew<Job>>,
    orders: mpsc::Sender<Order>,
    engine: String,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.crew.close();
        // The keeper may be gone already.
        let _ = self.orders.send(Order::Stop);
    }
}

impl Moderator {
    /// Starts the engine, loads what the plugin directory holds and starts the threads. Bad plugins do
    /// not hinder it; they show in [`Moderator::plugins`] and [`Moderator::health`]. Takes as long as
    /// compiling the plugins that are not in the code cache yet.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn open(settings: ModerationSettings, clock: &Clock) -> Result<Self, Fault> {
        let sandbox = Sandbox::open(settings.engine, &settings.limits).map_err(Fault::Engine)?;
        let state = |path: PathBuf| move |cause| Fault::State { path, cause };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&settings.state_dir)
            .map_err(state(settings.state_dir.clone()))?;
        let cache_dir = settings.state_dir.join("plugin-cache");
        let cache = CodeCache::open(&cache_dir).map_err(state(cache_dir))?;
        let engine = sandbox.profile().to_string();
        let loader = Loader { sandbox, cache: Some(cache), clock: clock.clone() };
        let board = Arc::new(Board::new());
        let crew = Arc::new(Crew::new(settings.queue_max));
        let threads = settings.threads;
        let keeper = Keeper::open(settings, loader, board.clone());
        let (orders, inbox) = mpsc::channel();
        // Made first: if a thread cannot be started, dropping it ends those that were.
        let inner = Arc::new(Inner { board: board.clone(), crew: crew.clone(), orders, engine });
        workers::start(threads, &crew, &board, clock).map_err(Fault::Thread)?;
        thread::Builder::new()
            .name("parlour-plugins".to_owned())
            .spawn(move || keeper.run(&inbox))
            .map_err(Fault::Thread)?;
        Ok(Self { inner })
    }

    /// Asks the plugins of the conversation's kind. Never fails: a plugin that is missing, rests or
    /// fails, and a queue that is full, come out as `unanswered`. Dropping the future takes a message
    /// that still waits out of the queue.
    pub async fn check(&self, inquiry: Inquiry) -> Verdict {
        let kind = inquiry.kind;
        let set = self.inner.board.set();
        if set.chain(kind).is_empty() {
            return Verdict::default();
        }
        let silence = || {
            self.inner.board.overflow();
            set.silence(kind)
        };
        let (reply, verdict) = oneshot::channel();
        if !self.inner.crew.push(Job { inquiry: Arc::new(inquiry), reply }) {
            return silence();
        }
        verdict.await.unwrap_or_else(|_| silence())
    }

    /// The earlier messages that the chain of a kind wants to see.
    pub fn needs(&self, kind: Kind) -> Needs {
        self.inner.board.set().needs(kind)
    }

    /// Looks at the plugin directory now, also at files that were refused; returns when that is done.
    pub async fn reload(&self) {
        self.order(Order::Reload).await;
    }

    /// Puts other settings in force; returns when the plugins run with them. The engine, its pool,
    /// the threads, the queue and the pause between looks stay as they were opened.
    pub async fn reconfigure(&self, settings: ModerationSettings) {
        self.order(|done| Order::Reconfigure(Box::new(settings), done)).await;
    }

    /// Approves a plugin file by its name in the directory; false if there is none of this name.
    pub async fn approve(&self, file: &str) -> bool {
        let file = file.to_owned();
        self.order(|done| Order::Decide(file, Approval::Approved, done)).await.unwrap_or(false)
    }

    /// Revokes a plugin file, under any name; false if there is none of this name.
    pub async fn revoke(&self, file: &str) -> bool {
        let file = file.to_owned();
        self.order(|done| Order::Decide(file, Approval::Revoked, done)).await.unwrap_or(false)
    }

    /// Switches a plugin on or off, for good and at once; false if it was so already.
    ///
    /// # Errors
    /// A sentence for the administrator; nothing is changed then.
    pub async fn switch(&self, id: &str, on: bool) -> Result<bool, String> {
        self.change(Change::Switch { id: id.to_owned(), on }).await
    }

    /// Lets words be written, or no longer, for good and at once; false if it was so already.
    ///
    /// # Errors
    /// As [`Moderator::switch`].
    pub async fn allow(&self, text: &str, may: bool) -> Result<bool, String> {
        let text = text.to_owned();
        self.change(if may { Change::Allow(text) } else { Change::Disallow(text) }).await
    }

    /// What may be written although a plugin finds it.
    pub fn allowed(&self) -> Vec<Allowed> {
        self.inner.board.allowed().entries().to_vec()
    }

    /// Counts what the policy decided about findings, by plugin and rule.
    pub fn decided<'a>(&self, findings: impl IntoIterator<Item = &'a Finding>) {
        let set = self.inner.board.set();
        for finding in findings {
            if let Some(slot) = set.slots.iter().find(|slot| slot.plugin.id == finding.plugin) {
                slot.counters.decided(finding);
            }
        }
    }

    async fn change(&self, change: Change) -> Result<bool, String> {
        let changed = self.order(|done| Order::Change(change, done)).await;
        changed.unwrap_or_else(|| Err("the keeper of the plugins has ended".to_owned()))
    }

    async fn order<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Option<T> {
        let (done, answer) = oneshot::channel();
        self.inner.orders.send(order(done)).ok()?;
        answer.await.ok()
    }

    /// Every file of the directory and every plugin that is missed, by file name.
    pub fn plugins(&self) -> Vec<PluginStatus> {
        self.inner.board.statuses()
    }

    /// Ids of the plugins that answer now.
    pub fn running(&self) -> Vec<String> {
        let all = self.inner.board.statuses().into_iter();
        all.filter(|plugin| plugin.state.word() == "running").map(|plugin| plugin.id).collect()
    }

    /// Why moderation is not what the administrator asked for, a sentence each; empty if all is well.
    pub fn health(&self) -> Vec<String> {
        self.inner.board.degraded()
    }

    /// Changes whenever messages that went unchecked are worth checking again: a plugin works again,
    /// or the queue has room again. A message that itself brings a plugin to fall stays unchecked;
    /// whoever checks again must give up on it after a few times.
    pub fn recovered(&self) -> watch::Receiver<u64> {
        self.inner.board.recoveries()
    }

    /// Which generation of the plugin set is in place.
    #[cfg(test)]
    pub fn generation(&self) -> u64 {
        self.inner.board.set().generation
    }

    /// How plugin code runs, in words.
    pub fn engine(&self) -> &str {
        &self.inner.engine
    }

    /// Messages that wait to be checked.
    pub fn waiting(&self) -> usize {
        self.inner.crew.len()
    }
}
