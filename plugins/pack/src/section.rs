//! The sections of a module or a component (WebAssembly 1.0, section 5.5.2; the component model's binary
//! format): which there are, not what is in them.

/// The magic number and the version.
pub const HEADER_BYTES: usize = 8;

pub struct Section<'a> {
    pub id: u8,
    /// With its identifier and its size.
    pub whole: &'a [u8],
    pub body: &'a [u8],
}

impl Section<'_> {
    pub fn push(out: &mut Vec<u8>, id: u8, body: &[u8]) {
        out.push(id);
        push_leb(out, body.len());
        out.extend_from_slice(body);
    }
}

/// The header and the sections, in order; `None` when the bytes are not well formed.
pub fn sections(binary: &[u8]) -> Option<(&[u8], Vec<Section<'_>>)> {
    let header = binary.get(..HEADER_BYTES)?;
    let mut found = Vec::new();
    let mut at = HEADER_BYTES;
    while let Some(&id) = binary.get(at) {
        let (size, from) = leb(binary, at + 1)?;
        let end = from.checked_add(size)?;
        found.push(Section { id, whole: binary.get(at..end)?, body: &binary[from..end] });
        at = end;
    }
    Some((header, found))
}

/// An unsigned LEB128 number and the offset after it.
pub fn leb(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
    }
    None
}

pub fn push_leb(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap_or(0x7f);
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
