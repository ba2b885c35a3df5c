//! Following a conversation: reading its log up to the seam, joining its listeners there, and what
//! passes by without being kept.

mod backlog;
mod join;

use std::sync::Arc;

pub use join::{Seam, Subscription};

use super::{Chat, Error, lane::Lane};
use crate::{
    auth::{Actor, Permit},
    domain::{
        event::{Event, Position, Signal},
        id::{ConversationId, Seq},
        refusal::Refusal,
    },
    hub::{Listener, Outbox},
    store::records::Cursor,
};

/// How many events one read of the log returns at most.
const PAGE_MAX: usize = 200;

/// One conversation in the hands of somebody who may read it.
#[derive(Clone)]
pub struct Following {
    chat: Chat,
    lane: Arc<Lane>,
}

impl Chat {
    /// Opens a conversation for following.
    ///
    /// # Errors
    /// [`crate::domain::refusal::Refusal::NotAMember`], or a fault of the server.
    pub fn follow(
        &self,
        permit: Permit<'_>,
        conversation: &ConversationId,
    ) -> Result<Following, Error> {
        self.may_read(permit, conversation)?;
        let lane = self.shared.lanes.open(conversation)?;
        Ok(Following { chat: self.clone(), lane })
    }

    /// Moves a person's read cursor forward and tells the others. It is on disk soon, not at once:
    /// losing it loses a badge, not a message. A position behind the cursor or beyond the log changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Chat::follow`]; [`Refusal::Unauthenticated`] for a visitor.
    pub fn read(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        upto: Seq,
    ) -> Result<(), Error> {
        let following = self.follow(Permit::Actor(actor), conversation)?;
        if actor.is_visitor() {
            return Err(Refusal::Unauthenticated("a visitor has no read position".into()).into());
        }
        let upto = upto.min(following.published());
        let number = following.lane.state().stored.as_ref().map(|stored| stored.number);
        let Some(number) = number else { return Ok(()) };
        if upto <= self.shared.store.cursor(number, actor.user())?.read {
            return Ok(());
        }
        let mut batch = self.shared.store.batch();
        let at = self.shared.clock.now();
        batch.cursor(number, actor.user(), Cursor { delivered: upto, read: upto, at })?;
        self.shared.store.submit(batch, |_| ());
        let signal =
            Signal::Read { conversation: conversation.clone(), user: actor.user().clone(), upto };
        following.lane.channel.signal(&*self.shared.encoder, &signal, None);
        Ok(())
    }

    /// Tells the others that a person is writing, or has stopped.
    ///
    /// # Errors
    /// As [`Chat::follow`].
    pub fn typing(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        on: bool,
        origin: Option<&Arc<Outbox>>,
    ) -> Result<(), Error> {
        self.may_write(Permit::Actor(actor), conversation)?;
        let lane = self.shared.lanes.open(conversation)?;
        let signal =
            Signal::Typing { conversation: conversation.clone(), user: actor.user().clone(), on };
        lane.channel.signal(&*self.shared.encoder, &signal, origin);
        Ok(())
    }
}

impl Following {
    /// The last seq that listeners were given.
    pub fn published(&self) -> Seq {
        self.lane.channel.published()
    }

    /// The store's number of the conversation, if somebody wrote to it.
    pub fn number(&self) -> Option<u64> {
        self.lane.state().stored.as_ref().map(|stored| stored.number)
    }

    /// The last seq after `from` and not after `upto`, which is published, whose event stands at
    /// `position` or before; `from` if there is none.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn last_seq_at(&self, position: Position, (from, upto): (Seq, Seq)) -> Result<Seq, Error> {
        let Some(number) = self.number() else { return Ok(from) };
        Ok(self.chat.shared.store.last_seq_at(number, position, (from, upto))?)
    }

    /// Events after `after` up to and including `upto`, oldest first, a page at a time; empty when
    /// there are none left.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn events(&self, after: Seq, upto: Seq) -> Result<Vec<Event>, Error> {
        self.page(after, upto, PAGE_MAX)
    }

    fn page(&self, after: Seq, upto: Seq, limit: usize) -> Result<Vec<Event>, Error> {
        let stored = self.lane.state().stored.clone().filter(|_| after < upto);
        let Some(stored) = stored else { return Ok(Vec::new()) };
        Ok(self.chat.shared.store.events(&stored, after, upto, limit)?)
    }

    /// Waits until everything that was decided before this call is on disk: what was read of the log
    /// may then be shown.
    pub async fn settled(&self) {
        self.lane.settled().await;
    }

    /// Joins the listeners, knowing the log up to `known`.
    ///
    /// # Errors
    /// The published position, if more was published meanwhile: read up to it and try again.
    pub fn join(&self, listener: &Listener, known: Seq) -> Result<(), Seq> {
        self.lane.channel.join(listener, known)
    }

    /// Joins the listeners here and now; returns the last seq that was published before.
    fn join_now(&self, listener: &Listener) -> Seq {
        self.lane.channel.join_now(listener)
    }
}
