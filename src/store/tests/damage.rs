//! Trouble with the directory: each gets its sentence, and nothing already stored is lost.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::scratch::{Scratch, copy, create, message, open, post, try_open};
use crate::{
    domain::id::Seq,
    store::{Fault, Store},
};

const MESSAGES: u64 = 400;

/// A closed store of a few segments.
fn filled(name: &str) -> Scratch {
    let dir = Scratch::new(name);
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    for seq in 1..=MESSAGES {
        let mut batch = store.batch();
        let event = super::scratch::posted(&c.id, message(seq, &"x".repeat(3000)));
        batch.append(c.number, &event, None).expect("fits");
        store.submit(batch, |result| result.expect("written"));
    }
    store.close();
    drop(store);
    // A second start writes a snapshot.
    open(dir.path()).close();
    dir
}

#[track_caller]
fn check_whole(store: &Store) {
    assert_eq!(store.last_seq(1), Ok(Seq(MESSAGES)));
    assert_eq!(store.check().expect("readable").problems, []);
}

fn snapshots(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir.join("sled")).expect("readable");
    let paths = entries.map(|entry| entry.expect("readable").path());
    paths.filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().contains("snap."))).collect()
}

/// After `damage` the store opens with everything in it.
#[track_caller]
fn check_heals(name: &str, damage: impl Fn(&Path), recovered: bool) {
    let dir = filled(name);
    assert!(!snapshots(dir.path()).is_empty(), "there is a snapshot to damage");
    damage(dir.path());
    let (store, opening) = try_open(dir.path()).expect("opens");
    assert_eq!((opening.recovered, opening.created), (recovered, false));
    check_whole(&store);
}

#[test]
fn what_a_crash_leaves_behind_is_put_right() {
    let each =
        |change: fn(&Path)| move |dir: &Path| snapshots(dir).iter().for_each(|path| change(path));
    check_heals("intact", |_| (), false);
    check_heals("nosnap", each(|path| fs::remove_file(path).expect("removed")), false);
    check_heals("emptysnap", each(|path| fs::write(path, b"").expect("emptied")), true);
    check_heals("badsnap", each(|path| fs::write(path, [7; 300]).expect("spoilt")), true);
    let half = |dir: &Path| {
        fs::write(dir.join("sled").join("snap.00000000.generating"), b"half").expect("written");
    };
    check_heals("halfsnap", half, true);
    check_heals("noident", |dir| fs::remove_file(dir.join("IDENT")).expect("removed"), false);
}

/// After `damage` the store does not open, twice, for a reason that its sentence tells.
#[track_caller]
fn check_refused(dir: &Path, words: &[&str]) -> Fault {
    let first = try_open(dir).err().expect("it must not open");
    let second = try_open(dir).err().expect("it must not open the second time either");
    for fault in [&first, &second] {
        let sentence = fault.to_string();
        assert!(words.iter().any(|word| sentence.contains(word)), "{sentence}");
        assert!(sentence.contains("parlour"), "{sentence} does not name a path");
    }
    first
}

#[test]
fn a_store_never_comes_up_empty() {
    let dir = filled("deleted");
    fs::remove_file(dir.join("sled/db")).expect("removed");
    let fault = check_refused(dir.path(), &["missing"]);
    assert!(matches!(fault, Fault::Vanished { .. }), "{fault}");

    let dir = filled("gone");
    fs::remove_dir_all(dir.join("sled")).expect("removed");
    assert!(matches!(check_refused(dir.path(), &["missing"]), Fault::Vanished { .. }));

    let dir = filled("emptied");
    fs::write(dir.join("sled/db"), b"").expect("emptied");
    assert!(matches!(check_refused(dir.path(), &["missing"]), Fault::Vanished { .. }));

    let dir = filled("zeroed");
    let len = fs::metadata(dir.join("sled/db")).expect("there").len();
    fs::write(dir.join("sled/db"), vec![0; usize::try_from(len).expect("small")]).expect("zeroed");
    for path in snapshots(dir.path()) {
        fs::remove_file(path).expect("removed");
    }
    let fault = check_refused(dir.path(), &["without its data", "damaged", "missing"]);
    if let Fault::CameUpEmpty { aside, .. } = fault {
        assert!(aside.join("db").exists(), "what was there is kept");
    }

    let dir = filled("swapped");
    let other = filled("other");
    fs::copy(other.join("IDENT"), dir.join("IDENT")).expect("copied");
    assert!(matches!(check_refused(dir.path(), &["damaged"]), Fault::Damaged { .. }));
}

/// Cuts the file at every eighth: the store opens with everything, or says that something is wrong.
#[test]
fn a_cut_database_is_noticed_or_whole() {
    let intact = filled("cut");
    let len = fs::metadata(intact.join("sled/db")).expect("there").len();
    for eighth in 0..8 {
        let dir = Scratch::new("cut-copy");
        copy(intact.path(), dir.path());
        let file = fs::File::options().write(true).open(dir.join("sled/db")).expect("opens");
        file.set_len(len * eighth / 8).expect("cut");
        drop(file);
        match try_open(dir.path()) {
            Ok((store, _)) => check_honest(&store),
            Err(fault) => assert!(!fault.to_string().is_empty()),
        }
    }
}

/// Zeroes a block of 4 KiB in many places, one at a time.
#[test]
fn a_damaged_block_is_noticed_or_harmless() {
    let intact = filled("blocks");
    let len = fs::metadata(intact.join("sled/db")).expect("there").len();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    for _ in 0..24 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let block = (random >> 33) % (len / 4096);
        let dir = Scratch::new("blocks-copy");
        copy(intact.path(), dir.path());
        let path = dir.join("sled/db");
        let mut bytes = fs::read(&path).expect("readable");
        let at = usize::try_from(block * 4096).expect("small");
        bytes[at..at + 4096].fill(0);
        fs::write(&path, bytes).expect("written");
        match try_open(dir.path()) {
            Ok((store, _)) => check_honest(&store),
            Err(fault) => assert!(!fault.to_string().is_empty()),
        }
    }
}

/// A store that opened over damage has everything, or its check finds the damage: nothing is missing
/// in silence.
#[track_caller]
fn check_honest(store: &Store) {
    match store.check() {
        Ok(report) if report.problems.is_empty() => check_whole(store),
        Ok(report) => assert!(report.problems_total > 0),
        Err(fault) => assert!(fault.to_string().contains("damaged"), "{fault}"),
    }
}

/// What lies on disk when an answer is given is what a killed process leaves: it opens, with
/// everything that was answered up to then.
#[test]
fn what_was_answered_survives_a_kill_at_any_commit() {
    let dir = Scratch::new("kill");
    let copies = Scratch::new("kill-copies");
    let store = open(dir.path());
    let c = create(&store, "chat_1");
    for seq in 1..=240u64 {
        let mut batch = store.batch();
        let text = "x".repeat(usize::try_from(seq * 97 % 9000).expect("small"));
        let event = super::scratch::posted(&c.id, message(seq, &text));
        batch.append(c.number, &event, None).expect("fits");
        let (from, to) = (dir.path().to_path_buf(), copies.join(&seq.to_string()));
        store.submit(batch, move |result| {
            result.expect("written");
            // Nothing is written while the committing thread is in here.
            if seq % 24 == 0 {
                copy(&from, &to);
            }
        });
    }
    store.close();
    for seq in (24..=240).step_by(24) {
        let copy = open(&copies.join(&seq.to_string()));
        let last = copy.last_seq(1).expect("read");
        assert!((Seq(seq)..=Seq(240)).contains(&last), "{seq}: only {last}");
        assert_eq!(copy.check().expect("readable").problems, []);
    }
}

#[test]
fn a_lost_end_is_noticed() {
    let dir = filled("tail");
    let older = Scratch::new("tail-older");
    copy(dir.path(), older.path());
    let store = open(dir.path());
    let epoch = store.epoch();
    let c = store.conversation_at(1).expect("read").expect("there");
    post(&store, &c, message(MESSAGES + 1, "acknowledged"));
    drop(store);
    // The database of before, as a disk that lied would leave it.
    fs::copy(dir.join("PROGRESS"), older.join("PROGRESS")).expect("copied");
    let fault = check_refused(older.path(), &["are missing"]);
    assert!(matches!(fault, Fault::LostEnd { lost: 1.., .. }), "{fault}");
    // The administrator takes the loss; whoever resumes learns of it by the new epoch.
    fs::remove_file(older.join("PROGRESS")).expect("removed");
    let (store, opening) = try_open(older.path()).expect("opens");
    assert!(opening.recovered && opening.epoch != epoch);
    check_whole(&store);
    drop(store);
    let (_store, again) = try_open(older.path()).expect("opens");
    assert_eq!((again.epoch, again.recovered), (opening.epoch, false));
}

#[test]
fn a_newer_format_is_left_alone() {
    let dir = filled("newer");
    let ident = fs::read_to_string(dir.join("IDENT")).expect("readable");
    fs::write(dir.join("IDENT"), ident.replace("format 1", "format 2")).expect("written");
    let before = fs::read(dir.join("sled/db")).expect("readable");
    let fault = check_refused(dir.path(), &["newer format 2"]);
    assert!(matches!(fault, Fault::NewerFormat { found: 2, known: 1, .. }), "{fault}");
    assert_eq!(fs::read(dir.join("sled/db")).expect("readable"), before);
    fs::write(dir.join("IDENT"), ident).expect("written");
    check_whole(&open(dir.path()));
}

#[test]
fn two_do_not_share_a_directory() {
    let dir = filled("shared");
    let store = open(dir.path());
    assert!(matches!(check_refused(dir.path(), &["in use"]), Fault::InUse { .. }));
    check_whole(&store);
    drop(store);
    check_whole(&open(dir.path()));
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    // The administrator of a test machine may write anywhere but into the kernel's own files.
    let root = Path::new("/sys/parlour");
    if Path::new("/sys/kernel").exists() {
        let fault = check_refused(root, &["cannot be written"]);
        assert!(matches!(fault, Fault::NotWritable { .. }), "{fault}");
    }
    let dir = Scratch::new("file");
    fs::write(dir.path(), b"a file").expect("written");
    check_refused(dir.path(), &["failed"]);
    fs::remove_file(dir.path()).expect("removed");
}

#[test]
fn copies_are_independent_stores() {
    let dir = filled("copy");
    let other = Scratch::new("copy-of");
    copy(dir.path(), other.path());
    let (one, two) = (open(dir.path()), open(other.path()));
    let c = one.conversation_at(1).expect("read").expect("there");
    post(&one, &c, message(MESSAGES + 1, "only here"));
    assert_eq!(one.last_seq(1), Ok(Seq(MESSAGES + 1)));
    check_whole(&two);
}
