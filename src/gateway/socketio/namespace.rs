//! The namespaces: each is one vocabulary of one application.

use crate::{hub::Flavour, wire::socketio::Parser};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Namespace {
    /// The bridge's clients.
    Sms,
}

/// The first number of the hub's flavours that are ours; below are those of the native protocol.
const FLAVOURS: u8 = 16;
const OFFSETS: u8 = 1;
const PACKED: u8 = 2;

impl Namespace {
    pub(in crate::gateway) const ALL: [Self; 1] = [Self::Sms];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|namespace| namespace.name() == name)
    }

    pub(in crate::gateway) fn name(self) -> &'static str {
        match self {
            Self::Sms => "/",
        }
    }

    /// The hub's number for this namespace in one form, with or without offsets.
    pub(super) fn flavour(self, parser: Parser, offsets: bool) -> Flavour {
        let vocabulary = match self {
            Self::Sms => 0,
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
