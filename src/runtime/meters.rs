//! Counting what happens: meters that cost one or two relaxed additions and take no lock and no
//! memory. Whoever owns a part of the program owns its meters; `ops` reads and names them.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::refusal::Refusal;

/// Upper bounds of classes of durations, in microseconds: from a fast sync to a stalled disk.
pub const DURATIONS_US: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 10_000_000, 30_000_000,
];

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

/// How often values fell into which of a fixed number of classes.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One for each bound, and a last one for what is above all of them.
    classes: Box<[Counter]>,
    sum: Counter,
}

/// A histogram at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Upper bounds of the classes, ascending; the last class has none.
    pub bounds: Vec<u64>,
    /// How many values fell into each class: one more than there are bounds.
    pub counts: Vec<u64>,
    pub sum: u64,
}

/// On which way something came in or goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Http,
    /// The native protocol.
    WebSocket,
    SocketIo,
    /// Nobody asked from outside: moderation masks or takes back, an administrator releases.
    Server,
}

/// How often was refused, by the stable code.
#[derive(Debug)]
pub struct Refusals {
    counts: [Counter; CODES_MAX],
}

/// Codes of answers that no [`Refusal`] stands for. The last one takes what is in no list.
const OWN_CODES: [&str; 4] = ["internal", "timeout", "upgrade_required", "other"];
const CODES_MAX: usize = Refusal::CODES.len() + OWN_CODES.len();

// === impl Counter ===

impl Counter {
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub fn one(&self) {
        self.add(1);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

// === impl Histogram ===

impl Histogram {
    /// Classes up to each of these bounds, which ascend, and one above them.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        let classes = (0..=bounds.len()).map(|_| Counter::default()).collect();
        Self { bounds, classes, sum: Counter::default() }
    }

    pub fn observe(&self, value: u64) {
        let class = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.classes.get(class) {
            count.one();
        }
        self.sum.add(value);
    }

    pub fn read(&self) -> Reading {
        Reading {
            bounds: self.bounds.to_vec(),
            counts: self.classes.iter().map(Counter::get).collect(),
            sum: self.sum.get(),
        }
    }
}

// === impl Way ===

impl Way {
    pub const ALL: [Self; 4] = [Self::Http, Self::WebSocket, Self::SocketIo, Self::Server];

    /// The label's value.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::WebSocket => "websocket",
            Self::SocketIo => "socketio",
            Self::Server => "server",
        }
    }
}

// === impl Refusals ===

impl Default for Refusals {
    fn default() -> Self {
        Self { counts: std::array::from_fn(|_| Counter::default()) }
    }
}

impl Refusals {
    /// Counts one answer with this code.
    pub fn one(&self, code: &str) {
        let place = codes().position(|known| known == code).unwrap_or(CODES_MAX - 1);
        if let Some(count) = self.counts.get(place) {
            count.one();
        }
    }

    /// The codes that were used so far.
    pub fn read(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.counts.iter().map(Counter::get);
        codes().zip(counts).filter(|(_, count)| *count > 0)
    }
}

fn codes() -> impl Iterator<Item = &'static str> {
    Refusal::CODES.into_iter().chain(OWN_CODES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[u64], counts: [u64; 3], sum: u64) {
        let histogram = Histogram::new(&[10, 20]);
        for value in values {
            histogram.observe(*value);
        }
        let read = Reading { bounds: vec![10, 20], counts: counts.to_vec(), sum };
        assert_eq!(histogram.read(), read);
    }

    #[test]
    fn values_fall_into_the_class_whose_bound_they_do_not_pass() {
        check(&[], [0, 0, 0], 0);
        check(&[0, 10], [2, 0, 0], 10);
        check(&[11, 20], [0, 2, 0], 31);
        check(&[21, 1000], [0, 0, 2], 1021);
    }

    #[test]
    fn refusals_are_counted_by_a_closed_set_of_codes() {
        let refusals = Refusals::default();
        for code in ["stopping", "timeout", "stopping", "made up", "other"] {
            refusals.one(code);
        }
        let read: Vec<_> = refusals.read().collect();
        assert_eq!(read, [("stopping", 2), ("timeout", 1), ("other", 2)]);
    }

    #[test]
    fn bounds_ascend() {
        assert!(DURATIONS_US.is_sorted());
    }
}
