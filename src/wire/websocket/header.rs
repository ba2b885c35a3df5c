//! The 2 to 14 bytes before a client's payload (RFC 6455 section 5.2). Refuses as soon as the bytes
//! that show a violation are there.

use super::{Opcode, Violation};

/// Longest header of a client's frame.
#[cfg(test)]
pub(super) const HEADER_MAX_BYTES: usize = 14;
/// Longest payload of a control frame (section 5.5).
const CONTROL_MAX_BYTES: u64 = 125;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub fin: bool,
    pub opcode: Opcode,
    pub mask: [u8; 4],
    /// As announced; nothing may be allocated for it.
    pub len: u64,
}

impl Header {
    pub(super) fn is_control(&self) -> bool {
        matches!(self.opcode, Opcode::Close | Opcode::Ping | Opcode::Pong)
    }
}

/// Reads one header and how many bytes it has; `None` until all of them are there.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Header, usize)>, Violation> {
    let Some((&[first, second], rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
    if first & 0x70 != 0 {
        return Err(Violation::protocol("a reserved bit is set"));
    }
    let fin = first & 0x80 != 0;
    let opcode = opcode(first & 0x0F)?;
    if second & 0x80 == 0 {
        return Err(Violation::protocol("a client's frame must be masked"));
    }
    let short = u64::from(second & 0x7F);
    let control = matches!(opcode, Opcode::Close | Opcode::Ping | Opcode::Pong);
    if control && !fin {
        return Err(Violation::protocol("a control frame must not be fragmented"));
    }
    if control && short > CONTROL_MAX_BYTES {
        return Err(Violation::protocol("a control frame has at most 125 bytes"));
    }
    let Some((len, rest)) = length(short, rest)? else { return Ok(None) };
    let Some((&mask, rest)) = rest.split_first_chunk() else { return Ok(None) };
    let used = bytes.len().saturating_sub(rest.len());
    Ok(Some((Header { fin, opcode, mask, len }, used)))
}

fn opcode(bits: u8) -> Result<Opcode, Violation> {
    Ok(match bits {
        0x0 => Opcode::Continuation,
        0x1 => Opcode::Text,
        0x2 => Opcode::Binary,
        0x8 => Opcode::Close,
        0x9 => Opcode::Ping,
        0xA => Opcode::Pong,
        _ => return Err(Violation::protocol("a reserved opcode")),
    })
}

/// The payload's length, which must be written in the shortest way, and what follows it.
fn length(short: u64, rest: &[u8]) -> Result<Option<(u64, &[u8])>, Violation> {
    let (len, rest, least) = match short {
        126 => {
            let Some((&len, rest)) = rest.split_first_chunk() else { return Ok(None) };
            (u64::from(u16::from_be_bytes(len)), rest, 126)
        }
        127 => {
            let Some((&len, rest)) = rest.split_first_chunk() else { return Ok(None) };
            (u64::from_be_bytes(len), rest, 65_536)
        }
        _ => (short, rest, 0),
    };
    if len >> 63 != 0 {
        return Err(Violation::protocol("a length with its highest bit set"));
    }
    if len < least {
        return Err(Violation::protocol("a length that is not written in the shortest way"));
    }
    Ok(Some((len, rest)))
}
