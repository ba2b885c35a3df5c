//! The plugins that run at one moment, in order, and the chain for each kind of conversation. A set never
//! changes; a new one takes its place, and checks under way end on the old one. Knows no directory.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::health::Health;
use crate::{
    domain::{
        id::Kind,
        moderation::{Finding, Inquiry, Mark, OnError, Unanswered, Verdict},
    },
    moderation::{
        allow::Allow,
        counters::Counters,
        crew::Crew,
        manifest::Needs,
        plugin::Plugin,
        sandbox::SharedFold,
        settings::{DryRun, ModerationSettings, PluginSettings},
        trouble::Trouble,
    },
    runtime::Clock,
};

/// How long a new version is watched, and what it may fail before the old one comes back.
const TRIAL_MS: u64 = 60_000;
const TRIAL_FAULTS_MIN: u64 = 2;
const TRIAL_FAULTS_PERCENT: u64 = 1;

/// One running plugin with its health and numbers.
pub struct Slot {
    pub plugin: Arc<Plugin>,
    /// What it was configured with.
    pub settings: PluginSettings,
    /// The generation of the set that it came with.
    pub since: u64,
    pub counters: Arc<Counters>,
    health: Mutex<Health>,
    last_trouble: Mutex<Option<Trouble>>,
    trial: Option<Trial>,
}

/// The first minute of a new version.
struct Trial {
    /// Forgotten when the minute is over.
    previous: Mutex<Option<Former>>,
    until: u64,
    calls: AtomicU64,
    faults: AtomicU64,
}

/// What it takes to put a version back.
#[derive(Clone)]
struct Former {
    plugin: Arc<Plugin>,
    settings: PluginSettings,
    counters: Arc<Counters>,
}

impl Slot {
    pub fn new(
        plugin: Plugin,
        settings: PluginSettings,
        since: u64,
        counters: Arc<Counters>,
        (previous, now): (Option<Arc<Self>>, u64),
    ) -> Self {
        let trial = previous.map(|previous| Trial {
            previous: Mutex::new(Some(Former {
                plugin: previous.plugin.clone(),
                settings: previous.settings.clone(),
                counters: previous.counters.clone(),
            })),
            until: now.saturating_add(TRIAL_MS),
            calls: AtomicU64::new(0),
            faults: AtomicU64::new(0),
        });
        Self {
            plugin: Arc::new(plugin),
            settings,
            since,
            counters,
            health: Mutex::default(),
            last_trouble: Mutex::default(),
            trial,
        }
    }

    /// The version before, without a watch over it, to put back in this one's place.
    pub fn rolled_back(&self, since: u64) -> Option<Self> {
        let Former { plugin, settings, counters } = self.trial.as_ref()?.former().clone()?;
        Some(Self {
            plugin,
            settings,
            since,
            counters,
            health: Mutex::default(),
            last_trouble: Mutex::default(),
            trial: None,
        })
    }

    pub fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn last_trouble(&self) -> Option<Trouble> {
        self.last_trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The sentence for a new version that fails too often, while there is one before it to go back to.
    pub fn unfit(&self, now: u64) -> Option<String> {
        let trial = self.trial.as_ref()?;
        if now >= trial.until {
            *trial.former() = None;
        }
        if trial.former().is_none() {
            return None;
        }
        let calls = trial.calls.load(Ordering::Relaxed);
        let faults = trial.faults.load(Ordering::Relaxed);
        let unfit = faults >= TRIAL_FAULTS_MIN
            && faults.saturating_mul(100) > calls.saturating_mul(TRIAL_FAULTS_PERCENT);
        unfit.then(|| {
            let last = self.last_trouble().map(|trouble| trouble.sentence).unwrap_or_default();
            format!("failed {faults} of its first {calls} messages and was taken back: {last}")
        })
    }

    fn check(
        &self,
        inquiry: &Inquiry,
        (generation, fold): (u64, &SharedFold),
        clock: &Clock,
    ) -> Answered {
        if !self.health().admits() {
            self.counters.skipped();
            return Answered { findings: None, recovered: false };
        }
        let started = clock.ticks_us();
        let checked = self.plugin.check(inquiry, generation, fold);
        let us = clock.ticks_us().saturating_sub(started);
        self.counters.call(us, checked.fuel, checked.memory_peak);
        let now = clock.now().0;
        if let Some(trial) = self.trial.as_ref().filter(|trial| now < trial.until) {
            trial.calls.fetch_add(1, Ordering::Relaxed);
            trial.faults.fetch_add(u64::from(checked.findings.is_err()), Ordering::Relaxed);
        }
        match checked.findings {
            Ok(findings) => {
                self.counters.findings(&findings);
                let recovered = self.health().succeeded(now);
                Answered { findings: Some(findings), recovered }
            }
            Err(trouble) => {
                self.counters.failed();
                self.failed(trouble, now);
                Answered { findings: None, recovered: false }
            }
        }
    }

    /// Tries the samples of a plugin whose rest is over. True if it works again.
    pub fn probe(&self, now: u64) -> bool {
        if !self.health().due(now) {
            return false;
        }
        let tried = self.plugin.try_samples();
        let passed = tried.is_ok();
        let rest_ms = self.health().probed(passed, now);
        let plugin = self.plugin.id.as_str();
        match tried {
            Ok(()) => tracing::info!(
                target: "parlour::audit", plugin, "a plugin passed its samples and is asked again",
            ),
            Err(trouble) => {
                self.counters.trouble(trouble.kind);
                tracing::warn!(
                    target: "parlour::audit", plugin, rest_ms, reason = %trouble,
                    "a plugin still fails and rests longer",
                );
                *self.last_trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
            }
        }
        passed
    }

    /// Takes note of a fault.
    pub fn failed(&self, trouble: Trouble, now: u64) {
        self.counters.trouble(trouble.kind);
        let plugin = self.plugin.id.as_str();
        let kind = trouble.kind.word();
        tracing::debug!(plugin, kind, reason = %trouble, "a plugin failed to check a message");
        let rests = self.health().failed(now);
        if let Some(ms) = rests {
            tracing::warn!(
                target: "parlour::audit",
                plugin,
                kind,
                reason = %trouble,
                rest_ms = ms,
                "a plugin failed too often and rests",
            );
        }
        *self.last_trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
    }
}

impl Trial {
    fn former(&self) -> MutexGuard<'_, Option<Former>> {
        self.previous.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Answered {
    findings: Option<Vec<Finding>>,
    recovered: bool,
}

/// What a check needs besides the message.
pub struct Desk<'a> {
    pub clock: &'a Clock,
    /// What may be written.
    pub allow: &'a Allow,
    /// Called when messages that went unchecked can be checked again.
    pub recovered: &'a (dyn Fn() + Sync),
}

/// A place in a chain.
pub struct Link {
    pub id: String,
    /// `None`: it is missed.
    pub slot: Option<Arc<Slot>>,
    pub on_error: OnError,
    pub dry_run: DryRun,
}

impl Link {
    fn expected_us(&self, bytes: usize) -> u64 {
        self.slot.as_ref().map_or(0, |slot| slot.plugin.expected_us(bytes))
    }
}

/// All plugins of one generation.
#[derive(Default)]
pub struct Set {
    pub generation: u64,
    /// In the order in which they are asked.
    pub slots: Vec<Arc<Slot>>,
    chains: Vec<(Kind, Vec<Link>)>,
}

impl Set {
    /// Builds the chains. `missed` are plugins that should be here and cannot be loaded.
    pub fn new(
        generation: u64,
        mut slots: Vec<Arc<Slot>>,
        missed: &[String],
        settings: &ModerationSettings,
    ) -> Self {
        slots.sort_by_key(|slot| {
            let own = slot.plugin.manifest.priority;
            (slot.settings.priority.unwrap_or(own), slot.plugin.id.clone())
        });
        let chains = Kind::ALL
            .into_iter()
            .map(|kind| (kind, chain(kind, &slots, missed, settings)))
            .collect();
        Self { generation, slots, chains }
    }

    pub fn chain(&self, kind: Kind) -> &[Link] {
        self.chains.iter().find(|(of, _)| *of == kind).map_or(&[], |(_, links)| links)
    }

    /// What the plugins of a chain together want to see of the past.
    pub fn needs(&self, kind: Kind) -> Needs {
        let slots = self.chain(kind).iter().filter_map(|link| link.slot.as_ref());
        slots.fold(Needs::default(), |needs, slot| needs.and(slot.plugin.manifest.needs))
    }

    /// Asks every plugin of the chain, several at once where that is faster; all see the text as
    /// it was written.
    pub fn check<J>(
        self: &Arc<Self>,
        inquiry: &Arc<Inquiry>,
        crew: &Crew<J>,
        desk: &Desk<'_>,
    ) -> Verdict {
        let links = self.chain(inquiry.kind);
        let bytes = inquiry.text.len();
        let times: Vec<u64> = links.iter().map(|link| link.expected_us(bytes)).collect();
        let (set, asked, clock) = (self.clone(), inquiry.clone(), desk.clock.clone());
        let fold = SharedFold::default();
        let answers = crew.all(&times, move |at| {
            let slot = set.chain(asked.kind).get(at)?.slot.as_ref()?;
            Some(slot.check(&asked, (set.generation, &fold), &clock))
        });
        let mut verdict = Verdict::default();
        let mut recovered = false;
        for (link, answered) in links.iter().zip(answers) {
            if answered.is_none() {
                tracing::error!(
                    plugin = link.id,
                    "asking a plugin panicked; a defect of the server"
                );
            }
            let answered = answered.flatten();
            recovered |= answered.as_ref().is_some_and(|answered| answered.recovered);
            match answered.and_then(|answered| answered.findings) {
                Some(findings) => {
                    let marked = findings.into_iter().map(|finding| Finding {
                        mark: mark(&finding, link, inquiry, desk.allow),
                        ..finding
                    });
                    verdict.findings.extend(marked);
                }
                None => verdict.unanswered.extend(unanswered(link)),
            }
        }
        if recovered {
            (desk.recovered)();
        }
        verdict
    }

    /// Makes the plugins of a chain ready for the next message; to be called when the verdict is out.
    pub fn refill(&self, kind: Kind) {
        let slots = self.chain(kind).iter().filter_map(|link| link.slot.as_ref());
        slots.filter(|slot| slot.health().admits()).for_each(|slot| slot.plugin.refill());
    }

    /// Whether nothing would change if this took the other's place.
    pub fn is_like(&self, other: &Self) -> bool {
        let same_link = |a: &Link, b: &Link| {
            let slots = (a.slot.as_ref().map(Arc::as_ptr), b.slot.as_ref().map(Arc::as_ptr));
            let rules = (a.on_error, &a.dry_run) == (b.on_error, &b.dry_run);
            a.id == b.id && rules && slots.0 == slots.1
        };
        self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(|(a, b)| Arc::ptr_eq(a, b))
            && Kind::ALL.into_iter().all(|kind| {
                let (a, b) = (self.chain(kind), other.chain(kind));
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_link(a, b))
            })
    }

    /// Whether messages go past a plugin at the moment.
    pub fn is_ailing(&self) -> bool {
        self.chains
            .iter()
            .flat_map(|(_, links)| links)
            .any(|link| link.slot.as_ref().is_none_or(|slot| !slot.health().admits()))
    }

    /// The verdict when nobody was asked.
    pub fn silence(&self, kind: Kind) -> Verdict {
        let unanswered = self.chain(kind).iter().filter_map(unanswered).collect();
        Verdict { findings: Vec::new(), unanswered }
    }
}

/// The silence of a plugin on trial has no effect either.
fn unanswered(link: &Link) -> Option<Unanswered> {
    let counts = link.dry_run != DryRun::Everything;
    counts.then(|| Unanswered { plugin: link.id.clone(), on_error: link.on_error })
}

fn mark(finding: &Finding, link: &Link, inquiry: &Inquiry, allow: &Allow) -> Mark {
    if allow.covers(&finding.category, &words(finding, inquiry)) {
        Mark::Allowed
    } else if link.dry_run.has(&finding.rule) {
        Mark::DryRun
    } else {
        Mark::Counts
    }
}

/// What a finding is about, in the order in which it was written.
fn words<'a>(finding: &Finding, inquiry: &'a Inquiry) -> Vec<&'a str> {
    let mut spans = finding.spans.clone();
    spans.sort_by_key(|(of, span)| (std::cmp::Reverse(*of), *span));
    let text = |of: usize| match of.checked_sub(1) {
        None => Some(inquiry.text.as_str()),
        Some(at) => inquiry.history.get(at).map(|earlier| earlier.text.as_str()),
    };
    if spans.is_empty() {
        return vec![&inquiry.text];
    }
    spans.iter().filter_map(|(of, span)| text(*of)?.get(span.start..span.end)).collect()
}

fn chain(
    kind: Kind,
    slots: &[Arc<Slot>],
    missed: &[String],
    settings: &ModerationSettings,
) -> Vec<Link> {
    let find = |id: &str| slots.iter().find(|slot| slot.plugin.id == id).cloned();
    let off = |id: &str| settings.plugins.get(id).is_some_and(|plugin| !plugin.enabled);
    let link = |id: &str, slot: Option<Arc<Slot>>| Link {
        id: id.to_owned(),
        slot,
        on_error: settings.on_error(id, kind),
        dry_run: settings.plugins.get(id).map(|own| own.dry_run.clone()).unwrap_or_default(),
    };
    if let Some(listed) = settings.chains.get(&kind) {
        let listed: BTreeSet<&String> = listed.iter().filter(|id| !off(id)).collect();
        let mut links: Vec<Link> = listed.into_iter().map(|id| link(id, find(id))).collect();
        links.sort_by_key(|link| slots.iter().position(|slot| slot.plugin.id == link.id));
        return links;
    }
    let present = slots.iter().map(|slot| link(&slot.plugin.id, Some(slot.clone())));
    let absent = missed.iter().filter(|id| !off(id) && find(id).is_none());
    present.chain(absent.map(|id| link(id, None))).collect()
}
