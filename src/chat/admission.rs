//! Who may read and write which conversation, and in whose name. Decides from the proof alone;
//! rooms ask the token, every other kind asks the members.

use super::{Chat, lane::Recent};
use crate::{
    auth::{Admin, Permit},
    domain::{
        id::{ConversationId, Kind, UserId},
        refusal::Refusal,
    },
};

/// The scope in which a back end's idempotency keys are unique: all service keys share it, so that a
/// new key does not make old requests new. No person's name can contain a control character.
const SERVICE_SCOPE: &str = "\u{1}service";

/// The role and the name of a back end that speaks for itself.
pub(super) const SERVICE: &str = "service";

/// In whose name something is written.
#[derive(Clone)]
pub struct Author {
    pub user: UserId,
    /// `user` for a person whom a back end speaks for.
    pub role: String,
    /// The scope of its idempotency keys.
    pub scope: String,
}

impl Author {
    /// A person writes in its own name; a service in the name it gives, or its own.
    ///
    /// # Errors
    /// None in practice: the name `service` is a valid user.
    pub fn of(permit: Permit<'_>, sender: Option<UserId>) -> Result<Self, Refusal> {
        match permit {
            Permit::Actor(actor) => Ok(Self {
                user: actor.user().clone(),
                role: actor.role().to_owned(),
                scope: actor.user().to_string(),
            }),
            Permit::Service(_) => {
                let role = if sender.is_some() { "user" } else { SERVICE };
                let user = sender.or_else(|| UserId::new(SERVICE));
                let user = user.ok_or_else(|| Refusal::field("sender", "is no name"))?;
                Ok(Self { user, role: role.to_owned(), scope: SERVICE_SCOPE.to_owned() })
            }
        }
    }
}

impl Author {
    /// Whether a back end speaks for itself.
    pub(super) fn is_service(&self) -> bool {
        self.role == SERVICE
    }

    /// Whether it wrote an earlier message. A back end that speaks for itself is nobody's namesake.
    pub(super) fn wrote(&self, recent: &Recent) -> bool {
        recent.sender == self.user && (recent.role == SERVICE) == self.is_service()
    }
}

impl Chat {
    /// Whether what the permit stands for may read the conversation.
    ///
    /// # Errors
    /// [`Refusal::NotAMember`], also where the conversation does not exist.
    pub(super) fn may_read(
        &self,
        permit: Permit<'_>,
        conversation: &ConversationId,
    ) -> Result<(), Refusal> {
        match permit {
            Permit::Service(_) => Ok(()),
            Permit::Actor(_) if Admin::of(permit).is_ok() => Ok(()),
            Permit::Actor(actor) if actor.lists(conversation) => Ok(()),
            Permit::Actor(_) if conversation.kind() == Kind::Room && self.settings().open_rooms => {
                Ok(())
            }
            Permit::Actor(_) => Err(Refusal::NotAMember),
        }
    }

    /// Whether what the permit stands for may write to the conversation: whoever reads may write,
    /// visitors excepted.
    ///
    /// # Errors
    /// As [`Chat::may_read`]; [`Refusal::Unauthenticated`] for a visitor.
    pub(super) fn may_write(
        &self,
        permit: Permit<'_>,
        conversation: &ConversationId,
    ) -> Result<(), Refusal> {
        if matches!(permit, Permit::Actor(actor) if actor.is_visitor()) {
            return Err(Refusal::Unauthenticated("writing takes an access token".into()));
        }
        self.may_read(permit, conversation)
    }

    /// Whether somebody without a token may listen to rooms.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`].
    pub fn admit_visitor(&self) -> Result<(), Refusal> {
        if self.settings().open_rooms {
            return Ok(());
        }
        Err(Refusal::Unauthenticated("an access token is needed".into()))
    }
}
