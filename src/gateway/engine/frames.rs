//! Engine.IO packets as finished WebSocket frames and back: what waits for a client is the same,
//! whichever transport it has.

use bytes::{Bytes, BytesMut};

use crate::wire::{
    engineio::{Message, Packet},
    websocket::{self, Opcode},
};

/// One packet as a frame.
pub(super) fn framed(packet: &Packet) -> Bytes {
    match packet {
        Packet::Message(Message::Binary(bytes)) => websocket::frame(Opcode::Binary, bytes),
        other => websocket::frame(Opcode::Text, other.write_text().unwrap_or_default().as_bytes()),
    }
}

/// Messages that belong together as one piece, so that nothing comes between their frames.
pub(in crate::gateway) fn joined(messages: Vec<Message>) -> Bytes {
    let mut frames = messages.into_iter().map(|message| framed(&Packet::Message(message)));
    let (first, second) = (frames.next().unwrap_or_default(), frames.next());
    let Some(second) = second else { return first };
    let mut all = BytesMut::from(first);
    all.extend_from_slice(&second);
    for frame in frames {
        all.extend_from_slice(&frame);
    }
    all.freeze()
}

/// The messages in a piece that was meant for a WebSocket.
pub(in crate::gateway) fn messages(frames: &Bytes) -> impl Iterator<Item = Message> + '_ {
    websocket::messages(frames).filter_map(|(opcode, payload)| match opcode {
        Opcode::Text => {
            let text = std::str::from_utf8(&payload).ok()?.strip_prefix('4')?;
            Some(Message::Text(text.to_owned()))
        }
        Opcode::Binary => Some(Message::Binary(payload)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_framed_is_found_again() {
        let said: Vec<Message> = [0, 1, 124, 125, 126, 65_535, 65_536, 70_000]
            .into_iter()
            .flat_map(|len| {
                [Message::Text("ä".repeat(len)), Message::Binary(Bytes::from(vec![7; len]))]
            })
            .collect();
        let piece = joined(said.clone());
        assert_eq!(messages(&piece).collect::<Vec<_>>(), said);
        assert_eq!(joined(Vec::new()), Bytes::new());
        assert_eq!(messages(&piece.slice(..piece.len() - 1)).count(), said.len() - 1);
        let one = joined(vec![Message::Text("a".into())]);
        assert_eq!(one, &b"\x81\x024a"[..]);
    }
}
