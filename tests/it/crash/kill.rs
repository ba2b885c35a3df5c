//! SIGKILL at random moments under load, many times over the same directory. `PARLOUR_CRASH_CYCLES`
//! sets how many (30 in the suite).

use serde_json::json;

use super::{
    number,
    writers::{Book, Way, Writer},
};
use crate::harness::{Flavour, Live, Patience, Said, Server, Setup, Token, pause_ms, time::random};

/// A client that listens through all crashes, resuming where it was.
struct Listener {
    room: String,
    flavour: Flavour,
    /// The texts it was told, by seq from 1.
    told: Vec<String>,
}

impl Listener {
    /// Listens until the connection ends.
    fn listen(&mut self, server: &Server) {
        let target = format!("/ws?token={}", Token::new("listener", &[&self.room]).text());
        let Ok(mut live) = Live::try_open(server.address(), self.flavour, &target) else { return };
        let op = json!({"op": "subscribe", "conversation": self.room, "after": self.told.len()});
        if live.try_ask(op).is_err() {
            return;
        }
        loop {
            match live.said(Patience::seconds(60)) {
                Said::Frame(event) if event["type"] == "message.created" => {
                    let due = self.told.len() + 1;
                    assert_eq!(event["seq"], json!(due), "{}: no gap, no double", self.room);
                    let text = event["data"]["text"].as_str().unwrap_or_default();
                    self.told.push(text.to_owned());
                }
                Said::Frame(_) => {}
                _ => return,
            }
        }
    }
}

#[test]
fn what_was_acknowledged_survives_kill_nine() {
    let cycles = number("PARLOUR_CRASH_CYCLES", 30);
    let seed = number("PARLOUR_CRASH_SEED", 20_240_115);
    let mut chance = random(seed);
    let rooms: Vec<String> = (0..4).map(|n| format!("crash-{n}")).collect();
    let ways = [
        Way::Bridge,
        Way::Bridge,
        Way::Bridge,
        Way::Native(Flavour::Json),
        Way::Native(Flavour::Msgpack),
    ];
    let mut writers: Vec<Writer> = ways
        .into_iter()
        .enumerate()
        .map(|(n, way)| Writer::new(&format!("w{n}"), way, &rooms, seed + n as u64))
        .collect();
    let mut listeners: Vec<Listener> = rooms
        .iter()
        .enumerate()
        .map(|(n, room)| Listener {
            room: room.clone(),
            flavour: Flavour::ALL[n % 2],
            told: vec![],
        })
        .collect();
    let mut book = Book::default();
    let mut server = Setup::bare().start();
    for cycle in 0..cycles {
        std::thread::scope(|scope| {
            let shared = &server;
            let writing: Vec<_> = writers
                .iter_mut()
                .map(|writer| scope.spawn(move || writer.work(shared, usize::MAX)))
                .collect();
            for listener in &mut listeners {
                scope.spawn(move || listener.listen(shared));
            }
            pause_ms(20 + chance.below(400));
            shared.signal(rustix::process::Signal::KILL);
            for thread in writing {
                book.write(thread.join().expect("a writer"));
            }
        });
        server.kill();
        server.start();
        if let Err(problem) = book.compare(&server, &rooms) {
            panic!("cycle {cycle}, seed {seed}: {problem}");
        }
        for listener in &listeners {
            let found = book.found(&listener.room);
            assert!(
                found.starts_with(&listener.told),
                "cycle {cycle}, seed {seed}: {} was told what is not there",
                listener.room
            );
        }
    }
    assert!(book.promises() as u64 > cycles * 5, "{} promises are no load", book.promises());
    // Those who were never answered ask again and end with one message each.
    for writer in &mut writers {
        book.write(writer.work(&server, 1));
    }
    book.forget_found();
    if let Err(problem) = book.compare(&server, &rooms) {
        panic!("at the end, seed {seed}: {problem}");
    }
    server.terminate();
    server.run(&["check"]).text();
}
