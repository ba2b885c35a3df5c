//! The change from polling to a WebSocket.

use super::*;

#[tokio::test]
async fn bursts_cross_the_upgrade_in_order() {
    const MESSAGES: usize = 2000;
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let record = server.record.clone();
    let speaker = Tasks::default();
    speaker.spawn("speaker", async move {
        for n in 0..MESSAGES {
            assert_eq!(record.publish(&n.to_string()), Pushed::Ok);
            if n % 20 == 0 {
                tokio::task::yield_now().await;
            }
        }
    });
    let mut seen: Vec<String> = Vec::new();
    let polled = |body: &str| -> Vec<String> {
        body.split('\u{1e}').filter_map(|p| p.strip_prefix('4')).map(str::to_owned).collect()
    };
    seen.extend(polled(&server.get(&sid).await.body));
    expect(&server.post(&sid, "4from polling").await, 200, "ok");
    let mut probe = server.probed(&sid).await;
    // A real client finishes its poll before it upgrades.
    seen.extend(polled(&server.get(&sid).await.body));
    let mut rest = masked(0x81, b"5");
    for n in 0..100 {
        rest.extend(masked(0x81, format!("4up {n}").as_bytes()));
    }
    probe.raw(&rest).await;
    let mut echoes = Vec::new();
    while seen.len() < MESSAGES + 101 || echoes.len() < 100 {
        let word = text(&mut probe).await;
        let word = word.strip_prefix('4').unwrap_or_else(|| panic!("{word}")).to_owned();
        if word.starts_with("up ") {
            echoes.push(word.clone());
        }
        seen.push(word);
    }
    assert_eq!(echoes, (0..100).map(|n| format!("up {n}")).collect::<Vec<_>>());
    let numbers: Vec<usize> = seen.iter().filter_map(|said| said.parse().ok()).collect();
    assert_eq!(numbers, (0..MESSAGES).collect::<Vec<_>>(), "nothing lost, double or reordered");
    let heard = server.record.with(|noted| noted.heard.clone());
    assert_eq!((heard.len(), heard[0].as_str()), (101, "from polling"));
    assert!(server.common.registry.counts().contains(&("socketio.websocket", 1)));
    // Polling is over for this session.
    let bad = r#"{"code":3,"message":"Bad request"}"#;
    expect(&server.get(&sid).await, 400, bad);
    expect(&server.post(&sid, "4x").await, 400, bad);
    drop(probe);
    assert_eq!(server.record.ended().await, Closed::TransportClose);
    server.over().await;
}

#[tokio::test]
async fn a_failed_upgrade_leaves_polling_alone() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    for said in ["4x", "5", "nonsense", "2prob", "1"] {
        let mut probe = server.websocket(&sid).await;
        probe.send(said).await;
        assert_eq!(probe.closed().await, (vec![], 1005), "{said:?}");
    }
    let mut probe = server.probed(&sid).await;
    probe.raw(&masked(0x82, b"5")).await;
    assert_eq!(probe.closed().await.1, 1005);
    let mut probe = server.probed(&sid).await;
    probe.raw(&masked(0x81, &[b'x'; 2000])).await;
    assert_eq!(probe.closed().await.1, 1005);
    let probe = server.probed(&sid).await;
    drop(probe);
    expect(&server.post(&sid, "4still here").await, 200, "ok");
    expect(&server.get(&sid).await, 200, "4still here");
    let (ends, heard) = server.record.with(|noted| (noted.ends.clone(), noted.heard.clone()));
    assert_eq!((ends, heard), (vec![], vec!["still here".to_owned()]));
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_second_websocket_is_closed_and_the_first_goes_on() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let mut first = server.probed(&sid).await;
    let mut second = server.websocket(&sid).await;
    assert_eq!(second.closed().await, (vec![], 1005));
    first.raw(&masked(0x89, b"are you there")).await;
    assert_eq!(first.frame().await.unwrap(), Frame::Pong(b"are you there".to_vec()));
    first.send("5").await;
    first.send("4hi").await;
    assert_eq!(text(&mut first).await, "4hi");
    let mut third = server.websocket(&sid).await;
    assert_eq!(third.closed().await, (vec![], 1005));
    first.send("4ho").await;
    assert_eq!(text(&mut first).await, "4ho");
    drop((first, second, third));
    server.over().await;
}

#[tokio::test]
async fn a_waiting_poll_is_sent_away_once_the_probe_was_answered() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let waiting = server.held_get(&sid).await;
    let mut probe = server.probed(&sid).await;
    expect(&answer(waiting).await, 200, "6");
    let waiting = server.held_get(&sid).await;
    probe.send("5").await;
    expect(&answer(waiting).await, 200, "6");
    probe.send("4hi").await;
    assert_eq!(text(&mut probe).await, "4hi");
    drop(probe);
    server.over().await;
}

/// Shows that the server has taken a WebSocket up, and still has it.
async fn lives(probe: &mut Client) {
    probe.raw(&masked(0x89, b"?")).await;
    assert_eq!(probe.frame().await.unwrap(), Frame::Pong(b"?".to_vec()));
}

#[tokio::test]
async fn a_stalled_upgrade_is_given_up() {
    let server = Server::start(GatewaySettings::default()).await;
    let patience = server.common.settings.engine.upgrade_timeout_ms;
    let sid = server.polling().await;
    // It was opened and says nothing that belongs here; then one that was probed and stops there.
    let mut silent = server.websocket(&sid).await;
    lives(&mut silent).await;
    server.record.publish("a");
    expect(&server.get(&sid).await, 200, "4a");
    server.advance(patience - 1).await;
    lives(&mut silent).await;
    server.advance(1).await;
    assert_eq!(silent.closed().await, (vec![], 1005));
    let mut stalled = server.probed(&sid).await;
    server.advance(patience - 1).await;
    lives(&mut stalled).await;
    server.advance(1).await;
    assert_eq!(stalled.closed().await, (vec![], 1005));
    let waiting = server.held_get(&sid).await;
    server.record.publish("b");
    expect(&answer(waiting).await, 200, "4b");
    expect(&server.post(&sid, "1").await, 200, "ok");
    drop((silent, stalled));
    server.over().await;
}

#[tokio::test]
async fn polls_are_few_while_an_upgrade_is_under_way() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let mut probe = server.probed(&sid).await;
    expect(&server.get(&sid).await, 200, "6");
    for _ in 0..5 {
        let waiting = server.held_get(&sid).await;
        server.advance(99).await;
        // What comes after the poll is answered, and the poll is not.
        lives(&mut probe).await;
        expect(&server.post(&sid, "3").await, 200, "ok");
        assert_eq!(server.record.with(|noted| noted.waiting), 1);
        server.advance(1).await;
        expect(&answer(waiting).await, 200, "6");
    }
    drop(probe);
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_post_that_was_not_heard_yet_goes_before_the_websocket() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    server.record.turn_deaf();
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let post = server.begin("POST", &query, "", "4a\u{1e}4b");
    let post = server.record.unheard(post).await;
    let mut probe = server.probed(&sid).await;
    probe.send("5").await;
    probe.send("4c").await;
    expect(&answer(post).await, 200, "ok");
    assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
    server.record.listen();
    for said in ["4a", "4b", "4c"] {
        assert_eq!(text(&mut probe).await, said);
    }
    drop(probe);
    server.over().await;
}

#[tokio::test]
async fn requests_that_wait_at_the_upgrade_are_answered() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let mut probe = server.probed(&sid).await;
    let post = server.held(server.begin_post(&sid, "Content-Length: 9\r\n", "4a")).await;
    let first = server.held_get(&sid).await;
    expect(&answer(first).await, 200, "6");
    let poll = server.held_get(&sid).await;
    probe.send("5").await;
    expect(&answer(poll).await, 200, "6");
    expect(&answer(post).await, 400, r#"{"code":3,"message":"Bad request"}"#);
    probe.send("4hi").await;
    assert_eq!(text(&mut probe).await, "4hi");
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["hi"]);
    drop(probe);
    server.over().await;
}
