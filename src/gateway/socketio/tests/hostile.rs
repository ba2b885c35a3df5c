//! Clients that do everything at the wrong time, too often or too big.

use super::*;

/// Hears a packet without reading what comes of it.
fn throw(peer: &mut Peer, packet: &str) {
    peer.upper.hear(Peer::now(), Message::Text(packet.into()));
    while peer.turn() {}
}

/// Its connection ends; what remains to be done is done.
fn end(mut peer: Peer) -> Peer {
    peer.upper.ended(Closed::TransportClose);
    if let Some(mut rest) = peer.upper.hand_over() {
        let done = rest.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(done.is_ready());
    }
    peer
}

#[test]
fn leaving_while_joining_and_joining_again() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    for packet in [r#"0{"token":"anna"}"#, "1", r#"0{"token":"anna"}"#, "1", r#"0{"token":"anna"}"#]
    {
        peer.upper.hear(Peer::now(), Message::Text(packet.into()));
    }
    let got = peer.texts();
    let [welcome] = &got[..] else { panic!("{got:?}") };
    let pid = welcome.split(r#""pid":""#).nth(1).unwrap().trim_end_matches("\"}");
    peer.pid = Some(pid.to_owned());
    peer.say(r#"21["subscribe","r"]"#);
    assert_eq!(desk.hall.live.lock().unwrap().len(), 1);
    desk.say("r", "a");
    let next = desk.again(&peer);
    assert_eq!((next.pid.as_ref(), words(&next.missed)), (peer.pid.as_ref(), vec!["a".to_owned()]));
}

#[test]
fn joining_with_secrets_of_every_kind_leaves_nothing_behind() {
    let desk = Desk::new();
    for offset in ["zzzzzzzz", "", "\u{1f600}", "0", &"z".repeat(10_000)] {
        let mut peer = desk.anna();
        peer.offset = Some(offset.to_owned());
        let mut next = desk.again(&peer);
        end(peer);
        assert_eq!(desk.hall.live.lock().unwrap().len(), 1, "{offset}");
        next.say("1");
        end(next);
        assert_eq!(desk.hall.live.lock().unwrap().len(), 0, "{offset}");
    }
}

#[test]
fn a_storm_of_connections_with_one_secret_leaves_the_last() {
    let desk = Desk::new();
    let mut peers = vec![desk.anna()];
    peers[0].say(r#"21["subscribe","r"]"#);
    let credentials = peers[0].credentials();
    for number in 0..50 {
        desk.say("r", &format!("{number}"));
        let mut peer = desk.peer();
        peer.connect(&credentials);
        assert_eq!(words(&peer.missed).len(), number + 1);
        peers.push(peer);
    }
    assert_eq!(desk.hall.live.lock().unwrap().len(), 1);
    let mut last = peers.pop().unwrap();
    for peer in peers {
        assert_eq!(peer.outbox.closing(), Some(Closing::Draining));
        end(peer);
    }
    desk.say("r", "live");
    assert_eq!(last.heard(), ["live"]);
    assert_eq!(desk.hall.chat.listeners("r"), 1);
    end(last);
    assert_eq!(desk.hall.chat.listeners("r"), 0);
}

#[test]
fn a_racing_connection_that_leaves_does_not_end_the_others_session() {
    let desk = Desk::new();
    let mut first = desk.anna();
    first.say(r#"21["subscribe","r"]"#);
    let credentials = first.credentials();
    let (mut a, mut b) = (desk.peer(), desk.peer());
    // Both ask before either is answered; the one that was overtaken leaves.
    a.upper.hear(Peer::now(), Message::Text(format!("0{credentials}")));
    a.upper.hear(Peer::now(), Message::Text("1".into()));
    while a.turn() {}
    b.connect(&credentials);
    b.say(r#"21["subscribe","r"]"#);
    let mut c = desk.peer();
    c.connect(&b.credentials());
    b.say("1");
    assert_eq!(desk.again(&c).pid, c.pid);
}

#[test]
fn a_feed_that_breaks_off_forgets_no_room() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","r"]"#);
    for number in 0..20 {
        desk.say("r", &format!("{number}{}", " ".repeat(500)));
    }
    let credentials = peer.credentials();
    for round in 0..2 {
        let mut next = desk.peer_of(None, 8_000);
        throw(&mut next, &format!("0{credentials}"));
        throw(&mut next, r#"22["subscribe","s"]"#);
        assert!(next.outbox.bytes() > 1_000, "it is being fed");
        if round == 0 {
            next.outbox.close(Closing::Slow);
            next.upper.bye(Closing::Slow);
        }
        while next.turn() {}
        assert_eq!(next.closed, round == 0);
        end(next);
    }
    let mut last = desk.peer();
    last.connect(&credentials);
    assert_eq!(last.pid, peer.pid);
    assert_eq!(last.missed.len(), 20);
}

#[test]
fn a_token_that_ends_while_its_client_is_fed() {
    let desk = Desk::new();
    let mut peer = desk.anna();
    peer.say(r#"21["subscribe","r"]"#);
    for _ in 0..20 {
        desk.say("r", &"x".repeat(500));
    }
    let credentials = peer.credentials();
    let mut next = desk.peer_of(None, 8_000);
    throw(
        &mut next,
        &format!("0{}", credentials.replace(r#""token":"anna""#, r#""token":"brief""#)),
    );
    next.upper.elapse(Peer::now() + 1_000);
    while next.turn() {}
    assert!(next.closed);
    end(next);
    let mut last = desk.peer();
    last.connect(&credentials);
    assert_eq!((last.pid, last.missed.len()), (peer.pid, 20));
}

#[test]
fn who_asks_and_does_not_read_is_answered_later() {
    let desk = Desk::new();
    for _ in 0..20 {
        desk.say("r", &"x".repeat(200));
    }
    let mut peer = desk.peer_of(None, 20_000);
    throw(&mut peer, r#"0/v1,{"token":"anna"}"#);
    peer.texts();
    for id in 0..64 {
        throw(&mut peer, &format!(r#"2/v1,{id}["history",{{"conversation":"r"}}]"#));
    }
    assert!(peer.outbox.bytes() <= 20_000, "{}", peer.outbox.bytes());
    let got = peer.texts();
    assert_eq!(got.len(), 64);
    for (id, answer) in got.iter().enumerate() {
        assert!(answer.starts_with(&format!(r#"3/v1,{id}[{{"type":"ok""#)), "{answer}");
    }
    assert!(!peer.upper.is_busy());
}

#[tokio::test]
async fn what_waits_is_bounded_and_what_was_begun_is_finished() {
    let desk = Desk::new();
    let mut peer = desk.peer();
    throw(&mut peer, r#"0/v1,{"token":"anna"}"#);
    throw(&mut peer, r#"2/v1,1["send",{"conversation":"r","text":"slowly"}]"#);
    assert!(!peer.upper.is_busy());
    for _ in 0..2 {
        let text = "x".repeat(150_000);
        throw(&mut peer, &format!(r#"2/v1,["send",{{"conversation":"r","text":"{text}"}}]"#));
    }
    assert!(peer.upper.is_busy());
    // A change that is being made is finished, what only waits is not begun.
    peer.upper.bye(Closing::Draining);
    while peer.turn() {}
    assert!(!peer.closed);
    peer.upper.ended(Closed::ByUs);
    desk.hall.chat.let_go();
    peer.upper.hand_over().expect("a change").await;
    assert_eq!(desk.hall.chat.last("r"), 1);
}

#[test]
fn joining_is_as_fast_as_everything_else() {
    let settings = GatewaySettings {
        operations_burst_max: 10,
        operations_per_second_max: 1,
        ..GatewaySettings::default()
    };
    let desk = Desk::with(settings);
    let mut peer = desk.peer();
    let mut refused = 0;
    for _ in 0..300 {
        let got = peer.say(r#"0{"token":"wrong"}"#).concat();
        refused += usize::from(got.contains("rate_limited"));
    }
    // One more is let in each second that this takes.
    assert!((200..=289).contains(&refused), "{refused}");
    assert!(!peer.closed);
}

#[test]
fn odd_packets_end_the_connection_and_nothing_else() {
    let desk = Desk::new();
    let deep = format!(r#"2/v1,1["send",{}{}]"#, "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!(r#"2/v1,1["ping"{}]"#, ",0".repeat(100_000));
    let long = format!(r#"2/v1,1["{}"]"#, "n".repeat(100_000));
    let names = format!("0/{},{{}}", "n".repeat(100_000));
    let other = format!(r#"2/v1,1["subscribe",{{"conversation":"{}"}}]"#, "n".repeat(100_000));
    for (packet, ends) in [
        (deep.as_str(), false),
        (&wide, false),
        (&long, false),
        (&names, true),
        (&other, false),
        ("2/v1,", false),
        ("2/v1,[]", true),
        (r#"2/v1?x=1,["ping"]"#, true),
        (r#"2/v1,99999999999999999999["ping"]"#, true),
        (r#"2/v1,["connect",{}]"#, true),
        ("0/v1,{}", true),
        ("0/v1,[]", true),
        (r#"52-/v1,1["send",{"_placeholder":true,"num":0}]"#, false),
        (r#"51-/v1,1["send",{"_placeholder":true,"num":1}]"#, true),
        ("3/v1,1[]", false),
        ("4/v1,{}", true),
        ("1/v1,{}", true),
    ] {
        let mut peer = desk.peer();
        peer.say(r#"0/v1,{"token":"anna"}"#);
        let got = peer.say(packet);
        let packet: String = packet.chars().take(60).collect();
        assert_eq!(peer.closed, ends, "{packet}: {got:?}");
        end(peer);
    }
    assert_eq!(desk.hall.live.lock().unwrap().len(), 0);
}
