//! What waits to be written to one connection: finished frames under one byte budget. Any number of
//! publishers push without ever waiting for the socket; the one task that owns the connection takes.
//! Knows no protocol and no socket: a frame is bytes.

use std::{
    collections::VecDeque,
    num::NonZeroU64,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

/// How many frames one [`Outbox::poll_take`] hands out at most: as many as one `writev` carries well.
pub const TAKE_MAX_FRAMES: usize = 64;

/// Room that an emptied queue keeps; more would be memory that an idle connection holds.
const KEPT_FRAMES: usize = 4;

/// Whether a frame may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    /// Never left out silently: where it finds no room, the connection is closed as slow and its
    /// client catches up from the log.
    Durable,
    /// Left out as soon as half of the budget is in use.
    Droppable,
}

/// What became of a pushed frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It will be written unless the connection breaks.
    Ok,
    /// Left out: it was droppable and the peer is behind, or the connection is closing.
    Dropped,
    /// This frame broke the budget: everything that waited is gone and the connection closes.
    Overflow,
}

/// Why the server ends a connection from outside its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The peer reads more slowly than its conversations speak.
    Slow,
    /// The server stops; the peer may come back at once.
    Draining,
}

/// The queue of one connection. Shared as `Arc<Outbox>` between publishers and the owning task.
#[derive(Debug)]
pub struct Outbox {
    bytes_max: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Entry>,
    /// Bytes queued, and taken but not yet released: what the peer costs us in memory.
    bytes: usize,
    /// Entries of the queue that have a key.
    keyed: usize,
    closing: Option<Closing>,
    /// The owning task, while it waits for something to do.
    owner: Option<Waker>,
    /// Whether a frame is something to do; while the socket is full only closing is.
    wants_frames: bool,
    /// Somebody who waits until the peer has read on, and down to how many bytes.
    below: Option<(usize, Waker)>,
}

#[derive(Debug)]
struct Entry {
    frame: Bytes,
    key: Option<NonZeroU64>,
}

// === impl Outbox ===

impl Outbox {
    /// An empty queue that holds at most `bytes_max` bytes of frames. It has no memory of its own
    /// until something is pushed.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self { bytes_max, state: Mutex::default() }
    }

    /// Queues a finished frame. Never waits. Where at most a quarter of the budget is in use any frame
    /// finds room, for otherwise a very large one could never be had, however fast the peer reads.
    pub fn push(&self, frame: Bytes, importance: Importance) -> Pushed {
        let mut state = self.lock();
        if state.closing.is_some() {
            return Pushed::Dropped;
        }
        let bytes = state.bytes.saturating_add(frame.len());
        if importance == Importance::Droppable && bytes > self.bytes_max / 2 {
            return Pushed::Dropped;
        }
        if bytes > self.bytes_max && state.bytes > self.bytes_max / 4 {
            state.close(Closing::Slow);
            state.forget();
            let wakers = (state.owner.take(), state.below.take());
            drop(state);
            wake(wakers);
            return Pushed::Overflow;
        }
        state.append(frame, None);
        wake_owner(state);
        Pushed::Ok
    }

    /// Queues a droppable frame that stands for a state (`who types where`): a frame with the same
    /// key that still waits is replaced where it stands, so that only the newest is sent.
    pub fn push_latest(&self, frame: Bytes, key: NonZeroU64) -> Pushed {
        let mut state = self.lock();
        if state.closing.is_some() {
            return Pushed::Dropped;
        }
        if state.keyed > 0
            && let Some(entry) = state.queue.iter_mut().find(|entry| entry.key == Some(key))
        {
            let added = frame.len();
            let removed = std::mem::replace(&mut entry.frame, frame).len();
            state.bytes = state.bytes.saturating_add(added).saturating_sub(removed);
            return Pushed::Ok;
        }
        if state.bytes.saturating_add(frame.len()) > self.bytes_max / 2 {
            return Pushed::Dropped;
        }
        state.append(frame, Some(key));
        wake_owner(state);
        Pushed::Ok
    }

    /// Queues what the owning task itself has to say: answers, which it bounds by not listening while
    /// much waits, and parting words, even after [`Outbox::close`]. Not bound by the budget.
    pub fn push_own(&self, frame: Bytes) {
        self.lock().append(frame, None);
    }

    /// Asks the owning task to end the connection. The first reason counts; what waits is still
    /// sent, what is pushed from now on is not.
    pub fn close(&self, why: Closing) {
        let mut state = self.lock();
        state.close(why);
        let wakers = (state.owner.take(), state.below.take());
        drop(state);
        wake(wakers);
    }

    /// Why the connection is to end, if it is.
    #[cfg(test)]
    pub fn closing(&self) -> Option<Closing> {
        self.lock().closing
    }

    /// Bytes that wait or are being written.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// The budget.
    #[must_use]
    pub fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    /// Moves up to [`TAKE_MAX_FRAMES`] frames, oldest first, to the end of `frames`. Their bytes
    /// count until [`Outbox::release`]. If there were none, the owner is woken by the next push.
    pub fn poll_take(&self, cx: &Context<'_>, frames: &mut Vec<Bytes>) -> Poll<()> {
        let mut state = self.lock();
        if state.queue.is_empty() {
            state.wants_frames = true;
            state.wait(cx);
            return Poll::Pending;
        }
        let count = state.queue.len().min(TAKE_MAX_FRAMES);
        let mut keyed: usize = 0;
        frames.extend(state.queue.drain(..count).map(|entry| {
            keyed += usize::from(entry.key.is_some());
            entry.frame
        }));
        state.keyed = state.keyed.saturating_sub(keyed);
        if state.queue.is_empty() && state.queue.capacity() > KEPT_FRAMES {
            state.queue.shrink_to(KEPT_FRAMES);
        }
        Poll::Ready(())
    }

    /// Why the connection is to end. Until that is known, the owner is woken by [`Outbox::close`] or
    /// an overflow, but not by frames: for while its socket is full.
    pub fn poll_closing(&self, cx: &Context<'_>) -> Poll<Closing> {
        let mut state = self.lock();
        if let Some(closing) = state.closing {
            return Poll::Ready(closing);
        }
        state.wants_frames = false;
        state.wait(cx);
        Poll::Pending
    }

    /// `bytes` of what was taken are written (or given up) and no longer held.
    pub fn release(&self, bytes: usize) {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(bytes);
        let reached = state.below.as_ref().is_some_and(|(below, _)| state.bytes <= *below);
        if reached && let Some((_, waker)) = state.below.take() {
            drop(state);
            waker.wake();
        }
    }

    /// Resolves with `true` once at most `bytes` bytes wait, with `false` if the connection is to
    /// end. For the one who feeds this connection from the log: the peer's pace is its pace.
    pub async fn drained(&self, bytes: usize) -> bool {
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            if state.closing.is_some() {
                return Poll::Ready(false);
            }
            if state.bytes <= bytes {
                return Poll::Ready(true);
            }
            state.below = Some((bytes, cx.waker().clone()));
            Poll::Pending
        })
        .await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl State ===

impl State {
    fn append(&mut self, frame: Bytes, key: Option<NonZeroU64>) {
        self.bytes = self.bytes.saturating_add(frame.len());
        self.keyed += usize::from(key.is_some());
        self.queue.push_back(Entry { frame, key });
    }

    fn wait(&mut self, cx: &Context<'_>) {
        match &mut self.owner {
            Some(owner) if owner.will_wake(cx.waker()) => {}
            owner => *owner = Some(cx.waker().clone()),
        }
    }

    fn close(&mut self, why: Closing) {
        self.closing.get_or_insert(why);
    }

    /// Drops everything that waits; what was taken stays counted.
    fn forget(&mut self) {
        let waiting: usize = self.queue.iter().map(|entry| entry.frame.len()).sum();
        self.bytes = self.bytes.saturating_sub(waiting);
        self.keyed = 0;
        self.queue = VecDeque::new();
    }
}

fn wake_owner(mut state: MutexGuard<'_, State>) {
    let owner = if state.wants_frames { state.owner.take() } else { None };
    drop(state);
    wake((owner, None));
}

/// Wakes without the lock, so that nobody woken has to wait for it.
fn wake((owner, below): (Option<Waker>, Option<(usize, Waker)>)) {
    if let Some(owner) = owner {
        owner.wake();
    }
    if let Some((_, below)) = below {
        below.wake();
    }
}

#[cfg(test)]
mod tests {
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
        assert!(outbox.lock().queue.capacity() <= 8, "an idle queue keeps little");
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
        assert_eq!(
            woken.0.load(Ordering::Relaxed),
            1,
            "frames do not wake while the socket is full"
        );
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
}
