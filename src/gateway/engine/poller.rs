//! A session that is carried by polling: the task that answers its requests, until it ends or a
//! WebSocket takes over. Everything happens in one place, one thing after another.

mod requests;
mod upgrade;

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    Shared, frames,
    letter::Letter,
    probe::Probe,
    seats::Seat,
    upper::{Upper as _, UpperOutput, Uppers},
};
use crate::{
    gateway::{alarm::Alarm, registry::Ticket},
    hub::{Closing, Outbox},
    wire::engineio::{Answer, Closed, Message, Output, RequestId, Session},
};
use requests::Requests;

/// Turns that a task takes before others of its thread come to theirs.
const TURNS_MAX: usize = 32;

/// See the module.
pub(super) struct Poller<S: Uppers> {
    shared: Arc<Shared<S>>,
    seat: Option<Seat>,
    session: Session,
    upper: S::Upper,
    outbox: Arc<Outbox>,
    mailbox: mpsc::Receiver<Letter>,
    requests: Requests,
    /// What a post brought and the upper has not heard yet; at most one post's worth, for the next is
    /// only sent when it is answered.
    heard: VecDeque<Message>,
    /// That post, once it is answered when everything is heard.
    owed: Option<(RequestId, Answer)>,
    /// What was taken from the outbox and did not fit into a poll's answer.
    taken: VecDeque<Bytes>,
    probe: Option<Probe>,
    upgraded: bool,
    /// Whether the upper knows that the server ends this session.
    parting: bool,
    /// Whether the session closes after what waits.
    leaving: bool,
    /// When it is cut, once it is to end.
    until: Option<u64>,
    closed: Option<Closed>,
    alarm: Alarm,
    ticket: Ticket,
}

/// What a new task begins with.
pub(super) struct Beginning<S: Uppers> {
    pub shared: Arc<Shared<S>>,
    pub seat: Seat,
    pub session: Session,
    pub upper: S::Upper,
    pub outbox: Arc<Outbox>,
    pub mailbox: mpsc::Receiver<Letter>,
    pub ticket: Ticket,
}

impl<S: Uppers> Poller<S> {
    pub(super) fn new(beginning: Beginning<S>) -> Self {
        let Beginning { shared, seat, session, upper, outbox, mailbox, ticket } = beginning;
        Self {
            shared,
            seat: Some(seat),
            session,
            upper,
            outbox,
            mailbox,
            requests: Requests::default(),
            heard: VecDeque::new(),
            owed: None,
            taken: VecDeque::new(),
            probe: None,
            upgraded: false,
            parting: false,
            leaving: false,
            until: None,
            closed: None,
            alarm: Alarm::default(),
            ticket,
        }
    }

    /// Carries the session until it ends or a WebSocket takes over.
    pub(super) async fn run(mut self) {
        std::future::poll_fn(|cx| self.poll(cx)).await;
        if self.upgraded { self.change_over() } else { self.end() }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        for _ in 0..TURNS_MAX {
            let busy = self.turn(cx);
            if self.upgraded || self.is_over() {
                return Poll::Ready(());
            }
            let (deadline, common) = (self.deadline(), &self.shared.common);
            if !busy && !self.alarm.rang(cx, || common.now(), deadline) {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Does one round of whatever can be done. What a WebSocket said comes before the requests that
    /// may have been sent after it.
    fn turn(&mut self, cx: &mut Context<'_>) -> bool {
        self.elapse();
        let mut busy = self.listen_to_probe(cx);
        if self.upgraded {
            return true;
        }
        busy |= self.hear_requests(cx);
        busy |= self.catch_up();
        busy |= self.upper.work(cx, self.shared.common.now());
        busy |= self.obey(cx);
        self.pump();
        busy | self.feed(cx)
    }

    /// Does what the session and its upper say.
    fn pump(&mut self) {
        loop {
            while let Some(output) = self.session.poll_output() {
                self.act(output);
            }
            if self.upgraded || self.closed.is_some() {
                return;
            }
            match self.upper.output() {
                None => return,
                Some(UpperOutput::Send(messages)) => {
                    self.outbox.push_own(frames::joined(messages));
                }
                Some(UpperOutput::Close) => self.leave(),
            }
        }
    }

    fn act(&mut self, output: Output) {
        match output {
            Output::Answer(id, Answer::Ok) if !self.heard.is_empty() => {
                self.owed = Some((id, Answer::Ok));
            }
            Output::Answer(id, answer) => self.answer(id, answer),
            Output::Said(_) if self.leaving => {}
            Output::Said(message) => {
                self.heard.push_back(message);
                self.catch_up_now();
            }
            Output::SendProbe(packet) => {
                let frame = frames::framed(&packet);
                if self.probe.as_ref().is_some_and(|probe| !probe.say(&frame)) {
                    self.lose_probe();
                }
            }
            Output::CloseProbe => self.dismiss_probe(),
            Output::Upgraded => self.upgraded = true,
            // Only after an upgrade, behind what waits already.
            Output::Send(packet) => self.outbox.push_own(frames::framed(&packet)),
            Output::Closed(why) => {
                self.closed = Some(why);
                // Nobody finds it any more, though what was said may still be heard; nobody takes
                // what waits any more, and whoever feeds it is told so.
                self.seat = None;
                self.outbox.close(Closing::Draining);
                self.cut_after(self.shared.common.settings.engine.close_timeout_ms);
            }
        }
    }

    /// Lets the upper hear what was said, as far as it listens and its client takes what it answers. Once
    /// the session has ended nobody takes any, and nobody waits for that.
    fn catch_up_now(&mut self) -> bool {
        let now = self.shared.common.now();
        let mut changed = false;
        while !self.heard.is_empty()
            && !self.upper.is_busy()
            && (self.closed.is_some() || self.outbox.bytes() <= self.outbox.bytes_max() / 2)
            && let Some(message) = self.heard.pop_front()
        {
            self.upper.hear(now, message);
            changed = true;
            while let Some(output) = self.upper.output() {
                match output {
                    UpperOutput::Send(_) if self.closed.is_some() => {}
                    UpperOutput::Send(messages) => {
                        self.outbox.push_own(frames::joined(messages));
                    }
                    UpperOutput::Close => self.leave(),
                }
            }
        }
        changed
    }

    fn catch_up(&mut self) -> bool {
        let changed = self.catch_up_now();
        if self.heard.is_empty()
            && let Some((id, answer)) = self.owed.take()
        {
            self.heard = VecDeque::new();
            self.answer(id, answer);
            return true;
        }
        changed
    }

    /// Tells the upper that the server wants to end the session.
    fn obey(&mut self, cx: &mut Context<'_>) -> bool {
        if self.parting || self.closed.is_some() {
            return false;
        }
        let Poll::Ready(closing) = self.outbox.poll_closing(cx) else { return false };
        self.parting = true;
        if closing == Closing::Slow {
            // What it missed it gets when it comes back.
            self.forget_taken();
        }
        let settings = &self.shared.common.settings;
        let wait = match closing {
            Closing::Draining => settings.close_wait_ms,
            Closing::Slow => settings.engine.close_timeout_ms,
        };
        self.cut_after(wait);
        self.upper.bye(closing);
        true
    }

    fn leave(&mut self) {
        self.leaving = true;
        // It hears no more.
        self.heard = VecDeque::new();
        self.cut_after(self.shared.common.settings.engine.close_timeout_ms);
    }

    fn cut_after(&mut self, wait_ms: u64) {
        let until = self.shared.common.now().saturating_add(wait_ms);
        self.until = Some(self.until.map_or(until, |earlier| earlier.min(until)));
    }

    /// Gives a waiting poll what waits for it, at most about a payload's worth.
    fn feed(&mut self, cx: &Context<'_>) -> bool {
        if self.closed.is_some() {
            return false;
        }
        let empty = self.session.is_writable() && self.take(cx);
        if self.taken.is_empty() {
            if self.leaving && empty {
                self.session.close(self.shared.common.now());
                self.pump();
                return true;
            }
            return false;
        }
        if !self.session.is_writable() {
            return false;
        }
        self.give();
        true
    }

    /// Hands the session a portion for one payload.
    fn give(&mut self) {
        let most = self.shared.common.settings.engine.payload_max_bytes;
        let (mut bytes, mut messages) = (0_usize, Vec::new());
        while let Some(piece) = self.taken.front() {
            if bytes > 0 && bytes.saturating_add(piece.len()) > most {
                break;
            }
            bytes = bytes.saturating_add(piece.len());
            messages.extend(frames::messages(piece));
            self.taken.pop_front();
        }
        if self.taken.is_empty() {
            self.taken = VecDeque::new();
        }
        self.outbox.release(bytes);
        if !messages.is_empty() {
            self.shared.common.meters.sent(messages.len(), bytes);
            self.session.deliver(messages);
        }
        self.pump();
    }

    /// Takes up to a payload's worth out of the outbox; whether nothing more waits there.
    fn take(&mut self, cx: &Context<'_>) -> bool {
        let most = self.shared.common.settings.engine.payload_max_bytes;
        let mut bytes: usize = self.taken.iter().map(Bytes::len).sum();
        while bytes < most {
            let mut more = Vec::new();
            if self.outbox.poll_take(cx, &mut more).is_pending() {
                return true;
            }
            bytes = bytes.saturating_add(more.iter().map(Bytes::len).sum());
            self.taken.extend(more);
        }
        false
    }

    fn forget_taken(&mut self) {
        self.outbox.release(self.taken.iter().map(Bytes::len).sum());
        self.taken = VecDeque::new();
    }

    fn deadline(&self) -> u64 {
        let upper = self.upper.deadline().filter(|_| self.closed.is_none());
        [self.session.deadline(), upper, self.until].into_iter().flatten().min().unwrap_or(u64::MAX)
    }

    fn elapse(&mut self) {
        let now = self.shared.common.now();
        if self.until.is_some_and(|until| now >= until) {
            self.until = None;
            self.closed.get_or_insert(Closed::ByUs);
            self.heard = VecDeque::new();
            return;
        }
        if self.session.deadline().is_some_and(|at| now >= at) {
            // Unless it is busy because its client takes nothing.
            if self.upper.is_busy() && self.outbox.bytes() <= self.outbox.bytes_max() / 2 {
                self.session.excuse(now);
            }
            self.session.elapse(now);
            self.pump();
        }
        if self.closed.is_none() && self.upper.deadline().is_some_and(|at| now >= at) {
            self.upper.elapse(now);
            self.pump();
        }
    }

    /// Whether it has ended and everything was heard that was said before.
    fn is_over(&self) -> bool {
        self.closed.is_some() && self.heard.is_empty()
    }

    fn end(mut self) {
        self.seat = None;
        self.catch_up();
        self.dismiss_probe();
        self.outbox.close(Closing::Draining);
        self.forget_taken();
        self.upper.ended(self.closed.unwrap_or(Closed::TransportClose));
        if let Some(rest) = self.upper.hand_over() {
            self.shared.common.tasks.spawn("operation of a closed session", rest);
        }
    }
}
