//! Monitoring: the figures and who may see them, what they count, and `parlour top`.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::exposition::Exposition;
use crate::harness::{
    Flavour, Http, Live, Reply, Request, Server, Setup, Token, cli, eventually, shared,
};

const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A server that also listens for monitoring.
fn watched(setup: Setup) -> (Server, SocketAddr) {
    let server = setup.env("PARLOUR_METRICS__LISTEN", "127.0.0.1:0").start();
    let status = server.run(&["status", "--format", "json"]).json();
    let listen = status["metrics_listen"][0].as_str().expect("an address for monitoring");
    let address = listen.parse().expect("an address");
    (server, address)
}

fn ask(address: SocketAddr, request: &Request) -> Reply {
    Http::connect(address).send(request)
}

#[track_caller]
fn scrape(address: SocketAddr) -> Exposition {
    let reply = ask(address, &Request::get("/metrics"));
    assert_eq!((reply.status, reply.header("content-type")), (200, Some(KIND)));
    Exposition::read(&reply.text())
}

fn key(server: &Server, scopes: &str) -> String {
    let made =
        server.run(&["key", "create", "--name", "m", "--scopes", scopes, "--format", "json"]);
    made.json()["key"].as_str().expect("a key").to_owned()
}

#[track_caller]
fn check(address: SocketAddr, name: &str, labels: &[(&str, &str)], expected: f64) {
    let mut last = 0.0;
    let text = format!("{name} {labels:?} is {expected}");
    eventually(&text, 60, || {
        last = scrape(address).value(name, labels);
        ((last - expected).abs() < 1e-9).then_some(())
    });
}

#[test]
fn the_public_address_wants_a_key_with_the_scope() {
    let server = shared();
    let metrics = Request::get("/metrics");
    let none = server.ask(&metrics);
    assert_eq!((none.status, none.code()), (401, "unauthenticated".into()));
    let other = server.ask(&metrics.clone().key(server.key()));
    assert_eq!((other.status, other.code()), (403, "forbidden".into()));
    let key = key(server, "metrics");
    for request in [metrics.clone().key(&key), metrics.header("x-api-key", &key)] {
        let reply = server.ask(&request);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(KIND)));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        Exposition::read(&reply.text());
    }
    let head = server.ask(&Request::new("HEAD", "/metrics").key(&key));
    assert_eq!((head.status, head.body.len()), (200, 0));
    let body = json!({"room": "r", "message": {"text": "a"}});
    let post = server.ask(&Request::post("/api/sms/new-message", &body).key(&key));
    assert_eq!(post.status, 403, "a key for figures writes nothing");
}

#[test]
fn the_own_listener_shows_nothing_else() {
    let (mut server, address) = watched(Setup::bare());
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(ask(address, &Request::get(path)).status, 200, "{path}");
        assert_eq!(ask(address, &Request::new("POST", path)).status, 405, "{path}");
    }
    let routes = cli::run(server.setup().place().path(), &[], &["routes", "--format", "json"]);
    let routes = routes.json();
    let key = server.key().to_owned();
    let mut others = 0;
    for route in routes.as_array().expect("routes") {
        let (method, path) = (&route["method"], &route["path"]);
        let (method, path) = (method.as_str().expect("a method"), path.as_str().expect("a path"));
        if ["/metrics", "/healthz", "/readyz"].contains(&path) {
            continue;
        }
        others += 1;
        for method in [method, "OPTIONS"] {
            let request = Request::new(method, &path.replace("{room}", "r")).key(&key);
            assert_eq!(ask(address, &request).status, 404, "{method} {path}");
        }
    }
    assert!(others > 5);
    assert!(Live::try_open(address, Flavour::Json, "/ws").is_err());
    let listed = std::fs::read_to_string(server.data().join("listen")).expect("the addresses");
    assert!(!listed.contains(&address.to_string()), "clients are not sent there");
    server.terminate();
    assert!(Http::try_connect(address).is_err(), "it ends with the server");
}

#[test]
fn every_family_is_in_the_readme_and_the_other_way_round() {
    let (_server, address) = watched(Setup::bare());
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("the README");
    let (_, table) = readme.split_once("<!-- metrics -->").expect("a table");
    let (table, _) = table.split_once("<!-- /metrics -->").expect("its end");
    let listed: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|row| row.split_once("` | "))
        .map(|(name, rest)| (name, rest.split(' ').next().unwrap_or_default()))
        .collect();
    let mut listed: Vec<_> =
        listed.iter().map(|(n, k)| ((*n).to_owned(), (*k).to_owned())).collect();
    listed.sort();
    let told: Vec<_> = scrape(address).0.into_iter().map(|(name, of)| (name, of.kind)).collect();
    assert_eq!(told, listed);
}

#[test]
fn posts_and_refusals_are_counted() {
    let (server, address) = watched(Setup::bare());
    let posted = [("way", "http"), ("kind", "post")];
    check(address, "parlour_messages_in_total", &posted, 0.0);
    let message = |id: u64, uuid: &str| json!({"room": "r", "message": {"id": id, "text": "a"}, "uuid": uuid});
    for uuid in ["u1", "u1", "u2"] {
        assert_eq!(server.post("new-message", &message(1, uuid)).status, 200);
    }
    let edit = json!({"room": "r", "messageId": 1, "message": {"text": "b"}});
    assert_eq!(server.post("edit-message", &edit).status, 200);
    let status = json!({"room": "r", "messageId": 1, "status": "read"});
    assert_eq!(server.post("status-update", &status).status, 200);
    let delete = json!({"room": "r", "messageId": 1});
    assert_eq!(server.post("delete-message", &delete).status, 200);
    // The figures of a change are there before its answer is.
    let text = scrape(address);
    for (kind, count) in [("post", 2.0), ("edit", 1.0), ("status", 1.0), ("delete", 1.0)] {
        let labels = [("way", "http"), ("kind", kind)];
        let told = text.value("parlour_messages_in_total", &labels);
        assert!((told - count).abs() < 1e-9, "{kind}: {told}");
    }
    let latencies = text.value("parlour_delivery_latency_seconds_count", &[]);
    assert!((latencies - 5.0).abs() < 1e-9, "{latencies}");
    let commits = text.value("parlour_commits_total", &[]);
    assert!(commits >= 1.0, "{commits}");
    assert!(text.value("parlour_commit_group_batches_sum", &[]) >= 5.0);
    let syncs = text.value("parlour_sync_latency_seconds_count", &[]);
    assert!((syncs - commits).abs() < 1e-9, "{syncs} of {commits}");

    assert_eq!(server.post("new-message", &json!({"message": {}})).status, 422);
    let item = |room: Value| json!({"type": "new-message", "room": room, "message": {"text": "a"}});
    let batch = json!({"items": [item(json!("r")), item(json!(7)), item(json!(""))]});
    assert_eq!(server.post("batch", &batch).status, 200);
    assert_eq!(server.ask(&Request::post("/api/sms/batch", &batch)).status, 401);
    assert_eq!(server.ask(&Request::get("/nowhere/else")).status, 404);
    let text = scrape(address);
    let refused = |code| text.value("parlour_refusals_total", &[("way", "http"), ("code", code)]);
    let codes = ["invalid_field", "unauthenticated", "not_found"].map(refused);
    assert_eq!(codes.map(|count| format!("{count}")), ["3", "1", "1"]);
    let route = |route, status| {
        text.value("parlour_http_requests_total", &[("route", route), ("status", status)])
    };
    assert_eq!(format!("{}", route("/api/sms/new-message", "2xx")), "3");
    assert_eq!(format!("{}", route("/api/sms/new-message", "4xx")), "1");
    assert_eq!(format!("{}", route("other", "4xx")), "1");
    let labels = [("route", "/api/sms/new-message")];
    let timed = text.value("parlour_http_request_duration_seconds_count", &labels);
    assert!((timed - 4.0).abs() < 1e-9, "{timed}");
    for name in
        ["process_resident_memory_bytes", "process_open_fds", "store_bytes", "uptime_seconds"]
    {
        assert!(text.value(&format!("parlour_{name}"), &[]) > 0.0, "{name}");
    }
}

#[test]
fn live_connections_are_counted() {
    let (server, address) = watched(Setup::bare());
    let protocol = [("protocol", "parlour.v1.json")];
    check(address, "parlour_connections", &protocol, 0.0);
    let token = Token::new("u", &["r"]).text();
    let mut first = Live::join(&server, Flavour::Json, &token);
    let mut second = Live::join(&server, Flavour::Json, &token);
    check(address, "parlour_connections", &protocol, 2.0);
    for live in [&mut first, &mut second] {
        live.ok(json!({"op": "subscribe", "conversation": "r"}));
    }
    first.ok(json!({"op": "send", "conversation": "r", "text": "hello"}));
    first.refused(json!({"op": "send", "conversation": "r", "text": " "}), "text_empty");
    for live in [&mut first, &mut second] {
        live.events(1, 30);
    }
    check(address, "parlour_messages_in_total", &[("way", "websocket"), ("kind", "post")], 1.0);
    check(address, "parlour_deliveries_total", &[], 2.0);
    let refused = [("way", "websocket"), ("code", "text_empty")];
    check(address, "parlour_refusals_total", &refused, 1.0);
    check(address, "parlour_queue_bytes", &[], 0.0);
    // Both got a welcome, two answers and an event; one got two more answers.
    let frames = scrape(address).value("parlour_sent_frames_total", &[]);
    assert!(frames >= 10.0, "{frames}");
    assert!(scrape(address).value("parlour_sent_bytes_total", &[]) > frames);
    second.close();
    drop(second);
    check(address, "parlour_connections", &protocol, 1.0);
    check(address, "parlour_connections_closed_total", &protocol, 1.0);
    check(address, "parlour_connections_opened_total", &protocol, 2.0);
}

#[test]
fn coming_back_is_counted() {
    let (server, address) = watched(Setup::bare());
    server.say("r", "one");
    let token = Token::new("u", &["r"]).text();
    let mut live = Live::open(&server, Flavour::Json);
    let hello = live.ok(json!({"op": "hello", "token": token}));
    let epoch = hello["epoch"].as_str().expect("an epoch").to_owned();
    check(address, "parlour_reconnects_total", &[("way", "websocket")], 0.0);
    let resume = |epoch: &str, after: u64| {
        let mut live = Live::open(&server, Flavour::Json);
        let resume = json!({"epoch": epoch, "conversations": {"r": after}});
        live.ok(json!({"op": "hello", "token": token, "resume": resume}));
    };
    resume(&epoch, 0);
    resume("0123456789abcdef", 0);
    resume(&epoch, 99);
    let mut live = Live::open(&server, Flavour::Json);
    let resume = json!({"epoch": epoch, "conversations": {"r": 0}});
    live.try_ask(json!({"op": "hello", "token": "no token", "resume": resume})).ok();
    check(address, "parlour_reconnects_total", &[("way", "websocket")], 4.0);
    for (result, count) in [("recovered", 1.0), ("fresh", 2.0), ("refused", 1.0)] {
        let labels = [("way", "websocket"), ("result", result)];
        check(address, "parlour_recoveries_total", &labels, count);
    }
}

#[test]
fn moderation_is_counted_by_plugin() {
    let (server, address) = watched(Setup::moderated());
    server.say("r", "nothing to see");
    server.say("r", "my number is +7 916 123-45-67");
    let text = scrape(address);
    for (outcome, count) in [("clean", 1.0), ("flagged", 1.0), ("failed", 0.0), ("skipped", 0.0)] {
        let labels = [("plugin", "phone"), ("outcome", outcome)];
        let told = text.value("parlour_moderation_checks_total", &labels);
        assert!((told - count).abs() < 1e-9, "{outcome}: {told}");
    }
    let timed = text.value("parlour_moderation_check_seconds_count", &[("plugin", "phone")]);
    assert!((timed - 2.0).abs() < 1e-9, "{timed}");
    assert!(text.value("parlour_moderation_check_seconds_sum", &[("plugin", "phone")]) > 0.0);
}

#[test]
fn trouble_shows_in_readiness_and_figures() {
    let mut server = Setup::bare().env("PARLOUR_METRICS__LISTEN", "127.0.0.1:0").start();
    server.terminate();
    server.setup_mut().put_env("PARLOUR_STORAGE__FREE_FLOOR_BYTES", "1099511627776");
    server.setup_mut().put_env("PARLOUR_MODERATION__ROOM__CHAIN", "absent");
    server.start();
    let status = server.run(&["status", "--format", "json"]).json();
    let address = status["metrics_listen"][0].as_str().expect("an address");
    let address: SocketAddr = address.parse().expect("an address");
    let ready = ask(address, &Request::get("/readyz"));
    assert_eq!(ready.status, 200);
    let reasons = ready.json()["reasons"].to_string();
    assert!(reasons.contains("disk") && reasons.contains("absent"), "{reasons}");
    assert_eq!(ask(address, &Request::get("/healthz")).json(), json!({"status": "ok"}));
    assert!(scrape(address).value("parlour_degraded_reasons", &[]) >= 2.0);
    assert!(scrape(address).value("parlour_moderation_problems", &[]) >= 1.0);
}

#[test]
fn top_shows_what_happens() {
    let server = Setup::bare().start();
    let _live = Live::join(&server, Flavour::Json, &Token::new("u", &["r"]).text());
    let text = server.run(&["top", "--once", "--interval", "1s"]);
    let text = text.text();
    for part in ["parlour   up ", "parlour.v1.json 1", "messages/s", "commits/s", "sync p50"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert!(!text.contains('\x1b'), "{text}");
    let json = server.run(&["top", "--once", "--interval", "1s", "--format", "json"]).json();
    assert_eq!(json["connections"]["parlour.v1.json"], json!(1.0), "{json}");
    assert!(json["memory_bytes"].as_f64() > Some(1e6), "{json}");
    assert!(json["interval_s"].as_f64() >= Some(0.9), "{json}");
}

#[test]
fn top_without_a_server_says_so() {
    let setup = Setup::bare();
    let data = setup.place().data().to_string_lossy().into_owned();
    let ran = cli::run(setup.place().path(), setup.envs(), &["top", "--data", &data]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("no server runs here"), "{ran:?}");
    let wrong = cli::run(setup.place().path(), setup.envs(), &["top", "--interval", "0s"]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}
