//! New versions that fail are taken back; plugins that fail rest, are probed, and tell when they work.

use super::*;

/// The bytes of a plugin that calls itself something else; the names have the same length.
fn renamed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let at: Vec<usize> = bytes
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| *window == from.as_bytes())
        .map(|(at, _)| at)
        .collect();
    for at in at {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

#[tokio::test]
async fn a_new_version_that_fails_is_taken_back() {
    let good = renamed(&fixture("good/flag-all"), "flag-all", "bad-span");
    let host = Host::still(&[("p.wasm", &good)], |_| {});
    assert_eq!(host.status("p.wasm").expect("a status").id, "bad-span");
    host.put("p.wasm", &fixture("faulty/bad-span"));
    host.until("the new version is in place", |host| host.moderator.generation() == 2).await;
    let mut silent = 0;
    for _ in 0..500 {
        silent += host.check("a FLAGME b").await.unanswered.len();
        if host.status("p.wasm").is_some_and(|status| status.state == PluginState::RolledBack) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    host.assert_state("p.wasm", PluginState::RolledBack, "and was taken back: returned a span");
    host.assert_state("p.wasm", PluginState::RolledBack, "version 1.0.0 from before still runs");
    assert!(silent >= 2, "{silent}");
    assert_eq!(categories(&host.check("a FLAGME b").await), ["profanity"]);
}

#[tokio::test]
async fn a_failing_plugin_rests_and_is_probed() {
    let host = Host::still(&[("trap.wasm", &fixture("faulty/trap"))], |_| {});
    let mut recovered = host.moderator.recovered();
    for _ in 0..5 {
        host.check("x").await;
    }
    host.assert_state("trap.wasm", PluginState::Resting, "crashed");
    recovered.mark_unchanged();
    host.forward(999);
    host.moderator.reload().await;
    host.assert_state("trap.wasm", PluginState::Resting, "crashed");
    host.forward(1);
    tokio::time::timeout(Duration::from_secs(20), recovered.changed())
        .await
        .expect("a plugin without samples passes its probe")
        .expect("the moderator lives");
    host.until("it is asked again", |host| {
        host.status("trap.wasm").is_some_and(|status| status.state == PluginState::Running)
    })
    .await;
    host.check("x").await;
    host.assert_state("trap.wasm", PluginState::Resting, "crashed");
}
