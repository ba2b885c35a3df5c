//! The verbs over a real store and a real moderation host without plugins.

mod moderation;
mod order;
mod recovery;
mod sessions;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Waker},
};

use bytes::Bytes;

use super::{Chat, ChatSettings, Error};
use crate::{
    auth::{Actor, Permit, Service},
    domain::{
        command::{Command, Delete, Done, Edit, History, Once, Post, Range, SetStatus, Target},
        event::{Event, Offset},
        id::{ConversationId, ForeignId, Kind, Seq},
        message::Content,
        policy::Policy,
        redact::{StripWords, Table},
        refusal::Refusal,
        time::Millis,
    },
    hub::{Encoder, Flavour, Listener, Outbox, Utterance},
    moderation::{ModerationSettings, Moderator},
    runtime::{Clock, Drain, Tasks},
    store::{Store, StoreSettings},
};

/// Frames that are the seq of their event, or in the second flavour its conversation, its seq and the
/// offset that its reader has with it.
struct Seqs;

const OFFSETS: Flavour = Flavour(1);

impl Encoder for Seqs {
    fn encode(&self, flavour: Flavour, what: Utterance<'_>) -> Option<Bytes> {
        let (event, offset) = match what {
            Utterance::Event(event) => (event, Offset::from(event.position)),
            Utterance::Missed(event, offset) => (event, *offset),
            Utterance::Signal(_) => return None,
        };
        Some(match flavour {
            OFFSETS => format!("{} {} {offset}", event.conversation, event.seq).into(),
            _ => event.seq.to_string().into(),
        })
    }
}

/// A chat in a directory that goes away with it.
struct Bed {
    chat: Chat,
    store: Store,
    dir: PathBuf,
    service: Service,
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.store.close();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Bed {
    fn new() -> Self {
        Self::open(scratch(), Clock::system(), false)
    }

    /// The chat in a directory, with a clock, and with rooms open to everybody or not.
    fn open(dir: PathBuf, clock: Clock, open_rooms: bool) -> Self {
        let settings =
            StoreSettings { free_floor_bytes: 0, ballast_bytes: 0, ..StoreSettings::default() };
        let (store, _) = Store::open(&dir, settings, |_| ()).expect("a store");
        let moderation = ModerationSettings::new(dir.join("plugins"), &dir);
        let moderator = Moderator::open(moderation, &clock).expect("a moderator");
        let settings = ChatSettings {
            policies: Kind::ALL.map(Policy::default_for),
            moderation: Table::default(),
            strip_words: StripWords::default(),
            languages: Vec::new(),
            default_region: String::new(),
            allowed_hosts: Vec::new(),
            open_rooms,
            recovery_window_ms: 60_000,
        };
        let around = (&Tasks::default(), Drain::default());
        let chat = Chat::start(store.clone(), moderator, Arc::new(Seqs), settings, clock, around);
        Self { chat, store, dir, service: Service::for_test(&["sms"]) }
    }

    /// The chat as it comes up again in a copy of the directory.
    fn again(&self, clock: Clock) -> Self {
        self.store.close();
        let dir = scratch();
        copy(&self.dir, &dir);
        Self::open(dir, clock, false)
    }

    async fn run(&self, command: Command) -> Result<Done, Error> {
        self.chat.execute(Permit::Service(&self.service), command).await
    }

    async fn texts(&self, room: &str) -> Vec<(u64, String)> {
        let ask = History { conversation: at(room), range: Range::After(Seq(0)), limit: 200 };
        let page = self.chat.history(Permit::Service(&self.service), ask).await.expect("a page");
        page.messages.into_iter().map(|message| (message.seq.0, message.content.text)).collect()
    }
}

fn scratch() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name =
        format!("parlour-chat-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&dir).expect("a directory");
    dir
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn at(room: &str) -> ConversationId {
    ConversationId::parse(room).expect("a room")
}

fn once(key: &str) -> Once {
    Once { key: Some(key.into()), window_ms: None, verb: "test" }
}

fn post(room: &str, id: &str, text: &str) -> Command {
    Command::Post(Post {
        conversation: at(room),
        sender: None,
        id: ForeignId::text(id),
        content: Content::plain(text),
        reply_to: None,
        once: once(&format!("post-{id}")),
    })
}

fn edit(room: &str, target: Target, text: &str) -> Edit {
    let content = Content::plain(text);
    Edit {
        conversation: at(room),
        sender: None,
        target,
        content,
        update: false,
        once: Once::default(),
    }
}

fn by_id(id: &str) -> Target {
    Target::Id(ForeignId::text(id).expect("an id"))
}

fn seq(done: &Done) -> u64 {
    match done {
        Done::Stored { seq, .. } => seq.0,
        Done::Held { .. } => 0,
    }
}

/// Reads what waits.
fn taken(outbox: &Outbox) -> Vec<Bytes> {
    let mut frames = Vec::new();
    while outbox.poll_take(&Context::from_waker(Waker::noop()), &mut frames).is_ready() {}
    outbox.release(frames.iter().map(Bytes::len).sum());
    frames
}

fn frames(outbox: &Outbox) -> Vec<u64> {
    let frames = taken(outbox);
    frames.iter().filter_map(|frame| std::str::from_utf8(frame).ok()?.parse().ok()).collect()
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_sends_nothing() {
    let bed = Bed::new();
    let first = bed.run(post("r", "1", "hello")).await.expect("stored");
    let again = bed.run(post("r", "1", "other words")).await.expect("stored");
    assert_eq!((seq(&first), seq(&again)), (1, 1));
    assert!(matches!(again, Done::Stored { repeat: true, event: None, .. }));
    assert_eq!(bed.texts("r").await, [(1, "hello".into())]);
}

#[tokio::test]
async fn many_at_once_are_numbered_without_gap_or_double() {
    let bed = Arc::new(Bed::new());
    let outbox = Arc::new(Outbox::new(1 << 20));
    let listener = Listener { outbox: outbox.clone(), flavour: Flavour(0) };
    let permit = Permit::Service(&bed.service);
    bed.chat.follow(permit, &at("r")).expect("open").join(&listener, Seq(0)).expect("joined");
    let mut tickets = Vec::new();
    for number in 0..300 {
        // Every request comes twice, the second time before the first is on disk.
        for _ in 0..2 {
            let command = post("r", &number.to_string(), "x");
            tickets.push(bed.chat.begin(permit, command).await.expect("decided"));
        }
    }
    let mut seqs = Vec::new();
    for ticket in tickets {
        seqs.push(seq(&ticket.done().await.expect("stored")));
    }
    assert!(seqs.chunks(2).all(|pair| pair[0] == pair[1]));
    seqs.dedup();
    assert_eq!(seqs, (1..=300).collect::<Vec<_>>());
    assert_eq!(frames(&outbox), (1..=300).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_seam_between_log_and_live_has_no_gap_and_no_double() {
    let bed = Arc::new(Bed::new());
    let writer = bed.clone();
    let tasks = Tasks::default();
    tasks.spawn("writer", async move {
        for number in 0..400 {
            writer.run(post("r", &number.to_string(), "x")).await.expect("stored");
        }
    });
    let mut known = Seq(0);
    let outbox = Arc::new(Outbox::new(1 << 20));
    let listener = Listener { outbox: outbox.clone(), flavour: Flavour(0) };
    let mut seen: Vec<u64> = Vec::new();
    let following = bed.chat.follow(Permit::Service(&bed.service), &at("r")).expect("open");
    loop {
        let upto = following.published();
        let page = following.events(known, upto).expect("a page");
        seen.extend(page.iter().map(|event| event.seq.0));
        known = page.last().map_or(known, |event: &Event| event.seq);
        if page.is_empty() && known >= Seq(50) && following.join(&listener, known).is_ok() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(tasks.ended(std::time::Duration::from_mins(1)).await, 0);
    seen.extend(frames(&outbox));
    assert_eq!(seen, (1..=400).collect::<Vec<_>>());
}

#[tokio::test]
async fn changes_follow_their_message() {
    let bed = Bed::new();
    bed.run(post("r", "a", "one")).await.expect("stored");
    bed.run(Command::Edit(edit("r", by_id("a"), "two"))).await.expect("edited");
    assert_eq!(bed.texts("r").await, [(1, "two".into())]);
    let status = SetStatus {
        conversation: at("r"),
        target: by_id("a"),
        status: "read".into(),
        once: once("s"),
    };
    assert_eq!(seq(&bed.run(Command::Status(status)).await.expect("set")), 3);
    let delete = || Delete { conversation: at("r"), target: by_id("a"), once: Once::default() };
    assert_eq!(seq(&bed.run(Command::Delete(delete())).await.expect("deleted")), 4);
    assert_eq!(bed.texts("r").await, [(1, String::new())]);
    let again = bed.run(Command::Delete(delete())).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::MessageDeleted))));
    let unknown = bed.run(Command::Edit(edit("r", by_id("elsewhere"), "kept"))).await;
    assert_eq!(seq(&unknown.expect("relayed")), 5);
}

#[tokio::test]
async fn one_message_cannot_be_changed_for_ever() {
    let bed = Bed::new();
    let ann = Actor::for_test("ann", "user", "r", Millis(u64::MAX));
    let run = |command| bed.chat.execute(Permit::Actor(&ann), command);
    run(post("r", "a", "mine")).await.expect("stored");
    let mut edits = 0;
    let refusal = loop {
        match run(Command::Edit(edit("r", Target::Seq(Seq(1)), &edits.to_string()))).await {
            Ok(_) => edits += 1,
            Err(Error::Refused(refusal)) => break refusal,
            Err(fault) => panic!("{fault}"),
        }
    };
    assert_eq!((edits, refusal), (200, Refusal::TooManyEdits));
}

#[tokio::test]
async fn people_may_do_less_than_back_ends() {
    let bed = Bed::new();
    let ann = Actor::for_test("ann", "user", "r", Millis(u64::MAX));
    let bob = Actor::for_test("bob", "user", "r other", Millis(u64::MAX));
    let admin = Actor::for_test("root", "admin", "", Millis(u64::MAX));
    let run = |actor, command| bed.chat.execute(Permit::Actor(actor), command);
    run(&ann, post("r", "a", "mine")).await.expect("stored");
    let refused = |result: Result<Done, Error>| match result {
        Err(Error::Refused(refusal)) => refusal.code(),
        _ => "",
    };
    let rewrite = |text| Command::Edit(edit("r", Target::Seq(Seq(1)), text));
    assert_eq!(refused(run(&bob, rewrite("stolen")).await), "not_your_message");
    assert_eq!(refused(run(&ann, post("other", "b", "hi")).await), "not_a_member");
    assert_eq!(refused(run(&ann, post("order:1", "b", "hi")).await), "not_a_member");
    assert_eq!(refused(run(&ann, post("r", "c", " \n ")).await), "text_empty");
    assert_eq!(refused(run(&ann, post("r", "d", &"x".repeat(16_385))).await), "text_too_long");
    let delete = || {
        Command::Delete(Delete {
            conversation: at("r"),
            target: Target::Seq(Seq(1)),
            once: Once::default(),
        })
    };
    assert_eq!(refused(run(&ann, delete()).await), "delete_not_allowed");
    assert_eq!(seq(&run(&ann, rewrite("better")).await.expect("edited")), 2);
    assert_eq!(seq(&run(&admin, delete()).await.expect("deleted")), 3);
}
