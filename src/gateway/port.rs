//! What live connections need from the chat, in the domain's words. The gateway is written against
//! this face, so that its sockets can be tested without a store.

use crate::{
    domain::{
        command::{Command, Done, History, Page},
        event::{Entrance, Offset},
        id::{ConversationId, Seq, UserId},
        refusal::Refusal,
        time::Millis,
    },
    hub::Listener,
    runtime::meters::Way,
};

pub use crate::chat::Remembered;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The client's fault; it is told why.
    Refused(Refusal),
    /// Ours; already logged with its cause. The client learns no more than that.
    Fault,
}

impl Failure {
    /// Its code, as clients are told.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Fault => "internal",
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Somebody with a valid access token, or a visitor without one.
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
    type Subscription: Send + Sync + 'static;
    /// Where a session goes on after a break.
    type Seam: Send + 'static;

    /// The same chat, for those who come by another way.
    #[must_use]
    fn through(&self, way: Way) -> Self;

    /// Which life of the database this is. Seqs of another one mean nothing here.
    fn epoch(&self) -> u64;

    /// Who an access token speaks for.
    fn authenticate(
        &self,
        token: &str,
    ) -> impl Future<Output = Result<Self::Actor, Failure>> + Send;

    /// Somebody without a token, where rooms are open to everybody: who may listen to rooms and read
    /// them, and nothing else.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] where rooms are not open.
    fn visit(&self) -> Result<Self::Actor, Failure>;

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

    /// Follows one more conversation. Without `after`: what is published from now on. With it, first
    /// what was missed since, as `Utterance::Missed`: with the position up to which its reader has
    /// everything else, and how far it is in this conversation. Meanwhile the
    /// outbox is corked. Then live. Returns the seq at which it joined, 0 for a conversation that
    /// nobody wrote to yet: what a session is remembered with.
    ///
    /// One at a time per outbox, and not for a conversation that the same listener hears already. If it fails,
    /// or is dropped, while it feeds, the outbox closes: its client has to take up where it stands.
    ///
    /// # Errors
    /// A refusal: not allowed, more than `missed_max` events missed, or `after` beyond the log.
    fn join(
        &self,
        actor: &Self::Actor,
        conversation: &ConversationId,
        after: Option<Seq>,
        missed_max: u64,
        listener: Listener,
    ) -> impl Future<Output = Result<(Seq, Entrance, Self::Subscription), Failure>> + Send;

    /// Finds where a session goes on after a break: `rooms`, each with the seq at which it was joined,
    /// and `offset`, how far its client says that it came; without it, no further than where it joined.
    /// Rooms that may no longer be read are left out.
    ///
    /// `None` if there is no seam: more than `missed_max` events missed, or an offset or a seq that was
    /// never published.
    fn seam(
        &self,
        actor: &Self::Actor,
        rooms: Vec<(ConversationId, Entrance)>,
        offset: Option<Offset>,
        missed_max: u64,
        listener: Listener,
    ) -> impl Future<Output = Result<Option<Self::Seam>, Failure>> + Send;

    /// Follows the conversations of a seam again: everything missed of all of them in the order of
    /// positions, then live. As for [`Chat::join`], one at a time, and a failure halfway closes the
    /// outbox.
    fn rejoin(
        &self,
        seam: Self::Seam,
    ) -> impl Future<Output = Result<Vec<(ConversationId, Self::Subscription)>, Failure>> + Send;

    /// Remembers a live session under its secret, over what was there; resolves when it is on disk.
    /// `at` is not taken from here: it is the time of the call. A session that goes on has to be
    /// remembered again well within the recovery window.
    fn remember(
        &self,
        pid: &str,
        session: &Remembered,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// The session with this secret; `None` if it is unknown, of another epoch, or was remembered too
    /// long ago.
    fn recall(&self, pid: &str)
    -> impl Future<Output = Result<Option<Remembered>, Failure>> + Send;

    /// Forgets a session that has ended.
    fn forget(&self, pid: &str);

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
