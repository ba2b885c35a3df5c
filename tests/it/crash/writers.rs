//! Clients that post until the server dies, and the book of what they were promised.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::harness::{
    Flavour, Http, Live, Request, Server, Token,
    time::{Random, random},
};

/// How a client talks to the server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Bridge,
    Native(Flavour),
}

/// One message that somebody tried to post.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// Its uuid or client id.
    pub(crate) key: String,
    pub(crate) room: String,
    pub(crate) text: String,
}

/// A promise: this attempt has this seq.
pub(crate) type Promise = (Attempt, u64);

/// One client, through all crashes.
pub(crate) struct Writer {
    name: String,
    way: Way,
    rooms: Vec<String>,
    next: u64,
    chance: Random,
    /// Tried and not answered; to be tried again with the same key.
    unanswered: Vec<Attempt>,
}

impl Writer {
    pub(crate) fn new(name: &str, way: Way, rooms: &[String], seed: u64) -> Self {
        let chance = random(seed);
        Self { name: name.into(), way, rooms: rooms.to_vec(), next: 0, chance, unanswered: vec![] }
    }

    /// Posts until the connection breaks or `most` are promised: everything tried, and the promises
    /// among it, in their order.
    pub(crate) fn work(&mut self, server: &Server, most: usize) -> (Vec<Attempt>, Vec<Promise>) {
        let (mut tried, mut promised) = (vec![], vec![]);
        let Some(mut line) = Line::open(self.way, server, &self.name, &self.rooms) else {
            return (tried, promised);
        };
        while promised.len() < most {
            let attempt = self.unanswered.pop().unwrap_or_else(|| self.invent());
            tried.push(attempt.clone());
            let Some(seq) = line.post(&attempt, server.key()) else {
                self.unanswered.push(attempt);
                break;
            };
            promised.push((attempt, seq));
        }
        (tried, promised)
    }

    fn invent(&mut self) -> Attempt {
        self.next += 1;
        let key = format!("{}-{}", self.name, self.next);
        let at = usize::try_from(self.chance.below(self.rooms.len() as u64)).expect("an index");
        // Now and then a text longer than one stored value may be.
        let padding = if self.chance.chance(5) { 9000 } else { self.chance.below(400) };
        let padding = "p".repeat(usize::try_from(padding).expect("a length"));
        Attempt { text: format!("{key} {padding}."), key, room: self.rooms[at].clone() }
    }
}

enum Line {
    Bridge(Http),
    Native(Box<Live>),
}

impl Line {
    fn open(way: Way, server: &Server, user: &str, rooms: &[String]) -> Option<Self> {
        match way {
            Way::Bridge => Http::try_connect(server.address()).ok().map(Self::Bridge),
            Way::Native(flavour) => {
                let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
                let target = format!("/ws?token={}", Token::new(user, &rooms).text());
                let live = Live::try_open(server.address(), flavour, &target).ok()?;
                Some(Self::Native(Box::new(live)))
            }
        }
    }

    /// The seq that was promised; nothing when the connection broke.
    fn post(&mut self, attempt: &Attempt, key: &str) -> Option<u64> {
        let answer = match self {
            Self::Bridge(http) => {
                let body = json!({"room": attempt.room, "uuid": attempt.key,
                    "message": {"id": attempt.key, "text": attempt.text}});
                let request = Request::post("/api/sms/new-message", &body).key(key);
                let reply = http.try_send(&request).ok()?;
                assert_eq!(reply.status, 200, "{}", reply.text());
                reply.json()
            }
            Self::Native(live) => {
                let op = json!({"op": "send", "conversation": attempt.room,
                    "text": attempt.text, "client_id": attempt.key});
                let answer = live.try_ask(op).ok()?;
                assert_eq!(answer["type"], json!("ok"), "{answer}");
                answer
            }
        };
        answer["seq"].as_u64()
    }
}

/// Everything that was tried, promised and found.
#[derive(Default)]
pub(crate) struct Book {
    tried: HashMap<String, Attempt>,
    promised: Vec<Promise>,
    /// Per room, the text at each seq from 1.
    found: HashMap<String, Vec<String>>,
}

impl Book {
    pub(crate) fn write(&mut self, (tried, promised): (Vec<Attempt>, Vec<Promise>)) {
        self.tried.extend(tried.into_iter().map(|attempt| (attempt.text.clone(), attempt)));
        self.promised.extend(promised);
    }

    pub(crate) fn promises(&self) -> usize {
        self.promised.len()
    }

    pub(crate) fn promised(&self) -> &Vec<Promise> {
        &self.promised
    }

    /// Another disk, on which this was promised.
    pub(crate) fn start_over(&mut self, promised: Vec<Promise>) {
        self.promised = promised;
        self.found.clear();
    }

    /// The texts of a room, by seq from 1, as they were last found.
    pub(crate) fn found(&self, room: &str) -> &[String] {
        self.found.get(room).map_or(&[], Vec::as_slice)
    }

    /// Forgets what was found, because the disk is another one now.
    pub(crate) fn forget_found(&mut self) {
        self.found.clear();
    }

    /// Reads what the server has beyond what was found before and compares it with the promises; the
    /// first thing that is not as promised is the error.
    pub(crate) fn compare(&mut self, server: &Server, rooms: &[String]) -> Result<(), String> {
        for room in rooms {
            let found = self.found.entry(room.clone()).or_default();
            for message in rest_of(server, room, found.len())? {
                let seq = message["seq"].as_u64().unwrap_or_default();
                let expected = found.len() as u64 + 1;
                if seq != expected {
                    return Err(format!("{room}: seq {seq} where {expected} was due"));
                }
                let text = message["message"]["text"].as_str().unwrap_or_default().to_owned();
                if self.tried.get(&text).is_none_or(|attempt| attempt.room != *room) {
                    return Err(format!("{room}: nobody posted what stands at {seq}: {message}"));
                }
                found.push(text);
            }
        }
        self.check_promises(rooms)
    }

    fn check_promises(&self, rooms: &[String]) -> Result<(), String> {
        for (attempt, seq) in &self.promised {
            let at = usize::try_from(*seq).map_err(|e| e.to_string())?.wrapping_sub(1);
            let there = self.found(&attempt.room).get(at);
            if there != Some(&attempt.text) {
                let there = there.map(|text| &text[..text.len().min(40)]);
                let Attempt { key, room, .. } = attempt;
                return Err(format!("lost: {key} was promised {room}:{seq}, there is {there:?}"));
            }
        }
        for room in rooms {
            let mut seen = HashSet::new();
            if let Some(double) = self.found(room).iter().find(|text| !seen.insert(*text)) {
                return Err(format!("{room}: twice {}", &double[..double.len().min(40)]));
            }
        }
        Ok(())
    }
}

fn rest_of(server: &Server, room: &str, after: usize) -> Result<Vec<Value>, String> {
    let mut http = Http::try_connect(server.address()).map_err(|e| e.to_string())?;
    let mut messages: Vec<Value> = vec![];
    let mut after = after as u64;
    loop {
        let target = format!("/api/sms/rooms/{room}/messages?after={after}&limit=200");
        let reply = http.try_send(&Request::get(&target).key(server.key()));
        let reply = reply.map_err(|e| e.to_string())?;
        if reply.status != 200 {
            return Err(format!("{target}: {} {}", reply.status, reply.text()));
        }
        let page = reply.json();
        let part = page["messages"].as_array().cloned().unwrap_or_default();
        after = part.last().and_then(|m| m["seq"].as_u64()).unwrap_or(after);
        messages.extend(part);
        if page["more"] != true {
            return Ok(messages);
        }
    }
}
