//! The contract of the transport, situation by situation, with a virtual clock.

use bytes::Bytes;

use std::sync::Arc;

use super::{
    Answer, Closed, Input, Message, Output, Packet, Session, Settings,
    handshake::{BadRequest, Handshake, Kind, Query},
    payload::{decode, encode},
};

fn settings() -> Arc<Settings> {
    Settings { ping_interval_ms: 300, ping_timeout_ms: 200, ..Settings::default() }.into()
}

fn outputs(session: &mut Session) -> Vec<Output> {
    std::iter::from_fn(|| session.poll_output()).collect()
}

fn polling() -> Session {
    let mut session = Session::polling(settings(), "sid", 0, 0);
    outputs(&mut session);
    session
}

fn payload(text: &str) -> Answer {
    Answer::Payload(text.into())
}

#[track_caller]
fn check(session: &mut Session, now: u64, input: Input, expected: &[Output]) {
    session.receive(now, input);
    assert_eq!(outputs(session), expected);
}

#[test]
fn the_handshake_names_everything() {
    let mut session = Session::polling(settings(), "abc", 7, 0);
    let open = r#"0{"sid":"abc","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#;
    assert_eq!(outputs(&mut session), [Output::Answer(7, payload(open))]);
    let mut session = Session::websocket(settings(), "abc", 0);
    assert!(
        matches!(outputs(&mut session).as_slice(), [Output::Send(Packet::Open(json))] if json.contains(r#""upgrades":[]"#))
    );
}

#[test]
fn requests_are_refused_in_the_reference_order() {
    let query = |eio: Option<&str>, transport: Option<&str>, sid: Option<&str>| Query {
        eio: eio.map(Into::into),
        transport: transport.map(Into::into),
        sid: sid.map(Into::into),
    };
    let table = [
        (query(Some("4"), None, None), "GET", false, Err(BadRequest::UnknownTransport)),
        (query(Some("4"), Some("abc"), None), "GET", false, Err(BadRequest::UnknownTransport)),
        (query(Some("4"), Some("polling"), None), "POST", false, Err(BadRequest::BadMethod)),
        (query(None, Some("polling"), None), "GET", false, Err(BadRequest::UnsupportedVersion)),
        (
            query(Some("3"), Some("polling"), None),
            "GET",
            false,
            Err(BadRequest::UnsupportedVersion),
        ),
        (query(Some("4"), Some("websocket"), None), "GET", false, Err(BadRequest::Bad)),
        (query(Some("4"), Some("polling"), None), "GET", false, Ok(Handshake::Open(Kind::Polling))),
        (
            query(Some("4"), Some("websocket"), None),
            "GET",
            true,
            Ok(Handshake::Open(Kind::WebSocket)),
        ),
    ];
    for (query, method, upgrade, expected) in table {
        assert_eq!(Handshake::of(&query, method, upgrade), expected, "{query:?}");
    }
    let said = [
        (BadRequest::UnknownTransport, 400, r#"{"code":0,"message":"Transport unknown"}"#),
        (BadRequest::UnknownSession, 400, r#"{"code":1,"message":"Session ID unknown"}"#),
        (BadRequest::BadMethod, 400, r#"{"code":2,"message":"Bad handshake method"}"#),
        (BadRequest::Bad, 400, r#"{"code":3,"message":"Bad request"}"#),
        (BadRequest::Forbidden, 403, r#"{"code":4,"message":"Forbidden"}"#),
        (
            BadRequest::UnsupportedVersion,
            400,
            r#"{"code":5,"message":"Unsupported protocol version"}"#,
        ),
    ];
    for (refusal, status, body) in said {
        assert_eq!((refusal.status(), refusal.body().as_str()), (status, body));
    }
}

#[test]
fn payloads_round_trip() {
    let packets = [
        Packet::text("hello"),
        Packet::Message(Message::Binary(Bytes::from_static(&[1, 2, 3, 4]))),
        Packet::Message(Message::Binary(Bytes::from_static(b"a"))),
        Packet::Message(Message::Binary(Bytes::from_static(b"ab"))),
        Packet::Ping(String::new()),
    ];
    let body = encode(&packets);
    assert_eq!(body, "4hello\u{1e}bAQIDBA==\u{1e}bYQ==\u{1e}bYWI=\u{1e}2");
    assert_eq!(decode(&body).collect::<Result<Vec<_>, _>>(), Ok(packets.to_vec()));
    let broken: Vec<_> = decode("4a\u{1e}abc\u{1e}4b").collect();
    assert_eq!(broken.len(), 2, "the first that cannot be read is the last");
}

#[test]
fn polls_carry_what_waits() {
    let mut session = polling();
    session.deliver([Message::Text("a".into()), Message::Text("b".into())]);
    assert_eq!(outputs(&mut session), []);
    check(&mut session, 1, Input::Get(1), &[Output::Answer(1, payload("4a\u{1e}4b"))]);
    check(&mut session, 2, Input::Get(2), &[]);
    session.deliver([Message::Text("c".into())]);
    assert_eq!(outputs(&mut session), [Output::Answer(2, payload("4c"))]);
}

#[test]
fn posts_bring_messages() {
    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    let said = [
        Output::Said(Message::Text("a".into())),
        Output::Said(Message::Text("b".into())),
        Output::Answer(1, Answer::Ok),
    ];
    check(&mut session, 2, Input::Post(1, "4a\u{1e}4b".into()), &said);
}

#[test]
fn what_cannot_be_read_ends_the_session_after_what_could() {
    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    let said = [
        Output::Said(Message::Text("a".into())),
        Output::Answer(1, Answer::Refused),
        Output::Closed(Closed::ParseError),
    ];
    check(&mut session, 2, Input::Post(1, "4a\u{1e}abc".into()), &said);
}

#[test]
fn a_second_poll_or_post_ends_the_session() {
    let mut session = polling();
    check(&mut session, 1, Input::Get(1), &[]);
    let end = [
        Output::Answer(2, Answer::Refused),
        Output::Answer(1, payload("1")),
        Output::Closed(Closed::TransportError),
    ];
    check(&mut session, 2, Input::Get(2), &end);
    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    check(
        &mut session,
        2,
        Input::PostBegun(2),
        &[Output::Answer(2, Answer::Refused), Output::Closed(Closed::TransportError)],
    );
    check(&mut session, 3, Input::Post(1, "4a".into()), &[Output::Answer(1, Answer::Refused)]);
}

#[test]
fn the_heartbeat_is_the_servers() {
    let mut session = polling();
    assert_eq!(session.deadline(), Some(300));
    session.receive(10, Input::Get(1));
    session.elapse(300);
    assert_eq!(outputs(&mut session), [Output::Answer(1, payload("2"))]);
    check(&mut session, 310, Input::PostBegun(2), &[]);
    check(&mut session, 310, Input::Post(2, "3".into()), &[Output::Answer(2, Answer::Ok)]);
    assert_eq!(session.deadline(), Some(610));
    session.elapse(610);
    session.elapse(809);
    assert_eq!(outputs(&mut session), []);
    session.elapse(810);
    assert_eq!(outputs(&mut session), [Output::Closed(Closed::PingTimeout)]);
}

#[test]
fn an_upgrade_loses_nothing() {
    let mut session = polling();
    check(&mut session, 1, Input::Get(1), &[]);
    check(&mut session, 2, Input::ProbeOpened, &[]);
    let probed = [Output::SendProbe(Packet::Pong("probe".into())), Output::Answer(1, payload("6"))];
    check(&mut session, 3, Input::ProbeFrame(Packet::Ping("probe".into())), &probed);
    session.deliver([Message::Text("between".into())]);
    check(&mut session, 4, Input::Get(2), &[Output::Answer(2, payload("4between"))]);
    session.deliver([Message::Text("last".into())]);
    let upgraded = [Output::Upgraded, Output::Send(Packet::text("last"))];
    check(&mut session, 5, Input::ProbeFrame(Packet::Upgrade), &upgraded);
    check(&mut session, 6, Input::Get(3), &[Output::Answer(3, Answer::Bad)]);
    check(&mut session, 7, Input::PostBegun(4), &[Output::Answer(4, Answer::Bad)]);
    check(
        &mut session,
        8,
        Input::Frame(Packet::text("hi")),
        &[Output::Said(Message::Text("hi".into()))],
    );
}

#[test]
fn a_failed_upgrade_leaves_polling_alone() {
    let mut session = polling();
    check(&mut session, 1, Input::ProbeOpened, &[]);
    check(&mut session, 2, Input::ProbeOpened, &[Output::CloseProbe]);
    check(&mut session, 3, Input::ProbeFrame(Packet::text("x")), &[Output::CloseProbe]);
    check(&mut session, 4, Input::Get(1), &[]);
    session.deliver([Message::Text("still".into())]);
    assert_eq!(outputs(&mut session), [Output::Answer(1, payload("4still"))]);
    check(&mut session, 5, Input::ProbeOpened, &[]);
    check(&mut session, 6, Input::ProbeGone, &[]);
    check(&mut session, 7, Input::ProbeOpened, &[]);
}

#[test]
fn either_side_may_close() {
    let mut session = polling();
    check(&mut session, 1, Input::Get(1), &[]);
    check(&mut session, 2, Input::PostBegun(2), &[]);
    let end = [
        Output::Answer(1, payload("6")),
        Output::Answer(2, Answer::Ok),
        Output::Closed(Closed::ByPeer),
    ];
    check(&mut session, 2, Input::Post(2, "1".into()), &end);
    let mut session = polling();
    session.close(5);
    assert_eq!(outputs(&mut session), []);
    check(
        &mut session,
        6,
        Input::Get(1),
        &[Output::Answer(1, payload("1")), Output::Closed(Closed::ByUs)],
    );
    let mut session = polling();
    check(&mut session, 1, Input::Get(1), &[]);
    check(&mut session, 2, Input::GetGone(1), &[Output::Closed(Closed::TransportClose)]);
}

/// The post and the poll go out at the same moment on two connections; the poll is answered the same
/// whichever is read first.
#[test]
fn a_poll_that_comes_behind_the_farewell_is_answered() {
    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    check(
        &mut session,
        2,
        Input::Post(1, "4late\u{1e}1\u{1e}4more".into()),
        &[Output::Said(Message::Text("late".into()))],
    );
    session.deliver([Message::Text("too late".into())]);
    check(&mut session, 3, Input::ProbeOpened, &[Output::CloseProbe]);
    let end = [
        Output::Answer(2, payload("6")),
        Output::Answer(1, Answer::Ok),
        Output::Closed(Closed::ByPeer),
    ];
    check(&mut session, 101, Input::Get(2), &end);

    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    check(&mut session, 2, Input::Post(1, "1".into()), &[]);
    assert_eq!(session.deadline(), Some(102));
    session.elapse(102);
    assert_eq!(
        outputs(&mut session),
        [Output::Answer(1, Answer::Ok), Output::Closed(Closed::ByPeer)]
    );
    check(&mut session, 103, Input::Get(2), &[Output::Answer(2, Answer::Refused)]);

    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    check(&mut session, 2, Input::Post(1, "1".into()), &[]);
    let end = [
        Output::Answer(2, Answer::Refused),
        Output::Answer(1, Answer::Ok),
        Output::Closed(Closed::TransportError),
    ];
    check(&mut session, 3, Input::PostBegun(2), &end);
}

#[test]
fn a_post_that_is_no_text_ends_the_session_and_one_too_large_does_not() {
    let mut session = polling();
    check(&mut session, 1, Input::PostBegun(1), &[]);
    check(&mut session, 2, Input::PostTooLarge(1), &[]);
    check(&mut session, 3, Input::PostBegun(2), &[]);
    let end = [Output::Answer(2, Answer::Refused), Output::Closed(Closed::TransportError)];
    check(&mut session, 4, Input::PostUnreadable(2), &end);
    assert!(session.is_closed() && !session.is_writable());
    check(&mut session, 5, Input::Get(3), &[Output::Answer(3, Answer::Refused)]);
}

#[test]
fn a_websocket_that_ends_or_talks_nonsense_ends_the_session() {
    for (input, why) in [
        (Input::SocketGone, Closed::TransportClose),
        (Input::Unreadable, Closed::ParseError),
        (Input::Frame(Packet::Ping(String::new())), Closed::ParseError),
        (Input::Frame(Packet::Close), Closed::ByPeer),
    ] {
        let mut session = Session::websocket(settings(), "sid", 0);
        assert!(session.is_websocket() && session.is_writable());
        outputs(&mut session);
        check(&mut session, 1, input, &[Output::Closed(why)]);
        session.deliver([Message::Text("late".into())]);
        assert_eq!(outputs(&mut session), []);
    }
}
