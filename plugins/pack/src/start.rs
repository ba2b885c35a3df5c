//! Gives a core module a start section (WebAssembly 1.0, section 8). Reads only as much of the
//! module as that takes and refuses what it cannot follow.

const SECTION_EXPORT: u8 = 7;
const SECTION_START: u8 = 8;
const HEADER_BYTES: usize = 8;

/// The module with `name`, an exported function, as its start function.
///
/// # Errors
/// A sentence when the module has no such export, has a start function, or is not well formed.
pub fn with_start(module: &[u8], name: &str) -> Result<Vec<u8>, String> {
    let broken = || "not a well-formed core module".to_owned();
    let mut out = module.get(..HEADER_BYTES).ok_or_else(broken)?.to_vec();
    let mut at = HEADER_BYTES;
    let mut function = None;
    let mut placed = false;
    while at < module.len() {
        let id = *module.get(at).ok_or_else(broken)?;
        let (size, body) = leb(module, at + 1).ok_or_else(broken)?;
        let end = body.checked_add(size).filter(|e| *e <= module.len()).ok_or_else(broken)?;
        if id == SECTION_START {
            return Err("the module has a start function already".to_owned());
        }
        if id == SECTION_EXPORT {
            function = exported_function(module, body, name).ok_or_else(broken)?;
        }
        // Sections after the exports (elements, data count, code, data) must follow the start.
        if !placed && id > SECTION_START {
            let index = function.ok_or_else(|| format!("no exported function named {name}"))?;
            let mut start = Vec::new();
            push_leb(&mut start, index);
            out.push(SECTION_START);
            push_leb(&mut out, start.len());
            out.extend_from_slice(&start);
            placed = true;
        }
        out.extend_from_slice(module.get(at..end).ok_or_else(broken)?);
        at = end;
    }
    if placed { Ok(out) } else { Err(broken()) }
}

/// The index of the exported function of that name: `None` when the section cannot be read,
/// `Some(None)` when it holds no such function.
fn exported_function(module: &[u8], body: usize, name: &str) -> Option<Option<usize>> {
    let (count, mut at) = leb(module, body)?;
    for _ in 0..count {
        let (length, text) = leb(module, at)?;
        let found = module.get(text..text.checked_add(length)?)? == name.as_bytes();
        let kind = *module.get(text + length)?;
        let (index, next) = leb(module, text + length + 1)?;
        if found && kind == 0 {
            return Some(Some(index));
        }
        at = next;
    }
    Some(None)
}

/// An unsigned LEB128 number and the offset after it.
fn leb(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
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

fn push_leb(out: &mut Vec<u8>, mut value: usize) {
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
