//! One packet in its text form, and the binary attachments that follow it.

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::wire::engineio::Message;

/// More attachments than this in one packet are refused.
pub const ATTACHMENTS_MAX: usize = 10;
/// And more bytes than this in all of them: an unfinished packet is kept in memory.
pub const ATTACHMENTS_MAX_BYTES: usize = 1_000_000;
/// The longest name of a namespace, in bytes.
const NAMESPACE_MAX_BYTES: usize = 256;
/// Names that the client library uses for itself (section "Sending and receiving data").
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketType {
    Connect,
    Disconnect,
    Event,
    Ack,
    ConnectError,
}

/// A packet. `data` is JSON as it stands on the wire, empty if there is none; attachments are where its
/// placeholders point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub kind: PacketType,
    pub namespace: String,
    pub id: Option<u64>,
    pub data: String,
    pub attachments: Vec<Bytes>,
}

/// Not a packet, or one at the wrong time; it ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Packet {
    pub fn new(
        kind: PacketType,
        namespace: &str,
        id: Option<u64>,
        data: impl Into<String>,
    ) -> Self {
        let (namespace, data) = (namespace.to_owned(), data.into());
        Self { kind, namespace, id, data, attachments: Vec::new() }
    }

    /// The messages that carry it: the text, then its attachments.
    pub fn write(&self) -> Vec<Message> {
        let binary = !self.attachments.is_empty();
        let digit = match (self.kind, binary) {
            (PacketType::Connect, _) => '0',
            (PacketType::Disconnect, _) => '1',
            (PacketType::Event, false) => '2',
            (PacketType::Ack, false) => '3',
            (PacketType::ConnectError, _) => '4',
            (PacketType::Event, true) => '5',
            (PacketType::Ack, true) => '6',
        };
        let mut text = String::with_capacity(self.data.len().saturating_add(32));
        text.push(digit);
        if binary {
            let _ = write!(text, "{}-", self.attachments.len());
        }
        if self.namespace != "/" {
            text.push_str(&self.namespace);
            text.push(',');
        }
        if let Some(id) = self.id {
            text.push_str(&id.to_string());
        }
        text.push_str(&self.data);
        let attachments = self.attachments.iter().cloned().map(Message::Binary);
        std::iter::once(Message::Text(text)).chain(attachments).collect()
    }
}

/// Puts packets together from messages.
#[derive(Debug, Default)]
pub struct Assembler {
    /// Apart, for it is rare.
    waiting: Option<Box<(Packet, usize)>>,
}

impl Assembler {
    /// Whether an attachment is due.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Takes the next message; a packet once it is whole.
    ///
    /// # Errors
    /// [`Malformed`] if it is no packet, or no attachment where one is due.
    pub fn take(&mut self, message: Message) -> Result<Option<Packet>, Malformed> {
        match (message, self.waiting.take().map(|waiting| *waiting)) {
            (Message::Text(text), None) => {
                let (packet, count) = read(&text)?;
                if count == 0 {
                    return Ok(Some(packet));
                }
                self.waiting = Some(Box::new((packet, count)));
                Ok(None)
            }
            (Message::Binary(bytes), Some((mut packet, count))) => {
                packet.attachments.push(bytes);
                let sizes = packet.attachments.iter().map(Bytes::len);
                if sizes.fold(0, usize::saturating_add) > ATTACHMENTS_MAX_BYTES {
                    return Err(Malformed);
                }
                if packet.attachments.len() == count {
                    return Ok(Some(packet));
                }
                self.waiting = Some(Box::new((packet, count)));
                Ok(None)
            }
            _ => Err(Malformed),
        }
    }
}

fn read(text: &str) -> Result<(Packet, usize), Malformed> {
    let mut chars = text.chars();
    let digit = chars.next().ok_or(Malformed)?;
    let mut rest = chars.as_str();
    let (kind, binary) = match digit {
        '0' => (PacketType::Connect, false),
        '1' => (PacketType::Disconnect, false),
        '2' => (PacketType::Event, false),
        '3' => (PacketType::Ack, false),
        '4' => (PacketType::ConnectError, false),
        '5' => (PacketType::Event, true),
        '6' => (PacketType::Ack, true),
        _ => return Err(Malformed),
    };
    let mut count = 0;
    if binary {
        let (number, after) = rest.split_once('-').ok_or(Malformed)?;
        count = number.parse::<usize>().map_err(|_| Malformed)?;
        if count == 0 || count > ATTACHMENTS_MAX || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Malformed);
        }
        rest = after;
    }
    let mut namespace = "/";
    if rest.starts_with('/') {
        (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
        if namespace.len() > NAMESPACE_MAX_BYTES {
            return Err(Malformed);
        }
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (id, data) = rest.split_at_checked(digits).ok_or(Malformed)?;
    let id = if id.is_empty() { None } else { Some(id.parse().map_err(|_| Malformed)?) };
    let packet = Packet::new(kind, namespace, id, data);
    check(&packet, count)?;
    Ok((packet, count))
}

/// Whether the data fit the type, as the reference decoder checks it.
pub(super) fn check(packet: &Packet, count: usize) -> Result<(), Malformed> {
    let data = packet.data.as_str();
    if data.is_empty() {
        // A connect, disconnect or acknowledgement may come without data; an event without data is
        // ignored by the session.
        return Ok(());
    }
    let raw: &RawValue = serde_json::from_str(data).map_err(|_| Malformed)?;
    let first = raw.get().bytes().next().ok_or(Malformed)?;
    let fits = match packet.kind {
        PacketType::Connect => first == b'{',
        PacketType::Disconnect => false,
        PacketType::ConnectError => first == b'{' || first == b'"',
        PacketType::Ack => first == b'[',
        PacketType::Event => {
            first == b'[' && event_name(data)?.is_none_or(|name| !RESERVED.contains(&name.as_str()))
        }
    };
    if !fits || (count > 0 && !placeholders_fit(data, count)) {
        return Err(Malformed);
    }
    Ok(())
}

/// The name of an event; `None` if it is a number.
///
/// # Errors
/// [`Malformed`] if the first element is neither.
pub fn event_name(data: &str) -> Result<Option<String>, Malformed> {
    let elements: Vec<&RawValue> = serde_json::from_str(data).map_err(|_| Malformed)?;
    let first = elements.first().ok_or(Malformed)?.get();
    match first.bytes().next() {
        Some(b'"') => serde_json::from_str(first).map(Some).map_err(|_| Malformed),
        Some(b'-' | b'0'..=b'9') => Ok(None),
        _ => Err(Malformed),
    }
}

/// The name of an event and its arguments as they stand; empty if the name is a number.
pub fn arguments(data: &str) -> (String, Vec<&str>) {
    let elements: Vec<&RawValue> = serde_json::from_str(data).unwrap_or_default();
    let name = event_name(data).ok().flatten().unwrap_or_default();
    (name, elements.into_iter().skip(1).map(RawValue::get).collect())
}

/// Whether every placeholder names an attachment.
fn placeholders_fit(data: &str, count: usize) -> bool {
    fn walk(value: &serde_json::Value, count: usize) -> bool {
        match value {
            serde_json::Value::Array(items) => items.iter().all(|item| walk(item, count)),
            serde_json::Value::Object(members) => {
                if members.get("_placeholder") == Some(&serde_json::Value::Bool(true)) {
                    let number = members.get("num").and_then(serde_json::Value::as_u64);
                    return number.and_then(|n| usize::try_from(n).ok()).is_some_and(|n| n < count);
                }
                members.values().all(|member| walk(member, count))
            }
            _ => true,
        }
    }
    serde_json::from_str(data).is_ok_and(|value| walk(&value, count))
}
