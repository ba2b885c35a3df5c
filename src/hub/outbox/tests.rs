//! The queue of one connection: its budget, its order, its wakers and its cork.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Wake,
};

use super::*;

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn frame(len: usize) -> Bytes {
    Bytes::from(vec![b'x'; len])
}

fn take(outbox: &Outbox) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let _ = outbox.poll_take(&Context::from_waker(Waker::noop()), &mut frames);
    frames
}

#[track_caller]
fn check(waiting: usize, importance: Importance, len: usize, expected: Pushed) {
    let outbox = Outbox::new(100);
    if waiting > 0 {
        assert_eq!(outbox.push(frame(waiting), Importance::Durable), Pushed::Ok);
    }
    assert_eq!(outbox.push(frame(len), importance), expected);
    let overflown = expected == Pushed::Overflow;
    assert_eq!(outbox.closing(), overflown.then_some(Closing::Slow));
    let held = waiting + if expected == Pushed::Ok { len } else { 0 };
    assert_eq!(outbox.bytes(), if overflown { 0 } else { held });
}

#[test]
fn a_budget_bounds_what_waits() {
    check(0, Importance::Durable, 100, Pushed::Ok);
    check(40, Importance::Durable, 60, Pushed::Ok);
    check(40, Importance::Durable, 61, Pushed::Overflow);
    check(25, Importance::Durable, 101, Pushed::Ok);
    check(26, Importance::Durable, 101, Pushed::Overflow);
    check(40, Importance::Droppable, 10, Pushed::Ok);
    check(40, Importance::Droppable, 11, Pushed::Dropped);
    check(100, Importance::Droppable, 1, Pushed::Dropped);
}

#[test]
fn taken_frames_count_until_released() {
    let outbox = Outbox::new(100);
    outbox.push(frame(80), Importance::Durable);
    assert_eq!(take(&outbox).len(), 1);
    assert_eq!(outbox.bytes(), 80);
    assert_eq!(outbox.push(frame(30), Importance::Droppable), Pushed::Dropped);
    outbox.release(70);
    assert_eq!(outbox.push(frame(30), Importance::Droppable), Pushed::Ok);
    assert_eq!(outbox.push(frame(61), Importance::Durable), Pushed::Overflow);
    assert_eq!(outbox.bytes(), 10, "what is being written is still held");
}

#[test]
fn frames_leave_in_order_and_in_portions() {
    let outbox = Outbox::new(10_000);
    for len in 1..=70 {
        outbox.push(frame(len), Importance::Durable);
    }
    let lens: Vec<usize> = take(&outbox).iter().map(Bytes::len).collect();
    assert_eq!(lens, (1..=64).collect::<Vec<_>>());
    assert_eq!(take(&outbox).len(), 6);
    assert!(outbox.lock().queue.entries.capacity() <= 8, "an idle queue keeps little");
}

#[test]
fn the_newest_of_a_key_replaces_what_waits() {
    let outbox = Outbox::new(100);
    let (a, b) = (NonZeroU64::new(1).unwrap(), NonZeroU64::new(2).unwrap());
    assert_eq!(outbox.push_latest(frame(10), a), Pushed::Ok);
    assert_eq!(outbox.push_latest(frame(20), b), Pushed::Ok);
    assert_eq!(outbox.push_latest(frame(12), a), Pushed::Ok);
    assert_eq!(outbox.push_latest(frame(19), NonZeroU64::MAX), Pushed::Dropped);
    assert_eq!(outbox.bytes(), 32);
    assert_eq!(take(&outbox).iter().map(Bytes::len).collect::<Vec<_>>(), [12, 20]);
    outbox.release(32);
    assert_eq!(outbox.push_latest(frame(5), a), Pushed::Ok, "a taken frame is not replaced");
    assert_eq!(take(&outbox).len(), 1);
}

#[test]
fn after_closing_only_the_owner_speaks() {
    let outbox = Outbox::new(100);
    outbox.push(frame(10), Importance::Durable);
    outbox.close(Closing::Draining);
    outbox.close(Closing::Slow);
    assert_eq!(outbox.closing(), Some(Closing::Draining));
    assert_eq!(outbox.push(frame(1), Importance::Durable), Pushed::Dropped);
    assert_eq!(outbox.push_latest(frame(1), NonZeroU64::MIN), Pushed::Dropped);
    outbox.push_own(frame(500));
    assert_eq!(take(&outbox).iter().map(Bytes::len).collect::<Vec<_>>(), [10, 500]);
}

#[test]
fn the_owner_is_woken_once_per_wait() {
    let outbox = Outbox::new(100);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let cx = Context::from_waker(&waker);
    let mut frames = Vec::new();
    assert!(outbox.poll_take(&cx, &mut frames).is_pending());
    outbox.push(frame(1), Importance::Durable);
    outbox.push(frame(1), Importance::Durable);
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    assert!(outbox.poll_take(&cx, &mut frames).is_ready());
    assert!(outbox.poll_closing(&cx).is_pending());
    outbox.push(frame(1), Importance::Durable);
    assert_eq!(woken.0.load(Ordering::Relaxed), 1, "frames do not wake while the socket is full");
    outbox.close(Closing::Draining);
    assert_eq!(woken.0.load(Ordering::Relaxed), 2);
}

#[test]
fn a_feeder_waits_for_the_peer() {
    let outbox = Outbox::new(100);
    outbox.push(frame(60), Importance::Durable);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut cx = Context::from_waker(&waker);
    let mut waiting = pin!(outbox.drained(20));
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    take(&outbox);
    outbox.release(30);
    assert_eq!(woken.0.load(Ordering::Relaxed), 0);
    outbox.release(10);
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    assert_eq!(waiting.as_mut().poll(&mut cx), Poll::Ready(true));

    outbox.push(frame(60), Importance::Durable);
    let mut waiting = pin!(outbox.drained(0));
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    outbox.push(frame(60), Importance::Durable);
    assert_eq!(waiting.as_mut().poll(&mut cx), Poll::Ready(false));
}

fn lens(outbox: &Outbox) -> Vec<usize> {
    take(outbox).iter().map(Bytes::len).collect()
}

#[test]
fn what_publishers_push_waits_behind_the_cork() {
    let outbox = Outbox::new(1000);
    outbox.push(frame(1), Importance::Durable);
    outbox.cork();
    outbox.push(frame(2), Importance::Durable);
    outbox.push_latest(frame(3), NonZeroU64::MIN);
    outbox.push(frame(4), Importance::Droppable);
    outbox.push_latest(frame(5), NonZeroU64::MIN);
    assert_eq!(outbox.push_past(frame(6)), Pushed::Ok);
    outbox.push_own(frame(7));
    assert_eq!((outbox.bytes(), outbox.bytes_ahead()), (25, 14));
    assert_eq!(lens(&outbox), [1, 6, 7]);
    assert!(outbox.lock().queue.entries.is_empty());
    outbox.uncork();
    assert_eq!((outbox.bytes(), outbox.bytes_ahead()), (25, 25));
    outbox.push_latest(frame(8), NonZeroU64::MIN);
    assert_eq!(lens(&outbox), [2, 8, 4], "a key is found where it stands now");
    outbox.release(28);
    assert_eq!(outbox.bytes(), 0);
    outbox.uncork();
    outbox.push(frame(9), Importance::Durable);
    assert_eq!(lens(&outbox), [9]);
    assert!(outbox.lock().aside.is_none(), "an idle one holds nothing");
}

#[test]
fn the_last_cork_counts() {
    let outbox = Outbox::new(100);
    outbox.cork();
    outbox.cork();
    outbox.push(frame(1), Importance::Durable);
    outbox.uncork();
    assert!(lens(&outbox).is_empty());
    outbox.uncork();
    assert_eq!(lens(&outbox), [1]);
}

#[test]
fn the_owner_is_woken_for_what_it_can_take() {
    let outbox = Outbox::new(100);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let cx = Context::from_waker(&waker);
    outbox.cork();
    assert!(outbox.poll_take(&cx, &mut Vec::new()).is_pending());
    outbox.push(frame(1), Importance::Durable);
    assert_eq!(woken.0.load(Ordering::Relaxed), 0);
    outbox.push_past(frame(2));
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    assert_eq!(lens(&outbox), [2]);
    assert!(outbox.poll_take(&cx, &mut Vec::new()).is_pending());
    outbox.uncork();
    assert_eq!(woken.0.load(Ordering::Relaxed), 2);
    assert_eq!(lens(&outbox), [1]);
}

#[test]
fn the_budget_holds_behind_the_cork() {
    let outbox = Outbox::new(100);
    outbox.cork();
    assert_eq!(outbox.push(frame(60), Importance::Durable), Pushed::Ok);
    assert_eq!(outbox.push(frame(1), Importance::Droppable), Pushed::Dropped);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut cx = Context::from_waker(&waker);
    assert_eq!(
        pin!(outbox.drained(0)).poll(&mut cx),
        Poll::Ready(true),
        "a feeder does not wait for what waits for it"
    );
    assert_eq!(outbox.push(frame(60), Importance::Durable), Pushed::Overflow);
    assert_eq!(outbox.closing(), Some(Closing::Slow));
    assert_eq!((outbox.bytes(), outbox.bytes_ahead()), (0, 0));
    assert_eq!(outbox.push_past(frame(1)), Pushed::Dropped);
    outbox.uncork();
    assert!(lens(&outbox).is_empty());
}

#[test]
fn after_closing_what_waited_is_still_sent_unless_there_is_a_gap() {
    for gap in [false, true] {
        let outbox = Outbox::new(100);
        outbox.push(frame(1), Importance::Durable);
        outbox.cork();
        outbox.push(frame(2), Importance::Durable);
        if gap {
            outbox.break_off();
            assert_eq!(outbox.closing(), Some(Closing::Slow));
            outbox.uncork();
            assert_eq!((lens(&outbox), outbox.bytes()), (vec![], 0));
        } else {
            outbox.close(Closing::Draining);
            outbox.uncork();
            assert_eq!((lens(&outbox), outbox.bytes()), (vec![1, 2], 3));
        }
    }
}
