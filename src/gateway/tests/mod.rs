//! The gateway over real loopback sockets: a server as `http` will run it, a chat in memory, and a
//! client that speaks raw frames so that it can be as wrong as it likes.

mod dialogue;
mod engine;
pub(super) mod hall;
mod hostile;
mod sizes;
mod transcripts;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
};

use super::{Gateway, GatewaySettings};
use crate::runtime::{Clock, Tasks};
use hall::Hall;

/// Longer than anything that is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

struct Server {
    address: SocketAddr,
    hall: Hall,
    gateway: Gateway<Hall>,
    tasks: Tasks,
}

impl Server {
    async fn start(settings: GatewaySettings) -> Self {
        Self::at(Clock::system(), settings).await
    }

    async fn at(clock: Clock, settings: GatewaySettings) -> Self {
        let (hall, tasks, listening) = (Hall::default(), Tasks::default(), Tasks::default());
        let gateway = Gateway::new(hall.clone(), settings, clock, tasks.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let door = gateway.clone();
        let serving = listening.clone();
        listening.spawn("listener", async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let door = door.clone();
                serving.spawn("http", serve(stream, peer.ip(), door));
            }
        });
        Self { address, hall, gateway, tasks }
    }

    async fn connect(&self, path: &str, headers: &str) -> Client {
        connect(self.address, path, headers).await
    }

    /// A client that was welcomed and has said who it is.
    async fn client(&self) -> Client {
        let mut client = self.connect("/ws?token=anna", "").await;
        assert_eq!(client.json().await["type"], "welcome");
        client
    }

    async fn ended(&self) {
        assert_eq!(self.tasks.ended(PATIENCE).await, 0, "every connection ends");
        assert!(self.gateway.connections().iter().all(|(_, count)| *count == 0));
    }
}

/// Opens a WebSocket.
async fn connect(address: SocketAddr, path: &str, headers: &str) -> Client {
    let stream = TcpStream::connect(address).await.unwrap();
    shake_hands(stream, path, headers).await
}

/// As [`connect`]; what the client does not read soon fills its socket, whatever the machine allows.
async fn connect_narrow(address: SocketAddr, path: &str) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 * 1024).unwrap();
    shake_hands(socket.connect(address).await.unwrap(), path, "").await
}

async fn shake_hands(mut stream: TcpStream, path: &str, headers: &str) -> Client {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut client = Client { stream, read: Vec::new() };
    while !client.read.windows(4).any(|end| end == b"\r\n\r\n") {
        client.more().await.unwrap();
    }
    let end = client.read.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8(client.read.drain(..end).collect()).unwrap();
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
    assert!(!head.to_lowercase().contains("sec-websocket-extensions"), "{head}");
    client
}

async fn serve(stream: TcpStream, peer: IpAddr, gateway: Gateway<Hall>) {
    let answer = service_fn(move |mut request: hyper::Request<Incoming>| {
        let gateway = gateway.clone();
        async move {
            let response = gateway.upgrade(&mut request, peer).unwrap_or_else(|rejection| {
                let mut response = Response::new(http_body_util::Empty::new());
                *response.status_mut() = rejection.status.try_into().unwrap();
                response
            });
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let served =
        http1::Builder::new().serve_connection(TokioIo::new(stream), answer).with_upgrades().await;
    drop(served);
}

struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

#[derive(Debug, PartialEq)]
enum Frame {
    Text(String),
    Binary(Vec<u8>),
    Close(u16),
    Ping,
    Pong(Vec<u8>),
}

/// A masked frame; `first` is its first byte.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        len @ 0..126 => out.push(0x80 | u8::try_from(len).unwrap()),
        len @ 126..65_536 => {
            out.push(0xFE);
            out.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            out.push(0xFF);
            out.extend((len as u64).to_be_bytes());
        }
    }
    let mask = [1, 2, 3, 4];
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    out
}

impl Client {
    async fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    async fn send(&mut self, text: &str) {
        self.raw(&masked(0x81, text.as_bytes())).await;
    }

    async fn more(&mut self) -> io::Result<()> {
        let read = self.stream.read_buf(&mut self.read);
        match tokio::time::timeout(PATIENCE, read).await.expect("something comes in time")? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// The next frame; an error once the server is gone.
    async fn frame(&mut self) -> io::Result<Frame> {
        loop {
            if let Some((opcode, begin, end)) = self.whole() {
                let payload = self.read[begin..end].to_vec();
                self.read.drain(..end);
                return Ok(match opcode {
                    1 => Frame::Text(String::from_utf8(payload).unwrap()),
                    2 => Frame::Binary(payload),
                    8 => {
                        Frame::Close(payload.first_chunk().map_or(1005, |c| u16::from_be_bytes(*c)))
                    }
                    9 => Frame::Ping,
                    10 => Frame::Pong(payload),
                    _ => panic!("opcode {opcode}"),
                });
            }
            self.more().await?;
        }
    }

    fn whole(&self) -> Option<(u8, usize, usize)> {
        let (&first, &second) = (self.read.first()?, self.read.get(1)?);
        assert_eq!(first & 0xF0, 0x80, "one whole frame without extensions");
        let (begin, len) = match second {
            126 => (4, usize::from(u16::from_be_bytes(*self.read[2..].first_chunk()?))),
            127 => {
                (10, usize::try_from(u64::from_be_bytes(*self.read[2..].first_chunk()?)).unwrap())
            }
            len => (2, usize::from(len)),
        };
        (self.read.len() >= begin + len).then_some((first & 15, begin, begin + len))
    }

    async fn json(&mut self) -> Value {
        match self.frame().await.unwrap() {
            Frame::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// Reads on until the close frame and the end of the stream.
    async fn closed(&mut self) -> (Vec<Frame>, u16) {
        let mut before = Vec::new();
        loop {
            match self.frame().await.expect("a close frame comes before the end") {
                Frame::Close(code) => break (before, code),
                frame => before.push(frame),
            }
        }
    }

    async fn gone(&mut self) {
        while self.frame().await.is_ok() {}
    }
}
