//! The chat as live connections see it: the port's face over the real chat and the real proofs.

use std::sync::Arc;

use bytes::Bytes;

use super::port::{self, Failure, Identity, Remembered};
use crate::{
    auth::{Actor, Auth, Permit},
    chat::{self, Chat, Seam, Subscription},
    domain::{
        command::{Command, Done, History, Page},
        event::{Entrance, Offset},
        id::{ConversationId, Seq, UserId},
        time::Millis,
    },
    hub::{Encoder, Importance, Listener, Outbox, Pushed, Utterance},
    runtime::meters::Way,
};

/// Cheap to clone.
#[derive(Clone)]
pub struct LiveChat {
    chat: Chat,
    auth: Auth,
    encoder: Arc<dyn Encoder>,
}

impl LiveChat {
    pub fn new(chat: Chat, auth: Auth, encoder: Arc<dyn Encoder>) -> Self {
        Self { chat, auth, encoder }
    }
}

impl Identity for Actor {
    fn user(&self) -> &UserId {
        self.user()
    }

    fn role(&self) -> &str {
        self.role()
    }

    fn expires_at(&self) -> Option<Millis> {
        self.expires_at()
    }
}

/// Queues a missed event at the peer's pace, so that catching up never looks like being slow.
async fn feed(outbox: &Outbox, frame: Bytes) -> Result<(), Failure> {
    let half = outbox.bytes_max() / 2;
    let fits = outbox.bytes() + frame.len() <= half || outbox.drained(half / 2).await;
    if fits && outbox.push(frame, Importance::Durable) == Pushed::Ok {
        Ok(())
    } else {
        Err(Failure::Fault)
    }
}

impl From<chat::Error> for Failure {
    fn from(error: chat::Error) -> Self {
        match error {
            chat::Error::Refused(refusal) => Self::Refused(refusal),
            chat::Error::Gone => Self::Fault,
            fault @ (chat::Error::Fault(_) | chat::Error::Lost) => {
                tracing::error!(%fault, "a live connection's request failed");
                Self::Fault
            }
        }
    }
}

impl port::Chat for LiveChat {
    type Actor = Actor;
    type Subscription = Subscription;
    type Seam = Seam;

    fn through(&self, way: Way) -> Self {
        Self { chat: self.chat.through(way), ..self.clone() }
    }

    fn epoch(&self) -> u64 {
        self.chat.epoch()
    }

    async fn authenticate(&self, token: &str) -> Result<Actor, Failure> {
        Ok(self.auth.authenticate_token(token)?)
    }

    async fn open(&self, actor: &Actor, conversation: &ConversationId) -> Result<Seq, Failure> {
        Ok(self.chat.follow(Permit::Actor(actor), conversation)?.published())
    }

    async fn follow(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        after: Seq,
        listener: Listener,
    ) -> Result<Subscription, Failure> {
        let following = self.chat.follow(Permit::Actor(actor), conversation)?;
        let mut known = after;
        loop {
            let upto = following.published();
            let page = following.events(known, upto)?;
            if page.is_empty() {
                if following.join(&listener, known.max(upto)).is_ok() {
                    return Ok(Subscription::new(following, listener));
                }
                continue;
            }
            // Events carry their message's newest words, also those on their way to the disk.
            following.settled().await;
            for event in &page {
                known = event.seq;
                if let Some(frame) = self.encoder.encode(listener.flavour, Utterance::Event(event))
                {
                    feed(&listener.outbox, frame).await?;
                }
            }
        }
    }

    fn visit(&self) -> Result<Actor, Failure> {
        self.chat.admit_visitor()?;
        Ok(Auth::visitor())
    }

    async fn join(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        after: Option<Seq>,
        missed_max: u64,
        listener: Listener,
    ) -> Result<(Seq, Entrance, Subscription), Failure> {
        let permit = Permit::Actor(actor);
        Ok(self.chat.join(permit, conversation, after, missed_max, listener).await?)
    }

    async fn seam(
        &self,
        actor: &Actor,
        rooms: Vec<(ConversationId, Entrance)>,
        offset: Option<Offset>,
        missed_max: u64,
        listener: Listener,
    ) -> Result<Option<Seam>, Failure> {
        let permit = Permit::Actor(actor);
        Ok(self.chat.seam(permit, rooms, offset, missed_max, listener)?)
    }

    async fn rejoin(&self, seam: Seam) -> Result<Vec<(ConversationId, Subscription)>, Failure> {
        Ok(self.chat.rejoin(seam).await?)
    }

    async fn remember(&self, pid: &str, session: &Remembered) -> Result<(), Failure> {
        Ok(self.chat.remember(pid, session).await?)
    }

    async fn recall(&self, pid: &str) -> Result<Option<Remembered>, Failure> {
        Ok(self.chat.recall(pid)?)
    }

    fn forget(&self, pid: &str) {
        self.chat.forget(pid);
    }

    async fn execute(&self, actor: &Actor, command: Command) -> Result<Done, Failure> {
        Ok(self.chat.execute(Permit::Actor(actor), command).await?)
    }

    async fn history(&self, actor: &Actor, history: History) -> Result<Page, Failure> {
        Ok(self.chat.history(Permit::Actor(actor), history).await?)
    }

    async fn read(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        upto: Seq,
    ) -> Result<(), Failure> {
        Ok(self.chat.read(actor, conversation, upto)?)
    }

    async fn typing(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        on: bool,
    ) -> Result<(), Failure> {
        Ok(self.chat.typing(actor, conversation, on, None)?)
    }
}
