//! What happened: the entries of a conversation's log, their order over all conversations, and the
//! passing signals that no log keeps.

use std::{fmt, sync::Arc};

use super::{
    id::{ConversationId, ForeignId, Seq, UserId},
    message::Message,
    time::Millis,
};

/// A place in the order in which the entries of all conversations are decided, stored and published.
/// It grows without end, also over restarts; between two entries there may be gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl Position {
    /// How many bits count within one run of the server; those above them count its starts.
    const RUN_BITS: u32 = 40;

    /// The place before the first entry that the `starts`-th run of the server can make.
    #[must_use]
    pub fn of_start(starts: u64) -> Self {
        Self(starts << Self::RUN_BITS)
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Where a session joined a conversation: it has everything up to `since`, and what came after that only
/// if it has something that was published after `position`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrance {
    pub since: Seq,
    pub position: Position,
}

/// How far somebody has come who listens to several conversations: everything up to `position`, but of
/// one conversation only what stands up to a seq.
///
/// As text: `position`, or `position.number.seq`, in base 36 with lower-case letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    pub position: Position,
    /// The store's number of the conversation that is still being caught up with, and how far that is.
    pub except: Option<(u64, Seq)>,
}

impl Offset {
    /// Reads the text form; `None` for everything that [`fmt::Display`] would not write.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let position = Position(from_base36(parts.next()?)?);
        let except = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => None,
            (Some(number), Some(seq), None) => Some((from_base36(number)?, Seq(from_base36(seq)?))),
            _ => return None,
        };
        Some(Self { position, except })
    }
}

impl From<Position> for Offset {
    fn from(position: Position) -> Self {
        Self { position, except: None }
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base36(f, self.position.0)?;
        if let Some((number, seq)) = self.except {
            f.write_str(".")?;
            base36(f, number)?;
            f.write_str(".")?;
            base36(f, seq.0)?;
        }
        Ok(())
    }
}

/// The longest number that fits 64 bits, in digits.
const BASE36_MAX_DIGITS: usize = 13;

fn base36(f: &mut fmt::Formatter<'_>, mut number: u64) -> fmt::Result {
    let mut digits = [None; BASE36_MAX_DIGITS];
    for digit in digits.iter_mut().rev() {
        let value = u32::try_from(number % 36).unwrap_or_default();
        *digit = char::from_digit(value, 36);
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.into_iter().flatten().try_for_each(|digit| fmt::Write::write_char(f, digit))
}

/// Reads what [`base36`] writes: no sign, no capitals, no zeros in front.
fn from_base36(text: &str) -> Option<u64> {
    let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    let shortest = text == "0" || !text.starts_with('0');
    (shortest && text.bytes().all(plain)).then(|| u64::from_str_radix(text, 36).ok()).flatten()
}

/// One entry of a conversation's log. On replay it carries the message as it is now, so that nothing
/// comes back that was masked or deleted since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub conversation: ConversationId,
    pub seq: Seq,
    /// Its place among the entries of all conversations; given when it is sent to the disk.
    pub position: Position,
    pub at: Millis,
    /// Who caused it.
    pub by: UserId,
    /// The caller's request id (its idempotency key), which is relayed.
    pub request: Option<String>,
    pub what: What,
}

/// The kinds of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Posted(Arc<Message>),
    /// New words for `target`. The message's seq is 0 if the log does not hold the target.
    Edited {
        target: ForeignId,
        message: Arc<Message>,
        why: EditReason,
    },
    Deleted {
        target: ForeignId,
        message: Option<Seq>,
    },
    Status {
        target: ForeignId,
        message: Option<Seq>,
        status: String,
    },
}

/// Why a message has new words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditReason {
    /// Its author, or the back end for it, rewrote it.
    Edit,
    /// The back end brought its object up to date; not shown as edited.
    Update,
    /// Moderation took something out afterwards.
    Masked,
}

/// What passes by and is never stored, numbered or replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    Typing {
        conversation: ConversationId,
        user: UserId,
        on: bool,
    },
    /// `user` has read everything up to `upto`.
    Read {
        conversation: ConversationId,
        user: UserId,
        upto: Seq,
    },
}

impl Signal {
    /// Whose listeners it is for.
    #[must_use]
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Typing { conversation, .. } | Self::Read { conversation, .. } => conversation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(position: u64, except: Option<(u64, u64)>, text: &str) {
        let except = except.map(|(number, seq)| (number, Seq(seq)));
        let offset = Offset { position: Position(position), except };
        assert_eq!(offset.to_string(), text);
        assert_eq!(Offset::parse(text), Some(offset));
    }

    #[test]
    fn offsets_go_out_and_come_back() {
        check(0, None, "0");
        check(35, None, "z");
        check(36, Some((1, 36)), "10.1.10");
        check(Position::of_start(1).next().0, None, "e13wu1oh");
        check(u64::MAX, Some((u64::MAX, u64::MAX)), "3w5e11264sgsf.3w5e11264sgsf.3w5e11264sgsf");
    }

    #[test]
    fn no_other_text_is_an_offset() {
        for text in [
            "",
            ".",
            "..",
            "1.",
            "1.2",
            "1.2.",
            "1.2.3.",
            "1.2.3.4",
            ".1.2",
            "1..2",
            "+1",
            "-1",
            " 1",
            "1 ",
            "A",
            "01",
            "00",
            "1.02.3",
            "é",
            "\u{0}",
            "1_0",
            "3w5e11264sgsg",
            "10000000000000000000000000000",
            "alice!",
        ] {
            assert_eq!(Offset::parse(text), None, "{text:?}");
        }
        assert_eq!(Offset::parse(&"z".repeat(100_000)), None);
    }

    #[test]
    fn a_later_start_comes_after_all_of_an_earlier_one() {
        assert!(Position::of_start(2) > Position(Position::of_start(1).0 + (1 << 39)));
        assert_eq!(Position::of_start(1).next().0, (1 << 40) + 1);
    }
}
