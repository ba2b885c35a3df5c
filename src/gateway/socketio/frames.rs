//! What the hub publishes, as finished frames of Socket.IO: one for each namespace and form, shared by all
//! who hear it.

use bytes::Bytes;

use super::namespace::Namespace;
use crate::{
    dialect::sms,
    domain::event::{Event, Offset},
    gateway::engine::joined,
    hub::{Flavour, Utterance},
    wire::socketio::{Packet, PacketType},
};

/// The frame; `None` where the flavour is not ours or has no word for it.
pub(in crate::gateway) fn encode(flavour: Flavour, what: Utterance<'_>) -> Option<Bytes> {
    let (namespace, parser, offsets) = Namespace::of(flavour)?;
    let data = match what {
        Utterance::Event(event) => {
            let offset = Offset { position: event.position, except: None };
            said(namespace, event, offsets.then_some(&offset))
        }
        Utterance::Missed(event, offset) => said(namespace, event, offsets.then_some(offset)),
        Utterance::Signal(_) => return None,
    };
    let packet = Packet::new(PacketType::Event, namespace.name(), None, data);
    Some(joined(parser.write(&packet)))
}

/// The array of an event. Its client takes the last argument for its offset if that is a string.
fn said(namespace: Namespace, event: &Event, offset: Option<&Offset>) -> String {
    let (name, payload) = match namespace {
        Namespace::Sms => sms::live::utterance(event),
    };
    match offset {
        Some(offset) => format!(r#"["{name}",{payload},"{offset}"]"#),
        None => format!(r#"["{name}",{payload}]"#),
    }
}
