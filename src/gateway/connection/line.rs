//! The sending side of a connection: its queue and its socket. The task that owns the connection
//! writes while it is awake, and whenever it has to wait for the socket. While it sleeps and the socket
//! takes everything at once, a carrier writes for it, so that it is not woken for every frame.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Wake, Waker},
};

use bytes::Bytes;
use tokio::net::TcpStream;

use super::lane::Lane;
use crate::{
    gateway::{
        meters::Meters,
        writer::{Writer, Wrote},
    },
    hub::Outbox,
};

/// How often a carrier writes before others have their turn.
const WRITES_MAX: usize = 4;

/// See the module. As a waker it calls the carrier.
pub(super) struct Line {
    outbox: Arc<Outbox>,
    stream: TcpStream,
    lane: Arc<Lane>,
    state: Mutex<State>,
}

/// Held by whoever writes, so that frames stay in their order.
#[derive(Default)]
struct State {
    writer: Writer,
    /// The task that owns the connection.
    owner: Option<Waker>,
    /// Whether it is not to be told of what the carrier wrote.
    asleep: bool,
    ended: bool,
}

// === impl Line ===

impl Line {
    pub(super) fn new(outbox: Arc<Outbox>, stream: TcpStream, lane: Arc<Lane>) -> Arc<Self> {
        Arc::new(Self { outbox, stream, lane, state: Mutex::default() })
    }

    pub(super) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// These come before everything that waits.
    pub(super) fn resume(&self, taken: Vec<Bytes>) {
        self.lock().writer = Writer::new(taken);
    }

    /// The owner is awake: what it finds out about its queue from here on may change, and it is told so.
    pub(super) fn attend(&self, cx: &Context<'_>) {
        let mut state = self.lock();
        state.asleep = false;
        match &mut state.owner {
            Some(owner) if owner.will_wake(cx.waker()) => {}
            owner => *owner = Some(cx.waker().clone()),
        }
    }

    /// Writes once. With [`Wrote::Full`] the owner is woken when the socket takes more, with
    /// [`Wrote::Empty`] by the next frame, unless it `sleeps` through that.
    pub(super) fn write(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        sleeps: bool,
        meters: &Meters,
    ) -> io::Result<Wrote> {
        let next = if sleeps { Waker::from(self.clone()) } else { cx.waker().clone() };
        let mut state = self.lock();
        let next = Context::from_waker(&next);
        let wrote = state.writer.write(Some(cx), &next, &self.stream, (&self.outbox, meters))?;
        state.asleep = sleeps && wrote == Wrote::Empty;
        Ok(wrote)
    }

    /// Writes for the owner while it sleeps, as far as the socket takes it; the owner does the rest.
    pub(super) fn carry(self: Arc<Self>, meters: &Meters) {
        let waker = Waker::from(self.clone());
        let next = Context::from_waker(&waker);
        let mut state = self.lock();
        for _ in 0..WRITES_MAX {
            if state.ended {
                return;
            }
            match state.writer.write(None, &next, &self.stream, (&self.outbox, meters)) {
                Ok(Wrote::Some) => {}
                Ok(Wrote::Empty) => {
                    if !state.asleep || self.outbox.closing().is_some() {
                        wake(state);
                    }
                    return;
                }
                // What is the matter it sees for itself.
                Ok(Wrote::Full) | Err(_) => return wake(state),
            }
        }
        drop(state);
        self.wake();
    }

    /// Tells the peer that nothing more comes.
    pub(super) fn finish(&self) -> io::Result<()> {
        Ok(rustix::net::shutdown(&self.stream, rustix::net::Shutdown::Write)?)
    }

    /// Gives up every frame but the one whose beginning may be on its way.
    pub(super) fn forget(&self) {
        self.lock().writer.forget(&self.outbox);
    }

    /// Nobody writes any more.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        let owner = state.owner.take();
        self.outbox.leave();
        drop(state);
        drop(owner);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Line {
    fn wake(self: Arc<Self>) {
        let lane = self.lane.clone();
        lane.add(self);
    }
}

/// Wakes the owner without the lock, so that it has not to wait for that.
fn wake(state: MutexGuard<'_, State>) {
    let owner = state.owner.clone();
    drop(state);
    if let Some(owner) = owner {
        owner.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::{io::AsyncReadExt as _, net::TcpListener};

    use super::*;
    use crate::{
        gateway::connection::Lanes,
        hub::{Closing, Importance},
        runtime::Tasks,
    };

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (listener.accept().await.unwrap().0, peer)
    }

    #[tokio::test]
    async fn a_sleeping_owner_is_woken_only_for_what_it_has_to_do() {
        let ((stream, mut peer), tasks, meters) = (pair().await, Tasks::default(), Arc::default());
        stream.writable().await.unwrap();
        let outbox = Arc::new(Outbox::new(64 << 20));
        let line = Line::new(outbox.clone(), stream, Lanes::default().pick(&tasks, &meters));
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        let times = || woken.0.load(Ordering::Relaxed);

        line.attend(&cx);
        assert_eq!(line.write(&mut cx, true, &meters).unwrap(), Wrote::Empty);
        let mut heard = [0; 3];
        for word in ["one", "two"] {
            outbox.push(Bytes::from(word), Importance::Durable);
            peer.read_exact(&mut heard).await.unwrap();
            assert_eq!((&heard[..], times()), (word.as_bytes(), 0));
        }

        // The socket is full: that is the owner's business, and nothing is lost.
        let mut pushed = 0;
        while times() == 0 {
            outbox.push(Bytes::from(vec![b'x'; 1 << 16]), Importance::Durable);
            pushed += 1 << 16;
            tokio::task::yield_now().await;
        }
        let mut seen = 0;
        let mut buffer = vec![0; 1 << 16];
        while seen < pushed {
            line.attend(&cx);
            while line.write(&mut cx, false, &meters).unwrap() == Wrote::Some {}
            match peer.try_read(&mut buffer) {
                Ok(count) => seen += count,
                Err(_not_yet) => tokio::task::yield_now().await,
            }
        }
        assert_eq!((seen, outbox.bytes()), (pushed, 0));

        line.attend(&cx);
        assert_eq!(line.write(&mut cx, true, &meters).unwrap(), Wrote::Empty);
        let before = times();
        outbox.close(Closing::Draining);
        while times() == before {
            tokio::task::yield_now().await;
        }
        line.end();
        assert_eq!(Arc::strong_count(&line), 1, "nobody keeps it");
    }
}
