//! The names of things: who, where, which. Checked once where they enter; nothing in here knows how
//! they are stored or sent.

use std::{fmt, sync::Arc};

/// The longest name of a conversation or user, in bytes.
pub const NAME_MAX_BYTES: usize = 200;
/// The longest id that a caller may bring for a message, request or client, in bytes.
pub const FOREIGN_ID_MAX_BYTES: usize = 200;

/// What a conversation is for; its policies follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Room,
    Direct,
    Group,
    Support,
    Order,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Room, Self::Direct, Self::Group, Self::Support, Self::Order];

    /// The stable lower-case word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Direct => "direct",
            Self::Group => "group",
            Self::Support => "support",
            Self::Order => "order",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A conversation's kind and its name within the kind.
///
/// As text a room is its bare name (`chat_123`), every other kind is `kind:name` (`order:77`). A room
/// whose name would read as another kind is written `room:name`, so that the text is unambiguous.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationId {
    kind: Kind,
    name: Arc<str>,
}

impl ConversationId {
    /// `None` unless `name` has 1 to [`NAME_MAX_BYTES`] bytes and no control characters.
    #[must_use]
    pub fn new(kind: Kind, name: &str) -> Option<Self> {
        is_name(name).then(|| Self { kind, name: name.into() })
    }

    /// Reads the text form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((word, name)) = text.split_once(':')
            && let Some(kind) = Kind::from_word(word)
        {
            return Self::new(kind, name);
        }
        Self::new(Kind::Room, text)
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name within its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixed =
            self.name.split_once(':').is_some_and(|(word, _)| Kind::from_word(word).is_some());
        if self.kind == Kind::Room && !prefixed {
            return f.write_str(&self.name);
        }
        write!(f, "{}:{}", self.kind.word(), self.name)
    }
}

const VISITOR: &str = "\u{1}visitor";

/// A person or program that writes and reads; the `sub` of an access token.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Arc<str>);

impl UserId {
    /// `None` unless `name` has 1 to [`NAME_MAX_BYTES`] bytes and no control characters.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        is_name(name).then(|| Self(name.into()))
    }

    /// The name that all who come without a token share. No credential can carry it, for it holds a
    /// control character.
    #[must_use]
    pub fn visitor() -> Self {
        Self(VISITOR.into())
    }

    #[must_use]
    pub fn is_visitor(&self) -> bool {
        &*self.0 == VISITOR
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A position in a conversation's log: from 1, without gaps; 0 is "before everything".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl Seq {
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An id that a caller brought, a number or a string; it goes back out in the form it came in, and
/// both forms name the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ForeignId {
    text: Arc<str>,
    number: bool,
}

impl ForeignId {
    /// `None` unless it has 1 to [`FOREIGN_ID_MAX_BYTES`] bytes and no control characters.
    #[must_use]
    pub fn text(text: &str) -> Option<Self> {
        (is_name(text) && text.len() <= FOREIGN_ID_MAX_BYTES)
            .then(|| Self { text: text.into(), number: false })
    }

    /// From a JSON number's literal, kept as written; `None` if it is no number.
    #[must_use]
    pub fn number(literal: &str) -> Option<Self> {
        let plain = literal
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
        (plain && literal.len() <= 40 && literal.parse::<f64>().is_ok_and(f64::is_finite))
            .then(|| Self { text: literal.into(), number: true })
    }

    /// The characters, the same for both forms.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it came as a number and must go out as one.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.number
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= NAME_MAX_BYTES && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, kind: Kind, name: &str, canonical: &str) {
        let id = ConversationId::parse(text).expect("an id");
        assert_eq!((id.kind(), id.name()), (kind, name));
        assert_eq!(id.to_string(), canonical);
        assert_eq!(ConversationId::parse(canonical), Some(id));
    }

    #[test]
    fn conversations_have_one_text_form() {
        check("chat_123", Kind::Room, "chat_123", "chat_123");
        check("room:chat_123", Kind::Room, "chat_123", "chat_123");
        check("order:77", Kind::Order, "77", "order:77");
        check("room:order:77", Kind::Room, "order:77", "room:order:77");
        check("team:blue", Kind::Room, "team:blue", "team:blue");
        check("комната", Kind::Room, "комната", "комната");
    }

    #[test]
    fn names_have_limits() {
        assert!(ConversationId::parse("").is_none());
        assert!(ConversationId::parse("order:").is_none());
        assert!(ConversationId::parse("a\nb").is_none());
        assert!(ConversationId::new(Kind::Room, &"x".repeat(NAME_MAX_BYTES)).is_some());
        assert!(ConversationId::new(Kind::Room, &"x".repeat(NAME_MAX_BYTES + 1)).is_none());
        assert!(
            ForeignId::number("1e5").is_some()
                && ForeignId::number("12,").is_none()
                && ForeignId::number("").is_none()
        );
    }
}
