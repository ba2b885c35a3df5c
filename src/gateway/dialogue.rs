//! The native protocol as a connection speaks it: its session, its client's subscriptions and the one
//! thing that is being done for it.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    Common, Shared,
    connection::{Dialogue, Heard, Rest, Said},
    encoder::{flavour, framed},
    meters::{Meters, Recovery},
    native::{Caller, Opened, Outcome},
    pace::Pace,
    port::{Chat, Failure},
    settle::{Client, seam},
};
use crate::{
    domain::{id::ConversationId, refusal::Refusal},
    hub::{Closing, Listener, Outbox},
    runtime::meters::Way,
    wire::{
        native::{
            Bye, Encoding, Id, Input, Output, Session, Utterance,
            operation::{Operation, Request},
        },
        websocket::{self, CloseCode, Opcode},
    },
};

/// See the module.
pub(super) struct NativeDialogue<C: Chat> {
    shared: Arc<Shared<C>>,
    outbox: Arc<Outbox>,
    session: Session,
    client: Client<C>,
    encoding: Encoding,
    work: Option<Work<C>>,
    pace: Pace,
}

type Future<T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send>>;

/// What the connection waits for before it listens again.
enum Work<C: Chat> {
    Operation(Option<Id>, Future<Result<Outcome<C::Actor>, Failure>>),
    Follow(ConversationId, Future<Result<C::Subscription, Failure>>),
}

impl<C: Chat> NativeDialogue<C> {
    pub(super) fn new(
        shared: Arc<Shared<C>>,
        outbox: Arc<Outbox>,
        encoding: Encoding,
        token: Option<String>,
    ) -> Self {
        let now = shared.common.now();
        let session = Session::new(now, encoding, token, shared.session.clone());
        let client = Client::new(shared.common.settings.missed_events_max);
        Self { shared, outbox, session, client, encoding, work: None, pace: Pace::default() }
    }

    fn ask(&mut self, request: Request) {
        let settings = &self.shared.common.settings;
        let (rate, burst) = (settings.operations_per_second_max, settings.operations_burst_max);
        let now = self.shared.common.now();
        if let Err(retry_after_ms) = self.pace.admit(now, rate, burst) {
            let refusal = Refusal::RateLimited { retry_after_ms };
            let (session, id) = (&mut self.session, request.id.as_ref());
            self.shared.common.meters.refused(Way::WebSocket, refusal.code());
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
            subscriptions_max: self.shared.common.settings.subscriptions_per_connection_max,
            history_max_bytes: self.outbox.bytes_max() / 4,
        };
        let resumes = matches!(operation, Operation::Hello { resume: Some(_), .. });
        let (meters, missed_max) =
            (self.shared.common.meters.clone(), self.client.missed_events_max);
        Box::pin(async move {
            let outcome = caller.perform(operation).await;
            meter(&meters, resumes, &outcome, missed_max);
            outcome
        })
    }

    fn follow_next(&mut self) {
        let Some((conversation, after)) = self.client.next_to_follow() else { return };
        let Some(actor) = self.client.actor.clone() else { return };
        let chat = self.shared.chat.clone();
        let listener = Listener { outbox: self.outbox.clone(), flavour: flavour(self.encoding) };
        let name = conversation.clone();
        let follow = async move { chat.follow(&actor, &name, after, listener).await };
        self.work = Some(Work::Follow(conversation, Box::pin(follow)));
    }
}

impl<C: Chat> Unpin for NativeDialogue<C> {}

impl<C: Chat> Dialogue for NativeDialogue<C> {
    fn common(&self) -> &Common {
        &self.shared.common
    }

    fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    fn hear(&mut self, now: u64, heard: Heard<'_>) {
        self.session.receive(
            now,
            match heard {
                Heard::Text(text) => Input::Text(text),
                Heard::Binary(bytes) => Input::Binary(bytes),
                Heard::Alive => Input::Alive,
            },
        );
    }

    fn is_working(&self) -> bool {
        self.is_busy()
    }

    fn work(&mut self, cx: &mut Context<'_>, now: u64) -> bool {
        match &mut self.work {
            None if self.client.following.is_empty() => return false,
            None => {
                self.follow_next();
                return true;
            }
            Some(Work::Operation(id, operation)) => {
                let Poll::Ready(outcome) = operation.as_mut().poll(cx) else { return false };
                let id = id.take();
                self.client.settle(&mut self.session, now, id.as_ref(), outcome);
            }
            Some(Work::Follow(_, follow)) => {
                let Poll::Ready(subscription) = follow.as_mut().poll(cx) else { return false };
                let Some(Work::Follow(conversation, _)) = self.work.take() else { return false };
                self.client.followed(&mut self.session, now, conversation, subscription);
            }
        }
        self.work = None;
        true
    }

    fn is_busy(&self) -> bool {
        self.work.is_some() || !self.client.following.is_empty()
    }

    fn deadline(&self) -> Option<u64> {
        self.session.deadline()
    }

    fn elapse(&mut self, now: u64) {
        self.session.elapse(now);
    }

    fn excuse(&mut self, now: u64) {
        self.session.receive(now, Input::Alive);
    }

    fn output(&mut self) -> Option<Said> {
        loop {
            return Some(match self.session.output()? {
                Output::Send(message) => Said::Frame(framed(self.encoding, &message)),
                Output::Ping => Said::Frame(websocket::frame(Opcode::Ping, &[])),
                Output::Close(code, why) => Said::Close(Some(CloseCode(code.0)), why),
                Output::Ask(request) => {
                    self.ask(request);
                    continue;
                }
            });
        }
    }

    fn bye(&mut self, now: u64, why: Closing) -> bool {
        let bye = match why {
            Closing::Slow => Bye::Slow,
            // A change that is being made is finished first.
            Closing::Draining if matches!(self.work, Some(Work::Operation(..))) => return false,
            Closing::Draining => Bye::Draining,
        };
        self.session.deliver(now, Utterance::Bye(bye));
        true
    }

    /// What the change stored is to be told to the others.
    fn hand_over(&mut self) -> Option<Rest> {
        self.client.subscriptions = Vec::new();
        self.client.following = VecDeque::new();
        match self.work.take()? {
            Work::Operation(_, operation) => Some(Box::pin(async move { drop(operation.await) })),
            Work::Follow(..) => None,
        }
    }
}

/// Counts what became of an operation; `resumes` if the client said where it had left off.
fn meter<A>(
    meters: &Meters,
    resumes: bool,
    outcome: &Result<Outcome<A>, Failure>,
    missed_max: u64,
) {
    let way = Way::WebSocket;
    match outcome {
        Err(Failure::Refused(refusal)) => meters.refused(way, refusal.code()),
        Err(Failure::Fault) => meters.refused(way, "internal"),
        Ok(_) => {}
    }
    if !resumes {
        return;
    }
    meters.reconnect(way);
    let back = match outcome {
        Ok(Outcome::Hello(greeted)) => greeted.resumed.as_ref(),
        _ => None,
    };
    let result = back.map_or(Recovery::Refused, |resumed| {
        let goes_on = |opened: &Opened| {
            seam(opened.after, opened.last, resumed.same_epoch, missed_max).1.is_none()
        };
        if resumed.refused.is_empty() && resumed.opened.iter().all(goes_on) {
            Recovery::Recovered
        } else {
            Recovery::Fresh
        }
    });
    meters.recovery(way, result);
}
