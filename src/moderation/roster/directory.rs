//! The plugin directory as it lies on disk: which files there are, whether they changed, who could have
//! written them. Looks with stat only until a file is to be read; judges no content.

use std::{
    collections::BTreeMap,
    fs::{self, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::moderation::{
    sandbox::hex,
    settings::Limits,
    trouble::{Trouble, TroubleKind},
};

/// What changes when a file changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    #[cfg(test)]
    pub fn longer(self) -> Self {
        Self { bytes: self.bytes + 1, ..self }
    }
}

/// One look at the directory.
pub struct Glance {
    /// By file name.
    pub files: BTreeMap<String, Stamp>,
    /// Files that were left out because there are too many.
    pub surplus: usize,
}

/// Looks at the directory.
///
/// # Errors
/// It cannot be read.
pub fn glance(dir: &Path, limits: &Limits) -> io::Result<Glance> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let hidden = name.starts_with('.') || name.chars().any(char::is_control);
        if hidden || Path::new(&name).extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        // A link that leads nowhere, or a file that is gone again, is no file.
        if let Ok(metadata) = fs::metadata(entry.path()) {
            files.insert(name, Stamp::of(&metadata));
        }
    }
    let surplus = files.len().saturating_sub(limits.files_max);
    if surplus > 0 {
        files = files.into_iter().take(limits.files_max).collect();
    }
    Ok(Glance { files, surplus })
}

/// A file's bytes and what belongs to them.
pub struct Content {
    pub bytes: Vec<u8>,
    /// In hex.
    pub sha: String,
    pub stamp: Stamp,
    /// Whether only root or the server's own user could have put it there; else why not.
    pub trusted: Result<(), String>,
}

/// Reads a file, at most as much as a plugin may have.
///
/// # Errors
/// It cannot be read, is no regular file or is too large.
pub fn read(path: &Path, limits: &Limits) -> Result<Content, Trouble> {
    let unreadable =
        |cause: io::Error| Trouble::new(TroubleKind::Host, format!("cannot be read: {cause}"));
    // Opening a pipe must not wait for its other end.
    let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file =
        OpenOptions::new().read(true).custom_flags(nonblocking).open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Trouble::new(TroubleKind::File, "is not a regular file"));
    }
    let max = u64::try_from(limits.file_max_bytes).unwrap_or(u64::MAX);
    let too_large = |bytes: u64| {
        let (mib, max_mib) = (bytes.div_ceil(1 << 20), max >> 20);
        Trouble::new(
            TroubleKind::File,
            format!("has {mib} MiB; a plugin has at most {max_mib} MiB (limit file_max_bytes)"),
        )
    };
    if metadata.len() > max {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    Read::by_ref(&mut &file)
        .take(max.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if read > max {
        return Err(too_large(read));
    }
    Ok(Content {
        sha: hex(&Sha256::digest(&bytes)),
        bytes,
        stamp: Stamp::of(&metadata),
        trusted: trusted(&metadata, path),
    })
}

fn trusted(file: &Metadata, path: &Path) -> Result<(), String> {
    let dir: PathBuf = path.parent().unwrap_or(Path::new(".")).to_owned();
    let ours = |metadata: &Metadata| {
        let uid = metadata.uid();
        uid == 0 || uid == rustix::process::geteuid().as_raw()
    };
    let open = |metadata: &Metadata| metadata.mode() & 0o022 != 0;
    if !ours(file) {
        return Err("its owner is neither root nor the server's user".to_owned());
    }
    if open(file) {
        return Err("other users may write to it".to_owned());
    }
    match fs::metadata(&dir) {
        Err(cause) => Err(format!("its directory cannot be looked at: {cause}")),
        Ok(dir) if !ours(&dir) => {
            Err("its directory belongs to neither root nor the server's user".to_owned())
        }
        Ok(dir) if open(&dir) => Err("other users may write to its directory".to_owned()),
        Ok(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::moderation::tests::scratch;

    #[test]
    fn only_plugin_files_are_seen() {
        let dir = scratch("glance");
        for name in ["a.wasm", "b.wasm", ".c.wasm", "d.txt", "e.wasm.part"] {
            fs::write(dir.join(name), name).expect("written");
        }
        std::os::unix::fs::symlink("nowhere", dir.join("f.wasm")).expect("a link");
        let limits = Limits::default();
        let seen = glance(&dir, &limits).expect("a look");
        assert_eq!(seen.files.keys().collect::<Vec<_>>(), ["a.wasm", "b.wasm"]);
        let few = glance(&dir, &Limits { files_max: 1, ..limits }).expect("a look");
        assert_eq!((few.files.len(), few.surplus), (1, 1));
    }

    #[test]
    fn trust_needs_rights_that_keep_others_out() {
        let dir = scratch("trust");
        let path = dir.join("a.wasm");
        fs::write(&path, b"x").expect("written");
        let check = |dir_mode, file_mode, expected: Option<&str>| {
            fs::set_permissions(&dir, fs::Permissions::from_mode(dir_mode)).expect("rights");
            fs::set_permissions(&path, fs::Permissions::from_mode(file_mode)).expect("rights");
            let trusted = read(&path, &Limits::default()).expect("read").trusted;
            assert_eq!(trusted.err().as_deref(), expected);
        };
        check(0o755, 0o644, None);
        check(0o775, 0o644, Some("other users may write to its directory"));
        check(0o755, 0o664, Some("other users may write to it"));
        check(0o700, 0o600, None);
    }

    #[test]
    fn what_is_no_plugin_file_is_not_read() {
        let dir = scratch("read");
        let limits = Limits { file_max_bytes: 10, ..Limits::default() };
        let check = |name: &str, expected: &str| {
            let trouble = read(&dir.join(name), &limits).err().expect("refused");
            assert!(trouble.sentence.contains(expected), "{trouble}");
        };
        fs::create_dir(dir.join("dir.wasm")).expect("made");
        fs::write(dir.join("large.wasm"), [0; 11]).expect("written");
        check("dir.wasm", "is not a regular file");
        check("large.wasm", "a plugin has at most");
        check("none.wasm", "cannot be read");
    }
}
