//! The plugins that come with the program, and keeping those that nobody touched up to date. Loads
//! none of them.

use std::{collections::BTreeMap, fmt::Write as _, io, path::Path};

use sha2::{Digest as _, Sha256};

use super::place::{Fault, fault, replace, write};

/// A plugin within the program.
#[derive(Clone, Copy)]
pub struct Builtin {
    /// Its file in the plugin directory.
    pub file: &'static str,
    pub bytes: &'static [u8],
}

/// The default plugins.
pub const BUILTIN: &[Builtin] = &[
    Builtin { file: "contacts.wasm", bytes: include_bytes!("../../../plugins/dist/contacts.wasm") },
    Builtin { file: "email.wasm", bytes: include_bytes!("../../../plugins/dist/email.wasm") },
    Builtin { file: "handles.wasm", bytes: include_bytes!("../../../plugins/dist/handles.wasm") },
    Builtin { file: "links.wasm", bytes: include_bytes!("../../../plugins/dist/links.wasm") },
    Builtin { file: "phone.wasm", bytes: include_bytes!("../../../plugins/dist/phone.wasm") },
    Builtin {
        file: "profanity.wasm",
        bytes: include_bytes!("../../../plugins/dist/profanity.wasm"),
    },
    Builtin { file: "rules.wasm", bytes: include_bytes!("../../../plugins/dist/rules.wasm") },
    Builtin { file: "spam.wasm", bytes: include_bytes!("../../../plugins/dist/spam.wasm") },
    Builtin { file: "threats.wasm", bytes: include_bytes!("../../../plugins/dist/threats.wasm") },
];

/// Which files we wrote, so that a plugin that was removed stays away and one that was changed stays
/// changed: lines of a hash, two spaces and a name, as sha256sum prints them.
const RECORD: &str = "builtin-plugins.sha256";

/// Writes the plugins that were never written here, and replaces those that are still as an older
/// version of this program wrote them. Returns the names of what was written.
///
/// # Errors
/// The first file that could not be read or written.
pub(super) fn write_all(
    plugins: &[Builtin],
    plugin_dir: &Path,
    state_dir: &Path,
) -> Result<Vec<String>, Fault> {
    let record = state_dir.join(RECORD);
    let known = read_record(&record)?;
    let mut now = known.clone();
    let mut written = Vec::new();
    for plugin in plugins {
        let path = plugin_dir.join(plugin.file);
        let fresh = digest(plugin.bytes);
        let wrote = match known.get(plugin.file) {
            None => write(&path, plugin.bytes, 0o644)?,
            Some(old) if *old == fresh => false,
            Some(old) => match std::fs::read(&path) {
                Ok(bytes) if digest(&bytes) == *old => {
                    replace(&path, plugin.bytes, 0o644)?;
                    true
                }
                Ok(_) => false,
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                Err(error) => return Err(fault(&path, error)),
            },
        };
        if wrote {
            written.push(plugin.file.to_owned());
        }
        now.insert(plugin.file.to_owned(), fresh);
    }
    if now != known {
        let text = now.iter().fold(String::new(), |mut text, (name, digest)| {
            let _ = writeln!(text, "{digest}  {name}");
            text
        });
        replace(&record, text.as_bytes(), 0o644)?;
    }
    Ok(written)
}

fn read_record(path: &Path) -> Result<BTreeMap<String, String>, Fault> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(fault(path, error)),
    };
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    Ok(lines.map(|(digest, name)| (name.to_owned(), digest.to_owned())).collect())
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
