//! The threads that check messages, and the bounded queue before them. Knows nothing of plugins but the
//! set that is in place.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use tokio::sync::oneshot;

use super::roster::{Board, Desk};
use crate::{
    domain::moderation::{Inquiry, Verdict},
    runtime::Clock,
};

/// A message that waits to be checked.
struct Job {
    inquiry: Box<Inquiry>,
    reply: oneshot::Sender<Verdict>,
}

/// The queue between callers and threads.
pub struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    max: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    pub fn new(max: usize) -> Self {
        Self { waiting: Mutex::default(), arrived: Condvar::new(), max: max.max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a message wait; `None` if too many do already or the threads have ended.
    pub fn push(&self, inquiry: Inquiry) -> Option<oneshot::Receiver<Verdict>> {
        let mut waiting = self.lock();
        if waiting.closed || waiting.jobs.len() >= self.max {
            return None;
        }
        let (reply, verdict) = oneshot::channel();
        waiting.jobs.push_back(Job { inquiry: Box::new(inquiry), reply });
        drop(waiting);
        self.arrived.notify_one();
        Some(verdict)
    }

    pub fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Lets the threads end once nothing waits.
    pub fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    fn pop(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Starts the threads.
///
/// # Errors
/// The system gives no thread.
pub fn start(
    threads: usize,
    queue: &Arc<Queue>,
    board: &Arc<Board>,
    clock: &Clock,
) -> io::Result<()> {
    for number in 1..=threads.clamp(1, 8) {
        let (queue, board, clock) = (queue.clone(), board.clone(), clock.clone());
        thread::Builder::new()
            .name(format!("parlour-moderate-{number}"))
            .spawn(move || work(&queue, &board, &clock))?;
    }
    Ok(())
}

fn work(queue: &Queue, board: &Board, clock: &Clock) {
    let recovered = || board.recovered();
    while let Some(Job { inquiry, reply }) = queue.pop() {
        if reply.is_closed() {
            continue;
        }
        let (set, allow) = (board.set(), board.allowed());
        let desk = Desk { clock, allow: &allow, recovered: &recovered };
        let checked = catch_unwind(AssertUnwindSafe(|| set.check(&inquiry, &desk)));
        let verdict = checked.unwrap_or_else(|_| {
            tracing::error!("checking a message panicked; this is a defect of the server");
            set.silence(inquiry.kind)
        });
        // Nobody waits any more: the caller's connection is gone.
        let _ = reply.send(verdict);
        let _ = catch_unwind(AssertUnwindSafe(|| set.refill(inquiry.kind)));
        if queue.len() == 0 {
            board.drained();
        }
    }
}
