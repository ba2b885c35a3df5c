//! The requests of a polling session: those that wait for their answer, and the one whose body is
//! still coming.

use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::Poller;
use crate::{
    gateway::engine::{
        letter::{Body, Letter, Reply},
        upper::Uppers,
    },
    wire::engineio::{Answer, Input, RequestId},
};

/// See the module. The session answers all but one poll and one post at once, so these are few.
#[derive(Default)]
pub(super) struct Requests {
    next: RequestId,
    waiting: Vec<(RequestId, Reply)>,
    body: Option<(RequestId, oneshot::Receiver<Body>)>,
}

impl Requests {
    pub(super) fn wait(&mut self, reply: Reply) -> RequestId {
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        self.waiting.push((id, reply));
        id
    }

    fn take(&mut self, id: RequestId) -> Option<Reply> {
        let at = self.waiting.iter().position(|(waiting, _)| *waiting == id)?;
        Some(self.waiting.swap_remove(at).1)
    }

    /// All that are left.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Reply> + '_ {
        self.body = None;
        self.waiting.drain(..).map(|(_, reply)| reply)
    }

    /// Somebody who did not wait for the answer.
    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<RequestId> {
        for (id, reply) in &mut self.waiting {
            if reply.poll_closed(cx).is_ready() {
                return Poll::Ready(*id);
            }
        }
        Poll::Pending
    }

    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<(RequestId, Option<Body>)> {
        let Some((id, body)) = &mut self.body else { return Poll::Pending };
        let Poll::Ready(came) = std::pin::Pin::new(body).poll(cx) else { return Poll::Pending };
        let id = *id;
        self.body = None;
        Poll::Ready((id, came.ok()))
    }
}

impl<S: Uppers> Poller<S> {
    /// Takes one letter, one body and one departure; whether there was any.
    pub(super) fn hear_requests(&mut self, cx: &mut Context<'_>) -> bool {
        if self.closed.is_some() {
            return false;
        }
        let mut busy = false;
        if let Poll::Ready((id, body)) = self.requests.poll_body(cx) {
            self.on_body(id, body);
            busy = true;
        }
        if let Poll::Ready(id) = self.requests.poll_gone(cx) {
            self.on_gone(id);
            busy = true;
        }
        if let Poll::Ready(Some(letter)) = self.mailbox.poll_recv(cx) {
            self.on_letter(cx, letter);
            busy = true;
        }
        busy
    }

    fn on_letter(&mut self, cx: &Context<'_>, letter: Letter) {
        let now = self.shared.common.now();
        match letter {
            Letter::Get(reply) => {
                let id = self.requests.wait(reply);
                if !self.session.is_writable() {
                    // What waits goes with what the session itself has to say.
                    self.take(cx);
                    self.give();
                }
                self.session.receive(now, Input::Get(id));
            }
            Letter::Post(reply, _) if self.owed.is_some() => {
                // Its client did not wait for the answer to the one before.
                let _ = reply.send(Answer::Refused);
                self.session.receive(now, Input::PostUnreadable(RequestId::MAX));
            }
            Letter::Post(reply, body) => {
                let id = self.requests.wait(reply);
                self.session.receive(now, Input::PostBegun(id));
                self.pump();
                if self.requests.waiting.iter().any(|(waiting, _)| *waiting == id) {
                    self.requests.body = Some((id, body));
                }
                return;
            }
            Letter::Probe(accepted, ticket) => return self.on_probe(accepted, ticket),
        }
        self.pump();
    }

    fn on_body(&mut self, id: RequestId, body: Option<Body>) {
        let now = self.shared.common.now();
        let input = match body {
            Some(Body::Text(text)) => Input::Post(id, text),
            Some(Body::TooLarge) => {
                drop(self.requests.take(id));
                Input::PostTooLarge(id)
            }
            Some(Body::Unreadable) | None => Input::PostUnreadable(id),
        };
        self.session.receive(now, input);
        self.pump();
    }

    fn on_gone(&mut self, id: RequestId) {
        drop(self.requests.take(id));
        let now = self.shared.common.now();
        let body = self.requests.body.as_ref().is_some_and(|(post, _)| *post == id);
        let input = if body { Input::PostUnreadable(id) } else { Input::GetGone(id) };
        if body {
            self.requests.body = None;
        }
        self.session.receive(now, input);
        self.pump();
    }

    /// Answers a request. A poll's answer that nobody takes is lost, and the session with it: its
    /// client comes back and gets what it missed.
    pub(super) fn answer(&mut self, id: RequestId, answer: Answer) {
        let Some(reply) = self.requests.take(id) else { return };
        if let Err(Answer::Payload(_)) = reply.send(answer) {
            self.session.receive(self.shared.common.now(), Input::SocketGone);
        }
    }
}
