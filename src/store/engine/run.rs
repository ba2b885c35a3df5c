//! The running engine: the open database, its inbox and its two threads.

use std::{
    fs::File,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use super::{
    commit,
    directory::{Layout, Opened},
    disk::{self, Watch},
    inbox::{Change, Done, Inbox, Pending, Tape, Work, waiting},
    progress::Progress,
    recent::Recent,
};
use crate::store::{
    Durability, Fault, StoreSettings, keys,
    records::{Digest128, Ident, RecentAnswer},
};

/// Called once, on the committing thread, when the store has failed for good.
pub type OnFatal = Box<dyn Fn(&Fault) + Send + Sync>;

/// Somebody who wants to know how commits go, and who has a clock. Called on the committing thread.
pub trait Observer: Send + Sync {
    /// Microseconds since some moment.
    fn ticks_us(&self) -> u64;

    /// A group is on disk.
    fn committed(&self, group: Group);
}

/// What one sync of the disk was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Batches that it put on disk.
    pub batches: u64,
    pub bytes: u64,
    /// How long the disk took.
    pub sync_us: u64,
}

/// The largest batch; more is a defect of its maker.
const BATCH_MAX_BYTES: usize = 4 * 1024 * 1024;

pub struct Engine {
    progress: Progress,
    recent: Recent,
    layout: Layout,
    ident: Ident,
    starts: u64,
    settings: StoreSettings,
    inbox: Inbox,
    watch: Watch,
    on_fatal: OnFatal,
    observer: OnceLock<Box<dyn Observer>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    numbers: [AtomicU64; COUNTED.len()],
    db: sled::Db,
    sync_file: File,
    /// Locked as long as this lives; dropped last.
    _lock: File,
}

/// The ranges whose next number the engine hands out.
const COUNTED: [keys::Range; 3] = [keys::CONVERSATIONS, keys::HELD, keys::OUTBOX];

impl Engine {
    /// Starts the threads.
    pub fn start(
        opened: Opened,
        settings: StoreSettings,
        on_fatal: OnFatal,
    ) -> Result<Arc<Self>, Fault> {
        let Opened { layout, ident, db, sync_file, commits, starts, lock } = opened;
        let numbers = [
            AtomicU64::new(last_number(&db, keys::CONVERSATIONS)?),
            AtomicU64::new(last_number(&db, keys::HELD)?),
            AtomicU64::new(last_number(&db, keys::OUTBOX)?),
        ];
        let progress = Progress::start(&layout.progress(), commits)?;
        let engine = Arc::new(Self {
            progress,
            recent: Recent::load(&db)?,
            layout,
            ident,
            starts,
            settings,
            inbox: Inbox::default(),
            watch: Watch::default(),
            on_fatal,
            observer: OnceLock::new(),
            threads: Mutex::default(),
            numbers,
            db,
            sync_file,
            _lock: lock,
        });
        disk::place_ballast(&engine.layout.ballast(), &engine.settings);
        engine.look_at_disk();
        let (committer, watcher) = (engine.clone(), engine.clone());
        let named = |name: &str| thread::Builder::new().name(name.into());
        let failed = |e| Fault::io("starting a thread for", engine.layout.root(), &e);
        let committing = named("parlour-commit")
            .spawn(move || commit::run(committer, commits))
            .map_err(failed)?;
        let watching = named("parlour-disk").spawn(move || disk::run(&watcher)).map_err(failed)?;
        *engine.threads.lock().unwrap_or_else(PoisonError::into_inner) = vec![committing, watching];
        Ok(engine)
    }

    /// Queues a change. `done` is called once: by the committing thread after the sync, or here and
    /// now if nothing is accepted any more.
    pub fn submit(&self, change: Change, done: Done) {
        let bytes = change.bytes();
        if bytes > BATCH_MAX_BYTES {
            return commit::answer(
                done,
                Err(Fault::TooLarge { bytes, bytes_max: BATCH_MAX_BYTES }),
            );
        }
        self.push(Work::Change(change), done);
    }

    /// Changes something and waits until it is on disk. Not for the committing thread itself.
    pub fn write(&self, change: Change) -> Result<(), Fault> {
        let (done, result) = waiting();
        self.submit(change, done);
        result.recv().unwrap_or(Err(Fault::Closed))
    }

    /// Lets a backup hear all changes from here on, or no more; returns once everything before is
    /// on disk.
    pub fn set_tape(&self, tape: Option<Tape>) -> Result<(), Fault> {
        let (done, result) = waiting();
        self.push(Work::Tape(tape), done);
        result.recv().unwrap_or(Err(Fault::Closed))
    }

    fn push(&self, work: Work, done: Done) {
        if let Err((fault, done)) = self.inbox.push(work, done) {
            commit::answer(done, Err(fault));
        }
    }

    /// The value of one row, as the newest submitted change left it.
    pub fn row(&self, key: &[u8]) -> Result<Option<sled::IVec>, Fault> {
        match self.inbox.pending(key) {
            Pending::Value(value) => Ok(value),
            Pending::Nothing => Ok(self.db.get(key)?),
        }
    }

    /// The newest answer to a request that is remembered for a time.
    pub fn recent_answer(&self, digest: Digest128) -> Result<Option<RecentAnswer>, Fault> {
        match self.inbox.pending_answer(digest) {
            Some(answer) => Ok(Some(answer)),
            None => self.recent.find(&self.db, digest),
        }
    }

    /// The next number of a range that counts.
    pub fn next_number(&self, range: keys::Range) -> u64 {
        let counted = COUNTED.iter().zip(&self.numbers).find(|(counted, _)| **counted == range);
        counted.map_or(0, |(_, last)| last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Makes everything that was applied survive a power cut.
    pub fn sync(&self) -> Result<(), Fault> {
        self.db.flush()?;
        let failed = |e: std::io::Error| Fault::Failed { cause: e.to_string() };
        self.sync_file.sync_data().map_err(failed)
    }

    /// Stops accepting, finishes what is queued, syncs, ends the threads.
    pub fn close(&self) {
        self.inbox.end(Fault::Closed);
        self.watch.end();
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // The last handle may have been dropped by what followed a commit, on that very thread.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a thread of the store panicked; this is a defect of the server");
            }
        }
    }

    pub fn tell_fatal(&self, fault: &Fault) {
        (self.on_fatal)(fault);
    }

    /// Tells this one about commits from now on; the first one stays.
    pub fn observe(&self, observer: Box<dyn Observer>) {
        let _ = self.observer.set(observer);
    }

    pub fn observer(&self) -> Option<&dyn Observer> {
        self.observer.get().map(AsRef::as_ref)
    }

    pub fn look_at_disk(&self) {
        self.watch.look(self.layout.root(), &self.settings);
    }

    pub fn tree(&self) -> &sled::Tree {
        &self.db
    }

    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    pub fn durability(&self) -> Durability {
        self.settings.durability
    }

    pub fn ident(&self) -> Ident {
        self.ident
    }

    /// How often the store was opened, this time included.
    pub fn starts(&self) -> u64 {
        self.starts
    }

    pub fn recent(&self) -> &Recent {
        &self.recent
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }
}

fn last_number(db: &sled::Db, range: keys::Range) -> Result<u64, Fault> {
    let last = db.scan_prefix([range.byte]).next_back().transpose()?;
    Ok(last.and_then(|(key, _)| keys::number_at(&key, 1)).unwrap_or(0))
}
