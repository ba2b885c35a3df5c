//! Command lines and what they mean, or why they mean nothing.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _, path::PathBuf};

use super::{
    arguments::{Asked, parse},
    authors::{Author, NewAsked, ReplayAsked, RunAsked, TestAsked},
    commands::{Command, Exit, commands},
    help::help,
};
use crate::ops::control::Request;

fn read(line: &str) -> Result<Asked, String> {
    parse(line.split_whitespace().map(OsString::from)).map_err(|misuse| misuse.to_string())
}

#[track_caller]
fn check(line: &str, command: Command) {
    assert_eq!(read(line).map(|asked| asked.command), Ok(command), "{line}");
}

#[track_caller]
fn wrong(line: &str, said: &str) {
    assert_eq!(read(line).map(|asked| asked.command), Err(said.to_owned()), "{line}");
}

fn topic(topic: &str) -> Command {
    Command::Help { topic: topic.to_owned() }
}

#[test]
fn understands_commands() {
    let file = || PathBuf::from("f");
    check("", Command::Serve);
    check("serve", Command::Serve);
    check("--data d --config=c", Command::Serve);
    check("init", Command::Init);
    check("config --example", Command::ConfigExample);
    check("config --check", Command::ConfigCheck { file: None });
    check("config --check f", Command::ConfigCheck { file: Some(file()) });
    check("config f --show", Command::ConfigShow { file: Some(file()) });
    check("key create", Command::KeyCreate { name: "unnamed".into(), scopes: vec!["sms".into()] });
    check(
        "key create --name=laravel --scopes sms,metrics",
        Command::KeyCreate { name: "laravel".into(), scopes: vec!["sms".into(), "metrics".into()] },
    );
    check("key list", Command::KeyList);
    let interval = std::time::Duration::from_secs;
    check("top", Command::Top { once: false, interval: interval(2) });
    check("top --once --interval 5", Command::Top { once: true, interval: interval(5) });
    check("key revoke 12ab34cd", Command::KeyRevoke { id: "12ab34cd".into() });
    check(
        "token mint --user u1 --rooms demo,chat_* --ttl 7d --role operator",
        Command::TokenMint {
            user: "u1".into(),
            rooms: vec!["demo".into(), "chat_*".into()],
            ttl_s: 604_800,
            role: "operator".into(),
            name: None,
        },
    );
    check("plugin check f", Command::PluginCheck { file: file() });
    check("backup f", Command::Backup { file: file(), originals: true });
    check("backup --without-originals f", Command::Backup { file: file(), originals: false });
    check("restore f", Command::Restore { file: file() });
    check("verify -- -f", Command::Verify { file: "-f".into() });
    for (line, command) in [
        ("plugin list", Command::PluginList),
        ("plugin reload", Command::PluginReload),
        ("doctor", Command::Doctor),
        ("routes", Command::Routes),
        ("check", Command::Check),
        ("status", Command::Status),
        ("version", Command::Version),
        ("--version", Command::Version),
        ("-V", Command::Version),
    ] {
        check(line, command);
    }
}

#[test]
fn understands_what_authors_want() {
    let file = || PathBuf::from("f");
    let run = RunAsked { file: file(), text: Some("hello".into()), ..RunAsked::default() };
    check("plugin run f -t hello", Command::Author(Author::Run(run.clone())));
    check("plugin explain f -t hello", Command::Author(Author::Run(run.clone())));
    let history = vec!["a".into(), "b".into()];
    let run = RunAsked { history, ..run };
    check("plugin run f -t hello --history a --history b", Command::Author(Author::Run(run)));
    let explain = Request::Explain { conversation: "c".into(), message: "7".into() };
    check("plugin explain c 7", Command::Ask(explain));
    check("plugin build", Command::Author(Author::Build { dir: ".".into() }));
    let new = NewAsked { id: "x".into(), dir: Some("d".into()) };
    check("plugin new x --dir d", Command::Author(Author::New(new)));
    let test = TestAsked {
        files: vec![file(), "g".into()],
        cases: vec!["a".into(), "b".into()],
        generate: Some((10, 7)),
        wrong: true,
        ..TestAsked::default()
    };
    let line = "plugin test f g --cases a --cases=b --generate 10 --seed 7 --wrong";
    check(line, Command::Author(Author::Test(test)));
    let replay = ReplayAsked { files: vec![file()], since_s: Some(3600), limit: 5, show: false };
    check("plugin replay f --since 1h --limit 5", Command::Author(Author::Replay(replay)));
    wrong("plugin test", "FILE... is missing");
    wrong("plugin test f --generate x", "--generate is a whole number up to 1000000, not `x`");
    wrong(
        "plugin replay f --since soon",
        "--since is a time such as 90s, 15m, 1h or 7d, not `soon`",
    );
}

#[test]
fn understands_questions_of_administrators() {
    use crate::ops::control::Request;
    let ask = |line: &str, request: Request| check(line, Command::Ask(request));
    let id = || String::from("phone");
    ask("plugin list --rules", Request::PluginRules);
    ask("plugin show phone", Request::PluginShow { id: id() });
    ask("plugin enable phone", Request::PluginSwitch { id: id(), on: true });
    ask("plugin disable phone", Request::PluginSwitch { id: id(), on: false });
    ask("plugin allow list", Request::AllowList);
    ask("plugin allow add +7916", Request::Allow { text: "+7916".into(), may: true });
    ask("plugin allow remove x", Request::Allow { text: "x".into(), may: false });
    let conversation = || String::from("order:7");
    ask("state order:7", Request::State { conversation: conversation(), state: None });
    let state = Some("paid".into());
    ask("state order:7 paid", Request::State { conversation: conversation(), state });
    let message = || String::from("3");
    ask("explain order:7 3", Request::Explain { conversation: conversation(), message: message() });
    ask("explain --held 3", Request::ExplainHeld { number: 3 });
    let text = |kind: &str, state: Option<&str>| Request::ExplainText {
        text: "x".into(),
        kind: kind.into(),
        state: state.map(str::to_owned),
    };
    ask("explain --text x", text("order", None));
    ask("explain --text x --kind room --state paid", text("room", Some("paid")));
    let takes = "it takes CONVERSATION and MESSAGE, or --held, or --text";
    for line in ["explain", "explain r", "explain r 1 --text x", "explain --held 1 --text x"] {
        wrong(line, takes);
    }
    wrong("explain r 1 --kind room", "--kind and --state go with --text");
    wrong("explain --held x", "--held is a number, not `x`");
    let takes = "`plugin allow` takes `list`, `add TEXT` or `remove TEXT`";
    for line in ["plugin allow add", "plugin allow list x", "plugin allow forget x"] {
        wrong(line, takes);
    }
}

#[test]
fn help_is_everywhere() {
    check("help", topic(""));
    check("--help", topic(""));
    check("help key create", topic("key create"));
    check("key create --help", topic("key create"));
    check("key --help", topic("key"));
    check("token mint -h", topic("token mint"));
}

#[test]
fn global_options_stand_anywhere() {
    let want = Asked {
        command: Command::KeyList,
        config: Some("c".into()),
        data: Some("d".into()),
        json: true,
    };
    for line in [
        "--config c --data d --format json key list",
        "key list --config c --data=d --format=json",
        "--data d key list --format json --config c",
    ] {
        assert_eq!(read(line).as_ref(), Ok(&want), "{line}");
    }
}

#[test]
fn names_what_was_probably_meant() {
    wrong("serv", "unknown command `serv`; did you mean `serve`?");
    wrong("docter", "unknown command `docter`; did you mean `doctor`?");
    wrong("xyzzy", "unknown command `xyzzy`");
    wrong("key creat", "`key` has no `creat`; did you mean `create`?");
    wrong("config --exampel", "`config` has no `--exampel`; did you mean `--example`?");
    wrong("key", "`key` needs one of `create`, `list`, `revoke`");
    wrong("token mint --usr x", "`token mint` has no option `--usr`; did you mean `--user`?");
    wrong("serve --dta x", "`serve` has no option `--dta`; did you mean `--data`?");
    wrong("--colour", "`serve` has no option `--colour`");
    wrong("key list --format jsn", "--format is human or json, not `jsn`; did you mean `json`?");
}

#[test]
fn says_what_is_missing_or_too_much() {
    wrong("token mint", "--user ID is missing");
    wrong("token mint --user", "--user needs a value: ID");
    wrong("token mint --user a --user b", "--user is given twice");
    wrong("key revoke", "ID is missing");
    wrong("backup", "FILE is missing");
    wrong("backup a b", "`b` is one argument too many");
    wrong("serve now", "`now` is one argument too many");
    wrong("backup a --without-originals=yes", "--without-originals takes no value");
    for ttl in ["", "h", "1w", "-5", "0", "11000d", "99999999999999999999d"] {
        let said = read(&format!("token mint --user u --ttl={ttl}")).unwrap_err();
        assert!(said.starts_with("--ttl is a time such as"), "{ttl}: {said}");
    }
}

#[test]
fn survives_hostile_arguments() {
    let bad = OsString::from_vec(vec![b'k', 0xff]);
    assert!(parse([bad]).unwrap_err().said.contains("not UTF-8"));
    assert!(parse([OsString::from("x".repeat(200_000))]).is_err());
    assert_eq!(
        parse([OsString::from("\x1b[31m")]).unwrap_err().said,
        "unknown command `\\u{1b}[31m`"
    );
}

#[test]
fn every_command_has_help() {
    for spec in commands() {
        let text = help(spec.words);
        assert!(text.starts_with(&format!("usage: parlour {}", spec.words)), "{text}");
        assert!(help("").contains(spec.words));
        assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    }
    assert_eq!(help("key").matches("usage:").count(), 3);
    assert_eq!(help("nonsense"), help(""));
}

#[test]
fn exit_codes_are_stable() {
    let codes = [Exit::Done, Exit::Failed, Exit::Misused].map(std::process::ExitCode::from);
    let wanted = [0, 1, 2].map(std::process::ExitCode::from);
    assert_eq!(format!("{codes:?}"), format!("{wanted:?}"));
}
