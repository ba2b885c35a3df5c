//! The bytes of attachments: files named by their content, beside the database. What is known about
//! an attachment besides its bytes is a record in the database.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    Batch, Fault, Store,
    engine::{Layout, random, sync_dir},
    keys,
    records::{AttachmentRecord, Decode, Encode},
};

/// Begins the name of a file that is still being written.
const HALF: &str = "half-";

/// An attachment on its way in; dropped unfinished it leaves nothing.
pub struct Upload {
    dir: PathBuf,
    half: Option<PathBuf>,
    file: File,
    hash: Sha256,
    size_bytes: u64,
}

impl Upload {
    pub(super) fn begin(layout: &Layout) -> Result<Self, Fault> {
        let dir = layout.attachments();
        if !dir.is_dir() {
            fs::create_dir_all(&dir).map_err(|e| Fault::io("making the directory", &dir, &e))?;
            sync_dir(layout.root())?;
        }
        let half = dir.join(format!("{HALF}{:016x}", random()?));
        let file = File::create_new(&half).map_err(|e| Fault::io("writing", &half, &e))?;
        Ok(Self { dir, half: Some(half), file, hash: Sha256::new(), size_bytes: 0 })
    }

    /// More bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hash.update(bytes);
        self.size_bytes = self.size_bytes.saturating_add(bytes.len() as u64);
        self.file.write_all(bytes).map_err(|e| Fault::io("writing", &self.dir, &e))
    }

    /// Puts the file in its place, on disk when this returns: its hash in hex and its size in bytes.
    pub fn finish(mut self) -> Result<(String, u64), Fault> {
        let hash = hex(&self.hash.finalize_reset());
        let path = path_of(&self.dir, &hash);
        let failed = |e: io::Error| Fault::io("writing", &path, &e);
        let folder = path.parent().unwrap_or(&self.dir);
        if !folder.is_dir() {
            fs::create_dir_all(folder).map_err(failed)?;
            sync_dir(&self.dir)?;
        }
        self.file.sync_all().map_err(failed)?;
        if let Some(half) = self.half.take() {
            fs::rename(&half, &path).map_err(failed)?;
        }
        sync_dir(folder)?;
        Ok((hash, self.size_bytes))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(half) = &self.half {
            // Whatever stays is removed at the next start.
            let _ = fs::remove_file(half);
        }
    }
}

impl Store {
    /// Takes in an attachment's bytes. Blocks on the disk.
    #[cfg_attr(not(test), expect(dead_code, reason = "the verbs of attachments"))]
    pub fn upload(&self) -> Result<Upload, Fault> {
        Upload::begin(self.engine.layout())
    }

    /// The file with the bytes of this hash, if there is one.
    pub fn attachment_file(&self, hash: &str) -> Option<PathBuf> {
        let valid = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let path = valid.then(|| path_of(&self.engine.layout().attachments(), hash))?;
        path.is_file().then_some(path)
    }

    /// What is known of the attachment with this id.
    #[cfg_attr(not(test), expect(dead_code, reason = "the verbs of attachments"))]
    pub fn attachment(&self, id: &str) -> Result<Option<AttachmentRecord>, Fault> {
        let row = self.engine.row(&keys::named(keys::ATTACHMENTS, id))?;
        row.map(|bytes| AttachmentRecord::decode("attachment", &bytes)).transpose()
    }
}

impl Batch {
    /// Writes down what is known of an attachment whose bytes are in place.
    #[cfg_attr(not(test), expect(dead_code, reason = "the verbs of attachments"))]
    pub fn attach(&mut self, record: &AttachmentRecord) -> Result<(), Fault> {
        self.put(keys::named(keys::ATTACHMENTS, &record.id), record.encode()?);
        Ok(())
    }
}

/// Removes what a crash left half-written.
pub(super) fn clean(layout: &Layout) -> Result<(), Fault> {
    for (path, name) in files_in(&layout.attachments())? {
        if name.starts_with(HALF) {
            fs::remove_file(&path).map_err(|e| Fault::io("removing", &path, &e))?;
        }
    }
    Ok(())
}

/// All attachment files with their hashes.
pub(super) fn all(layout: &Layout) -> Result<Vec<(PathBuf, String)>, Fault> {
    let mut found = Vec::new();
    for (folder, _) in files_in(&layout.attachments())? {
        if folder.is_dir() {
            found.extend(files_in(&folder)?);
        }
    }
    found.sort();
    Ok(found)
}

/// The hash of a file's bytes in hex, read through `each`.
pub(super) fn hash_file(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<String, Fault> {
    let failed = |e: io::Error| Fault::io("reading", path, &e);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = io::Read::read(&mut file, &mut buffer).map_err(failed)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(bytes);
        each(bytes)?;
    }
}

fn files_in(dir: &Path) -> Result<Vec<(PathBuf, String)>, Fault> {
    let failed = |e: io::Error| Fault::io("reading", dir, &e);
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(failed(e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        found.push((entry.path(), entry.file_name().to_string_lossy().into_owned()));
    }
    Ok(found)
}

/// A folder for each first byte keeps folders small.
fn path_of(dir: &Path, hash: &str) -> PathBuf {
    dir.join(hash.get(..2).unwrap_or_default()).join(hash)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
