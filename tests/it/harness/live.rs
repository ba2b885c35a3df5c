//! A client of the native protocol over tungstenite, in both encodings. It keeps what it was not
//! asked for, in order, until the test wants it.

use std::{
    collections::VecDeque,
    io::ErrorKind,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};
use tungstenite::{ClientRequestBuilder, Error, Message, WebSocket, http::Uri};

use super::{Patience, Server};

/// The encoding of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    Json,
    Msgpack,
}

impl Flavour {
    pub(crate) const ALL: [Self; 2] = [Self::Json, Self::Msgpack];

    pub(crate) fn subprotocol(self) -> &'static str {
        match self {
            Self::Json => "parlour.v1.json",
            Self::Msgpack => "parlour.v1.msgpack",
        }
    }

    fn encode(self, value: &Value) -> Message {
        match self {
            Self::Json => Message::text(value.to_string()),
            Self::Msgpack => {
                Message::binary(rmp_serde::to_vec_named(value).expect("encodable as msgpack"))
            }
        }
    }
}

/// What came from the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Frame(Value),
    /// Closed with this code (1005: none given).
    Closed(u16),
    /// Ended without a close frame.
    Gone,
    /// Nothing within the time.
    Silence,
}

/// One connection.
pub(crate) struct Live {
    socket: WebSocket<TcpStream>,
    flavour: Flavour,
    waiting: VecDeque<Value>,
    last_id: u64,
    /// The server's first frame.
    pub(crate) welcome: Value,
}

impl Live {
    /// Connects without a token and takes the welcome.
    #[track_caller]
    pub(crate) fn open(server: &Server, flavour: Flavour) -> Self {
        Self::try_open(server.address(), flavour, "/ws").unwrap_or_else(|e| panic!("{e}"))
    }

    /// Connects and says hello with `token`.
    #[track_caller]
    pub(crate) fn join(server: &Server, flavour: Flavour, token: &str) -> Self {
        let mut live = Self::open(server, flavour);
        live.ok(json!({"op": "hello", "token": token}));
        live
    }

    pub(crate) fn try_open(
        address: SocketAddr,
        flavour: Flavour,
        target: &str,
    ) -> Result<Self, String> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(10))
            .map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|e| e.to_string())?;
        let uri: Uri = format!("ws://{address}{target}").parse().map_err(|e| format!("{e}"))?;
        let request = ClientRequestBuilder::new(uri).with_sub_protocol(flavour.subprotocol());
        let (socket, response) =
            tungstenite::client(request, stream).map_err(|e| format!("handshake: {e}"))?;
        let chosen = response.headers().get("sec-websocket-protocol");
        if chosen.and_then(|value| value.to_str().ok()) != Some(flavour.subprotocol()) {
            return Err(format!("subprotocol {chosen:?} instead of {}", flavour.subprotocol()));
        }
        let waiting = VecDeque::new();
        let mut live = Self { socket, flavour, waiting, last_id: 0, welcome: Value::Null };
        match live.said(Patience::seconds(30)) {
            Said::Frame(frame) if frame["type"] == "welcome" => live.welcome = frame,
            other => return Err(format!("no welcome but {other:?}")),
        }
        Ok(live)
    }

    pub(crate) fn try_send(&mut self, value: &Value) -> Result<(), String> {
        self.socket.send(self.flavour.encode(value)).map_err(|e| e.to_string())
    }

    #[track_caller]
    pub(crate) fn send(&mut self, value: &Value) {
        self.try_send(value).unwrap_or_else(|e| panic!("sending {value}: {e}"));
    }

    /// Sends any WebSocket message, right or wrong.
    #[track_caller]
    pub(crate) fn send_message(&mut self, message: Message) {
        self.socket.send(message).unwrap_or_else(|e| panic!("sending: {e}"));
    }

    /// Asks with an id of its own and waits for the answer to it; events are kept.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "calls read better with json! as it is")]
    pub(crate) fn ask(&mut self, op: Value) -> Value {
        self.try_ask(op.clone()).unwrap_or_else(|e| panic!("{op}: {e}"))
    }

    pub(crate) fn try_ask(&mut self, mut op: Value) -> Result<Value, String> {
        self.last_id += 1;
        let id = self.last_id;
        op["id"] = json!(id);
        self.try_send(&op)?;
        let patience = Patience::seconds(60);
        loop {
            match self.receive(patience) {
                Said::Frame(frame) if frame.get("id") == Some(&json!(id)) => return Ok(frame),
                Said::Frame(frame) => self.waiting.push_back(frame),
                other => return Err(format!("{other:?} instead of an answer")),
            }
        }
    }

    /// Asks and expects `ok`.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "calls read better with json! as it is")]
    pub(crate) fn ok(&mut self, op: Value) -> Value {
        let answer = self.ask(op.clone());
        assert_eq!(answer["type"], "ok", "{op} -> {answer}");
        answer
    }

    /// Asks and expects an error with this code.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "calls read better with json! as it is")]
    pub(crate) fn refused(&mut self, op: Value, code: &str) -> Value {
        let answer = self.ask(op.clone());
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!(code)), "{op}");
        assert!(answer["message"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
        answer
    }

    /// The next frame that no question has taken.
    pub(crate) fn said(&mut self, patience: Patience) -> Said {
        match self.waiting.pop_front() {
            Some(frame) => Said::Frame(frame),
            None => self.receive(patience),
        }
    }

    /// The next frame; fails if there is none within ten seconds.
    #[track_caller]
    pub(crate) fn frame(&mut self) -> Value {
        match self.said(Patience::seconds(10)) {
            Said::Frame(frame) => frame,
            other => panic!("{other:?} instead of a frame"),
        }
    }

    /// The next frame of this type; those before it are dropped.
    #[track_caller]
    pub(crate) fn frame_of(&mut self, kind: &str, seconds: u64) -> Value {
        let patience = Patience::seconds(seconds);
        loop {
            match self.said(patience) {
                Said::Frame(frame) if frame["type"] == kind => return frame,
                Said::Frame(_) => {}
                other => panic!("{other:?} instead of {kind}"),
            }
        }
    }

    /// The next `count` durable events.
    #[track_caller]
    pub(crate) fn events(&mut self, count: usize, seconds: u64) -> Vec<Value> {
        let patience = Patience::seconds(seconds);
        let mut events = vec![];
        while events.len() < count {
            match self.said(patience) {
                Said::Frame(frame) if frame.get("seq").is_some() && frame["type"] != "ok" => {
                    events.push(frame);
                }
                Said::Frame(_) => {}
                other => panic!("{other:?} after {} of {count} events", events.len()),
            }
        }
        events
    }

    /// Fails if anything comes within `ms`.
    #[track_caller]
    pub(crate) fn is_silent_for(&mut self, ms: u64) {
        assert_eq!(self.said(Patience::of(Duration::from_millis(ms))), Said::Silence);
    }

    /// Reads to the end of the connection: the last frames and the close code.
    #[track_caller]
    pub(crate) fn end(&mut self, seconds: u64) -> (Vec<Value>, Option<u16>) {
        let patience = Patience::seconds(seconds);
        let mut frames = vec![];
        loop {
            match self.said(patience) {
                Said::Frame(frame) => frames.push(frame),
                Said::Closed(code) => return (frames, Some(code)),
                Said::Gone => return (frames, None),
                Said::Silence => panic!("still open after {seconds} s, said {frames:?}"),
            }
        }
    }

    /// Ends the connection as a client should.
    pub(crate) fn close(&mut self) {
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
    }

    fn receive(&mut self, patience: Patience) -> Said {
        loop {
            self.socket.get_ref().set_read_timeout(Some(patience.left())).expect("a time limit");
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    assert_eq!(self.flavour, Flavour::Json, "a text frame on msgpack: {text}");
                    let frame = serde_json::from_str(&text);
                    return Said::Frame(frame.unwrap_or_else(|e| panic!("no JSON ({e}): {text}")));
                }
                Ok(Message::Binary(bytes)) => {
                    assert_eq!(self.flavour, Flavour::Msgpack, "a binary frame on JSON");
                    let frame = rmp_serde::from_slice(&bytes);
                    return Said::Frame(frame.unwrap_or_else(|e| panic!("no msgpack: {e}")));
                }
                Ok(Message::Close(frame)) => {
                    let _ = self.socket.flush();
                    return Said::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Ok(_) => {}
                Err(Error::Io(e))
                    if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if patience.is_over() {
                        return Said::Silence;
                    }
                }
                Err(Error::Io(e)) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Said::Gone,
            }
            if patience.is_over() {
                return Said::Silence;
            }
        }
    }
}
