//! The framing against golden bytes, the situations that the Autobahn suite is known for, every way
//! to cut the input, and seeded mutations.

use super::{
    CloseCode, Decoder, Incoming, Opcode, Violation, close, frame, header::HEADER_MAX_BYTES,
};

const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

pub(super) fn xor(bytes: &mut [u8], mask: [u8; 4]) {
    for (byte, key) in bytes.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= key;
    }
}

/// A client's frame; `first` is its first byte.
fn client(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        len @ 0..126 => out.push(0x80 | u8::try_from(len).unwrap()),
        len @ 126..65_536 => {
            out.push(0xFE);
            out.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            out.push(0xFF);
            out.extend((len as u64).to_be_bytes());
        }
    }
    out.extend(MASK);
    let mut payload = payload.to_vec();
    xor(&mut payload, MASK);
    out.extend(payload);
    out
}

/// Everything that the pieces say, in a readable form.
fn hear(max: u32, pieces: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::new(max);
    let mut said = Vec::new();
    let mut held: Vec<u8> = Vec::new();
    for piece in pieces {
        held.extend_from_slice(piece);
        let mut at = 0;
        loop {
            match decoder.step(&mut held[at..], xor) {
                Err(Violation { code, .. }) => {
                    said.push(format!("violation {}", code.0));
                    return said;
                }
                Ok(step) if step.used == 0 => break,
                Ok(step) => {
                    at += step.used;
                    match step.said {
                        None => {}
                        Some(Incoming::Text(text)) => said.push(format!("text {text}")),
                        Some(Incoming::Binary(bytes)) => said.push(format!("binary {bytes:x?}")),
                        Some(Incoming::Ping(bytes)) => said.push(format!("ping {bytes:x?}")),
                        Some(Incoming::Pong) => said.push("pong".into()),
                        Some(Incoming::Close(code)) => {
                            said.push(format!("close {}", code.map_or(0, |code| code.0)));
                            return said;
                        }
                    }
                }
            }
        }
        held.drain(..at);
        assert!(held.len() < HEADER_MAX_BYTES, "only half a header is ever left over");
    }
    said
}

/// The same whether the bytes come at once, one by one, or in sevens.
#[track_caller]
fn check(frames: &[Vec<u8>], expected: &[&str]) {
    let bytes = frames.concat();
    assert_eq!(hear(1000, &[&bytes]), expected, "at once");
    for size in [1, 7] {
        let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
        assert_eq!(hear(1000, &pieces), expected, "in pieces of {size}");
    }
}

#[test]
fn golden_frames_of_the_rfc() {
    // Section 5.7: a masked "Hello", and the unmasked frames of a server.
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    check(&[hello.to_vec()], &["text Hello"]);
    assert_eq!(frame(Opcode::Text, b"Hello")[..], *b"\x81\x05Hello");
    assert_eq!(frame(Opcode::Ping, b"Hello")[..], *b"\x89\x05Hello");
    assert_eq!(frame(Opcode::Binary, &[7; 256])[..5], *b"\x82\x7E\x01\x00\x07");
    assert_eq!(frame(Opcode::Binary, &vec![7; 65_536])[..11], *b"\x82\x7F\0\0\0\0\0\x01\0\0\x07");
    assert_eq!(frame(Opcode::Pong, &[7; 300]).len(), 127);
    assert_eq!(close(Some(CloseCode(4008)), "slow")[..], *b"\x88\x06\x0F\xA8slow");
    assert_eq!(close(None, "unsaid")[..], *b"\x88\x00");
    let long = close(Some(CloseCode::POLICY), &"й".repeat(100));
    assert_eq!(long.len(), 2 + 2 + 122, "cut before the character that does not fit");
}

#[test]
fn lengths_at_their_borders() {
    for len in [0, 1, 125, 126, 127, 128, 999, 1000] {
        let text = "x".repeat(len);
        check(&[client(0x81, text.as_bytes())], &[&format!("text {text}")]);
    }
    check(&[client(0x82, &[0; 1001])], &["violation 1009"]);
    let big = vec![b'y'; 70_000];
    assert_eq!(hear(70_000, &[&client(0x82, &big)]).len(), 1);
}

#[test]
fn fragments_are_put_together() {
    check(&[client(0x01, b"frag"), client(0x80, b"ment")], &["text fragment"]);
    check(
        &[client(0x01, b"a"), client(0x00, b""), client(0x00, b"b"), client(0x80, b"c")],
        &["text abc"],
    );
    check(&[client(0x02, &[]), client(0x80, &[])], &["binary []"]);
    check(&[client(0x01, b""), client(0x00, b""), client(0x80, b"x")], &["text x"]);
    check(
        &[
            client(0x01, b"a"),
            client(0x89, b"p"),
            client(0x8A, b""),
            client(0x80, b"b"),
            client(0x81, b"next"),
        ],
        &["ping [70]", "pong", "text ab", "text next"],
    );
    check(&[client(0x01, b"a"), client(0x88, b"\x03\xE8"), client(0x80, b"b")], &["close 1000"]);
}

#[test]
fn fragments_count_together() {
    let half = vec![b'x'; 501];
    check(&[client(0x01, &half), client(0x80, &half)], &["violation 1009"]);
    check(
        &[client(0x01, &half[2..]), client(0x80, &half)],
        &[&format!("text {}", "x".repeat(1000))],
    );
}

#[test]
fn broken_fragmentation_is_a_violation() {
    check(&[client(0x80, b"x")], &["violation 1002"]);
    check(&[client(0x00, b"x"), client(0x80, b"x")], &["violation 1002"]);
    check(&[client(0x01, b"x"), client(0x81, b"x")], &["violation 1002"]);
    check(&[client(0x01, b"x"), client(0x02, b"x")], &["violation 1002"]);
    check(&[client(0x81, b"ok"), client(0x80, b"x")], &["text ok", "violation 1002"]);
}

#[test]
fn headers_that_may_not_be() {
    for reserved in [0xC1, 0xA1, 0x91, 0xF1] {
        check(&[client(reserved, b"x")], &["violation 1002"]);
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        check(&[client(0x80 | opcode, b"x")], &["violation 1002"]);
    }
    check(&[vec![0x81, 0x01, b'x']], &["violation 1002"]);
    for control in [0x08, 0x09, 0x0A] {
        check(&[client(control, b"")], &["violation 1002"]);
        check(&[client(0x80 | control, &[0; 126])], &["violation 1002"]);
    }
    check(&[vec![0x82, 0xFE, 0, 125, 0, 0, 0, 0]], &["violation 1002"]);
    check(&[vec![0x82, 0xFF, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0]], &["violation 1002"]);
    check(&[vec![0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], &["violation 1002"]);
}

#[test]
fn text_must_be_utf8() {
    let words = "Hello-µ@ßöäüàá-κόσμε-привет-😀";
    check(&[client(0x81, words.as_bytes())], &[&format!("text {words}")]);
    let fragments: Vec<Vec<u8>> = words
        .bytes()
        .enumerate()
        .map(|(at, byte)| client(u8::from(at == 0), &[byte]))
        .chain([client(0x80, b"")])
        .collect();
    check(&fragments, &[&format!("text {words}")]);
    for bad in [
        &b"\xce\xba\xed\xa0\x80"[..],
        b"\xf4\x90\x80\x80",
        b"\xc0\x80",
        b"\xff",
        b"\x80",
        b"abc\xe2\x82",
        b"\xf0\x9f\x98",
        b"\xed\xbf\xbf",
    ] {
        check(&[client(0x81, bad)], &["violation 1007"]);
        check(&[client(0x01, bad), client(0x80, b"")], &["violation 1007"]);
        check(&[client(0x82, bad)], &[&format!("binary {bad:x?}")]);
    }
}

#[test]
fn bad_text_fails_before_its_message_ends() {
    check(&[client(0x01, b"\xce\xba\xe1\xbd"), client(0x00, b"\xf4")], &["violation 1007"]);
    // One frame of which only the first half has come: the surrogate is already too much.
    let bytes = client(0x81, b"\xce\xba\xed\xa0\x80never sent");
    assert_eq!(hear(1000, &[&bytes[..9], &bytes[9..10]]), ["violation 1007"]);
    assert_eq!(hear(1000, &[&bytes[..8]]), [""; 0]);
}

#[test]
fn close_frames_have_rules() {
    check(&[client(0x88, b"")], &["close 0"]);
    check(&[client(0x88, b"\x03")], &["violation 1002"]);
    check(&[client(0x88, b"\x03\xE8bye")], &["close 1000"]);
    check(&[client(0x88, b"\x03\xE8\xce\xba\xed\xa0\x80")], &["violation 1007"]);
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        check(&[client(0x88, &u16::to_be_bytes(code))], &[&format!("close {code}")]);
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        check(&[client(0x88, &u16::to_be_bytes(code))], &["violation 1002"]);
    }
}

#[test]
fn pings_carry_their_payload() {
    check(&[client(0x89, &[9; 125])], &[&format!("ping {:x?}", [9; 125])]);
    check(&[client(0x8A, b"unasked")], &["pong"]);
}

#[test]
fn announced_lengths_are_not_believed() {
    let mut decoder = Decoder::new(u32::MAX);
    let mut bytes = vec![0x82, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4, 5];
    assert_eq!(decoder.step(&mut bytes, xor).unwrap().used, 15);
    assert!(!decoder.is_idle());
    assert!(decoder.held_bytes() < 64, "one byte came, one byte is held");
    assert!(size_of::<Decoder>() <= 120, "{}", size_of::<Decoder>());
}

#[test]
fn nothing_is_held_between_messages() {
    let mut decoder = Decoder::new(1000);
    let mut bytes = [client(0x01, b"ab"), client(0x89, b"p"), client(0x80, b"c")].concat();
    let mut at = 0;
    for _ in 0..3 {
        at += decoder.step(&mut bytes[at..], xor).unwrap().used;
    }
    assert!(decoder.is_idle());
    assert_eq!((at, decoder.held_bytes()), (bytes.len(), 0));
}

/// A small generator, so that a failure can be repeated (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

#[test]
fn mutated_input_is_heard_alike_however_it_is_cut() {
    let seed = [
        client(0x01, "при".as_bytes()),
        client(0x89, b"ping"),
        client(0x80, "вет".as_bytes()),
        client(0x82, &[1; 130]),
        client(0x88, b"\x03\xE8"),
    ]
    .concat();
    let mut random = Random(0x5EED_0F0A);
    for _ in 0..20_000 {
        let mut bytes = seed.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] ^= 1 << random.below(8),
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, u8::try_from(random.below(256)).unwrap()),
            }
        }
        let whole = hear(300, &[&bytes]);
        let (a, b) = bytes.split_at(random.below(bytes.len()));
        assert_eq!(hear(300, &[a, b]), whole);
    }
}
