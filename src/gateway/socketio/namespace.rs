//! The namespaces: each is one vocabulary of one application.

use super::v1;
use crate::{
    dialect::sms::live,
    domain::{
        id::{ConversationId, Seq},
        refusal::Refusal,
    },
    gateway::port::Failure,
    hub::{Flavour, Utterance},
    wire::{
        native::operation::{Misheard, Operation},
        socketio::Parser,
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Namespace {
    /// The bridge's clients.
    Sms,
    /// The native protocol's words.
    V1,
}

/// What a client's event asks for.
pub(super) enum Wish {
    Hear(Hearing),
    /// What is no matter of the connection.
    Operation(Operation),
}

/// What a client wants to hear.
pub(super) enum Hearing {
    /// A conversation; with `after` also what it missed since that seq.
    Subscribe {
        conversation: ConversationId,
        after: Option<Seq>,
    },
    Unsubscribe {
        conversation: ConversationId,
    },
}

/// Why an event is not granted.
pub(super) enum Trouble {
    Failed(Failure),
    /// It is no operation.
    Misheard(Misheard),
}

/// The first number of the hub's flavours that are ours; below are those of the native protocol.
const FLAVOURS: u8 = 16;
const OFFSETS: u8 = 1;
const PACKED: u8 = 2;

// === impl Namespace ===

impl Namespace {
    pub(in crate::gateway) const ALL: [Self; 2] = [Self::Sms, Self::V1];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|namespace| namespace.name() == name)
    }

    pub(in crate::gateway) fn name(self) -> &'static str {
        match self {
            Self::Sms => "/",
            Self::V1 => "/v1",
        }
    }

    /// Understands an event: a JSON array with its name first.
    pub(super) fn wish(self, event: &str) -> Result<Wish, Trouble> {
        match self {
            Self::Sms => Ok(Wish::Hear(match live::wish(event)? {
                live::Wish::Subscribe { room, after } => {
                    Hearing::Subscribe { conversation: room, after }
                }
                live::Wish::Unsubscribe { room } => Hearing::Unsubscribe { conversation: room },
            })),
            Self::V1 => v1::wish(event),
        }
    }

    /// The answer to a client that hears a conversation from now on; `seq` is its last event.
    pub(super) fn subscribed(self, conversation: &ConversationId, seq: Seq) -> String {
        match self {
            Self::Sms => live::subscribed(conversation, seq),
            Self::V1 => v1::subscribed(conversation, seq),
        }
    }

    pub(super) fn unsubscribed(self, conversation: &ConversationId) -> String {
        match self {
            Self::Sms => live::unsubscribed(conversation),
            Self::V1 => v1::unsubscribed(conversation),
        }
    }

    pub(super) fn refused(self, trouble: &Trouble) -> String {
        match (self, trouble) {
            (Self::Sms, Trouble::Failed(Failure::Refused(refusal))) => live::refused(Some(refusal)),
            (Self::Sms, Trouble::Misheard(Misheard { message, .. })) => {
                live::refused(Some(&Refusal::Malformed(message.clone())))
            }
            (Self::Sms, Trouble::Failed(Failure::Fault)) => live::refused(None),
            (Self::V1, trouble) => v1::refused(trouble),
        }
    }

    /// The name and the payload, which is an object, of what its clients hear; `None` where they have no
    /// word for it.
    pub(super) fn utterance(self, what: Utterance<'_>) -> Option<(&'static str, String)> {
        match (self, what) {
            (Self::Sms, Utterance::Event(event) | Utterance::Missed(event, _)) => {
                Some(live::utterance(event))
            }
            (Self::Sms, Utterance::Signal(_)) => None,
            (Self::V1, what) => v1::utterance(what),
        }
    }

    /// The hub's number for this namespace in one form, with or without offsets.
    pub(super) fn flavour(self, parser: Parser, offsets: bool) -> Flavour {
        let vocabulary = match self {
            Self::Sms => 0,
            Self::V1 => 4,
        };
        let packed = if parser == Parser::MessagePack { PACKED } else { 0 };
        Flavour(FLAVOURS + vocabulary + packed + if offsets { OFFSETS } else { 0 })
    }

    /// What such a number stands for.
    pub(super) fn of(flavour: Flavour) -> Option<(Self, Parser, bool)> {
        let number = flavour.0.checked_sub(FLAVOURS)?;
        let namespace = *Self::ALL.get(usize::from(number >> 2))?;
        let parser = if number & PACKED == 0 { Parser::Text } else { Parser::MessagePack };
        Some((namespace, parser, number & OFFSETS != 0))
    }
}

// === impl Trouble ===

impl Trouble {
    /// Its code in the native protocol and in figures.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Failed(failure) => failure.code(),
            Self::Misheard(misheard) => misheard.code,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flavours_and_namespaces_name_each_other() {
        for namespace in Namespace::ALL {
            assert_eq!(Namespace::named(namespace.name()), Some(namespace));
            for parser in [Parser::Text, Parser::MessagePack] {
                for offsets in [false, true] {
                    let flavour = namespace.flavour(parser, offsets);
                    assert_eq!(Namespace::of(flavour), Some((namespace, parser, offsets)));
                }
            }
        }
        assert_eq!(Namespace::of(Flavour(1)), None);
        assert_eq!(Namespace::of(Flavour(200)), None);
        assert_eq!(Namespace::named("/elsewhere"), None);
    }
}
