//! Hearing the peer: from the socket through a buffer of the thread to the session. Listens to one
//! thing at a time and keeps only what could not be decoded yet.

use std::{cell::RefCell, io, num::NonZeroU64, task::Context};

use super::{Connection, Dialogue, Heard, Phase, Turn, Unread};
use crate::wire::websocket::{self, CloseCode, Incoming, Opcode};

/// What one read takes at most.
const SCRATCH_BYTES: usize = 64 * 1024;
/// The outbox's key for pongs.
const PONG: NonZeroU64 = NonZeroU64::MAX;

thread_local! {
    /// Where bytes lie between the socket and the decoder.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl<D: Dialogue> Connection<D> {
    /// Hears what the peer says, which may speak.
    pub(super) fn listen(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        if let Some(mut unread) = self.unread.take() {
            let used = self.hear(unread.bytes.get_mut(unread.at..).unwrap_or_default());
            unread.at += used;
            if unread.at < unread.bytes.len() && self.phase == Phase::Open {
                self.unread = Some(unread);
            }
            if used > 0 {
                return Ok(true);
            }
        }
        if self.line.stream().poll_read_ready(cx)?.is_pending() {
            return Ok(false);
        }
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.resize(SCRATCH_BYTES, 0);
            // At most half a header is left over here: it goes before what is read.
            let left = self.unread.take().map_or_else(Vec::new, |mut unread| {
                unread.bytes.split_off(unread.at.min(unread.bytes.len()))
            });
            let (front, back) = scratch.split_at_mut(left.len().min(SCRATCH_BYTES / 2));
            front.copy_from_slice(left.get(..front.len()).unwrap_or_default());
            let count = match self.line.stream().try_read(back) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.unread = Unread::new(left);
                    return Ok(true);
                }
                Err(error) => return Err(error),
            };
            let bytes = scratch.get_mut(..left.len() + count).unwrap_or_default();
            let used = self.hear(bytes);
            if self.phase == Phase::Open {
                self.unread = Unread::new(bytes.get(used..).unwrap_or_default().to_vec());
            }
            Ok(true)
        })
    }

    /// Whether the peer may speak: one thing at a time, and not while it does not take its answers.
    pub(super) fn listens(&self) -> bool {
        self.phase == Phase::Open
            && !self.dialogue.is_busy()
            && self.outbox().bytes() <= self.outbox().bytes_max() / 2
    }

    /// Decodes and obeys as far as the peer may speak; returns how many bytes are done with.
    fn hear(&mut self, bytes: &mut [u8]) -> usize {
        let mut used = 0;
        while self.listens() {
            let rest = bytes.get_mut(used..).unwrap_or_default();
            let step = match self.decoder.step(rest, fastwebsockets::unmask) {
                Ok(step) => step,
                Err(violation) => {
                    tracing::debug!(why = violation.why, "a peer broke the WebSocket protocol");
                    self.close(Some(violation.code), violation.why);
                    break;
                }
            };
            let now = self.now();
            match step.said {
                None if step.used == 0 => break,
                None => {}
                Some(Incoming::Text(text)) => self.dialogue.hear(now, Heard::Text(&text)),
                Some(Incoming::Binary(bytes)) => self.dialogue.hear(now, Heard::Binary(&bytes)),
                Some(Incoming::Ping(payload)) => {
                    self.dialogue.hear(now, Heard::Alive);
                    // Only the newest ping needs an answer (RFC 6455 section 5.5.3).
                    let pong = websocket::frame(Opcode::Pong, &payload);
                    self.outbox().push_latest(pong, PONG);
                }
                Some(Incoming::Pong) => self.dialogue.hear(now, Heard::Alive),
                Some(Incoming::Close(code)) => {
                    let code = code.map(|code| CloseCode(code.0));
                    self.outbox().push_own(websocket::close(code, ""));
                    self.end(true);
                }
            }
            used += step.used;
            self.act();
        }
        if self.decoder.is_idle() {
            self.partial_at = None;
        } else if self.partial_at.is_none() {
            self.partial_at = Some(self.now());
        }
        used
    }

    pub(super) fn linger(&mut self, cx: &mut Context<'_>) -> io::Result<Turn> {
        SCRATCH
            .with_borrow_mut(|scratch| {
                scratch.resize(SCRATCH_BYTES, 0);
                while self.line.stream().poll_read_ready(cx)?.is_ready() {
                    match self.line.stream().try_read(scratch) {
                        Ok(0) => return Ok(Turn::End),
                        Ok(_) => {}
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(Turn::Wait)
            })
            .and_then(|turn| match turn {
                Turn::Wait => self.time(cx, false),
                turn => Ok(turn),
            })
    }
}
