//! An upper that says what it hears: what the conformance suite of Engine.IO expects.

use std::{sync::Arc, task::Context};

use super::upper::{Upper, UpperOutput, Uppers, Visit};
use crate::{
    gateway::connection::Rest,
    hub::{Closing, Outbox},
    wire::engineio::{Closed, Message},
};

/// Makes echoes.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::gateway) struct Echoes;

/// See the module.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Echo {
    said: Vec<Message>,
    closing: bool,
}

impl Uppers for Echoes {
    type Upper = Echo;

    fn open(&self, _: Visit, _: &Arc<Outbox>) -> Echo {
        Echo::default()
    }
}

impl Upper for Echo {
    fn hear(&mut self, _: u64, message: Message) {
        self.said.push(message);
    }

    fn work(&mut self, _: &mut Context<'_>, _: u64) -> bool {
        false
    }

    fn is_busy(&self) -> bool {
        false
    }

    fn deadline(&self) -> Option<u64> {
        None
    }

    fn elapse(&mut self, _: u64) {}

    fn output(&mut self) -> Option<UpperOutput> {
        if !self.said.is_empty() {
            return Some(UpperOutput::Send(std::mem::take(&mut self.said)));
        }
        std::mem::take(&mut self.closing).then_some(UpperOutput::Close)
    }

    fn bye(&mut self, _: Closing) {
        self.closing = true;
    }

    fn ended(&mut self, _: Closed) {}

    fn hand_over(&mut self) -> Option<Rest> {
        None
    }
}
