//! The one owner of the plugins: watches the directory, loads, replaces, removes, lets rest, probes and
//! takes back, and puts a new set in place each time. Runs on a thread of its own; nobody waits for it
//! who checks a message.

use std::{
    collections::BTreeMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    board::{Board, PluginState, Row},
    directory,
    file::{Standing, Tracked},
    loader::{Loader, Ready, Rejected},
    lock::{Approval, Lock},
    set::{Set, Slot},
};
use crate::{
    domain::nearest::suggestion,
    moderation::{
        allow::Allow,
        counters::Counters,
        decisions::Decisions,
        settings::{DryRun, Limits, ModerationSettings},
        trouble::{Trouble, TroubleKind},
    },
};

/// What the keeper is told; each order is answered when it is done.
pub enum Order {
    /// Look at everything again, also at what was refused.
    Reload(oneshot::Sender<()>),
    Reconfigure(Box<ModerationSettings>, oneshot::Sender<()>),
    /// The administrator's decision about a file; answers whether there is such a file.
    Decide(String, Approval, oneshot::Sender<bool>),
    /// Another decision of the administrator; answers whether it changed anything.
    Change(Change, oneshot::Sender<Result<bool, String>>),
    Stop,
}

/// What the administrator decides while the server runs, and what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Switches a plugin on or off.
    Switch {
        id: String,
        on: bool,
    },
    Allow(String),
    Disallow(String),
}

/// The owner of the plugins.
pub struct Keeper {
    /// As configured, and with what was decided since.
    configured: ModerationSettings,
    settings: ModerationSettings,
    decisions: Decisions,
    loader: Loader,
    lock: Lock,
    board: Arc<Board>,
    files: BTreeMap<String, Tracked>,
    /// By plugin id; they outlive files and generations.
    counters: BTreeMap<String, Arc<Counters>>,
    generation: u64,
    /// The limits that running plugins were loaded with.
    applied: Limits,
    notes: Vec<String>,
}

impl Keeper {
    /// Loads what is there.
    pub fn open(settings: ModerationSettings, loader: Loader, board: Arc<Board>) -> Self {
        let lock = Lock::read(&settings.state_dir.join("plugins.lock"));
        let decisions = Decisions::read(&settings.state_dir);
        let applied = settings.limits;
        let mut keeper = Self {
            configured: settings.clone(),
            settings,
            decisions,
            loader,
            lock,
            board,
            files: BTreeMap::new(),
            counters: BTreeMap::new(),
            generation: 0,
            applied,
            notes: Vec::new(),
        };
        keeper.settle();
        keeper.look(true);
        keeper.install();
        keeper
    }

    /// Puts the configuration in force, with what the administrator decided since.
    fn settle(&mut self) {
        self.settings = self.configured.clone();
        for (id, on) in self.decisions.switched() {
            self.settings.plugins.entry(id.clone()).or_default().enabled = *on;
        }
        self.board.allow(Allow::new(&self.settings.allow, self.decisions.allowed()));
    }

    /// Watches until it is told to stop or nobody is left to tell it anything.
    pub fn run(mut self, orders: &Receiver<Order>) {
        let pause = Duration::from_millis(self.settings.poll_ms.clamp(10, 60_000));
        loop {
            match orders.recv_timeout(pause) {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Order::Reload(done)) => {
                    if self.look(true) {
                        self.install();
                    }
                    let _ = done.send(());
                }
                Ok(Order::Reconfigure(settings, done)) => {
                    self.configured = *settings;
                    self.settle();
                    self.look(true);
                    self.applied = self.settings.limits;
                    self.install();
                    let _ = done.send(());
                }
                Ok(Order::Decide(file, approval, done)) => {
                    let _ = done.send(self.decide(&file, approval));
                }
                Ok(Order::Change(change, done)) => {
                    let _ = done.send(self.change(&change));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if self.look(false) {
                        self.install();
                    }
                }
            }
            self.care();
        }
    }

    fn now(&self) -> u64 {
        self.loader.clock.now().0
    }

    fn decide(&mut self, file: &str, approval: Approval) -> bool {
        let known = self.lock.decide(file, approval);
        if known {
            tracing::info!(target: "parlour::audit", file, ?approval, "a plugin file was decided about");
            if approval != Approval::Approved
                && let Some(tracked) = self.files.get_mut(file)
            {
                tracked.slot = None;
            }
            self.look(true);
            self.install();
        }
        known
    }

    /// Keeps a decision and puts it in force.
    fn change(&mut self, change: &Change) -> Result<bool, String> {
        let changed = match change {
            Change::Allow(text) => self.decisions.allow(text)?,
            Change::Disallow(text) => self.decisions.disallow(text)?,
            Change::Switch { id, on } => {
                self.must_know(id)?;
                let enabled = |settings: &ModerationSettings| {
                    settings.plugins.get(id).is_none_or(|plugin| plugin.enabled)
                };
                let changed = enabled(&self.settings) != *on;
                self.decisions.switch(id, *on)?;
                changed
            }
        };
        self.settle();
        if let (true, Change::Switch { id, on }) = (changed, change) {
            tracing::info!(target: "parlour::audit", plugin = id, on, "a plugin was switched");
            self.look(true);
            self.install();
        } else if changed {
            tracing::info!(target: "parlour::audit", "the list of what may be written was changed");
        }
        Ok(changed)
    }

    fn must_know(&self, id: &str) -> Result<(), String> {
        let files = self.files.iter();
        let ids = files.filter_map(|(file, tracked)| tracked.id(self.lock.entry(file)));
        let chains = self.settings.chains.values().flatten().map(String::as_str);
        let known: Vec<&str> =
            ids.chain(chains).chain(self.settings.plugins.keys().map(String::as_str)).collect();
        if known.contains(&id) {
            return Ok(());
        }
        Err(format!("there is no plugin `{}`{}", id.escape_debug(), suggestion(id, known)))
    }

    // === the directory ===

    /// One look at the directory. True if another set must be put in place.
    fn look(&mut self, force: bool) -> bool {
        let now = self.now();
        let notes = std::mem::take(&mut self.notes);
        self.notes.extend(self.lock.broken().map(str::to_owned));
        self.notes.extend(self.decisions.broken().map(str::to_owned));
        let glance = match directory::glance(&self.settings.dir, &self.settings.limits) {
            Ok(glance) => glance,
            Err(cause) => {
                self.unreadable(&cause);
                return self.notes != notes;
            }
        };
        if glance.surplus > 0 {
            let max = self.settings.limits.files_max;
            self.notes.push(format!(
                "the plugin directory holds {} files more than the {max} that are looked at",
                glance.surplus
            ));
        }
        let mut changed = self.notes != notes || self.sweep(&glance);
        for (file, stamp) in glance.files {
            let fresh = !self.files.contains_key(&file);
            let tracked = self.files.entry(file.clone()).or_insert_with(|| Tracked::new(stamp));
            let read = if fresh { force } else { tracked.seen(stamp, now, force) };
            changed |= fresh || tracked.settling;
            if read {
                self.take(&file);
                changed = true;
            }
        }
        changed
    }

    /// What ran keeps running: a directory that disappears is an accident more often than a wish.
    fn unreadable(&mut self, cause: &io::Error) {
        let running = self.files.values().any(|tracked| tracked.slot.is_some());
        if cause.kind() == io::ErrorKind::NotFound && !running && self.settings.chains.is_empty() {
            return;
        }
        let dir = self.settings.dir.display();
        let still = if running { "; the plugins loaded before still run" } else { "" };
        self.notes.push(format!("the plugin directory {dir} cannot be read: {cause}{still}"));
    }

    /// Takes out the files that two looks did not find.
    fn sweep(&mut self, glance: &directory::Glance) -> bool {
        let mut removed = Vec::new();
        for (file, tracked) in &mut self.files {
            if !glance.files.contains_key(file) && std::mem::replace(&mut tracked.gone, true) {
                removed.push(file.clone());
            }
        }
        for file in &removed {
            let slot = self.files.remove(file).and_then(|tracked| tracked.slot);
            let plugin = slot.map(|slot| slot.plugin.id.clone()).unwrap_or_default();
            self.lock.forget(file);
            tracing::info!(target: "parlour::audit", file, plugin, "a plugin file was removed");
        }
        !removed.is_empty()
    }

    /// Reads a file and takes the consequences.
    fn take(&mut self, file: &str) {
        let now = self.now();
        let concluded = self.conclude(file, now);
        let Some(tracked) = self.files.get_mut(file) else { return };
        let Some(standing) = concluded else {
            tracked.settling = true;
            return;
        };
        match &standing {
            Standing::Refused { trouble, .. } => tracing::warn!(
                target: "parlour::audit", file, sha = tracked.sha, reason = %trouble,
                "a plugin file is refused",
            ),
            Standing::Pending { reason } => tracing::warn!(
                target: "parlour::audit", file, sha = tracked.sha, reason,
                "a plugin file waits for approval",
            ),
            Standing::Off { .. } | Standing::Revoked => {
                tracked.slot = None;
                tracing::info!(
                    target: "parlour::audit", file, sha = tracked.sha, standing = ?standing,
                    "a plugin file does not run",
                );
            }
            _ => {}
        }
        tracked.concluded(standing, now);
    }

    /// What comes of a file's bytes; `None` if they changed while they were read.
    fn conclude(&mut self, file: &str, now: u64) -> Option<Standing> {
        let refused = |id, trouble: Trouble| Some(Standing::Refused { id, trouble });
        let content = match directory::read(&self.settings.dir.join(file), &self.settings.limits) {
            Ok(content) => content,
            Err(trouble) => return refused(None, trouble),
        };
        let tracked = self.files.get_mut(file)?;
        if content.stamp != tracked.stamp {
            tracked.stamp = content.stamp;
            return None;
        }
        tracked.sha.clone_from(&content.sha);
        let trusted = self.settings.auto_approve && content.trusted.is_ok();
        match self.lock.judge(file, &content.sha, trusted) {
            Approval::Approved => {}
            Approval::Revoked => return Some(Standing::Revoked),
            Approval::Pending => {
                let why = content.trusted.err().unwrap_or_else(|| "auto_approve is off".to_owned());
                let reason = format!("waits for the administrator's approval, because {why}");
                return Some(Standing::Pending { reason });
            }
        }
        if self.is_current(file, &content.sha) {
            return Some(Standing::Running);
        }
        let files = &self.files;
        let taken = |id: &str| {
            let mut others = files.iter().filter(|(name, _)| name.as_str() != file);
            let provides = |t: &Tracked| t.slot.as_ref().is_some_and(|s| s.plugin.id == id);
            others.find(|(_, tracked)| provides(tracked)).map(|(name, _)| name.clone())
        };
        let loading =
            || self.loader.load(&content.bytes, &content.sha, &self.settings, None, taken);
        // One file must not end the watch over all others.
        let loaded = catch_unwind(AssertUnwindSafe(loading)).unwrap_or_else(|_| {
            let sentence = "brings the loader to fall; this is a defect of the server";
            Err(Trouble::new(TroubleKind::Host, sentence).into())
        });
        match loaded {
            Err(Rejected::Off { id }) => Some(Standing::Off { id }),
            Err(Rejected::Trouble { id, trouble }) => refused(id, trouble),
            Ok(ready) => {
                self.lock.learned(file, &ready.plugin.id, &ready.plugin.version);
                let counters = self.counters.entry(ready.plugin.id.clone()).or_default().clone();
                let tracked = self.files.get_mut(file)?;
                let previous = tracked.slot.take().filter(|s| s.plugin.id == ready.plugin.id);
                tell_loaded(self.generation, file, &ready, previous.as_ref());
                let since = self.generation.saturating_add(1);
                let slot =
                    Slot::new(ready.plugin, ready.settings, since, counters, (previous, now));
                tracked.slot = Some(Arc::new(slot));
                Some(Standing::Running)
            }
        }
    }

    /// Whether these bytes run already, with the settings that are asked for.
    fn is_current(&self, file: &str, sha: &str) -> bool {
        let slot = self.files.get(file).and_then(|tracked| tracked.slot.as_ref());
        slot.is_some_and(|slot| {
            let wanted = self.settings.plugins.get(&slot.plugin.id).cloned().unwrap_or_default();
            wanted.enabled
                && slot.plugin.sha == sha
                && slot.settings.loads_like(&wanted)
                && self.applied == self.settings.limits
        })
    }

    // === the set ===

    /// Puts a set of what is loaded now in place, if it differs, and shows the status.
    fn install(&mut self) {
        let missed: Vec<String> = self
            .files
            .iter()
            .filter(|(_, tracked)| {
                tracked.slot.is_none() && !matches!(tracked.standing, Standing::Off { .. })
            })
            .filter_map(|(file, tracked)| tracked.id(self.lock.entry(file)).map(str::to_owned))
            .collect();
        let slots: Vec<Arc<Slot>> =
            self.files.values().filter_map(|tracked| tracked.slot.clone()).collect();
        let generation = self.generation.saturating_add(1);
        let next = Set::new(generation, slots, &missed, &self.settings);
        let mut recovered = false;
        if self.generation == 0 || !next.is_like(&self.board.set()) {
            self.generation = generation;
            recovered = self.board.set().is_ailing();
            let plugins = next.slots.len();
            self.board.swap(Arc::new(next));
            if generation == 1 {
                tracing::debug!(target: "parlour::audit", plugins, "the first plugin set is in place");
            } else {
                tracing::info!(target: "parlour::audit", generation, plugins, "the plugin set is in place");
            }
        }
        self.show();
        // Whoever hears it asks at once which plugins run: that must be shown by then.
        if recovered {
            self.board.recovered();
        }
    }

    fn show(&self) {
        let mut rows: Vec<Row> = self
            .files
            .iter()
            .map(|(file, tracked)| tracked.row(file, self.lock.entry(file), &self.settings))
            .collect();
        let mut wanted: Vec<&String> = self.settings.chains.values().flatten().collect();
        wanted.sort();
        wanted.dedup();
        for id in wanted {
            let off = self.settings.plugins.get(id).is_some_and(|plugin| !plugin.enabled);
            if !off && rows.iter().all(|row| row.id != *id) {
                rows.push(Row {
                    file: String::new(),
                    id: id.clone(),
                    version: String::new(),
                    sha: String::new(),
                    state: PluginState::Missing,
                    reason: Some("is named in a chain and no file provides it".to_owned()),
                    slot: None,
                    dry_run: DryRun::Nothing,
                });
            }
        }
        self.board.show(rows, self.notes.clone());
    }

    // === health ===

    /// Takes back new versions that fail, and probes plugins whose rest is over.
    fn care(&mut self) {
        let now = self.now();
        let mut taken_back = false;
        for (file, tracked) in &mut self.files {
            let Some(slot) = &tracked.slot else { continue };
            let unfit = slot.unfit(now);
            if let Some(sentence) = unfit
                && let Some(previous) = slot.rolled_back(self.generation.saturating_add(1))
            {
                tracing::warn!(
                    target: "parlour::audit", file, plugin = slot.plugin.id,
                    version = slot.plugin.version, to = previous.plugin.version, reason = sentence,
                    "a new version of a plugin is taken back",
                );
                tracked.slot = Some(Arc::new(previous));
                tracked.concluded(Standing::RolledBack { sentence }, now);
                taken_back = true;
            }
        }
        if taken_back {
            self.install();
            self.board.recovered();
        }
        for slot in &self.board.set().slots {
            if slot.probe(now) {
                self.board.recovered();
            }
        }
    }
}

/// What changes while the server runs is told; what is found at its start is not news.
fn tell_loaded(generation: u64, file: &str, ready: &Ready, previous: Option<&Arc<Slot>>) {
    let Ready { plugin, form, .. } = ready;
    let (id, version, sha, form) = (&plugin.id, &plugin.version, &plugin.sha, form.word());
    let replaces = previous.map(|slot| slot.plugin.version.as_str());
    if generation == 0 {
        tracing::debug!(target: "parlour::audit", file, plugin = id, version, sha, form, "a plugin is loaded");
    } else {
        tracing::info!(target: "parlour::audit", file, plugin = id, version, sha, form, replaces, "a plugin is loaded");
    }
}
