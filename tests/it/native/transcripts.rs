//! The dialogues of tests/transcripts against the real server over a socket. Those in which more than
//! two seconds pass need a clock that can be moved, and run against the session alone.

use std::{fs, path::Path, time::Duration};

use serde_json::Value;
use tungstenite::Message;

use crate::harness::{Flavour, Live, Patience, Said, Token, pause_ms, shared};

const SECONDS_MAX: u64 = 2;

struct Case {
    name: String,
    flavour: Flavour,
    token: Option<String>,
    /// Number, sign and the rest of each line of the dialogue.
    lines: Vec<(usize, char, String)>,
}

impl Case {
    /// Reads a case; conversations get names of its own, so that all begin empty on one server.
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a transcript");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = text.replace("\"chat_", &format!("\"{name}-chat_"));
        let mut case = Self { name, flavour: Flavour::Json, token: None, lines: vec![] };
        for (n, line) in text.lines().enumerate() {
            let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
            match sign {
                "" | "#" => {}
                "encoding" if rest == "msgpack" => case.flavour = Flavour::Msgpack,
                "encoding" => case.flavour = Flavour::Json,
                "token" => case.token = Some(token(rest)),
                ">" | "<" | "@" => {
                    let sign = sign.chars().next().expect("a sign");
                    case.lines.push((n + 1, sign, rest.to_owned()));
                }
                other => panic!("{}:{}: what is {other}", case.name, n + 1),
            }
        }
        case
    }

    fn seconds(&self) -> u64 {
        let waits = self.lines.iter().filter(|(_, sign, _)| *sign == '@');
        waits.map(|(_, _, rest)| rest.parse::<u64>().expect("seconds")).sum()
    }

    #[track_caller]
    fn play(&self) {
        let target =
            self.token.as_ref().map_or("/ws".to_owned(), |token| format!("/ws?token={token}"));
        let mut live =
            Live::try_open(shared().address(), self.flavour, &target).expect("a connection");
        let epoch = live.welcome["epoch"].as_str().expect("an epoch").to_owned();
        let mut first = true;
        let mut closed = false;
        for (n, sign, rest) in &self.lines {
            let place = format!("{}:{n}", self.name);
            let mut rest = rest.replace("${epoch}", &epoch);
            for who in ["anna", "brief", "wrong"] {
                rest = rest.replace(&format!("${{{who}}}"), &token(who));
            }
            match sign {
                '>' => say(&mut live, &rest, &place),
                '@' => pause_ms(rest.parse::<u64>().expect("seconds") * 1000),
                _ if first => {
                    check_message(&rest, &live.welcome, &place);
                    first = false;
                }
                _ => closed |= hear(&mut live, &rest, &place),
            }
        }
        if !closed {
            let rest = live.said(Patience::of(Duration::from_millis(150)));
            assert_eq!(rest, Said::Silence, "after the end of {}", self.name);
        }
    }
}

fn token(who: &str) -> String {
    match who {
        "wrong" => "wrong".to_owned(),
        "brief" => Token::new("anna", &["*"])
            .claim("exp", (crate::harness::time::unix_s() + 90).into())
            .text(),
        _ => Token::new(who, &["*"]).text(),
    }
}

#[track_caller]
fn say(live: &mut Live, rest: &str, place: &str) {
    if let Some(text) = rest.strip_prefix("text ") {
        live.send_message(Message::text(text));
    } else if let Some(bytes) = rest.strip_prefix("binary ") {
        live.send_message(Message::binary(bytes.as_bytes().to_vec()));
    } else if rest == "pong" {
        live.send_message(Message::Pong(Vec::new().into()));
    } else {
        let value = serde_json::from_str(rest).unwrap_or_else(|e| panic!("{place}: {e}"));
        live.send(&value);
    }
}

/// Hears one line; whether it was the end.
#[track_caller]
fn hear(live: &mut Live, rest: &str, place: &str) -> bool {
    let said = live.said(Patience::seconds(10));
    if let Some(code) = rest.strip_prefix("close ") {
        assert_eq!(said, Said::Closed(code.parse().expect("a code")), "{place}");
        return true;
    }
    match said {
        Said::Frame(frame) => check_message(rest, &frame, place),
        other => panic!("{place}: {other:?} instead of {rest}"),
    }
    false
}

#[track_caller]
fn check_message(expected: &str, heard: &Value, place: &str) {
    let value = serde_json::from_str(expected).unwrap_or_else(|e| panic!("{place}: {e}"));
    assert!(fits(&value, heard), "{place}: expected {expected}, heard {heard}");
}

/// Whether they are the same, where `"*"` stands for any value.
fn fits(expected: &Value, heard: &Value) -> bool {
    match (expected, heard) {
        (Value::String(any), _) if any == "*" => true,
        (Value::Object(expected), Value::Object(heard)) => {
            let same = |(name, value)| heard.get(name).is_some_and(|heard| fits(value, heard));
            expected.len() == heard.len() && expected.iter().all(same)
        }
        (Value::Array(expected), Value::Array(heard)) => {
            expected.len() == heard.len()
                && expected.iter().zip(heard).all(|(expected, heard)| fits(expected, heard))
        }
        _ => expected == heard,
    }
}

#[test]
fn the_transcripts_hold_over_a_socket() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/native");
    let mut played = 0;
    for entry in fs::read_dir(&folder).expect("the transcripts") {
        let case = Case::read(&entry.expect("an entry").path());
        if case.seconds() <= SECONDS_MAX {
            case.play();
            played += 1;
        }
    }
    assert!(played >= 5, "only {played} transcripts in {}", folder.display());
}
