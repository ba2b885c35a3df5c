//! One compiled plugin and its calls, each in an instance of its own with every limit set. Knows
//! neither policy nor the meaning of findings.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use wasmtime::{Store, Trap, component::Component};

use super::{
    deadline::{self, Deadline},
    engine::Sandbox,
    log::{LogBudget, Phase},
    reserve::Place,
    views::SharedFold,
    world::{
        self, Exports, ExportsPre, Guest, Meter,
        shapes::{Context, Finding, Message, Metadata},
    },
};
use crate::{
    moderation::{
        settings::Limits,
        trouble::{Trouble, TroubleKind, quoted},
    },
    runtime::Clock,
};

/// What engines do in a microsecond, roughly.
const COMPILED_FUEL_PER_US: u64 = 3_000;
const INTERPRETED_FUEL_PER_US: u64 = 200;

/// A plugin, compiled and linked.
pub struct Program {
    sandbox: Sandbox,
    pre: ExportsPre<Guest>,
    limits: Limits,
    log: Arc<LogBudget>,
    /// Empty: `configure` is not called.
    config: String,
    /// Whether an instance is used again.
    warm: bool,
    kept: Mutex<Kept>,
    /// Fuel for each byte of the last message.
    pace: AtomicU64,
}

/// Instances that are alive while no message is checked.
#[derive(Default)]
struct Kept {
    /// Those that the next messages are checked in: never used before, unless the plugin is warm.
    waiting: Vec<(Live, Place)>,
    /// Used ones that are to be cleared away.
    spent: Vec<(Live, Place)>,
}

struct Live {
    store: Store<Guest>,
    exports: Exports,
}

/// A question for one plugin.
pub struct Question<'a> {
    pub message: &'a Message,
    pub context: &'a Context,
    /// The views that the plugins of a chain share.
    pub fold: SharedFold,
    /// Instead of the configuration that was set; empty: `configure` is not called.
    pub config: Option<&'a str>,
}

/// The answer and what it cost.
pub struct Answer {
    pub findings: Result<Vec<Finding>, Trouble>,
    pub fuel: u64,
    pub memory_peak: usize,
}

impl Program {
    /// Links a component.
    ///
    /// # Errors
    /// It asks for what nobody offers, or does not export what a plugin is.
    pub fn link(
        sandbox: &Sandbox,
        component: &Component,
        wasi_traps: bool,
        limits: &Limits,
        (name, clock): (&str, &Clock),
    ) -> Result<Self, Trouble> {
        let pre = world::link(component, wasi_traps).map_err(|cause| {
            Trouble::new(
                TroubleKind::Api,
                format!(
                    "does not fit the plugin interface parlour:moderation@1.1.0: {}",
                    quoted(&format!("{cause:#}"))
                ),
            )
        })?;
        let log = LogBudget::new(name.to_owned(), limits.log_lines_per_s, clock.clone());
        Ok(Self {
            sandbox: sandbox.clone(),
            pre,
            limits: *limits,
            log: Arc::new(log),
            config: String::new(),
            warm: false,
            kept: Mutex::default(),
            pace: AtomicU64::new(0),
        })
    }

    /// Asks the plugin who it is, within the limits of loading.
    ///
    /// # Errors
    /// Whatever a call may end with.
    pub fn describe(&self) -> Result<Metadata, Trouble> {
        let _running = self.sandbox.running();
        let mut live = self.instantiate(Phase::Load)?;
        self.budget(&mut live.store, self.limits.load_fuel, self.limits.load_deadline_ms)?;
        let said = live.exports.parlour_moderation_filter().call_describe(&mut live.store);
        said.map_err(|cause| self.explain("describe", &cause, &live.store))
    }

    /// Sets what every later instance is configured with, and tries it; an empty configuration is
    /// tried too, although later instances are not bothered with it.
    ///
    /// # Errors
    /// The plugin rejects it, with its own words.
    pub fn configure(&mut self, config: &str, warm: bool) -> Result<(), Trouble> {
        let empty = is_empty(config);
        if empty { "{}" } else { config }.clone_into(&mut self.config);
        self.warm = warm;
        mem::take(&mut *self.kept());
        let _running = self.sandbox.running();
        self.prepared(Phase::Load, &self.config)?;
        if empty {
            self.config.clear();
        }
        Ok(())
    }

    /// Checks one message, in an instance that has seen no other unless the plugin is warm.
    pub fn check(&self, question: &Question<'_>) -> Answer {
        let _running = self.sandbox.running();
        let own = question.config.is_none();
        let waiting = own.then(|| self.kept().waiting.pop()).flatten();
        let config = question.config.unwrap_or(&self.config);
        let (mut live, place) = match waiting {
            Some((live, place)) => (live, Some(place)),
            None => match self.prepared(Phase::Check, config) {
                Ok(live) => (live, None),
                Err(trouble) => return Answer { findings: Err(trouble), fuel: 0, memory_peak: 0 },
            },
        };
        let answer = self.ask(&mut live, question);
        if own {
            self.keep(live, place, self.warm && answer.findings.is_ok());
        }
        answer
    }

    /// Does what nobody should wait for: clears away the instances that were used and makes the one for
    /// the next message. To be called when the answer is out.
    pub fn refill(&self) {
        let spent = mem::take(&mut self.kept().spent);
        drop(spent);
        if self.warm || !self.kept().waiting.is_empty() {
            return;
        }
        let Some(place) = self.sandbox.place() else { return };
        let _running = self.sandbox.running();
        // What goes wrong here goes wrong again for the next message, which then tells.
        if let Ok(live) = self.prepared(Phase::Check, &self.config) {
            self.kept().waiting.push((live, place));
        }
    }

    /// A guess at how long the next answer will take, in microseconds, by what the last one took.
    pub fn expected_us(&self, bytes: usize) -> u64 {
        let interpreted = self.sandbox.profile().interpreted;
        let fuel_per_us = if interpreted { INTERPRETED_FUEL_PER_US } else { COMPILED_FUEL_PER_US };
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.pace.load(Ordering::Relaxed).saturating_mul(bytes) / fuel_per_us
    }

    fn ask(&self, live: &mut Live, question: &Question<'_>) -> Answer {
        let guest = live.store.data_mut();
        guest.phase = Phase::Check;
        guest.shared = question.fold.clone();
        let fuel_max = self.limits.check_fuel;
        if let Err(trouble) = self.budget(&mut live.store, fuel_max, self.limits.check_deadline_ms)
        {
            return Answer { findings: Err(trouble), fuel: 0, memory_peak: 0 };
        }
        let filter = live.exports.parlour_moderation_filter();
        let said = filter.call_check(&mut live.store, question.message, question.context);
        let fuel = fuel_max.saturating_sub(live.store.get_fuel().unwrap_or(0));
        self.pace.store(fuel / bytes_of(question.message), Ordering::Relaxed);
        let memory_peak = live.store.data().meter.memory_peak;
        live.store.data_mut().shared = SharedFold::default();
        let findings = match said {
            Ok(Ok(findings)) => Ok(findings),
            // The plugin's own words may quote the message, so they go no further than debug.
            Ok(Err(words)) => {
                self.log.write(Phase::Check, "warn", &words);
                Err(Trouble::new(TroubleKind::Guest, "says that it cannot judge a message"))
            }
            Err(cause) => Err(self.explain("check", &cause, &live.store)),
        };
        Answer { findings, fuel, memory_peak }
    }

    /// Keeps a used instance, for the next message or until somebody has time to clear it away.
    fn keep(&self, live: Live, place: Option<Place>, warm: bool) {
        let Some(place) = place.or_else(|| self.sandbox.place()) else { return };
        let mut kept = self.kept();
        let side = if warm { &mut kept.waiting } else { &mut kept.spent };
        side.push((live, place));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A fresh instance that has a configuration.
    fn prepared(&self, phase: Phase, config: &str) -> Result<Live, Trouble> {
        let mut live = self.instantiate(phase)?;
        if config.is_empty() {
            return Ok(live);
        }
        self.budget(&mut live.store, self.limits.load_fuel, self.limits.load_deadline_ms)?;
        let filter = live.exports.parlour_moderation_filter();
        match filter.call_configure(&mut live.store, config) {
            Ok(Ok(())) => Ok(live),
            Ok(Err(complaints)) => Err(Trouble::new(
                TroubleKind::Configure,
                format!("rejects its configuration: {}", quoted(&complaints.join("; "))),
            )),
            Err(cause) => Err(self.explain("configure", &cause, &live.store)),
        }
    }

    fn instantiate(&self, phase: Phase) -> Result<Live, Trouble> {
        let guest = Guest {
            meter: Meter::new(&self.limits),
            log: self.log.clone(),
            phase,
            shared: SharedFold::default(),
            deadline: Deadline::default(),
        };
        let mut store = Store::new(self.sandbox.engine(), guest);
        store.limiter(|guest| &mut guest.meter);
        store.epoch_deadline_callback(deadline::step);
        store.set_hostcall_fuel(self.limits.hostcall_max_bytes);
        self.budget(&mut store, self.limits.load_fuel, self.limits.load_deadline_ms)?;
        match self.pre.instantiate(&mut store) {
            Ok(exports) => Ok(Live { store, exports }),
            Err(cause) => Err(self.explain("its start", &cause, &store)),
        }
    }

    fn budget(&self, store: &mut Store<Guest>, fuel: u64, deadline_ms: u64) -> Result<(), Trouble> {
        store.set_epoch_deadline(Deadline::FIRST_TICKS);
        store.data_mut().deadline = Deadline::new(deadline_ms);
        store.set_fuel(fuel).map_err(|cause| self.explain("its start", &cause, store))
    }

    fn explain(&self, during: &str, cause: &wasmtime::Error, store: &Store<Guest>) -> Trouble {
        let limits = &self.limits;
        let (kind, what) = match cause.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => {
                (TroubleKind::Fuel, "used up its fuel (an endless loop, or too much work)".into())
            }
            Some(Trap::Interrupt) => (TroubleKind::Deadline, "did not end in time".into()),
            Some(Trap::StackOverflow) => (
                TroubleKind::Stack,
                format!("needs a stack of more than {} KiB", limits.stack_max_bytes >> 10),
            ),
            _ if store.data().meter.refused => (
                TroubleKind::Memory,
                format!("wanted more than {} MiB of memory", limits.memory_max_bytes >> 20),
            ),
            Some(trap) => (TroubleKind::Trap, format!("crashed ({trap})")),
            None if during == "its start" => {
                (TroubleKind::Instantiate, format!("failed: {}", quoted(&format!("{cause:#}"))))
            }
            None if format!("{cause:#}").contains("has not been defined") => {
                (TroubleKind::Trap, "called a WASI function, which is not there,".to_owned())
            }
            None if format!("{cause:#}").contains("hostcalls") => (
                TroubleKind::Output,
                format!("moved more than {} KiB at once", limits.hostcall_max_bytes >> 10),
            ),
            None => (
                TroubleKind::Decode,
                format!("returned garbage: {}", quoted(&format!("{:#}", cause.root_cause()))),
            ),
        };
        Trouble::new(kind, format!("{what} in {during}"))
    }
}

/// Bytes of a message; a short one counts as 64, as much is the same for all.
fn bytes_of(message: &Message) -> u64 {
    u64::try_from(message.text.len().max(64)).unwrap_or(u64::MAX)
}

/// Whether a configuration says nothing.
fn is_empty(config: &str) -> bool {
    let mut rest = config.chars().filter(|c| !c.is_whitespace());
    matches!((rest.next(), rest.next(), rest.next()), (None, ..) | (Some('{'), Some('}'), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::{
        EngineChoice,
        plugin::{inquiry_of, question_parts},
        sandbox::{Form, compile},
        tests::fixture,
    };

    fn program(sandbox: &Sandbox, name: &str, warm: bool) -> Program {
        let (limits, bytes) = (Limits::default(), fixture(name));
        let form = Form::of(&bytes, false, &limits).expect("admitted");
        let component = compile(sandbox.engine(), &bytes, form).expect("compiled");
        let clock = Clock::system();
        let linked = Program::link(sandbox, &component, false, &limits, (name, &clock));
        let mut program = linked.expect("linked");
        program.configure("", warm).expect("configured");
        program
    }

    fn found(program: &Program) -> Result<usize, TroubleKind> {
        let (message, context) = question_parts(&inquiry_of("a FLAGME b".to_owned()));
        let fold = SharedFold::default();
        let question = Question { message: &message, context: &context, fold, config: None };
        let findings = program.check(&question).findings;
        findings.map(|found| found.len()).map_err(|trouble| trouble.kind)
    }

    fn kept(program: &Program) -> (usize, usize) {
        let kept = program.kept();
        (kept.waiting.len(), kept.spent.len())
    }

    #[test]
    fn a_used_instance_is_cleared_away_and_a_fresh_one_waits() {
        for engine in [EngineChoice::Jit, EngineChoice::Interpreter] {
            let sandbox = Sandbox::open(engine, &Limits::default()).expect("an engine");
            let program = program(&sandbox, "good/flag-all", false);
            for _ in 0..3 {
                assert_eq!((found(&program), kept(&program).1), (Ok(1), 1));
                program.refill();
                program.refill();
                assert_eq!(kept(&program), (1, 0));
            }
        }
    }

    #[test]
    fn a_warm_instance_is_used_again_until_it_fails() {
        let sandbox = Sandbox::open(EngineChoice::Jit, &Limits::default()).expect("an engine");
        let good = program(&sandbox, "good/flag-all", true);
        let trap = program(&sandbox, "faulty/trap", true);
        for _ in 0..3 {
            assert_eq!((found(&good), kept(&good)), (Ok(1), (1, 0)));
            assert_eq!((found(&trap), kept(&trap).0), (Err(TroubleKind::Trap), 0));
            good.refill();
            trap.refill();
        }
    }

    #[test]
    fn where_no_place_is_free_instances_are_made_for_each_message() {
        let sandbox = Sandbox::open(EngineChoice::Jit, &Limits::default()).expect("an engine");
        let places: Vec<Place> = std::iter::from_fn(|| sandbox.place()).collect();
        let program = program(&sandbox, "good/flag-all", false);
        program.refill();
        assert_eq!((found(&program), kept(&program)), (Ok(1), (0, 0)));
        drop(places);
        program.refill();
        assert_eq!(kept(&program), (1, 0));
    }
}
