//! A chat in memory for the gateway's tests: every conversation is open to everybody whose token is
//! a name. It keeps the promises of the port: order, no gap and no double at the seam.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, Weak},
};

use tokio::sync::Semaphore;

use crate::{
    domain::{
        command::{Command, Done, History, Page, Range, Target},
        event::{EditReason, Entrance, Event, Offset, Position, Signal, What},
        id::{ConversationId, ForeignId, Seq, UserId},
        message::Message,
        refusal::Refusal,
        time::Millis,
    },
    gateway::{
        encoder::Frames,
        port::{Chat, Failure, Identity, Remembered},
    },
    hub::{Encoder as _, Importance, Listener, Pushed, Utterance},
};

#[derive(Clone, Default)]
pub(in crate::gateway) struct Hall(Arc<Mutex<Everything>>, Arc<Slowly>);

/// Posts of the text `slowly` take until the test lets them go on.
struct Slowly {
    begun: Semaphore,
    go: Semaphore,
}

impl Default for Slowly {
    fn default() -> Self {
        Self { begun: Semaphore::new(0), go: Semaphore::new(0) }
    }
}

#[derive(Default)]
struct Everything {
    logs: BTreeMap<ConversationId, Log>,
    /// How many events there are in all logs.
    last: Position,
    sessions: BTreeMap<String, Remembered>,
}

#[derive(Default)]
struct Log {
    number: u64,
    events: Vec<Arc<Event>>,
    messages: Vec<Message>,
    listeners: Vec<Weak<Listener>>,
}

pub(in crate::gateway) struct Person(UserId, Option<Millis>);

/// Where a session goes on; it listens already, behind a cork.
pub(in crate::gateway) struct Seam {
    joined: Vec<(ConversationId, Arc<Listener>)>,
    missed: Vec<Arc<Event>>,
    offset: Option<Offset>,
    listener: Listener,
}

impl Identity for Person {
    fn user(&self) -> &UserId {
        &self.0
    }

    fn role(&self) -> &'static str {
        "user"
    }

    fn expires_at(&self) -> Option<Millis> {
        self.1
    }
}

impl Hall {
    fn with<T>(&self, conversation: &ConversationId, work: impl FnOnce(&mut Log) -> T) -> T {
        work(self.0.lock().unwrap().log(conversation))
    }

    /// How many listen.
    pub(in crate::gateway) fn listeners(&self, conversation: &str) -> usize {
        self.with(&ConversationId::parse(conversation).unwrap(), |log| {
            log.listeners.iter().filter(|listener| listener.strong_count() > 0).count()
        })
    }

    /// Waits until a slow post has begun.
    pub(in crate::gateway) async fn slow_begun(&self) {
        let begun = tokio::time::timeout(super::PATIENCE, self.1.begun.acquire()).await;
        begun.expect("a slow post begins in time").unwrap().forget();
    }

    /// Lets a slow post go on.
    pub(in crate::gateway) fn let_go(&self) {
        self.1.go.add_permits(1);
    }

    pub(in crate::gateway) fn last(&self, conversation: &str) -> usize {
        self.with(&ConversationId::parse(conversation).unwrap(), |log| log.events.len())
    }

    /// Posts as somebody else.
    pub(in crate::gateway) fn say(&self, conversation: &str, text: &str) -> u64 {
        let post = crate::domain::command::Post {
            conversation: ConversationId::parse(conversation).unwrap(),
            sender: None,
            id: None,
            content: crate::domain::message::Content::plain(text),
            reply_to: None,
            once: crate::domain::command::Once::default(),
        };
        match self.change(&UserId::new("other").unwrap(), Command::Post(post)) {
            Ok(Done::Stored { delivered, .. }) => delivered,
            other => panic!("{other:?}"),
        }
    }

    fn change(&self, user: &UserId, command: Command) -> Result<Done, Failure> {
        let conversation = match &command {
            Command::Post(post) => post.conversation.clone(),
            Command::Edit(edit) => edit.conversation.clone(),
            Command::Delete(delete) => delete.conversation.clone(),
            Command::Status(status) => status.conversation.clone(),
        };
        let mut all = self.0.lock().unwrap();
        let position = all.last.next();
        let done = all.log(&conversation).change(conversation, position, (user, command))?;
        if matches!(done, Done::Stored { .. }) {
            all.last = position;
        }
        Ok(done)
    }

    fn signal(&self, signal: &Signal) {
        self.with(signal.conversation(), |log| log.publish(Utterance::Signal(signal)));
    }
}

impl Everything {
    fn log(&mut self, conversation: &ConversationId) -> &mut Log {
        let number = self.logs.len() as u64 + 1;
        let new = || Log { number, ..Log::default() };
        self.logs.entry(conversation.clone()).or_insert_with(new)
    }
}

impl Log {
    fn change(
        &mut self,
        conversation: ConversationId,
        position: Position,
        (user, command): (&UserId, Command),
    ) -> Result<Done, Failure> {
        let seq = Seq(self.events.len() as u64 + 1);
        let at = Millis(1_705_314_600_000);
        let (what, request) = match command {
            Command::Post(post) => {
                if post.content.text == "hold me" {
                    return Ok(Done::Held { at, category: "phone".into() });
                }
                let message = Message {
                    seq,
                    id: ForeignId::text(&format!("m-{}", seq.0)).unwrap(),
                    sender: user.clone(),
                    role: "user".into(),
                    content: post.content,
                    reply_to: post.reply_to,
                    client_id: post.once.key.clone(),
                    created_at: at,
                    version: 1,
                    edited_at: None,
                    deleted_at: None,
                    status: None,
                    flags: vec![],
                    altered: false,
                };
                self.messages.push(message.clone());
                (What::Posted(Arc::new(message)), post.once.key)
            }
            Command::Edit(edit) => {
                let message = self.find(&edit.target)?;
                message.content = edit.content;
                message.version += 1;
                message.edited_at = Some(at);
                let what = What::Edited {
                    target: message.id.clone(),
                    message: Arc::new(message.clone()),
                    why: EditReason::Edit,
                };
                (what, edit.once.key)
            }
            Command::Delete(delete) => {
                let message = self.find(&delete.target)?;
                message.deleted_at = Some(at);
                let what = What::Deleted { target: message.id.clone(), message: Some(message.seq) };
                (what, delete.once.key)
            }
            Command::Status(_) => return Err(Failure::Fault),
        };
        let by = user.clone();
        let event = Arc::new(Event { conversation, seq, position, at, by, request, what });
        self.events.push(event.clone());
        let delivered = self.publish(Utterance::Event(&event));
        let event = Some(event);
        Ok(Done::Stored { seq, at, delivered, repeat: false, event, notice: None })
    }

    fn last(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    fn after(&self, seq: Seq) -> Vec<Arc<Event>> {
        self.events.iter().skip(usize::try_from(seq.0).unwrap()).cloned().collect()
    }

    fn find(&mut self, target: &Target) -> Result<&mut Message, Refusal> {
        self.messages
            .iter_mut()
            .find(|message| match target {
                Target::Seq(seq) => message.seq == *seq,
                Target::Id(id) => message.id == *id,
            })
            .ok_or(Refusal::NoSuchMessage)
    }

    fn publish(&mut self, what: Utterance<'_>) -> u64 {
        let importance = match what {
            Utterance::Event(_) | Utterance::Missed(..) => Importance::Durable,
            Utterance::Signal(_) => Importance::Droppable,
        };
        let mut delivered = 0;
        self.listeners.retain(|listener| {
            let Some(listener) = listener.upgrade() else { return false };
            let Some(frame) = Frames.encode(listener.flavour, what) else { return true };
            let pushed = listener.outbox.push(frame, importance);
            delivered += u64::from(pushed == Pushed::Ok);
            true
        });
        delivered
    }
}

impl Chat for Hall {
    type Actor = Person;
    type Subscription = Arc<Listener>;
    type Seam = Seam;

    fn through(&self, _: crate::runtime::meters::Way) -> Self {
        self.clone()
    }

    fn epoch(&self) -> u64 {
        0xE
    }

    async fn authenticate(&self, token: &str) -> Result<Person, Failure> {
        let now = crate::runtime::Clock::system().now();
        match token {
            "wrong" => Err(Refusal::Unauthenticated("the token is not valid".into()).into()),
            "brief" => Ok(Person(UserId::new("anna").unwrap(), Some(now.plus(300)))),
            name => Ok(Person(UserId::new(name).unwrap(), Some(now.plus(3_600_000)))),
        }
    }

    async fn open(&self, _: &Person, conversation: &ConversationId) -> Result<Seq, Failure> {
        if conversation.name() == "secret" {
            return Err(Refusal::NotAMember.into());
        }
        Ok(self.with(conversation, |log| Seq(log.events.len() as u64)))
    }

    async fn follow(
        &self,
        _: &Person,
        conversation: &ConversationId,
        after: Seq,
        listener: Listener,
    ) -> Result<Arc<Listener>, Failure> {
        let listener = Arc::new(listener);
        let mut sent = usize::try_from(after.0).unwrap();
        loop {
            let page = self.with(conversation, |log| {
                if sent >= log.events.len() {
                    log.listeners.push(Arc::downgrade(&listener));
                }
                log.events.iter().skip(sent).take(3).cloned().collect::<Vec<_>>()
            });
            if page.is_empty() {
                return Ok(listener);
            }
            sent += page.len();
            for event in page {
                if !listener.outbox.drained(listener.outbox.bytes_max() / 4).await {
                    return Err(Failure::Fault);
                }
                let frame = Frames.encode(listener.flavour, Utterance::Event(&event)).unwrap();
                listener.outbox.push(frame, Importance::Durable);
            }
            tokio::task::yield_now().await;
        }
    }

    fn visit(&self) -> Result<Person, Failure> {
        Ok(Person(UserId::visitor(), None))
    }

    async fn join(
        &self,
        actor: &Person,
        conversation: &ConversationId,
        after: Option<Seq>,
        missed_max: u64,
        listener: Listener,
    ) -> Result<(Seq, Entrance, Arc<Listener>), Failure> {
        self.open(actor, conversation).await?;
        let listener = Arc::new(listener);
        let (position, number, last, missed) = {
            let mut all = self.0.lock().unwrap();
            let position = all.last;
            let log = all.log(conversation);
            let missed = log.after(after.unwrap_or(log.last()));
            if after > Some(log.last()) || missed.len() as u64 > missed_max {
                return Err(Refusal::field("after", "fetch the history").into());
            }
            listener.outbox.cork();
            log.listeners.push(Arc::downgrade(&listener));
            (position, log.number, log.last(), missed)
        };
        for event in missed {
            let offset = Offset { position, except: Some((number, event.seq)) };
            feed(&listener, Utterance::Missed(&event, &offset)).await?;
        }
        listener.outbox.uncork();
        let since = after.unwrap_or(last);
        Ok((last, Entrance { since, position }, listener))
    }

    async fn seam(
        &self,
        actor: &Person,
        rooms: Vec<(ConversationId, Entrance)>,
        offset: Option<Offset>,
        missed_max: u64,
        listener: Listener,
    ) -> Result<Option<Seam>, Failure> {
        let (mut joined, mut missed) = (Vec::new(), Vec::new());
        for (room, entrance) in rooms {
            if self.open(actor, &room).await.is_ok() {
                joined.push((room, entrance, Arc::new(listener.clone())));
            }
        }
        {
            let mut all = self.0.lock().unwrap();
            if offset.is_some_and(|offset| offset.position > all.last) {
                return Ok(None);
            }
            for (room, Entrance { since, position }, _) in &joined {
                let log = all.log(room);
                let had = |offset: Offset| match offset.except {
                    Some((number, seq)) if number == log.number => seq,
                    _ => {
                        let had = log.events.iter().filter(|e| e.position <= offset.position);
                        Seq(had.count() as u64).max(*since)
                    }
                };
                let named =
                    |offset: &Offset| offset.except.is_some_and(|(number, _)| number == log.number);
                let offset = offset.filter(|o| o.position > *position || named(o));
                let from = offset.map_or(*since, had);
                if from > log.last() {
                    return Ok(None);
                }
                missed.extend(log.after(from));
            }
            if missed.len() as u64 > missed_max {
                return Ok(None);
            }
            listener.outbox.cork();
            for (room, _, listener) in &joined {
                all.log(room).listeners.push(Arc::downgrade(listener));
            }
        }
        missed.sort_by_key(|event| event.position);
        let joined = joined.into_iter().map(|(room, _, listener)| (room, listener)).collect();
        Ok(Some(Seam { joined, missed, offset, listener }))
    }

    async fn rejoin(&self, seam: Seam) -> Result<Vec<(ConversationId, Arc<Listener>)>, Failure> {
        let Seam { joined, missed, offset, listener } = seam;
        for event in missed {
            let behind = offset.filter(|offset| event.position <= offset.position);
            match behind.and_then(|offset| Some((offset, offset.except?.0))) {
                Some((offset, number)) => {
                    let offset = Offset { except: Some((number, event.seq)), ..offset };
                    feed(&listener, Utterance::Missed(&event, &offset)).await?;
                }
                None => feed(&listener, Utterance::Event(&event)).await?,
            }
        }
        listener.outbox.uncork();
        Ok(joined)
    }

    async fn remember(&self, pid: &str, session: &Remembered) -> Result<(), Failure> {
        let at = crate::runtime::Clock::system().now();
        let session = Remembered { at, ..session.clone() };
        self.0.lock().unwrap().sessions.insert(pid.into(), session);
        Ok(())
    }

    async fn recall(&self, pid: &str) -> Result<Option<Remembered>, Failure> {
        Ok(self.0.lock().unwrap().sessions.get(pid).cloned())
    }

    fn forget(&self, pid: &str) {
        self.0.lock().unwrap().sessions.remove(pid);
    }

    async fn execute(&self, actor: &Person, command: Command) -> Result<Done, Failure> {
        if let Command::Post(post) = &command
            && post.content.text == "slowly"
        {
            self.1.begun.add_permits(1);
            self.1.go.acquire().await.unwrap().forget();
        }
        self.change(&actor.0, command)
    }

    async fn history(&self, _: &Person, history: History) -> Result<Page, Failure> {
        self.with(&history.conversation, |log| {
            let last = Seq(log.events.len() as u64);
            let inside = |message: &&Message| match history.range {
                Range::After(after) => message.seq > after,
                Range::Before(before) => message.seq < before,
                Range::Latest => true,
            };
            let mut messages: Vec<Message> = log.messages.iter().filter(inside).cloned().collect();
            let more = messages.len() > history.limit;
            match history.range {
                Range::After(_) => messages.truncate(history.limit),
                _ => drop(messages.drain(..messages.len().saturating_sub(history.limit))),
            }
            Ok(Page { messages, last, more })
        })
    }

    async fn read(
        &self,
        actor: &Person,
        conversation: &ConversationId,
        upto: Seq,
    ) -> Result<(), Failure> {
        let (conversation, user) = (conversation.clone(), actor.0.clone());
        self.signal(&Signal::Read { conversation, user, upto });
        Ok(())
    }

    async fn typing(
        &self,
        actor: &Person,
        conversation: &ConversationId,
        on: bool,
    ) -> Result<(), Failure> {
        let (conversation, user) = (conversation.clone(), actor.0.clone());
        self.signal(&Signal::Typing { conversation, user, on });
        Ok(())
    }
}

/// Queues a missed event at the peer's pace.
async fn feed(listener: &Listener, what: Utterance<'_>) -> Result<(), Failure> {
    let outbox = &listener.outbox;
    let frame = Frames.encode(listener.flavour, what).unwrap();
    if outbox.drained(outbox.bytes_max() / 4).await && outbox.push_past(frame) == Pushed::Ok {
        return Ok(());
    }
    outbox.break_off();
    Err(Failure::Fault)
}
