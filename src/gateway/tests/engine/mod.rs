//! The transport of Engine.IO over real loopback sockets, with an upper that echoes and tells the test
//! everything.

mod limits;
mod polling;
mod races;
mod rules;
mod sockets;
mod upgrade;

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Waker},
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
        engineio::{Closed, Message, Settings},
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
    /// The uppers, in the order of their visits.
    lives: Vec<Life>,
    heard: Vec<String>,
    byes: Vec<Closing>,
    ends: Vec<Closed>,
    /// While it is set no upper listens.
    deaf: bool,
    /// How often somebody asked an upper whether it listens.
    asked: usize,
    /// Requests that wait for their answer.
    waiting: usize,
    /// How many ever waited.
    waited: usize,
}

/// How far the task of an upper is.
#[derive(Default)]
struct Life {
    turns: u64,
    /// Its task; none before it began and after its end.
    waker: Option<Waker>,
}

/// A request that waits for its answer.
struct Waiting(Record);

impl Waiting {
    fn new(record: &Record) -> Self {
        record.with(|noted| {
            noted.waiting += 1;
            noted.waited += 1;
        });
        Self(record.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.with(|noted| noted.waiting -= 1);
    }
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

    /// No upper hears anything until [`Record::listen`].
    fn turn_deaf(&self) {
        self.with(|noted| noted.deaf = true);
    }

    fn listen(&self) {
        self.with(|noted| {
            noted.deaf = false;
            noted.wake();
        });
    }

    /// Waits until a post was read that its upper does not hear yet; nothing else asks, while a session
    /// is carried by polling, whether an upper listens.
    async fn unheard(&self, stream: impl Future<Output = TcpStream>) -> TcpStream {
        let before = self.with(|noted| noted.asked);
        let stream = stream.await;
        self.shows(|noted| (noted.asked > before).then_some(())).await;
        stream
    }

    /// Pushes a message as the hub does.
    fn publish(&self, text: &str) -> Pushed {
        let outbox = self.with(|noted| noted.outboxes[0].clone());
        let frame = websocket::frame(Opcode::Text, format!("4{text}").as_bytes());
        outbox.push(frame, Importance::Durable)
    }
}

impl Noted {
    fn wake(&self) {
        self.lives.iter().filter_map(|life| life.waker.as_ref()).for_each(Waker::wake_by_ref);
    }
}

impl Uppers for Record {
    type Upper = Parrot;

    fn open(&self, visit: Visit, outbox: &Arc<Outbox>) -> Parrot {
        let number = self.with(|noted| {
            noted.visits.push(visit);
            noted.outboxes.push(outbox.clone());
            noted.lives.push(Life::default());
            noted.lives.len() - 1
        });
        Parrot { record: self.clone(), number, outputs: Vec::new() }
    }
}

/// Echoes; `leave` makes it close, `pair` makes it say a text and a binary message together.
struct Parrot {
    record: Record,
    number: usize,
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
        self.record.with(|noted| {
            let life = &mut noted.lives[self.number];
            life.turns += 1;
            life.waker = Some(cx.waker().clone());
        });
        false
    }

    fn is_busy(&self) -> bool {
        self.record.with(|noted| {
            noted.asked += 1;
            noted.deaf
        })
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
        self.record.with(|noted| {
            noted.ends.push(why);
            noted.lives[self.number].waker = None;
        });
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
    /// What a clock that stands still shows.
    hand: Arc<AtomicU64>,
}

/// What a request was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    /// A server whose clock stands still until it is told otherwise. Who leaves is gone at once.
    async fn start(settings: GatewaySettings) -> Self {
        let engine = Settings { farewell_ms: 0, ..*settings.engine };
        Self::patient(GatewaySettings { engine: engine.into(), ..settings }).await
    }

    /// The same, but who leaves may still poll.
    async fn patient(settings: GatewaySettings) -> Self {
        let (clock, hand) = Clock::manual(1_000_000);
        Self::at(clock, hand, settings).await
    }

    /// A server for which time passes.
    async fn ticking(settings: GatewaySettings) -> Self {
        Self::at(Clock::system(), Arc::default(), settings).await
    }

    async fn at(clock: Clock, hand: Arc<AtomicU64>, settings: GatewaySettings) -> Self {
        let (record, tasks, listening) = (Record::default(), Tasks::default(), Tasks::default());
        let common = Common::new(settings, clock, tasks.clone());
        let engine = Engine::new(common.clone(), record.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (door, serving, noting) = (engine.clone(), listening.clone(), record.clone());
        listening.spawn("listener", async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let (door, noting) = (door.clone(), noting.clone());
                let answer = service_fn(move |request: hyper::Request<Incoming>| {
                    let (door, noting) = (door.clone(), noting.clone());
                    async move {
                        let mut answer = pin!(door.answer(request, peer.ip()));
                        let mut waiting = None;
                        let answer = std::future::poll_fn(|cx| {
                            let polled = answer.as_mut().poll(cx);
                            if polled.is_pending() {
                                waiting.get_or_insert_with(|| Waiting::new(&noting));
                            }
                            polled
                        });
                        Ok::<_, std::convert::Infallible>(answer.await)
                    }
                });
                serving.spawn("http", async move {
                    let io = TokioIo::new(stream);
                    drop(http1::Builder::new().serve_connection(io, answer).with_upgrades().await);
                });
            }
        });
        Self { address, record, common, tasks, engine, hand }
    }

    /// Lets time pass, and every session's task notice it.
    async fn advance(&self, ms: u64) {
        self.hand.fetch_add(ms, Ordering::Relaxed);
        let turns = self.record.with(|noted| {
            noted.wake();
            noted.lives.iter().map(|life| life.turns).collect::<Vec<_>>()
        });
        let noticed = |noted: &mut Noted| {
            let mut lives = noted.lives.iter().zip(&turns);
            lives.all(|(life, before)| life.waker.is_none() || life.turns > *before).then_some(())
        };
        self.record.shows(noticed).await;
    }

    /// Sends a request, and waits until it waits in its session: whatever is sent after it comes after
    /// it.
    async fn held(&self, begin: impl Future<Output = TcpStream>) -> TcpStream {
        let before = self.record.with(|noted| noted.waited);
        let stream = begin.await;
        self.record.shows(|noted| (noted.waited > before).then_some(())).await;
        stream
    }

    async fn held_get(&self, sid: &str) -> TcpStream {
        self.held(self.begin_get(sid)).await
    }

    /// A post whose body is sent as it is, after these headers.
    async fn begin_post(&self, sid: &str, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: chat.example\r\n\
             Connection: close\r\n{head}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
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
