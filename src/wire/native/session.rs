//! One connection's dialogue as a state machine: bytes of whole messages go in, what to send and
//! what to ask comes out, and time is an argument. Knows no socket and nobody's permissions.

use std::{collections::VecDeque, sync::Arc};

use super::{
    CloseCode, Encoding, Id,
    operation::{Operation, Request},
    utterance::{Answer, Frame, Problem, Welcome, encode},
};

/// What is the same for all sessions of a server.
#[derive(Debug)]
pub struct Settings {
    /// Which life of the database this is, as clients are told.
    pub epoch: String,
    /// How long a connection may stay without a valid token.
    pub hello_max_ms: u64,
    /// After how much silence the server sends a ping.
    pub heartbeat_ms: u64,
    /// How many pings in a row may stay unanswered.
    pub pings_missed_max: u8,
    /// How long before its token ends a client is told.
    pub expiry_warning_ms: u64,
    /// How many unreadable messages a connection may send.
    pub violations_max: u8,
    /// How a time is written.
    pub stamp: fn(u64) -> String,
}

/// What comes from the peer.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    /// A frame that says nothing but that the peer is there.
    Alive,
}

/// What comes from this side.
#[derive(Debug)]
pub enum Utterance<'a> {
    Ok(Option<&'a Id>, Answer<'a>),
    Error(Option<&'a Id>, Problem<'a>),
    /// A conversation cannot be continued where the client stopped: `epoch`, `range`, `overflow`.
    Reset {
        conversation: &'a str,
        reason: &'static str,
    },
    /// The server ends the connection.
    Bye(Bye),
}

/// Why the server says goodbye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bye {
    Draining,
    Slow,
    TokenExpired,
}

/// What is to be done; everything is to be taken before the next input.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// One message in the session's encoding.
    Send(Vec<u8>),
    /// A WebSocket ping.
    Ping,
    /// The answer comes back through [`Session::deliver`].
    Ask(Request),
    /// Nothing more is said after it.
    Close(CloseCode, &'static str),
}

/// The state machine.
#[derive(Debug)]
pub struct Session {
    settings: Arc<Settings>,
    outputs: VecDeque<Output>,
    encoding: Encoding,
    standing: Standing,
    violations: u8,
    pings_missed: u8,
    /// When the next ping is due.
    ping_at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// A valid token must come before this.
    Unknown {
        until: u64,
    },
    Known {
        expires_at: Option<u64>,
        warned: bool,
    },
    Closed,
}

// === impl Session ===

impl Session {
    /// A session that begins `now`. A token that came with the handshake is asked about at once.
    #[must_use]
    pub fn new(
        now: u64,
        encoding: Encoding,
        token: Option<String>,
        settings: Arc<Settings>,
    ) -> Self {
        let mut session = Self {
            outputs: VecDeque::new(),
            encoding,
            standing: Standing::Unknown { until: now.saturating_add(settings.hello_max_ms) },
            violations: 0,
            pings_missed: 0,
            ping_at: now.saturating_add(settings.heartbeat_ms),
            settings,
        };
        let settings = session.settings.clone();
        session.send(&Frame {
            kind: "welcome",
            epoch: Some(&settings.epoch),
            heartbeat_s: Some(settings.heartbeat_s()),
            ..Frame::default()
        });
        if let Some(token) = token {
            let operation = Operation::Hello { token: Some(token), resume: None };
            session.outputs.push_back(Output::Ask(Request { id: None, operation }));
        }
        session
    }

    /// Hears the peer.
    pub fn receive(&mut self, now: u64, input: Input<'_>) {
        self.pings_missed = 0;
        self.ping_at = now.saturating_add(self.settings.heartbeat_ms);
        if self.standing == Standing::Closed {
            return;
        }
        let bytes = match (input, self.encoding) {
            (Input::Alive, _) => return,
            (Input::Text(text), Encoding::Json) => text.as_bytes(),
            (Input::Binary(bytes), Encoding::MessagePack) => bytes,
            (Input::Binary(_), Encoding::Json) => {
                return self.close(CloseCode::UNSUPPORTED_DATA, "this protocol speaks in text");
            }
            (Input::Text(_), Encoding::MessagePack) => {
                return self.close(CloseCode::UNSUPPORTED_DATA, "this protocol speaks in binary");
            }
        };
        let request = match Request::read(self.encoding, bytes) {
            Ok(request) => request,
            Err(misheard) => {
                self.error(misheard.id.as_ref(), misheard.code, &misheard.message);
                if misheard.code != "invalid_field" {
                    self.violation();
                }
                return;
            }
        };
        match (&request.operation, self.standing) {
            (Operation::Ping, _) => {
                self.send(&Frame { kind: "pong", id: request.id.as_ref(), ..Frame::default() });
            }
            (Operation::Hello { token: None, .. }, Standing::Unknown { .. }) => {
                self.error(request.id.as_ref(), "invalid_field", "token: must be a string");
            }
            (Operation::Hello { .. }, _) | (_, Standing::Known { .. }) => {
                self.outputs.push_back(Output::Ask(request));
            }
            _ => {
                self.error(request.id.as_ref(), "unauthenticated", "say hello first");
                self.violation();
            }
        }
    }

    /// Says what this side has to say. An operation that came without an id gets no `ok`.
    pub fn deliver(&mut self, _now: u64, what: Utterance<'_>) {
        if self.standing == Standing::Closed {
            return;
        }
        match what {
            Utterance::Ok(id, Answer::Hello(welcome)) => self.known(id, welcome),
            Utterance::Ok(id @ Some(_), answer) => self.send(&Frame::ok(id, answer)),
            Utterance::Ok(None, _) => {}
            Utterance::Error(id, problem) => {
                self.send(&Frame::error(id, &problem));
                let unknown = matches!(self.standing, Standing::Unknown { .. });
                if unknown && matches!(problem.code, "unauthenticated" | "token_expired") {
                    self.close(CloseCode::UNAUTHENTICATED, "the token is not valid");
                }
            }
            Utterance::Reset { conversation, reason } => self.send(&Frame {
                kind: "reset",
                conversation: Some(conversation),
                reason: Some(reason),
                ..Frame::default()
            }),
            Utterance::Bye(bye) => self.bye(bye),
        }
    }

    /// When [`Session::elapse`] has something to do, in milliseconds since 1970.
    #[must_use]
    pub fn deadline(&self) -> Option<u64> {
        let standing = match self.standing {
            Standing::Closed => return None,
            Standing::Unknown { until } => Some(until),
            Standing::Known { expires_at, warned: true } => expires_at,
            Standing::Known { expires_at, warned: false } => {
                expires_at.map(|at| at.saturating_sub(self.settings.expiry_warning_ms))
            }
        };
        Some(standing.map_or(self.ping_at, |at| at.min(self.ping_at)))
    }

    /// Lets the time become `now`.
    pub fn elapse(&mut self, now: u64) {
        match self.standing {
            Standing::Unknown { until } if until <= now => {
                self.error(None, "unauthenticated", "no hello in time");
                return self.close(CloseCode::UNAUTHENTICATED, "no hello in time");
            }
            Standing::Known { expires_at: Some(at), .. } if at <= now => {
                return self.bye(Bye::TokenExpired);
            }
            Standing::Known { expires_at: Some(at), warned: false }
                if at.saturating_sub(self.settings.expiry_warning_ms) <= now =>
            {
                self.standing = Standing::Known { expires_at: Some(at), warned: true };
                let at = (self.settings.stamp)(at);
                self.send(&Frame {
                    kind: "token.expiring",
                    expires_at: Some(&at),
                    ..Frame::default()
                });
            }
            Standing::Closed => return,
            _ => {}
        }
        if self.ping_at > now {
            return;
        }
        if self.pings_missed >= self.settings.pings_missed_max {
            return self.close(CloseCode::GOING_AWAY, "no answer to pings");
        }
        self.pings_missed = self.pings_missed.saturating_add(1);
        self.ping_at = now.saturating_add(self.settings.heartbeat_ms);
        self.outputs.push_back(Output::Ping);
    }

    /// The next thing to do, in order.
    pub fn output(&mut self) -> Option<Output> {
        let output = self.outputs.pop_front();
        if self.outputs.is_empty() && self.outputs.capacity() > 0 {
            self.outputs = VecDeque::new();
        }
        output
    }

    fn known(&mut self, id: Option<&Id>, welcome: Welcome<'_>) {
        let expires_at = welcome.expires_at;
        self.standing = Standing::Known { expires_at, warned: false };
        let Some(id) = id else { return };
        let settings = self.settings.clone();
        let expires_at = expires_at.map(settings.stamp);
        self.send(&Frame {
            epoch: Some(&settings.epoch),
            expires_at: expires_at.as_deref(),
            heartbeat_s: Some(settings.heartbeat_s()),
            ..Frame::ok(Some(id), Answer::Hello(welcome))
        });
    }

    fn bye(&mut self, bye: Bye) {
        let (reason, code) = match bye {
            Bye::Draining => ("draining", CloseCode::DRAINING),
            Bye::Slow => ("slow", CloseCode::SLOW),
            Bye::TokenExpired => ("token_expired", CloseCode::TOKEN_EXPIRED),
        };
        self.send(&Frame { kind: "bye", reason: Some(reason), ..Frame::default() });
        self.close(code, reason);
    }

    fn error(&mut self, id: Option<&Id>, code: &str, message: &str) {
        let problem = Problem { code, message, retry_after_ms: None, conversation: None };
        self.send(&Frame::error(id, &problem));
    }

    fn violation(&mut self) {
        self.violations = self.violations.saturating_add(1);
        if self.violations > self.settings.violations_max {
            self.close(CloseCode::POLICY, "too many unreadable messages");
        }
    }

    /// Says nothing where a frame cannot be encoded; the request's answer is an error then.
    fn send(&mut self, frame: &Frame<'_>) {
        let bytes = encode(self.encoding, frame).or_else(|| {
            let problem = Problem {
                code: "internal",
                message: "something went wrong on the server",
                retry_after_ms: None,
                conversation: frame.conversation,
            };
            encode(self.encoding, &Frame::error(frame.id, &problem))
        });
        self.outputs.extend(bytes.map(Output::Send));
    }

    fn close(&mut self, code: CloseCode, why: &'static str) {
        self.standing = Standing::Closed;
        self.outputs.push_back(Output::Close(code, why));
    }
}

impl Settings {
    /// The values of the protocol's description.
    #[must_use]
    pub fn new(epoch: String, stamp: fn(u64) -> String) -> Self {
        Self {
            epoch,
            hello_max_ms: 10_000,
            heartbeat_ms: 25_000,
            pings_missed_max: 2,
            expiry_warning_ms: 60_000,
            violations_max: 20,
            stamp,
        }
    }

    fn heartbeat_s(&self) -> u64 {
        self.heartbeat_ms.div_ceil(1000)
    }
}
