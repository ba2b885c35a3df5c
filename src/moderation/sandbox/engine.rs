//! The engine that runs plugin code: which kind the system allows, how much address space it gets, and
//! the tick that ends calls which take too long. Knows no plugin.

use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, Module, PoolingAllocationConfig,
    component::Component,
};

use super::{
    admission::{Form, component_of},
    reserve::{Place, Reserve},
};
use crate::moderation::{
    settings::{EngineChoice, Limits},
    trouble::{Trouble, TroubleKind, quoted},
};

/// How long a tick of the deadline is.
pub const TICK_MS: u64 = 10;
/// Ticks without a call after which the tick pauses. To wake it again costs the next message up to 70 us
/// on a virtual machine, so where there are ten messages a second it goes on.
const IDLE_TICKS_MAX: u32 = 10;
/// Core instances of a component as the usual tools build it, with room to spare.
const CORE_INSTANCES_MAX: u32 = 8;
/// Address space reserved for a memory where there is no pool.
const SMALL_RESERVATION_BYTES: u64 = 64 << 20;
const MEMORY_RESIDENT_BYTES: usize = 256 << 10;
const TABLE_RESIDENT_BYTES: usize = 16 << 10;

/// A module with one function that does nothing: compiling it maps executable memory.
const PROBE: &[u8] = &[
    0, b'a', b's', b'm', 1, 0, 0, 0, // header
    1, 4, 1, 0x60, 0, 0, // one type: () -> ()
    3, 2, 1, 0, // one function of it
    10, 4, 1, 2, 0, 0x0b, // its body: end
];

/// An engine, what it turned out to be, and its tick.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    profile: Profile,
    ticker: Arc<Ticker>,
    reserve: Arc<Reserve>,
}

/// What was chosen; for the log and the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    pub interpreted: bool,
    /// Instances that the pool holds; 0: no pool.
    pub pool: u32,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.interpreted { "interpreter" } else { "jit" })?;
        match self.pool {
            0 => f.write_str(", instances on demand"),
            pool => write!(f, ", pool of {pool} instances"),
        }
    }
}

/// The engine could not be made.
#[derive(Debug)]
pub enum EngineFault {
    /// `jit` was asked for and the system forbids executable memory.
    NoExecutableMemory(wasmtime::Error),
    Engine(wasmtime::Error),
    Thread(io::Error),
}

impl fmt::Display for EngineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoExecutableMemory(cause) => write!(
                f,
                "the system does not allow executable memory, which engine = \"jit\" needs; use \
                 \"interpreter\" or \"auto\", or lift MemoryDenyWriteExecute ({cause:#})",
            ),
            Self::Engine(cause) => write!(f, "the plugin engine cannot start: {cause:#}"),
            Self::Thread(cause) => {
                write!(f, "the plugin engine cannot start its clock thread: {cause}")
            }
        }
    }
}

impl std::error::Error for EngineFault {}

impl Sandbox {
    /// Makes the engine that the administrator chose or, with `auto`, that the system allows.
    ///
    /// # Errors
    /// [`EngineFault`].
    pub fn open(choice: EngineChoice, limits: &Limits) -> Result<Self, EngineFault> {
        let (engine, profile) = match choice {
            EngineChoice::Interpreter => roomiest(true, limits)?,
            EngineChoice::Jit => {
                let (engine, profile) = roomiest(false, limits)?;
                probe(&engine).map_err(EngineFault::NoExecutableMemory)?;
                (engine, profile)
            }
            EngineChoice::Auto => {
                let compiled =
                    roomiest(false, limits).and_then(|(engine, profile)| match probe(&engine) {
                        Ok(()) => Ok((engine, profile)),
                        Err(cause) => Err(EngineFault::NoExecutableMemory(cause)),
                    });
                match compiled {
                    Ok(found) => found,
                    Err(cause) => {
                        tracing::info!(
                            cause = %cause,
                            "plugins are interpreted because compiled code cannot run here",
                        );
                        roomiest(true, limits)?
                    }
                }
            }
        };
        tracing::debug!(engine = %profile, "the plugin engine is ready");
        let ticker = Ticker::start(&engine).map_err(EngineFault::Thread)?;
        let reserve = Reserve::of(profile.pool);
        Ok(Self { engine, profile, ticker: Arc::new(ticker), reserve })
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The right to keep an instance between messages, if not too many are kept already.
    pub fn place(&self) -> Option<Place> {
        self.reserve.place()
    }

    /// Lets the deadline tick until the guard is dropped.
    pub fn running(&self) -> Running<'_> {
        if self.ticker.shared.calls.fetch_add(1, Ordering::AcqRel) == 0 {
            self.ticker.thread.thread().unpark();
        }
        Running(&self.ticker.shared)
    }

    /// Loads code that [`Component::serialize`] wrote on this machine.
    ///
    /// # Errors
    /// The code was made by or for another engine.
    #[expect(unsafe_code, reason = "the one place where code that we compiled earlier comes back")]
    pub fn load_own_code(&self, code: &[u8]) -> wasmtime::Result<Component> {
        // SAFETY: `code` is what this program serialized: the only caller is the code cache, which
        // checks a tag made with a key that never leaves the state directory (mode 0700) before it
        // hands the bytes over. Another engine's or version's code is refused by the call itself.
        unsafe { Component::deserialize(&self.engine, code) }
    }
}

/// Compiles a file that was admitted.
///
/// # Errors
/// The compiler does not take it; with a sentence.
pub fn compile(engine: &Engine, bytes: &[u8], form: Form) -> Result<Component, Trouble> {
    let component = component_of(bytes, form)?;
    Component::from_binary(engine, &component).map_err(|cause| {
        let sentence = format!("cannot be compiled: {}", quoted(&format!("{cause:#}")));
        Trouble::new(TroubleKind::File, sentence)
    })
}

/// The largest pool for which the system gives address space.
fn roomiest(interpreted: bool, limits: &Limits) -> Result<(Engine, Profile), EngineFault> {
    for pool in [32, 8] {
        match configured(interpreted, pool, limits).and_then(|config| Engine::new(&config)) {
            Ok(engine) => return Ok((engine, Profile { interpreted, pool })),
            Err(cause) => tracing::info!(
                pool,
                cause = %format_args!("{cause:#}"),
                "no address space for this pool of plugin instances, a smaller one is tried",
            ),
        }
    }
    configured(interpreted, 0, limits)
        .and_then(|config| Engine::new(&config))
        .map(|engine| (engine, Profile { interpreted, pool: 0 }))
        .map_err(EngineFault::Engine)
}

fn probe(engine: &Engine) -> wasmtime::Result<()> {
    Module::from_binary(engine, PROBE).map(drop)
}

fn configured(interpreted: bool, pool: u32, limits: &Limits) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack_max_bytes)
        .wasm_simd(false)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_tail_call(false)
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false);
    if interpreted {
        config.target("pulley64")?;
    }
    if pool == 0 {
        config
            .allocation_strategy(InstanceAllocationStrategy::OnDemand)
            .memory_reservation(SMALL_RESERVATION_BYTES)
            .memory_reservation_for_growth(0);
    } else {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling(pool, limits)));
    }
    Ok(config)
}

fn pooling(pool: u32, limits: &Limits) -> PoolingAllocationConfig {
    let mut config = PoolingAllocationConfig::default();
    config
        .total_component_instances(pool)
        .total_core_instances(pool.saturating_mul(CORE_INSTANCES_MAX))
        .max_core_instances_per_component(CORE_INSTANCES_MAX)
        .total_memories(pool)
        .max_memories_per_component(1)
        .total_tables(pool.saturating_mul(limits.tables_max))
        .max_tables_per_component(limits.tables_max)
        .max_tables_per_module(limits.tables_max)
        .table_elements(limits.table_elements_max)
        .max_memory_size(limits.memory_max_bytes)
        .linear_memory_keep_resident(MEMORY_RESIDENT_BYTES)
        .table_keep_resident(TABLE_RESIDENT_BYTES)
        // Where the kernel can say which pages were written (Linux 6.7), only those are set back.
        .pagemap_scan(Enabled::Auto);
    config
}

/// Counts a call that is under way.
pub struct Running<'a>(&'a Beat);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::AcqRel);
    }
}

#[derive(Default)]
struct Beat {
    calls: AtomicUsize,
    ended: AtomicBool,
}

/// The thread that advances the engine's epoch while calls are under way, and sleeps otherwise.
struct Ticker {
    shared: Arc<Beat>,
    thread: JoinHandle<()>,
}

impl Ticker {
    fn start(engine: &Engine) -> io::Result<Self> {
        let shared = Arc::new(Beat::default());
        let (beat, engine) = (shared.clone(), engine.weak());
        let thread = thread::Builder::new()
            .name("parlour-epoch".into())
            .stack_size(128 << 10)
            .spawn(move || {
                let mut idle_ticks = IDLE_TICKS_MAX;
                while !beat.ended.load(Ordering::Acquire) {
                    let idle = beat.calls.load(Ordering::Acquire) == 0;
                    idle_ticks = if idle { idle_ticks + 1 } else { 0 };
                    if idle_ticks > IDLE_TICKS_MAX {
                        thread::park();
                        idle_ticks = 0;
                        continue;
                    }
                    thread::sleep(Duration::from_millis(TICK_MS));
                    let Some(engine) = engine.upgrade() else { return };
                    engine.increment_epoch();
                }
            })?;
        Ok(Self { shared, thread })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Release);
        self.thread.thread().unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::tests::without_executable_memory;

    #[test]
    fn the_best_engine_is_chosen() {
        let limits = Limits::default();
        let open = |choice| Sandbox::open(choice, &limits).map(|sandbox| sandbox.profile());
        assert!(!open(EngineChoice::Auto).expect("an engine").interpreted);
        assert!(open(EngineChoice::Interpreter).expect("an engine").interpreted);
    }

    #[test]
    fn engines_work_without_a_pool() {
        for interpreted in [false, true] {
            let config = configured(interpreted, 0, &Limits::default()).expect("a configuration");
            let engine = Engine::new(&config).expect("an engine");
            probe(&engine).expect("a module");
        }
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn auto_interprets_where_memory_may_not_be_executable() {
        let limits = Limits::default();
        let (auto, jit) = without_executable_memory(move || {
            (
                Sandbox::open(EngineChoice::Auto, &limits).map(|sandbox| sandbox.profile()),
                Sandbox::open(EngineChoice::Jit, &limits).err().map(|fault| fault.to_string()),
            )
        });
        assert!(auto.expect("an engine").interpreted);
        assert!(jit.expect("a fault").contains("executable memory"));
    }
}
