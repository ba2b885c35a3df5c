//! Many packets in one HTTP body: separated by U+001E, binary ones as `b` and standard base64.

use bytes::Bytes;

use super::packet::{Malformed, Message, Packet};

/// What stands between packets.
pub const RECORD_SEPARATOR: char = '\u{1e}';

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The body of these packets.
pub fn encode<'a>(packets: impl IntoIterator<Item = &'a Packet>) -> String {
    let mut body = String::new();
    for (at, packet) in packets.into_iter().enumerate() {
        if at > 0 {
            body.push(RECORD_SEPARATOR);
        }
        match packet {
            Packet::Message(Message::Binary(bytes)) => {
                body.push('b');
                write_base64(bytes, &mut body);
            }
            other => body.push_str(&other.write_text().unwrap_or_default()),
        }
    }
    body
}

/// The packets of a body one after another; the first that cannot be read is an error and the last
/// item: those before it count.
pub fn decode(body: &str) -> impl Iterator<Item = Result<Packet, Malformed>> + '_ {
    let mut broken = false;
    body.split(RECORD_SEPARATOR).map_while(move |record| {
        if broken {
            return None;
        }
        let packet = match record.strip_prefix('b') {
            Some(base64) => {
                read_base64(base64).map(|bytes| Packet::Message(Message::Binary(bytes)))
            }
            None => Packet::read_text(record),
        };
        broken = packet.is_err();
        Some(packet)
    })
}

fn write_base64(bytes: &[u8], out: &mut String) {
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte));
        let missing = 3_usize.saturating_sub(chunk.len());
        let group = group << (missing << 3);
        for place in 0..4_usize {
            let symbol = (group >> (18_usize.saturating_sub(place.saturating_mul(6)))) & 63;
            let used = place <= chunk.len();
            let letter = usize::try_from(symbol).ok().and_then(|at| ALPHABET.get(at));
            out.push(if used { char::from(*letter.unwrap_or(&b'=')) } else { '=' });
        }
    }
}

/// Standard base64 (RFC 4648 section 4); padding may be left out, as decoders in the field allow.
fn read_base64(text: &str) -> Result<Bytes, Malformed> {
    let symbols = text.trim_end_matches('=');
    if symbols.len() % 4 == 1 || text.len().saturating_sub(symbols.len()) > 2 {
        return Err(Malformed);
    }
    let mut bytes = Vec::with_capacity((symbols.len() / 4).saturating_mul(3));
    let (mut group, mut bits) = (0_u32, 0_u32);
    for symbol in symbols.bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol.wrapping_sub(b'A'),
            b'a'..=b'z' => symbol.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => symbol.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return Err(Malformed),
        };
        group = group << 6 | u32::from(value);
        bits = bits.wrapping_add(6);
        if bits >= 8 {
            bits = bits.wrapping_sub(8);
            bytes.push(u8::try_from(group >> bits & 0xff).unwrap_or_default());
        }
    }
    Ok(Bytes::from(bytes))
}
