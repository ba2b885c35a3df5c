//! The native protocol's operations as verbs of the chat. What comes back is plain data; saying it
//! is the business of `settle`.

use std::sync::Arc;

use super::{
    port::{Chat, Failure, Identity as _},
    shapes,
};
use crate::{
    domain::{
        command::{Command, Delete, Done, Edit, History, Once, Page, Post, Range, Target},
        event::What,
        id::{ConversationId, ForeignId, Seq},
        message::Content,
        refusal::Refusal,
    },
    wire::native::operation::{Operation, Range as Stretch, Resume},
};

/// What an operation needs of its connection.
pub(super) struct Caller<C: Chat> {
    pub chat: C,
    pub actor: Option<Arc<C::Actor>>,
    /// What it listens to; only `hello` looks at them.
    pub subscribed: Vec<ConversationId>,
    pub subscriptions_max: usize,
    /// What a history may weigh, in bytes.
    pub history_max_bytes: usize,
}

/// What became of an operation.
pub(super) enum Outcome<A> {
    Hello(Greeted<A>),
    Opened(Opened),
    Unsubscribe(ConversationId),
    Done(ConversationId),
    Sent { conversation: ConversationId, done: Done, message_id: Option<ForeignId> },
    Edited { conversation: ConversationId, done: Done, version: Option<u32> },
    Deleted { conversation: ConversationId, done: Done },
    History { conversation: ConversationId, page: Page },
}

/// A token that is valid.
pub(super) struct Greeted<A> {
    pub actor: Arc<A>,
    /// Subscriptions that the new token does not allow any more.
    pub lost: Vec<(ConversationId, Failure)>,
    /// Set if the client wanted to resume.
    pub resumed: Option<Resumed>,
}

pub(super) struct Resumed {
    pub same_epoch: bool,
    pub opened: Vec<Opened>,
    pub refused: Vec<(String, Failure)>,
}

/// A conversation that may be listened to.
#[derive(Debug)]
pub(super) struct Opened {
    pub conversation: ConversationId,
    /// The last seq that the client has.
    pub after: Option<Seq>,
    /// The last seq that was published.
    pub last: Seq,
}

// === impl Caller ===

impl<C: Chat> Caller<C> {
    pub(super) async fn perform(self, operation: Operation) -> Result<Outcome<C::Actor>, Failure> {
        let (token, resume) = match operation {
            Operation::Hello { token, resume } => (token, resume),
            other => return self.act(other).await,
        };
        self.hello(token, resume).await.map(Outcome::Hello)
    }

    async fn hello(
        &self,
        token: Option<String>,
        resume: Option<Resume>,
    ) -> Result<Greeted<C::Actor>, Failure> {
        let actor = match token {
            Some(token) => Arc::new(self.chat.authenticate(&token).await?),
            None => self.actor()?.clone(),
        };
        if self.actor.as_ref().is_some_and(|known| known.user() != actor.user()) {
            let why = "this connection speaks for somebody else".to_owned();
            return Err(Refusal::Forbidden(why).into());
        }
        let mut lost = Vec::new();
        for conversation in &self.subscribed {
            if let Err(failure) = self.chat.open(&actor, conversation).await {
                lost.push((conversation.clone(), failure));
            }
        }
        let resumed = match resume {
            Some(resume) => Some(self.resume(&actor, resume).await),
            None => None,
        };
        Ok(Greeted { actor, lost, resumed })
    }

    async fn resume(&self, actor: &C::Actor, resume: Resume) -> Resumed {
        let same_epoch = resume.epoch == epoch(&self.chat);
        let (mut opened, mut refused) = (Vec::new(), Vec::new());
        for (name, after) in resume.conversations {
            match self.open(actor, &name, Some(after), opened.len()).await {
                Ok(conversation) => opened.push(conversation),
                Err(failure) => refused.push((name, failure)),
            }
        }
        Resumed { same_epoch, opened, refused }
    }

    /// `more`: how many are about to be subscribed beside those that are.
    async fn open(
        &self,
        actor: &C::Actor,
        name: &str,
        after: Option<u64>,
        more: usize,
    ) -> Result<Opened, Failure> {
        let conversation = shapes::conversation(name)?;
        let known = self.subscribed.contains(&conversation);
        if !known && self.subscribed.len() + more >= self.subscriptions_max {
            return Err(Refusal::TooManySubscriptions { max: self.subscriptions_max }.into());
        }
        let last = self.chat.open(actor, &conversation).await?;
        Ok(Opened { conversation, after: after.map(Seq), last })
    }

    async fn act(self, operation: Operation) -> Result<Outcome<C::Actor>, Failure> {
        let actor = self.actor()?;
        match operation {
            Operation::Subscribe { conversation, after } => {
                self.open(actor, &conversation, after, 0).await.map(Outcome::Opened)
            }
            Operation::Unsubscribe { conversation } => {
                Ok(Outcome::Unsubscribe(shapes::conversation(&conversation)?))
            }
            Operation::Read { conversation, upto } => {
                let conversation = shapes::conversation(&conversation)?;
                self.chat.read(actor, &conversation, Seq(upto)).await?;
                Ok(Outcome::Done(conversation))
            }
            Operation::Typing { conversation, on } => {
                let conversation = shapes::conversation(&conversation)?;
                self.chat.typing(actor, &conversation, on).await?;
                Ok(Outcome::Done(conversation))
            }
            Operation::History { conversation, range, limit } => {
                let conversation = shapes::conversation(&conversation)?;
                self.history(actor, conversation, range, limit).await
            }
            change => self.change(actor, change).await,
        }
    }

    async fn change(
        &self,
        actor: &C::Actor,
        operation: Operation,
    ) -> Result<Outcome<C::Actor>, Failure> {
        match operation {
            Operation::Send { conversation, text, client_id, reply_to } => {
                let conversation = shapes::conversation(&conversation)?;
                let reply_to = reply_to.map(|id| shapes::foreign("reply_to", &id)).transpose()?;
                let command = Command::Post(Post {
                    conversation: conversation.clone(),
                    sender: None,
                    id: None,
                    content: Content::plain(text),
                    reply_to,
                    once: once(client_id, "send"),
                });
                let done = self.chat.execute(actor, command).await?;
                let message_id = self.sent_id(actor, &conversation, &done).await?;
                Ok(Outcome::Sent { conversation, done, message_id })
            }
            Operation::Edit { conversation, seq, text, client_id } => {
                let conversation = shapes::conversation(&conversation)?;
                let command = Command::Edit(Edit {
                    conversation: conversation.clone(),
                    sender: None,
                    target: Target::Seq(Seq(seq)),
                    content: Content::plain(text),
                    update: false,
                    once: once(client_id, "edit"),
                });
                let done = self.chat.execute(actor, command).await?;
                let version = self.version(actor, &conversation, Seq(seq), &done).await?;
                Ok(Outcome::Edited { conversation, done, version })
            }
            Operation::Delete { conversation, seq, client_id } => {
                let conversation = shapes::conversation(&conversation)?;
                let command = Command::Delete(Delete {
                    conversation: conversation.clone(),
                    target: Target::Seq(Seq(seq)),
                    once: once(client_id, "delete"),
                });
                let done = self.chat.execute(actor, command).await?;
                Ok(Outcome::Deleted { conversation, done })
            }
            _ => Err(Refusal::Malformed("op: means nothing here".into()).into()),
        }
    }

    /// The id of the message that was posted; for a repeat, of the one that was posted then.
    async fn sent_id(
        &self,
        actor: &C::Actor,
        conversation: &ConversationId,
        done: &Done,
    ) -> Result<Option<ForeignId>, Failure> {
        let Done::Stored { seq, event, .. } = done else { return Ok(None) };
        if let Some(What::Posted(message)) = event.as_ref().map(|event| &event.what) {
            return Ok(Some(message.id.clone()));
        }
        Ok(self.message_at(actor, conversation, *seq).await?.map(|message| message.id))
    }

    async fn version(
        &self,
        actor: &C::Actor,
        conversation: &ConversationId,
        target: Seq,
        done: &Done,
    ) -> Result<Option<u32>, Failure> {
        let Done::Stored { event, .. } = done else { return Ok(None) };
        if let Some(What::Edited { message, .. }) = event.as_ref().map(|event| &event.what) {
            return Ok(Some(message.version));
        }
        Ok(self.message_at(actor, conversation, target).await?.map(|message| message.version))
    }

    async fn message_at(
        &self,
        actor: &C::Actor,
        conversation: &ConversationId,
        seq: Seq,
    ) -> Result<Option<crate::domain::message::Message>, Failure> {
        let range = Range::After(Seq(seq.0.saturating_sub(1)));
        let history = History { conversation: conversation.clone(), range, limit: 1 };
        let page = self.chat.history(actor, history).await?;
        Ok(page.messages.into_iter().find(|message| message.seq == seq))
    }

    async fn history(
        &self,
        actor: &C::Actor,
        conversation: ConversationId,
        range: Stretch,
        limit: usize,
    ) -> Result<Outcome<C::Actor>, Failure> {
        let range = match range {
            Stretch::After(after) => Range::After(Seq(after)),
            Stretch::Before(before) => Range::Before(Seq(before)),
            Stretch::Latest => Range::Latest,
        };
        let history = History { conversation: conversation.clone(), range, limit };
        let mut page = self.chat.history(actor, history).await?;
        shorten(&mut page, range, self.history_max_bytes);
        Ok(Outcome::History { conversation, page })
    }

    fn actor(&self) -> Result<&Arc<C::Actor>, Failure> {
        let missing = || Refusal::Unauthenticated("say hello first".into());
        self.actor.as_ref().ok_or_else(|| missing().into())
    }
}

/// The epoch as clients see it.
pub(super) fn epoch<C: Chat>(chat: &C) -> String {
    format!("{:016x}", chat.epoch())
}

fn once(key: Option<String>, verb: &'static str) -> Once {
    Once { key, window_ms: None, verb }
}

/// Leaves out what would be too much for one answer, at the end at which the client asks on.
fn shorten(page: &mut Page, range: Range, bytes_max: usize) {
    /// What a message weighs beside its words, roughly.
    const FRAME_BYTES: usize = 400;
    let forward = matches!(range, Range::After(_));
    let mut bytes: usize = 0;
    let mut fits = |message: &crate::domain::message::Message| {
        bytes = bytes.saturating_add(message.content.len_bytes().saturating_mul(2) + FRAME_BYTES);
        bytes <= bytes_max
    };
    let kept = if forward {
        page.messages.iter().take_while(|message| fits(message)).count()
    } else {
        page.messages.iter().rev().take_while(|message| fits(message)).count()
    }
    .max(1);
    if kept >= page.messages.len() {
        return;
    }
    page.more = true;
    if forward {
        page.messages.truncate(kept);
    } else {
        page.messages.drain(..page.messages.len() - kept);
    }
}
