//! The proofs of who is asking. Only this folder can make one, so a verb that takes one cannot be
//! reached without a credential. They say nothing of what the bearer wants.

use std::sync::Arc;

use super::globs::Globs;
use crate::domain::{
    id::{ConversationId, Kind, UserId},
    refusal::Refusal,
    time::Millis,
};

/// The role of those who have no token.
const VISITOR: &str = "visitor";

/// A person or program with a valid access token, or a visitor without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub(super) user: UserId,
    pub(super) role: Arc<str>,
    pub(super) name: Option<Arc<str>>,
    /// `None`: a visitor, who has no token that could end.
    pub(super) expires_at: Option<Millis>,
    pub(super) rooms: Globs,
}

/// A back end with a valid service key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub(super) key_id: Arc<str>,
    pub(super) scopes: Arc<[String]>,
}

/// Somebody who may administer the server.
#[derive(Clone, Copy, Debug)]
pub struct Admin(());

/// Whoever is asking.
#[derive(Clone, Copy, Debug)]
pub enum Permit<'a> {
    Actor(&'a Actor),
    Service(&'a Service),
}

// === impl Actor ===

impl Actor {
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// `user` unless the token says otherwise.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The name for display, if the token has one.
    #[must_use]
    #[cfg_attr(not(test), expect(dead_code, reason = "member lists and presence show it"))]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Somebody without a token. What that is good for, if anything, is for the verbs to say.
    pub(super) fn visitor() -> Self {
        Self {
            user: UserId::visitor(),
            role: VISITOR.into(),
            name: None,
            expires_at: None,
            rooms: Globs::default(),
        }
    }

    /// Whether this is somebody without a token.
    #[must_use]
    pub fn is_visitor(&self) -> bool {
        self.user.is_visitor()
    }

    /// When the token ends; a connection that lives on it ends then too. `None`: never.
    #[must_use]
    pub fn expires_at(&self) -> Option<Millis> {
        self.expires_at
    }

    /// Whether the token lists this room. Says nothing of membership, and nothing of conversations
    /// of other kinds: those are open to their members only.
    #[must_use]
    pub fn lists(&self, conversation: &ConversationId) -> bool {
        conversation.kind() == Kind::Room && self.rooms.matches(conversation.name())
    }

    /// An actor without a token.
    #[cfg(test)]
    #[must_use]
    pub fn for_test(user: &str, role: &str, rooms: &str, expires_at: Millis) -> Self {
        Self {
            user: UserId::new(user).expect("a user id"),
            role: role.into(),
            name: None,
            expires_at: Some(expires_at),
            rooms: Globs::split(rooms).expect("globs"),
        }
    }
}

// === impl Service ===

impl Service {
    /// # Errors
    /// [`Refusal::Forbidden`] if its key lacks this scope.
    pub fn allow(&self, scope: &str) -> Result<(), Refusal> {
        if self.scopes.iter().any(|has| has == scope) {
            return Ok(());
        }
        Err(Refusal::Forbidden(format!("this service key lacks the scope `{scope}`")))
    }

    /// A service without a key.
    #[cfg(test)]
    #[must_use]
    pub fn for_test(scopes: &[&str]) -> Self {
        Self {
            key_id: "00000000".into(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        }
    }
}

// === impl Admin ===

impl Admin {
    /// Whoever may use the control socket or open the store: the machine's own administrator.
    #[must_use]
    pub fn of_the_machine() -> Self {
        Self(())
    }

    /// A person with the role `admin`, or a service with the scope `admin`.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] for everybody else.
    pub fn of(permit: Permit<'_>) -> Result<Self, Refusal> {
        match permit {
            Permit::Actor(actor) if actor.role() == "admin" => Ok(Self(())),
            Permit::Actor(_) => Err(Refusal::Forbidden("only administrators may do this".into())),
            Permit::Service(service) => service.allow("admin").map(Self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_open_rooms_only() {
        let actor = Actor::for_test("u", "user", "chat_* order:77", Millis(0));
        let lists = |text| actor.lists(&ConversationId::parse(text).expect("an id"));
        assert!(lists("chat_1") && lists("room:order:77"));
        assert!(!lists("order:77") && !lists("direct:chat_1") && !lists("other"));
    }

    #[test]
    fn administrators_are_few() {
        let user = Actor::for_test("u", "user", "", Millis(0));
        let admin = Actor::for_test("a", "admin", "", Millis(0));
        assert!(Admin::of(Permit::Actor(&user)).is_err());
        assert!(Admin::of(Permit::Actor(&admin)).is_ok());
        assert!(Admin::of(Permit::Service(&Service::for_test(&["sms"]))).is_err());
        assert!(Admin::of(Permit::Service(&Service::for_test(&["admin"]))).is_ok());
    }
}
