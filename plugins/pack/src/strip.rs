//! Takes the custom sections out of a component (WebAssembly 1.0, section 8.2.4): names and producers, which
//! nothing reads and which count towards its size.

use crate::section::{Section, sections};

const SECTION_CUSTOM: u8 = 0;
const SECTION_CORE_MODULE: u8 = 1;
const SECTION_COMPONENT: u8 = 4;

/// The component without custom sections, those of the modules and components in it included; `None`
/// when it is not well formed.
pub fn without_custom(binary: &[u8]) -> Option<Vec<u8>> {
    let (header, sections) = sections(binary)?;
    // Core modules say 0 in the upper half of the version, components 1.
    let component = header.ends_with(&[1, 0]);
    let mut out = header.to_vec();
    for section in sections {
        match section.id {
            SECTION_CUSTOM => (),
            SECTION_CORE_MODULE | SECTION_COMPONENT if component => {
                Section::push(&mut out, section.id, &without_custom(section.body)?);
            }
            _ => out.extend_from_slice(section.whole),
        }
    }
    Some(out)
}
