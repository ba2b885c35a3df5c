//! One live connection: the task that owns its socket. What is said over it is a [`Dialogue`]'s. Everything
//! happens in [`Connection::poll`], one thing after another; between events it holds no buffer.

mod dialogue;
mod lane;
mod line;
mod listen;
mod timing;

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use self::line::Line;
pub(super) use self::{
    dialogue::{Dialogue, Heard, Rest, Said},
    lane::Lanes,
};
use super::{Common, alarm::Alarm, handshake::Accepted, registry::Ticket, writer::Wrote};
use crate::{
    hub::{Closing, Outbox},
    wire::websocket::{self, CloseCode, Decoder},
};

/// Turns that a task takes before others of its thread come to theirs.
const TURNS_MAX: usize = 32;

/// See the module.
pub(super) struct Connection<D: Dialogue> {
    dialogue: D,
    line: Arc<Line>,
    decoder: Decoder,
    /// What was read and not yet decoded.
    unread: Option<Box<Unread>>,
    phase: Phase,
    /// Whether the dialogue knows that the server ends this connection.
    parting: bool,
    /// Since when the socket takes nothing.
    stalled_at: Option<u64>,
    /// Since when a message of the peer is unfinished.
    partial_at: Option<u64>,
    alarm: Alarm,
    _ticket: Ticket,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// The close frame is queued; what waits is written until then.
    Flushing {
        until: u64,
        peer_closed: bool,
    },
    /// All is written; the peer's own close is awaited.
    Lingering {
        until: u64,
    },
}

/// What a peer said before it was its turn; most often there is none.
struct Unread {
    bytes: Vec<u8>,
    /// How many of them are done with.
    at: usize,
}

/// What a turn came to.
enum Turn {
    Again,
    Wait,
    End,
}

// === impl Unread ===

impl Unread {
    fn new(bytes: Vec<u8>) -> Option<Box<Self>> {
        (!bytes.is_empty()).then(|| Self { bytes, at: 0 }.into())
    }
}

// === impl Connection ===

impl<D: Dialogue> Future for Connection<D> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        for _ in 0..TURNS_MAX {
            match this.turn(cx) {
                Ok(Turn::Again) => {}
                Ok(Turn::Wait) => return Poll::Pending,
                Ok(Turn::End) => {
                    this.hand_over();
                    return Poll::Ready(());
                }
                Err(error) => {
                    tracing::debug!(%error, "a connection broke");
                    this.hand_over();
                    return Poll::Ready(());
                }
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<D: Dialogue> Connection<D> {
    /// `message_max_bytes` bounds a message of the peer.
    pub(super) fn new(
        dialogue: D,
        Accepted { stream, read }: Accepted,
        message_max_bytes: u32,
        ticket: Ticket,
    ) -> Self {
        let Common { lanes, tasks, meters, .. } = dialogue.common();
        let line = Line::new(dialogue.outbox().clone(), stream, lanes.pick(tasks, meters));
        let mut connection = Self {
            dialogue,
            line,
            decoder: Decoder::new(message_max_bytes),
            unread: Unread::new(read),
            phase: Phase::Open,
            parting: false,
            stalled_at: None,
            partial_at: None,
            alarm: Alarm::default(),
            _ticket: ticket,
        };
        connection.act();
        connection
    }

    /// Does one round of whatever can be done.
    fn turn(&mut self, cx: &mut Context<'_>) -> io::Result<Turn> {
        self.line.attend(cx);
        let mut busy = self.work(cx);
        busy |= self.obey(cx);
        let listened = self.listens();
        match self.phase {
            Phase::Open if listened => busy |= self.listen(cx)?,
            Phase::Open | Phase::Flushing { .. } => {}
            Phase::Lingering { .. } => return self.linger(cx),
        }
        // Nothing of it waits for the peer to read on.
        let sleeps = listened && self.phase == Phase::Open && !self.dialogue.is_working();
        let meters = &self.dialogue.common().meters;
        match self.line.write(cx, sleeps, meters)? {
            Wrote::Some => {
                self.stalled_at = None;
                busy = true;
            }
            Wrote::Full => {
                let now = self.now();
                self.stalled_at.get_or_insert(now);
            }
            Wrote::Empty => {
                self.stalled_at = None;
                if let Phase::Flushing { until, peer_closed } = self.phase {
                    if peer_closed {
                        return Ok(Turn::End);
                    }
                    // Half a close tells the peer that nothing more comes and lets its last words
                    // arrive; a whole one could destroy ours on their way.
                    self.line.finish()?;
                    self.phase = Phase::Lingering { until };
                    busy = true;
                }
            }
        }
        self.time(cx, busy)
    }

    /// Goes on with what is being done for the client.
    fn work(&mut self, cx: &mut Context<'_>) -> bool {
        // Asked first, for nearly always there is none, and the time costs more than that.
        if self.phase != Phase::Open || !self.dialogue.is_working() {
            return false;
        }
        let now = self.now();
        let changed = self.dialogue.work(cx, now);
        if changed {
            self.act();
        }
        changed
    }

    /// Ends the connection if somebody asked for it; a change that is being made is finished first.
    fn obey(&mut self, cx: &mut Context<'_>) -> bool {
        if self.phase != Phase::Open || self.parting {
            return false;
        }
        let Poll::Ready(closing) = self.outbox().poll_closing(cx) else { return false };
        if closing == Closing::Slow {
            self.line.forget();
        }
        let now = self.now();
        self.parting = self.dialogue.bye(now, closing);
        self.act();
        self.parting
    }

    /// Does what the dialogue says.
    fn act(&mut self) {
        while let Some(said) = self.dialogue.output() {
            match said {
                Said::Frame(frame) => self.outbox().push_own(frame),
                Said::Close(code, why) => {
                    self.close(code, why);
                    return;
                }
            }
        }
    }

    fn close(&mut self, code: Option<CloseCode>, why: &str) {
        self.outbox().push_own(websocket::close(code, why));
        self.end(false);
    }

    /// From here on only what waits is written. Live events stop here, for nothing may follow a
    /// close frame.
    fn end(&mut self, peer_closed: bool) {
        self.outbox().close(Closing::Draining);
        let until = self.now().saturating_add(self.dialogue.common().settings.close_wait_ms);
        self.phase = Phase::Flushing { until, peer_closed };
        self.hand_over();
        self.unread = None;
        self.decoder = Decoder::new(0);
    }

    /// A change that was begun is finished without its connection.
    fn hand_over(&mut self) {
        if let Some(rest) = self.dialogue.hand_over() {
            self.dialogue.common().tasks.spawn("operation of a closed connection", rest);
        }
    }

    /// Goes on where another transport ended: with frames that were already taken from the outbox, and
    /// perhaps with a dialogue that knows that the server ends this connection.
    pub(super) fn resumed(mut self, taken: Vec<Bytes>, parting: bool) -> Self {
        self.line.resume(taken);
        self.parting = parting;
        self
    }

    fn outbox(&self) -> &Arc<Outbox> {
        self.dialogue.outbox()
    }

    fn now(&self) -> u64 {
        self.dialogue.common().now()
    }
}

impl<D: Dialogue> Drop for Connection<D> {
    fn drop(&mut self) {
        self.line.end();
    }
}
