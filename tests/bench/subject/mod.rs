//! The servers that are measured. Each is a process of its own, pinned to the server's core, that
//! takes posts at one HTTP route and relays them to sockets; what one does beyond that, and what
//! it leaves out, is said with its figures. No measuring happens here.

mod floor;
mod npm;
mod parlour;
mod process;

use std::net::SocketAddr;

use serde_json::json;

use crate::{frames, http, trouble::Outcome};
use process::Process;

pub(crate) use {
    floor::serve as serve_as_floor,
    npm::Npm,
    parlour::{Chain, Parlour},
    process::Place,
};

/// Names of the peers in the report.
pub(crate) const FLOOR: &str = "floor";
pub(crate) const WS: &str = "npm ws";
pub(crate) const SOCKET_IO: &str = "npm socket.io";

/// How a server is talked to.
enum Tongue {
    /// Frames carry what was posted, untouched; the room stands in the query.
    Raw,
    /// Parlour's own protocol in JSON.
    Native { key: String, token: String },
    /// Socket.IO over a WebSocket from the first byte on.
    SocketIo { key: String, token: String },
}

/// What a listener says after its handshake, and what it then waits for.
pub(crate) struct Step {
    /// A frame, where it is the listener's turn.
    pub(crate) says: Option<Vec<u8>>,
    /// How the text begins that it waits for; others before it are passed over.
    pub(crate) awaits: &'static str,
}

/// A running server.
pub(crate) struct Subject {
    name: &'static str,
    tongue: Tongue,
    process: Process,
}

impl Subject {
    /// The raw-send broadcaster, this very executable in another role.
    pub(crate) fn floor() -> Outcome<Self> {
        Ok(Self { name: FLOOR, tongue: Tongue::Raw, process: floor::start()? })
    }

    /// The npm package `ws`, as its documentation broadcasts.
    pub(crate) fn ws(npm: &Npm) -> Outcome<Self> {
        Ok(Self { name: WS, tongue: Tongue::Raw, process: npm.start("ws.mjs")? })
    }

    /// The npm package `socket.io`, as its documentation sends to rooms.
    pub(crate) fn socket_io(npm: &Npm) -> Outcome<Self> {
        let tongue = Tongue::SocketIo { key: String::new(), token: String::new() };
        Ok(Self { name: SOCKET_IO, tongue, process: npm.start("socketio.mjs")? })
    }

    /// The same Parlour, with listeners that speak Socket.IO.
    pub(crate) fn over_socket_io(self, name: &'static str) -> Self {
        let tongue = match self.tongue {
            Tongue::Native { key, token } => Tongue::SocketIo { key, token },
            other => other,
        };
        Self { name, tongue, ..self }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.process.address()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Asks the server to give back what it can before its memory is read.
    pub(crate) fn tidy_memory(&self) {
        if [WS, SOCKET_IO].contains(&self.name) {
            self.process.collect_garbage();
        }
    }

    /// The opening handshake of a listener.
    pub(crate) fn upgrade(&self, room: Option<&str>) -> Vec<u8> {
        match &self.tongue {
            Tongue::Raw => http::upgrade(&format!("/?room={}", room.unwrap_or("none")), None),
            Tongue::Native { token, .. } => {
                http::upgrade(&format!("/ws?token={token}"), Some("parlour.v1.json"))
            }
            Tongue::SocketIo { .. } => http::upgrade("/socket.io/?EIO=4&transport=websocket", None),
        }
    }

    /// What happens after a listener's handshake until it hears a room, if it is to hear one.
    pub(crate) fn greeting(&self, room: Option<&str>) -> Vec<Step> {
        let say = |text: String| Some(frames::of_client(frames::TEXT, text.as_bytes()));
        match (&self.tongue, room) {
            (Tongue::Raw, _) | (Tongue::Native { .. }, None) => vec![],
            (Tongue::Native { .. }, Some(room)) => {
                let said = json!({"op": "subscribe", "id": 1, "conversation": room});
                vec![Step { says: say(said.to_string()), awaits: r#"{"type":"ok""# }]
            }
            (Tongue::SocketIo { token, .. }, room) => {
                let mut steps = vec![
                    Step { says: None, awaits: "0{" },
                    Step { says: say(format!("40{}", json!({"token": token}))), awaits: "40{" },
                ];
                if let Some(room) = room {
                    let said = format!("420{}", json!(["subscribe", room]));
                    steps.push(Step { says: say(said), awaits: r#"430[{"success":true"# });
                }
                steps
            }
        }
    }

    /// The request that posts one message, or all of them in one batch.
    pub(crate) fn post(&self, messages: &[Message<'_>]) -> Vec<u8> {
        let key = match &self.tongue {
            Tongue::Raw => "",
            Tongue::Native { key, .. } | Tongue::SocketIo { key, .. } => key,
        };
        if let [message] = messages {
            return http::post("/api/sms/new-message", key, &message.body(None).to_string());
        }
        let items: Vec<_> =
            messages.iter().map(|message| message.body(Some("new-message"))).collect();
        http::post("/api/sms/batch", key, &json!({ "items": items }).to_string())
    }
}

/// A message to be posted.
pub(crate) struct Message<'a> {
    pub(crate) room: &'a str,
    pub(crate) text: &'a str,
    /// Never the same twice in one data directory.
    pub(crate) number: u64,
}

impl Message<'_> {
    fn body(&self, kind: Option<&str>) -> serde_json::Value {
        let Self { room, text, number } = self;
        let message = json!({"id": number, "text": text, "from": "user_46"});
        let mut body = json!({"room": room, "message": message, "uuid": format!("bench-{number}")});
        if let Some(kind) = kind {
            body["type"] = json!(kind);
        }
        body
    }
}
