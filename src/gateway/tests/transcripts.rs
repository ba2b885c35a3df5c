//! The dialogues of `tests/transcripts/native` over a socket, those that need no long wait.

use serde_json::Value;

use super::{Client, Frame, Server, masked};
use crate::{
    gateway::GatewaySettings,
    wire::native::{
        Encoding,
        tests::transcript::{Case, cases, matches},
    },
};

const EPOCH: &str = "000000000000000e";

async fn say(client: &mut Client, encoding: Encoding, what: &str) {
    let frame = if let Some(text) = what.strip_prefix("text ") {
        masked(0x81, text.as_bytes())
    } else if let Some(bytes) = what.strip_prefix("binary ") {
        masked(0x82, bytes.as_bytes())
    } else if what == "pong" {
        masked(0x8A, b"")
    } else if encoding == Encoding::Json {
        masked(0x81, what.as_bytes())
    } else {
        let message: Value = serde_json::from_str(what).unwrap();
        masked(0x82, &rmp_serde::to_vec(&message).unwrap())
    };
    client.raw(&frame).await;
}

async fn check(case: &Case) {
    let server = Server::start(GatewaySettings::default()).await;
    let token = case.token.as_ref().map(|token| format!("?token={token}")).unwrap_or_default();
    let protocol = format!("Sec-WebSocket-Protocol: {}\r\n", case.encoding.subprotocol());
    let mut client = server.connect(&format!("/ws{token}"), &protocol).await;
    for (place, sign, rest) in &case.lines {
        let rest = rest.replace("${epoch}", EPOCH);
        if sign == ">" {
            say(&mut client, case.encoding, &rest).await;
            continue;
        }
        let heard = match client.frame().await.expect(place) {
            Frame::Text(text) => serde_json::from_str(&text).expect(place),
            Frame::Binary(bytes) => rmp_serde::from_slice::<Value>(&bytes).expect(place),
            Frame::Close(code) => {
                assert_eq!(format!("close {code}"), rest, "{place}");
                continue;
            }
            frame => panic!("{frame:?} at {place}"),
        };
        let expected: Value = serde_json::from_str(&rest).expect(place);
        assert!(matches(&expected, &heard), "{heard} at {place}");
    }
}

#[tokio::test]
async fn transcripts_over_a_socket() {
    let short: Vec<Case> = cases().into_iter().filter(|case| case.seconds() == 0).collect();
    assert!(short.len() >= 7, "most cases need no clock");
    for case in short {
        check(&case).await;
    }
}
