//! What live connections need from the chat, in the domain's words. The gateway is written against
//! this face, so that its sockets can be tested without a store.

use crate::{
    domain::{
        command::{Command, Done, History, Page},
        id::{ConversationId, Seq, UserId},
        refusal::Refusal,
        time::Millis,
    },
    hub::Listener,
};

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The client's fault; it is told why.
    Refused(Refusal),
    /// Ours; already logged with its cause. The client learns no more than that.
    Fault,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Somebody with a valid access token.
pub trait Identity: Send + Sync + 'static {
    fn user(&self) -> &UserId;
    fn role(&self) -> &str;
    /// When the token ends; `None`: never.
    fn expires_at(&self) -> Option<Millis>;
}

/// The verbs. Clones are cheap and mean the same chat.
pub trait Chat: Clone + Send + Sync + 'static {
    type Actor: Identity;
    /// Being registered for a conversation's live events; dropping it ends that.
    type Subscription: Send + 'static;

    /// Which life of the database this is. Seqs of another one mean nothing here.
    fn epoch(&self) -> u64;

    /// Who an access token speaks for.
    fn authenticate(
        &self,
        token: &str,
    ) -> impl Future<Output = Result<Self::Actor, Failure>> + Send;

    /// Whether the actor may listen to a conversation, and the last seq it has published. A
    /// conversation that does not exist yet and may be joined answers 0.
    fn open(
        &self,
        actor: &Self::Actor,
        conversation: &ConversationId,
    ) -> impl Future<Output = Result<Seq, Failure>> + Send;

    /// Feeds every event after `after` to the listener, then the live ones: no gap, no double.
    /// Missed events come by pages from the log, each frame after the outbox has drained to a quarter
    /// of its budget (see `Outbox::drained`); then the listener is registered in the instant in which nothing newer
    /// was published. It resolves when that is done, or with a failure if the outbox closes first.
    fn follow(
        &self,
        actor: &Self::Actor,
        conversation: &ConversationId,
        after: Seq,
        listener: Listener,
    ) -> impl Future<Output = Result<Self::Subscription, Failure>> + Send;

    fn execute(
        &self,
        actor: &Self::Actor,
        command: Command,
    ) -> impl Future<Output = Result<Done, Failure>> + Send;

    fn history(
        &self,
        actor: &Self::Actor,
        history: History,
    ) -> impl Future<Output = Result<Page, Failure>> + Send;

    /// The actor has read everything up to `upto`.
    fn read(
        &self,
        actor: &Self::Actor,
        conversation: &ConversationId,
        upto: Seq,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    fn typing(
        &self,
        actor: &Self::Actor,
        conversation: &ConversationId,
        on: bool,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}
