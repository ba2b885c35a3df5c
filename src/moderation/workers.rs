//! The threads that check messages. Knows nothing of plugins but the set that is in place.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
};

use tokio::sync::oneshot;

use super::{
    crew::{self, Crew, Task},
    roster::{Board, Desk},
};
use crate::{
    domain::moderation::{Inquiry, Verdict},
    runtime::Clock,
};

/// A message that waits to be checked.
pub struct Job {
    pub inquiry: Arc<Inquiry>,
    pub reply: oneshot::Sender<Verdict>,
}

/// Starts the threads.
///
/// # Errors
/// The system gives no thread.
pub fn start(
    threads: usize,
    crew: &Arc<Crew<Job>>,
    board: &Arc<Board>,
    clock: &Clock,
) -> io::Result<()> {
    for number in 1..=crew::worthwhile(threads) {
        let (crew, board, clock) = (crew.clone(), board.clone(), clock.clone());
        thread::Builder::new()
            .name(format!("parlour-moderate-{number}"))
            .spawn(move || work(&crew, &board, &clock))?;
    }
    Ok(())
}

fn work(crew: &Crew<Job>, board: &Board, clock: &Clock) {
    while let Some(task) = crew.next() {
        match task {
            Task::Help(parts) => parts.help(),
            Task::Job(job) => answer(job, crew, board, clock),
        }
    }
}

fn answer(Job { inquiry, reply }: Job, crew: &Crew<Job>, board: &Board, clock: &Clock) {
    if reply.is_closed() {
        return;
    }
    let (set, allow) = (board.set(), board.allowed());
    let recovered = || board.recovered();
    let desk = Desk { clock, allow: &allow, recovered: &recovered };
    let checked = catch_unwind(AssertUnwindSafe(|| set.check(&inquiry, crew, &desk)));
    let verdict = checked.unwrap_or_else(|_| {
        tracing::error!("checking a message panicked; this is a defect of the server");
        set.silence(inquiry.kind)
    });
    // Nobody waits any more: the caller's connection is gone.
    let _ = reply.send(verdict);
    let _ = catch_unwind(AssertUnwindSafe(|| set.refill(inquiry.kind)));
    if crew.len() == 0 {
        board.drained();
    }
}
