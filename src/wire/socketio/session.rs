//! One client's namespaces: who is asked whether it may join, which packets are legal when, and when
//! the connection ends. Fed with messages of the transport below; says what to send and what to ask.

use bytes::Bytes;

use super::{
    msgpack,
    packet::{Assembler, Malformed, Packet, PacketType},
};
use crate::wire::{Fifo, engineio::Message};

/// Limits of one client.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// A client that has joined nothing after this time is sent away.
    pub connect_timeout_ms: u64,
    /// How many namespaces one client may join or ask for.
    pub namespaces_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { connect_timeout_ms: 45_000, namespaces_max: 16 }
    }
}

/// What the client wants of those above.
#[derive(Debug, PartialEq, Eq)]
pub enum Ask {
    /// May it join? Answered by [`Session::connect`]. `auth` is a JSON object.
    Connect { namespace: String, auth: Option<String> },
    /// `data` is the JSON array with the event's name first.
    Event { namespace: String, data: String, id: Option<u64>, attachments: Vec<Bytes> },
    /// The answer to an event of ours.
    Ack { namespace: String, id: u64, data: String, attachments: Vec<Bytes> },
    /// It left a namespace on its own account.
    Left { namespace: String },
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Give these to the transport, in one go.
    Send(Vec<Message>),
    Ask(Ask),
    /// End the transport. The last output.
    Close,
}

/// The answer to [`Ask::Connect`].
#[derive(Clone, Copy, Debug)]
pub enum ConnectAnswer<'a> {
    /// The namespace's own session id and, where it can be recovered, its secret.
    Joined { sid: &'a str, pid: Option<&'a str> },
    /// A message and JSON data.
    Refused { message: &'a str, data: Option<&'a str> },
}

/// How packets of a namespace are written; its client chose with its first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parser {
    Text,
    /// The form of `socket.io-msgpack-parser`.
    MessagePack,
}

impl Parser {
    /// The messages that carry a packet.
    pub fn write(self, packet: &Packet) -> Vec<Message> {
        match self {
            Self::Text => packet.write(),
            Self::MessagePack => vec![Message::Binary(msgpack::write(packet))],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    parser: Parser,
    joined: bool,
}

/// The namespaces that a client is in or asks for: few, most often one.
#[derive(Debug, Default)]
struct Places(Vec<(Name, Place)>);

/// A namespace's name; that of nearly everybody takes no memory.
#[derive(Debug, PartialEq, Eq)]
struct Name(Option<Box<str>>);

impl Name {
    fn new(name: &str) -> Self {
        Self((name != "/").then(|| name.into()))
    }

    fn is(&self, name: &str) -> bool {
        self.0.as_deref().unwrap_or("/") == name
    }
}

impl Places {
    fn get(&self, namespace: &str) -> Option<&Place> {
        self.0.iter().find(|(name, _)| name.is(namespace)).map(|(_, place)| place)
    }

    fn insert(&mut self, namespace: &str, place: Place) {
        self.remove(namespace);
        self.0.reserve_exact(1);
        self.0.push((Name::new(namespace), place));
    }

    fn remove(&mut self, namespace: &str) -> Option<Place> {
        let at = self.0.iter().position(|(name, _)| name.is(namespace))?;
        Some(self.0.swap_remove(at).1)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// The session. After `Close` it takes nothing and says nothing.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    places: Places,
    assembler: Assembler,
    outputs: Fifo<Output>,
    /// Until then a first namespace must be joined.
    join_by: Option<u64>,
    closed: bool,
}

impl Session {
    pub fn new(settings: Settings, now: u64) -> Self {
        Self {
            settings,
            places: Places::default(),
            assembler: Assembler::default(),
            outputs: Fifo::default(),
            join_by: Some(now.saturating_add(settings.connect_timeout_ms)),
            closed: false,
        }
    }

    /// What to do next; drained before the next input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop()
    }

    /// Whether it has said `Close`.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    #[cfg(test)]
    pub fn has_joined(&self, namespace: &str) -> bool {
        self.places.get(namespace).is_some_and(|place| place.joined)
    }

    /// How packets of a namespace are written, once the client asked to join it.
    pub fn parser(&self, namespace: &str) -> Option<Parser> {
        self.places.get(namespace).map(|place| place.parser)
    }

    pub fn receive(&mut self, message: Message) {
        if self.closed {
            return;
        }
        match self.read(message) {
            Ok(Some((parser, packet))) => self.on_packet(parser, packet),
            Ok(None) => {}
            Err(Malformed) => self.end(),
        }
    }

    /// A binary message that is no attachment is a packet in the other form.
    fn read(&mut self, message: Message) -> Result<Option<(Parser, Packet)>, Malformed> {
        match message {
            Message::Binary(bytes) if !self.assembler.is_waiting() => {
                Ok(Some((Parser::MessagePack, msgpack::read(&bytes)?)))
            }
            part => Ok(self.assembler.take(part)?.map(|packet| (Parser::Text, packet))),
        }
    }

    /// Answers [`Ask::Connect`].
    pub fn connect(&mut self, namespace: &str, answer: ConnectAnswer<'_>) {
        let Some(&Place { parser, joined: false }) = self.places.get(namespace) else { return };
        if self.closed {
            return;
        }
        match answer {
            ConnectAnswer::Joined { sid, pid } => {
                self.places.insert(namespace, Place { parser, joined: true });
                self.join_by = None;
                let pid = pid.map(|pid| format!(r#","pid":{}"#, quote(pid))).unwrap_or_default();
                let data = format!(r#"{{"sid":{}{pid}}}"#, quote(sid));
                self.send(parser, &Packet::new(PacketType::Connect, namespace, None, data));
            }
            ConnectAnswer::Refused { message, data } => {
                self.places.remove(namespace);
                let more = data.map(|data| format!(r#","data":{data}"#)).unwrap_or_default();
                let data = format!(r#"{{"message":{}{more}}}"#, quote(message));
                self.send(parser, &Packet::new(PacketType::ConnectError, namespace, None, data));
            }
        }
    }

    /// Sends a packet of a namespace that the client is in.
    pub fn deliver(&mut self, packet: &Packet) {
        let place = self.places.get(&packet.namespace).filter(|place| place.joined);
        if let Some(parser) = place.map(|place| place.parser).filter(|_| !self.closed) {
            self.send(parser, packet);
        }
    }

    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for who is to stay away: nobody is barred yet")
    )]
    /// Takes the client out of a namespace; it does not come back by itself.
    pub fn disconnect(&mut self, namespace: &str) {
        if self.closed {
            return;
        }
        if let Some(Place { parser, joined: true }) = self.places.remove(namespace) {
            self.send(parser, &Packet::new(PacketType::Disconnect, namespace, None, ""));
        }
    }

    /// When [`Session::elapse`] has something to do.
    pub fn deadline(&self) -> Option<u64> {
        if self.closed { None } else { self.join_by }
    }

    pub fn elapse(&mut self, now: u64) {
        if !self.closed && self.join_by.is_some_and(|by| now >= by) {
            self.end();
        }
    }

    fn on_packet(&mut self, parser: Parser, packet: Packet) {
        let Packet { kind, namespace, id, data, attachments } = packet;
        let place = self.places.get(&namespace).copied();
        if place.is_some_and(|place| place.parser != parser) {
            return self.end();
        }
        match (kind, place.map(|place| place.joined)) {
            (PacketType::Connect, None) if self.places.len() < self.settings.namespaces_max => {
                self.places.insert(&namespace, Place { parser, joined: false });
                let auth = Some(data).filter(|data| !data.is_empty());
                self.outputs.push(Output::Ask(Ask::Connect { namespace, auth }));
            }
            (PacketType::Event, Some(true)) => {
                if !data.is_empty() {
                    let event = Ask::Event { namespace, data, id, attachments };
                    self.outputs.push(Output::Ask(event));
                }
            }
            (PacketType::Ack, Some(true)) => {
                if let Some(id) = id.filter(|_| !data.is_empty()) {
                    self.outputs.push(Output::Ask(Ask::Ack { namespace, id, data, attachments }));
                }
            }
            (PacketType::Disconnect, Some(_)) => {
                self.places.remove(&namespace);
                self.outputs.push(Output::Ask(Ask::Left { namespace }));
            }
            _ => self.end(),
        }
    }

    fn send(&mut self, parser: Parser, packet: &Packet) {
        self.outputs.push(Output::Send(parser.write(packet)));
    }

    fn end(&mut self) {
        self.closed = true;
        self.outputs.push(Output::Close);
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
