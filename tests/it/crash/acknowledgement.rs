//! No acknowledgement leaves before the sync of its commit: the real server under strace(1), every
//! answer and every published event against the calls that made it durable. And the same trace, doctored,
//! is found out.

use std::fs;

use serde_json::json;

use super::trace::{Call, What, prove, read};
use crate::harness::{Flavour, Http, Live, Request, Setup, Token, eventually};

const WRITERS: usize = 4;
const EACH: usize = 25;

/// Runs the server under strace with several clients posting and one listening; the calls and the
/// markers of the messages.
fn traced() -> (Vec<Call>, Vec<String>) {
    let setup = Setup::bare();
    let file = setup.place().join("trace");
    let path = file.to_string_lossy().into_owned();
    let mut server = setup
        .wrapped(&[
            "strace",
            "-D",
            "-f",
            "-y",
            "-q",
            "-s",
            "1000000",
            "-o",
            &path,
            "-e",
            "signal=none",
            "-e",
            "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync",
        ])
        .start();
    let mut live = Live::join(&server, Flavour::Json, &Token::new("t", &["traced"]).text());
    live.ok(json!({"op": "subscribe", "conversation": "traced"}));
    let markers = |writer: usize| (0..EACH).map(move |n| format!("marker-{writer}-{n}"));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let server = &server;
            scope.spawn(move || {
                let mut http = Http::connect(server.address());
                for marker in markers(writer) {
                    let body = json!({"room": "traced", "uuid": marker,
                        "message": {"text": format!("text {marker} end")}});
                    let request = Request::post("/api/sms/new-message", &body).key(server.key());
                    assert_eq!(http.send(&request).status, 200);
                }
            });
        }
    });
    live.events(WRITERS * EACH, 60);
    server.terminate();
    let trace = eventually("strace has written everything", 30, || {
        let bytes = fs::read(&file).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.trim_end().lines().last().is_some_and(|line| line.contains("exit")).then_some(text)
    });
    (read(&trace, "/sled/db"), (0..WRITERS).flat_map(markers).collect())
}

#[test]
fn no_acknowledgement_leaves_before_its_sync() {
    let (calls, markers) = traced();
    assert_eq!(prove(&calls, &markers), Ok(WRITERS * EACH));

    let without_syncs: Vec<Call> =
        calls.iter().filter(|call| call.what != What::SyncedDatabase).cloned().collect();
    prove(&without_syncs, &markers).expect_err("a server that never syncs is found out");

    // Every answer told just after its write, as a server would that does not wait for the sync.
    let mut hasty = calls.clone();
    for marker in &markers {
        let fits =
            |call: &&Call| call.what == What::WroteDatabase && call.arguments.contains(marker);
        let Some(wrote) = calls.iter().find(fits).map(|call| call.ended) else { continue };
        for call in &mut hasty {
            if call.what == What::WroteSocket && call.arguments.contains(marker) {
                call.began = wrote;
            }
        }
    }
    prove(&hasty, &markers).expect_err("a server that does not wait is found out");

    let failing: Vec<Call> = calls
        .iter()
        .map(|call| match call.what {
            What::SyncedDatabase => Call { began: call.ended, ended: usize::MAX, ..call.clone() },
            _ => call.clone(),
        })
        .collect();
    prove(&failing, &markers).expect_err("a sync that never ends is none");
}
