//! Compiled code kept between starts, where only the server can write: each file carries a tag made with
//! a key of this installation. Never looks into the plugin directory.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    hash::{Hash, Hasher},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use sha2::{Digest, Sha256};
use wasmtime::component::Component;

use super::engine::Sandbox;

const TAG_BYTES: usize = 32;
const FILES_MAX: usize = 64;
/// Compiled code is several times its source, which is limited too.
const FILE_MAX_BYTES: u64 = 256 << 20;

/// The cache directory and its key.
#[derive(Clone)]
pub struct CodeCache {
    dir: PathBuf,
    key: [u8; 32],
}

impl CodeCache {
    /// Opens or makes the directory and the key.
    ///
    /// # Errors
    /// The directory cannot be made or is open to others and cannot be closed.
    pub fn open(dir: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let mut rights = fs::metadata(dir)?.permissions();
        if rights.mode() & 0o077 != 0 {
            rights.set_mode(0o700);
            fs::set_permissions(dir, rights)?;
        }
        Ok(Self { dir: dir.to_owned(), key: installation_key(&dir.join("key"))? })
    }

    /// The compiled form of a plugin with this hash, if it was stored by this installation for this
    /// engine.
    pub fn load(&self, sandbox: &Sandbox, sha: &str) -> Option<Component> {
        let name = file_name(sandbox, sha);
        let path = self.dir.join(&name);
        let file = OpenOptions::new().read(true).open(&path).ok()?;
        let mut bytes = Vec::new();
        file.take(FILE_MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let (tag, code) = bytes.split_at_checked(TAG_BYTES)?;
        if !same(tag, &self.tag(&name, code)) {
            tracing::warn!(file = %path.display(), "cached plugin code is not ours and is ignored");
            let _ = fs::remove_file(&path);
            return None;
        }
        match sandbox.load_own_code(code) {
            Ok(component) => Some(component),
            Err(cause) => {
                tracing::debug!(cause = %cause, "cached plugin code does not fit this engine");
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// Keeps a compiled plugin. That it cannot be kept costs time at the next start, nothing else.
    pub fn store(&self, sandbox: &Sandbox, sha: &str, component: &Component) {
        let kept = component
            .serialize()
            .map_err(io::Error::other)
            .and_then(|code| self.write(&file_name(sandbox, sha), &code));
        if let Err(cause) = kept {
            tracing::warn!(cause = %cause, "compiled plugin code cannot be kept");
        }
        self.prune();
    }

    fn write(&self, name: &str, code: &[u8]) -> io::Result<()> {
        let fresh = self.dir.join(format!("{name}.new"));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(&self.tag(name, code))?;
        file.write_all(code)?;
        fs::rename(&fresh, self.dir.join(name))
    }

    /// Forgets the files that were written longest ago.
    fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter(|entry| entry.file_name() != "key")
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort();
        let surplus = files.len().saturating_sub(FILES_MAX);
        for (_, path) in files.into_iter().take(surplus) {
            let _ = fs::remove_file(path);
        }
    }

    /// HMAC-SHA256 (RFC 2104) over the name and the code, so that a file cannot pose as another.
    fn tag(&self, name: &str, code: &[u8]) -> [u8; TAG_BYTES] {
        const BLOCK_BYTES: usize = 64;
        let pad = |with: u8| {
            let mut block = [with; BLOCK_BYTES];
            block.iter_mut().zip(self.key).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(u64::try_from(name.len()).unwrap_or(u64::MAX).to_be_bytes())
            .chain_update(name)
            .chain_update(code)
            .finalize();
        Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
    }
}

/// Compares without telling by its duration where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn installation_key(path: &Path) -> io::Result<[u8; 32]> {
    if let Ok(bytes) = fs::read(path)
        && let Ok(key) = <[u8; 32]>::try_from(bytes.as_slice())
    {
        return Ok(key);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|cause| io::Error::other(cause.to_string()))?;
    let fresh = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(&key)?;
    fs::rename(&fresh, path)?;
    Ok(key)
}

fn file_name(sandbox: &Sandbox, sha: &str) -> String {
    let mut engine = ShaHasher(Sha256::new());
    sandbox.engine().precompile_compatibility_hash().hash(&mut engine);
    let digest = hex(&engine.0.finalize());
    format!("{sha}-{}.code", digest.get(..16).unwrap_or_default())
}

/// A hasher whose result is the same in every build.
struct ShaHasher(Sha256);

impl Hasher for ShaHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        digest.iter().take(8).fold(0, |value, byte| (value << 8) | u64::from(*byte))
    }
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::{
        settings::{EngineChoice, Limits},
        tests::scratch,
    };

    #[test]
    fn code_comes_back_only_as_it_was_stored() {
        let dir = scratch("code-cache");
        let cache = CodeCache::open(&dir).expect("a cache");
        let sandbox =
            Sandbox::open(EngineChoice::Interpreter, &Limits::default()).expect("an engine");
        let component =
            Component::new(sandbox.engine(), b"\0asm\x0d\0\x01\0").expect("an empty component");
        cache.store(&sandbox, "aa", &component);
        assert!(cache.load(&sandbox, "aa").is_some());
        assert!(cache.load(&sandbox, "bb").is_none());

        let stored = dir.join(file_name(&sandbox, "aa"));
        let other = dir.join(file_name(&sandbox, "bb"));
        fs::copy(&stored, &other).expect("a copy");
        assert!(cache.load(&sandbox, "bb").is_none(), "a file cannot pose as another");

        let mut bytes = fs::read(&stored).expect("the file");
        *bytes.last_mut().expect("bytes") ^= 1;
        fs::write(&stored, bytes).expect("the change is written");
        assert!(cache.load(&sandbox, "aa").is_none(), "a changed file is refused");
        assert!(!stored.exists());

        assert_eq!(fs::metadata(&dir).expect("rights").permissions().mode() & 0o777, 0o700);
        let again = CodeCache::open(&dir).expect("a cache");
        assert_eq!(again.key, cache.key);
    }
}
