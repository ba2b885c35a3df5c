//! The edge table of the contract, row by row, and the codec by round trip.

use bytes::Bytes;

use super::{
    Ask, ConnectAnswer, Output, Packet, PacketType, Parser, Session, Settings, event_name,
};
use crate::wire::engineio::Message;

fn joined() -> Session {
    let mut session = Session::new(Settings::default(), 0);
    session.receive(Message::Text("0".into()));
    session.connect("/", ConnectAnswer::Joined { sid: "s", pid: None });
    while session.poll_output().is_some() {}
    session
}

fn outputs(session: &mut Session) -> Vec<Output> {
    std::iter::from_fn(|| session.poll_output()).collect()
}

/// What a client in namespace `/` sends, and whether the connection survives it.
#[track_caller]
fn check(frames: &[&str], survives: bool) {
    let mut session = joined();
    for frame in frames {
        let message = match frame.strip_prefix("bin:") {
            Some(bytes) => Message::Binary(Bytes::copy_from_slice(bytes.as_bytes())),
            None => Message::Text((*frame).to_owned()),
        };
        session.receive(message);
    }
    let closed = outputs(&mut session).contains(&Output::Close);
    assert_eq!(closed, !survives, "{frames:?}");
}

#[test]
fn the_edge_table_holds() {
    for frame in [
        "abc",
        "",
        "2{}",
        "2[]",
        r#"2["connect"]"#,
        "2abc[1]",
        r#"21.5["a"]"#,
        "0",
        "44",
        "2[1,",
        r#"1{"a":1}"#,
        r#"50-["a"]"#,
        r#"511-["a"]"#,
        r#"2/other,["a"]"#,
        r#"4{"message":"x"}"#,
        "7",
        "2[null]",
        "2[{}]",
        r#"3{"a":1}"#,
        "299999999999999999999999[\"a\"]",
    ] {
        check(&[frame], false);
    }
    for frame in [
        "2",
        "2[1,2]",
        r#"2["error",1]"#,
        r#"3999["x"]"#,
        "3999",
        "3[1]",
        "0/chat",
        r#"0/chat,{"token":"t"}"#,
        r#"2007["a"]"#,
    ] {
        check(&[frame], true);
    }
    check(&["1", r#"2["a"]"#], false);
    check(&["1", "0"], true);
    check(&[r#"51-["a",{"_placeholder":true,"num":0}]"#, "bin:xx"], true);
    check(&[r#"51-["a",{"_placeholder":true,"num":1}]"#], false);
    check(
        &[
            r#"52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#,
            "bin:x",
            "bin:y",
        ],
        true,
    );
    check(&[r#"51-["a",{"_placeholder":true,"num":0}]"#, r#"2["b"]"#], false);
    check(&["bin:xx"], false);
    check(&["0/a", "0/a"], false);
    check(&[r#"0["array"]"#], false);
}

#[test]
fn nothing_is_legal_before_connect() {
    for frame in [r#"2["a"]"#, "1", "3[1]"] {
        let mut session = Session::new(Settings::default(), 0);
        session.receive(Message::Text(frame.into()));
        assert_eq!(outputs(&mut session), [Output::Close], "{frame}");
    }
}

#[test]
fn joining_and_being_refused() {
    let mut session = Session::new(Settings::default(), 0);
    session.receive(Message::Text(r#"0/chat,{"token":"t"}"#.into()));
    let ask = Ask::Connect { namespace: "/chat".into(), auth: Some(r#"{"token":"t"}"#.into()) };
    assert_eq!(outputs(&mut session), [Output::Ask(ask)]);
    session
        .connect("/chat", ConnectAnswer::Refused { message: "no", data: Some(r#"{"code":"x"}"#) });
    let refusal = r#"4/chat,{"message":"no","data":{"code":"x"}}"#;
    assert_eq!(outputs(&mut session), [Output::Send(vec![Message::Text(refusal.into())])]);
    session.receive(Message::Text("0/chat,".into()));
    session.connect("/chat", ConnectAnswer::Joined { sid: "abc", pid: Some("p") });
    let welcome = r#"0/chat,{"sid":"abc","pid":"p"}"#;
    assert!(outputs(&mut session).contains(&Output::Send(vec![Message::Text(welcome.into())])));
    assert!(session.has_joined("/chat") && session.deadline().is_none());
}

#[test]
fn a_client_that_joins_nothing_is_sent_away() {
    let mut session = Session::new(Settings::default(), 1000);
    assert_eq!(session.deadline(), Some(46_000));
    session.elapse(45_999);
    assert_eq!(outputs(&mut session), []);
    session.elapse(46_000);
    assert_eq!(outputs(&mut session), [Output::Close]);
}

#[test]
fn packets_are_written_as_the_reference_writes_them() {
    let mut packet = Packet::new(
        PacketType::Event,
        "/admin",
        Some(12),
        r#"["a",{"_placeholder":true,"num":0}]"#,
    );
    packet.attachments.push(Bytes::from_static(&[1, 2]));
    let text = Message::Text(r#"51-/admin,12["a",{"_placeholder":true,"num":0}]"#.into());
    assert_eq!(packet.write(), [text, Message::Binary(Bytes::from_static(&[1, 2]))]);
    let plain = Packet::new(PacketType::Disconnect, "/", None, "");
    assert_eq!(plain.write(), [Message::Text("1".into())]);
    assert_eq!(event_name(r#"["b",1]"#), Ok(Some("b".into())));
}

#[test]
fn namespaces_are_apart() {
    let mut session = joined();
    session.receive(Message::Text("0/chat".into()));
    session.connect("/chat", ConnectAnswer::Joined { sid: "c", pid: None });
    outputs(&mut session);
    assert!(session.has_joined("/") && session.has_joined("/chat"));
    let said = |namespace: &str| Packet::new(PacketType::Event, namespace, None, r#"["hi"]"#);
    session.deliver(&said("/chat"));
    session.deliver(&said("/elsewhere"));
    let hi = Message::Text(r#"2/chat,["hi"]"#.into());
    assert_eq!(outputs(&mut session), [Output::Send(vec![hi])]);
    session.disconnect("/chat");
    session.disconnect("/chat");
    assert_eq!(outputs(&mut session), [Output::Send(vec![Message::Text("1/chat,".into())])]);
    assert!(session.has_joined("/") && !session.has_joined("/chat"));
}

#[test]
fn a_namespace_keeps_the_form_that_its_client_chose() {
    let packed = |kind, namespace: &str, data: &str| {
        Parser::MessagePack.write(&Packet::new(kind, namespace, None, data)).remove(0)
    };
    let mut session = joined();
    session.receive(packed(PacketType::Connect, "/packed", ""));
    outputs(&mut session);
    session.connect("/packed", ConnectAnswer::Joined { sid: "s", pid: None });
    let welcome = packed(PacketType::Connect, "/packed", r#"{"sid":"s"}"#);
    assert_eq!(outputs(&mut session), [Output::Send(vec![welcome])]);
    session.deliver(&Packet::new(PacketType::Event, "/packed", None, r#"["hi"]"#));
    let hi = packed(PacketType::Event, "/packed", r#"["hi"]"#);
    assert_eq!(outputs(&mut session), [Output::Send(vec![hi])]);
    session.receive(packed(PacketType::Event, "/packed", r#"["a"]"#));
    assert!(matches!(outputs(&mut session)[..], [Output::Ask(Ask::Event { .. })]));
    session.receive(Message::Text(r#"2/packed,["a"]"#.into()));
    assert_eq!(outputs(&mut session), [Output::Close]);
}

#[test]
fn attachments_are_bounded_together() {
    for (bytes, survives) in [(300_000, true), (400_000, false)] {
        let mut session = joined();
        session.receive(Message::Text(r#"53-["x"]"#.into()));
        for _ in 0..3 {
            session.receive(Message::Binary(vec![0; bytes].into()));
        }
        assert_eq!(outputs(&mut session).contains(&Output::Close), !survives, "{bytes}");
    }
}
