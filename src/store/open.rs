//! The handle that everybody holds: opening, submitting, closing.

use std::{path::Path, sync::Arc};

use super::{
    Batch, Fault, StoreSettings, attachment,
    engine::{self, Done, Engine, Observer, OnFatal},
};
use crate::domain::{event::Position, refusal::Refusal};

/// The open store; cheap to clone. The last clone that goes closes it.
#[derive(Clone)]
pub struct Store {
    pub(super) engine: Arc<Engine>,
    _open: Arc<Open>,
}

/// What opening the store found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The store was made just now.
    pub created: bool,
    /// What a crash left behind was put right; the log says what it was.
    pub recovered: bool,
    /// Random; another one after every restore, so that positions of before are recognised.
    pub epoch: u64,
}

struct Open(Arc<Engine>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Store {
    /// Opens the store in `dir`, or makes one there.
    ///
    /// `on_fatal` is called once, on the store's own thread, when writing or syncing has failed.
    /// From then on every submission is answered with [`Fault::Failed`]; the only way on is another
    /// process.
    ///
    /// # Errors
    /// One of [`Fault`] for each trouble with the directory, nothing lost and nothing started.
    pub fn open(
        dir: &Path,
        settings: StoreSettings,
        on_fatal: impl Fn(&Fault) + Send + Sync + 'static,
    ) -> Result<(Self, Opening), Fault> {
        let on_fatal: OnFatal = Box::new(on_fatal);
        let (opened, how) = engine::open(dir, &settings)?;
        attachment::clean(&opened.layout)?;
        let engine = Engine::start(opened, settings, on_fatal)?;
        let opening =
            Opening { created: how.created, recovered: how.recovered, epoch: engine.ident().epoch };
        Ok((Self { _open: Arc::new(Open(engine.clone())), engine }, opening))
    }

    /// The store's epoch, see [`Opening::epoch`].
    pub fn epoch(&self) -> u64 {
        self.engine.ident().epoch
    }

    /// The position after everything that was stored before this process opened the store, and before
    /// all that it will store.
    pub fn position_at_open(&self) -> Position {
        Position::of_start(self.engine.starts())
    }

    /// An empty batch.
    pub fn batch(&self) -> Batch {
        Batch::new(self.engine.clone())
    }

    /// Queues a batch; it is applied as a whole or not at all.
    ///
    /// `done` is called exactly once, in the order of submission, by the committing thread, when
    /// the batch is on disk (with `interval` durability: when it is applied). It must not wait for
    /// another batch. After a failure or [`Store::close`] it is called at once by the calling thread.
    pub fn submit(&self, batch: Batch, done: impl FnOnce(Result<(), Fault>) + Send + 'static) {
        let done: Done = Box::new(done);
        self.engine.submit(batch.into_change(), done);
    }

    /// Submits a batch and waits until it is on disk. Never from a `done`.
    ///
    /// # Errors
    /// Those of the commit.
    pub fn write(&self, batch: Batch) -> Result<(), Fault> {
        self.engine.write(batch.into_change())
    }

    /// Whether something new may be stored; looked up each second.
    ///
    /// # Errors
    /// [`Refusal::StorageFull`]. Reading still works.
    pub fn room_to_write(&self) -> Result<(), Refusal> {
        if self.engine.watch().is_full() { Err(Refusal::StorageFull) } else { Ok(()) }
    }

    /// Free bytes of the disk for an ordinary user; looked up each second.
    pub fn free_bytes(&self) -> u64 {
        self.engine.watch().free_bytes()
    }

    /// What the database and the attachments take up on the disk, in bytes. Looks at every file: not
    /// for a thread that serves.
    pub fn used_bytes(&self) -> u64 {
        let layout = self.engine.layout();
        [layout.database(), layout.attachments()].iter().map(|dir| engine::used_bytes(dir)).sum()
    }

    /// Tells this one about every commit from now on; the first one stays.
    pub fn observe(&self, observer: impl Observer + 'static) {
        self.engine.observe(Box::new(observer));
    }

    /// Why nothing is accepted any more, if so.
    pub fn failure(&self) -> Option<Fault> {
        self.engine.inbox().ended()
    }

    /// Finishes what was submitted, syncs it and accepts nothing more. Reading still works. Not to
    /// be called from a `done`.
    pub fn close(&self) {
        self.engine.close();
    }
}
