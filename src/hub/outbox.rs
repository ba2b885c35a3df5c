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
const KEPT_FRAMES: usize = 1;

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
    queue: Queue,
    /// What waits behind the cork, while there is one.
    aside: Option<Box<Aside>>,
    /// Bytes queued, also behind the cork, and taken but not yet released: what the peer costs us in
    /// memory.
    bytes: usize,
    closing: Option<Closing>,
    /// The owning task, while it waits for something to do.
    owner: Option<Waker>,
    /// Whether a frame is something to do; while the socket is full only closing is.
    wants_frames: bool,
    /// Somebody who waits until the peer has read on, and down to how many bytes.
    below: Option<(usize, Waker)>,
}

#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// Entries that have a key.
    keyed: usize,
}

/// What publishers pushed while something older is still being fed.
#[derive(Debug, Default)]
struct Aside {
    /// How many corks there are; it waits for the last one.
    corks: usize,
    queue: Queue,
    bytes: usize,
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
        self.admit(frame, importance, false)
    }

    /// As [`Outbox::push`] of a durable frame, but past the cork: for the one who corked it.
    pub fn push_past(&self, frame: Bytes) -> Pushed {
        self.admit(frame, Importance::Durable, true)
    }

    fn admit(&self, frame: Bytes, importance: Importance, past: bool) -> Pushed {
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
        state.append(frame, None, past);
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
        let added = frame.len();
        let Some(frame) = state.replace(frame, key) else { return Pushed::Ok };
        if state.bytes.saturating_add(added) > self.bytes_max / 2 {
            return Pushed::Dropped;
        }
        state.append(frame, Some(key), false);
        wake_owner(state);
        Pushed::Ok
    }

    /// Queues what the owning task itself has to say: answers, which it bounds by not listening while
    /// much waits, and parting words, even after [`Outbox::close`]. Not bound by the budget.
    pub fn push_own(&self, frame: Bytes) {
        self.lock().append(frame, None, true);
    }

    /// Lets what publishers push from now on wait aside, in order and under the same budget, while
    /// something older is fed with [`Outbox::push_past`]. To be followed by one [`Outbox::uncork`] or
    /// [`Outbox::break_off`]; where there are several corks, the last one counts.
    pub fn cork(&self) {
        self.lock().aside.get_or_insert_default().corks += 1;
    }

    /// What was fed is complete: what waited aside comes after it.
    pub fn uncork(&self) {
        let mut state = self.lock();
        let Some(aside) = &mut state.aside else { return };
        aside.corks = aside.corks.saturating_sub(1);
        if aside.corks > 0 {
            return;
        }
        if let Some(aside) = state.aside.take() {
            state.queue.append(aside.queue);
        }
        wake_owner(state);
    }

    /// What was fed is not complete: what waited aside must not come after it. It is gone and the
    /// connection closes, so that its client takes up where it stands.
    pub fn break_off(&self) {
        let mut state = self.lock();
        if state.closing.is_none() {
            // Nor may what was fed, for older frames may be given up with the connection.
            state.forget();
        }
        if let Some(aside) = state.aside.take() {
            state.bytes = state.bytes.saturating_sub(aside.bytes);
        }
        state.close(Closing::Slow);
        let wakers = (state.owner.take(), state.below.take());
        drop(state);
        wake(wakers);
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
    pub fn closing(&self) -> Option<Closing> {
        self.lock().closing
    }

    /// Bytes that wait or are being written.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Bytes that wait or are being written, without those behind the cork: what the peer has to read
    /// before what is fed now.
    #[must_use]
    pub fn bytes_ahead(&self) -> usize {
        self.lock().bytes_ahead()
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
        if state.queue.entries.is_empty() {
            state.wants_frames = true;
            state.wait(cx);
            return Poll::Pending;
        }
        state.queue.take(frames);
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

    /// The owner has gone: nobody is woken any more.
    pub fn leave(&self) {
        let owner = self.lock().owner.take();
        drop(owner);
    }

    /// `bytes` of what was taken are written (or given up) and no longer held.
    pub fn release(&self, bytes: usize) {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(bytes);
        let ahead = state.bytes_ahead();
        let reached = state.below.as_ref().is_some_and(|(below, _)| ahead <= *below);
        if reached && let Some((_, waker)) = state.below.take() {
            drop(state);
            waker.wake();
        }
    }

    /// Resolves with `true` once at most `bytes` bytes wait, those behind the cork not counted, with
    /// `false` if the connection is to end. For the one who feeds this connection from the log: the peer's pace is its pace.
    pub async fn drained(&self, bytes: usize) -> bool {
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            if state.closing.is_some() {
                return Poll::Ready(false);
            }
            if state.bytes_ahead() <= bytes {
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
    /// Queues a frame, behind the cork unless it goes `past` it.
    fn append(&mut self, frame: Bytes, key: Option<NonZeroU64>, past: bool) {
        self.bytes = self.bytes.saturating_add(frame.len());
        match &mut self.aside {
            Some(aside) if !past => {
                aside.bytes = aside.bytes.saturating_add(frame.len());
                aside.queue.push(Entry { frame, key });
            }
            _ => self.queue.push(Entry { frame, key }),
        }
    }

    /// Puts a frame in the place of the one with the same key; gives it back if none waits.
    fn replace(&mut self, frame: Bytes, key: NonZeroU64) -> Option<Bytes> {
        let queue = self.aside.as_mut().map_or(&mut self.queue, |aside| &mut aside.queue);
        let added = frame.len();
        let removed = match queue.replace(frame, key) {
            Ok(removed) => removed,
            Err(frame) => return Some(frame),
        };
        self.bytes = self.bytes.saturating_add(added).saturating_sub(removed);
        if let Some(aside) = &mut self.aside {
            aside.bytes = aside.bytes.saturating_add(added).saturating_sub(removed);
        }
        None
    }

    fn bytes_ahead(&self) -> usize {
        self.bytes.saturating_sub(self.aside.as_ref().map_or(0, |aside| aside.bytes))
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
        let mut waiting = self.queue.forget();
        if let Some(aside) = &mut self.aside {
            aside.bytes = 0;
            waiting += aside.queue.forget();
        }
        self.bytes = self.bytes.saturating_sub(waiting);
    }
}

// === impl Queue ===

impl Queue {
    fn push(&mut self, entry: Entry) {
        self.keyed += usize::from(entry.key.is_some());
        self.entries.push_back(entry);
    }

    fn append(&mut self, mut other: Self) {
        self.keyed += other.keyed;
        self.entries.append(&mut other.entries);
    }

    /// Replaces the frame with this key and returns how long the old one was, or gives the new one
    /// back.
    fn replace(&mut self, frame: Bytes, key: NonZeroU64) -> Result<usize, Bytes> {
        if self.keyed == 0 {
            return Err(frame);
        }
        match self.entries.iter_mut().find(|entry| entry.key == Some(key)) {
            Some(entry) => Ok(std::mem::replace(&mut entry.frame, frame).len()),
            None => Err(frame),
        }
    }

    /// Moves the oldest frames to the end of `frames`.
    fn take(&mut self, frames: &mut Vec<Bytes>) {
        let count = self.entries.len().min(TAKE_MAX_FRAMES);
        let mut keyed: usize = 0;
        frames.extend(self.entries.drain(..count).map(|entry| {
            keyed += usize::from(entry.key.is_some());
            entry.frame
        }));
        self.keyed = self.keyed.saturating_sub(keyed);
        if self.entries.is_empty() && self.entries.capacity() > KEPT_FRAMES {
            self.entries.shrink_to(KEPT_FRAMES);
        }
    }

    /// Drops all frames; returns their length.
    fn forget(&mut self) -> usize {
        let waiting = self.entries.iter().map(|entry| entry.frame.len()).sum();
        *self = Self::default();
        waiting
    }
}

fn wake_owner(mut state: MutexGuard<'_, State>) {
    let due = state.wants_frames && !state.queue.entries.is_empty();
    let owner = if due { state.owner.take() } else { None };
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
mod tests;
