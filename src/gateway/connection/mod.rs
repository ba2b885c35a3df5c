//! One live connection: the task that owns its socket, its session and its subscriptions. Everything
//! happens in [`Connection::poll`], one thing after another; between events it holds no buffer.

mod listen;
mod timing;

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::{io::AsyncWrite as _, net::TcpStream, time::Sleep};

use super::{
    Shared,
    encoder::{flavour, framed},
    native::{Caller, Outcome},
    pace::Pace,
    port::{Chat, Failure},
    registry::Ticket,
    settle::Client,
    writer::{Writer, Wrote},
};
use crate::{
    domain::{id::ConversationId, refusal::Refusal},
    hub::{Closing, Listener, Outbox},
    wire::{
        native::{
            Bye, Encoding, Id, Output, Session, Utterance,
            operation::{Operation, Request},
        },
        websocket::{self, CloseCode, Decoder, Opcode},
    },
};

/// Turns that a task takes before others of its thread come to theirs.
const TURNS_MAX: usize = 32;

/// See the module.
pub(super) struct Connection<C: Chat> {
    shared: Arc<Shared<C>>,
    stream: TcpStream,
    outbox: Arc<Outbox>,
    writer: Writer,
    decoder: Decoder,
    session: Session,
    client: Client<C>,
    encoding: Encoding,
    /// What was read and not yet decoded, from `pending_at` on.
    pending: Vec<u8>,
    pending_at: usize,
    work: Option<Work<C>>,
    phase: Phase,
    pace: Pace,
    /// Since when the socket takes nothing.
    stalled_at: Option<u64>,
    /// Since when a message of the peer is unfinished.
    partial_at: Option<u64>,
    timer: Option<Pin<Box<Sleep>>>,
    /// For when the timer is set.
    timer_at: u64,
    _ticket: Ticket,
}

type Future<T> = Pin<Box<dyn std::future::Future<Output = T> + Send>>;

/// What the connection waits for before it listens again.
enum Work<C: Chat> {
    Operation(Option<Id>, Future<Result<Outcome<C::Actor>, Failure>>),
    Follow(ConversationId, Future<Result<C::Subscription, Failure>>),
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

/// What a turn came to.
enum Turn {
    Again,
    Wait,
    End,
}

// === impl Connection ===

impl<C: Chat> std::future::Future for Connection<C> {
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

impl<C: Chat> Unpin for Connection<C> {}

impl<C: Chat> Connection<C> {
    pub(super) fn new(
        shared: Arc<Shared<C>>,
        stream: TcpStream,
        read: Vec<u8>,
        session: Session,
        encoding: Encoding,
        outbox: Arc<Outbox>,
        ticket: Ticket,
    ) -> Self {
        let decoder = Decoder::new(shared.settings.frame_max_bytes);
        let client = Client::new(shared.settings.missed_events_max);
        let mut connection = Self {
            shared,
            stream,
            outbox,
            writer: Writer::default(),
            decoder,
            session,
            client,
            encoding,
            pending: read,
            pending_at: 0,
            work: None,
            phase: Phase::Open,
            pace: Pace::default(),
            stalled_at: None,
            partial_at: None,
            timer: None,
            timer_at: u64::MAX,
            _ticket: ticket,
        };
        connection.act();
        connection
    }

    /// Does one round of whatever can be done.
    fn turn(&mut self, cx: &mut Context<'_>) -> io::Result<Turn> {
        let mut busy = self.work(cx);
        busy |= self.obey(cx);
        match self.phase {
            Phase::Open => busy |= self.listen(cx)?,
            Phase::Flushing { .. } => {}
            Phase::Lingering { .. } => return self.linger(cx),
        }
        match self.writer.write(cx, &self.stream, &self.outbox)? {
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
                    let _ = Pin::new(&mut self.stream).poll_shutdown(cx)?;
                    self.phase = Phase::Lingering { until };
                    busy = true;
                }
            }
        }
        self.time(cx, busy)
    }

    /// Goes on with what is being done for the client.
    fn work(&mut self, cx: &mut Context<'_>) -> bool {
        match &mut self.work {
            None => return false,
            Some(Work::Operation(id, operation)) => {
                let Poll::Ready(outcome) = operation.as_mut().poll(cx) else { return false };
                let id = id.take();
                let now = self.now();
                self.client.settle(&mut self.session, now, id.as_ref(), outcome);
            }
            Some(Work::Follow(_, follow)) => {
                let Poll::Ready(subscription) = follow.as_mut().poll(cx) else { return false };
                let Some(Work::Follow(conversation, _)) = self.work.take() else { return false };
                let now = self.now();
                self.client.followed(&mut self.session, now, conversation, subscription);
            }
        }
        self.work = None;
        self.act();
        self.follow_next();
        true
    }

    /// Ends the connection if somebody asked for it; a change that is being made is finished first.
    fn obey(&mut self, cx: &mut Context<'_>) -> bool {
        if self.phase != Phase::Open {
            return false;
        }
        let Poll::Ready(closing) = self.outbox.poll_closing(cx) else { return false };
        let bye = match closing {
            Closing::Slow => {
                self.writer.forget(&self.outbox);
                Bye::Slow
            }
            Closing::Draining if matches!(self.work, Some(Work::Operation(..))) => return false,
            Closing::Draining => Bye::Draining,
        };
        let now = self.now();
        self.session.deliver(now, Utterance::Bye(bye));
        self.act();
        true
    }

    /// Does what the session says.
    fn act(&mut self) {
        while let Some(output) = self.session.output() {
            match output {
                Output::Send(message) => self.outbox.push_own(framed(self.encoding, &message)),
                Output::Ping => self.outbox.push_own(websocket::frame(Opcode::Ping, &[])),
                Output::Ask(request) => self.ask(request),
                Output::Close(code, why) => self.close(CloseCode(code.0), why, false),
            }
        }
    }

    fn ask(&mut self, request: Request) {
        let settings = &self.shared.settings;
        let (rate, burst) = (settings.operations_per_second_max, settings.operations_burst_max);
        let now = self.now();
        if let Err(retry_after_ms) = self.pace.admit(now, rate, burst) {
            let refusal = Refusal::RateLimited { retry_after_ms };
            let (session, id) = (&mut self.session, request.id.as_ref());
            return self.client.settle(session, now, id, Err(refusal.into()));
        }
        let operation = self.begin(request.operation);
        self.work = Some(Work::Operation(request.id, operation));
    }

    fn begin(&self, operation: Operation) -> Future<Result<Outcome<C::Actor>, Failure>> {
        let listens = matches!(operation, Operation::Hello { .. } | Operation::Subscribe { .. });
        let caller = Caller {
            chat: self.shared.chat.clone(),
            actor: self.client.actor.clone(),
            subscribed: if listens { self.client.subscribed() } else { Vec::new() },
            subscriptions_max: self.shared.settings.subscriptions_per_connection_max,
            history_max_bytes: self.outbox.bytes_max() / 4,
        };
        Box::pin(caller.perform(operation))
    }

    fn follow_next(&mut self) {
        if self.phase != Phase::Open || self.work.is_some() {
            return;
        }
        let Some((conversation, after)) = self.client.next_to_follow() else { return };
        let Some(actor) = self.client.actor.clone() else { return };
        let chat = self.shared.chat.clone();
        let listener = Listener { outbox: self.outbox.clone(), flavour: flavour(self.encoding) };
        let name = conversation.clone();
        let follow = async move { chat.follow(&actor, &name, after, listener).await };
        self.work = Some(Work::Follow(conversation, Box::pin(follow)));
    }

    fn close(&mut self, code: CloseCode, why: &str, peer_closed: bool) {
        self.outbox.push_own(websocket::close(Some(code), why));
        self.end(peer_closed);
    }

    /// From here on only what waits is written. Live events stop here, for nothing may follow a
    /// close frame.
    fn end(&mut self, peer_closed: bool) {
        self.outbox.close(Closing::Draining);
        let until = self.now().saturating_add(self.shared.settings.close_wait_ms);
        self.phase = Phase::Flushing { until, peer_closed };
        self.hand_over();
        self.pending = Vec::new();
        self.decoder = Decoder::new(0);
        self.client.subscriptions = Vec::new();
        self.client.following = VecDeque::new();
    }

    /// A change that was begun is finished without its connection: what it stored is to be told to
    /// the others.
    fn hand_over(&mut self) {
        if let Some(Work::Operation(_, operation)) = self.work.take() {
            self.shared.tasks.spawn("operation of a closed connection", async move {
                drop(operation.await);
            });
        }
    }

    fn now(&self) -> u64 {
        self.shared.clock.now().0
    }
}
