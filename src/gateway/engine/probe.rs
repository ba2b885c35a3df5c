//! A WebSocket that wants to become a polling session's own. Its client says two words on it, so it
//! gets little room and no queue; whatever goes wrong with it is the end of it alone.

use std::{
    io,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    gateway::{handshake::Accepted, registry::Ticket},
    wire::{
        engineio::Packet,
        websocket::{self, Decoder, Incoming, Opcode},
    },
};

/// The longest frame before the upgrade, in bytes.
const FRAME_MAX_BYTES: u32 = 1024;
const READ_MAX_BYTES: usize = 4096;
/// Most bytes of a peer that are thrown away while it closes.
const DISCARD_MAX_BYTES: usize = 1 << 20;

/// See the module.
pub(super) struct Probe {
    stream: TcpStream,
    decoder: Decoder,
    /// What was read and not yet decoded.
    read: Vec<u8>,
    _ticket: Ticket,
}

/// What came of listening to it.
pub(super) enum Probed {
    Packet(Packet),
    /// It closed, broke, or said what is no packet.
    Gone,
}

impl Probe {
    pub(super) fn new(Accepted { stream, read }: Accepted, ticket: Ticket) -> Self {
        Self { stream, decoder: Decoder::new(FRAME_MAX_BYTES), read, _ticket: ticket }
    }

    /// The next thing that it says.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Probed> {
        loop {
            match self.decode() {
                Ok(Some(packet)) => return Poll::Ready(Probed::Packet(packet)),
                Ok(None) => {}
                Err(_gone) => return Poll::Ready(Probed::Gone),
            }
            match self.fill(cx) {
                Ok(true) => {}
                Ok(false) => return Poll::Pending,
                Err(_gone) => return Poll::Ready(Probed::Gone),
            }
        }
    }

    /// Says something; `false` if its socket does not take it at once.
    pub(super) fn say(&self, frame: &[u8]) -> bool {
        self.stream.try_write(frame).is_ok_and(|written| written == frame.len())
    }

    /// The socket, and what its client said beyond the last packet.
    pub(super) fn into_accepted(self) -> Accepted {
        Accepted { stream: self.stream, read: self.read }
    }

    fn decode(&mut self) -> io::Result<Option<Packet>> {
        let gone = || io::Error::from(io::ErrorKind::InvalidData);
        loop {
            let step = self.decoder.step(&mut self.read, fastwebsockets::unmask);
            let step = step.map_err(|_violation| gone())?;
            let used = step.used;
            let packet = match step.said {
                None if used == 0 => return Ok(None),
                None | Some(Incoming::Pong) => None,
                Some(Incoming::Text(text)) => {
                    Some(Packet::read_text(&text).map_err(|_malformed| gone())?)
                }
                Some(Incoming::Ping(payload)) => {
                    let pong = websocket::frame(Opcode::Pong, &payload);
                    if !self.stream.try_write(&pong).is_ok_and(|written| written == pong.len()) {
                        return Err(gone());
                    }
                    None
                }
                Some(Incoming::Binary(_) | Incoming::Close(_)) => return Err(gone()),
            };
            self.read.drain(..used.min(self.read.len()));
            if packet.is_some() {
                return Ok(packet);
            }
        }
    }

    fn fill(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        let mut buffer = [0; READ_MAX_BYTES];
        while self.stream.poll_read_ready(cx)?.is_ready() {
            match self.stream.try_read(&mut buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.read.extend_from_slice(buffer.get(..count).unwrap_or_default());
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

/// Closes a WebSocket that nobody wants, in a way that lets its client read so. A task of its own.
pub(super) async fn dismiss(Accepted { mut stream, .. }: Accepted, patience: Duration) {
    let farewell = async {
        stream.write_all(&websocket::close(None, "")).await?;
        stream.shutdown().await?;
        let (mut buffer, mut seen) = ([0; 1024], 0);
        while seen < DISCARD_MAX_BYTES {
            match stream.read(&mut buffer).await? {
                0 => break,
                count => seen += count,
            }
        }
        io::Result::Ok(())
    };
    let _ = tokio::time::timeout(patience, farewell).await;
}
