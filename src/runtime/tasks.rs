//! Running tasks that have a name and an end, and waiting for all of them when the program stops.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::sync::Notify;

/// Cheap to clone; all clones count together.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    running: AtomicUsize,
    ended: Notify,
}

struct Running(Arc<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.ended.notify_waiters();
        }
    }
}

impl Tasks {
    /// Runs a task that [`Tasks::ended`] waits for. A panic in it is logged with its name and
    /// reaches nobody else.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let running = self.begin();
        #[expect(clippy::disallowed_methods, reason = "this is the one place that starts tasks")]
        let _detached = tokio::spawn(async move {
            let _running = running;
            let _named = Named(name);
            work.await;
        });
    }

    /// As [`Tasks::spawn`], for tasks of which there are many: all of one lies in one place, beside the
    /// least that the runtime keeps of a task.
    pub fn spawn_compact(
        &self,
        name: &'static str,
        work: impl Future<Output = ()> + Unpin + Send + 'static,
    ) {
        let compact = Compact { work, name, _running: self.begin() };
        #[expect(clippy::disallowed_methods, reason = "this is the one place that starts tasks")]
        let _detached = tokio::spawn(Box::pin(compact));
    }

    fn begin(&self) -> Running {
        self.shared.running.fetch_add(1, Ordering::AcqRel);
        Running(self.shared.clone())
    }

    #[must_use]
    pub fn running(&self) -> usize {
        self.shared.running.load(Ordering::Acquire)
    }

    /// Waits until every task has ended, at most `patience`; returns how many are still running.
    pub async fn ended(&self, patience: Duration) -> usize {
        let all = async {
            loop {
                let ended = self.shared.ended.notified();
                if self.running() == 0 {
                    return;
                }
                ended.await;
            }
        };
        let _ = tokio::time::timeout(patience, all).await;
        self.running()
    }
}

/// Does work that keeps its thread busy or waiting for the disk, apart from the threads that serve.
/// `None` if it panicked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// A task that its owner keeps in a box of its own.
struct Compact<F> {
    work: F,
    name: &'static str,
    _running: Running,
}

impl<F: Future<Output = ()> + Unpin> Future for Compact<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let _named = Named(self.name);
        Pin::new(&mut self.work).poll(cx)
    }
}

struct Named(&'static str);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(task = self.0, "a task panicked; this is a defect of the server");
        }
    }
}
