//! Random operations against a naive model, with closing and opening in between.

use std::collections::{BTreeMap, HashMap};

use super::scratch::{Scratch, edited, id, message, open, posted, room, user};
use crate::{
    domain::{
        command::{Once, Range},
        id::Seq,
        message::{Content, Message},
        time::Millis,
    },
    store::{
        Store,
        records::{Cursor, Repeat},
    },
};

/// What one conversation must hold.
#[derive(Default)]
struct Log {
    number: u64,
    last: u64,
    messages: BTreeMap<u64, Message>,
    edits: u64,
    answered: HashMap<String, u64>,
    cursors: HashMap<String, u64>,
}

/// A seeded generator (Knuth's MMIX constants), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn words(&mut self) -> String {
        let len = [0, 5, 80, 6000, 20_000][usize::try_from(self.roll(5)).expect("small")];
        "слово "[..].chars().cycle().take(len).collect()
    }
}

fn once(key: &str) -> Once {
    Once { key: Some(key.into()), window_ms: None, verb: "post" }
}

fn step(store: &Store, name: &str, log: &mut Log, dice: &mut Dice) {
    let conversation = room(name);
    let mut batch = store.batch();
    if log.number == 0 {
        log.number = batch.create(&conversation, Millis(1)).expect("fits");
    }
    match dice.roll(10) {
        0..5 => {
            log.last += 1;
            let new = message(log.last, &dice.words());
            batch.append(log.number, &posted(&conversation, new.clone()), None).expect("fits");
            let key = format!("k{}", dice.roll(1000));
            let answer = Repeat { seq: Seq(log.last), at: Millis(1), delivered: 0, held: None };
            batch.remember(log.number, "a", &once(&key), &answer).expect("fits");
            log.answered.insert(key, log.last);
            log.messages.insert(log.last, new);
        }
        5..8 if !log.messages.is_empty() => {
            let nth = usize::try_from(dice.roll(log.messages.len() as u64)).expect("small");
            let Some(message) = log.messages.values_mut().nth(nth) else { return };
            message.version += 1;
            message.content = Content::plain(dice.words());
            log.last += 1;
            log.edits += 1;
            let event = edited(&conversation, log.last, message);
            batch.append(log.number, &event, None).expect("fits");
            batch.replace(log.number, message, None).expect("fits");
        }
        _ => {
            let name = format!("u{}", dice.roll(3));
            let to = dice.roll(log.last + 1);
            let cursor = Cursor { delivered: Seq(to), read: Seq(to), at: Millis(1) };
            batch.cursor(log.number, &user(&name), cursor).expect("fits");
            let best = log.cursors.entry(name).or_default();
            *best = to.max(*best);
        }
    }
    store.submit(batch, |result| result.expect("written"));
}

#[track_caller]
fn check(store: &Store, name: &str, log: &Log) {
    if log.number == 0 {
        return;
    }
    let c = store.conversation(&room(name)).expect("read").expect("there");
    assert_eq!((c.number, store.last_seq(c.number)), (log.number, Ok(Seq(log.last))));
    let page = store.messages(c.number, Range::After(Seq(0)), Seq(log.last), 100_000);
    let expected: Vec<Message> = log.messages.values().cloned().collect();
    assert_eq!(page.expect("read").messages, expected);
    let events = store.events(&c, Seq(0), Seq(log.last), 100_000).expect("read");
    assert_eq!(events.len() as u64, log.last);
    for seq in log.messages.keys() {
        assert_eq!(store.find(c.number, &id(&format!("m{seq}"))), Ok(Some(Seq(*seq))));
    }
    for (key, seq) in &log.answered {
        let repeat = store.repeat(c.number, "a", &once(key), Millis(5)).expect("read");
        assert_eq!(repeat.map(|repeat| repeat.seq), Some(Seq(*seq)));
    }
    for (name, read) in &log.cursors {
        assert_eq!(store.cursor(c.number, &user(name)).map(|c| c.read), Ok(Seq(*read)));
    }
}

#[track_caller]
fn check_seed(seed: u64) {
    let dir = Scratch::new("model");
    let names = ["one", "two", "three"];
    let mut logs: Vec<Log> = names.iter().map(|_| Log::default()).collect();
    let mut dice = Dice(seed);
    for _ in 0..4 {
        let store = open(dir.path());
        for _ in 0..150 {
            let which = usize::try_from(dice.roll(3)).expect("small");
            step(&store, names[which], &mut logs[which], &mut dice);
        }
        store.close();
        for (name, log) in names.iter().zip(&logs) {
            check(&store, name, log);
        }
        let report = store.check().expect("readable");
        assert_eq!(report.problems, [], "seed {seed}");
        assert_eq!(report.entries, logs.iter().map(|log| log.last).sum::<u64>());
        let edits: u64 = logs.iter().map(|log| log.edits).sum();
        assert_eq!(report.entries - report.messages, edits);
    }
}

#[test]
fn the_store_does_what_a_naive_model_does() {
    (1..=4).for_each(check_seed);
}
