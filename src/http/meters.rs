//! What was answered so far, in numbers: by route and status, how long it took, and what was refused.

use super::route;
use crate::runtime::meters::{Counter, DURATIONS_US, Histogram, Reading, Refusals};

/// Classes of statuses, by their first digit.
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Shared by the front and whoever reads the figures.
#[derive(Debug)]
pub struct Meters {
    /// In the order of [`route::rows`]; the last one is for requests that lead nowhere.
    routes: Vec<Answers>,
    opened: Counter,
    closed: Counter,
    refusals: Refusals,
}

#[derive(Debug)]
struct Answers {
    statuses: [Counter; STATUSES.len()],
    duration_us: Histogram,
}

/// What was answered on one route.
#[derive(Debug)]
pub struct Answered {
    /// The route's template; `other` for requests that lead nowhere.
    pub route: &'static str,
    /// How many, by class of status; only those that there were.
    pub statuses: Vec<(&'static str, u64)>,
    /// Microseconds from the head of a request to the head of its answer.
    pub duration_us: Reading,
}

impl Default for Meters {
    fn default() -> Self {
        let answers = |()| Answers {
            statuses: Default::default(),
            duration_us: Histogram::new(DURATIONS_US),
        };
        let routes = route::rows().map(|_| ()).chain([()]).map(answers).collect();
        let (opened, closed) = (Counter::default(), Counter::default());
        Self { routes, opened, closed, refusals: Refusals::default() }
    }
}

impl Meters {
    pub(super) fn opened(&self) {
        self.opened.one();
    }

    pub(super) fn closed(&self) {
        self.closed.one();
    }

    /// How many connections were opened, and how many of them were closed or taken over by another
    /// protocol.
    pub fn connections(&self) -> (u64, u64) {
        let closed = self.closed.get();
        (self.opened.get().max(closed), closed)
    }

    /// A request was answered; `place` is its route's place in the table.
    pub(super) fn answered(&self, place: Option<usize>, status: u16, us: u64) {
        let last = self.routes.len().saturating_sub(1);
        let Some(answers) = self.routes.get(place.unwrap_or(last)) else { return };
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(count) = answers.statuses.get(class) {
            count.one();
        }
        answers.duration_us.observe(us);
    }

    /// An answer told that something was not done.
    pub(super) fn refused(&self, code: &str) {
        self.refusals.one(code);
    }

    /// The routes that were asked for so far.
    pub fn routes(&self) -> impl Iterator<Item = Answered> {
        let names = route::rows().map(|row| row.path).chain(["other"]);
        names.zip(&self.routes).filter_map(|(route, answers)| {
            let counts = answers.statuses.iter().map(Counter::get);
            let statuses: Vec<_> =
                STATUSES.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect();
            let duration_us = answers.duration_us.read();
            (!statuses.is_empty()).then_some(Answered { route, statuses, duration_us })
        })
    }

    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_status() {
        let meters = Meters::default();
        meters.answered(Some(1), 200, 50);
        meters.answered(Some(1), 503, 70);
        meters.answered(None, 404, 5);
        meters.answered(None, 101, 5);
        let read: Vec<_> =
            meters.routes().map(|of| (of.route, of.statuses, of.duration_us.sum)).collect();
        let healthz = ("/healthz", vec![("2xx", 1), ("5xx", 1)], 120);
        assert_eq!(read, [healthz, ("other", vec![("1xx", 1), ("4xx", 1)], 10)]);
    }
}
