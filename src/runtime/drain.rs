//! Knowing that the program stops: one signal that every listener, connection and job watches.

use std::sync::Arc;

use tokio::sync::watch;

/// Cheap to clone; all clones see the same signal.
#[derive(Clone, Debug)]
pub struct Drain {
    begun: Arc<watch::Sender<bool>>,
}

impl Default for Drain {
    fn default() -> Self {
        Self { begun: Arc::new(watch::Sender::new(false)) }
    }
}

impl Drain {
    /// Tells everybody to come to an end. Calling it again changes nothing.
    pub fn begin(&self) {
        self.begun.send_replace(true);
    }

    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.begun.borrow()
    }

    /// Resolves once draining has begun.
    pub async fn begun(&self) {
        let mut watcher = self.begun.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = watcher.wait_for(|begun| *begun).await;
    }
}
