//! Yesterday's bytes: every record and every database that a released format wrote stays readable.
//!
//! The database of a format lies in `tests/fixtures/store-v<format>`. Where the one of the newest
//! format is missing, the test writes it and fails once, so that it is looked at and committed; it
//! is never written again.

use std::{fmt::Debug, fs, path::Path, sync::Arc};

use super::scratch::{
    Scratch, copy, create, edited, event, finding, full_message, id, message, open, post, posted,
    room, user,
};
use crate::{
    domain::{
        command::{Once, Range},
        event::{Entrance, Position, What},
        id::{ForeignId, Seq, UserId},
        message::{Content, Message},
        moderation::{Action, Finding, Mark, Treatment},
        time::Millis,
    },
    store::{
        AccountRecord, Fault, KeyRecord, Store,
        attachment::hex,
        engine::FORMAT,
        records::{
            AgendaItem, AttachmentRecord, Conversation, Cursor, Decode, Encode, Entry, Held, Ident,
            Original, OutboxItem, RecentAnswer, Repeat, Session, Unchecked, Version,
        },
        session_digest,
    },
};

/// `bytes`, as the first version was written, still mean `record`; and while it is the newest
/// version, they are also what is written.
#[track_caller]
fn check<R: PartialEq + Debug>(
    record: &R,
    write: impl Fn(&R) -> Result<Vec<u8>, Fault>,
    read: impl Fn(&[u8]) -> Result<R, Fault>,
    bytes: &str,
) {
    let old = unhex(bytes);
    assert_eq!(hex(&write(record).expect("encodes")), bytes);
    assert_eq!(read(&old).as_ref(), Ok(record));
    for cut in 0..old.len() {
        assert!(read(&old[..cut]).is_err(), "cut at {cut}");
    }
}

/// `bytes`, as an older version was written, still mean `record`.
#[track_caller]
fn check_older<R: PartialEq + Debug>(
    record: &R,
    read: impl Fn(&[u8]) -> Result<R, Fault>,
    bytes: &str,
) {
    check(record, |_| Ok(unhex(bytes)), read, bytes);
}

fn unhex(bytes: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&bytes[at..at + 2], 16).expect("hex");
    (0..bytes.len()).step_by(2).map(byte).collect()
}

#[track_caller]
fn check_record<R: Encode + Decode + PartialEq + Debug>(record: &R, bytes: &str) {
    check(record, R::encode, |bytes| R::decode("x", bytes), bytes);
}

#[track_caller]
fn check_entry(event: &crate::domain::event::Event, bytes: &str) {
    check(&Entry::of(event), Entry::encode, |b| Entry::decode("x", event.seq, b), bytes);
}

fn held() -> Held {
    Held {
        conversation: room("order:7"),
        at: Millis(5),
        sender: user("a"),
        role: "user".into(),
        id: id("m1"),
        content: full_message(1).content,
        reply_to: Some(id("m0")),
        request: Some("r".into()),
        edits: ForeignId::number("12"),
        category: "phone".into(),
        findings: vec![finding()],
    }
}

fn conversation(state: Option<&str>) -> Conversation {
    let state = state.map(String::from);
    Conversation { number: 7, id: room("order:77"), created_at: Millis(9), state }
}

fn key() -> KeyRecord {
    KeyRecord {
        id: "0a1b2c3d".into(),
        hash: [200; 32],
        name: "laravel".into(),
        scopes: vec!["sms".into(), "admin".into()],
        created_at: Millis(1),
        last_used: None,
        revoked_at: Some(Millis(2)),
    }
}

fn account() -> AccountRecord {
    AccountRecord {
        user: user("admin"),
        name: "Анна".into(),
        role: "admin".into(),
        password: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into(),
        created_at: Millis(1_705_314_600_000),
        disabled: true,
    }
}

fn attachment() -> AttachmentRecord {
    AttachmentRecord {
        id: "a-1".into(),
        hash: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".into(),
        filename: "a.txt".into(),
        content_type: "text/plain".into(),
        size_bytes: 5,
        owner: user("a"),
        created_at: Millis(1),
    }
}

fn session() -> Session {
    let entrance = |since| Entrance { since: Seq(since), position: Position(since + 1) };
    Session {
        user: user("anna"),
        namespace: "/".into(),
        epoch: 5,
        at: Millis(70_000),
        rooms: vec![(room("chat_1"), entrance(300)), (room("order:7"), entrance(0))],
    }
}

fn repeat(held: Option<&str>) -> Repeat {
    Repeat { seq: Seq(300), at: Millis(70_000), delivered: 2, held: held.map(String::from) }
}

#[test]
fn entries_of_the_first_version_are_read() {
    let c = room("chat_1");
    check_entry(
        &posted(&c, full_message(300)),
        "7000000100000000000198cd0514a7757365725f3436a472333030c0c000c09e92a23137c3ad736f6d65626f64792065\
         6c7365a475736572b5d09fd180d0b8d0b2d0b5d182202a2a2a20f09f918b92a87b2274657874223a\
         a72c2278223a317d92a3316533c3a3632d31cd051403cd1388cd1770a4726561649192a570686f6e\
         6501c3",
    );
    check_entry(
        &posted(&c, message(1, "hi")),
        "7000000100000000000198cd03e9a7757365725f3436a27231c0c000c09e92a26d31c2c0a475736572a26869c0c0c0cd\
         03e901c0c0c090c2",
    );
    check_entry(
        &edited(&c, 9, &message(3, "not kept here")),
        "6500000100000000000198cd03f1a7757365725f3436a2723992a26d33c20300c0c0",
    );
    check_entry(
        &edited(&c, 9, &message(0, "kept here")),
        "6500000100000000000198cd03f1a7757365725f3436a2723992a26d30c2c000c09e92a26d30c2c0a475736572a96b65\
         70742068657265c0c0c0cd03e801c0c0c090c2",
    );
    let deleted = What::Deleted { target: id("m1"), message: Some(Seq(1)) };
    check_entry(
        &event(&c, 5, deleted),
        "6400000100000000000198cd03eda7757365725f3436a2723592a26d31c20100c0c0",
    );
    let status = What::Status { target: id("m1"), message: None, status: "read".into() };
    check_entry(
        &event(&c, 6, status),
        "7300000100000000000198cd03eea7757365725f3436a2723692a26d31c2c000a472656164c0",
    );
}

#[test]
fn records_of_the_first_version_are_read() {
    check_record(&Ident { store: 1, epoch: u64::MAX, format: 1 }, "019301cfffffffffffffffff01");
    check_older(
        &Original { text: "call 1".into(), findings: vec![finding()] },
        |bytes| Original::decode("x", bytes),
        "0192a663616c6c2031919aa570686f6e65a5312e322e33ac30313233343536373839616207a57068\
         6f6e65a5706c61696e929300030993020001a4686967685a02",
    );
    let content = full_message(1).content;
    check_record(
        &Version { version: 2, at: Millis(9), content },
        "01940209b5d09fd180d0b8d0b2d0b5d182202a2a2a20f09f918b92a87b2274657874223aa72c2278\
         223a317d",
    );
    check_record(&repeat(Some("phone")), "0194cd012cce0001117002a570686f6e65");
    check_record(&Cursor { delivered: Seq(9), read: Seq(8), at: Millis(7) }, "0193090807");
    check_older(
        &held(),
        |bytes| Held::decode("x", bytes),
        "019ca76f726465723a3705a161a47573657292a26d31c2b5d09fd180d0b8d0b2d0b5d182202a2a2a\
         20f09f918b92a87b2274657874223aa72c2278223a317d92a26d30c2a17292a23132c3a570686f6e\
         65919aa570686f6e65a5312e322e33ac30313233343536373839616207a570686f6e65a5706c6169\
         6e929300030993020001a4686967685a02",
    );
    check_record(
        &AgendaItem { due: Millis(5), job: "j".into(), body: vec![0, 255] },
        "019305a16a9200ccff",
    );
    check_record(&OutboxItem { at: Millis(5), job: "j".into(), body: vec![] }, "019305a16a90");
    check_record(
        &key(),
        "0197a83061316232633364dc0020ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8\
         ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8ccc8a76c\
         61726176656c92a3736d73a561646d696e01c002",
    );
    check_record(
        &account(),
        "0196a561646d696ea8d090d0bdd0bdd0b0a561646d696ed92c246172676f6e32696424763d313924\
         6d3d31393435362c743d322c703d3124633246736441246147467a6141cf0000018d0cabc440c3",
    );
    check_record(
        &attachment(),
        "0197a3612d31d9403263663234646261356662306133306532366538336232616335623965323965\
         3162313631653563316661373432356537333034333336323933386239383234a5612e747874aa74\
         6578742f706c61696e05a16101",
    );
    let two = "929400a6636861745f31cd012ccd012d9404a1370001";
    check_record(&session(), &format!("0195a4616e6e61a12f05ce00011170{two}"));
    check_record(
        &Session { user: UserId::visitor(), rooms: vec![], ..session() },
        "0195c0a12f05ce0001117090",
    );
    let read = |bytes: &[u8]| Conversation::decode(7, bytes);
    check_older(&conversation(None), read, "019304a2373709");
    let unchecked = Unchecked { number: 7, seq: Seq(9), plugins: vec!["phone".into()] };
    let read = |bytes: &[u8]| Unchecked::decode(7, Seq(9), bytes);
    check(&unchecked, Unchecked::encode, read, "0191a570686f6e65");
    let answer = |held| RecentAnswer {
        digest: RecentAnswer::digest_of(1, "post", "a", "k"),
        number: 1,
        forgotten_at: Millis(9),
        repeat: repeat(held),
    };
    let write = |row: &Vec<RecentAnswer>| RecentAnswer::encode_row(row);
    check(
        &vec![answer(None), answer(Some("phone"))],
        write,
        RecentAnswer::decode_row,
        "019298cf43d17f0e51d3b348cf208b2486c4a782020109cd012cce0001117002c098cf43d17f0e51\
         d3b348cf208b2486c4a782020109cd012cce0001117002a570686f6e65",
    );
}

#[test]
fn records_of_the_second_version_are_read() {
    let treatment = Treatment { action: Action::Mask, why: "moderation.order.phone".into() };
    let treated = Finding { mark: Mark::DryRun, treatment: Some(treatment), ..finding() };
    check_record(
        &Original { text: "call 1".into(), findings: vec![treated.clone()] },
        "0292a663616c6c203191939aa570686f6e65a5312e322e33ac30313233343536373839616207a570\
         686f6e65a5706c61696e929300030993020001a4686967685a02019201b66d6f6465726174696f6e\
         2e6f726465722e70686f6e65",
    );
    check_record(
        &Held { findings: vec![treated, finding()], ..held() },
        "029ca76f726465723a3705a161a47573657292a26d31c2b5d09fd180d0b8d0b2d0b5d182202a2a2a\
         20f09f918b92a87b2274657874223aa72c2278223a317d92a26d30c2a17292a23132c3a570686f6e\
         6592939aa570686f6e65a5312e322e33ac30313233343536373839616207a570686f6e65a5706c61\
         696e929300030993020001a4686967685a02019201b66d6f6465726174696f6e2e6f726465722e70\
         686f6e65939aa570686f6e65a5312e322e33ac30313233343536373839616207a570686f6e65a570\
         6c61696e929300030993020001a4686967685a0200c0",
    );
    let read = |bytes: &[u8]| Conversation::decode(7, bytes);
    check(
        &conversation(Some("accepted")),
        Conversation::encode,
        read,
        "029404a2373709a86163636570746564",
    );
}

// === whole databases ===

/// Something in every range that has a verb.
fn fill(store: &Store) {
    let c = create(store, "chat_1");
    post(store, &c, full_message(1));
    let long = message(2, &"long ".repeat(4000));
    let original = Original { text: "call 1 ".repeat(2000), findings: vec![finding()] };
    let mut batch = store.batch();
    batch.append(c.number, &posted(&c.id, long), Some(&original)).expect("fits");
    let new = Message { version: 2, content: Content::plain("new"), ..message(2, "") };
    batch.append(c.number, &edited(&c.id, 3, &new), None).expect("fits");
    let keep = Version { version: 1, at: Millis(9), content: full_message(1).content };
    batch.replace(c.number, &new, Some(&keep)).expect("fits");
    for (key, window_ms) in [("for ever", None), ("for a day", Some(86_400_000))] {
        let once = Once { key: Some(key.into()), window_ms, verb: "post" };
        batch.remember(c.number, "a", &once, &repeat(Some("phone"))).expect("fits");
    }
    let cursor = Cursor { delivered: Seq(3), read: Seq(2), at: Millis(7) };
    batch.cursor(c.number, &user("a"), cursor).expect("fits");
    batch.hold(&held()).expect("fits");
    let unchecked = Unchecked { number: c.number, seq: Seq(1), plugins: vec!["phone".into()] };
    batch.unchecked(&unchecked).expect("fits");
    batch.agenda(&AgendaItem { due: Millis(5), job: "j".into(), body: vec![1] }).expect("fits");
    batch.outbox(&OutboxItem { at: Millis(5), job: "j".into(), body: vec![2] }).expect("fits");
    batch.put_session(&session_digest("secret"), &session()).expect("fits");
    let mut upload = store.upload().expect("begun");
    upload.write(b"hello").expect("written");
    upload.finish().expect("in place");
    batch.attach(&attachment()).expect("fits");
    store.write(batch).expect("written");
    store.put_key(&key()).expect("written");
    store.put_account(&account()).expect("written");
}

/// What [`fill`] wrote is there.
#[track_caller]
fn check_filled(store: &Store) {
    assert_eq!(store.check().expect("readable").problems, []);
    let c = store.conversation(&room("chat_1")).expect("read").expect("there");
    let new = Message { version: 2, content: Content::plain("new"), ..message(2, "") };
    let events = store.events(&c, Seq(0), Seq(9), 9).expect("read");
    let whats: Vec<What> = events.into_iter().map(|event| event.what).collect();
    let first = What::Posted(Arc::new(full_message(1)));
    let second = What::Posted(Arc::new(new.clone()));
    assert_eq!(whats, [first, second, edited(&c.id, 3, &new).what]);
    let page = store.messages(c.number, Range::Latest, Seq(3), 9).expect("read");
    assert_eq!(page.messages, [full_message(1), new]);
    assert_eq!(store.find(c.number, &id("17")), Ok(Some(Seq(1))));
    assert_eq!(store.versions(c.number, Seq(2)).map(|v| v.len()), Ok(1));
    let original = store.original(c.number, Seq(2)).expect("read").expect("there");
    assert_eq!(original.text.len(), 14_000);
    for (key, window_ms) in [("for ever", None), ("for a day", Some(86_400_000))] {
        let once = Once { key: Some(key.into()), window_ms, verb: "post" };
        let found = store.repeat(c.number, "a", &once, Millis(70_001));
        assert_eq!(found, Ok(Some(repeat(Some("phone")))));
    }
    assert_eq!(store.cursor(c.number, &user("a")).map(|cursor| cursor.read), Ok(Seq(2)));
    assert_eq!(store.held(0, 9), Ok(vec![(1, held())]));
    assert_eq!(store.unchecked((0, Seq(0)), 9).map(|found| found.len()), Ok(1));
    assert_eq!(store.due(Millis(5), 9).map(|found| found.len()), Ok(1));
    assert_eq!(store.outbox(0, 9).map(|found| found.len()), Ok(1));
    assert_eq!(store.session(&session_digest("secret")), Ok(Some(session())));
    assert_eq!(store.last_seq_at(c.number, Position::of_start(1), (Seq(0), Seq(3))), Ok(Seq(3)));
    assert_eq!(store.attachment("a-1"), Ok(Some(attachment())));
    assert!(store.attachment_file(&attachment().hash).is_some());
    assert_eq!(store.keys(), Ok(vec![key()]));
    assert_eq!(store.accounts(), Ok(vec![account()]));
}

#[test]
fn databases_of_every_format_open() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for format in 1..=FORMAT {
        let fixture = fixtures.join(format!("store-v{format}"));
        if format == FORMAT && !fixture.exists() {
            let store = open(&fixture);
            fill(&store);
            check_filled(&store);
            drop(store);
            fs::remove_file(fixture.join("LOCK")).expect("removed");
            panic!("{} was missing and is written now: commit it", fixture.display());
        }
        let dir = Scratch::new("fixture");
        copy(&fixture, dir.path());
        for _ in 0..2 {
            let store = open(dir.path());
            check_filled(&store);
            let c = store.conversation_at(1).expect("read").expect("there");
            assert_eq!(store.last_seq(c.number), Ok(Seq(3)));
        }
    }
}
