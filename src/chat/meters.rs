//! What was written and published so far, in numbers. Names no figure for the outside.

use tokio::sync::OwnedSemaphorePermit;

use crate::{
    domain::event::{Event, What},
    runtime::{
        Clock,
        meters::{Counter, DURATIONS_US, Histogram, Reading, Way},
    },
};

/// Kinds of changes, in the order in which they are counted.
const KINDS: [&str; 4] = ["post", "edit", "delete", "status"];

/// An asker's place among those who wait for the disk, given back when this goes, and how and when
/// it came.
pub struct Asker {
    way: Way,
    began_us: u64,
    _place: OwnedSemaphorePermit,
}

/// Shared by everybody who publishes or reads the figures.
#[derive(Debug)]
pub struct Meters {
    written: [[Counter; KINDS.len()]; Way::ALL.len()],
    deliveries: Counter,
    delivery_us: Histogram,
}

impl Asker {
    /// `began_us` are ticks of the clock.
    pub(super) fn new(way: Way, began_us: u64, place: OwnedSemaphorePermit) -> Self {
        Self { way, began_us, _place: place }
    }
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            written: Default::default(),
            deliveries: Counter::default(),
            delivery_us: Histogram::new(DURATIONS_US),
        }
    }
}

impl Meters {
    /// An event was given to so many listeners. Without an asker moderation or an administrator
    /// caused it.
    pub(super) fn published(
        &self,
        event: &Event,
        listeners: u64,
        asker: Option<&Asker>,
        clock: &Clock,
    ) {
        self.deliveries.add(listeners);
        let way = asker.map_or(Way::Server, |asker| asker.way);
        if let Some(count) = self.written.get(way as usize).and_then(|of| of.get(kind(event))) {
            count.one();
        }
        if let Some(asker) = asker {
            self.delivery_us.observe(clock.ticks_us().saturating_sub(asker.began_us));
        }
    }

    /// How many changes were stored, by the way on which they came and their kind.
    pub fn written(&self) -> impl Iterator<Item = (Way, &'static str, u64)> {
        Way::ALL.into_iter().zip(&self.written).flat_map(|(way, kinds)| {
            KINDS.into_iter().zip(kinds).map(move |(kind, count)| (way, kind, count.get()))
        })
    }

    /// How many frames with events went into the queues of listeners.
    pub fn deliveries(&self) -> u64 {
        self.deliveries.get()
    }

    /// Microseconds from the admission of a change to its publication.
    pub fn delivery_us(&self) -> Reading {
        self.delivery_us.read()
    }
}

/// Where in [`KINDS`] an event counts.
fn kind(event: &Event) -> usize {
    match event.what {
        What::Posted(_) => 0,
        What::Edited { .. } => 1,
        What::Deleted { .. } => 2,
        What::Status { .. } => 3,
    }
}
