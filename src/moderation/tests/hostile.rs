//! Every broken or hostile plugin beside a good one: the good one answers, the policy holds for the bad
//! one, and a sentence says what is wrong.

use super::*;
use crate::{
    domain::moderation::OnError,
    moderation::{PluginSettings, Workbench},
    runtime::Tasks,
};

/// A plugin that loads and then fails each check.
async fn faulty(name: &str, sentence: &str, kind: &str) {
    let (file, id) = (format!("{name}.wasm"), name.to_owned());
    let host = Host::still(
        &[("good.wasm", &fixture("good/flag-all")), (&file, &fixture(&format!("faulty/{name}")))],
        |settings| {
            let on_error = [(Kind::Order, OnError::Hold)].into();
            let own = PluginSettings { on_error, ..PluginSettings::default() };
            settings.plugins.insert(id.clone(), own);
        },
    );
    host.assert_state(&file, PluginState::Running, "");
    for _ in 0..5 {
        let verdict = host.check("a FLAGME b").await;
        assert_eq!(categories(&verdict), ["profanity"], "{name}");
        assert_eq!(verdict.unanswered.len(), 1, "{name}");
        assert_eq!(verdict.unanswered[0].plugin, id);
        assert_eq!(verdict.unanswered[0].on_error, OnError::Hold);
    }
    host.assert_state(&file, PluginState::Resting, sentence);
    host.assert_state("good.wasm", PluginState::Running, "");
    let reasons = host.moderator.health();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].contains(&file) && reasons[0].contains(sentence), "{reasons:?}");
    let before = host.status(&file).expect("a status").counters;
    assert_eq!(before.troubles.get(kind), Some(&5), "{:?}", before.troubles);
    let verdict = host.check("x").await;
    assert_eq!(verdict.unanswered.len(), 1, "resting counts as silence");
    let after = host.status(&file).expect("a status").counters;
    assert_eq!((after.calls, after.skipped), (before.calls, before.skipped + 1));
}

#[tokio::test]
async fn an_endless_loop_is_stopped() {
    faulty("endless-loop", "used up its fuel (an endless loop, or too much work) in check", "fuel")
        .await;
}

#[tokio::test]
async fn a_memory_bomb_is_stopped() {
    faulty("memory-bomb", "wanted more than 16 MiB of memory in check", "memory").await;
}

#[tokio::test]
async fn a_trap_stays_in_its_sandbox() {
    faulty("trap", "crashed (wasm trap: wasm `unreachable` instruction executed) in check", "trap")
        .await;
}

#[tokio::test]
async fn huge_output_is_not_taken() {
    faulty("huge-output", "moved more than 256 KiB at once in check", "output").await;
}

#[tokio::test]
async fn bad_spans_are_not_believed() {
    faulty("bad-span", "returned a span that is empty, outside of the text", "span").await;
}

#[tokio::test]
async fn a_plugin_may_say_that_it_cannot() {
    faulty("guest-error", "says that it cannot judge a message", "guest").await;
}

/// Long enough for all the fuel of loading in an interpreter on a machine that is busy.
const PATIENT_MS: u64 = 60_000;

/// A file that is never loaded; `sentence` is what the administrator reads. A plugin that got as far as
/// to say who it is (`known`) is missed in every chain.
async fn refused(file: &str, bytes: &[u8], sentence: &str, known: bool) {
    let id = file.trim_end_matches(".wasm").to_owned();
    let host =
        Host::still(&[("good.wasm", &fixture("good/flag-all")), (file, bytes)], |settings| {
            settings.chains.insert(Kind::Room, vec!["flag-all".into(), id.clone()]);
            settings.on_error.insert(Kind::Room, OnError::Reject);
            settings.limits.load_deadline_ms = PATIENT_MS;
        });
    host.assert_state(file, PluginState::Refused, sentence);
    let verdict = host.check("a FLAGME b").await;
    assert_eq!(categories(&verdict), ["profanity"]);
    assert_eq!(verdict.unanswered.len(), usize::from(known));
    let room = Inquiry { kind: Kind::Room, ..order("a FLAGME b") };
    let verdict = host.moderator.check(room).await;
    assert_eq!(categories(&verdict), ["profanity"]);
    assert_eq!(verdict.unanswered.len(), 1, "a chain that names it misses it");
    assert_eq!(verdict.unanswered[0].on_error, OnError::Reject);
    let reasons = host.moderator.health();
    assert!(reasons.iter().any(|r| r.contains(file) && r.contains(sentence)), "{reasons:?}");

    if file == "twin.wasm" {
        return;
    }
    let mut settings = ModerationSettings::new(&host.dir, "");
    settings.engine = EngineChoice::Interpreter;
    settings.limits.load_deadline_ms = PATIENT_MS;
    let bench = Workbench::open(settings, Clock::system()).expect("an engine");
    let said = bench.check_file(&host.dir.join(file)).expect_err("it is refused here too");
    assert!(said.contains(file) && said.contains(sentence), "{said}");
}

#[tokio::test]
async fn refused_files_are_explained() {
    for (name, sentence, known) in [
        ("fails-configure", "rejects its configuration: colour: this fixture accepts no", true),
        ("not-wasm", "is not WebAssembly", false),
        ("slow-describe", "used up its fuel", false),
        ("start-function", "has a start function", false),
        ("unknown-import", ", which no plugin gets", false),
        ("wasi-import", "plugins have no WASI", false),
        ("wrong-api-version", "this server speaks parlour:moderation@1.1.0", false),
        ("wrong-samples", "in its own sample 1", true),
    ] {
        let bytes = fixture(&format!("refused/{name}"));
        refused(&format!("{name}.wasm"), &bytes, sentence, known).await;
    }
}

#[tokio::test]
async fn damaged_and_huge_files_are_explained() {
    refused("huge.wasm", &vec![0; 40 << 20], "has 40 MiB; a plugin has at most 16 MiB", false)
        .await;
    refused("empty.wasm", b"", "is empty", false).await;
    let whole = fixture("good/flag-all");
    refused("cut.wasm", &whole[..whole.len() / 2], "is cut off", false).await;
    let sentence = "is the plugin flag-all, which good.wasm provides already";
    refused("twin.wasm", &whole, sentence, false).await;
}

#[tokio::test]
async fn a_full_queue_is_silence() {
    let host = Host::still(&[("loop.wasm", &fixture("faulty/endless-loop"))], |settings| {
        settings.queue_max = 2;
    });
    let mut recovered = host.moderator.recovered();
    recovered.mark_unchanged();
    let tasks = Tasks::default();
    let silent = Arc::new(AtomicU32::new(0));
    for _ in 0..20 {
        let (moderator, silent) = (host.moderator.clone(), silent.clone());
        tasks.spawn("check", async move {
            let verdict = moderator.check(order("x")).await;
            silent.fetch_add(u32::from(verdict.unanswered.len() == 1), Ordering::Relaxed);
        });
    }
    assert_eq!(tasks.ended(Duration::from_secs(20)).await, 0);
    assert_eq!(silent.load(Ordering::Relaxed), 20);
    let calls = host.status("loop.wasm").expect("a status").counters.calls;
    assert!(calls <= 4, "{calls} of 20 were asked, the others did not wait");
    tokio::time::timeout(Duration::from_secs(20), recovered.changed())
        .await
        .expect("room again is told")
        .expect("the moderator lives");
}
