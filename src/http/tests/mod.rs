//! The whole of HTTP over loopback sockets, with a chat that only remembers what it was asked.

mod bridge;
mod connections;
mod hostile;

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    Front, HttpSettings, Parts, answer,
    listen::Peer,
    port::{Failure, Later, Port},
    serve,
};
use crate::{
    auth::{Auth, AuthSettings, Permit, Service, tests::Place},
    dialect::plain::Readiness,
    domain::{
        command::{Command, Done, History, Page},
        id::{ConversationId, ForeignId, Seq, UserId},
        message::{Content, Message},
        time::Millis,
    },
    runtime::{Clock, Drain, Tasks},
};

/// Remembers, and answers as it is told.
#[derive(Default)]
struct Recorder {
    asked: Mutex<Vec<Command>>,
    questions: Mutex<Vec<History>>,
    /// Words about whole conversations.
    states: Mutex<Vec<(String, String)>>,
    next: AtomicU64,
    /// Given instead of a stored message, once.
    instead: Mutex<Option<Result<Done, Failure>>>,
    delay: Mutex<Duration>,
    /// What the history holds.
    page: Mutex<Vec<Message>>,
}

impl Port for Recorder {
    fn execute<'a>(&'a self, permit: Permit<'a>, command: Command) -> Later<'a, Done> {
        Box::pin(async move {
            assert!(matches!(permit, Permit::Service(_)));
            let delay = *self.delay.lock().unwrap();
            tokio::time::sleep(delay).await;
            self.asked.lock().unwrap().push(command);
            if let Some(result) = self.instead.lock().unwrap().take() {
                return result;
            }
            let seq = Seq(self.next.fetch_add(1, Ordering::SeqCst) + 1);
            Ok(Done::Stored {
                seq,
                at: Millis(0),
                delivered: 2,
                repeat: false,
                event: None,
                notice: None,
            })
        })
    }

    fn execute_all<'a>(
        &'a self,
        permit: Permit<'a>,
        commands: Vec<Command>,
    ) -> Later<'a, Vec<Result<Done, Failure>>> {
        Box::pin(async move {
            let mut results = Vec::new();
            for command in commands {
                results.push(self.execute(permit, command).await);
            }
            Ok(results)
        })
    }

    fn set_state<'a>(
        &'a self,
        _service: &'a Service,
        conversation: &'a ConversationId,
        state: &'a str,
    ) -> Later<'a, ()> {
        Box::pin(async move {
            self.states.lock().unwrap().push((conversation.to_string(), state.to_owned()));
            Ok(())
        })
    }

    fn history<'a>(&'a self, _permit: Permit<'a>, question: History) -> Later<'a, Page> {
        Box::pin(async move {
            self.questions.lock().unwrap().push(question);
            let messages = self.page.lock().unwrap().clone();
            Ok(Page { messages, last: Seq(7), more: false })
        })
    }
}

struct World {
    address: SocketAddr,
    chat: Arc<Recorder>,
    key: String,
    auth: Auth,
    drain: Drain,
    tasks: Tasks,
    ready: Arc<Mutex<Readiness>>,
    _place: Place,
}

impl World {
    async fn open(settings: HttpSettings) -> Self {
        let clock = Clock::system();
        let place = Place::new();
        let secret = AuthSettings::new(vec![7; 32]);
        let auth = Auth::open(place.store(), &secret, clock.clone()).expect("auth");
        let (key, _) = auth.create_key("test", &["sms".to_owned()]).expect("a key");
        let (chat, tasks, drain) = (Arc::<Recorder>::default(), Tasks::default(), Drain::default());
        let ready = Arc::new(Mutex::new(Readiness::Ready));
        let front = Front::new(Parts {
            settings,
            auth: auth.clone(),
            chat: chat.clone(),
            upgrade: Box::new(|_request, peer: &Peer| {
                let reply = crate::dialect::Reply::new(426, peer.ip.to_string());
                answer::json(reply)
            }),
            socketio: Box::new(|request, peer: &Peer| {
                let said = format!("{} {}", request.uri(), peer.ip);
                Box::pin(async move { answer::json(crate::dialect::Reply::new(200, said)) })
            }),
            ready: Box::new({
                let ready = ready.clone();
                move || ready.lock().unwrap().clone()
            }),
            scrape: Box::new(|| Box::pin(async { Some("figures 1\n".to_owned()) })),
            meters: Arc::default(),
            clock,
            tasks: tasks.clone(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = listener.local_addr().expect("an address");
        serve(&front, vec![listener], &drain);
        Self { address, chat, key, auth, drain, tasks, ready, _place: place }
    }

    async fn connect(&self) -> Client {
        Client {
            stream: TcpStream::connect(self.address).await.expect("a connection"),
            seen: Vec::new(),
        }
    }

    /// One exchange on a connection of its own.
    async fn ask(&self, head: &str, body: &str) -> Answer {
        let mut client = self.connect().await;
        client.send(head, body).await;
        let head_only = head.starts_with("HEAD ");
        client.answer(head_only).await.expect("an answer")
    }

    /// A post to the bridge with the right key.
    async fn post(&self, path: &str, body: &str) -> Answer {
        let key = &self.key;
        let head =
            format!("POST {path}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json");
        self.ask(&head, body).await
    }
}

struct Client {
    stream: TcpStream,
    seen: Vec<u8>,
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Client {
    async fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("written");
    }

    /// `head` is the request line without its version, and headers after it.
    async fn send(&mut self, head: &str, body: &str) {
        let (line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        let gap = if headers.is_empty() { "" } else { "\r\n" };
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nHost: chat.example\r\nContent-Length: {length}{gap}{headers}\r\n\r\n{body}"
        );
        self.raw(request.as_bytes()).await;
    }

    /// The next answer; `None` if the connection ended without one.
    async fn answer(&mut self, head_only: bool) -> Option<Answer> {
        loop {
            if let Some(answer) = self.parse(head_only) {
                return Some(answer);
            }
            let mut buffer = [0; 4096];
            let read = self.stream.read(&mut buffer);
            let read = tokio::time::timeout(Duration::from_secs(10), read).await.expect("in time");
            match read {
                Ok(0) | Err(_) => return None,
                Ok(n) => self.seen.extend_from_slice(&buffer[..n]),
            }
        }
    }

    fn parse(&mut self, head_only: bool) -> Option<Answer> {
        let end = self.seen.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&self.seen[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |text| text.parse::<usize>().expect("a length"));
        let length = if head_only { 0 } else { length };
        if self.seen.len() < end + length {
            return None;
        }
        let rest = self.seen.split_off(end + length);
        let body = String::from_utf8_lossy(&self.seen[end..]).into_owned();
        self.seen = rest;
        Some(Answer { status, head, body })
    }

    /// Whether the server closes the connection, within `patience`.
    async fn is_closed_within(&mut self, patience: Duration) -> bool {
        let mut buffer = [0; 64];
        match tokio::time::timeout(patience, self.stream.read(&mut buffer)).await {
            Ok(read) => matches!(read, Ok(0) | Err(_)),
            Err(_elapsed) => false,
        }
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The status and, for an error, its code or field.
    fn verdict(&self) -> String {
        let part = |name: &str| {
            let (_, rest) = self.body.split_once(&format!("\"{name}\":\""))?;
            Some(rest.split('"').next().unwrap_or_default().to_owned())
        };
        let word = part("field").or_else(|| part("code")).unwrap_or_default();
        format!("{} {word}", self.status).trim_end().to_owned()
    }
}

fn long_message() -> Message {
    Message {
        seq: Seq(1),
        id: ForeignId::text("m").expect("an id"),
        sender: UserId::new("u").expect("a user"),
        role: "user".into(),
        content: Content::plain("x".repeat(100_000)),
        reply_to: None,
        client_id: None,
        created_at: Millis(0),
        version: 1,
        edited_at: None,
        deleted_at: None,
        status: None,
        flags: Vec::new(),
        altered: false,
    }
}

const HELLO: &str = r#"{"room":"chat_123","message":{"id":1,"text":"hi"},"uuid":"msg-1"}"#;
const NEW: &str = "/api/sms/new-message";
