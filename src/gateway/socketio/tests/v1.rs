//! The native vocabulary: its answers and events, alone and beside the bridge's.

use super::*;

/// One of several namespaces of a connection, as its client keeps it.
#[derive(Default)]
struct Side {
    pid: String,
    offset: Option<String>,
}

impl Side {
    /// Joins the namespace, again if it was there before; what was missed comes back.
    #[track_caller]
    fn join(&mut self, peer: &mut Peer, name: &str) -> Vec<String> {
        let offset = self.offset.as_ref();
        let offset = offset.map(|offset| format!(r#","offset":"{offset}""#)).unwrap_or_default();
        let auth = format!(r#"{{"token":"anna","pid":"{}"{offset}}}"#, self.pid);
        let prefix = if name == "/" { String::new() } else { format!("{name},") };
        let mut got = peer.say(&format!("0{prefix}{auth}"));
        let welcome = got.remove(0);
        assert!(welcome.starts_with(&format!(r#"0{prefix}{{"sid":""#)), "{welcome}");
        let pid = welcome.split(r#""pid":""#).nth(1).expect("a secret");
        self.pid = pid.trim_end_matches("\"}").to_owned();
        self.note(&got);
        got
    }

    fn note(&mut self, events: &[String]) {
        if let Some(last) = events.iter().rfind(|event| event.ends_with("\"]")) {
            self.offset = last.trim_end_matches("\"]").rsplit('"').next().map(str::to_owned);
        }
    }
}

fn joined(desk: &Desk) -> Peer {
    let mut peer = desk.peer();
    Side::default().join(&mut peer, "/v1");
    peer
}

#[track_caller]
fn check(peer: &mut Peer, event: &str, answer: &str) {
    assert_eq!(peer.say(&format!("2/v1,7{event}")), [format!("3/v1,7[{answer}]")], "{event}");
}

#[test]
fn operations_are_answered_as_on_a_websocket() {
    let desk = Desk::new();
    let mut peer = joined(&desk);
    let at = "2024-01-15T10:30:00.000Z";
    for (event, answer) in [
        (
            r#"["send",{"conversation":"r","text":"a","client_id":"c"}]"#,
            r#"{"type":"ok","conversation":"r","seq":1,"message_id":"m-1","at":"AT"}"#,
        ),
        (
            r#"["edit",{"conversation":"r","seq":1,"text":"b"}]"#,
            r#"{"type":"ok","conversation":"r","seq":2,"version":2}"#,
        ),
        (
            r#"["history",{"conversation":"r","id":5}]"#,
            r#"{"type":"ok","conversation":"r","messages":[{"seq":1,"at":"AT","id":"m-1","sender":"anna","text":"b","client_id":"c","version":2,"edited_at":"AT"}],"last":2,"more":false}"#,
        ),
        (
            r#"["delete",{"conversation":"r","seq":1}]"#,
            r#"{"type":"ok","conversation":"r","seq":3}"#,
        ),
        (
            r#"["send",{"conversation":"r","text":"hold me"}]"#,
            r#"{"type":"ok","conversation":"r","held":true,"category":"phone"}"#,
        ),
        (
            r#"["subscribe",{"conversation":"order:7"}]"#,
            r#"{"type":"ok","conversation":"order:7","seq":0}"#,
        ),
        (
            r#"["unsubscribe",{"conversation":"order:7"}]"#,
            r#"{"type":"ok","conversation":"order:7"}"#,
        ),
        (r#"["typing",{"conversation":"r"}]"#, r#"{"type":"ok","conversation":"r"}"#),
        (r#"["read",{"conversation":"r","upto":1}]"#, r#"{"type":"ok","conversation":"r"}"#),
        (r#"["ping"]"#, r#"{"type":"pong"}"#),
        (r#"["ping",null]"#, r#"{"type":"pong"}"#),
    ] {
        check(&mut peer, event, &answer.replace("AT", at));
    }
    assert!(!peer.closed);
}

#[test]
fn what_is_no_operation_is_refused_with_a_reason() {
    let desk = Desk::new();
    let mut peer = joined(&desk);
    for (event, code, word) in [
        (r#"["hello",{"token":"anna"}]"#, "unknown_op", "hello"),
        (r#"["shout",{}]"#, "unknown_op", "must be one of"),
        ("[7]", "unknown_op", "must be one of"),
        (r#"["send"]"#, "invalid_field", "conversation"),
        (r#"["send",{"conversation":"r","text":7}]"#, "invalid_field", "text: must be a string"),
        (r#"["send",["r","a"]]"#, "malformed", "one object"),
        (r#"["send","r"]"#, "malformed", "one object"),
        (r#"["send",{"conversation":"r","text":"\ud800"}]"#, "malformed", "not readable"),
        (r#"["edit",{"conversation":"r","seq":9,"text":"b"}]"#, "no_such_message", ""),
        (r#"["subscribe",{"conversation":"secret"}]"#, "not_a_member", ""),
        (r#"["subscribe",{"conversation":"r","after":9}]"#, "invalid_field", "after"),
    ] {
        let got = peer.say(&format!("2/v1,1{event}")).concat();
        let start = format!(r#"3/v1,1[{{"type":"error","code":"{code}","message":""#);
        assert!(got.starts_with(&start) && got.contains(word), "{event}: {got}");
    }
    assert_eq!(peer.say(r#"2/v1,["shout"]"#), Vec::<String>::new());
    assert!(!peer.closed);
}

#[test]
fn events_end_with_an_offset_and_signals_with_an_object() {
    let desk = Desk::new();
    let mut peer = joined(&desk);
    peer.say(r#"2/v1,1["subscribe",{"conversation":"r"}]"#);
    desk.say("r", "a");
    let at = "2024-01-15T10:30:00.000Z";
    let created = format!(
        r#"2/v1,["message.created",{{"type":"message.created","conversation":"r","seq":1,"at":"{at}","data":{{"id":"m-1","sender":"other","text":"a","version":1}}}},"1"]"#
    );
    assert_eq!(peer.texts(), [created]);
    let got = peer.say(r#"2/v1,2["typing",{"conversation":"r","on":false}]"#);
    let typing =
        r#"2/v1,["typing",{"type":"typing","conversation":"r","data":{"user":"anna","on":false}}]"#;
    assert_eq!(got[0], typing);
    let got = peer.say(r#"2/v1,3["read",{"conversation":"r","upto":1}]"#);
    assert!(got[0].ends_with(r#""data":{"user":"anna","upto":1}}]"#), "{got:?}");
}

#[test]
fn two_namespaces_hear_a_room_and_one_leaves_it() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    Side::default().join(&mut peer, "/v1");
    peer.say(r#"21["subscribe","r"]"#);
    peer.say(r#"2/v1,1["subscribe",{"conversation":"r"}]"#);
    peer.say(r#"2/v1,2["typing",{"conversation":"r"}]"#);
    desk.say("r", "a");
    let names = |events: Vec<String>| -> Vec<String> {
        events.iter().map(|event| event.split('"').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(names(peer.texts()), ["new_message", "message.created"]);
    peer.say(r#"2/v1,3["unsubscribe",{"conversation":"r"}]"#);
    desk.say("r", "b");
    assert_eq!(names(peer.texts()), ["new_message"]);
    peer.say(r#"2/v1,4["subscribe",{"conversation":"r"}]"#);
    peer.say("1");
    desk.say("r", "c");
    assert_eq!(names(peer.texts()), ["message.created"]);
    assert!(!peer.closed);
}

#[test]
fn each_namespace_goes_on_where_it_was() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    let (mut bridge, mut native) = (Side::default(), Side::default());
    bridge.join(&mut peer, "/");
    native.join(&mut peer, "/v1");
    peer.say(r#"21["subscribe","r"]"#);
    peer.say(r#"2/v1,1["subscribe",{"conversation":"r"}]"#);
    peer.say(r#"2/v1,2["subscribe",{"conversation":"s"}]"#);
    desk.say("r", "a");
    let got = peer.texts();
    bridge.note(&got[..1]);
    native.note(&got[1..]);
    desk.say("s", "b");
    native.note(&peer.texts());
    desk.say("r", "c");
    desk.say("s", "d");
    let (old, mut peer) = (peer, desk.peer());
    assert_eq!(words(&native.join(&mut peer, "/v1")), ["c", "d"]);
    assert_eq!(old.outbox.closing(), Some(Closing::Draining));
    desk.say("r", "e");
    let got = peer.texts();
    assert_eq!(words(&got), ["e"], "the bridge's side has not come back yet");
    native.note(&got);
    assert_eq!(words(&bridge.join(&mut peer, "/")), ["c", "e"]);
    desk.say("r", "f");
    assert_eq!(words(&peer.texts()), ["f", "f"]);
    assert!(!peer.closed);
}

#[test]
fn catching_up_in_one_namespace_keeps_the_order_of_the_other() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    Side::default().join(&mut peer, "/v1");
    for number in 0..5 {
        desk.say("r", &format!("{number}"));
    }
    peer.say(r#"21["subscribe","r"]"#);
    let got = peer.say(r#"2/v1,1["subscribe",{"conversation":"r","after":2}]"#);
    assert_eq!(words(&got), ["2", "3", "4"]);
    assert!(got[..3].iter().all(|event| event.starts_with("2/v1,")), "{got:?}");
    desk.say("r", "live");
    assert_eq!(words(&peer.texts()), ["live", "live"]);
}

#[test]
fn the_packed_form_carries_the_same_vocabulary() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    let packed = |kind, id, data: &str| {
        Parser::MessagePack.write(&Packet::new(kind, "/v1", id, data)).remove(0)
    };
    let now = Peer::now();
    peer.upper.hear(now, packed(PacketType::Connect, None, r#"{"token":"anna"}"#));
    assert!(matches!(peer.read()[..], [Message::Binary(_)]));
    for (event, answer) in [
        (r#"["subscribe",{"conversation":"r"}]"#, r#"[{"type":"ok","conversation":"r","seq":0}]"#),
        (r#"["ping"]"#, r#"[{"type":"pong"}]"#),
    ] {
        peer.upper.hear(now, packed(PacketType::Event, Some(5), event));
        assert_eq!(peer.read(), [packed(PacketType::Ack, Some(5), answer)]);
    }
    peer.upper.hear(now, packed(PacketType::Event, None, r#"["typing",{"conversation":"r"}]"#));
    let typing =
        r#"["typing",{"type":"typing","conversation":"r","data":{"user":"anna","on":true}}]"#;
    assert_eq!(peer.read(), [packed(PacketType::Event, None, typing)]);
}
