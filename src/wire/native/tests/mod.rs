//! Reading what clients may send, well-formed or not, and the session's rules that no dialogue shows.

mod rehearsal;
pub(crate) mod transcript;

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    CloseCode, Encoding, Id, Input, Output, Session, Settings, Utterance,
    operation::{Operation, Range, Request, Resume},
    utterance::{Answer, Problem, Welcome},
};

/// Both encodings of a message are read alike.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the tables below read better")]
fn check(message: &Value, expected: Result<Operation, &str>) {
    let packed = rmp_serde::to_vec(message).unwrap();
    for (encoding, bytes) in
        [(Encoding::Json, message.to_string().into_bytes()), (Encoding::MessagePack, packed)]
    {
        let read = Request::read(encoding, &bytes);
        let read = read.map(|request| request.operation).map_err(|misheard| misheard.message);
        assert_eq!(read.as_ref().map_err(String::as_str), expected.as_ref().map_err(|why| *why));
    }
}

#[test]
fn operations_are_read() {
    let conversation = || "chat_1".to_owned();
    check(
        &json!({"op":"hello","token":"t","resume":{"epoch":"e","conversations":{"a":1,"b":0}}}),
        Ok(Operation::Hello {
            token: Some("t".into()),
            resume: Some(Resume {
                epoch: "e".into(),
                conversations: vec![("a".into(), 1), ("b".into(), 0)],
            }),
        }),
    );
    check(
        &json!({"op":"subscribe","conversation":"chat_1","after":null,"later":{"x":[{"y":1}]}}),
        Ok(Operation::Subscribe { conversation: conversation(), after: None }),
    );
    check(
        &json!({"op":"send","conversation":"chat_1","text":"a\nb","client_id":"c","reply_to":-7}),
        Ok(Operation::Send {
            conversation: conversation(),
            text: "a\nb".into(),
            client_id: Some("c".into()),
            reply_to: Some(Id::Signed(-7)),
        }),
    );
    check(
        &json!({"op":"delete","conversation":"chat_1","seq":u64::MAX}),
        Ok(Operation::Delete { conversation: conversation(), seq: u64::MAX, client_id: None }),
    );
    check(
        &json!({"op":"typing","conversation":"chat_1"}),
        Ok(Operation::Typing { conversation: conversation(), on: true }),
    );
    check(
        &json!({"op":"history","conversation":"chat_1","before":9}),
        Ok(Operation::History { conversation: conversation(), range: Range::Before(9), limit: 50 }),
    );
}

#[test]
fn wrong_fields_are_named() {
    check(&json!(["op"]), Err("a message is one object"));
    check(&json!({"op":""}), Err("op: must not be empty"));
    check(&json!({"op":{"a":1}}), Err("op: must be a string"));
    check(&json!({"op":"read","conversation":"c"}), Err("upto: must be a whole number, 1 or more"));
    check(
        &json!({"op":"subscribe","conversation":"c","after":-1}),
        Err("after: must be a whole number, 0 or more"),
    );
    check(
        &json!({"op":"subscribe","conversation":"c","after":1.5}),
        Err("after: must be a whole number, 0 or more"),
    );
    check(
        &json!({"op":"subscribe","conversation":"a\u{0}b"}),
        Err("conversation: must not contain control characters"),
    );
    check(
        &json!({"op":"unsubscribe","conversation":"c".repeat(257)}),
        Err("conversation: at most 256 bytes"),
    );
    check(&json!({"op":"typing","conversation":"c","on":"yes"}), Err("on: must be true or false"));
    check(&json!({"op":"hello","resume":[]}), Err("resume: must be an object"));
    check(
        &json!({"op":"hello","resume":{"epoch":"e","conversations":{"a":"1"}}}),
        Err("resume.conversations: each value must be a seq"),
    );
    let id = "id: must be a number or a string of 1 to 64 bytes";
    check(&json!({"op":"ping","id":"x".repeat(65)}), Err(id));
    check(&json!({"op":"ping","id":[1]}), Err(id));
    let many: serde_json::Map<String, Value> =
        (0..201).map(|number| (number.to_string(), json!(0))).collect();
    check(
        &json!({"op":"hello","resume":{"epoch":"e","conversations":many}}),
        Err("resume.conversations: at most 200"),
    );
}

#[track_caller]
fn check_malformed(encoding: Encoding, bytes: &[u8]) {
    let misheard = Request::read(encoding, bytes).expect_err("not readable");
    assert_eq!(misheard.code, "malformed", "{misheard:?}");
}

#[test]
fn what_would_break_a_reader_is_refused() {
    for bytes in [
        &b""[..],
        b"{",
        b"{}{}",
        br#"{"op":"ping"} x"#,
        br#"{"op":1e999}"#,
        b"nul",
        br#"{"op":"\ud800"}"#,
        b"\xff",
    ] {
        check_malformed(Encoding::Json, bytes);
    }
    for bytes in [
        &b""[..],
        b"\x81",
        b"\x81\xa2op",
        b"\xdf\xff\xff\xff\xff",
        b"\xdd\xff\xff\xff\xff",
        b"\x81\xa2op\xdb\xff\xff\xff\xffx",
        b"\x81\xa2op\xc6\xff\xff\xff\xffx",
        b"\x81\x01\x02",
        b"\x81\xa2op\xa4ping\x00",
        b"\xc1",
        b"\x81\xa2op\xc7\x01\x01",
    ] {
        check_malformed(Encoding::MessagePack, bytes);
    }
    check_malformed(Encoding::Json, "[".repeat(60_000).as_bytes());
    check_malformed(Encoding::Json, &[br#"{"a":"#.repeat(10_000), b"1".to_vec()].concat());
    check_malformed(Encoding::MessagePack, &vec![0x91; 60_000]);
    check_malformed(Encoding::MessagePack, &b"\x81\xa1a".repeat(20_000));
    let many: Vec<String> = (0..300).map(|number| format!(r#""{number}":0,"#)).collect();
    let many = many.concat();
    check_malformed(Encoding::Json, format!(r#"{{{many}"op":"ping"}}"#).as_bytes());
}

#[test]
fn strange_values_are_read_over() {
    let list = json!({"op":"ping","x":[[[[[[1]]]]]],"y":{"a":{"b":{"c":{"d":1}}}},"z":1e300});
    check(&list, Ok(Operation::Ping));
    // Raw bytes and an extension, which JSON does not have.
    let packed = b"\x83\xa2op\xa4ping\xa1x\xc4\x02\xff\xff\xa1y\xd4\x01\x02";
    let read = Request::read(Encoding::MessagePack, packed).map(|request| request.operation);
    assert_eq!(read, Ok(Operation::Ping));
}

fn session(encoding: Encoding) -> Session {
    let settings = Settings::new("e".into(), |at| at.to_string());
    let mut session = Session::new(0, encoding, None, Arc::new(settings));
    assert!(matches!(session.output(), Some(Output::Send(_))));
    session
}

fn greet(session: &mut Session, expires_at: Option<u64>) {
    let welcome = Welcome { user: "u", role: "user", expires_at, resumed: None };
    session.deliver(0, Utterance::Ok(None, Answer::Hello(welcome)));
    assert_eq!(session.output(), None, "nobody asked");
}

#[test]
fn violations_are_counted() {
    let mut session = session(Encoding::Json);
    greet(&mut session, None);
    for _ in 0..20 {
        session.receive(0, Input::Text("?"));
        assert!(matches!(session.output(), Some(Output::Send(_))));
        assert_eq!(session.output(), None);
        session.receive(0, Input::Text(r#"{"op":"send","conversation":"c"}"#));
        assert!(session.output().is_some());
    }
    session.receive(0, Input::Text("?"));
    assert!(matches!(session.output(), Some(Output::Send(_))));
    assert!(matches!(session.output(), Some(Output::Close(CloseCode::POLICY, _))));
    session.receive(0, Input::Text(r#"{"op":"ping"}"#));
    session.elapse(u64::MAX);
    assert_eq!((session.output(), session.deadline()), (None, None), "nothing after the end");
}

#[test]
fn a_fault_does_not_end_the_hello() {
    let mut session = session(Encoding::MessagePack);
    let problem =
        Problem { code: "internal", message: "x", retry_after_ms: Some(2500), conversation: None };
    session.deliver(0, Utterance::Error(Some(&Id::Unsigned(1)), problem));
    let Some(Output::Send(bytes)) = session.output() else { panic!("an error") };
    let error: Value = rmp_serde::from_slice(&bytes).unwrap();
    let expected = json!({"type":"error","id":1,"code":"internal","message":"x","retry_after":2.5});
    assert_eq!(error, expected);
    assert_eq!((session.output(), session.deadline()), (None, Some(10_000)));
}

#[test]
fn a_leap_of_the_clock_does_not_look_like_silence() {
    let mut session = session(Encoding::Json);
    greet(&mut session, None);
    session.elapse(10_000_000);
    assert_eq!(session.output(), Some(Output::Ping));
    assert_eq!((session.output(), session.deadline()), (None, Some(10_025_000)));
}

#[test]
fn a_session_is_small() {
    assert!(size_of::<Session>() <= 96, "{}", size_of::<Session>());
}

#[test]
fn mutated_messages_never_break_the_reader() {
    let message = json!({"op":"hello","id":7,"token":"t","resume":{"epoch":"e","conversations":{"a":1}},"x":[1.5,null,true]});
    let seeds = [
        (Encoding::Json, message.to_string().into_bytes()),
        (Encoding::MessagePack, rmp_serde::to_vec(&message).unwrap()),
    ];
    let mut state: u64 = 0x00C0_FFEE;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % end as u64).unwrap()
    };
    for (encoding, seed) in seeds {
        let mut readable = 0;
        for _ in 0..20_000 {
            let mut bytes = seed.clone();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                match below(3) {
                    0 => bytes[at] ^= 1 << below(8),
                    1 => bytes.truncate(at.max(1)),
                    _ => bytes.insert(at, u8::try_from(below(256)).unwrap()),
                }
            }
            readable += u32::from(Request::read(encoding, &bytes).is_ok());
        }
        assert!((1..20_000).contains(&readable), "{readable}");
    }
}
