//! Frames as RFC 6455 forbids them, cut in unusual places, or too big: each has its close code, and
//! only its own connection ends.

use std::time::Duration;

use serde_json::json;

use crate::harness::{
    Flavour, Live, Patience, Token,
    rawframes::{RawSocket, frame, upgrade},
    shared,
};

const SOON: Duration = Duration::from_secs(10);

fn open(flavour: Flavour) -> RawSocket {
    let token = Token::new("raw", &["raw"]).text();
    let request = upgrade(&format!("/ws?token={token}"))
        .header("sec-websocket-protocol", flavour.subprotocol());
    RawSocket::open(shared().address(), &request).expect("a connection")
}

/// These bytes end the connection with this code.
#[track_caller]
fn check(what: &str, flavour: Flavour, bytes: &[u8], code: u16) {
    let mut socket = open(flavour);
    let _ = socket.send_bytes(bytes);
    assert_eq!(socket.close_code(SOON), Some(code), "{what}");
}

fn ping() -> Vec<u8> {
    json!({"op": "ping", "id": 1}).to_string().into_bytes()
}

#[test]
fn broken_rules_have_their_codes() {
    let json = Flavour::Json;
    check("reserved bit 1", json, &frame(0xc1, &ping()), 1002);
    check("reserved bit 3", json, &frame(0x91, &ping()), 1002);
    check("reserved opcode", json, &frame(0x83, b"x"), 1002);
    check("reserved control opcode", json, &frame(0x8b, b""), 1002);
    check("fragmented ping", json, &frame(0x09, b"x"), 1002);
    check("long ping", json, &frame(0x89, &[b'x'; 126]), 1002);
    check("continuation of nothing", json, &frame(0x80, b"x"), 1002);
    let nested = [frame(0x01, b"{"), frame(0x81, b"}")].concat();
    check("a message within a message", json, &nested, 1002);
    check("not masked", json, &[0x81, 0x02, b'{', b'}'], 1002);
    check("close with one byte", json, &frame(0x88, b"x"), 1002);
    check("close with a code that is none", json, &frame(0x88, &999u16.to_be_bytes()), 1002);
    check("close with 1005", json, &frame(0x88, &1005u16.to_be_bytes()), 1002);
    check("length with its top bit", json, &[0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002);
}

#[test]
fn text_must_be_utf8() {
    let json = Flavour::Json;
    check("lone continuation", json, &frame(0x81, b"\x80"), 1007);
    check("overlong", json, &frame(0x81, b"{\"a\":\"\xc0\xaf\"}"), 1007);
    check("surrogate", json, &frame(0x81, b"\xed\xa0\x80"), 1007);
    check("cut at the end", json, &frame(0x81, b"\"\xd0"), 1007);
    let split = [frame(0x01, b"\"\xd0"), frame(0x80, b"\x41\"")].concat();
    check("broken across fragments", json, &split, 1007);
    check("reason that is none", json, &frame(0x88, b"\x03\xe8\xff"), 1007);
}

#[test]
fn kinds_of_frames_belong_to_their_encoding() {
    check("binary on JSON", Flavour::Json, &frame(0x82, b"{}"), 1003);
    check("text on msgpack", Flavour::Msgpack, &frame(0x81, b"{}"), 1003);
}

#[test]
fn big_messages_are_1009_before_they_arrive() {
    let big = 1u64 << 40;
    let head = [&[0x81, 0xff][..], &big.to_be_bytes(), &[1, 2, 3, 4]].concat();
    check("a terabyte announced", Flavour::Json, &head, 1009);
    check("over the limit", Flavour::Json, &frame(0x81, &vec![b' '; 65_537]), 1009);
    let mut pieces = frame(0x01, &vec![b' '; 40_000]);
    pieces.extend(frame(0x80, &vec![b' '; 40_000]));
    check("over the limit in fragments", Flavour::Json, &pieces, 1009);
    let mut endless = frame(0x01, b" ");
    for _ in 0..70_000 {
        endless.extend(frame(0x00, b" "));
    }
    check("over the limit byte by byte", Flavour::Json, &endless, 1009);
}

#[test]
fn fragments_become_one_message() {
    for size in [1, 2, 7] {
        let mut socket = open(Flavour::Json);
        let text = ping();
        let pieces: Vec<&[u8]> = text.chunks(size).collect();
        let last = pieces.len() - 1;
        for (n, piece) in pieces.iter().enumerate() {
            let first = (u8::from(n == last) << 7) | u8::from(n == 0);
            socket.send(first, piece).expect("sent");
            if n == last / 2 {
                socket.send(0x89, b"between").expect("a control frame between fragments");
            }
        }
        let pong = loop {
            let frame = socket.next(Patience::seconds(10)).expect("a pong of the protocol");
            if frame.opcode == 10 {
                break frame;
            }
        };
        assert_eq!(pong.payload, b"between");
        socket.text_with("\"pong\"", 10);
    }
}

#[test]
fn frames_may_arrive_byte_by_byte_or_many_at_once() {
    let mut socket = open(Flavour::Json);
    for byte in frame(0x81, &ping()) {
        socket.send_bytes(&[byte]).expect("sent");
    }
    socket.text_with("\"pong\"", 10);
    let many = frame(0x81, &ping()).repeat(100);
    socket.send_bytes(&many).expect("sent");
    for _ in 0..100 {
        socket.text_with("\"pong\"", 10);
    }
    let mut request =
        b"GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            .to_vec();
    request.extend(frame(0x81, &ping()));
    let mut http = crate::harness::Http::connect(shared().address());
    http.write(&request).expect("a handshake and a frame in one packet");
    assert_eq!(http.read_reply(false).expect("an answer").status, 101);
    let (stream, unread) = http.into_stream();
    let mut socket = RawSocket::adopt(stream, unread);
    socket.text_with("\"pong\"", 10);
}

#[test]
fn pings_are_answered_and_closes_returned() {
    let mut socket = open(Flavour::Json);
    for payload in [&b""[..], b"x", &[0xff; 125]] {
        socket.send(0x89, payload).expect("sent");
        let pong = loop {
            let frame = socket.next(Patience::seconds(10)).expect("a pong");
            if frame.opcode == 10 {
                break frame;
            }
        };
        assert_eq!(pong.payload, payload);
    }
    socket.send(0x8a, b"unasked").expect("an unasked pong is no fault");
    for (payload, code) in
        [(&b""[..], [1000, 1005]), (&[0x03, 0xe8], [1000; 2]), (&[0x0f, 0xa0], [4000; 2])]
    {
        let mut socket = open(Flavour::Json);
        socket.send(0x88, payload).expect("a close");
        let answer = socket.close_code(SOON).expect("a close in return");
        assert!(code.contains(&answer), "{payload:?} -> {answer}");
        assert_eq!(socket.next(Patience::seconds(10)), None, "then the end");
    }
}

#[test]
fn nobody_else_notices() {
    let mut bystander = Live::join(shared(), Flavour::Json, &Token::new("b", &["raw"]).text());
    bystander.ok(json!({"op": "subscribe", "conversation": "raw"}));
    for _ in 0..50 {
        let mut socket = open(Flavour::Json);
        let _ = socket.send(0xff, b"x");
    }
    let seq = shared().say("raw", "calm");
    assert_eq!(bystander.events(1, 10)[0]["seq"], json!(seq));
}
