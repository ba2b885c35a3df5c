//! What a client asked for and waits to be done, in order.

use super::{namespace::Namespace, run::Call};
use crate::wire::{Fifo, native::operation::Operation};

/// How many events are done in a row, and how many things wait before the client is not heard for a while.
pub(super) const RUN_MAX: usize = 64;
/// How many bytes may wait before that.
const WAITING_MAX_BYTES: usize = 256 * 1024;

/// One thing.
pub(super) enum Task {
    Connect {
        namespace: String,
        auth: Option<String>,
    },
    /// An event about what the session hears, or one that is refused.
    Hear(Namespace, Call),
    Operate {
        namespace: Namespace,
        id: Option<u64>,
        operation: Operation,
    },
    Left(String),
}

#[derive(Default)]
pub(super) struct Queue {
    /// Each with what it weighed on the wire.
    tasks: Fifo<(usize, Task)>,
    bytes: usize,
}

impl Queue {
    pub(super) fn push(&mut self, bytes: usize, task: Task) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.tasks.push((bytes, task));
    }

    pub(super) fn pop(&mut self) -> Option<Task> {
        let (bytes, task) = self.tasks.pop()?;
        self.bytes = self.bytes.saturating_sub(bytes);
        Some(task)
    }

    /// The next one, if it can be done in a row with others of the namespace.
    pub(super) fn pop_hearing(&mut self, namespace: Namespace) -> Option<Call> {
        let Some((_, Task::Hear(next, _))) = self.tasks.front() else { return None };
        if *next != namespace {
            return None;
        }
        match self.pop() {
            Some(Task::Hear(_, call)) => Some(call),
            _ => None,
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.tasks.len() >= RUN_MAX || self.bytes > WAITING_MAX_BYTES
    }

    /// Whether the client has left a namespace, which is still to be done.
    pub(super) fn leaves(&self, namespace: Namespace) -> bool {
        let left = |task: &Task| matches!(task, Task::Left(name) if name == namespace.name());
        self.tasks.iter().any(|(_, task)| left(task))
    }
}
