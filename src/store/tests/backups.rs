//! Backups: what was backed up comes back the same, also when others write meanwhile, and a bad file
//! is told from a good one.

use std::{collections::BTreeMap, fs, path::Path};

use super::scratch::{
    Scratch, create, edited, finding, full_message, message, open, post, posted, room, settings,
    try_open, user,
};
use crate::{
    domain::{
        command::Once,
        id::Seq,
        message::{Content, Message},
        time::Millis,
    },
    store::{
        Fault, Store, backup, keys,
        records::{AttachmentRecord, Cursor, Original, Repeat, Version},
    },
};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// All rows but those that tell one store from another.
fn rows(store: &Store) -> Rows {
    let rows = store.engine.tree().iter().map(|row| row.expect("readable"));
    let rows = rows.map(|(key, value)| (key.to_vec(), value.to_vec()));
    rows.filter(|(key, _)| key.first() != Some(&keys::META.byte)).collect()
}

/// A store with something in many ranges.
fn filled(dir: &Path) -> Store {
    let store = open(dir);
    let c = create(&store, "chat_1");
    post(&store, &c, message(1, &"long ".repeat(5000)));
    let original = Original { text: "call 123".into(), findings: vec![finding()] };
    let mut batch = store.batch();
    batch.append(c.number, &posted(&c.id, full_message(2)), Some(&original)).expect("fits");
    let once = Once { key: Some("k".into()), window_ms: None, verb: "post" };
    let answer = Repeat { seq: Seq(2), at: Millis(1), delivered: 1, held: None };
    batch.remember(c.number, "a", &once, &answer).expect("fits");
    let once = Once { key: Some("k".into()), window_ms: Some(1000), verb: "post" };
    batch.remember(c.number, "a", &once, &answer).expect("fits");
    let to = Cursor { delivered: Seq(2), read: Seq(1), at: Millis(3) };
    batch.cursor(c.number, &user("a"), to).expect("fits");
    let new = Message { version: 2, content: Content::plain("new"), ..message(1, "") };
    batch.append(c.number, &edited(&c.id, 3, &new), None).expect("fits");
    let keep = Version { version: 1, at: Millis(1), content: Content::plain("old") };
    batch.replace(c.number, &new, Some(&keep)).expect("fits");
    let mut upload = store.upload().expect("begun");
    upload.write(&vec![9; 200_000]).expect("written");
    let (hash, size_bytes) = upload.finish().expect("in place");
    let record = AttachmentRecord {
        id: "a-1".into(),
        hash,
        filename: "a.bin".into(),
        content_type: "x/y".into(),
        size_bytes,
        owner: user("a"),
        created_at: Millis(1),
    };
    batch.attach(&record).expect("fits");
    store.write(batch).expect("written");
    store
}

#[test]
fn a_restored_store_is_the_same_but_for_its_epoch() {
    let dir = Scratch::new("backup");
    let store = filled(dir.path());
    let file = dir.join("backup.parlour");
    let counts = backup::write(&store, &file, false, Millis(77)).expect("written");
    assert_eq!((counts.attachments, counts.attachment_bytes), (1, 200_000));
    let (header, verified) = backup::verify(&file).expect("sound");
    assert_eq!((verified, header.created(), header.epoch), (counts, Millis(77), store.epoch()));
    let other = Scratch::new("restored");
    backup::restore(&file, other.path(), &settings()).expect("restored");
    let (restored, opening) = try_open(other.path()).expect("opens");
    assert!(!opening.created && !opening.recovered && opening.epoch != store.epoch());
    assert_eq!(rows(&restored), rows(&store));
    assert!(restored.position_at_open() > store.position_at_open(), "new events come after all");
    let report = restored.check().expect("readable");
    assert_eq!((report.problems, report.attachments), (vec![], 1));
    let again = backup::restore(&file, other.path(), &settings());
    assert!(matches!(again, Err(Fault::NotEmpty { .. })));
}

#[test]
fn originals_can_be_left_out() {
    let dir = Scratch::new("without");
    let store = filled(dir.path());
    let file = dir.join("backup.parlour");
    backup::write(&store, &file, true, Millis(1)).expect("written");
    let other = Scratch::new("without-restored");
    backup::restore(&file, other.path(), &settings()).expect("restored");
    let restored = open(other.path());
    let private = |key: &Vec<u8>| keys::range_of(key).is_some_and(|range| range.private);
    let mut expected = rows(&store);
    assert!(expected.keys().any(private));
    expected.retain(|key, _| !private(key));
    assert_eq!(rows(&restored), expected);
    assert_eq!(restored.check().expect("readable").problems, []);
}

#[test]
fn a_backup_holds_what_was_written_meanwhile() {
    let dir = Scratch::new("online");
    let store = filled(dir.path());
    let c = create(&store, "busy");
    for seq in 1..=3000 {
        let mut batch = store.batch();
        batch.append(c.number, &posted(&c.id, message(seq, "before")), None).expect("fits");
        store.submit(batch, |result| result.expect("written"));
    }
    let file = dir.join("backup.parlour");
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for seq in 1..=3000u64 {
                let mut batch = store.batch();
                let words = "after ".repeat(if seq % 7 == 0 { 2000 } else { 1 });
                let new = Message { version: 2, ..message(seq, &words) };
                batch.append(c.number, &edited(&c.id, 3000 + seq, &new), None).expect("fits");
                batch.replace(c.number, &new, None).expect("fits");
                store.submit(batch, |result| result.expect("written"));
            }
        });
        backup::write(&store, &file, false, Millis(1)).expect("written");
        writing.join().expect("wrote");
    });
    let other = Scratch::new("online-restored");
    backup::restore(&file, other.path(), &settings()).expect("restored");
    let restored = open(other.path());
    assert_eq!(restored.check().expect("readable").problems, []);
    // It is the state of one moment: edited up to one message, and not beyond.
    let last = restored.last_seq(c.number).expect("read").0;
    assert!((3000..=6000).contains(&last));
    let mut versions = (1..=3000).map(|seq| {
        let message = restored.message(c.number, Seq(seq)).expect("read").expect("there");
        message.version
    });
    assert!(versions.all({
        let mut seq = 0;
        move |version| {
            seq += 1;
            version == if seq <= last - 3000 { 2 } else { 1 }
        }
    }));
    assert!(restored.conversation(&room("busy")).expect("read").is_some());
}

/// The rows that follow are changed between two looks at the changes, which no luck decides here.
#[test]
fn a_row_is_not_read_older_than_the_changes_before_it() {
    let dir = Scratch::new("order");
    let store = open(dir.path());
    let c = create(&store, "busy");
    let put_all = |version| {
        let mut batch = store.batch();
        for seq in 1..=1500 {
            let new = Message { version, ..message(seq, "words") };
            match version {
                1 => batch.append(c.number, &posted(&c.id, new), None).expect("fits"),
                _ => batch.replace(c.number, &new, None).expect("fits"),
            }
        }
        store.write(batch).expect("written");
    };
    put_all(1);
    let file = dir.join("backup.parlour");
    let mut looks = 0;
    let meanwhile = || {
        looks += 1;
        if looks == 1 {
            put_all(2);
        }
    };
    backup::write_while(&store, &file, false, Millis(1), meanwhile).expect("written");
    assert!(looks > 1, "rows were read at one go");
    let other = Scratch::new("order-restored");
    backup::restore(&file, other.path(), &settings()).expect("restored");
    assert_eq!(rows(&open(other.path())), rows(&store));
}

#[test]
fn a_bad_backup_is_refused_and_changes_nothing() {
    let dir = Scratch::new("bad");
    let store = filled(dir.path());
    let file = dir.join("backup.parlour");
    backup::write(&store, &file, false, Millis(1)).expect("written");
    let sound = fs::read(&file).expect("readable");
    let check = |name: &str, bytes: &[u8]| {
        let bad = dir.join(name);
        fs::write(&bad, bytes).expect("written");
        let fault = backup::verify(&bad).expect_err(name);
        assert!(matches!(fault, Fault::BadBackup { .. }), "{name}: {fault}");
        let target = Scratch::new(name);
        assert_eq!(backup::restore(&bad, target.path(), &settings()), Err(fault));
        assert!(!target.path().exists(), "{name} made a directory");
    };
    check("empty", b"");
    check("foreign", b"PK\x03\x04 something else entirely, long enough");
    check("longer", &[&sound[..], b"x"].concat());
    for at in (0..sound.len()).step_by(9973) {
        let mut flipped = sound.clone();
        flipped[at] ^= 1;
        check("flipped", &flipped);
        check("cut", &sound[..at]);
    }
    let missing = backup::verify(&dir.join("missing"));
    assert!(matches!(missing, Err(Fault::Io { .. })), "{missing:?}");
}

#[test]
fn a_half_restored_directory_does_not_open() {
    let dir = Scratch::new("half");
    let store = filled(dir.path());
    let file = dir.join("backup.parlour");
    backup::write(&store, &file, false, Millis(1)).expect("written");
    let other = Scratch::new("half-restored");
    backup::restore(&file, other.path(), &settings()).expect("restored");
    fs::write(other.join("RESTORING"), b"").expect("written");
    assert!(matches!(try_open(other.path()).err(), Some(Fault::HalfRestored { .. })));
}
