//! A WebSocket client that can break every rule: frames are bytes of the test's own making
//! (RFC 6455 section 5.2).

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use super::{Http, Patience, Reply, Request};

/// A frame as it came from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) opcode: u8,
    pub(crate) fin: bool,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The code of a close frame, 1005 if it has none.
    pub(crate) fn close_code(&self) -> u16 {
        match self.payload[..] {
            [high, low, ..] => u16::from_be_bytes([high, low]),
            _ => 1005,
        }
    }
}

/// An upgraded connection.
pub(crate) struct RawSocket {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// The upgrade request with the mandatory headers; the subprotocol is the caller's to add.
pub(crate) fn upgrade(target: &str) -> Request {
    Request::get(target)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

impl RawSocket {
    /// Upgrades; the answer is returned instead if it is not 101.
    pub(crate) fn open(address: SocketAddr, request: &Request) -> Result<Self, Reply> {
        let mut http = Http::connect(address);
        let reply = http.send(request);
        if reply.status != 101 {
            return Err(reply);
        }
        assert_eq!(
            reply.header("sec-websocket-accept"),
            Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            "RFC 6455 section 1.3 gives this answer to its sample key"
        );
        assert_eq!(reply.header("sec-websocket-extensions"), None, "none was offered");
        let (stream, unread) = http.into_stream();
        Ok(Self { stream, unread })
    }

    /// Goes on with a connection that was upgraded elsewhere, and what was read from it already.
    pub(crate) fn adopt(stream: TcpStream, unread: Vec<u8>) -> Self {
        Self { stream, unread }
    }

    /// A masked frame with the given first byte (FIN, RSV and opcode).
    pub(crate) fn send(&mut self, first: u8, payload: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(&frame(first, payload))
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// The next frame; `None` when the server has ended the connection or the time is over.
    pub(crate) fn next(&mut self, patience: Patience) -> Option<Frame> {
        loop {
            if let Some((frame, used)) = parse(&self.unread) {
                self.unread.drain(..used);
                return Some(frame);
            }
            let mut scratch = [0; 16384];
            self.stream.set_read_timeout(Some(patience.left())).expect("a time limit");
            match self.stream.read(&mut scratch) {
                Ok(0) => return None,
                Ok(count) => self.unread.extend_from_slice(&scratch[..count]),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
            if patience.is_over() {
                return None;
            }
        }
    }

    /// Skips to the close frame and returns its code; `None` if the connection ends or stays without
    /// one for `length`.
    pub(crate) fn close_code(&mut self, length: Duration) -> Option<u16> {
        let patience = Patience::of(length);
        loop {
            let frame = self.next(patience)?;
            if frame.opcode == 8 {
                return Some(frame.close_code());
            }
        }
    }

    /// Skips to the first text frame in which `fits` finds something.
    #[track_caller]
    pub(crate) fn text_with(&mut self, needle: &str, seconds: u64) -> String {
        let patience = Patience::seconds(seconds);
        loop {
            let frame = self.next(patience).unwrap_or_else(|| panic!("no frame with {needle}"));
            let text = String::from_utf8_lossy(&frame.payload).into_owned();
            if frame.opcode == 1 && text.contains(needle) {
                return text;
            }
        }
    }
}

/// A masked frame.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x11, 0x22, 0x33, 0x44];
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | u8::try_from(length).expect("a byte")),
        length @ 126..65536 => {
            bytes.push(0x80 | 0x7e);
            bytes.extend(u16::try_from(length).expect("two bytes").to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 0x7f);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

fn parse(bytes: &[u8]) -> Option<(Frame, usize)> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    assert_eq!(second & 0x80, 0, "a server never masks");
    let (length, start) = match second & 0x7f {
        0x7e => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        0x7f => {
            let field: [u8; 8] = bytes.get(2..10)?.try_into().expect("eight bytes");
            (usize::try_from(u64::from_be_bytes(field)).expect("a length"), 10)
        }
        short => (usize::from(short), 2),
    };
    let payload = bytes.get(start..start + length)?.to_vec();
    let frame = Frame { opcode: first & 0x0f, fin: first & 0x80 != 0, payload };
    Some((frame, start + length))
}
