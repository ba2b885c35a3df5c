//! Logs: what is written comes back, also after closing.

use std::sync::Arc;

use super::scratch::{
    Scratch, create, edited, event, finding, full_message, id, message, open, post, posted, user,
};
use crate::{
    domain::{
        command::{Once, Range},
        event::What,
        id::{ForeignId, Seq},
        message::{Content, Message},
        time::Millis,
    },
    store::{
        Batch, Fault, Store,
        records::{Conversation, Cursor, Original, Repeat, Version},
    },
};

const END: Seq = Seq(u64::MAX);

/// After `write`, the log reads as `expected`, before and after closing.
#[track_caller]
fn check_log(name: &str, write: impl Fn(&Store, &Conversation), expected: &[What]) {
    let dir = Scratch::new(name);
    {
        let store = open(dir.path());
        let conversation = create(&store, "chat_1");
        write(&store, &conversation);
        check_reads(&store, expected);
    }
    let store = open(dir.path());
    check_reads(&store, expected);
    assert_eq!(store.check().expect("readable").problems, []);
}

#[track_caller]
fn check_reads(store: &Store, expected: &[What]) {
    let found = store.conversation(&super::scratch::room("chat_1")).expect("read");
    let conversation = found.expect("there");
    let events = store.events(&conversation, Seq(0), END, 1000).expect("read");
    let whats: Vec<What> = events.iter().map(|event| event.what.clone()).collect();
    assert_eq!(whats, expected);
    for (event, seq) in events.iter().zip(1..) {
        assert_eq!((event.seq, event.at), (Seq(seq), Millis(1000 + seq)));
        assert_eq!((&event.request, &event.by), (&Some(format!("r{seq}")), &user("user_46")));
        assert_eq!(event.conversation, conversation.id);
    }
    let last = u64::try_from(expected.len()).expect("small");
    assert_eq!(store.last_seq(conversation.number), Ok(Seq(last)));
}

fn what_posted(message: &Message) -> What {
    What::Posted(Arc::new(message.clone()))
}

#[test]
fn posts_come_back_whole() {
    let messages = [
        message(1, "hello"),
        full_message(2),
        message(3, &"long ".repeat(13_000)),
        Message { content: Content::default(), ..message(4, "") },
    ];
    check_log(
        "posts",
        |store, c| messages.iter().for_each(|m| post(store, c, m.clone())),
        &messages.clone().map(|m| what_posted(&m)),
    );
}

#[test]
fn an_edit_shows_the_message_as_it_is_now() {
    let first = message(1, &"long ".repeat(4000));
    let second = Message { version: 2, content: Content::plain("two"), ..first.clone() };
    let third = Message { version: 3, content: Content::plain("three"), ..first.clone() };
    let expected = [what_posted(&third), edited_what(&third), edited_what(&third)];
    check_log(
        "edits",
        |store, c| {
            post(store, c, first.clone());
            for (seq, new, old) in [(2, &second, &first), (3, &third, &second)] {
                let mut batch = store.batch();
                batch.append(c.number, &edited(&c.id, seq, new), None).expect("fits");
                let keep = Version {
                    version: old.version,
                    at: old.created_at,
                    content: old.content.clone(),
                };
                batch.replace(c.number, new, Some(&keep)).expect("fits");
                store.write(batch).expect("written");
            }
            let versions = store.versions(c.number, Seq(1)).expect("read");
            let texts: Vec<_> = versions.iter().map(|v| v.content.text.len()).collect();
            assert_eq!(texts, [20_000, 3]);
        },
        &expected,
    );
}

fn edited_what(message: &Message) -> What {
    let crate::domain::event::Event { what, .. } = edited(&super::scratch::room("x"), 1, message);
    what
}

#[test]
fn a_deleted_message_leaves_nothing_but_its_place() {
    let dir = Scratch::new("delete");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let first = message(1, &"secret ".repeat(3000));
    post(&store, &c, first.clone());
    let gone = Message { content: Content::default(), deleted_at: Some(Millis(9)), ..first };
    let what = What::Deleted { target: id("m1"), message: Some(Seq(1)) };
    let mut batch = store.batch();
    batch.append(c.number, &event(&c.id, 2, what.clone()), None).expect("fits");
    batch.replace(c.number, &gone, None).expect("fits");
    store.write(batch).expect("written");
    check_reads(&store, &[what_posted(&gone), what]);
    for row in store.engine.tree() {
        let (_, value) = row.expect("readable");
        assert!(!value.windows(6).any(|w| w == b"secret"), "a part was left behind");
    }
}

#[test]
fn what_the_log_does_not_hold_lies_in_its_own_entry() {
    let foreign = Message { seq: Seq(0), ..message(0, "words for a message of before") };
    let whats = [
        edited_what(&foreign),
        What::Deleted { target: ForeignId::number("5").expect("a number"), message: None },
        What::Status { target: id("x"), message: None, status: "read".into() },
    ];
    check_log(
        "foreign",
        |store, c| {
            for (what, seq) in whats.iter().zip(1..) {
                let mut batch = store.batch();
                batch.append(c.number, &event(&c.id, seq, what.clone()), None).expect("fits");
                store.write(batch).expect("written");
            }
            let page = store.messages(c.number, Range::Latest, Seq(3), 10).expect("read");
            assert_eq!((page.messages.len(), page.more), (0, false));
        },
        &whats,
    );
}

#[test]
fn replacing_wants_a_post() {
    let dir = Scratch::new("noentry");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let what = What::Status { target: id("x"), message: None, status: "read".into() };
    let mut batch = store.batch();
    batch.append(c.number, &event(&c.id, 1, what), None).expect("fits");
    store.write(batch).expect("written");
    for seq in [1, 2] {
        let failed = store.batch().replace(c.number, &message(seq, "x"), None);
        assert!(matches!(failed, Err(Fault::NoEntry { .. })), "{failed:?}");
    }
}

#[test]
fn pages_are_exact() {
    let dir = Scratch::new("pages");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let other = create(&store, "chat_2");
    for seq in 1..=10 {
        if seq % 3 == 0 {
            let what = What::Status { target: id("m1"), message: None, status: "read".into() };
            let mut batch = store.batch();
            batch.append(c.number, &event(&c.id, seq, what), None).expect("fits");
            store.write(batch).expect("written");
        } else {
            post(&store, &c, message(seq, "x"));
        }
    }
    post(&store, &other, message(1, "not ours"));
    // The messages are 1 2 4 5 7 8 10.
    let check = |range, upto, limit, seqs: &[u64], more| {
        let page = store.messages(c.number, range, Seq(upto), limit).expect("read");
        let found: Vec<u64> = page.messages.iter().map(|m| m.seq.0).collect();
        assert_eq!((found.as_slice(), page.more, page.last), (seqs, more, Seq(upto)), "{range:?}");
    };
    check(Range::Latest, 10, 3, &[7, 8, 10], true);
    check(Range::Latest, 9, 2, &[7, 8], true);
    check(Range::Latest, 10, 7, &[1, 2, 4, 5, 7, 8, 10], false);
    check(Range::Latest, 0, 7, &[], false);
    check(Range::After(Seq(0)), 10, 2, &[1, 2], true);
    check(Range::After(Seq(2)), 10, 9, &[4, 5, 7, 8, 10], false);
    check(Range::After(Seq(10)), 10, 9, &[], false);
    check(Range::After(END), 10, 9, &[], false);
    check(Range::Before(Seq(5)), 10, 2, &[2, 4], true);
    check(Range::Before(Seq(5)), 10, 3, &[1, 2, 4], false);
    check(Range::Before(Seq(1)), 10, 3, &[], false);
    check(Range::Before(Seq(0)), 10, 3, &[], false);
    check(Range::Before(END), 8, 1, &[8], true);
    let events = |after, upto, limit| {
        let events = store.events(&c, Seq(after), Seq(upto), limit).expect("read");
        events.into_iter().map(|e| e.seq.0).collect::<Vec<_>>()
    };
    assert_eq!(events(7, 9, 10), [8, 9]);
    assert_eq!(events(0, 9, 2), [1, 2]);
    assert_eq!(events(9, 9, 2), [0u64; 0]);
    assert_eq!(events(u64::MAX, 9, 2), [0u64; 0]);
}

#[test]
fn a_repeat_gets_the_first_answer_within_its_window() {
    let dir = Scratch::new("repeat");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let once = |key: &str, window_ms, verb| Once { key: Some(key.into()), window_ms, verb };
    let answer = |seq, held: Option<&str>| Repeat {
        seq: Seq(seq),
        at: Millis(1000),
        delivered: 3,
        held: held.map(String::from),
    };
    let mut batch = store.batch();
    let stored = answer(5, None);
    batch.remember(c.number, "a", &once("k", Some(100), "post"), &stored).expect("fits");
    let held = answer(0, Some("phone"));
    batch.remember(c.number, "a", &once("h", None, "post"), &held).expect("fits");
    batch.remember(c.number, "a", &Once::default(), &stored).expect("fits");
    let check = |sender, once: &Once, now, expected: Option<&Repeat>| {
        let found = store.repeat(c.number, sender, once, Millis(now)).expect("read");
        assert_eq!(found.as_ref(), expected, "{sender} {once:?} {now}");
    };
    check("a", &once("k", Some(100), "post"), 1000, None);
    store.submit(batch, |_| ());
    // From here on without waiting for the disk.
    check("a", &once("k", Some(100), "post"), 1100, Some(&stored));
    check("a", &once("k", Some(100), "post"), 1101, None);
    check("a", &once("k", None, "post"), 1000, None);
    check("a", &once("k", Some(100), "edit"), 1000, None);
    check("b", &once("k", Some(100), "post"), 1000, None);
    check("a", &once("h", None, "post"), u64::MAX, Some(&held));
    check("a", &Once::default(), 1000, None);
}

#[test]
fn a_minted_id_is_found_without_an_index() {
    let dir = Scratch::new("minted");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let minted = Batch::mint_id(Seq(1), Millis(5)).expect("made");
    // Of the same form, but for another place than its own.
    let brought = Batch::mint_id(Seq(1), Millis(5)).expect("made");
    post(&store, &c, Message { id: minted.clone(), ..message(1, "ours") });
    post(&store, &c, Message { id: brought.clone(), ..message(2, "theirs") });
    let stranger = Batch::mint_id(Seq(2), Millis(5)).expect("made");
    for (id, expected) in [(&minted, Some(1)), (&brought, Some(2)), (&stranger, None)] {
        assert_eq!(store.find(c.number, id), Ok(expected.map(Seq)));
    }
    let rows = store.engine.tree().scan_prefix([crate::store::keys::IDS.byte]).count();
    assert_eq!((rows, store.check().expect("readable").problems), (1, vec![]));
}

#[test]
fn windowed_answers_are_kept_as_long_as_their_window() {
    let dir = Scratch::new("window");
    let once = |n: u64| Once { key: Some(format!("k{n}")), window_ms: Some(500), verb: "post" };
    let answer = |n: u64| Repeat { seq: Seq(n), at: Millis(n), delivered: n, held: None };
    // Two per millisecond, so that many leave their window while others are written.
    let fill = |store: &Store, range: std::ops::Range<u64>| {
        for n in range {
            let mut batch = store.batch();
            batch.remember(1, "a", &once(n), &answer(n)).expect("fits");
            batch.remember(1, "b", &once(n), &answer(n)).expect("fits");
            store.submit(batch, |result| result.expect("written"));
        }
    };
    let check = |store: &Store, range: std::ops::Range<u64>, now: u64| {
        for n in range {
            let fresh = (now.saturating_sub(500)..=now).contains(&n);
            let expected = fresh.then(|| answer(n));
            for sender in ["a", "b"] {
                let found = store.repeat(1, sender, &once(n), Millis(now)).expect("read");
                assert_eq!(found, expected, "{sender} {n} at {now}");
            }
            assert_eq!(store.repeat(2, "a", &once(n), Millis(now)), Ok(None));
        }
    };
    {
        let store = open(dir.path());
        fill(&store, 1..1000);
        check(&store, 1..1000, 999);
    }
    let store = open(dir.path());
    check(&store, 1..1000, 999);
    fill(&store, 1000..5000);
    check(&store, 3000..5000, 4999);
    store.close();
    let rows = store.engine.tree().scan_prefix([crate::store::keys::RECENT.byte]).count();
    assert!(rows <= 501, "{rows} rows: what is forgotten must go");
}

#[test]
fn point_reads_see_what_was_submitted() {
    let dir = Scratch::new("overlay");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    for seq in 1..=200 {
        let mut batch = store.batch();
        let long = message(seq, &format!("{seq} ").repeat(3000));
        batch.append(c.number, &posted(&c.id, long), None).expect("fits");
        store.submit(batch, |result| result.expect("written"));
        let found = store.find(c.number, &id(&format!("m{seq}"))).expect("read");
        assert_eq!(found, Some(Seq(seq)));
        let short = Message { version: 2, ..message(seq, "short") };
        let mut batch = store.batch();
        batch.replace(c.number, &short, None).expect("the submitted message is there");
        store.submit(batch, |result| result.expect("written"));
        assert_eq!(store.message(c.number, Seq(seq)), Ok(Some(short)));
    }
    store.close();
    assert_eq!(store.check().expect("readable").problems, []);
    assert_eq!(store.last_seq(c.number), Ok(Seq(200)));
}

#[test]
fn cursors_only_move_forward() {
    let dir = Scratch::new("cursors");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let to = |delivered, read| Cursor { delivered: Seq(delivered), read: Seq(read), at: Millis(3) };
    for (step, expected) in [(to(2, 1), to(2, 1)), (to(1, 2), to(2, 2)), (to(0, 0), to(2, 2))] {
        let mut batch = store.batch();
        batch.cursor(c.number, &user("a"), step).expect("fits");
        store.submit(batch, |_| ());
        assert_eq!(store.cursor(c.number, &user("a")), Ok(expected));
    }
    assert_eq!(store.cursor(c.number, &user("b")), Ok(Cursor::default()));
}

#[test]
fn originals_lie_apart() {
    let dir = Scratch::new("originals");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    let original = Original { text: "call 123 ".repeat(2000), findings: vec![finding()] };
    let mut batch = store.batch();
    let event = posted(&c.id, message(1, "call ***"));
    batch.append(c.number, &event, Some(&original)).expect("fits");
    store.write(batch).expect("written");
    assert_eq!(store.original(c.number, Seq(1)), Ok(Some(original)));
    assert_eq!(store.original(c.number, Seq(2)), Ok(None));
}
