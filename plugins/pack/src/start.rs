//! Gives a core module a start section (WebAssembly 1.0, section 8). Reads only as much of the
//! module as that takes and refuses what it cannot follow.

use crate::section::{Section, leb, push_leb, sections};

const SECTION_EXPORT: u8 = 7;
const SECTION_START: u8 = 8;

/// The module with `name`, an exported function, as its start function.
///
/// # Errors
/// A sentence when the module has no such export, has a start function, or is not well formed.
pub fn with_start(module: &[u8], name: &str) -> Result<Vec<u8>, String> {
    let broken = || "not a well-formed core module".to_owned();
    let (header, sections) = sections(module).ok_or_else(broken)?;
    let mut out = header.to_vec();
    let mut function = None;
    let mut placed = false;
    for section in sections {
        if section.id == SECTION_START {
            return Err("the module has a start function already".to_owned());
        }
        if section.id == SECTION_EXPORT {
            function = exported_function(section.body, name).ok_or_else(broken)?;
        }
        // Sections after the exports (elements, data count, code, data) must follow the start.
        if !placed && section.id > SECTION_START {
            let index = function.ok_or_else(|| format!("no exported function named {name}"))?;
            let mut start = Vec::new();
            push_leb(&mut start, index);
            Section::push(&mut out, SECTION_START, &start);
            placed = true;
        }
        out.extend_from_slice(section.whole);
    }
    if placed { Ok(out) } else { Err(broken()) }
}

/// The index of the exported function of that name: `None` when the section cannot be read,
/// `Some(None)` when it holds no such function.
fn exported_function(exports: &[u8], name: &str) -> Option<Option<usize>> {
    let (count, mut at) = leb(exports, 0)?;
    for _ in 0..count {
        let (length, text) = leb(exports, at)?;
        let found = exports.get(text..text.checked_add(length)?)? == name.as_bytes();
        let kind = *exports.get(text + length)?;
        let (index, next) = leb(exports, text + length + 1)?;
        if found && kind == 0 {
            return Some(Some(index));
        }
        at = next;
    }
    Some(None)
}
