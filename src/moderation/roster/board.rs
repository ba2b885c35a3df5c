//! What the keeper of the plugins shows to everybody else: the set that runs, the status of each file,
//! and the signal that something works again. Changes nothing by itself.

use std::sync::{
    Arc, Mutex, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::watch;

use super::set::{Set, Slot};
use crate::moderation::{allow::Allow, counters::Tally, manifest::Manifest, settings::DryRun};

/// Shared by the keeper, the checking threads and the callers.
pub struct Board {
    set: RwLock<Arc<Set>>,
    allow: RwLock<Arc<Allow>>,
    rows: Mutex<Vec<Row>>,
    /// Troubles of the directory as a whole.
    notes: Mutex<Vec<String>>,
    recovered: watch::Sender<u64>,
    overflowed: AtomicBool,
}

/// A line of the status, without live numbers.
#[derive(Clone)]
pub struct Row {
    pub file: String,
    pub id: String,
    pub version: String,
    pub sha: String,
    pub state: PluginState,
    pub reason: Option<String>,
    pub slot: Option<Arc<Slot>>,
    pub dry_run: DryRun,
}

/// What became of a plugin file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginState {
    Running,
    /// It failed too often and is tried again later.
    Resting,
    /// It does not run; an earlier version of it may.
    Refused,
    /// It waits for the administrator's approval.
    Pending,
    Revoked,
    /// It failed in its first minute, and the version before it runs again.
    RolledBack,
    Off,
    /// A chain names it and no file provides it.
    Missing,
    /// It is new or has just changed.
    Settling,
}

impl PluginState {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Resting => "resting",
            Self::Refused => "refused",
            Self::Pending => "pending",
            Self::Revoked => "revoked",
            Self::RolledBack => "rolled-back",
            Self::Off => "off",
            Self::Missing => "missing",
            Self::Settling => "settling",
        }
    }
}

/// One line of `plugin list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginStatus {
    /// Name in the plugin directory; empty if there is no such file.
    pub file: String,
    /// Empty if it is not known.
    pub id: String,
    /// The version that runs; empty if none does.
    pub version: String,
    /// sha256 of the file in hex; empty if it could not be read.
    pub sha: String,
    pub state: PluginState,
    /// What is wrong, as one sentence.
    pub reason: Option<String>,
    /// The generation of the plugin set with which the running version came.
    pub generation: Option<u64>,
    pub about: Option<About>,
    pub counters: Tally,
}

/// What is known of a plugin that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub title: String,
    pub license: String,
    pub categories: Vec<String>,
    pub languages: Vec<String>,
    /// Lower runs first.
    pub priority: i32,
    /// Earlier messages that it wants to see, and how old they may be, in seconds.
    pub history: (u32, u32),
    /// What its section of the configuration may hold.
    pub keys: Vec<String>,
    pub dry_run: DryRun,
}

impl Board {
    pub fn new() -> Self {
        Self {
            set: RwLock::default(),
            allow: RwLock::default(),
            rows: Mutex::default(),
            notes: Mutex::default(),
            recovered: watch::Sender::new(0),
            overflowed: AtomicBool::new(false),
        }
    }

    pub fn set(&self) -> Arc<Set> {
        self.set.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What may be written although a plugin finds it.
    pub fn allowed(&self) -> Arc<Allow> {
        self.allow.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn allow(&self, allow: Allow) {
        *self.allow.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(allow);
    }

    /// Puts a new set in place; returns the one before.
    pub fn swap(&self, set: Arc<Set>) -> Arc<Set> {
        std::mem::replace(&mut *self.set.write().unwrap_or_else(PoisonError::into_inner), set)
    }

    pub fn show(&self, rows: Vec<Row>, notes: Vec<String>) {
        *self.rows.lock().unwrap_or_else(PoisonError::into_inner) = rows;
        *self.notes.lock().unwrap_or_else(PoisonError::into_inner) = notes;
    }

    /// Says that messages which went unchecked can be checked again.
    pub fn recovered(&self) {
        self.recovered.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub fn recoveries(&self) -> watch::Receiver<u64> {
        self.recovered.subscribe()
    }

    /// Remembers that messages were turned away because too many waited.
    pub fn overflow(&self) {
        self.overflowed.store(true, Ordering::Release);
    }

    /// Nothing waits any more: what was turned away can be checked.
    pub fn drained(&self) {
        if self.overflowed.swap(false, Ordering::AcqRel) {
            self.recovered();
        }
    }

    pub fn statuses(&self) -> Vec<PluginStatus> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner).clone();
        rows.into_iter().map(status).collect()
    }

    /// Why moderation is not what the administrator asked for; empty if it is.
    pub fn degraded(&self) -> Vec<String> {
        let mut reasons = self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for status in self.statuses() {
            let fine = matches!(status.state, PluginState::Running | PluginState::Settling);
            if (fine && status.reason.is_none()) || status.state == PluginState::Off {
                continue;
            }
            let name = if status.file.is_empty() { &status.id } else { &status.file };
            let why = status.reason.as_deref().unwrap_or(status.state.word());
            reasons.push(format!("plugin {name}: {why}"));
        }
        reasons
    }
}

fn status(row: Row) -> PluginStatus {
    let Row { file, id, version, sha, mut state, mut reason, slot, dry_run } = row;
    let resting = slot.as_ref().and_then(|slot| slot.health().resting_until());
    if resting.is_some() && state == PluginState::Running {
        state = PluginState::Resting;
        let trouble = slot.as_ref().and_then(|slot| slot.last_trouble());
        reason = Some(format!(
            "failed too often and rests before it is tried again; it {}",
            trouble.map_or_else(|| "failed".to_owned(), |trouble| trouble.sentence)
        ));
    }
    PluginStatus {
        file,
        id,
        version,
        sha,
        state,
        reason,
        generation: slot.as_ref().map(|slot| slot.since),
        about: slot.as_ref().map(|slot| about(slot, dry_run)),
        counters: slot.map(|slot| slot.counters.tally()).unwrap_or_default(),
    }
}

fn about(slot: &Slot, dry_run: DryRun) -> About {
    let Manifest { title, license, categories, languages, priority, needs, schema, .. } =
        &slot.plugin.manifest;
    About {
        title: title.clone(),
        license: license.clone(),
        categories: categories.clone(),
        languages: languages.clone(),
        priority: slot.settings.priority.unwrap_or(*priority),
        history: (needs.messages, needs.window_s),
        keys: schema.keys().map(str::to_owned).collect(),
        dry_run,
    }
}
