//! What was submitted and is not applied yet: a queue for the committing thread, and over it the
//! newest value of each key in the queue, so that a point read sees what was submitted before it.
//! Knows no database.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    mem,
    sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc},
};

use sled::IVec;

use crate::store::{
    Fault,
    records::{Digest128, RecentAnswer},
};

/// A key and its new value; `None` removes it.
pub type Op = (IVec, Option<IVec>);
/// What a batch comes to.
#[derive(Default)]
pub struct Change {
    pub ops: Vec<Op>,
    /// Answers to put on record for a time.
    pub answers: Vec<RecentAnswer>,
}

/// Called once with what became of a batch.
pub type Done = Box<dyn FnOnce(Result<(), Fault>) + Send>;
/// Where a backup hears every change, in order, after it was applied.
pub type Tape = mpsc::Sender<Vec<Op>>;

/// One thing for the committing thread to do, in turn.
pub struct Job {
    pub work: Work,
    pub done: Done,
    ticket: u64,
}

pub enum Work {
    Change(Change),
    /// Lets a backup hear what follows, or no more.
    Tape(Option<Tape>),
}

/// What the committing thread finds.
pub enum Found {
    Jobs(Vec<Job>),
    /// Nothing new, but it is time to sync what was written.
    Sync,
    Closed,
}

/// What is submitted for a key and not applied.
pub enum Pending {
    Nothing,
    /// This value; `None`: it will be removed.
    Value(Option<IVec>),
}

#[derive(Default)]
pub struct Inbox {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    pending: HashMap<IVec, (u64, Option<IVec>)>,
    answers: HashMap<Digest128, (u64, RecentAnswer)>,
    /// Changes that may wait for the next tick; the newest one per key counts.
    lazy: BTreeMap<IVec, IVec>,
    ticket: u64,
    sync_due: bool,
    asleep: bool,
    ended: Option<Fault>,
}

/// A group takes no more batches than this.
const GROUP_MAX: usize = 256;
/// Nor more bytes, unless its first batch alone has more: little may lie unsynced at any time.
const GROUP_MAX_BYTES: usize = 64 * 1024;

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a job; hands `done` back with the reason if nothing is accepted any more.
    pub fn push(&self, work: Work, done: Done) -> Result<(), (Fault, Done)> {
        let mut state = self.lock();
        if let Some(fault) = &state.ended {
            return Err((fault.clone(), done));
        }
        state.ticket += 1;
        let ticket = state.ticket;
        if let Work::Change(change) = &work {
            for (key, value) in &change.ops {
                state.pending.insert(key.clone(), (ticket, value.clone()));
            }
            for answer in &change.answers {
                state.answers.insert(answer.digest, (ticket, answer.clone()));
            }
        }
        state.jobs.push_back(Job { work, done, ticket });
        let wake = mem::take(&mut state.asleep);
        drop(state);
        if wake {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// A change that rides along with another one, or goes alone at the next tick.
    pub fn push_lazy(&self, key: IVec, value: IVec) {
        self.lock().lazy.insert(key, value);
    }

    /// The newest submitted value of a key, if it is not applied yet.
    pub fn pending(&self, key: &[u8]) -> Pending {
        match self.lock().pending.get(key) {
            None => Pending::Nothing,
            Some((_, value)) => Pending::Value(value.clone()),
        }
    }

    /// The newest submitted answer to a request that is not on record yet.
    pub fn pending_answer(&self, digest: Digest128) -> Option<RecentAnswer> {
        self.lock().answers.get(&digest).map(|(_, answer)| answer.clone())
    }

    /// Lets lazy changes go and asks for a sync.
    pub fn tick(&self) {
        let lazy = mem::take(&mut self.lock().lazy);
        if !lazy.is_empty() {
            let ops = lazy.into_iter().map(|(key, value)| (key, Some(value))).collect();
            let change = Change { ops, ..Change::default() };
            // Refused only when the store has ended, and then nobody waits for it.
            let _ = self.push(Work::Change(change), Box::new(|_| ()));
        }
        let mut state = self.lock();
        state.sync_due = true;
        let wake = mem::take(&mut state.asleep);
        drop(state);
        if wake {
            self.arrived.notify_one();
        }
    }

    /// Waits for work and takes as much of it as makes a group.
    pub fn take(&self) -> Found {
        let mut state = self.lock();
        loop {
            if !state.jobs.is_empty() {
                return Found::Jobs(take_group(&mut state.jobs));
            }
            if state.ended.is_some() {
                return Found::Closed;
            }
            if mem::take(&mut state.sync_due) {
                return Found::Sync;
            }
            state.asleep = true;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// These jobs are applied: from now on the database itself has their values.
    pub fn applied(&self, jobs: &[Job]) {
        let mut state = self.lock();
        for job in jobs {
            let Work::Change(change) = &job.work else { continue };
            for (key, _) in &change.ops {
                if state.pending.get(key).is_some_and(|(ticket, _)| *ticket == job.ticket) {
                    state.pending.remove(key);
                }
            }
            for RecentAnswer { digest, .. } in &change.answers {
                if state.answers.get(digest).is_some_and(|(ticket, _)| *ticket == job.ticket) {
                    state.answers.remove(digest);
                }
            }
        }
        // A burst must not leave its memory behind.
        if state.pending.is_empty() && state.pending.capacity() > 64 * GROUP_MAX {
            state.pending = HashMap::new();
        }
    }

    /// Accepts nothing more. What is queued is still taken, unless it is handed out here because of
    /// a failure.
    pub fn end(&self, why: Fault) -> Vec<Job> {
        let mut state = self.lock();
        let failed = why != Fault::Closed;
        if failed || state.ended.is_none() {
            state.ended = Some(why);
        }
        let jobs = if failed { mem::take(&mut state.jobs) } else { VecDeque::new() };
        state.asleep = false;
        drop(state);
        self.arrived.notify_all();
        jobs.into()
    }

    /// Why nothing is accepted any more.
    pub fn ended(&self) -> Option<Fault> {
        self.lock().ended.clone()
    }
}

fn take_group(jobs: &mut VecDeque<Job>) -> Vec<Job> {
    let mut bytes = 0;
    let mut count = 0;
    for job in jobs.iter().take(GROUP_MAX) {
        bytes += job.bytes();
        if count > 0 && bytes > GROUP_MAX_BYTES {
            break;
        }
        count += 1;
    }
    jobs.drain(..count).collect()
}

impl Change {
    /// Bytes that it writes, nearly.
    pub fn bytes(&self) -> usize {
        let ops = self.ops.iter().map(|(k, v)| k.len() + v.as_ref().map_or(0, |v| v.len()));
        ops.sum::<usize>() + self.answers.len() * size_of::<RecentAnswer>()
    }
}

impl Job {
    pub fn bytes(&self) -> usize {
        self.change().map_or(0, Change::bytes)
    }

    /// What it says about a backup that listens, if it is about that.
    pub fn tape(&self) -> Option<&Option<Tape>> {
        match &self.work {
            Work::Tape(tape) => Some(tape),
            Work::Change(_) => None,
        }
    }

    /// What it changes, if it is about that.
    pub fn change(&self) -> Option<&Change> {
        match &self.work {
            Work::Change(change) => Some(change),
            Work::Tape(_) => None,
        }
    }
}

/// Keeps a job's answer for a test or for a caller that waits.
pub fn waiting() -> (Done, mpsc::Receiver<Result<(), Fault>>) {
    let (send, receive) = mpsc::channel();
    let done = Box::new(move |result| {
        // The caller may have gone; the change stays.
        let _ = send.send(result);
    });
    (done, receive)
}
