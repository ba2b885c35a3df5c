//! What the hub publishes, as finished frames of Socket.IO: one for each namespace and form, shared by all
//! who hear it.

use bytes::Bytes;

use super::namespace::Namespace;
use crate::{
    domain::event::Offset,
    gateway::engine::joined,
    hub::{Flavour, Utterance},
    wire::socketio::{Packet, PacketType},
};

/// The frame; `None` where the flavour is not ours or has no word for it.
pub(in crate::gateway) fn encode(flavour: Flavour, what: Utterance<'_>) -> Option<Bytes> {
    let (namespace, parser, offsets) = Namespace::of(flavour)?;
    let (name, payload) = namespace.utterance(what)?;
    let offset = match what {
        Utterance::Event(event) => Some(Offset { position: event.position, except: None }),
        Utterance::Missed(_, offset) => Some(*offset),
        Utterance::Signal(_) => None,
    };
    // A client takes the last argument for its offset if that is a string; a payload is none.
    let data = match offset.filter(|_| offsets) {
        Some(offset) => format!(r#"["{name}",{payload},"{offset}"]"#),
        None => format!(r#"["{name}",{payload}]"#),
    };
    let packet = Packet::new(PacketType::Event, namespace.name(), None, data);
    Some(joined(parser.write(&packet)))
}
