//! Writing what waits: many frames with one call, as far as the socket takes them. Holds only what
//! was begun; everything else stays in the outbox.

use std::{
    cell::RefCell,
    io::{self, IoSlice},
    task::{Context, Poll},
};

use bytes::{Buf as _, Bytes};
use tokio::net::TcpStream;

use super::meters::Meters;
use crate::hub::{Outbox, TAKE_MAX_FRAMES};

thread_local! {
    /// Where taken frames lie while they are written; connections own none while they are idle.
    static TAKEN: RefCell<Vec<Bytes>> = const { RefCell::new(Vec::new()) };
}

/// The frames that were taken and that the socket did not take yet, oldest first.
#[derive(Debug, Default)]
pub(super) struct Writer {
    rest: Vec<Bytes>,
}

/// How far writing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrote {
    /// Some bytes; there may be more.
    Some,
    /// Nothing, for nothing waits.
    Empty,
    /// Nothing, for the socket is full.
    Full,
}

// === impl Writer ===

impl Writer {
    /// A writer that has these frames to write first; more than the system takes at once are no harm.
    pub(super) fn new(taken: Vec<Bytes>) -> Self {
        Self { rest: taken }
    }

    /// Writes once. With [`Wrote::Empty`] `next` is woken by the next frame, with [`Wrote::Full`] `more`,
    /// if there is one, when the socket takes more.
    pub(super) fn write(
        &mut self,
        more: Option<&mut Context<'_>>,
        next: &Context<'_>,
        stream: &TcpStream,
        (outbox, meters): (&Outbox, &Meters),
    ) -> io::Result<Wrote> {
        if !self.rest.is_empty() {
            let mut frames = std::mem::take(&mut self.rest);
            let wrote = write_some(more, stream, (outbox, meters), &mut frames);
            if !frames.is_empty() {
                self.rest = frames;
            }
            return wrote;
        }
        TAKEN.with_borrow_mut(|frames| {
            frames.clear();
            if outbox.poll_take(next, frames).is_pending() {
                return Ok(Wrote::Empty);
            }
            let wrote = write_some(more, stream, (outbox, meters), frames);
            if !frames.is_empty() {
                self.rest = std::mem::take(frames);
            }
            wrote
        })
    }

    /// Gives up every frame but the one whose beginning may be on its way.
    pub(super) fn forget(&mut self, outbox: &Outbox) {
        let given_up = self.rest.iter().skip(1).map(Bytes::len).sum();
        self.rest.truncate(1);
        outbox.release(given_up);
    }
}

/// Writes what the socket takes at once and removes it from `frames`.
fn write_some(
    mut more: Option<&mut Context<'_>>,
    stream: &TcpStream,
    (outbox, meters): (&Outbox, &Meters),
    frames: &mut Vec<Bytes>,
) -> io::Result<Wrote> {
    loop {
        match try_write(stream, frames) {
            Ok(written) => {
                outbox.release(written);
                let waiting = frames.len();
                advance(frames, written);
                meters.sent(waiting.saturating_sub(frames.len()), written);
                return Ok(Wrote::Some);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let Some(cx) = &mut more else { return Ok(Wrote::Full) };
                match stream.poll_write_ready(cx) {
                    Poll::Pending => return Ok(Wrote::Full),
                    Poll::Ready(ready) => ready?,
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// One frame alone is written the plain way, which costs less.
fn try_write(stream: &TcpStream, frames: &[Bytes]) -> io::Result<usize> {
    if let [frame] = frames {
        return stream.try_write(frame);
    }
    let mut slices = [IoSlice::new(&[]); TAKE_MAX_FRAMES];
    let mut count = 0;
    for (slice, frame) in slices.iter_mut().zip(frames) {
        *slice = IoSlice::new(frame);
        count += 1;
    }
    stream.try_write_vectored(slices.get(..count).unwrap_or_default())
}

fn advance(frames: &mut Vec<Bytes>, mut written: usize) {
    let whole = frames
        .iter()
        .take_while(|frame| {
            let whole = frame.len() <= written;
            if whole {
                written -= frame.len();
            }
            whole
        })
        .count();
    frames.drain(..whole);
    if let Some(begun) = frames.first_mut() {
        begun.advance(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: usize, left: &[&[u8]]) {
        let mut frames = vec![Bytes::from("abc"), Bytes::from("de"), Bytes::from("f")];
        advance(&mut frames, written);
        assert_eq!(frames, left);
    }

    #[test]
    fn what_was_written_is_not_written_again() {
        check(0, &[b"abc", b"de", b"f"]);
        check(2, &[b"c", b"de", b"f"]);
        check(3, &[b"de", b"f"]);
        check(5, &[b"f"]);
        check(6, &[]);
    }
}
