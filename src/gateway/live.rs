//! The chat as live connections see it: the port's face over the real chat and the real proofs.

use std::sync::Arc;

use bytes::Bytes;

use super::port::{self, Failure, Identity};
use crate::{
    auth::{Actor, Auth, Permit},
    chat::{self, Chat, Following},
    domain::{
        command::{Command, Done, History, Page},
        id::{ConversationId, Seq, UserId},
        time::Millis,
    },
    hub::{Encoder, Importance, Listener, Outbox, Pushed, Utterance},
};

/// Cheap to clone.
#[derive(Clone)]
pub struct LiveChat {
    chat: Chat,
    auth: Auth,
    encoder: Arc<dyn Encoder>,
}

/// A place among a conversation's listeners; given up when dropped.
pub struct Subscription {
    following: Following,
    outbox: Arc<Outbox>,
}

impl LiveChat {
    pub fn new(chat: Chat, auth: Auth, encoder: Arc<dyn Encoder>) -> Self {
        Self { chat, auth, encoder }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.following.leave(&self.outbox);
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
        Some(self.expires_at())
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
                let outbox = listener.outbox.clone();
                if following.join(&listener, known.max(upto)).is_ok() {
                    return Ok(Subscription { following, outbox });
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
