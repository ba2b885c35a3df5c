//! The small JSON files that moderation keeps in the state directory. Each begins with the number of its
//! format; a write replaces the file as a whole and is on the disk when it returns. Knows no content.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Record<T> {
    format: u32,
    #[serde(flatten)]
    content: T,
}

/// Reads a file; a missing one is empty.
///
/// # Errors
/// Why it cannot be read, as the end of a sentence. Such a file must not be written over.
pub fn read<T: Default + DeserializeOwned>(path: &Path) -> Result<T, String> {
    let bytes = match fs::read(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
        read => read.map_err(|cause| cause.to_string())?,
    };
    let Record { format, content } =
        serde_json::from_slice(&bytes).map_err(|cause| cause.to_string())?;
    if format == FORMAT {
        Ok(content)
    } else {
        Err(format!("its format {format} is not known here"))
    }
}

/// Puts a file in the place of what was there.
///
/// # Errors
/// The disk's; what was there stays.
pub fn write<T: Serialize>(path: &Path, content: &T) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    let record = Record { format: FORMAT, content };
    file.write_all(&serde_json::to_vec_pretty(&record).map_err(io::Error::other)?)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}
