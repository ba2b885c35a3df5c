//! Tests of the host with the plugins of the tree: good ones, broken ones, hostile ones.

mod engines;
mod hostile;
mod reload;
mod rollback;

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use super::{
    EngineChoice, ModerationSettings, Moderator, PluginStatus, plugin, roster::PluginState,
};
use crate::{
    domain::{
        id::Kind,
        moderation::{Inquiry, Verdict},
    },
    runtime::Clock,
};

/// The directories of a test, which go when its thread ends.
#[derive(Default)]
struct Made(Vec<PathBuf>);

impl Drop for Made {
    fn drop(&mut self) {
        self.0.iter().for_each(|dir| drop(fs::remove_dir_all(dir)));
    }
}

thread_local! {
    static MADE: RefCell<Made> = RefCell::default();
}

/// An empty directory of this test alone.
pub fn scratch(name: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let unique = format!("parlour-{name}-{}-{number}", std::process::id());
    let dir = std::env::temp_dir().join(unique);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory");
    MADE.with_borrow_mut(|made| made.0.push(dir.clone()));
    dir
}

/// Runs `work` on a thread that may not make memory executable, as under
/// `MemoryDenyWriteExecute=yes`.
pub fn without_executable_memory<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    const MPROTECT: i64 = 10;
    const PROT_EXEC: u64 = 4;
    let executable = SeccompCondition::new(
        2,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(PROT_EXEC),
        PROT_EXEC,
    )
    .expect("a condition");
    let rules =
        BTreeMap::from([(MPROTECT, vec![SeccompRule::new(vec![executable]).expect("a rule")])]);
    let filter: BpfProgram = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(1),
        std::env::consts::ARCH.try_into().expect("a known machine"),
    )
    .and_then(TryInto::try_into)
    .expect("a filter");
    std::thread::spawn(move || {
        seccompiler::apply_filter(&filter).expect("the filter applies");
        work()
    })
    .join()
    .expect("the thread ends well")
}

/// A built fixture, `faulty/trap` for example.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/plugins/built")
        .join(format!("{name}.wasm"));
    fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// A moderator over directories of its own.
struct Host {
    dir: PathBuf,
    moderator: Moderator,
    /// Moves its clock, in milliseconds, where it is one that is moved by hand.
    hand: Arc<AtomicU64>,
}

impl Host {
    /// With these files in the directory, on a clock that stands still.
    fn still(files: &[(&str, &[u8])], change: impl FnOnce(&mut ModerationSettings)) -> Self {
        let (clock, hand) = Clock::manual(1_000_000);
        Self::open(files, change, &clock, hand)
    }

    fn open(
        files: &[(&str, &[u8])],
        change: impl FnOnce(&mut ModerationSettings),
        clock: &Clock,
        hand: Arc<AtomicU64>,
    ) -> Self {
        let root = scratch("host");
        let dir = root.join("plugins");
        fs::create_dir(&dir).expect("a directory");
        let mut settings = ModerationSettings::new(&dir, root.join("state"));
        settings.poll_ms = 20;
        settings.engine = EngineChoice::Jit;
        change(&mut settings);
        for (name, bytes) in files {
            fs::write(dir.join(name), bytes).expect("written");
        }
        let moderator = Moderator::open(settings, clock).expect("a moderator");
        Self { dir, moderator, hand }
    }

    /// Puts a file in place as an administrator's tool does: whole.
    fn put(&self, name: &str, bytes: &[u8]) {
        let fresh = self.dir.join("fresh");
        fs::write(&fresh, bytes).expect("written");
        fs::rename(fresh, self.dir.join(name)).expect("renamed");
    }

    fn forward(&self, ms: u64) {
        self.hand.fetch_add(ms, Ordering::Relaxed);
    }

    async fn check(&self, text: &str) -> Verdict {
        self.moderator.check(order(text)).await
    }

    fn status(&self, file: &str) -> Option<PluginStatus> {
        self.moderator.plugins().into_iter().find(|status| status.file == file)
    }

    #[track_caller]
    fn assert_state(&self, file: &str, state: PluginState, sentence: &str) {
        let status = self.status(file).expect("a status");
        let reason = status.reason.clone().unwrap_or_default();
        assert_eq!(status.state, state, "{reason}");
        assert!(reason.contains(sentence), "{reason:?} does not say {sentence:?}");
    }

    /// Waits for what the keeper does by itself, at most 20 s.
    async fn until(&self, what: &str, mut test: impl FnMut(&Self) -> bool) {
        for _ in 0..2000 {
            if test(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came that {what}: {:?}", self.moderator.plugins());
    }
}

fn order(text: &str) -> Inquiry {
    Inquiry { kind: Kind::Order, ..plugin::inquiry_of(text.to_owned()) }
}

fn categories(verdict: &Verdict) -> Vec<&str> {
    verdict.findings.iter().map(|finding| finding.category.as_str()).collect()
}

/// Whether nobody said anything and nobody should have.
fn is_silent(verdict: &Verdict) -> bool {
    verdict.findings.is_empty() && verdict.unanswered.is_empty()
}
