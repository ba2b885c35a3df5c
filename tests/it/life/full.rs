//! A disk without space: nothing new is taken, reading goes on, and what was stored stays.

use rustix::process::Signal;
use serde_json::json;

use crate::harness::{Flavour, Live, Request, Server, Setup, Token, eventually};

fn body(text: &str) -> serde_json::Value {
    json!({"room": "r", "message": {"text": text}})
}

#[test]
fn below_the_floor_writing_is_refused_and_reading_works() {
    let mut server = Setup::bare().start();
    assert_eq!(server.say("r", "before"), 1);
    server.terminate();
    let setup = server.setup_mut();
    setup.put_env("PARLOUR_STORAGE__FREE_FLOOR_BYTES", "1099511627776");
    server.start();
    let reply = eventually("the floor is noticed", 10, || {
        let reply = server.post("new-message", &body("too much"));
        (reply.status != 200).then_some(reply)
    });
    assert_eq!((reply.status, reply.code()), (503, "storage_full".into()), "{}", reply.text());
    assert!(reply.header("retry-after").is_some());
    let mut live = Live::join(&server, Flavour::Json, &Token::new("u", &["r"]).text());
    live.ok(json!({"op": "subscribe", "conversation": "r", "after": 0}));
    assert_eq!(live.events(1, 10)[0]["data"]["text"], json!("before"));
    live.refused(json!({"op": "send", "conversation": "r", "text": "x"}), "storage_full");
    let ready = server.ask(&Request::get("/readyz")).json();
    assert_eq!(ready["status"], json!("degraded"), "{ready}");
    assert!(!ready["reasons"].as_array().expect("reasons").is_empty(), "{ready}");
    server.terminate();
    server.setup_mut().put_env("PARLOUR_STORAGE__FREE_FLOOR_BYTES", "0");
    server.start();
    assert_eq!(server.say("r", "after"), server.history_last("r"));
    assert_eq!(server.history("r")[0]["message"]["text"], json!("before"));
}

#[test]
fn running_into_a_wall_loses_nothing_that_was_acknowledged() {
    // A limit on the size of files is a full disk that needs no file system of its own. The signal
    // that comes with it is ignored, so that writing fails with EFBIG as it would with ENOSPC.
    let limited = "trap '' XFSZ; ulimit -f 4096; exec \"$@\"";
    let mut server = Setup::bare().start();
    server.kill();
    server.setup_mut().put_wrapper(&["bash", "-c", limited, "bash"]);
    server.start();
    let acknowledged = fill_until_it_breaks(&mut server);
    assert!(acknowledged > 0);
    server.kill();
    server.setup_mut().put_wrapper(&[]);
    server.start();
    let history = server.history("r");
    assert!(history.len() >= acknowledged, "{} of {acknowledged}", history.len());
    for (n, message) in history.iter().enumerate() {
        assert_eq!(message["seq"], json!(n + 1));
        let text = message["message"]["text"].as_str().unwrap_or_default();
        assert!(text.starts_with(&format!("{} ", n + 1)), "order: {message}");
    }
    server.say("r", "and goes on");
}

/// Posts until the server refuses or is gone; how many it acknowledged.
fn fill_until_it_breaks(server: &mut Server) -> usize {
    let mut acknowledged = 0;
    let padding = "x".repeat(8000);
    for n in 1..=4000 {
        let request = Request::post("/api/sms/new-message", &body(&format!("{n} {padding}")));
        let request = request.key(server.key());
        let asked = crate::harness::Http::try_connect(server.address())
            .and_then(|mut http| http.try_send(&request));
        match asked {
            Ok(reply) if reply.status == 200 => acknowledged = n,
            Ok(reply) => {
                assert!([500, 503].contains(&reply.status), "{}", reply.text());
                break;
            }
            Err(_) => break,
        }
    }
    assert!(acknowledged < 4000, "the wall was never reached");
    if let Some(status) = server.ended() {
        assert_ne!(status.code(), Some(0), "a failed write ends it with a failure");
    } else {
        server.signal(Signal::TERM);
    }
    acknowledged
}
