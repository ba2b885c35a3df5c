//! The order of everything: positions as they are given, stored and published, and what follows from
//! them for those who join.

use std::sync::Arc;

use super::{Bed, OFFSETS, at, post, seq, taken};
use crate::{
    auth::{Actor, Auth, Permit},
    chat::Error,
    domain::{
        command::{Command, Edit, Once, Target},
        event::{Offset, Position},
        id::Seq,
        message::Content,
        refusal::Refusal,
        time::Millis,
    },
    hub::{Listener, Outbox},
    runtime::Clock,
};

/// What a listener of the second flavour got: conversation, seq, offset.
pub(super) fn heard(frame: &[u8]) -> (String, u64, Offset) {
    let text = std::str::from_utf8(frame).expect("text");
    let parts: Vec<&str> = text.split(' ').collect();
    let [room, seq, offset] = parts.as_slice() else { panic!("{text}") };
    ((*room).to_owned(), seq.parse().expect("a seq"), Offset::parse(offset).expect("an offset"))
}

pub(super) fn listener(bytes_max: usize) -> Listener {
    Listener { outbox: Arc::new(Outbox::new(bytes_max)), flavour: OFFSETS }
}

fn positions(bed: &Bed, room: &str) -> Vec<Position> {
    let following = bed.chat.follow(Permit::Service(&bed.service), &at(room)).expect("open");
    let events = following.events(Seq(0), following.published()).expect("read");
    events.into_iter().map(|event| event.position).collect()
}

/// Posts `count` messages in each of `rooms`, in each by a task of its own.
async fn speak(bed: &Arc<Bed>, rooms: &'static [&'static str], count: usize) {
    let tasks = crate::runtime::Tasks::default();
    for room in rooms {
        let bed = bed.clone();
        tasks.spawn("speaker", async move {
            for number in 0..count {
                let name = format!("{room}-{}-{number}", bed.store.position_at_open().0);
                bed.run(post(room, &name, "x")).await.expect("stored");
            }
        });
    }
    assert_eq!(tasks.ended(std::time::Duration::from_mins(2)).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn positions_ascend_as_published_and_as_stored_and_over_a_restart() {
    const ROOMS: &[&str] = &["a", "b", "c", "d"];
    let mut bed = Arc::new(Bed::new());
    let mut last = Position::default();
    for _ in 0..2 {
        let listener = listener(1 << 20);
        let permit = Permit::Service(&bed.service);
        let mut joined = Vec::new();
        for room in ROOMS {
            let (_, _, subscription) =
                bed.chat.join(permit, &at(room), None, 0, listener.clone()).await.expect("joined");
            joined.push(subscription);
        }
        speak(&bed, ROOMS, 40).await;
        let published: Vec<_> = taken(&listener.outbox).iter().map(|f| heard(f)).collect();
        assert_eq!(published.len(), ROOMS.len() * 40);
        for (room, seq, offset) in &published {
            assert!(offset.position > last && offset.except.is_none(), "{room} {seq}");
            last = offset.position;
        }
        for room in ROOMS {
            let stored = positions(&bed, room);
            let heard = published.iter().filter(|(name, ..)| name == room);
            let heard: Vec<Position> = heard.map(|(.., offset)| offset.position).collect();
            assert!(stored.is_sorted() && stored.ends_with(&heard), "{room}");
        }
        drop(joined);
        bed = Arc::new(bed.again(Clock::system()));
    }
}

#[tokio::test]
async fn a_position_finds_its_seq() {
    let bed = Bed::new();
    for number in 0..300_u64 {
        let room = if number % 3 == 0 { "a" } else { "b" };
        bed.run(post(room, &number.to_string(), "x")).await.expect("stored");
    }
    let following = bed.chat.follow(Permit::Service(&bed.service), &at("a")).expect("open");
    let first = bed.store.position_at_open().0 + 1;
    let check = |back: u64, from: u64, upto: u64, expected: u64| {
        let found = following.last_seq_at(Position(first + 299 - back), (Seq(from), Seq(upto)));
        assert_eq!(found.expect("read"), Seq(expected), "{back} {from} {upto}");
    };
    for (from, upto) in [(0, 100), (40, 100), (99, 100), (100, 100), (0, 60), (0, 1), (0, 0)] {
        for back in 0..=300 {
            let had = (299 - back.min(299)) / 3 + u64::from(back < 300);
            check(back, from, upto, had.clamp(from, upto));
        }
    }
}

#[tokio::test]
async fn joining_late_brings_what_was_missed_and_says_how_far_its_reader_is() {
    let bed = Bed::new();
    let permit = Permit::Service(&bed.service);
    for number in 0..5 {
        bed.run(post("r", &number.to_string(), "x")).await.expect("stored");
        bed.run(post("other", &number.to_string(), "x")).await.expect("stored");
    }
    let cut = bed.chat.shared.stage.cut(|last| last);
    let number = bed.chat.follow(permit, &at("r")).expect("open").number().expect("a number");
    let listener = listener(1 << 20);
    let join = |room: &str, after: Option<u64>, missed_max| {
        let listener = listener.clone();
        let room = at(room);
        let chat = bed.chat.clone();
        async move { chat.join(permit, &room, after.map(Seq), missed_max, listener).await }
    };
    let (joined, _, _subscription) = join("r", Some(2), 3).await.expect("joined");
    assert_eq!(joined, Seq(5));
    bed.run(post("r", "live", "x")).await.expect("stored");
    let got: Vec<_> = taken(&listener.outbox).iter().map(|frame| heard(frame)).collect();
    let missed = |seq: u64| {
        let except = Some((number, Seq(seq)));
        (String::from("r"), seq, Offset { position: cut, except })
    };
    assert_eq!(got[..3], [missed(3), missed(4), missed(5)]);
    assert_eq!(got[3], (String::from("r"), 6, cut.next().into()));
    assert_eq!(got.len(), 4);

    let refused = |result: Result<_, Error>| match result {
        Err(Error::Refused(refusal)) => refusal.to_string(),
        _ => String::new(),
    };
    let too_many = refused(join("other", Some(1), 3).await.map(drop));
    assert_eq!(too_many, "after: more than 3 events were missed; fetch the history");
    let beyond = refused(join("other", Some(6), 3).await.map(drop));
    assert_eq!(beyond, "after: lies beyond the last event; fetch the history");
    assert_eq!(join("other", Some(5), 0).await.expect("joined").0, Seq(5));
    let (seq, _, _new) = join("nobody wrote here", None, 0).await.expect("joined");
    assert_eq!(seq, Seq(0));
    bed.run(post("nobody wrote here", "first", "x")).await.expect("stored");
    assert_eq!(taken(&listener.outbox).len(), 1, "refused and dropped ones do not listen");
}

#[tokio::test]
async fn visitors_may_listen_to_open_rooms_and_nothing_else() {
    let bed = Bed::open(super::scratch(), Clock::system(), true);
    let closed = Bed::new();
    assert!(matches!(closed.chat.admit_visitor(), Err(Refusal::Unauthenticated(_))));
    bed.chat.admit_visitor().expect("rooms are open");
    let visitor = Auth::visitor();
    let permit = Permit::Actor(&visitor);
    assert_eq!(visitor.expires_at(), None);
    let (_, _, _joined) =
        bed.chat.join(permit, &at("r"), None, 0, listener(1000)).await.expect("joined");
    let refused = |result: Result<(), Error>| match result {
        Err(Error::Refused(refusal)) => refusal.code(),
        _ => "",
    };
    let join = bed.chat.join(permit, &at("order:7"), None, 0, listener(1000)).await;
    assert_eq!(refused(join.map(drop)), "not_a_member");
    let run = |command| bed.chat.execute(permit, command);
    assert_eq!(refused(run(post("r", "1", "x")).await.map(drop)), "unauthenticated");
    let first = bed.run(post("r", "1", "x")).await.expect("stored");
    let edit = Edit {
        conversation: at("r"),
        sender: None,
        target: Target::Seq(Seq(seq(&first))),
        content: Content::plain("y"),
        update: false,
        once: Once::default(),
    };
    assert_eq!(refused(run(Command::Edit(edit)).await.map(drop)), "unauthenticated");
    let typing = bed.chat.typing(&visitor, &at("r"), true, None);
    assert_eq!(refused(typing), "unauthenticated");
    assert_eq!(refused(bed.chat.read(&visitor, &at("r"), Seq(1))), "unauthenticated");
    let ann = Actor::for_test("ann", "user", "r", Millis(u64::MAX));
    bed.chat.read(&ann, &at("r"), Seq(1)).expect("moved");
}
