//! What can go wrong with the store, each in one sentence that says what to do. Nothing in here is a
//! caller's fault; it never carries what people wrote.

use std::{fmt, io, path::PathBuf};

/// A fault of the store. Cheap to clone, because one failed sync answers many waiting callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The directory or a file in it cannot be written.
    NotWritable { path: PathBuf, cause: String },
    /// Another process has the directory open.
    InUse { path: PathBuf },
    /// A newer program wrote this directory.
    NewerFormat { path: PathBuf, found: u32, known: u32 },
    /// The database cannot be read.
    Damaged { path: PathBuf, cause: String },
    /// The directory is known to have held data, but the database has none; it was moved aside.
    CameUpEmpty { path: PathBuf, aside: PathBuf },
    /// The directory is known to have held data, but its database file is gone.
    Vanished { path: PathBuf },
    /// Changes that were on disk once are missing from the end of the database.
    LostEnd { path: PathBuf, lost: u64, progress: PathBuf },
    /// A restore into this directory did not come to its end.
    HalfRestored { path: PathBuf },
    /// A restore wants an empty directory.
    NotEmpty { path: PathBuf },
    /// A backup file cannot be used.
    BadBackup { path: PathBuf, problem: String },
    /// One stored record cannot be read; the others can.
    Record { place: String, cause: String },
    /// A batch refers to an entry that the log does not hold.
    NoEntry { place: String },
    /// A single batch is larger than the store takes.
    TooLarge { bytes: usize, bytes_max: usize },
    /// The system refused something.
    Io { doing: &'static str, path: PathBuf, cause: String },
    /// Writing or syncing failed once; nothing is accepted any more.
    Failed { cause: String },
    /// The store is closed.
    Closed,
}

impl Fault {
    /// What the system's error means for `path`.
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>, cause: &io::Error) -> Self {
        let path = path.into();
        match cause.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable { path, cause: cause.to_string() }
            }
            _ => Self::Io { doing, path, cause: cause.to_string() },
        }
    }

    pub(super) fn record(place: impl Into<String>, cause: impl fmt::Display) -> Self {
        Self::Record { place: place.into(), cause: cause.to_string() }
    }

    pub(super) fn backup(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Self::BadBackup { path: path.into(), problem: problem.into() }
    }
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Corruption { .. } => {
                Self::Damaged { path: "sled/db".into(), cause: error.to_string() }
            }
            _ => Self::Failed { cause: error.to_string() },
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWritable { path, cause } => write!(
                f,
                "{} cannot be written ({cause}): give the server's user write access to it or choose \
                 another data directory",
                path.display()
            ),
            Self::InUse { path } => write!(
                f,
                "{} is in use by another running parlour: stop that one first, or give this one \
                 its own data directory",
                path.display()
            ),
            Self::NewerFormat { path, found, known } => write!(
                f,
                "{} was written by a newer parlour (newer format {found}, this program knows up to \
                 {known}): install the newer version; nothing was changed",
                path.display()
            ),
            Self::NotEmpty { path } => {
                write!(f, "{} is not empty: a restore needs an empty directory", path.display())
            }
            Self::BadBackup { path, problem } => {
                write!(f, "the backup {} cannot be used: {problem}", path.display())
            }
            Self::Record { place, cause } => write!(
                f,
                "the stored record {place} cannot be read ({cause}): run `parlour check` and keep \
                 the newest backup"
            ),
            Self::NoEntry { place } => write!(f, "the log holds no message at {place}"),
            Self::TooLarge { bytes, bytes_max } => {
                write!(f, "one change of {bytes} bytes is more than the store takes ({bytes_max})")
            }
            Self::Io { doing, path, cause } => {
                write!(f, "{doing} {} failed: {cause}", path.display())
            }
            Self::Failed { cause } => write!(
                f,
                "writing to the database failed ({cause}): the server stops so that nothing is \
                 acknowledged that is not on disk; look at the disk, then start it again"
            ),
            Self::Closed => f.write_str("the store is closed because the server is stopping"),
            Self::Damaged { .. }
            | Self::CameUpEmpty { .. }
            | Self::Vanished { .. }
            | Self::LostEnd { .. }
            | Self::HalfRestored { .. } => f.write_str(&self.loss().unwrap_or_default()),
        }
    }
}

impl Fault {
    /// The sentences about data that is not there.
    fn loss(&self) -> Option<String> {
        let restore = "restore the newest backup into an empty directory with `parlour restore`";
        Some(match self {
            Self::Damaged { path, cause } => format!(
                "the database {} is damaged and cannot be read ({cause}): keep it, and {restore}",
                path.display()
            ),
            Self::CameUpEmpty { path, aside } => format!(
                "the database in {} came up without its data, so it was moved to {} and the server \
                 does not start empty: {restore}",
                path.display(),
                aside.display()
            ),
            Self::Vanished { path } => format!(
                "{} is missing although this directory held data, and the server does not start \
                 empty: put the file back, or {restore}",
                path.display()
            ),
            Self::LostEnd { path, lost, progress } => format!(
                "the last {lost} commits are missing from {} although they were on disk: {restore}, \
                 or delete {} to go on without them",
                path.display(),
                progress.display()
            ),
            Self::HalfRestored { path } => format!(
                "the restore into {} did not finish: empty the directory and run `parlour restore` \
                 again",
                path.display()
            ),
            _ => return None,
        })
    }
}

impl std::error::Error for Fault {}
