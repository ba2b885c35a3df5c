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
                tokio::time::sleep(Duration::from_millis(1)).await;
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
async fn a_waiting_poll_is_sent_away_once_the_probe_was_answered() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let waiting = server.begin_get(&sid).await;
    let mut probe = server.websocket(&sid).await;
    probe.send("2probe").await;
    assert_eq!(text(&mut probe).await, "3probe");
    expect(&answer(waiting).await, 200, "6");
    expect(&server.get(&sid).await, 200, "6");
    probe.send("5").await;
    probe.send("4hi").await;
    assert_eq!(text(&mut probe).await, "4hi");
    drop(probe);
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
    let mut polled = server.get(&sid).await;
    while polled.body == "6" {
        polled = server.get(&sid).await;
    }
    expect(&polled, 200, "4still here");
    let (ends, heard) = server.record.with(|noted| (noted.ends.clone(), noted.heard.clone()));
    assert_eq!((ends, heard), (vec![], vec!["still here".to_owned()]));
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_stalled_upgrade_is_given_up() {
    let engine = crate::wire::engineio::Settings {
        upgrade_timeout_ms: 200,
        ..crate::wire::engineio::Settings::default()
    };
    let server = Server::start(GatewaySettings { engine, ..GatewaySettings::default() }).await;
    let sid = server.polling().await;
    // It was opened and says nothing; then one that was probed and stops there.
    let mut silent = server.websocket(&sid).await;
    server.record.publish("a");
    expect(&server.get(&sid).await, 200, "4a");
    assert_eq!(silent.closed().await, (vec![], 1005));
    let mut stalled = server.probed(&sid).await;
    assert_eq!(stalled.closed().await, (vec![], 1005));
    server.record.publish("b");
    expect(&server.get(&sid).await, 200, "4b");
    expect(&server.post(&sid, "1").await, 200, "ok");
    drop((silent, stalled));
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
async fn polls_are_few_while_an_upgrade_is_under_way() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let probe = server.probed(&sid).await;
    let began = server.common.now();
    for _ in 0..6 {
        expect(&server.get(&sid).await, 200, "6");
    }
    // Five waits of 100 ms at least; the first answer may come at once.
    assert!(server.common.now() - began >= 490);
    drop(probe);
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_post_that_was_not_heard_yet_goes_before_the_websocket() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    server.record.with(|noted| noted.deaf = true);
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let post = server.begin("POST", &query, "", "4a\u{1e}4b").await;
    let mut probe = server.probed(&sid).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    probe.send("5").await;
    probe.send("4c").await;
    expect(&answer(post).await, 200, "ok");
    server.record.with(|noted| noted.deaf = false);
    for said in ["4a", "4b", "4c"] {
        assert_eq!(text(&mut probe).await, said);
    }
    drop(probe);
    server.over().await;
}
