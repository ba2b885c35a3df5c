//! WebSocket frames as bytes (RFC 6455, section 5): whole frames out, whole frames in. It knows no
//! sockets, and no fragments, since no server here sends any.

pub(crate) const TEXT: u8 = 1;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// The first frame of some bytes.
pub(crate) struct Frame<'a> {
    pub(crate) opcode: u8,
    pub(crate) payload: &'a [u8],
    /// How many bytes the frame is long, header included.
    pub(crate) length: usize,
}

/// The first frame of `bytes`, if it is there as a whole. Frames of a client are not unmasked.
pub(crate) fn first(bytes: &[u8]) -> Option<Frame<'_>> {
    let (opcode, short) = (bytes.first()? & 0x0f, *bytes.get(1)? & 0x7f);
    let (header, payload) = match short {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        short => (2, usize::from(short)),
    };
    let length = header + payload;
    Some(Frame { opcode, payload: bytes.get(header..length)?, length })
}

fn header(opcode: u8, length: usize, mask_bit: u8) -> Vec<u8> {
    let mut frame = Vec::with_capacity(length + 14);
    frame.push(0x80 | opcode);
    if let Ok(short @ 0..=125) = u8::try_from(length) {
        frame.push(mask_bit | short);
    } else if let Ok(middle) = u16::try_from(length) {
        frame.push(mask_bit | 0x7e);
        frame.extend(middle.to_be_bytes());
    } else {
        frame.push(mask_bit | 0x7f);
        frame.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }
    frame
}

/// A frame as a client sends it.
pub(crate) fn of_client(opcode: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    let mut frame = header(opcode, payload.len(), 0x80);
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A frame as a server sends it.
pub(crate) fn of_server(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(opcode, payload.len(), 0);
    frame.extend(payload);
    frame
}
