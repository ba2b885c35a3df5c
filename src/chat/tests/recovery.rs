//! A client that is cut off at random places and comes back with the last offset that it got: against
//! a naive model, it gets every event exactly once and each room's in order.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;

use super::{
    Bed, at,
    order::{heard, listener},
    post, taken,
};
use crate::{
    auth::{Actor, Permit},
    chat::{Chat, Error, Subscription},
    domain::{
        event::{Entrance, Offset, Position},
        id::{ConversationId, Seq},
        time::Millis,
    },
    hub::{Listener, Outbox},
    runtime::{Clock, Tasks},
};

const ROOMS: [&str; 5] = ["a", "b", "c", "d", "e"];
const POSTS: usize = 120;

/// A seeded generator (Knuth's MMIX constants), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % sides
    }
}

/// What the client and its session know.
#[derive(Default)]
struct Client {
    /// What it listens to, and the seq at which it joined.
    rooms: Vec<(ConversationId, Entrance)>,
    /// The last seq of each room that it has; it was given nothing twice and nothing is missing.
    had: BTreeMap<String, u64>,
    offset: Option<Offset>,
    heard: usize,
}

impl Client {
    #[track_caller]
    fn hear(&mut self, frame: &[u8], seed: u64) {
        let (room, seq, offset) = heard(frame);
        let had = self.had.get_mut(&room).expect("a room that it listens to");
        assert_eq!(seq, *had + 1, "seed {seed}: {room} after {} events", self.heard);
        *had = seq;
        self.offset = Some(offset);
        self.heard += 1;
    }

    fn lacks(&self) -> Option<&'static str> {
        ROOMS.into_iter().find(|room| !self.had.contains_key(*room))
    }
}

/// Does something with the outbox while the peer reads; also returns what it read.
async fn reading<T>(outbox: &Outbox, work: impl Future<Output = T>) -> (T, Vec<Bytes>) {
    let mut read = Vec::new();
    let done = {
        let reader = async {
            loop {
                read.extend(taken(outbox));
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            done = work => done,
            () = reader => unreachable!("a reader does not end"),
        }
    };
    (done, read)
}

/// Joined before anything was published.
fn from(since: u64) -> Entrance {
    Entrance { since: Seq(since), position: Position::default() }
}

/// Finds the seam and goes on there.
async fn rejoin(
    chat: &Chat,
    permit: Permit<'_>,
    rooms: Vec<(ConversationId, Entrance)>,
    offset: Option<Offset>,
    missed_max: u64,
    listener: Listener,
) -> Result<Option<Vec<(ConversationId, Subscription)>>, Error> {
    match chat.seam(permit, rooms, offset, missed_max, listener)? {
        Some(seam) => chat.rejoin(seam).await.map(Some),
        None => Ok(None),
    }
}

async fn follow_again(
    bed: &Bed,
    client: &Client,
    listener: &Listener,
) -> Result<Vec<(ConversationId, Subscription)>, Error> {
    let permit = Permit::Service(&bed.service);
    let rooms = client.rooms.clone();
    let joined =
        rejoin(&bed.chat, permit, rooms, client.offset, u64::MAX, listener.clone()).await?;
    Ok(joined.expect("a seam"))
}

/// One connection: everything again, maybe one room more, then cut off after some of what was sent.
async fn live(bed: &Bed, client: &mut Client, dice: &mut Dice, seed: u64) {
    let listener = listener([600, 5_000, 1 << 20][dice.roll(3)]);
    let outbox = listener.outbox.clone();
    let (joined, mut sent) = reading(&outbox, follow_again(bed, client, &listener)).await;
    let mut subscriptions = joined.unwrap_or_default();
    let mut more = None;
    if let (Some(room), false) = (client.lacks(), subscriptions.is_empty()) {
        let after = (dice.roll(3) > 0).then_some(Seq(0));
        let permit = Permit::Service(&bed.service);
        let room_at = at(room);
        let join = bed.chat.join(permit, &room_at, after, u64::MAX, listener.clone());
        let (new, read) = reading(&outbox, join).await;
        sent.extend(read);
        if let Ok((seq, entrance, subscription)) = new {
            subscriptions.push((at(room), subscription));
            more = Some((room, entrance, after.unwrap_or(seq)));
        }
    }
    for _ in 0..dice.roll(30) {
        sent.extend(taken(&outbox));
        tokio::task::yield_now().await;
    }
    sent.extend(taken(&outbox));
    drop(subscriptions);
    // What is under way when the connection breaks never arrives.
    sent.truncate(dice.roll(sent.len() + 1));
    // The session is remembered with it, whether or not anything of it arrived.
    if let Some((room, entrance, after)) = more {
        client.rooms.push((at(room), entrance));
        client.had.insert(room.into(), after.0);
    }
    for frame in &sent {
        client.hear(frame, seed);
    }
}

async fn check_seed(seed: u64) {
    let bed = Arc::new(Bed::new());
    let mut dice = Dice(seed);
    let mut client = Client::default();
    // Two rooms are listened to from before the first word, and the second is old already.
    for room in &ROOMS[..2] {
        client.rooms.push((at(room), from(0)));
        client.had.insert((*room).into(), 0);
    }
    let permit = Permit::Service(&bed.service);
    for number in 0..250 {
        let command = post("b", &format!("old-{number}"), "x");
        bed.chat.begin(permit, command).await.expect("decided");
    }
    let (tasks, speaking) = (Tasks::default(), Arc::new(AtomicUsize::new(ROOMS.len())));
    for (number, room) in ROOMS.into_iter().enumerate() {
        let (bed, speaking) = (bed.clone(), speaking.clone());
        let mut dice = Dice(seed * 100 + number as u64);
        tasks.spawn("speaker", async move {
            for number in 0..POSTS {
                let text = "x".repeat(1 + dice.roll(200));
                bed.run(post(room, &number.to_string(), &text)).await.expect("stored");
                for _ in 0..dice.roll(4) {
                    tokio::task::yield_now().await;
                }
            }
            speaking.fetch_sub(1, Ordering::Relaxed);
        });
    }
    while speaking.load(Ordering::Relaxed) > 0 {
        live(&bed, &mut client, &mut dice, seed).await;
    }
    assert_eq!(tasks.ended(Duration::from_mins(2)).await, 0);
    let listener = listener(1 << 24);
    let (joined, mut sent) =
        reading(&listener.outbox, follow_again(&bed, &client, &listener)).await;
    joined.expect("joined");
    sent.extend(taken(&listener.outbox));
    for frame in &sent {
        client.hear(frame, seed);
    }
    for (room, had) in &client.had {
        let last = if room == "b" { POSTS + 250 } else { POSTS };
        assert_eq!(*had, last as u64, "seed {seed}: {room}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_client_that_is_cut_off_again_and_again_gets_everything_once() {
    for seed in 1..=5 {
        check_seed(seed).await;
    }
}

#[tokio::test]
async fn where_there_is_no_seam_nothing_is_sent() {
    let bed = Bed::new();
    let ann = Actor::for_test("ann", "user", "a b", Millis(u64::MAX));
    for number in 0..4 {
        bed.run(post("a", &number.to_string(), "x")).await.expect("stored");
        bed.run(post("secret", &number.to_string(), "x")).await.expect("stored");
    }
    let last = bed.chat.shared.stage.cut(|last| last);
    let permit = Permit::Service(&bed.service);
    let number = bed.chat.follow(permit, &at("a")).expect("open").number().expect("a number");
    let listener = listener(1 << 20);
    let again = |rooms: &[(&str, u64)], offset: Option<Offset>, missed_max| {
        // The first was joined when all of that had been said.
        let position = |room: &str| if room == "a" { last } else { Position::default() };
        let entrance = |room, since| Entrance { since: Seq(since), position: position(room) };
        let rooms = rooms.iter().map(|(room, since)| (at(room), entrance(room, *since))).collect();
        rejoin(&bed.chat, Permit::Actor(&ann), rooms, offset, missed_max, listener.clone())
    };
    let rooms = [("a", 0), ("b", 0), ("secret", 0), ("a", 2)];
    let none = |joined: Result<Option<Vec<_>>, Error>| joined.expect("no fault").is_none();
    assert!(none(again(&rooms, None, 3).await), "too many");
    assert!(none(again(&rooms, Some(last.next().into()), 9).await), "from the future");
    assert!(none(again(&[("a", 5)], None, 9).await), "since beyond the log");
    assert!(none(again(&[("b", 1)], Some(last.into()), 9).await), "since beyond an empty log");
    let except = Some((number, Seq(5)));
    let beyond = Some(Offset { position: last, except });
    assert!(none(again(&rooms, beyond, 9).await), "caught up beyond the log");
    assert_eq!(taken(&listener.outbox).len(), 0);
    bed.run(post("a", "unheard", "x")).await.expect("stored");
    assert_eq!(taken(&listener.outbox).len(), 0, "nobody listens");

    let except = Some((number, Seq(3)));
    let behind = Some(Offset { position: last, except });
    let joined = again(&rooms, behind, 9).await.expect("no fault").expect("a seam");
    let names: Vec<String> = joined.iter().map(|(room, _)| room.to_string()).collect();
    assert_eq!(names, ["a", "b"], "each once, and not what it may not read");
    let got: Vec<_> = taken(&listener.outbox).iter().map(|frame| heard(frame)).collect();
    let caught_up = Offset { position: last, except: Some((number, Seq(4))) };
    assert_eq!(got[0], ("a".into(), 4, caught_up));
    assert_eq!((got.len(), got[1].1, got[1].2.except), (2, 5, None));
    drop(joined);
    let joined = again(&rooms, Some(got[1].2), 0).await.expect("no fault").expect("a seam");
    assert_eq!((joined.len(), taken(&listener.outbox).len()), (2, 0));
}

#[tokio::test]
async fn an_offset_survives_a_restart() {
    let bed = Bed::new();
    let listener = listener(1 << 20);
    let rooms = || vec![(at("a"), from(0)), (at("b"), from(0))];
    let permit = Permit::Service(&bed.service);
    let joined = rejoin(&bed.chat, permit, rooms(), None, 9, listener.clone()).await;
    let joined = joined.expect("no fault").expect("a seam");
    for number in 0..3 {
        bed.run(post("a", &number.to_string(), "x")).await.expect("stored");
        bed.run(post("b", &number.to_string(), "x")).await.expect("stored");
    }
    let got: Vec<_> = taken(&listener.outbox).iter().map(|frame| heard(frame)).collect();
    let (room, seq, offset) = got[2].clone();
    assert_eq!((room.as_str(), seq), ("a", 2));
    drop(joined);

    let again = bed.again(Clock::system());
    again.run(post("a", "new", "x")).await.expect("stored");
    let permit = Permit::Service(&again.service);
    let joined = rejoin(&again.chat, permit, rooms(), Some(offset), 9, listener.clone()).await;
    let _joined = joined.expect("no fault").expect("a seam");
    again.run(post("b", "new", "x")).await.expect("stored");
    let got: Vec<_> = taken(&listener.outbox).iter().map(|frame| heard(frame)).collect();
    let got: Vec<_> = got.iter().map(|(room, seq, _)| (room.as_str(), *seq)).collect();
    assert_eq!(got, [("b", 2), ("a", 3), ("b", 3), ("a", 4), ("b", 4)]);
    assert!(offset.position > Position::of_start(1));
}

#[tokio::test]
async fn whoever_goes_halfway_leaves_nothing_behind() {
    let bed = Bed::new();
    for number in 0..50 {
        bed.run(post("a", &number.to_string(), &"x".repeat(100))).await.expect("stored");
    }
    let permit = Permit::Service(&bed.service);
    let lane = bed.chat.shared.lanes.open(&at("a")).expect("open");
    for back in [true, false] {
        // So small that it fills up, and nobody reads.
        let listener = listener(200);
        let halfway = async {
            if back {
                let rooms = vec![(at("a"), from(0))];
                rejoin(&bed.chat, permit, rooms, None, 99, listener.clone()).await.map(drop)
            } else {
                let after = Some(Seq(0));
                bed.chat.join(permit, &at("a"), after, 99, listener.clone()).await.map(drop)
            }
        };
        {
            let mut halfway = std::pin::pin!(halfway);
            for _ in 0..100 {
                let polled = poll_once(halfway.as_mut()).await;
                assert!(!polled, "it waits for its reader");
            }
            assert_eq!(lane.channel.listeners(), 1);
        }
        assert_eq!(lane.channel.listeners(), 0);
        assert!(listener.outbox.closing().is_some());
    }
}

/// Polls once; whether it is done.
async fn poll_once<T>(mut future: std::pin::Pin<&mut impl Future<Output = T>>) -> bool {
    let done =
        std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_ready()))
            .await;
    tokio::task::yield_now().await;
    done
}
