//! The application that the protocol's official test suite expects: it says back what it hears. Speaks
//! through the product's own wire session and transport; not part of a release.

use std::{collections::VecDeque, sync::Arc, task::Context};

use super::pid::Pid;
use crate::{
    gateway::{
        connection::Rest,
        engine::{Upper, UpperOutput, Uppers, Visit},
    },
    hub::{Closing, Outbox},
    runtime::Clock,
    wire::{
        engineio::{Closed, Message},
        socketio::{Ask, ConnectAnswer, Output, Packet, PacketType, Session, Settings, arguments},
    },
};

/// Opens the suite's sessions.
pub(in crate::gateway) struct Suites {
    pub clock: Clock,
    pub connect_timeout_ms: u64,
}

/// One of them.
pub(in crate::gateway) struct Suite {
    session: Session,
    outputs: VecDeque<UpperOutput>,
}

impl Uppers for Suites {
    type Upper = Suite;

    fn open(&self, _: Visit, _: &Arc<Outbox>) -> Suite {
        let connect_timeout_ms = self.connect_timeout_ms;
        let settings = Settings { connect_timeout_ms, ..Settings::default() };
        Suite { session: Session::new(settings, self.clock.now().0), outputs: VecDeque::new() }
    }
}

impl Suite {
    fn go_on(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Send(messages) => self.outputs.push_back(UpperOutput::Send(messages)),
                Output::Close => self.outputs.push_back(UpperOutput::Close),
                Output::Ask(ask) => self.answer(ask),
            }
        }
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Connect { namespace, auth } if matches!(namespace.as_str(), "/" | "/custom") => {
                let pid = Pid::random();
                let sid = pid.as_ref().map(Pid::sid).unwrap_or_default();
                self.session.connect(&namespace, ConnectAnswer::Joined { sid, pid: None });
                let data = format!(r#"["auth",{}]"#, auth.as_deref().unwrap_or("{}"));
                self.say(Packet::new(PacketType::Event, &namespace, None, data));
            }
            Ask::Connect { namespace, .. } => {
                let answer = ConnectAnswer::Refused { message: "Invalid namespace", data: None };
                self.session.connect(&namespace, answer);
            }
            Ask::Event { namespace, data, id, attachments } => {
                let (name, said) = arguments(&data);
                let said = said.join(",");
                let packet = match (name.as_str(), id) {
                    ("message", _) if said.is_empty() => {
                        Packet::new(PacketType::Event, &namespace, None, r#"["message-back"]"#)
                    }
                    ("message", _) => {
                        let data = format!(r#"["message-back",{said}]"#);
                        Packet::new(PacketType::Event, &namespace, None, data)
                    }
                    ("message-with-ack", Some(id)) => {
                        Packet::new(PacketType::Ack, &namespace, Some(id), format!("[{said}]"))
                    }
                    _ => return,
                };
                self.say(Packet { attachments, ..packet });
            }
            Ask::Ack { .. } | Ask::Left { .. } => {}
        }
    }

    fn say(&mut self, packet: Packet) {
        self.session.deliver(&packet);
    }
}

impl Upper for Suite {
    fn hear(&mut self, _: u64, message: Message) {
        self.session.receive(message);
        self.go_on();
    }

    fn work(&mut self, _: &mut Context<'_>, _: u64) -> bool {
        false
    }

    fn is_busy(&self) -> bool {
        false
    }

    fn deadline(&self) -> Option<u64> {
        self.session.deadline()
    }

    fn elapse(&mut self, now: u64) {
        self.session.elapse(now);
        self.go_on();
    }

    fn output(&mut self) -> Option<UpperOutput> {
        self.outputs.pop_front()
    }

    fn bye(&mut self, _: Closing) {
        self.outputs.push_back(UpperOutput::Close);
    }

    fn ended(&mut self, _: Closed) {}

    fn hand_over(&mut self) -> Option<Rest> {
        None
    }
}
