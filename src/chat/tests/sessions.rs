//! Remembered sessions: found again by their secret, after a restart too, and forgotten in time.

use std::sync::atomic::Ordering;

use super::{Bed, at, scratch};
use crate::{
    chat::{Remembered, sessions},
    domain::{
        event::{Entrance, Position},
        id::{Seq, UserId},
        time::Millis,
    },
    runtime::Clock,
    store::{records::Session, session_digest},
};

fn session(user: UserId, rooms: usize) -> Remembered {
    let name = |number| format!("{number:03}-{}", "x".repeat(150));
    let rooms = (0..rooms).map(|number| (at(&name(number)), entrance(number as u64))).collect();
    Remembered { user, namespace: "/".into(), rooms, at: Millis(0) }
}

fn entrance(since: u64) -> Entrance {
    Entrance { since: Seq(since), position: Position(since * 7) }
}

fn anna() -> UserId {
    UserId::new("anna").expect("a name")
}

#[tokio::test]
async fn a_session_is_found_again_until_its_window_is_over() {
    let (clock, hand) = Clock::manual(1_000_000);
    let bed = Bed::open(scratch(), clock.clone(), false);
    let (small, large) = (session(anna(), 2), session(UserId::visitor(), 200));
    bed.chat.remember("one", &small).await.expect("on disk");
    bed.chat.remember("two", &large).await.expect("on disk");
    let now = Millis(1_000_000);
    let found = bed.chat.recall("one").expect("read");
    assert_eq!(found, Some(Remembered { at: now, ..small.clone() }));
    assert_eq!(bed.chat.recall("on").expect("read"), None);
    assert_eq!(bed.chat.recall("").expect("read"), None);

    let again = bed.again(clock);
    let found = again.chat.recall("two").expect("read");
    assert_eq!(found, Some(Remembered { at: now, ..large.clone() }));
    hand.store(1_050_000, Ordering::Relaxed);
    again.chat.remember("two", &small).await.expect("on disk");
    hand.store(1_060_001, Ordering::Relaxed);
    assert_eq!(again.chat.recall("one").expect("read"), None, "its window is over");
    assert_eq!(again.chat.recall("two").expect("read").map(|s| s.rooms), Some(small.rooms));
    again.chat.forget("two");
    assert_eq!(again.chat.recall("two").expect("read"), None);
    // The sweep of the start may have come first.
    assert!(sessions::sweep_once(&again.chat).await.expect("swept") <= 1);
    assert_eq!(again.store.sessions(None, 9).expect("read"), []);
    assert_eq!(again.store.check().expect("readable").problems, [], "no part stays behind");
}

#[tokio::test]
async fn sessions_of_another_life_of_the_database_are_worthless() {
    let bed = Bed::new();
    let other = Session {
        user: anna(),
        namespace: String::new(),
        epoch: bed.chat.epoch().wrapping_add(1),
        at: Millis(u64::MAX),
        rooms: vec![(at("r"), entrance(1))],
    };
    let mut batch = bed.store.batch();
    batch.put_session(&session_digest("pid"), &other).expect("fits");
    bed.store.write(batch).expect("written");
    assert_eq!(bed.chat.recall("pid").expect("read"), None);
    let swept = sessions::sweep_once(&bed.chat).await.expect("swept");
    assert!(swept <= 1);
    assert_eq!(bed.store.sessions(None, 9).expect("read"), []);
}

#[tokio::test]
async fn a_sweep_takes_what_is_over_and_leaves_the_rest() {
    let (clock, hand) = Clock::manual(1_000_000);
    let bed = Bed::open(scratch(), clock, false);
    for number in 0..400 {
        hand.store(1_000_000 + number * 100, Ordering::Relaxed);
        let session = Session {
            user: anna(),
            namespace: "/".into(),
            epoch: bed.chat.epoch(),
            at: Millis(1_000_000 + number * 100),
            rooms: Vec::new(),
        };
        let mut batch = bed.store.batch();
        batch.put_session(&session_digest(&number.to_string()), &session).expect("fits");
        bed.store.submit(batch, |_| ());
    }
    bed.store.write(bed.store.batch()).expect("written");
    hand.store(1_000_000 + 60_000 + 30_000, Ordering::Relaxed);
    assert!(sessions::sweep_once(&bed.chat).await.expect("swept") <= 300);
    let left = bed.store.sessions(None, 1000).expect("read");
    assert_eq!(left.len(), 100);
    assert!(left.iter().all(|(_, session)| session.at >= Millis(1_030_000)));
    assert!(left.is_sorted_by_key(|(digest, _)| *digest));
}
