//! The chat as live connections see it: the port's face over the real chat and the real proofs.

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
    hub::Listener,
    runtime::meters::Way,
};

/// Cheap to clone.
#[derive(Clone)]
pub struct LiveChat {
    chat: Chat,
    auth: Auth,
}

impl LiveChat {
    pub fn new(chat: Chat, auth: Auth) -> Self {
        Self { chat, auth }
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
        Self { chat: self.chat.through(way), auth: self.auth.clone() }
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
        Ok(self.chat.listen(Permit::Actor(actor), conversation, after, listener).await?)
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
