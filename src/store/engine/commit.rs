//! The committing thread. It takes what has arrived, applies it, syncs once, answers all in order.
//! There is no timer: while it waits for the disk, the next group gathers.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{
    inbox::{Done, Found, Job, Op, Tape},
    run::{Engine, Group},
};
use crate::store::{Durability, Fault, keys, records::RecentAnswer};

/// Batches are applied under a lock that readers wait for; a large group lets them in between.
const APPLY_MAX_OPS: usize = 48;
/// With `interval` durability: a sync comes early once this much was written.
const UNSYNCED_MAX_BYTES: usize = 64 * 1024;

struct Committer {
    engine: Arc<Engine>,
    tape: Option<Tape>,
    unsynced_bytes: usize,
    unsynced_batches: usize,
    /// Groups that were synced so far.
    commits: u64,
}

/// Runs until the store is closed or has failed.
pub fn run(engine: Arc<Engine>, commits: u64) {
    let mut committer =
        Committer { engine, tape: None, unsynced_bytes: 0, unsynced_batches: 0, commits };
    loop {
        let (jobs, closing) = match committer.engine.inbox().take() {
            Found::Jobs(jobs) => (jobs, false),
            Found::Sync => (Vec::new(), false),
            Found::Closed => (Vec::new(), true),
        };
        let sync_now = jobs.is_empty();
        // A panic inside the database is as final as an error of it.
        let result = catch_unwind(AssertUnwindSafe(|| committer.commit(&jobs, sync_now)))
            .unwrap_or_else(|_| Err(Fault::Failed { cause: "it panicked".into() }));
        match result {
            Ok(()) => jobs.into_iter().for_each(|job| answer(job.done, Ok(()))),
            Err(fault) => return committer.fail(jobs, &fault),
        }
        if closing {
            committer.engine.progress().sync();
            return;
        }
    }
}

impl Committer {
    fn commit(&mut self, jobs: &[Job], sync_now: bool) -> Result<(), Fault> {
        let sizes = jobs.iter().map(Job::bytes).filter(|bytes| *bytes > 0);
        self.unsynced_batches += sizes.clone().count();
        self.unsynced_bytes += sizes.sum::<usize>();
        let due = match self.engine.durability() {
            Durability::Sync => true,
            Durability::Interval { .. } => sync_now || self.unsynced_bytes >= UNSYNCED_MAX_BYTES,
        };
        let sync = due && self.unsynced_bytes > 0;
        // A backup hears whole groups: more than it needs at either end does no harm.
        let tapes = || jobs.iter().filter_map(Job::tape);
        if let Some(tape) = tapes().rev().find_map(Option::as_ref) {
            self.tape = Some(tape.clone());
        }
        self.apply(jobs, sync.then_some(self.commits + 1))?;
        if tapes().next_back().is_some_and(Option::is_none) {
            self.tape = None;
        }
        self.engine.inbox().applied(jobs);
        if sync {
            self.sync()?;
        }
        Ok(())
    }

    /// Puts everything that is applied on disk.
    fn sync(&mut self) -> Result<(), Fault> {
        let observer = self.engine.observer();
        let ticks_us = || observer.map_or(0, super::run::Observer::ticks_us);
        let began = ticks_us();
        self.engine.sync()?;
        if let Some(observer) = observer {
            let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
            observer.committed(Group {
                batches: count(self.unsynced_batches),
                bytes: count(self.unsynced_bytes),
                sync_us: ticks_us().saturating_sub(began),
            });
        }
        (self.unsynced_bytes, self.unsynced_batches) = (0, 0);
        self.commits += 1;
        self.engine.progress().note(self.commits);
        Ok(())
    }

    /// Applies whole jobs, several at once; each batch of the database is atomic. The last one takes
    /// the count of commits with it, if this is going to be one.
    fn apply(&mut self, jobs: &[Job], commit: Option<u64>) -> Result<(), Fault> {
        let (mut ops, mut answers) = (Vec::new(), Vec::new());
        for change in jobs.iter().filter_map(Job::change) {
            if ops.len() >= APPLY_MAX_OPS {
                self.apply_ops(mem::take(&mut ops), &mem::take(&mut answers))?;
            }
            ops.extend_from_slice(&change.ops);
            answers.extend_from_slice(&change.answers);
        }
        if let Some(commit) = commit {
            ops.push((keys::progress().into(), Some(commit.to_be_bytes().as_slice().into())));
        }
        self.apply_ops(ops, &answers)
    }

    fn apply_ops(&mut self, mut ops: Vec<Op>, answers: &[RecentAnswer]) -> Result<(), Fault> {
        ops.extend(self.engine.recent().record(self.engine.tree(), answers)?);
        if ops.is_empty() {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        for (key, value) in &ops {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.engine.tree().apply_batch(batch)?;
        // After it was applied: what a backup reads from here on has it already. One that has gone
        // away hears nothing more.
        if self.tape.as_ref().is_some_and(|tape| tape.send(ops).is_err()) {
            self.tape = None;
        }
        Ok(())
    }

    /// Nothing may be acknowledged from here on: what the disk holds is not known.
    fn fail(&self, jobs: Vec<Job>, fault: &Fault) {
        tracing::error!(%fault, "the store failed");
        let waiting = self.engine.inbox().end(fault.clone());
        self.engine.tell_fatal(fault);
        for job in jobs.into_iter().chain(waiting) {
            answer(job.done, Err(fault.clone()));
        }
    }
}

/// Calls back. A panic in there is the caller's defect and must not end the commits of all others.
pub fn answer(done: Done, result: Result<(), Fault>) {
    if catch_unwind(AssertUnwindSafe(|| done(result))).is_err() {
        tracing::error!("what followed a commit panicked; this is a defect of the server");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::store::{
        Store, StoreSettings,
        engine::inbox::{Change, waiting},
    };

    /// A failed sync cannot be made to happen in a test, so what follows one is called by hand.
    #[test]
    fn a_failure_is_told_once_and_answers_everybody() {
        let dir = std::env::temp_dir().join(format!("parlour-commit-{}", std::process::id()));
        let settings = StoreSettings { ballast_bytes: 0, ..StoreSettings::default() };
        let (tell, told) = mpsc::channel();
        let (store, _) = Store::open(&dir, settings, move |fault| {
            tell.send(fault.clone()).expect("heard");
        })
        .expect("opens");
        let engine = store.engine.clone();
        let mut committer = Committer {
            engine: engine.clone(),
            tape: None,
            unsynced_bytes: 0,
            unsynced_batches: 0,
            commits: 0,
        };
        // Held back by a first answer that waits, so that these are still queued when it fails.
        let (go, gone) = mpsc::channel::<()>();
        let (hold, held_back) = mpsc::channel();
        store.submit(store.batch(), move |_| {
            hold.send(()).expect("heard");
            gone.recv().expect("told to go on");
        });
        held_back.recv().expect("the committing thread is held back");
        let (first, first_result) = waiting();
        engine.submit(Change::default(), first);
        let (second, second_result) = waiting();
        engine.submit(Change::default(), second);
        let fault = Fault::Failed { cause: "fdatasync: EIO".into() };
        committer.fail(Vec::new(), &fault);
        go.send(()).expect("heard");
        for result in [first_result, second_result] {
            assert_eq!(result.recv(), Ok(Err(fault.clone())));
        }
        assert_eq!(store.write(store.batch()), Err(fault.clone()));
        store.close();
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [fault]);
        drop((committer.tape.take(), committer, engine, store));
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
