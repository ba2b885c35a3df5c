//! An Engine.IO session that has a WebSocket of its own.

use std::{collections::VecDeque, sync::Arc, task::Context};

use bytes::Bytes;

use super::{
    Shared, frames,
    seats::Seat,
    upper::{Upper, UpperOutput, Uppers},
};
use crate::{
    gateway::{
        Common,
        connection::{Dialogue, Heard, Rest, Said},
    },
    hub::{Closing, Outbox},
    wire::{
        Fifo,
        engineio::{Closed, Input, Message, Output, Packet, Session},
    },
};

/// See the module.
pub(super) struct EngineDialogue<S: Uppers> {
    shared: Arc<Shared<S>>,
    outbox: Arc<Outbox>,
    session: Session,
    upper: S::Upper,
    /// What came by polling and was not yet heard.
    heard: Fifo<Message>,
    /// When the session is cut, once it is to end.
    until: Option<u64>,
    ended: bool,
    _seat: Seat,
}

impl<S: Uppers> EngineDialogue<S> {
    pub(super) fn new(
        shared: Arc<Shared<S>>,
        outbox: Arc<Outbox>,
        session: Session,
        upper: S::Upper,
        seat: Seat,
    ) -> Self {
        let (heard, until) = (Fifo::default(), None);
        Self { shared, outbox, session, upper, heard, until, ended: false, _seat: seat }
    }

    /// The longest message of its client.
    pub(super) fn message_max_bytes(&self) -> u32 {
        let max = self.shared.common.settings.engine.payload_max_bytes;
        u32::try_from(max).unwrap_or(u32::MAX)
    }

    /// Goes on where polling ended.
    pub(super) fn resumed(mut self, heard: VecDeque<Message>, until: Option<u64>) -> Self {
        self.heard = heard.into();
        self.until = until;
        self
    }

    /// Lets the upper hear what came by polling, as far as it listens.
    fn catch_up(&mut self, now: u64) -> bool {
        let mut changed = false;
        while !self.upper.is_busy()
            && let Some(message) = self.heard.pop()
        {
            self.upper.hear(now, message);
            changed = true;
        }
        changed
    }

    fn end(&mut self, why: Closed) {
        if !self.ended {
            self.ended = true;
            self.upper.ended(why);
        }
    }
}

impl<S: Uppers> Unpin for EngineDialogue<S> {}

impl<S: Uppers> Dialogue for EngineDialogue<S> {
    fn common(&self) -> &Common {
        &self.shared.common
    }

    fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    fn hear(&mut self, now: u64, heard: Heard<'_>) {
        let input = match heard {
            Heard::Text(text) => Packet::read_text(text).map_or(Input::Unreadable, Input::Frame),
            Heard::Binary(bytes) => {
                Input::Frame(Packet::Message(Message::Binary(Bytes::copy_from_slice(bytes))))
            }
            // The heartbeat is Engine.IO's own.
            Heard::Alive => return,
        };
        self.session.receive(now, input);
    }

    fn is_working(&self) -> bool {
        !self.heard.is_empty() || self.upper.is_working()
    }

    fn work(&mut self, cx: &mut Context<'_>, now: u64) -> bool {
        let changed = self.catch_up(now);
        self.upper.work(cx, now) || changed
    }

    fn is_busy(&self) -> bool {
        !self.heard.is_empty() || self.upper.is_busy()
    }

    fn deadline(&self) -> Option<u64> {
        [self.session.deadline(), self.upper.deadline(), self.until].into_iter().flatten().min()
    }

    fn elapse(&mut self, now: u64) {
        if self.until.is_some_and(|until| now >= until) {
            self.session.close(now);
        }
        self.session.elapse(now);
        if self.upper.deadline().is_some_and(|at| now >= at) {
            self.upper.elapse(now);
        }
    }

    fn excuse(&mut self, now: u64) {
        self.session.excuse(now);
    }

    fn output(&mut self) -> Option<Said> {
        while !self.ended {
            let Some(output) = self.session.poll_output() else {
                match self.upper.output()? {
                    UpperOutput::Send(messages) => {
                        return Some(Said::Frame(frames::joined(messages)));
                    }
                    UpperOutput::Close => self.session.close(self.shared.common.now()),
                }
                continue;
            };
            match output {
                Output::Send(packet) => return Some(Said::Frame(frames::framed(&packet))),
                Output::Said(message) => self.upper.hear(self.shared.common.now(), message),
                Output::Closed(why) => {
                    self.end(why);
                    return Some(Said::Close(None, ""));
                }
                // Polling has ended for this session.
                Output::Answer(..)
                | Output::SendProbe(_)
                | Output::CloseProbe
                | Output::Upgraded => {}
            }
        }
        None
    }

    fn bye(&mut self, now: u64, why: Closing) -> bool {
        let wait = self.shared.common.settings.close_wait_ms;
        self.until.get_or_insert(now.saturating_add(wait));
        self.upper.bye(why);
        true
    }

    fn hand_over(&mut self) -> Option<Rest> {
        self.end(Closed::TransportClose);
        self.heard = Fifo::default();
        self.upper.hand_over()
    }
}
