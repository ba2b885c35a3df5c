//! How the store's commits go, in numbers: it is told of every group that reached the disk.

use std::sync::Arc;

use crate::{
    runtime::{
        Clock,
        meters::{Counter, DURATIONS_US, Histogram, Reading},
    },
    store::{Group, Observer},
};

/// Classes of how many changes shared a sync.
const GROUPS: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256];

/// The figures.
#[derive(Debug)]
pub struct Commits {
    batches: Histogram,
    bytes: Counter,
    sync_us: Histogram,
}

/// Fills in the figures; the store's committing thread has it.
pub struct Watcher {
    commits: Arc<Commits>,
    clock: Clock,
}

impl Commits {
    /// The figures, and who fills them in.
    #[must_use]
    pub fn new(clock: Clock) -> (Arc<Self>, Watcher) {
        let (batches, sync_us) = (Histogram::new(GROUPS), Histogram::new(DURATIONS_US));
        let commits = Arc::new(Self { batches, bytes: Counter::default(), sync_us });
        (commits.clone(), Watcher { commits, clock })
    }

    /// How many changes shared a sync.
    pub fn groups(&self) -> Reading {
        self.batches.read()
    }

    pub fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// Microseconds of each sync.
    pub fn sync_us(&self) -> Reading {
        self.sync_us.read()
    }
}

impl Observer for Watcher {
    fn ticks_us(&self) -> u64 {
        self.clock.ticks_us()
    }

    fn committed(&self, group: Group) {
        self.commits.batches.observe(group.batches);
        self.commits.bytes.add(group.bytes);
        self.commits.sync_us.observe(group.sync_us);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ops::scratch::Scratch,
        store::{Store, StoreSettings},
    };

    #[test]
    fn every_group_is_counted() {
        let scratch = Scratch::new("commits");
        let settings = StoreSettings { ballast_bytes: 0, ..StoreSettings::default() };
        let (store, _) = Store::open(scratch.path(), settings, |_| ()).unwrap();
        let (commits, watcher) = Commits::new(Clock::system());
        store.observe(watcher);
        for at in 1..=3 {
            let mut batch = store.batch();
            let room = crate::domain::id::ConversationId::parse("r").unwrap();
            batch.create(&room, crate::domain::time::Millis(at)).unwrap();
            store.write(batch).unwrap();
        }
        // A batch that says nothing needs no sync.
        store.write(store.batch()).unwrap();
        store.close();
        let groups = commits.groups();
        assert_eq!((groups.counts.iter().sum::<u64>(), groups.sum), (3, 3));
        assert!(commits.bytes() > 0);
        assert_eq!(commits.sync_us().counts.iter().sum::<u64>(), 3);
        assert!(store.used_bytes() > 0 && store.free_bytes() > 0);
    }
}
