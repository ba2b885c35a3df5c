//! Plugins come, change and go while messages are checked; none is lost.

use super::*;
use crate::{moderation::PluginSettings, runtime::Tasks};

#[tokio::test]
async fn a_file_that_is_dropped_in_runs_and_one_taken_away_stops() {
    let host = Host::still(&[], |_| {});
    assert!(is_silent(&host.check("a FLAGME b").await));
    assert_eq!(host.moderator.health(), Vec::<String>::new());
    host.put("good.wasm", &fixture("good/flag-all"));
    host.until("it runs", |host| {
        host.status("good.wasm").is_some_and(|status| status.state == PluginState::Running)
    })
    .await;
    let verdict = host.check("a FLAGME b").await;
    assert_eq!(categories(&verdict), ["profanity"]);
    assert_eq!(verdict.findings[0].generation, host.moderator.generation());
    fs::remove_file(host.dir.join("good.wasm")).expect("removed");
    host.until("it is gone", |host| host.status("good.wasm").is_none()).await;
    assert!(is_silent(&host.check("a FLAGME b").await));
}

#[tokio::test]
async fn a_bad_change_leaves_the_old_version_running() {
    let host = Host::still(&[("good.wasm", &fixture("good/flag-all"))], |_| {});
    host.put("good.wasm", b"oops");
    host.until("it is refused", |host| {
        host.status("good.wasm").is_some_and(|status| status.state == PluginState::Refused)
    })
    .await;
    host.assert_state("good.wasm", PluginState::Refused, "version 1.0.0 from before still runs");
    assert_eq!(categories(&host.check("a FLAGME b").await), ["profanity"]);
    assert_eq!(host.moderator.health().len(), 1);
    host.put("good.wasm", &fixture("good/flag-all-v2"));
    host.until("the new version runs", |host| {
        host.status("good.wasm").is_some_and(|status| status.version == "2.0.0")
    })
    .await;
    assert_eq!(categories(&host.check("a FLAGME b FLAGTWO").await), ["profanity"]);
}

#[tokio::test]
async fn a_plugin_that_ran_before_is_missed_when_its_file_is_damaged() {
    let host = Host::still(&[("good.wasm", &fixture("good/flag-all"))], |_| {});
    host.put("good.wasm", b"oops");
    let mut settings = ModerationSettings::new(&host.dir, host.dir.with_file_name("state"));
    settings.poll_ms = 20;
    drop(host.moderator);
    let again = Moderator::open(settings, &Clock::system()).expect("a moderator");
    let verdict = again.check(order("a FLAGME b")).await;
    assert_eq!(verdict.unanswered.len(), 1);
    assert_eq!(verdict.unanswered[0].plugin, "flag-all");
    let mut recovered = again.recovered();
    recovered.mark_unchanged();
    fs::write(host.dir.join("good.wasm"), fixture("good/flag-all")).expect("written");
    tokio::time::timeout(Duration::from_secs(20), recovered.changed())
        .await
        .expect("that it works again is told")
        .expect("the moderator lives");
    let verdict = again.check(order("a FLAGME b")).await;
    assert_eq!((categories(&verdict), verdict.unanswered.len()), (vec!["profanity"], 0));
}

#[tokio::test]
async fn configuration_changes_without_a_restart() {
    let host = Host::still(&[("good.wasm", &fixture("good/flag-all"))], |_| {});
    let first = host.moderator.generation();
    let mut settings = ModerationSettings::new(&host.dir, host.dir.with_file_name("state"));
    host.moderator.reconfigure(settings.clone()).await;
    assert_eq!(host.moderator.generation(), first, "nothing changed");
    let off = PluginSettings { enabled: false, ..PluginSettings::default() };
    settings.plugins.insert("flag-all".into(), off);
    host.moderator.reconfigure(settings.clone()).await;
    host.assert_state("good.wasm", PluginState::Off, "");
    assert!(is_silent(&host.check("a FLAGME b").await));
    settings.plugins.clear();
    settings.chains.insert(Kind::Order, vec!["phone".into(), "flag-all".into(), "phone".into()]);
    host.moderator.reconfigure(settings).await;
    let verdict = host.check("a FLAGME b").await;
    assert_eq!((categories(&verdict), verdict.unanswered.len()), (vec!["profanity"], 1));
    assert_eq!(verdict.unanswered[0].on_error, crate::domain::moderation::OnError::Hold);
    let reasons = host.moderator.health();
    assert!(
        reasons[0].contains("phone") && reasons[0].contains("no file provides it"),
        "{reasons:?}"
    );
}

#[tokio::test]
async fn approval_is_asked_for_where_others_may_write() {
    let host = Host::still(&[("good.wasm", &fixture("good/flag-all"))], |settings| {
        settings.auto_approve = false;
    });
    host.assert_state("good.wasm", PluginState::Pending, "waits for the administrator's approval");
    assert!(is_silent(&host.check("a FLAGME b").await));
    assert!(!host.moderator.approve("none.wasm").await);
    assert!(host.moderator.approve("good.wasm").await);
    assert_eq!(categories(&host.check("a FLAGME b").await), ["profanity"]);
    assert!(host.moderator.revoke("good.wasm").await);
    host.assert_state("good.wasm", PluginState::Revoked, "revoked");
    assert!(host.check("a FLAGME b").await.findings.is_empty());
}

/// One thousand reloads while messages are checked: every check is answered by a whole set.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_reloads_lose_nothing() {
    const RELOADS: u64 = 1000;
    let (one, two) = (fixture("good/flag-all"), fixture("good/flag-all-v2"));
    let host = Arc::new(Host::still(&[("good.wasm", &one)], |settings| settings.threads = 2));
    let first = host.moderator.generation();
    let ended = Arc::new(AtomicU64::new(0));
    let answered = Arc::new(AtomicU64::new(0));
    let tasks = Tasks::default();
    for _ in 0..4 {
        let (host, ended, answered) = (host.clone(), ended.clone(), answered.clone());
        tasks.spawn("checks", async move {
            while ended.load(Ordering::Relaxed) == 0 {
                let verdict = host.check("a FLAGME b FLAGTWO c").await;
                let troubles = host.status("good.wasm").map(|status| status.counters.troubles);
                assert_eq!(verdict.unanswered, [], "{troubles:?}");
                assert_eq!(verdict.findings.len(), 1, "{verdict:?}");
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    for n in 0..RELOADS {
        host.put("good.wasm", if n % 2 == 0 { &two } else { &one });
        host.moderator.reload().await;
    }
    ended.store(1, Ordering::Relaxed);
    assert_eq!(tasks.ended(Duration::from_secs(20)).await, 0);
    assert_eq!(host.moderator.generation() - first, RELOADS);
    let (answered, counted) = (
        answered.load(Ordering::Relaxed),
        host.status("good.wasm").expect("a status").counters.calls,
    );
    assert!(answered > 1000, "{answered}");
    assert_eq!(answered, counted, "the numbers of a plugin outlive its versions");
}
