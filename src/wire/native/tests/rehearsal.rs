//! Runs the dialogues of `tests/transcripts/native` against the pure session, with a clock that is
//! moved and a world that knows just enough to answer.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::transcript::{Case, cases, matches};
use crate::wire::native::{
    Encoding, Input, Output, Session, Settings, Utterance,
    operation::{Operation, Request},
    utterance::{Answer, Data, Event, Literal, Message, Problem, Welcome},
};

const EPOCH: &str = "00000000000000ee";
const AT: &str = "2024-01-15T10:30:00.000Z";

#[derive(Default)]
struct World {
    logs: BTreeMap<String, Log>,
    subscribed: Vec<String>,
}

#[derive(Default, Clone)]
struct Log {
    /// Text, client id and version of each entry that is a message.
    entries: Vec<Option<(String, Option<String>, u32)>>,
}

struct Run {
    session: Session,
    encoding: Encoding,
    now: u64,
    world: World,
    heard: Vec<Heard>,
}

#[derive(Debug)]
enum Heard {
    Message(Value),
    Ping,
    Close(u16),
}

// === impl Run ===

impl Run {
    fn new(encoding: Encoding, token: Option<String>) -> Self {
        let settings = Arc::new(Settings::new(EPOCH.into(), |at| format!("at {at}")));
        let session = Session::new(0, encoding, token, settings);
        let mut run =
            Self { session, encoding, now: 0, world: World::default(), heard: Vec::new() };
        run.drain();
        run
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.output() {
            match output {
                Output::Send(bytes) => self.hear(&bytes),
                Output::Ping => self.heard.push(Heard::Ping),
                Output::Close(code, _) => self.heard.push(Heard::Close(code.0)),
                Output::Ask(request) => self.answer(&request),
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        let message = match self.encoding {
            Encoding::Json => serde_json::from_slice(bytes).unwrap(),
            Encoding::MessagePack => rmp_serde::from_slice(bytes).unwrap(),
        };
        self.heard.push(Heard::Message(message));
    }

    fn ok(&mut self, request: &Request, answer: Answer<'_>) {
        self.session.deliver(self.now, Utterance::Ok(request.id.as_ref(), answer));
    }

    fn answer(&mut self, request: &Request) {
        match request.operation.clone() {
            Operation::Hello { token, resume } => {
                let lives_ms = match token.as_deref() {
                    Some("wrong") => {
                        let problem = Problem {
                            code: "unauthenticated",
                            message: "no",
                            retry_after_ms: None,
                            conversation: None,
                        };
                        let error = Utterance::Error(request.id.as_ref(), problem);
                        return self.session.deliver(self.now, error);
                    }
                    Some("brief") => 90_000,
                    _ => 3_600_000,
                };
                let (epoch, after) =
                    resume.map(|resume| (resume.epoch, resume.conversations)).unzip();
                let names = after.as_ref().map(|after| after.iter().map(|(name, _)| name.as_str()));
                let welcome = Welcome {
                    user: "anna",
                    role: "user",
                    expires_at: Some(self.now + lives_ms),
                    resumed: names.map(Iterator::collect),
                };
                self.ok(request, Answer::Hello(welcome));
                for (name, after) in after.unwrap_or_default() {
                    self.follow(&name, Some(after), epoch.as_deref() == Some(EPOCH));
                }
            }
            Operation::Subscribe { conversation, after } => {
                let seq = self.world.log(&conversation).entries.len() as u64;
                self.ok(request, Answer::Subscribed { conversation: &conversation, seq });
                self.follow(&conversation, after, true);
            }
            Operation::Unsubscribe { conversation } => {
                self.world.subscribed.retain(|name| *name != conversation);
                self.ok(request, Answer::Done { conversation: &conversation });
            }
            Operation::Send { conversation, text, client_id, .. } => {
                let log = self.world.log(&conversation);
                log.entries.push(Some((text, client_id, 1)));
                let seq = log.entries.len() as u64;
                self.publish("message.created", &conversation, seq, seq);
                let message_id = Some(Literal { text: "m", number: false });
                let (conversation, at) = (conversation.as_str(), AT);
                let sent = Answer::Sent { conversation, seq, message_id, at, moderation: None };
                self.ok(request, sent);
            }
            Operation::Edit { conversation, seq: target, text, .. } => {
                let log = self.world.log(&conversation);
                let at = usize::try_from(target).unwrap() - 1;
                let entry = log.entries[at].as_mut().unwrap();
                entry.0 = text;
                entry.2 += 1;
                let version = Some(entry.2);
                log.entries.push(None);
                let seq = log.entries.len() as u64;
                self.publish("message.edited", &conversation, seq, target);
                let (conversation, moderation) = (conversation.as_str(), None);
                self.ok(request, Answer::Edited { conversation, seq, version, moderation });
            }
            Operation::History { conversation, .. } => self.history(request, &conversation),
            other => panic!("no transcript needs {other:?}"),
        }
    }

    fn history(&mut self, request: &Request, conversation: &str) {
        let entries = self.world.log(conversation).entries.clone();
        let known = entries.iter().zip(1..).filter_map(|(entry, seq)| Some((entry.as_ref()?, seq)));
        let messages = known
            .map(|((text, client_id, version), seq)| Message {
                seq: Some(seq),
                at: Some(AT),
                edited_at: (*version > 1).then_some(AT),
                ..message(text, client_id.as_deref(), *version)
            })
            .collect();
        let last = entries.len() as u64;
        self.ok(request, Answer::History { conversation, messages, last, more: false });
    }

    fn follow(&mut self, name: &str, after: Option<u64>, same_epoch: bool) {
        let last = self.world.log(name).entries.len() as u64;
        let reason = match after {
            Some(_) if !same_epoch => Some("epoch"),
            Some(after) if after > last => Some("range"),
            _ => None,
        };
        self.world.subscribed.push(name.to_owned());
        if let Some(reason) = reason {
            let reset = Utterance::Reset { conversation: name, reason };
            return self.session.deliver(self.now, reset);
        }
        self.drain();
        for seq in after.map_or(last, |after| after) + 1..=last {
            self.publish("message.created", name, seq, seq);
        }
    }

    /// What the hub would send; it never passes the session.
    fn publish(&mut self, kind: &'static str, name: &str, seq: u64, target: u64) {
        if !self.world.subscribed.iter().any(|subscribed| subscribed == name) {
            return;
        }
        let at = usize::try_from(target).unwrap() - 1;
        let (text, client_id, version) = self.world.log(name).entries[at].clone().unwrap();
        let edited = kind == "message.edited";
        let data = Message {
            uuid: client_id.as_deref().filter(|_| !edited),
            message_seq: edited.then_some(target),
            message_id: edited.then_some(Literal { text: "m", number: false }),
            ..message(&text, client_id.as_deref(), version)
        };
        let data = Data::Message(Box::new(data));
        let event = Event { kind, conversation: name, seq: Some(seq), at: Some(AT), data };
        self.hear(&event.encode(self.encoding).unwrap());
    }

    fn say(&mut self, what: &str) {
        let text = what.strip_prefix("text ").map(Input::Text);
        let binary = what.strip_prefix("binary ").map(|bytes| Input::Binary(bytes.as_bytes()));
        if let Some(raw) = text.or(binary) {
            self.session.receive(self.now, raw);
        } else if what == "pong" {
            self.session.receive(self.now, Input::Alive);
        } else if self.encoding == Encoding::Json {
            self.session.receive(self.now, Input::Text(what));
        } else {
            let value: Value = serde_json::from_str(what).unwrap();
            let bytes = rmp_serde::to_vec(&value).unwrap();
            self.session.receive(self.now, Input::Binary(&bytes));
        }
        self.drain();
    }

    /// Lets the time pass, stopping wherever the session wants to be woken.
    fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some(deadline) = self.session.deadline().filter(|at| *at <= end) {
            self.now = deadline.max(self.now);
            self.session.elapse(self.now);
            self.drain();
        }
        self.now = end;
    }
}

impl World {
    fn log(&mut self, name: &str) -> &mut Log {
        self.logs.entry(name.to_owned()).or_default()
    }
}

fn message<'a>(text: &'a str, client_id: Option<&'a str>, version: u32) -> Message<'a> {
    let id = Some(Literal { text: "m", number: false });
    let (text, version) = (Some(text), Some(version));
    Message { id, sender: "anna", text, client_id, version, ..Message::default() }
}

#[track_caller]
fn check(case: &Case) {
    let mut run = Run::new(case.encoding, case.token.clone());
    for (place, sign, rest) in &case.lines {
        let rest = rest.replace("${epoch}", EPOCH);
        if sign == "<" {
            assert!(!run.heard.is_empty(), "nothing was said at {place}");
            match (run.heard.remove(0), rest.as_str()) {
                (Heard::Ping, "ping") => {}
                (Heard::Close(code), rest) if *rest == format!("close {code}") => {}
                (Heard::Message(heard), rest) => {
                    let expected: Value = serde_json::from_str(rest).expect(place);
                    assert!(matches(&expected, &heard), "{heard} at {place}");
                }
                (heard, _) => panic!("{heard:?} at {place}"),
            }
            continue;
        }
        assert!(run.heard.is_empty(), "{:?} before {place}", run.heard);
        match sign.as_str() {
            ">" => run.say(&rest),
            "@" => run.pass(rest.parse::<u64>().expect(place) * 1000),
            _ => panic!("{place}"),
        }
    }
    assert!(run.heard.is_empty(), "{:?} at the end of {}", run.heard, case.name);
}

#[test]
fn transcripts() {
    for case in cases() {
        check(&case);
    }
}
