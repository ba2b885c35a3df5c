//! One packet and its two spellings: with a leading digit where it is text, bare where it is binary.

use bytes::Bytes;

/// What the upper protocol exchanges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Text(String),
    Binary(Bytes),
}

/// The packets of the protocol, section "Packet types".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    Open(String),
    Close,
    /// With what stands behind the digit; `probe` while upgrading.
    Ping(String),
    Pong(String),
    Message(Message),
    Upgrade,
    Noop,
}

/// Not a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Packet {
    /// A text message.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Message(Message::Text(text.into()))
    }

    /// Reads a text frame.
    ///
    /// # Errors
    /// [`Malformed`] if it is empty or its digit names no packet.
    pub fn read_text(frame: &str) -> Result<Self, Malformed> {
        let mut chars = frame.chars();
        let digit = chars.next().ok_or(Malformed)?;
        let rest = chars.as_str();
        match digit {
            '0' => Ok(Self::Open(rest.to_owned())),
            '1' => Ok(Self::Close),
            '2' => Ok(Self::Ping(rest.to_owned())),
            '3' => Ok(Self::Pong(rest.to_owned())),
            '4' => Ok(Self::text(rest)),
            '5' => Ok(Self::Upgrade),
            '6' => Ok(Self::Noop),
            _ => Err(Malformed),
        }
    }

    /// The text frame; a binary message has none and stands bare in its frame.
    pub fn write_text(&self) -> Option<String> {
        let (digit, rest) = match self {
            Self::Open(json) => ('0', json.as_str()),
            Self::Close => ('1', ""),
            Self::Ping(rest) => ('2', rest.as_str()),
            Self::Pong(rest) => ('3', rest.as_str()),
            Self::Message(Message::Text(text)) => ('4', text.as_str()),
            Self::Message(Message::Binary(_)) => return None,
            Self::Upgrade => ('5', ""),
            Self::Noop => ('6', ""),
        };
        let mut text = String::with_capacity(rest.len().saturating_add(1));
        text.push(digit);
        text.push_str(rest);
        Some(text)
    }
}
