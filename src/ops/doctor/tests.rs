//! What the doctor says about healthy and sick machines.

use std::{fs::Permissions, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path};

use super::{
    Patient, Plugins,
    disk::judge_syncs,
    examine,
    report::{Level, Report},
    system::{clock, judge_open_files},
};
use crate::{
    domain::time::Millis,
    ops::{
        config::{Environment, Resolved, load},
        scratch::Scratch,
    },
    runtime::Clock,
};

fn resolved(data: &Path, listen: &str) -> Resolved {
    let pair = ("PARLOUR_LISTEN".into(), listen.into());
    load(None, Some(data), &Environment::from_pairs([pair])).unwrap().resolved
}

fn report(resolved: &Resolved, server_runs: bool, problems: &[&str]) -> Report {
    let plugins = Plugins {
        engine: "jit".into(),
        working: 4,
        problems: problems.iter().map(|problem| (*problem).to_owned()).collect(),
    };
    let clock = Clock::system();
    examine(&Patient { resolved, clock: &clock, server_runs, sync_filter: Ok(()), plugins })
}

#[track_caller]
fn check(report: &Report, name: &str, level: Level, part: &str) {
    let finding = report.findings.iter().find(|finding| finding.check == name).unwrap();
    assert_eq!(finding.level, level, "{finding:?}");
    assert!(finding.said.contains(part), "{finding:?}");
}

#[test]
fn a_healthy_machine_passes() {
    let scratch = Scratch::new("doctor");
    let report = report(&resolved(&scratch.path().join("new"), "127.0.0.1:0"), false, &[]);
    check(&report, "port", Level::Ok, "is free");
    check(&report, "directory", Level::Ok, "the first start makes it");
    check(&report, "secret", Level::Ok, "the first start makes it");
    check(&report, "plugin", Level::Ok, "4 plugins work");
    check(&report, "engine", Level::Ok, "jit");
    assert!(!report.failed() || report.findings.iter().any(|f| f.check == "space"), "{report:?}");
    assert_eq!(scratch.path().read_dir().unwrap().count(), 0, "nothing is left behind");
    assert_eq!(report.human().lines().count(), report.findings.len());
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(json["checks"][0]["check"], "port");
}

#[test]
fn sick_machines_are_told_what_to_do() {
    let scratch = Scratch::new("doctor-sick");
    std::fs::set_permissions(scratch.path(), Permissions::from_mode(0o777)).unwrap();
    std::fs::write(scratch.path().join("signing.key"), "short").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let sick = resolved(scratch.path(), &address);
    let said = report(&sick, false, &["phone.wasm: not a component"]);
    assert!(said.failed());
    check(&said, "port", Level::Fail, "another program");
    check(&said, "directory", Level::Fail, "chmod 700");
    check(&said, "secret", Level::Fail, "fewer than 32 bytes");
    check(&said, "plugin", Level::Fail, "not a component");
    check(&report(&sick, true, &[]), "port", Level::Ok, "the running server");

    std::fs::write(scratch.path().join("signing.key"), "k".repeat(32)).unwrap();
    let open = Permissions::from_mode(0o644);
    std::fs::set_permissions(scratch.path().join("signing.key"), open).unwrap();
    check(&report(&sick, true, &[]), "secret", Level::Warn, "chmod 600");
}

#[test]
fn figures_are_judged() {
    for (hard, wanted, level) in [
        (Some(100), 20_256, Level::Fail),
        (Some(1024), 20_256, Level::Warn),
        (Some(20_256), 20_256, Level::Ok),
        (None, 20_256, Level::Ok),
    ] {
        assert_eq!(judge_open_files(hard, wanted).0, level, "{hard:?}");
    }
    for (us, level) in [(1, Level::Warn), (150, Level::Ok), (30_000, Level::Warn)] {
        assert_eq!(judge_syncs(&[us; 50]).0, level, "{us}");
    }
    let mut report = Report::default();
    clock(&mut report, Millis(0), Path::new("/nowhere"));
    check(&report, "clock", Level::Fail, "1970");
}
