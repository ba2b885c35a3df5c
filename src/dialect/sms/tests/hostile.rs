//! The bridge against hostile JSON, and against itself: whatever comes in is refused by name or goes
//! out again byte for byte.

use super::{ask, message, order};
use crate::{
    dialect::{
        json,
        sms::{Asked, Endpoint, Verb, object},
    },
    domain::{command::Command, message::Content, refusal::Refusal},
};

/// `expected`: `field` of a 422, or the status where no field is to blame.
#[track_caller]
fn refused(verb: Verb, body: &str, expected: &str) {
    let refusal = ask(Endpoint::Post(verb), body.as_bytes()).expect_err(body);
    match &refusal {
        Refusal::Field { field, .. } => {
            assert_eq!((field.as_str(), 422), (expected, refusal.status()), "{body}");
        }
        other => assert_eq!(other.status().to_string(), expected, "{body}"),
    }
}

#[test]
fn wrong_fields_are_named() {
    for body in [
        r#"{"message":{"text":"a"}}"#,
        r#"{"room":"","message":{"text":"a"}}"#,
        r#"{"room":null,"message":{"text":"a"}}"#,
        r#"{"room":12,"message":{"text":"a"}}"#,
        r#"{"room":"a\u0000b","message":{"text":"a"}}"#,
        r#"{"room":"\ud800","message":{"text":"a"}}"#,
        r#"{"room":"a","r\u006fom":"b","message":{"text":"a"}}"#,
    ] {
        refused(Verb::New, body, "room");
    }
    for message in ["1", "\"{}\"", "[]", "null", "true", r#"{"\ud800":1}"#] {
        refused(Verb::New, &format!(r#"{{"room":"r","message":{message}}}"#), "message");
    }
    refused(Verb::New, r#"{"room":"r"}"#, "message");
    refused(Verb::New, r#"{"room":"r","message":{},"message":{"text":"a"}}"#, "message");
    for text in ["1", "[]", "{}", "false", r#""\ud83d""#, r#""\udc00\ud800""#] {
        refused(
            Verb::New,
            &format!(r#"{{"room":"r","message":{{"text":{text}}}}}"#),
            "message.text",
        );
    }
    for twice in [r#""text":"b""#, r#""t\u0065xt":"b""#, r#""\u0074\u0065\u0078\u0074":null"#] {
        let body = format!(r#"{{"room":"r","message":{{"text":"a",{twice}}}}}"#);
        refused(Verb::New, &body, "message.text");
    }
    for id in ["[]", "true", "\"\"", "\"\\n\"", &"1".repeat(41)] {
        refused(Verb::New, &format!(r#"{{"room":"r","message":{{"id":{id}}}}}"#), "message.id");
        refused(Verb::Delete, &format!(r#"{{"room":"r","messageId":{id}}}"#), "messageId");
    }
    for uuid in ["1", "\"\"", "[]", "\"a\\u0007\"", &format!("\"{}\"", "x".repeat(201))] {
        refused(Verb::New, &format!(r#"{{"room":"r","message":{{}},"uuid":{uuid}}}"#), "uuid");
    }
    refused(Verb::Edit, r#"{"room":"r","message":{}}"#, "messageId");
    refused(Verb::Update, r#"{"room":"r","message":{}}"#, "messageId");
    refused(Verb::Delete, r#"{"room":"r"}"#, "messageId");
    refused(Verb::Reply, r#"{"room":"r","message":{}}"#, "replyTo");
    refused(Verb::Status, r#"{"room":"r","messageId":1}"#, "status");
    refused(Verb::Status, r#"{"room":"r","messageId":1,"status":1}"#, "status");
}

#[test]
fn what_is_no_json_is_refused_as_a_whole() {
    for body in [
        "",
        "{",
        "null",
        "[]",
        "\"x\"",
        "{\"room\":\"r\",}",
        "{'room':1}",
        "{\"room\":\"a\nb\"}",
        "{\"room\":\"r\"}{}",
        "{\"room\":NaN}",
        "\u{feff}{}",
        "{\"room\":\"r\",\"message\":{\"n\":01}}",
        "{\"room\":\"r\",\"message\":{\"n\":\"\u{0}\"}}",
    ] {
        refused(Verb::New, body, "400");
    }
    let bytes = b"{\"room\":\"\xff\"}";
    let not_utf8 = ask(Endpoint::Post(Verb::New), bytes).expect_err("no UTF-8");
    assert_eq!(not_utf8.status(), 400);
}

#[test]
fn sizes_and_nesting_are_capped() {
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"room":"r","message":{{"a":{open}{close}}}}}"#)
    };
    order(Verb::New, &nested(object::DEPTH_MAX - 1));
    refused(Verb::New, &nested(object::DEPTH_MAX), "message");
    refused(Verb::New, &nested(30_000), "message");
    refused(Verb::New, &"[".repeat(500_000), "400");
    let wide = format!(r#"{{"room":"r","message":{{"text":"{}"}}}}"#, "x".repeat(65_536));
    refused(Verb::New, &wide, "413");
}

/// A small generator (xorshift64*), so that a failure can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits") % n
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn gap(&mut self) -> &'static str {
        self.pick(&["", "", " ", "\n", "\t \r\n"])
    }

    fn value(&mut self, depth: usize) -> String {
        let plain = [
            "null",
            "true",
            "-0.0",
            "1e5",
            "12345678901234567890123",
            "1E-400",
            "\"\"",
            r#""\ud800""#,
            r#""\u0442\/\\\"""#,
            "\"текст 🙂\"",
            r#""{\"text\":1}""#,
            "3.141592653589793238462643383",
            "\"\u{2028}\"",
        ];
        match self.below(if depth == 0 { 3 } else { 5 }) {
            0..=2 => self.pick(&plain).to_owned(),
            3 => {
                let inner: Vec<_> = (0..self.below(3)).map(|_| self.value(depth - 1)).collect();
                format!("[{}{}]", self.gap(), inner.join(","))
            }
            _ => {
                let name = self.pick(&["text", "id", "from", "", "я"]);
                format!("{{\"{name}\"{}:{}}}", self.gap(), self.value(depth - 1))
            }
        }
    }
}

#[test]
fn everything_but_the_text_is_relayed_byte_for_byte() {
    let mut dice = Dice(0x5eed_0001);
    for round in 0..20_000 {
        let text = dice.pick(&["", "hi", "\\\"", "Привет 🙂", "a\nb", "\u{0}"]).to_owned();
        let name = dice.pick(&["\"text\"", r#""te\u0078t""#, r#""\u0074ext""#]);
        let mut members: Vec<String> = (0..dice.below(5))
            .map(|n| format!("\"k{n}\"{}:{}{}", dice.gap(), dice.gap(), dice.value(4)))
            .collect();
        let place = dice.below(members.len() + 1);
        let mark = "\u{1}";
        members.insert(place, format!("{}{name}{}:{mark}", dice.gap(), dice.gap()));
        let frame = format!("{{{}{}{}}}", dice.gap(), members.join(","), dice.gap());
        let raw = frame.replace(mark, &json::quote(&text));

        let heard =
            object::hear(&raw, usize::MAX).unwrap_or_else(|e| panic!("{round}: {raw}: {e}"));
        assert_eq!(heard.content.text, text, "{round}: {raw}");
        assert_eq!(object::say(&message(heard.content.clone())), raw, "round {round}");
        let masked = Content { text: "*\"*".into(), ..heard.content };
        let expected = frame.replace(mark, r#""*\"*""#);
        assert_eq!(object::say(&message(masked)), expected, "round {round}");
    }
}

#[test]
fn mutations_are_understood_or_refused_but_never_break() {
    let seed = r#"{"room":"chat_123","message":{"id":1,"text":"Привет \ud83d\ude42","a":[1,{"text":"x"}]},"uuid":"msg-1","messageId":1}"#;
    let mut dice = Dice(0x5eed_0002);
    let pieces: [&[u8]; 12] =
        [b"\"", b"\\", b"{", b"}", b"[", b",", b":", b"\\ud800", b"\xff", b"\0", b"text", b"null"];
    for _ in 0..30_000 {
        let mut body = seed.as_bytes().to_vec();
        for _ in 0..=dice.below(4) {
            let at = dice.below(body.len().max(1)).min(body.len().saturating_sub(1));
            match dice.below(3) {
                0 if body.is_empty() => {}
                0 => drop(body.remove(at)),
                1 => drop(body.splice(at..at, pieces[dice.below(pieces.len())].iter().copied())),
                _ => body.truncate(at.max(1)),
            }
        }
        for verb in Verb::ALL {
            if let Ok(Asked::One(order)) = ask(Endpoint::Post(verb), &body)
                && let Command::Post(post) = order.command
            {
                let said = object::say(&message(post.content));
                assert!(json::Members::read(&said).is_some(), "{said}");
            }
        }
    }
}
