//! Finished frames as a server sends them: unmasked and unfragmented, header and payload in one
//! piece, so that one copy serves every connection.

use bytes::{BufMut, Bytes, BytesMut};

use super::CloseCode;

/// What a frame is (RFC 6455 section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Opcode {
    const ALL: [Self; 6] =
        [Self::Continuation, Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong];
}

/// Longest header of a server's frame.
const HEADER_MAX_BYTES: usize = 10;
/// Longest reason beside the code in a control frame's 125 bytes.
const REASON_MAX_BYTES: usize = 123;
const FIN: u8 = 0x80;

/// One whole message as a finished frame. Control payloads must have at most 125 bytes; what is
/// longer is cut off.
#[must_use]
pub fn frame(opcode: Opcode, payload: &[u8]) -> Bytes {
    let control = matches!(opcode, Opcode::Close | Opcode::Ping | Opcode::Pong);
    let payload = if control { payload.get(..125).unwrap_or(payload) } else { payload };
    let mut out = BytesMut::with_capacity(payload.len().saturating_add(HEADER_MAX_BYTES));
    out.put_u8(FIN | opcode as u8);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(len @ 0..=125), _) => out.put_u8(len),
        (_, Ok(len)) => {
            out.put_u8(126);
            out.put_u16(len);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(payload.len() as u64);
        }
    }
    out.put_slice(payload);
    out.freeze()
}

/// A close frame; a reason that is too long is cut at a character.
#[must_use]
pub fn close(code: Option<CloseCode>, reason: &str) -> Bytes {
    let Some(code) = code else { return frame(Opcode::Close, &[]) };
    let reason = reason.get(..reason.floor_char_boundary(REASON_MAX_BYTES)).unwrap_or_default();
    let mut payload = BytesMut::with_capacity(reason.len().saturating_add(2));
    payload.put_u16(code.0);
    payload.put_slice(reason.as_bytes());
    frame(Opcode::Close, &payload)
}

/// The messages in finished frames of ours, in order: the inverse of [`frame`], for a peer that has
/// no WebSocket. Stops at what is no whole frame.
pub fn messages(frames: &Bytes) -> impl Iterator<Item = (Opcode, Bytes)> + '_ {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let rest = frames.get(at..)?;
        let (&[first, short], rest) = rest.split_first_chunk::<2>()?;
        let opcode = Opcode::ALL.into_iter().find(|opcode| FIN | *opcode as u8 == first)?;
        let (len, rest) = match short {
            127 => {
                let (len, rest) = rest.split_first_chunk()?;
                (usize::try_from(u64::from_be_bytes(*len)).ok()?, rest)
            }
            126 => {
                let (len, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*len)), rest)
            }
            short => (usize::from(short), rest),
        };
        let payload = rest.get(..len)?;
        let begin = frames.len().checked_sub(rest.len())?;
        at = begin.checked_add(len)?;
        Some((opcode, frames.slice_ref(payload)))
    })
}
