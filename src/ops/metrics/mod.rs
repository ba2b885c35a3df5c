//! The figures of the running server: read from the meters of every part when somebody asks.

mod commits;
pub mod families;
mod page;
mod process;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

pub use commits::Commits;
pub use families::Family;
use families::{
    BUILD_INFO, CHECK_TIME, CHECKS, CLOSED, COMMANDS_WAITING, COMMITS, COMMITTED_BYTES,
    CONNECTIONS, CONVERSATIONS, DEGRADED, DELIVERIES, DELIVERY, FAULTS, FINDINGS, FREE, GROUP,
    MESSAGES_IN, MODERATION_WAITING, OPENED, PROBLEMS, QUEUE, RECONNECTS, RECOVERIES, REFUSALS,
    REQUEST_TIME, REQUESTS, SENT_BYTES, SENT_FRAMES, SLOW, START_TIME, STORE, SYNC, UPTIME,
};
use page::Unit;
pub use page::{Page, float};

use super::health::Health;
use crate::{
    domain::time::Millis,
    gateway::{Gateway, LiveChat},
    http,
    runtime::{
        blocking,
        meters::{Refusals, Way},
    },
};

/// How old the size of the store may be, in milliseconds: every file is looked at for it.
const STORE_SIZE_FRESH_MS: u64 = 15_000;

/// The parts that are asked. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Sources>);

/// What the figures are read from.
pub struct Sources {
    pub health: Health,
    pub commits: Arc<Commits>,
    pub gateway: Gateway<LiveChat>,
    pub http: Arc<http::Meters>,
    pub started_at: Millis,
    /// The size of the store, and when it was looked up.
    pub store_size: Mutex<Option<(Millis, u64)>>,
}

impl Metrics {
    #[must_use]
    pub fn new(sources: Sources) -> Self {
        Self(Arc::new(sources))
    }

    pub fn health(&self) -> &Health {
        &self.0.health
    }

    /// The meters that the front of HTTP fills in.
    pub fn http(&self) -> &Arc<http::Meters> {
        &self.0.http
    }

    /// All figures now; `None` if reading them broke off. They are read apart from the threads that
    /// serve.
    pub async fn page(&self) -> Option<Page> {
        let sources = self.0.clone();
        blocking(move || sources.page()).await
    }
}

impl Sources {
    fn page(&self) -> Page {
        let mut page = Page::default();
        let labels = [env!("CARGO_PKG_VERSION"), self.health.moderator.engine()];
        page.add(&BUILD_INFO, &labels, 1.0);
        page.add(&START_TIME, &[], float(self.started_at.0) / 1000.0);
        let up_ms = self.health.clock.now().since(self.started_at);
        page.add(&UPTIME, &[], float(up_ms) / 1000.0);
        process::tell(&mut page);
        let reasons = self.health.reasons().len();
        page.count(&DEGRADED, &[], size(reasons));
        self.connections(&mut page);
        self.messages(&mut page);
        self.disk(&mut page);
        self.moderation(&mut page);
        self.requests(&mut page);
        page
    }

    fn connections(&self, page: &mut Page) {
        let meters = self.gateway.meters();
        for (protocol, open, opened) in self.gateway.tally() {
            let open = size(open);
            page.count(&CONNECTIONS, &[protocol], open);
            page.count(&OPENED, &[protocol], opened);
            page.count(&CLOSED, &[protocol], opened.saturating_sub(open));
        }
        let (opened, closed) = self.http.connections();
        page.count(&CONNECTIONS, &["http"], opened.saturating_sub(closed));
        page.count(&OPENED, &["http"], opened);
        page.count(&CLOSED, &["http"], closed);
        page.count(&SLOW, &[], self.gateway.slow());
        for (way, count) in meters.reconnects() {
            page.count(&RECONNECTS, &[way.word()], count);
        }
        for (way, result, count) in meters.recoveries() {
            page.count(&RECOVERIES, &[way.word(), result], count);
        }
        let (frames, bytes) = meters.sent_so_far();
        page.count(&SENT_FRAMES, &[], frames);
        page.count(&SENT_BYTES, &[], bytes);
        page.count(&QUEUE, &[], size(self.gateway.queue_bytes()));
    }

    fn messages(&self, page: &mut Page) {
        let meters = self.health.chat.meters();
        for (way, kind, count) in meters.written() {
            page.count(&MESSAGES_IN, &[way.word(), kind], count);
        }
        page.count(&DELIVERIES, &[], meters.deliveries());
        page.classes(&DELIVERY, &[], &meters.delivery_us(), Unit::Micros);
        let (conversations, waiting) = self.health.chat.load();
        page.count(&COMMANDS_WAITING, &[], size(waiting));
        page.count(&CONVERSATIONS, &[], size(conversations));
    }

    fn disk(&self, page: &mut Page) {
        let groups = self.commits.groups();
        page.count(&COMMITS, &[], groups.counts.iter().sum());
        page.count(&COMMITTED_BYTES, &[], self.commits.bytes());
        page.classes(&GROUP, &[], &groups, Unit::One);
        page.classes(&SYNC, &[], &self.commits.sync_us(), Unit::Micros);
        page.count(&STORE, &[], self.store_size());
        page.count(&FREE, &[], self.health.store.free_bytes());
    }

    fn store_size(&self) -> u64 {
        let now = self.health.clock.now();
        let mut known = self.store_size.lock().unwrap_or_else(PoisonError::into_inner);
        match *known {
            Some((at, bytes)) if now.since(at) < STORE_SIZE_FRESH_MS => bytes,
            _ => {
                let bytes = self.health.store.used_bytes();
                *known = Some((now, bytes));
                bytes
            }
        }
    }

    fn moderation(&self, page: &mut Page) {
        // A plugin has a row for each of its files; the one that runs has the counts.
        let mut plugins = BTreeMap::new();
        for plugin in
            self.health.moderator.plugins().into_iter().filter(|plugin| !plugin.id.is_empty())
        {
            let running = plugin.generation.is_some();
            if running || !plugins.contains_key(&plugin.id) {
                plugins.insert(plugin.id.clone(), plugin.counters);
            }
        }
        for (id, tally) in &plugins {
            let clean = tally.calls.saturating_sub(tally.flagged).saturating_sub(tally.failed);
            for (outcome, count) in [
                ("clean", clean),
                ("flagged", tally.flagged),
                ("failed", tally.failed),
                ("skipped", tally.skipped),
            ] {
                page.count(&CHECKS, &[id, outcome], count);
            }
            page.classes(&CHECK_TIME, &[id], &tally.times_us(), Unit::Micros);
            for (rule, outcomes) in &tally.rules {
                for (outcome, count) in outcomes {
                    page.count(&FINDINGS, &[id, rule, outcome], *count);
                }
            }
            for (kind, count) in &tally.troubles {
                page.count(&FAULTS, &[id, kind], *count);
            }
        }
        page.count(&MODERATION_WAITING, &[], size(self.health.moderator.waiting()));
        page.count(&PROBLEMS, &[], size(self.health.moderator.health().len()));
    }

    fn requests(&self, page: &mut Page) {
        for answered in self.http.routes() {
            for (status, count) in answered.statuses {
                page.count(&REQUESTS, &[answered.route, status], count);
            }
            page.classes(&REQUEST_TIME, &[answered.route], &answered.duration_us, Unit::Micros);
        }
        let mut refusals = |way: Way, refusals: &Refusals| {
            for (code, count) in refusals.read() {
                page.count(&REFUSALS, &[way.word(), code], count);
            }
        };
        refusals(Way::Http, self.http.refusals());
        let meters = self.gateway.meters();
        for way in [Way::WebSocket, Way::SocketIo] {
            refusals(way, meters.refusals(way));
        }
    }
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
