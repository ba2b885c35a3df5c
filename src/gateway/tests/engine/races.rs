//! Requests of one session that come at the same time, and those that are given up.

use super::*;

#[tokio::test]
async fn a_poll_and_a_post_may_come_in_any_order() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let poll = server.held_get(&sid).await;
    expect(&server.post(&sid, "4the poll was first").await, 200, "ok");
    expect(&answer(poll).await, 200, "4the poll was first");
    let mut post =
        server.held(server.begin_post(&sid, "Content-Length: 19\r\n", "4the post")).await;
    let poll = server.held_get(&sid).await;
    post.write_all(b" was first").await.unwrap();
    expect(&answer(post).await, 200, "ok");
    expect(&answer(poll).await, 200, "4the post was first");
    for n in 0..100 {
        let packet = format!("4{n}");
        let (poll, post) = tokio::join!(server.get(&sid), server.post(&sid, &packet));
        expect(&poll, 200, &packet);
        expect(&post, 200, "ok");
    }
    expect(&server.post(&sid, "1").await, 200, "ok");
    server.over().await;
}

#[tokio::test]
async fn a_client_that_leaves_may_poll_at_the_same_moment() {
    let server = Server::patient(GatewaySettings::default()).await;
    for n in 0..100 {
        let sid = server.polling().await;
        let post = match n % 2 {
            0 => server.held(server.begin_post(&sid, "Content-Length: 1\r\n", "1")).await,
            _ => server.begin_post(&sid, "Content-Length: 1\r\n", "1").await,
        };
        expect(&server.get(&sid).await, 200, "6");
        expect(&answer(post).await, 200, "ok");
        expect(&server.get(&sid).await, 400, r#"{"code":1,"message":"Session ID unknown"}"#);
    }
    server.over().await;
}

#[tokio::test]
async fn a_second_poll_ends_the_session() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let post = server.held(server.begin_post(&sid, "Content-Length: 9\r\n", "4a")).await;
    let first = server.held_get(&sid).await;
    expect(&server.get(&sid).await, 400, "");
    expect(&answer(first).await, 200, "1");
    assert_eq!(server.record.ended().await, Closed::TransportError);
    assert_eq!(answer(post).await.status, 400);
    assert_eq!(server.get(&sid).await.status, 400);
    assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
    server.over().await;
}

#[tokio::test]
async fn two_polls_at_once_end_the_session() {
    for _ in 0..20 {
        let server = Server::start(GatewaySettings::default()).await;
        let sid = server.polling().await;
        let (one, other) = tokio::join!(server.get(&sid), server.get(&sid));
        let mut both = [(one.status, one.body), (other.status, other.body)];
        both.sort();
        assert_eq!(both, [(200, "1".to_owned()), (400, String::new())]);
        assert_eq!(server.record.ended().await, Closed::TransportError);
        server.over().await;
    }
}

#[tokio::test]
async fn a_poll_that_is_given_up_ends_the_session() {
    for reset in [false, true] {
        let server = Server::start(GatewaySettings::default()).await;
        let sid = server.polling().await;
        let waiting = server.held_get(&sid).await;
        if reset {
            waiting.set_zero_linger().unwrap();
        }
        drop(waiting);
        assert_eq!(server.record.ended().await, Closed::TransportClose);
        assert_eq!(server.get(&sid).await.status, 400);
        server.over().await;
    }
}

#[tokio::test]
async fn posts_come_one_by_one() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    let first = server.held(server.begin_post(&sid, "Content-Length: 6\r\n", "4a")).await;
    let poll = server.held_get(&sid).await;
    expect(&server.post(&sid, "4b").await, 400, "");
    assert_eq!(server.record.ended().await, Closed::TransportError);
    expect(&answer(poll).await, 200, "1");
    assert_eq!(answer(first).await.status, 400);
    assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
    server.over().await;
}

#[tokio::test]
async fn a_post_behind_one_that_is_not_heard_yet_is_one_too_many() {
    let server = Server::start(GatewaySettings::default()).await;
    let sid = server.polling().await;
    server.record.turn_deaf();
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let first = server.begin("POST", &query, "", "4a\u{1e}4b");
    let first = server.record.unheard(first).await;
    expect(&server.post(&sid, "4c").await, 400, "");
    assert_eq!(server.get(&sid).await.status, 400);
    // What was taken is heard all the same.
    server.record.listen();
    expect(&answer(first).await, 200, "ok");
    assert_eq!(server.record.ended().await, Closed::TransportError);
    assert_eq!(server.record.with(|noted| noted.heard.clone()), ["a", "b"]);
    server.over().await;
}

#[tokio::test]
async fn a_post_that_breaks_off_ends_the_session() {
    for head in ["Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n"] {
        let server = Server::start(GatewaySettings::default()).await;
        let sid = server.polling().await;
        let broken = server.held(server.begin_post(&sid, head, "9\r\n4a")).await;
        let poll = server.held_get(&sid).await;
        drop(broken);
        assert_eq!(server.record.ended().await, Closed::TransportError);
        expect(&answer(poll).await, 200, "1");
        assert_eq!(server.record.with(|noted| noted.heard.len()), 0);
        server.over().await;
    }
}
