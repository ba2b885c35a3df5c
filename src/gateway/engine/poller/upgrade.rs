//! The change from polling to a WebSocket: nothing is lost, nothing comes twice or in another order.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use super::Poller;
use crate::{
    gateway::{
        connection::Connection,
        engine::{
            dialogue::EngineDialogue,
            letter::Letter,
            probe::{Probe, Probed, dismiss},
            upper::Uppers,
        },
        handshake::Accepted,
        registry::{Protocol, Ticket},
    },
    wire::engineio::{Answer, Input},
};

impl<S: Uppers> Poller<S> {
    /// A WebSocket came for this session. A second one is closed, and the first does not notice.
    pub(super) fn on_probe(&mut self, accepted: Accepted, ticket: Ticket) {
        if self.probe.is_some() {
            return self.dismiss(accepted);
        }
        self.probe = Some(Probe::new(accepted, ticket));
        self.session.receive(self.shared.common.now(), Input::ProbeOpened);
        self.pump();
    }

    pub(super) fn listen_to_probe(&mut self, cx: &mut Context<'_>) -> bool {
        let mut busy = false;
        while let Some(probe) = &mut self.probe
            && !self.upgraded
            && let Poll::Ready(probed) = probe.poll(cx)
        {
            busy = true;
            match probed {
                Probed::Packet(packet) => {
                    self.session.receive(self.shared.common.now(), Input::ProbeFrame(packet));
                    self.pump();
                }
                Probed::Gone => self.lose_probe(),
            }
        }
        busy
    }

    /// The WebSocket is of no use any more; polling goes on.
    pub(super) fn lose_probe(&mut self) {
        self.session.receive(self.shared.common.now(), Input::ProbeGone);
        self.dismiss_probe();
    }

    pub(super) fn dismiss_probe(&mut self) {
        if let Some(probe) = self.probe.take() {
            self.dismiss(probe.into_accepted());
        }
    }

    fn dismiss(&self, accepted: Accepted) {
        let common = &self.shared.common;
        let patience = Duration::from_millis(common.settings.close_wait_ms);
        common.tasks.spawn("unwanted WebSocket", dismiss(accepted, patience));
    }

    /// Hands everything to a connection, which goes on where polling ended.
    pub(super) fn change_over(mut self) {
        let (Some(seat), Some(probe)) = (self.seat.take(), self.probe.take()) else { return };
        seat.upgrade();
        self.mailbox.close();
        if let Some((id, answer)) = self.owed.take() {
            self.answer(id, answer);
        }
        for reply in self.requests.drain() {
            let _ = reply.send(Answer::Bad);
        }
        while let Ok(letter) = self.mailbox.try_recv() {
            match letter {
                Letter::Get(reply) | Letter::Post(reply, _) => drop(reply.send(Answer::Bad)),
                Letter::Probe(accepted, _) => self.dismiss(accepted),
            }
        }
        let Self { shared, mut session, upper, outbox, heard, until, mut ticket, .. } = self;
        ticket.turn(Protocol::WebSocket);
        if self.leaving {
            session.close(shared.common.now());
        }
        let common = shared.common.clone();
        let dialogue =
            EngineDialogue::new(shared, outbox, session, upper, seat).resumed(heard, until);
        let message_max_bytes = dialogue.message_max_bytes();
        let connection =
            Connection::new(dialogue, probe.into_accepted(), message_max_bytes, ticket)
                .resumed(self.taken.into(), self.parting);
        common.tasks.spawn_compact("connection", connection);
    }
}
