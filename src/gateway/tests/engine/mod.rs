//! The transport of Engine.IO over real loopback sockets, with an upper that echoes and tells the test
//! everything.

mod polling;
mod rules;
mod sockets;
mod upgrade;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    task::Context,
    time::Duration,
};

use bytes::Bytes;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{Client, Frame, connect, masked};
use crate::{
    gateway::{
        Common, GatewaySettings,
        connection::Rest,
        engine::{
            Engine,
            upper::{Upper, UpperOutput, Uppers, Visit},
        },
    },
    hub::{Closing, Importance, Outbox, Pushed},
    runtime::{Clock, Tasks},
    wire::{
        engineio::{Closed, Message},
        websocket::{self, Opcode},
    },
};

/// Longer than anything that is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What became of all sessions, in the order in which it happened.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    visits: Vec<Visit>,
    outboxes: Vec<Arc<Outbox>>,
    heard: Vec<String>,
    byes: Vec<Closing>,
    ends: Vec<Closed>,
    /// While it is set no upper listens.
    deaf: bool,
}

impl Record {
    fn with<T>(&self, look: impl FnOnce(&mut Noted) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until the record shows something.
    async fn shows<T>(&self, look: impl Fn(&mut Noted) -> Option<T>) -> T {
        let shown = async {
            loop {
                if let Some(shown) = self.with(|noted| look(noted)) {
                    return shown;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, shown).await.expect("it happens in time")
    }

    async fn ended(&self) -> Closed {
        self.shows(|noted| noted.ends.first().copied()).await
    }

    /// Pushes a message as the hub does.
    fn publish(&self, text: &str) -> Pushed {
        let outbox = self.with(|noted| noted.outboxes[0].clone());
        let frame = websocket::frame(Opcode::Text, format!("4{text}").as_bytes());
        outbox.push(frame, Importance::Durable)
    }
}

impl Uppers for Record {
    type Upper = Parrot;

    fn open(&self, visit: Visit, outbox: &Arc<Outbox>) -> Parrot {
        self.with(|noted| {
            noted.visits.push(visit);
            noted.outboxes.push(outbox.clone());
        });
        Parrot { record: self.clone(), outputs: Vec::new() }
    }
}

/// Echoes; `leave` makes it close, `pair` makes it say a text and a binary message together.
struct Parrot {
    record: Record,
    outputs: Vec<UpperOutput>,
}

impl Upper for Parrot {
    fn hear(&mut self, _: u64, message: Message) {
        let said = match &message {
            Message::Text(text) => text.clone(),
            Message::Binary(bytes) => format!("{bytes:?}"),
        };
        self.outputs.push(match said.as_str() {
            "leave" => UpperOutput::Close,
            "pair" => UpperOutput::Send(vec![
                Message::Text("pair".into()),
                Message::Binary(Bytes::from_static(b"\x01\x02")),
            ]),
            _ => UpperOutput::Send(vec![message]),
        });
        self.record.with(|noted| noted.heard.push(said));
    }

    fn work(&mut self, cx: &mut Context<'_>, _: u64) -> bool {
        if self.is_busy() {
            cx.waker().wake_by_ref();
        }
        false
    }

    fn is_busy(&self) -> bool {
        self.record.with(|noted| noted.deaf)
    }

    fn deadline(&self) -> Option<u64> {
        None
    }

    fn elapse(&mut self, _: u64) {}

    fn output(&mut self) -> Option<UpperOutput> {
        (!self.outputs.is_empty()).then(|| self.outputs.remove(0))
    }

    fn bye(&mut self, why: Closing) {
        self.record.with(|noted| noted.byes.push(why));
        self.outputs.push(UpperOutput::Close);
    }

    fn ended(&mut self, why: Closed) {
        self.record.with(|noted| noted.ends.push(why));
    }

    fn hand_over(&mut self) -> Option<Rest> {
        None
    }
}

struct Server {
    address: SocketAddr,
    record: Record,
    common: Common,
    tasks: Tasks,
    engine: Engine<Record>,
}

/// What a request was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    async fn start(settings: GatewaySettings) -> Self {
        let (record, tasks, listening) = (Record::default(), Tasks::default(), Tasks::default());
        let common = Common::new(settings, Clock::system(), tasks.clone());
        let engine = Engine::new(common.clone(), record.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (door, serving) = (engine.clone(), listening.clone());
        listening.spawn("listener", async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let door = door.clone();
                let answer = service_fn(move |request: hyper::Request<Incoming>| {
                    let door = door.clone();
                    async move {
                        Ok::<_, std::convert::Infallible>(door.answer(request, peer.ip()).await)
                    }
                });
                serving.spawn("http", async move {
                    let io = TokioIo::new(stream);
                    drop(http1::Builder::new().serve_connection(io, answer).with_upgrades().await);
                });
            }
        });
        Self { address, record, common, tasks, engine }
    }

    /// Sends a request and does not read the answer. `head`: headers, each with its line end.
    async fn begin(&self, method: &str, query: &str, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} /socket.io/?{query} HTTP/1.1\r\nHost: chat.example\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{head}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn ask(&self, method: &str, query: &str, head: &str, body: &str) -> Answer {
        answer(self.begin(method, query, head, body).await).await
    }

    /// A session that begins with polling: its sid.
    async fn polling(&self) -> String {
        let opened = self.ask("GET", "EIO=4&transport=polling", "", "").await;
        assert_eq!(opened.status, 200, "{opened:?}");
        let json: serde_json::Value = serde_json::from_str(&opened.body[1..]).unwrap();
        json["sid"].as_str().unwrap().to_owned()
    }

    async fn get(&self, sid: &str) -> Answer {
        self.ask("GET", &format!("EIO=4&transport=polling&sid={sid}"), "", "").await
    }

    async fn post(&self, sid: &str, body: &str) -> Answer {
        self.ask("POST", &format!("EIO=4&transport=polling&sid={sid}"), "", body).await
    }

    async fn begin_get(&self, sid: &str) -> TcpStream {
        self.begin("GET", &format!("EIO=4&transport=polling&sid={sid}"), "", "").await
    }

    /// A WebSocket, for a session or a new one.
    async fn websocket(&self, sid: &str) -> Client {
        let sid = if sid.is_empty() { String::new() } else { format!("&sid={sid}") };
        connect(self.address, &format!("/socket.io/?EIO=4&transport=websocket{sid}"), "").await
    }

    /// A WebSocket that was probed.
    async fn probed(&self, sid: &str) -> Client {
        let mut probe = self.websocket(sid).await;
        probe.send("2probe").await;
        assert_eq!(probe.frame().await.unwrap(), Frame::Text("3probe".into()));
        probe
    }

    async fn over(self) {
        assert_eq!(self.tasks.ended(PATIENCE).await, 0, "every task ends");
        assert!(self.common.registry.counts().iter().all(|(_, count)| *count == 0));
        assert_eq!(self.engine.sessions(), 0, "no session is remembered");
    }
}

async fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    tokio::time::timeout(PATIENCE, read).await.expect("an answer comes in time").unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
    let status = head[9..12].parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}

#[track_caller]
fn expect(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (status, body), "{}", answer.head);
}

async fn text(client: &mut Client) -> String {
    match client.frame().await.unwrap() {
        Frame::Text(text) => text,
        other => panic!("{other:?}"),
    }
}
