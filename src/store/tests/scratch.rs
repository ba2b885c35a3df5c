//! What the tests share: a directory that goes away, and messages to write.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    domain::{
        event::{EditReason, Event, Position, What},
        id::{ConversationId, ForeignId, Seq, UserId},
        message::{Content, Envelope, Message},
        moderation::{Action, Finding, Flag, Mark, Span},
        time::Millis,
    },
    store::{Fault, Store, StoreSettings, open::Opening, records::Conversation},
};

/// A directory of its own for one test.
pub struct Scratch(PathBuf);

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let unique = format!("parlour-store-{}-{name}-{number}", std::process::id());
        Self(std::env::temp_dir().join(unique))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What a test left open on a slow disk is no reason to fail it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Small, and without ballast.
pub fn settings() -> StoreSettings {
    StoreSettings {
        cache_max_bytes: 8 << 20,
        ballast_bytes: 0,
        free_floor_bytes: 1,
        ..StoreSettings::default()
    }
}

pub fn try_open(dir: &Path) -> Result<(Store, Opening), Fault> {
    Store::open(dir, settings(), |fault| panic!("{fault}"))
}

#[track_caller]
pub fn open(dir: &Path) -> Store {
    try_open(dir).expect("the store opens").0
}

pub fn room(name: &str) -> ConversationId {
    ConversationId::parse(name).expect("a name")
}

pub fn user(name: &str) -> UserId {
    UserId::new(name).expect("a name")
}

pub fn id(text: &str) -> ForeignId {
    ForeignId::text(text).expect("an id")
}

/// A message as it is posted.
pub fn message(seq: u64, text: &str) -> Message {
    Message {
        seq: Seq(seq),
        id: id(&format!("m{seq}")),
        sender: user("user_46"),
        role: "user".into(),
        content: Content::plain(text),
        reply_to: None,
        client_id: None,
        created_at: Millis(1000 + seq),
        version: 1,
        edited_at: None,
        deleted_at: None,
        status: None,
        flags: Vec::new(),
        altered: false,
    }
}

/// A message with every part that a message can have.
pub fn full_message(seq: u64) -> Message {
    Message {
        id: ForeignId::number("17").expect("a number"),
        sender: user("somebody else"),
        content: Content {
            text: "Привет *** 👋".into(),
            envelope: Some(Envelope {
                before: "{\"text\":".into(),
                after: Some(",\"x\":1}".into()),
            }),
        },
        reply_to: ForeignId::number("1e3"),
        client_id: Some("c-1".into()),
        version: 3,
        edited_at: Some(Millis(5000)),
        deleted_at: Some(Millis(6000)),
        status: Some("read".into()),
        flags: vec![Flag { category: "phone".into(), action: Action::Mask }],
        altered: true,
        ..message(seq, "")
    }
}

pub fn finding() -> Finding {
    Finding {
        plugin: "phone".into(),
        plugin_version: "1.2.3".into(),
        plugin_sha: "0123456789ab".into(),
        generation: 7,
        category: "phone".into(),
        rule: "plain".into(),
        spans: vec![(0, Span { start: 3, end: 9 }), (2, Span { start: 0, end: 1 })],
        severity: "high".into(),
        confidence: 90,
        suggested: Action::Strip,
        mark: Mark::Counts,
        treatment: None,
    }
}

pub fn event(conversation: &ConversationId, seq: u64, what: What) -> Event {
    Event {
        conversation: conversation.clone(),
        seq: Seq(seq),
        position: Position::of_start(1),
        at: Millis(1000 + seq),
        by: user("user_46"),
        request: Some(format!("r{seq}")),
        what,
    }
}

pub fn posted(conversation: &ConversationId, message: Message) -> Event {
    event(conversation, message.seq.0, What::Posted(Arc::new(message)))
}

pub fn edited(conversation: &ConversationId, seq: u64, message: &Message) -> Event {
    let (target, message) = (message.id.clone(), Arc::new(message.clone()));
    event(conversation, seq, What::Edited { target, message, why: EditReason::Edit })
}

/// Makes a conversation.
#[track_caller]
pub fn create(store: &Store, name: &str) -> Conversation {
    let mut batch = store.batch();
    batch.create(&room(name), Millis(7)).expect("made");
    store.write(batch).expect("written");
    store.conversation(&room(name)).expect("read").expect("there")
}

/// Posts one message.
#[track_caller]
pub fn post(store: &Store, conversation: &Conversation, message: Message) {
    let mut batch = store.batch();
    batch.append(conversation.number, &posted(&conversation.id, message), None).expect("fits");
    store.write(batch).expect("written");
}

/// Copies a directory.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}
