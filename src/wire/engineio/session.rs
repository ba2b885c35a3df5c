//! One session: which transport carries it, what waits for a poll, the heartbeat, and the upgrade that
//! leaves polling untouched until it has succeeded. Fed with what happened and when; says what to do.

use std::sync::Arc;

use super::{
    packet::{Message, Packet},
    payload,
    settings::Settings,
};
use crate::wire::Fifo;

/// Names an HTTP request that waits for its answer.
pub type RequestId = u64;

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// A poll arrived.
    Get(RequestId),
    /// The client gave up a waiting poll.
    GetGone(RequestId),
    /// A post's head arrived; its body is being read.
    PostBegun(RequestId),
    /// A post's whole body.
    Post(RequestId, String),
    /// A post whose body is too large; `413` was answered and the session lives.
    PostTooLarge(RequestId),
    /// A post whose body cannot be read as text; it ends the session.
    PostUnreadable(RequestId),
    /// A WebSocket was opened for this session.
    ProbeOpened,
    ProbeFrame(Packet),
    ProbeGone,
    /// A frame on the session's own WebSocket.
    Frame(Packet),
    /// The session's own WebSocket ended.
    SocketGone,
    /// A frame that is no packet, on the session's own WebSocket.
    Unreadable,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    Answer(RequestId, Answer),
    /// On the session's own WebSocket.
    Send(Packet),
    /// On the WebSocket that wants to become the session's own.
    SendProbe(Packet),
    /// End that WebSocket; the session lives.
    CloseProbe,
    /// That WebSocket is the session's own from now on.
    Upgraded,
    /// For the protocol above.
    Said(Message),
    /// The session is over; end what is still open. The last output.
    Closed(Closed),
}

/// The answer to a poll or post.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200 with packets.
    Payload(String),
    /// 200 `ok`.
    Ok,
    /// 400 without a body.
    Refused,
    /// 400 with the error "Bad request".
    Bad,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Its transport broke or misbehaved.
    TransportError,
    TransportClose,
    PingTimeout,
    /// The client or the server said so.
    ByPeer,
    ByUs,
    ParseError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Polling,
    WebSocket,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heartbeat {
    /// The next ping is due then.
    Rest(u64),
    /// The pong must be here by then.
    Waiting(u64),
}

#[derive(Clone, Copy, Debug)]
struct Probe {
    until: u64,
    /// When a waiting poll is sent away next; `None` until the probe was answered.
    noop_at: Option<u64>,
}

/// The session. After `Closed` it takes nothing and says nothing.
#[derive(Debug)]
pub struct Session {
    settings: Arc<Settings>,
    transport: Transport,
    queue: Fifo<Packet>,
    outputs: Fifo<Output>,
    get: Option<RequestId>,
    post: Option<RequestId>,
    heartbeat: Heartbeat,
    probe: Option<Probe>,
    /// Set while the session waits for a poll that learns of its end.
    closing: Option<u64>,
    /// Whether it closes because its client said so; that post waits for its answer until the end.
    left: bool,
    closed: bool,
}

// === impl Session ===

impl Session {
    /// A session that begins with a poll: the handshake is the answer to `get`.
    pub fn polling(settings: Arc<Settings>, sid: &str, get: RequestId, now: u64) -> Self {
        let mut session = Self::new(settings, Transport::Polling, now);
        let open = session.open(sid, r#"["websocket"]"#);
        let body = payload::encode([&open]);
        session.outputs.push(Output::Answer(get, Answer::Payload(body)));
        session
    }

    /// A session that begins with a WebSocket: the handshake is its first frame.
    pub fn websocket(settings: Arc<Settings>, sid: &str, now: u64) -> Self {
        let mut session = Self::new(settings, Transport::WebSocket, now);
        let open = session.open(sid, "[]");
        session.outputs.push(Output::Send(open));
        session
    }

    fn new(settings: Arc<Settings>, transport: Transport, now: u64) -> Self {
        let first_ping = now.saturating_add(settings.ping_interval_ms);
        Self {
            settings,
            transport,
            queue: Fifo::default(),
            outputs: Fifo::default(),
            get: None,
            post: None,
            heartbeat: Heartbeat::Rest(first_ping),
            probe: None,
            closing: None,
            left: false,
            closed: false,
        }
    }

    fn open(&self, sid: &str, upgrades: &str) -> Packet {
        let Settings { ping_interval_ms, ping_timeout_ms, payload_max_bytes, .. } = *self.settings;
        Packet::Open(format!(
            r#"{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{ping_interval_ms},"pingTimeout":{ping_timeout_ms},"maxPayload":{payload_max_bytes}}}"#
        ))
    }

    /// What to do next; drained before the next input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop()
    }

    /// Excuses the client's silence until now: nobody listened to it.
    pub fn excuse(&mut self, now: u64) {
        if let Heartbeat::Waiting(at) = &mut self.heartbeat {
            *at = now.saturating_add(self.settings.ping_timeout_ms);
        }
    }

    /// Whether messages leave by the session's own WebSocket.
    pub fn is_websocket(&self) -> bool {
        self.transport == Transport::WebSocket
    }

    /// Whether a message given now would leave now.
    pub fn is_writable(&self) -> bool {
        !self.closed && self.closing.is_none() && (self.is_websocket() || self.get.is_some())
    }

    #[cfg(test)]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Sends messages of the protocol above, together if they leave by a poll.
    pub fn deliver(&mut self, messages: impl IntoIterator<Item = Message>) {
        if self.closed || self.closing.is_some() {
            return;
        }
        self.queue.extend(messages.into_iter().map(Packet::Message));
        self.flush();
    }

    /// Ends the session from our side: a poll learns it, a WebSocket is closed after what waits.
    pub fn close(&mut self, now: u64) {
        if self.closed || self.closing.is_some() {
            return;
        }
        match self.transport {
            Transport::WebSocket => self.end(Closed::ByUs),
            Transport::Polling => {
                self.queue.push(Packet::Close);
                self.closing = Some(now.saturating_add(self.settings.close_timeout_ms));
                self.flush();
            }
        }
    }

    pub fn receive(&mut self, now: u64, input: Input) {
        if self.closed {
            self.refuse(&input);
            return;
        }
        match input {
            Input::Get(id) => self.on_get(now, id),
            Input::GetGone(id) if self.get == Some(id) => {
                self.get = None;
                self.end(Closed::TransportClose);
            }
            Input::GetGone(_) => {}
            Input::PostBegun(id) => self.on_post_begun(id),
            Input::Post(id, body) => self.on_post(now, id, &body),
            Input::PostTooLarge(id) => self.post = self.post.filter(|post| *post != id),
            Input::PostUnreadable(id) => {
                self.post = None;
                self.answer(id, Answer::Refused);
                self.end(Closed::TransportError);
            }
            Input::ProbeOpened => self.on_probe_opened(now),
            Input::ProbeFrame(packet) => self.on_probe_frame(now, &packet),
            Input::ProbeGone => self.probe = None,
            Input::Frame(packet) => self.on_packet(now, packet),
            Input::SocketGone => self.end(Closed::TransportClose),
            Input::Unreadable => self.end(Closed::ParseError),
        }
    }

    /// When [`Session::elapse`] has something to do.
    pub fn deadline(&self) -> Option<u64> {
        if self.closed {
            return None;
        }
        let heartbeat = match self.heartbeat {
            Heartbeat::Rest(at) | Heartbeat::Waiting(at) => at,
        };
        let probe = self.probe.map(|probe| match probe.noop_at {
            Some(noop) if self.get.is_some() => noop.min(probe.until),
            _ => probe.until,
        });
        [Some(heartbeat), probe, self.closing].into_iter().flatten().min()
    }

    pub fn elapse(&mut self, now: u64) {
        if self.closed {
            return;
        }
        if self.closing.is_some_and(|until| now >= until) {
            self.end(self.closer());
            return;
        }
        if self.probe.is_some_and(|probe| now >= probe.until) {
            self.drop_probe();
        }
        self.send_poll_away(now);
        match self.heartbeat {
            Heartbeat::Rest(at) if now >= at => {
                // Counted from when it was due, as clients count, but half is left if we are late.
                let timeout = self.settings.ping_timeout_ms;
                let until = at.saturating_add(timeout).max(now.saturating_add(timeout / 2));
                self.heartbeat = Heartbeat::Waiting(until);
                self.queue.retain(|packet| !matches!(packet, Packet::Ping(_)));
                self.queue.push(Packet::Ping(String::new()));
                self.flush();
            }
            Heartbeat::Waiting(at) if now >= at => self.end(Closed::PingTimeout),
            _ => {}
        }
    }

    // --- polling ---

    fn on_get(&mut self, now: u64, id: RequestId) {
        if self.transport == Transport::WebSocket {
            self.answer(id, Answer::Bad);
            return;
        }
        if let Some(first) = self.get.take() {
            self.answer(id, Answer::Refused);
            self.answer(first, Answer::Payload(payload::encode([&Packet::Close])));
            self.end(Closed::TransportError);
            return;
        }
        self.get = Some(id);
        self.flush();
        self.send_poll_away(now);
    }

    fn on_post_begun(&mut self, id: RequestId) {
        if self.transport == Transport::WebSocket {
            self.answer(id, Answer::Bad);
        } else if self.post.is_some() {
            self.answer(id, Answer::Refused);
            self.end(Closed::TransportError);
        } else {
            self.post = Some(id);
        }
    }

    fn on_post(&mut self, now: u64, id: RequestId, body: &str) {
        if self.post != Some(id) {
            self.answer(id, Answer::Refused);
            return;
        }
        self.post = None;
        for packet in payload::decode(body) {
            if let Ok(packet) = packet {
                self.on_packet(now, packet);
            } else {
                self.answer(id, Answer::Refused);
                self.end(Closed::ParseError);
            }
            if self.closed {
                break;
            }
        }
        if self.left && !self.closed {
            self.post = Some(id);
        } else {
            self.answer(id, Answer::Ok);
        }
    }

    fn answer(&mut self, id: RequestId, answer: Answer) {
        let answered = |output: &Output| matches!(output, Output::Answer(to, _) if *to == id);
        if self.outputs.iter().any(answered) {
            return;
        }
        // `Closed` is the last output, whatever was decided about a request on the way.
        let before_end = self.outputs.iter().position(|output| matches!(output, Output::Closed(_)));
        let at = before_end.unwrap_or(self.outputs.len());
        self.outputs.insert(at, Output::Answer(id, answer));
    }

    fn refuse(&mut self, input: &Input) {
        if let Input::Get(id)
        | Input::PostBegun(id)
        | Input::Post(id, _)
        | Input::PostUnreadable(id) = input
        {
            self.answer(*id, Answer::Refused);
        }
    }

    /// Sends what waits, where it can go.
    fn flush(&mut self) {
        match self.transport {
            Transport::WebSocket => self.outputs.extend(self.queue.take().map(Output::Send)),
            Transport::Polling if !self.queue.is_empty() => {
                let Some(get) = self.get.take() else { return };
                let body = payload::encode(self.queue.iter());
                self.queue = Fifo::default();
                self.answer(get, Answer::Payload(body));
                if self.closing.is_some() {
                    self.end(self.closer());
                }
            }
            Transport::Polling => {}
        }
    }

    // --- packets ---

    fn on_packet(&mut self, now: u64, packet: Packet) {
        match packet {
            Packet::Message(_) if self.closing.is_some() => {}
            Packet::Message(message) => self.outputs.push(Output::Said(message)),
            Packet::Pong(_) => {
                if let Heartbeat::Waiting(_) = self.heartbeat {
                    self.heartbeat =
                        Heartbeat::Rest(now.saturating_add(self.settings.ping_interval_ms));
                }
            }
            Packet::Close => self.on_left(now),
            Packet::Open(_) | Packet::Ping(_) | Packet::Upgrade | Packet::Noop => {
                self.end(Closed::ParseError);
            }
        }
    }

    /// The client says that it goes. Its poll may be on the way on another connection: a session that
    /// were gone at once would answer it as unknown, by chance.
    fn on_left(&mut self, now: u64) {
        if self.is_websocket() {
            self.end(Closed::ByPeer);
            return;
        }
        self.left = true;
        self.closing = Some(now.saturating_add(self.settings.farewell_ms));
        self.queue = Fifo::default();
        self.queue.push(Packet::Noop);
        self.flush();
    }

    // --- the upgrade ---

    fn on_probe_opened(&mut self, now: u64) {
        if self.probe.is_some() || self.transport == Transport::WebSocket || self.closing.is_some()
        {
            self.outputs.push(Output::CloseProbe);
            return;
        }
        let until = now.saturating_add(self.settings.upgrade_timeout_ms);
        self.probe = Some(Probe { until, noop_at: None });
    }

    fn on_probe_frame(&mut self, now: u64, packet: &Packet) {
        let Some(probe) = &mut self.probe else { return };
        match packet {
            Packet::Ping(word) if word == "probe" && probe.noop_at.is_none() => {
                probe.noop_at = Some(now);
                self.outputs.push(Output::SendProbe(Packet::Pong(word.clone())));
                self.send_poll_away(now);
            }
            Packet::Upgrade if probe.noop_at.is_some() => {
                self.probe = None;
                if let Some(get) = self.get.take() {
                    self.answer(get, Answer::Payload(payload::encode([&Packet::Noop])));
                }
                self.transport = Transport::WebSocket;
                self.queue.retain(|packet| *packet != Packet::Noop);
                if let Heartbeat::Waiting(_) = self.heartbeat {
                    self.heartbeat =
                        Heartbeat::Rest(now.saturating_add(self.settings.ping_interval_ms));
                }
                self.outputs.push(Output::Upgraded);
                self.flush();
            }
            _ => self.drop_probe(),
        }
    }

    fn drop_probe(&mut self) {
        self.probe = None;
        self.outputs.push(Output::CloseProbe);
    }

    /// While an upgrade is under way a waiting poll is answered, so that the client can pause polling.
    fn send_poll_away(&mut self, now: u64) {
        let every = self.settings.noop_every_ms;
        let Some(probe) = &mut self.probe else { return };
        let due = probe.noop_at.is_some_and(|at| now >= at);
        if due && let Some(get) = self.get.take() {
            probe.noop_at = Some(now.saturating_add(every));
            self.answer(get, Answer::Payload(payload::encode([&Packet::Noop])));
        }
    }

    // --- the end ---

    /// Who closes the session that is closing.
    fn closer(&self) -> Closed {
        if self.left { Closed::ByPeer } else { Closed::ByUs }
    }

    fn end(&mut self, why: Closed) {
        if self.closed {
            return;
        }
        self.closed = true;
        if let Some(post) = self.post.take_if(|_| self.left) {
            self.answer(post, Answer::Ok);
        }
        if let Some(get) = self.get.take() {
            self.answer(get, Answer::Payload(payload::encode([&Packet::Close])));
        }
        if self.probe.take().is_some() {
            self.outputs.push(Output::CloseProbe);
        }
        self.queue = Fifo::default();
        self.outputs.push(Output::Closed(why));
    }
}
