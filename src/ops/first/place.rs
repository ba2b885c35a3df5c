//! The files of the first start: the data directory, the configuration, the signing secret and the
//! default plugins. Whatever exists stays as it is. Knows no database.

use std::{
    fmt,
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use super::{
    builtin::{self, BUILTIN},
    credentials::random_text,
};
use crate::ops::config::{self, Loaded};

/// What was made; empty at every later start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub directory: bool,
    /// The configuration file, if it was written.
    pub config: Option<PathBuf>,
    pub secret: bool,
    /// File names of plugins that were written or brought up to date.
    pub plugins: Vec<String>,
}

/// Something could not be made.
#[derive(Debug)]
pub struct Fault {
    pub path: PathBuf,
    pub error: io::Error,
}

/// Bytes of randomness of the signing secret.
const SECRET_BYTES: usize = 32;

/// Makes what is missing, before the store is opened. The configuration file is written only in its
/// usual place in the data directory: one that `--config` names exists already, or loading had failed.
///
/// # Errors
/// The first thing that could not be made.
pub fn prepare(loaded: &Loaded) -> Result<Made, Fault> {
    let resolved = &loaded.resolved;
    let mut made = Made { directory: directory(&resolved.data_dir)?, ..Made::default() };
    if !loaded.exists {
        if let Some(parent) = loaded.file.parent() {
            directory(parent)?;
        }
        if write(&loaded.file, config::example().as_bytes(), 0o640)? {
            made.config = Some(loaded.file.clone());
        }
    }
    if resolved.auth.secret_is_ours {
        let path = &resolved.auth.secret_file;
        if !path.exists() {
            let secret = random_text(SECRET_BYTES).map_err(|error| fault(path, error))?;
            made.secret = write(path, format!("{secret}\n").as_bytes(), 0o600)?;
        }
    }
    directory(&resolved.moderation.dir)?;
    made.plugins = builtin::write_all(BUILTIN, &resolved.moderation.dir, &resolved.data_dir)?;
    Ok(made)
}

impl Made {
    /// Whether anything was made.
    #[must_use]
    pub fn anything(&self) -> bool {
        *self != Self::default()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be made: {}", self.path.display(), self.error)?;
        if self.error.kind() == io::ErrorKind::PermissionDenied {
            f.write_str("; choose a directory that this user may write with --data")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

pub(super) fn fault(path: &Path, error: io::Error) -> Fault {
    Fault { path: path.to_owned(), error }
}

/// Makes a directory for its owner only; whether it had to be made.
fn directory(path: &Path) -> Result<bool, Fault> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(false);
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| fault(path, error))?;
    sync_parent(path)?;
    Ok(true)
}

/// Writes a file unless there is one; whether it was written.
pub(super) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<bool, Fault> {
    // A link that leads nowhere is there too: somebody put it there.
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    replace(path, bytes, mode)?;
    Ok(true)
}

/// Writes a file as a whole: after a crash there is the old one or the new one.
pub(super) fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Fault> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = path.with_file_name(name);
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&fresh)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&fresh, path));
    if let Err(error) = written {
        // What is half written would only confuse; if it cannot be removed, the first error counts.
        let _ = std::fs::remove_file(&fresh);
        return Err(fault(path, error));
    }
    sync_parent(path)
}

fn sync_parent(path: &Path) -> Result<(), Fault> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    File::open(parent).and_then(|open| open.sync_all()).map_err(|error| fault(parent, error))
}
