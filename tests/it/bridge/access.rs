//! Who is let in and how fast: the login of local accounts, and whose word about addresses counts.

use serde_json::{Value, json};

use crate::harness::{Flavour, Live, Reply, Request, Server, Setup};

/// A first start; the administrator's password is in what it prints.
fn with_admin() -> (Server, String) {
    let server = Setup::bare().start();
    let out = server.out();
    let line = out.lines().find(|line| line.contains("administrator")).expect("an administrator");
    let password = line.rsplit_once("password ").expect("a password").1.trim().to_owned();
    (server, password)
}

fn login(server: &Server, body: &Value) -> Reply {
    server.ask(&Request::post("/api/auth/login", body))
}

#[test]
fn the_administrator_logs_in() {
    let (server, password) = with_admin();
    let reply = login(&server, &json!({"user": "admin", "password": password}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let json = reply.json();
    assert_eq!((&json["user"], &json["role"]), (&json!("admin"), &json!("admin")), "{json}");
    assert!(json["expires_in"].as_u64().is_some_and(|seconds| seconds > 0), "{json}");
    Live::join(&server, Flavour::Json, json["access"].as_str().expect("a token"));
    let log = server.log().replace(&server.out(), "");
    assert!(!log.contains(&password), "passwords are not logged");
}

#[test]
fn wrong_logins_are_refused_alike() {
    let (server, password) = with_admin();
    let wrong = login(&server, &json!({"user": "admin", "password": "wrong"}));
    let unknown = login(&server, &json!({"user": "nobody", "password": password}));
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(wrong.json(), unknown.json(), "nobody learns who has an account");
    for (body, statuses) in [
        (json!({}), [422, 400]),
        (json!({"user": "admin"}), [422, 400]),
        (json!({"user": 5, "password": "x"}), [422, 400]),
        (json!({"user": "admin", "password": "x".repeat(100_000)}), [422, 401]),
        (json!([]), [400, 400]),
    ] {
        let reply = login(&server, &body);
        assert!(statuses.contains(&reply.status), "{}: {}", reply.status, reply.text());
    }
}

#[test]
fn a_flood_of_logins_is_turned_away_and_others_are_served() {
    let (server, _) = with_admin();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..80)
            .map(|_| {
                let server = &server;
                let body = json!({"user": "admin", "password": "wrong"});
                scope.spawn(move || login(server, &body).status)
            })
            .collect();
        assert_eq!(server.say("r", "meanwhile"), 1);
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    assert!(statuses.iter().all(|status| [401, 429].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&429), "an endless queue: {statuses:?}");
}

/// Three wrong keys from one address, then one more from another, both as the proxy tells it.
fn fourth_from_elsewhere(trusted: &str) -> u16 {
    let server = Setup::bare()
        .env("PARLOUR_PROXY__TRUSTED", trusted)
        .env("PARLOUR_LIMITS__FAILURES_MAX", "3")
        .env("PARLOUR_LIMITS__FAILURE_REFILL_S", "600")
        .start();
    let ask = |address: &str| {
        let request = Request::post("/api/sms/new-message", &json!({})).key("plk_00000000_wrong");
        server.ask(&request.header("x-forwarded-for", address)).status
    };
    let first: Vec<u16> = (0..3).map(|_| ask("203.0.113.7")).collect();
    assert_eq!(first, [401; 3]);
    assert_eq!(ask("203.0.113.7"), 429);
    ask("203.0.113.8")
}

#[test]
fn only_trusted_proxies_tell_addresses() {
    assert_eq!(fourth_from_elsewhere("127.0.0.0/8"), 401, "another address, another count");
    assert_eq!(fourth_from_elsewhere("192.0.2.1"), 429, "anybody may write that header");
}
