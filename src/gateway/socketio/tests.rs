//! Sessions against the chat in memory, without a transport: what is said and what comes back.

mod hostile;
mod v1;

use std::{
    sync::Arc,
    task::{Context, Waker},
};

use bytes::Bytes;

use super::{Hall, SocketIo};
use crate::{
    gateway::{
        Common,
        engine::{Upper as _, UpperOutput, joined, messages},
        port::Chat as _,
        settings::GatewaySettings,
        tests::hall,
    },
    hub::{Closing, Outbox},
    runtime::{Clock, Tasks},
    wire::{
        engineio::{Closed, Message},
        socketio::{Packet, PacketType, Parser},
    },
};

struct Desk {
    hall: Arc<Hall<hall::Hall>>,
}

struct Peer {
    upper: SocketIo<hall::Hall>,
    outbox: Arc<Outbox>,
    closed: bool,
    /// What recovery needs.
    pid: Option<String>,
    offset: Option<String>,
    /// What came right after the welcome.
    missed: Vec<String>,
}

impl Desk {
    fn new() -> Self {
        Self::with(GatewaySettings::default())
    }

    fn with(settings: GatewaySettings) -> Self {
        Self {
            hall: Hall::new(
                hall::Hall::default(),
                &Common::new(settings, Clock::system(), Tasks::default()),
            ),
        }
    }

    fn say(&self, room: &str, text: &str) {
        self.hall.chat.say(room, text);
    }

    fn peer(&self) -> Peer {
        self.peer_with(None)
    }

    fn peer_with(&self, token: Option<&str>) -> Peer {
        self.peer_of(token, 1 << 20)
    }

    fn peer_of(&self, token: Option<&str>, outbox_max_bytes: usize) -> Peer {
        let outbox = Arc::new(Outbox::new(outbox_max_bytes));
        let upper = SocketIo::new(self.hall.clone(), token.map(str::to_owned), outbox.clone());
        Peer { upper, outbox, closed: false, pid: None, offset: None, missed: Vec::new() }
    }

    /// A client that has joined as Anna.
    fn anna(&self) -> Peer {
        let mut peer = self.peer();
        peer.connect(r#"{"token":"anna"}"#);
        peer
    }

    /// The same client after its connection broke.
    fn again(&self, old: &Peer) -> Peer {
        let mut peer = self.peer();
        peer.connect(&old.credentials());
        peer
    }
}

impl Peer {
    fn now() -> u64 {
        Clock::system().now().0
    }

    fn turn(&mut self) -> bool {
        let mut busy = false;
        while let Some(output) = self.upper.output() {
            busy = true;
            match output {
                UpperOutput::Send(said) => self.outbox.push_own(joined(said)),
                UpperOutput::Close => self.closed = true,
            }
        }
        busy | self.upper.work(&mut Context::from_waker(Waker::noop()), Self::now())
    }

    /// Everything that has come since the last look.
    fn read(&mut self) -> Vec<Message> {
        let mut got = Vec::new();
        let mut idle = 0;
        while idle < 8 {
            idle = if self.turn() { 0 } else { idle + 1 };
            let mut frames: Vec<Bytes> = Vec::new();
            let _ = self.outbox.poll_take(&Context::from_waker(Waker::noop()), &mut frames);
            for frame in frames {
                self.outbox.release(frame.len());
                got.extend(messages(&frame));
                idle = 0;
            }
        }
        got
    }

    fn texts(&mut self) -> Vec<String> {
        let texts = self.read().into_iter().map(|message| match message {
            Message::Text(text) => text,
            Message::Binary(bytes) => format!("{bytes:?}"),
        });
        texts.collect()
    }

    fn say(&mut self, packet: &str) -> Vec<String> {
        self.upper.hear(Self::now(), Message::Text(packet.into()));
        self.texts()
    }

    /// What its client shows when it comes back.
    fn credentials(&self) -> String {
        let pid = self.pid.as_deref().unwrap_or_default();
        match &self.offset {
            Some(offset) => format!(r#"{{"token":"anna","pid":"{pid}","offset":"{offset}"}}"#),
            None => format!(r#"{{"token":"anna","pid":"{pid}"}}"#),
        }
    }

    #[track_caller]
    fn connect(&mut self, auth: &str) {
        let got = self.say(&format!("0{auth}"));
        let welcome = got.first().expect("a welcome").clone();
        let pid = welcome.split(r#""pid":""#).nth(1).map(|rest| rest.trim_end_matches("\"}"));
        self.pid = pid.map(str::to_owned);
        assert!(welcome.starts_with(r#"0{"sid":""#), "{welcome}");
        self.note(&got[1..]);
        self.missed = got[1..].to_vec();
    }

    fn note(&mut self, events: &[String]) {
        for event in events.iter().filter(|event| event.starts_with("2[")) {
            let offset = event.trim_end_matches("\"]").rsplit('"').next();
            self.offset = offset.map(str::to_owned);
        }
    }

    /// The texts of the messages that have come.
    fn heard(&mut self) -> Vec<String> {
        let got = self.texts();
        self.note(&got);
        words(&got)
    }
}

/// The words in events.
fn words(events: &[String]) -> Vec<String> {
    let word =
        |event: &String| Some(event.split(r#""text":""#).nth(1)?.split('"').next()?.to_owned());
    events.iter().filter_map(word).collect()
}

#[test]
fn who_may_join_and_who_not() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    let refused = peer.say(r#"0{"token":"wrong"}"#);
    let expected = r#"4{"message":"the token is not valid","data":{"code":"unauthenticated","message":"the token is not valid"}}"#;
    assert_eq!(refused, [expected]);
    assert_eq!(peer.say("0/nowhere,"), [r#"4/nowhere,{"message":"Invalid namespace"}"#]);
    peer.connect(r#"{"token":"anna"}"#);
    let pid = peer.pid.clone().expect("a secret");
    assert_eq!(pid.len(), 44);
    assert!(!peer.closed);
    desk.peer_with(Some("anna")).connect("");
    assert_eq!(desk.peer_with(Some("wrong")).say("0").len(), 1);
    desk.peer_with(Some("wrong")).connect(r#"{"token":"anna"}"#);
    desk.peer().connect(r#"{"token":7}"#);
}

#[test]
fn rooms_are_joined_and_left() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    desk.say("r", "before");
    let joined = r#"31[{"success":true,"room":"r","seq":1}]"#;
    assert_eq!(peer.say(r#"21["subscribe","r"]"#), [joined]);
    desk.say("r", "a");
    desk.say("s", "elsewhere");
    assert_eq!(peer.heard(), ["a"]);
    let again = r#"32[{"success":true,"room":"r","seq":2}]"#;
    assert_eq!(peer.say(r#"22["join",{"room":"r","after":0}]"#), [again]);
    assert_eq!(peer.say(r#"23["leave","r"]"#), [r#"33[{"success":true,"room":"r"}]"#]);
    assert_eq!(
        peer.say(r#"24["unsubscribe",{"room":"x"}]"#),
        [r#"34[{"success":true,"room":"x"}]"#]
    );
    desk.say("r", "b");
    assert_eq!(peer.heard(), Vec::<String>::new());
    assert!(peer.say(r#"25["subscribe","secret"]"#)[0].contains("not_a_member"));
    assert!(peer.say(r#"26["send","r"]"#)[0].contains("malformed"));
    assert!(peer.say(r#"27["subscribe",{"room":7}]"#)[0].contains(r#""field":"room""#));
    assert_eq!(peer.say(r#"2["send","r"]"#), Vec::<String>::new());
    assert_eq!(peer.say(r#"2["subscribe","r"]"#), Vec::<String>::new());
    desk.say("r", "c");
    assert_eq!(peer.heard(), ["c"]);
    assert!(!peer.closed);
}

#[test]
fn what_was_missed_comes_before_the_answer() {
    let desk = Desk::new();
    for word in ["a", "b", "c"] {
        desk.say("r", word);
    }
    let mut peer = desk.anna();
    let got = peer.say(r#"21["subscribe",{"room":"r","after":1}]"#);
    assert_eq!(words(&got), ["b", "c"]);
    assert_eq!(got.last().unwrap(), r#"31[{"success":true,"room":"r","seq":3}]"#);
    assert!(peer.say(r#"22["subscribe",{"room":"s","after":9}]"#)[0].contains("invalid_field"));
}

#[test]
fn a_session_goes_on_exactly_where_it_was() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","r"]"#);
    peer.say(r#"22["subscribe","s"]"#);
    desk.say("r", "a");
    assert_eq!(peer.heard(), ["a"]);
    for (room, word) in [("r", "b"), ("s", "c"), ("x", "not heard"), ("r", "d")] {
        desk.say(room, word);
    }
    // Nothing of this reached the client.
    peer.upper.ended(Closed::TransportClose);
    let mut next = desk.again(&peer);
    assert_eq!(next.pid, peer.pid);
    assert_eq!(words(&next.missed), ["b", "c", "d"]);
    desk.say("s", "e");
    assert_eq!(next.heard(), ["e"]);
    // Again, with nothing missed and then with something.
    let mut third = desk.again(&next);
    assert_eq!((third.pid.clone(), third.missed.len()), (peer.pid.clone(), 0));
    desk.say("r", "f");
    assert_eq!(third.heard(), ["f"]);
}

#[test]
fn a_session_that_heard_nothing_goes_on_too() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    desk.say("r", "before");
    peer.say(r#"21["subscribe","r"]"#);
    desk.say("r", "a");
    let next = desk.again(&peer);
    assert_eq!((next.pid.as_ref(), words(&next.missed)), (peer.pid.as_ref(), vec!["a".to_owned()]));
}

#[test]
fn catching_up_that_breaks_off_goes_on_too() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","s"]"#);
    for number in 0..10 {
        desk.say("r", &format!("r{number}"));
    }
    desk.say("s", "s0");
    assert_eq!(peer.heard(), ["s0"]);
    let got = peer.say(r#"22["subscribe",{"room":"r","after":2}]"#);
    assert_eq!(words(&got).len(), 8);
    // Only a part of it arrived.
    peer.note(&got[..3]);
    desk.say("s", "s1");
    let next = desk.again(&peer);
    assert_eq!(words(&next.missed), ["r5", "r6", "r7", "r8", "r9", "s1"]);
}

#[test]
fn catching_up_of_which_nothing_arrived_is_not_forgotten() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","s"]"#);
    for number in 0..5 {
        desk.say("r", &format!("r{number}"));
    }
    desk.say("s", "s0");
    assert_eq!(peer.heard(), ["s0"]);
    // What its client has is newer than what it missed here.
    assert_eq!(words(&peer.say(r#"22["subscribe",{"room":"r","after":2}]"#)).len(), 3);
    let next = desk.again(&peer);
    assert_eq!(
        (next.pid.as_ref(), words(&next.missed)),
        (peer.pid.as_ref(), vec!["r2".to_owned(), "r3".to_owned(), "r4".to_owned()])
    );
}

#[test]
fn whoever_heard_nothing_begins_anew() {
    let desk = Desk::new();
    let peer = desk.anna();
    assert_ne!(desk.again(&peer).pid, peer.pid);
}

#[test]
fn whoever_broke_the_protocol_begins_anew() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","r"]"#);
    peer.say("2{}");
    assert!(peer.closed);
    peer.upper.ended(Closed::ByUs);
    assert_ne!(desk.again(&peer).pid, peer.pid);
}

#[test]
fn rooms_keep_the_order_in_which_they_were_joined() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    for room in ["b", "a", "c"] {
        peer.say(&format!(r#"21["subscribe","{room}"]"#));
    }
    let mut next = desk.again(&peer);
    next.texts();
    next.upper.ended(Closed::TransportClose);
    let mut last_will = next.upper.hand_over().expect("to be remembered");
    assert!(last_will.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    let mut recalled = std::pin::pin!(desk.hall.chat.recall(peer.pid.as_deref().unwrap()));
    let recalled = recalled.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let std::task::Poll::Ready(Ok(Some(session))) = recalled else { panic!("not remembered") };
    let rooms: Vec<&str> = session.rooms.iter().map(|(room, _)| room.name()).collect();
    assert_eq!(rooms, ["b", "a", "c"]);
}

#[test]
fn the_older_connection_of_a_session_is_closed() {
    let desk = Desk::new();
    let mut old = desk.anna();
    old.say(r#"21["subscribe","r"]"#);
    let mut new = desk.again(&old);
    assert_eq!(old.outbox.closing(), Some(Closing::Draining));
    // Its end does not touch the session that goes on.
    old.upper.ended(Closed::ByUs);
    assert!(old.upper.hand_over().is_none());
    desk.say("r", "a");
    assert_eq!(new.heard(), ["a"]);
    assert_eq!(desk.again(&new).pid, new.pid);
}

#[test]
fn what_is_no_session_begins_anew() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","r"]"#);
    desk.say("r", "a");
    peer.heard();
    let pid = peer.pid.clone().unwrap();
    for auth in [
        format!(r#"{{"token":"anna","pid":"{}"}}"#, "x".repeat(44)),
        r#"{"token":"anna","pid":"short"}"#.to_owned(),
        format!(r#"{{"token":"bert","pid":"{pid}"}}"#),
    ] {
        let mut other = desk.peer();
        other.connect(&auth);
        assert_ne!(other.pid.as_ref(), Some(&pid), "{auth}");
        desk.say("r", "not heard");
        assert_eq!(other.heard(), Vec::<String>::new());
    }
    // An offset from nowhere counts as none; one from the future cannot be true.
    let mut odd = desk.peer();
    odd.connect(&format!(r#"{{"token":"anna","pid":"{pid}","offset":"not ours"}}"#));
    assert_eq!((odd.pid.as_ref(), odd.missed.len()), (Some(&pid), 4));
    let mut ahead = desk.peer();
    ahead.connect(&format!(r#"{{"token":"anna","pid":"{pid}","offset":"zzzzzzzz"}}"#));
    assert_ne!(ahead.pid.as_ref(), Some(&pid));
}

#[test]
fn whoever_leaves_does_not_come_back() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","r"]"#);
    assert_eq!(peer.say("1"), Vec::<String>::new());
    desk.say("r", "a");
    assert_eq!(peer.heard(), Vec::<String>::new());
    assert_ne!(desk.again(&peer).pid, peer.pid);
    peer.connect(r#"{"token":"anna"}"#);
    assert!(!peer.closed);
}

#[test]
fn recovery_can_be_switched_off() {
    let desk = Desk::with(GatewaySettings { recovery: Vec::new(), ..GatewaySettings::default() });
    let mut peer = desk.anna();
    assert_eq!(peer.pid, None);
    peer.say(r#"21["subscribe","r"]"#);
    desk.say("r", "a");
    let got = peer.texts();
    assert!(got[0].ends_with(r#""room":"r"}]"#), "{got:?}");
}

#[test]
fn the_packed_form_is_answered_in_kind() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    let packed = |kind, id, data: &str| {
        Parser::MessagePack.write(&Packet::new(kind, "/", id, data)).remove(0)
    };
    let now = Peer::now();
    peer.upper.hear(now, packed(PacketType::Connect, None, r#"{"token":"anna"}"#));
    assert!(matches!(peer.read()[..], [Message::Binary(_)]));
    peer.upper.hear(now, packed(PacketType::Event, Some(5), r#"["subscribe","r"]"#));
    let answer = packed(PacketType::Ack, Some(5), r#"[{"success":true,"room":"r","seq":0}]"#);
    assert_eq!(peer.read(), [answer]);
    desk.say("r", "a");
    assert!(matches!(peer.read()[..], [Message::Binary(_)]));
    peer.say(r#"2["subscribe","r"]"#);
    assert!(peer.closed);
}

#[test]
fn bursts_are_answered_in_order_and_floods_are_refused() {
    let settings = GatewaySettings {
        operations_burst_max: 300,
        operations_per_second_max: 1,
        ..GatewaySettings::default()
    };
    let desk = Desk::with(settings);
    let mut peer = desk.anna();
    for id in 0..400 {
        let verb = if id % 2 == 0 { "subscribe" } else { "unsubscribe" };
        let text = format!(r#"2{id}["{verb}","r"]"#);
        peer.upper.hear(Peer::now(), Message::Text(text));
    }
    let got = peer.texts();
    assert_eq!(got.len(), 400);
    for (id, answer) in got.iter().enumerate() {
        assert!(answer.starts_with(&format!("3{id}[")), "{answer}");
    }
    assert!(got[299].contains(r#""success":true"#), "{}", got[299]);
    assert!(got[399].contains("rate_limited"), "{}", got[399]);
}

#[test]
fn a_token_ends_its_connection() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    peer.connect(r#"{"token":"brief"}"#);
    let end = peer.upper.deadline().expect("an end");
    peer.upper.elapse(end - 1);
    peer.texts();
    assert!(!peer.closed);
    peer.upper.elapse(end);
    peer.texts();
    assert!(peer.closed);
}

#[test]
fn stopping_sends_nobody_away_for_good() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.upper.bye(Closing::Draining);
    assert_eq!((peer.texts().len(), peer.closed), (0, true));
}
