//! What waits, who may come in, attachments, and the order in which commits are answered.

use std::sync::{Arc, Mutex, mpsc};

use super::scratch::{
    Scratch, create, finding, id, message, open, posted, room, settings, try_open, user,
};
use crate::{
    domain::{
        id::Seq,
        message::{Content, Envelope},
        time::Millis,
    },
    store::{
        AccountRecord, Durability, Fault, KeyRecord, Store, StoreSettings,
        records::{AgendaItem, AttachmentRecord, Held, OutboxItem, Unchecked},
    },
};

fn held(text: &str) -> Held {
    let envelope = Envelope { before: "{\"text\":".into(), after: Some("}".into()) };
    Held {
        conversation: room("chat_1"),
        at: Millis(5),
        sender: user("a"),
        role: "user".into(),
        id: id("m1"),
        content: Content { text: text.into(), envelope: Some(envelope) },
        reply_to: Some(id("m0")),
        request: Some("r".into()),
        edits: Some(id("e")),
        category: "phone".into(),
        findings: vec![finding()],
    }
}

#[test]
fn queues_keep_their_order() {
    let dir = Scratch::new("queues");
    let (first, second) = (held("short"), held(&"long ".repeat(5000)));
    let item = |n: u8| OutboxItem { at: Millis(1), job: "hook".into(), body: vec![n; 10_000] };
    let due = |at| AgendaItem { due: Millis(at), job: "remind".into(), body: vec![1] };
    let again = |seq| Unchecked { number: 1, seq: Seq(seq), plugins: vec!["phone".into()] };
    {
        let store = open(dir.path());
        create(&store, "chat_1");
        let mut batch = store.batch();
        assert_eq!(batch.hold(&first), Ok(1));
        assert_eq!(batch.hold(&second), Ok(2));
        batch.outbox(&item(1)).expect("fits");
        batch.outbox(&item(2)).expect("fits");
        for at in [300, 100, 200] {
            batch.agenda(&due(at)).expect("fits");
        }
        batch.unchecked(&again(2)).expect("fits");
        batch.unchecked(&again(1)).expect("fits");
        store.write(batch).expect("written");
    }
    let store = open(dir.path());
    assert_eq!(store.held(0, 9), Ok(vec![(1, first), (2, second.clone())]));
    assert_eq!(store.held(1, 9).map(|found| found.len()), Ok(1));
    assert_eq!(store.held_at(2), Ok(Some(second)));
    assert_eq!(store.outbox(0, 9), Ok(vec![(1, item(1)), (2, item(2))]));
    assert_eq!(store.unchecked((0, Seq(0)), 9), Ok(vec![again(1), again(2)]));
    assert_eq!(store.unchecked((1, Seq(1)), 9), Ok(vec![again(2)]));
    let agenda = store.due(Millis(200), 9).expect("read");
    assert_eq!(agenda.iter().map(|(_, item)| item.due.0).collect::<Vec<_>>(), [100, 200]);
    let mut batch = store.batch();
    batch.unhold(2).expect("fits");
    batch.sent(1).expect("fits");
    batch.checked(1, Seq(1));
    for (number, item) in agenda {
        batch.agenda_done(item.due, number).expect("fits");
    }
    store.write(batch).expect("written");
    assert_eq!(store.held(0, 9).map(|found| found.len()), Ok(1));
    assert_eq!(store.outbox(0, 9), Ok(vec![(2, item(2))]));
    assert_eq!(store.unchecked((0, Seq(0)), 9), Ok(vec![again(2)]));
    assert_eq!(store.due(Millis(1000), 9).map(|found| found.len()), Ok(1));
    let problems = store.check().expect("readable").problems;
    // Only the message to check again, which this test never posted.
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn keys_and_accounts_stay() {
    let dir = Scratch::new("keys");
    let key = |key_id: &str| KeyRecord {
        id: key_id.into(),
        hash: [7; 32],
        name: "back end".into(),
        scopes: vec!["write".into()],
        created_at: Millis(1),
        last_used: None,
        revoked_at: None,
    };
    let account = AccountRecord {
        user: user("admin"),
        name: "Admin".into(),
        role: "admin".into(),
        password: "$argon2id$...".into(),
        created_at: Millis(1),
        disabled: false,
    };
    {
        let store = open(dir.path());
        store.put_key(&key("aa")).expect("written");
        store.put_key(&key("ab")).expect("written");
        store.put_account(&account).expect("written");
        store.touch_key("aa", Millis(99));
        store.touch_key("aa", Millis(100));
        store.engine.inbox().tick();
        let revoked = KeyRecord { revoked_at: Some(Millis(5)), ..key("aa") };
        store.put_key(&revoked).expect("written");
    }
    let store = open(dir.path());
    let used = KeyRecord { last_used: Some(Millis(100)), revoked_at: Some(Millis(5)), ..key("aa") };
    assert_eq!(store.key("aa"), Ok(Some(used.clone())));
    assert_eq!(store.key("a"), Ok(None));
    assert_eq!(store.keys(), Ok(vec![used, key("ab")]));
    assert_eq!(store.account(&user("admin")), Ok(Some(account.clone())));
    assert_eq!(store.accounts(), Ok(vec![account]));
    assert_eq!(store.check().expect("readable").problems, []);
}

#[test]
fn attachments_are_named_by_their_bytes() {
    let dir = Scratch::new("attachments");
    let store = open(dir.path());
    let mut upload = store.upload().expect("begun");
    upload.write(b"hel").expect("written");
    upload.write(b"lo").expect("written");
    let (hash, size_bytes) = upload.finish().expect("in place");
    assert_eq!(size_bytes, 5);
    assert_eq!(hash, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    let path = store.attachment_file(&hash).expect("there");
    assert_eq!(std::fs::read(&path).expect("readable"), b"hello");
    for bad in ["", "../../etc/passwd", &"0".repeat(64), &"é".repeat(32)] {
        assert_eq!(store.attachment_file(bad), None, "{bad}");
    }
    drop(store.upload().expect("begun"));
    let half = dir.join("attachments").join("half-0000");
    std::fs::write(&half, b"x").expect("written");
    let record = AttachmentRecord {
        id: "a-1".into(),
        hash,
        filename: "a.txt".into(),
        content_type: "text/plain".into(),
        size_bytes,
        owner: user("a"),
        created_at: Millis(1),
    };
    let mut batch = store.batch();
    batch.attach(&record).expect("fits");
    store.write(batch).expect("written");
    drop(store);
    let store = open(dir.path());
    assert!(!half.exists());
    assert_eq!(store.attachment("a-1"), Ok(Some(record)));
    assert_eq!(store.check().expect("readable").problems, []);
    std::fs::write(&path, b"other").expect("written");
    assert_eq!(store.check().expect("readable").problems_total, 1);
}

#[test]
fn commits_are_answered_in_order() {
    let dir = Scratch::new("order");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let order = Arc::new(Mutex::new(Vec::new()));
    for seq in 1..=1000u64 {
        let mut batch = store.batch();
        let event = posted(&c.id, message(seq, &"x".repeat(usize::try_from(seq).expect("small"))));
        batch.append(c.number, &event, None).expect("fits");
        let order = order.clone();
        store.submit(batch, move |result| {
            result.expect("written");
            order.lock().expect("whole").push(seq);
            assert_ne!(seq, 500, "a panic in here must not stop the others");
        });
    }
    store.close();
    assert_eq!(*order.lock().expect("whole"), (1..=1000).collect::<Vec<_>>());
    let (send, receive) = mpsc::channel();
    store.submit(store.batch(), move |result| send.send(result).expect("heard"));
    assert_eq!(receive.try_recv(), Ok(Err(Fault::Closed)));
}

#[test]
fn a_batch_has_a_limit() {
    let dir = Scratch::new("limit");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let mut batch = store.batch();
    let huge = message(1, &"x".repeat(5 << 20));
    batch.append(c.number, &posted(&c.id, huge), None).expect("fits");
    assert!(matches!(store.write(batch), Err(Fault::TooLarge { .. })));
    assert_eq!(store.last_seq(c.number), Ok(Seq(0)));
}

#[test]
fn after_a_failure_nothing_is_accepted() {
    let dir = Scratch::new("failure");
    let (tell, told) = mpsc::channel();
    let (store, _) =
        Store::open(dir.path(), settings(), move |fault| tell.send(fault.clone()).expect("heard"))
            .expect("opens");
    let fault = Fault::Failed { cause: "the disk is gone".into() };
    assert!(store.engine.inbox().end(fault.clone()).is_empty());
    assert_eq!(store.write(store.batch()), Err(fault.clone()));
    assert_eq!(store.failure(), Some(fault.clone()));
    store.close();
    assert_eq!(store.failure(), Some(fault));
    assert!(told.try_recv().is_err(), "only the committing thread calls the hook");
}

#[test]
fn interval_durability_syncs_later_and_at_the_end() {
    let dir = Scratch::new("interval");
    let settings =
        StoreSettings { durability: Durability::Interval { interval_ms: 10 }, ..settings() };
    {
        let (store, _) = Store::open(dir.path(), settings, |_| ()).expect("opens");
        let c = create(&store, "chat_1");
        for seq in 1..=300 {
            let mut batch = store.batch();
            let event = posted(&c.id, message(seq, &"x".repeat(1000)));
            batch.append(c.number, &event, None).expect("fits");
            store.submit(batch, |result| result.expect("written"));
        }
    }
    let store = open(dir.path());
    assert_eq!(store.last_seq(1), Ok(Seq(300)));
}

#[test]
fn a_full_disk_refuses_writing_only() {
    let dir = Scratch::new("full");
    let full = StoreSettings { free_floor_bytes: u64::MAX, ballast_bytes: 4096, ..settings() };
    let (store, _) = Store::open(dir.path(), full, |_| ()).expect("opens");
    assert_eq!(store.room_to_write(), Err(crate::domain::refusal::Refusal::StorageFull));
    assert_eq!(store.accounts(), Ok(vec![]));
    assert!(!dir.join("ballast").exists(), "no ballast where there is no room");
    drop(store);
    let roomy = StoreSettings { ballast_bytes: 4096, ..settings() };
    let (store, _) = Store::open(dir.path(), roomy, |_| ()).expect("opens");
    assert_eq!(store.room_to_write(), Ok(()));
    assert_eq!(std::fs::metadata(dir.join("ballast")).expect("there").len(), 4096);
    drop(store);
    assert!(!try_open(dir.path()).expect("opens").1.created);
}
