//! Plugins that come and go while people write: in effect within two seconds, and no message lost.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::json;

use super::{drop_in, fixture};
use crate::harness::{
    Flavour, Http, Live, Patience, Request, Server, Setup, Token,
    time::{now, random},
};

/// Longest time from dropping a file to its effect.
const EFFECT_MAX: Duration = Duration::from_secs(2);

fn swift() -> Setup {
    Setup::bare().env("PARLOUR_MODERATION__POLL_MS", "50")
}

/// Posts one message and returns what everybody sees of it.
#[track_caller]
fn seen(server: &Server, room: &str, text: &str) -> String {
    let seq = server.say(room, text);
    let last = server.history(room).into_iter().find(|m| m["seq"] == json!(seq));
    let last = last.expect("the message");
    last["message"]["text"].as_str().expect("a text").to_owned()
}

/// Waits until `text` is seen as `expected` and fails if that takes too long.
#[track_caller]
fn await_effect(server: &Server, room: &str, text: &str, expected: &str) {
    let start = now();
    loop {
        let shown = seen(server, room, text);
        if shown == expected {
            break;
        }
        assert!(start.elapsed() < EFFECT_MAX, "after {EFFECT_MAX:?} still {shown}");
    }
}

/// Writes numbered messages until told to stop and checks that each arrives, once and in order; how
/// many there were.
fn load(server: &Server, room: &str, stop: &AtomicBool) -> usize {
    let mut live = Live::join(server, Flavour::Json, &Token::new("load", &[room]).text());
    live.ok(json!({"op": "subscribe", "conversation": room}));
    let mut http = Http::connect(server.address());
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        count += 1;
        let body = json!({"room": room, "message": {"text": format!("{count} FLAGME FLAGTWO")}});
        let request = Request::post("/api/sms/new-message", &body).key(server.key());
        let reply = http.send(&request);
        assert_eq!((reply.status, &reply.json()["seq"]), (200, &json!(count)), "{}", reply.text());
        let event = live.events(1, 60).remove(0);
        assert_eq!(event["seq"], json!(count));
        let text = event["data"]["text"].as_str().unwrap_or_default();
        assert!(text.starts_with(&format!("{count} ")), "{event}");
        let flags = event["data"]["flags"].to_string();
        assert!(!flags.contains("unchecked"), "a swap leaves nothing unchecked: {event}");
    }
    live.is_silent_for(200);
    assert_eq!(server.history(room).len(), count);
    count
}

/// How many sets of plugins were put in place so far.
fn generation(server: &Server) -> u64 {
    let log = server.log();
    let number = log.rsplit_once("\"generation\":").map_or("0", |(_, rest)| rest);
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

#[test]
fn a_plugin_dropped_in_and_removed_takes_effect_under_load() {
    let server = Setup::bare().start();
    let plugins = server.setup().plugins();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| load(&server, "load", &stop));
        for _ in 0..3 {
            assert_eq!(seen(&server, "probe", "a FLAGME b"), "a FLAGME b");
            drop_in(&fixture("good/flag-all"), &plugins, "flag-all");
            await_effect(&server, "probe", "a FLAGME b", "a *** b");
            drop_in(&fixture("good/flag-all-v2"), &plugins, "flag-all");
            await_effect(&server, "probe", "a FLAGTWO b", "a *** b");
            fs::remove_file(plugins.join("flag-all.wasm")).expect("removed");
            await_effect(&server, "probe", "a FLAGTWO b", "a FLAGTWO b");
        }
        stop.store(true, Ordering::Relaxed);
        assert!(writer.join().expect("nothing lost") > 20);
    });
}

#[test]
fn a_file_written_slowly_is_not_used_before_it_is_whole() {
    let server = swift().start();
    let target = server.setup().plugins().join("flag-all.wasm");
    let whole = fs::read(fixture("good/flag-all")).expect("the fixture");
    let mut file = fs::File::create(&target).expect("a file");
    for piece in whole.chunks(whole.len() / 12) {
        std::io::Write::write_all(&mut file, piece).expect("a piece");
        assert!(["a FLAGME b", "a *** b"].contains(&seen(&server, "slow", "a FLAGME b").as_str()));
        crate::harness::pause_ms(40);
    }
    drop(file);
    await_effect(&server, "slow", "a FLAGME b", "a *** b");
}

#[test]
fn a_broken_replacement_leaves_the_old_one_working() {
    let server = swift().start();
    let plugins = server.setup().plugins();
    drop_in(&fixture("good/flag-all"), &plugins, "flag-all");
    await_effect(&server, "keep", "a FLAGME b", "a *** b");
    drop_in(&fixture("refused/not-wasm"), &plugins, "flag-all");
    for _ in 0..10 {
        crate::harness::pause_ms(50);
        assert_eq!(seen(&server, "keep", "a FLAGME b"), "a *** b", "nobody slips through");
    }
    let listed = server.run(&["plugin", "list"]);
    assert!(listed.text().contains("flag-all"), "{listed:?}");
}

#[test]
fn a_thousand_reloads_under_load_lose_nothing() {
    let server = swift().start();
    let plugins = server.setup().plugins();
    let files = [fixture("good/flag-all"), fixture("good/flag-all-v2")];
    drop_in(&files[0], &plugins, "flag-all");
    await_effect(&server, "probe", "a FLAGME b", "a *** b");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| load(&server, "load", &stop));
        let patience = Patience::seconds(240);
        let mut chance = random(7);
        for round in 0.. {
            drop_in(&files[round % 2], &plugins, "flag-all");
            server.signal(rustix::process::Signal::HUP);
            crate::harness::pause_ms(10 + chance.below(50));
            if round % 50 == 0 && generation(&server) >= 1000 {
                break;
            }
            assert!(!patience.is_over(), "only {} reloads", generation(&server));
        }
        drop_in(&files[1], &plugins, "flag-all");
        await_effect(&server, "probe", "a FLAGTWO b", "a *** b");
        stop.store(true, Ordering::Relaxed);
        assert!(writer.join().expect("nothing lost") > 20);
    });
}
