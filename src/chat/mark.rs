//! Changes of a message without words: deletion and status. Nothing to moderate, decided at once.

use super::{
    Chat, Error, Ticket,
    admission::Author,
    edit::{Found, is_own},
    post::former,
};
use crate::{
    auth::{Admin, Permit},
    domain::{
        command::{Delete, Once, SetStatus, Target},
        event::{Event, Position, What},
        id::ConversationId,
        message::{Content, Message},
        policy::{Deletion, Policy},
        refusal::Refusal,
        time::Millis,
    },
};

impl Chat {
    pub(super) fn delete(&self, permit: Permit<'_>, delete: Delete) -> Result<Ticket, Error> {
        let Delete { conversation, target, once } = delete;
        let policy = self.settings().policy(conversation.kind());
        self.mark(permit, &conversation, (&target, &once), |found| {
            admit_delete(permit, &policy, found.message.as_ref())?;
            Ok(What::Deleted { target: found.id.clone(), message: found.seq() })
        })
    }

    pub(super) fn status(&self, permit: Permit<'_>, set: SetStatus) -> Result<Ticket, Error> {
        let SetStatus { conversation, target, status, once } = set;
        self.mark(permit, &conversation, (&target, &once), |found| match permit {
            Permit::Service(_) => {
                Ok(What::Status { target: found.id.clone(), message: found.seq(), status })
            }
            Permit::Actor(_) => {
                Err(Refusal::Forbidden("only a back end sets a message's status".into()))
            }
        })
    }

    fn mark(
        &self,
        permit: Permit<'_>,
        conversation: &ConversationId,
        (target, once): (&Target, &Once),
        what: impl FnOnce(&Found) -> Result<What, Refusal>,
    ) -> Result<Ticket, Error> {
        self.may_write(permit, conversation)?;
        let author = Author::of(permit, None)?;
        let lane = self.shared.lanes.open(conversation)?;
        let now = self.shared.clock.now();
        let mut state = lane.state();
        if let Some(ticket) = self.repeated(&lane, &state, (&author.scope, once), now)? {
            return Ok(ticket);
        }
        let found = self.target(permit, &state, target)?;
        let what = what(&found)?;
        self.shared.store.room_to_write()?;
        let waiting = self.wait()?;
        let mut draft = self.draft(&lane, &mut state)?;
        draft.remember(&author.scope, once)?;
        let event = Event {
            conversation: conversation.clone(),
            seq: draft.seq,
            position: Position::default(),
            at: draft.at,
            by: author.user,
            request: once.key.clone(),
            what,
        };
        let mut gone = None;
        if let Some(old) = &found.message {
            let message = marked(old, &event.what, draft.at);
            let keep = message.deleted_at.map(|_| former(old));
            draft.batch.replace(draft.number, &message, keep.as_ref())?;
            gone = keep.map(|_| old.seq);
        }
        let ticket = self.commit(&lane, &mut state, (draft, event), Some(waiting))?;
        state.recent.retain(|recent| Some(recent.seq) != gone);
        Ok(ticket)
    }
}

fn admit_delete(
    permit: Permit<'_>,
    policy: &Policy,
    message: Option<&Message>,
) -> Result<(), Refusal> {
    if message.is_some_and(|message| message.deleted_at.is_some()) {
        return Err(Refusal::MessageDeleted);
    }
    let allowed = match (policy.deletion, permit) {
        (Deletion::Nobody, _) => false,
        (_, Permit::Service(_)) => true,
        (_, Permit::Actor(_)) if Admin::of(permit).is_ok() => true,
        (Deletion::Caller, Permit::Actor(_)) => false,
        (Deletion::Operators, Permit::Actor(actor)) => actor.role() == "operator",
        (Deletion::Author, Permit::Actor(actor)) => {
            message.is_some_and(|message| is_own(message, actor))
        }
    };
    if allowed { Ok(()) } else { Err(Refusal::DeleteNotAllowed) }
}

/// A message as it stands after a deletion or a status.
pub(super) fn marked(old: &Message, what: &What, now: Millis) -> Message {
    let mut message = old.clone();
    match what {
        What::Deleted { .. } => {
            message.content = Content::default();
            message.version += 1;
            message.deleted_at = Some(now);
        }
        What::Status { status, .. } => message.status = Some(status.clone()),
        What::Posted(_) | What::Edited { .. } => {}
    }
    message
}
