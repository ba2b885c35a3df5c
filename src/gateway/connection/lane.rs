//! The carriers: each writes for many connections, one after the other, what was published to them. As
//! many as the runtime has threads, and each only while there is something to write.

use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use tokio::runtime::Handle;

use super::line::Line;
use crate::{gateway::meters::Meters, runtime::Tasks};

/// Connections that are written to before other tasks of the thread come to theirs.
const LINES_MAX: usize = 64;

/// One carrier for each thread of the runtime; connections take them in turn.
#[derive(Default)]
pub(in crate::gateway) struct Lanes {
    lanes: OnceLock<Box<[Arc<Lane>]>>,
    next: AtomicUsize,
}

/// One carrier's connections that have something to be written.
pub(super) struct Lane {
    waiting: Mutex<Waiting>,
    meters: Arc<Meters>,
    tasks: Tasks,
    runtime: Handle,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<Arc<Line>>,
    /// Whether the carrier is on its way.
    running: bool,
}

/// One way through all that waits.
struct Carrier {
    lane: Arc<Lane>,
    done: bool,
}

// === impl Lanes ===

impl Lanes {
    /// The lane of a new connection. To be called in a task.
    pub(super) fn pick(&self, tasks: &Tasks, meters: &Arc<Meters>) -> Arc<Lane> {
        let lanes = self.lanes.get_or_init(|| {
            let runtime = Handle::current();
            let lane = |_| {
                Arc::new(Lane {
                    waiting: Mutex::default(),
                    meters: meters.clone(),
                    tasks: tasks.clone(),
                    runtime: runtime.clone(),
                })
            };
            (0..runtime.metrics().num_workers().max(1)).map(lane).collect()
        });
        lanes[self.next.fetch_add(1, Ordering::Relaxed) % lanes.len()].clone()
    }
}

// === impl Lane ===

impl Lane {
    /// Something is to be written there.
    pub(super) fn add(self: Arc<Self>, line: Arc<Line>) {
        let mut waiting = self.lock();
        waiting.lines.push(line);
        if std::mem::replace(&mut waiting.running, true) {
            return;
        }
        drop(waiting);
        let (tasks, runtime) = (self.tasks.clone(), self.runtime.clone());
        let _entered = runtime.enter();
        let carrier = Carrier { lane: self, done: false };
        tasks.spawn("carrier", async move { carrier.run().await });
    }

    /// What waits; with `None` the carrier has nothing to do and is started anew by the next line.
    fn next(&self) -> Option<Vec<Arc<Line>>> {
        let mut waiting = self.lock();
        let lines = std::mem::take(&mut waiting.lines);
        waiting.running = !lines.is_empty();
        waiting.running.then_some(lines)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Carrier ===

impl Carrier {
    async fn run(mut self) {
        loop {
            let Some(lines) = self.lane.next() else {
                self.done = true;
                return;
            };
            for (nth, line) in lines.into_iter().enumerate() {
                if nth > 0 && nth % LINES_MAX == 0 {
                    tokio::task::yield_now().await;
                }
                line.carry(&self.lane.meters);
            }
        }
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        // Whatever ended it, the next one can start.
        if !self.done {
            self.lane.lock().running = false;
        }
    }
}
