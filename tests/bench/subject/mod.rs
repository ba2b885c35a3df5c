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

/// How a server is talked to.
enum Tongue {
    /// Frames carry what was posted, untouched; the room stands in the query.
    Raw,
    /// Parlour's own protocol in JSON.
    Native { key: String, token: String },
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
        Ok(Self { name: WS, tongue: Tongue::Raw, process: npm.start()? })
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
        if self.name == WS {
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
        }
    }

    /// What a listener says after its handshake to hear a room, if anything.
    pub(crate) fn subscribe(&self, room: &str) -> Option<Vec<u8>> {
        match &self.tongue {
            Tongue::Raw => None,
            Tongue::Native { .. } => {
                let said = json!({"op": "subscribe", "id": 1, "conversation": room});
                Some(frames::of_client(frames::TEXT, said.to_string().as_bytes()))
            }
        }
    }

    /// The request that posts one message, or all of them in one batch.
    pub(crate) fn post(&self, messages: &[Message<'_>]) -> Vec<u8> {
        let key = match &self.tongue {
            Tongue::Raw => "",
            Tongue::Native { key, .. } => key,
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
