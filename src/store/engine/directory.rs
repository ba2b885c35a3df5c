//! The directory of the store, and opening the database in it with care: the lock, the identity
//! beside the database, what a crash left behind, damage, and a database that comes up empty.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::progress;
use crate::store::{
    Fault, StoreSettings, keys,
    records::{Decode, Encode, Ident},
};

/// The format that this program writes.
pub const FORMAT: u32 = 1;
/// The database writes its file in segments of this size.
const SEGMENT_BYTES: u64 = 512 * 1024;
/// A process that was just killed may hold its lock for a moment.
const LOCK_ATTEMPTS: u32 = 25;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Where things lie in the directory.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// The directory that the database has for itself.
    pub fn database(&self) -> PathBuf {
        self.root.join("sled")
    }
    /// The one file in there that holds the data.
    pub fn data_file(&self) -> PathBuf {
        self.database().join("db")
    }
    pub fn ident(&self) -> PathBuf {
        self.root.join("IDENT")
    }
    pub fn lock(&self) -> PathBuf {
        self.root.join("LOCK")
    }
    pub fn ballast(&self) -> PathBuf {
        self.root.join("ballast")
    }
    pub fn attachments(&self) -> PathBuf {
        self.root.join("attachments")
    }
    /// Exists while a restore is under way.
    pub fn restoring(&self) -> PathBuf {
        self.root.join("RESTORING")
    }
    /// Counts the commits.
    pub fn progress(&self) -> PathBuf {
        self.root.join("PROGRESS")
    }
    /// The first name of this kind that is free.
    fn aside(&self, what: &str) -> PathBuf {
        let mut number = 1u32;
        loop {
            let path = self.root.join(format!("{what}-{number}"));
            if !path.exists() {
                return path;
            }
            number = number.saturating_add(1);
        }
    }
}

/// An open database and what goes with it.
pub struct Opened {
    pub layout: Layout,
    pub ident: Ident,
    pub db: sled::Db,
    pub sync_file: File,
    /// Groups that were committed so far.
    pub commits: u64,
    /// How often it was opened, this time included.
    pub starts: u64,
    pub lock: File,
}

/// What opening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct How {
    /// The store was new.
    pub created: bool,
    /// Something was wrong and was put right; the log says what.
    pub recovered: bool,
}

/// Opens the store in a directory, or makes one where there is none.
pub fn open(root: &Path, settings: &StoreSettings) -> Result<(Opened, How), Fault> {
    let layout = Layout::new(root);
    make_dir(root)?;
    let lock = lock(&layout)?;
    if layout.restoring().exists() {
        return Err(Fault::HalfRestored { path: root.into() });
    }
    let known = read_ident(&layout)?;
    let data_bytes = fs::metadata(layout.data_file()).map_or(0, |meta| meta.len());
    if known.is_some() && data_bytes == 0 {
        return Err(Fault::Vanished { path: layout.data_file() });
    }
    let cleaned = clean_snapshots(&layout.database())?;
    let (db, quarantined) = open_database(&layout, settings)?;
    let found = db.get(keys::ident()).map_err(|e| damaged(&layout, e.to_string()))?;
    let found = found.map(|bytes| Ident::decode("identity", &bytes)).transpose()?;
    let mut ident = match (known, found) {
        (Some(known), Some(found)) if known.store == found.store => found,
        (Some(_), Some(_)) => {
            return Err(damaged(&layout, "IDENT beside it is another store's".into()));
        }
        // Made, but the power went before the file beside it was written; or that was deleted.
        (None, Some(found)) => found,
        (Some(_), None) => return Err(move_aside(&layout, db)),
        (None, None) if data_bytes > SEGMENT_BYTES || !db.is_empty() => {
            return Err(move_aside(&layout, db));
        }
        (None, None) => Ident { store: random()?, epoch: random()?, format: FORMAT },
    };
    if ident.format > FORMAT {
        let found = ident.format;
        return Err(Fault::NewerFormat { path: root.into(), found, known: FORMAT });
    }
    let commits = read_commits(&db)?;
    let unproved = match progress::read(&layout.progress())? {
        Some(noted) if noted > commits => {
            let (path, progress) = (layout.data_file(), layout.progress());
            return Err(Fault::LostEnd { path, lost: noted - commits, progress });
        }
        Some(_) => false,
        // Nothing says that the end of the log is what was acknowledged.
        None => found.is_some(),
    };
    if unproved {
        tracing::warn!("PROGRESS is missing: clients that come back are told to start over");
        ident.epoch = random()?;
    }
    let path = layout.data_file();
    let sync_file = File::open(&path).map_err(|e| Fault::io("opening", &path, &e))?;
    let starts = read_starts(&db)?.saturating_add(1);
    write_sentinel(&db, &ident, starts, &sync_file)?;
    sync_dir(&layout.database())?;
    if known != Some(ident) {
        write_whole(&layout.ident(), ident.to_text().as_bytes())?;
    }
    let how = How { created: found.is_none(), recovered: cleaned || quarantined || unproved };
    Ok((Opened { layout, ident, db, sync_file, commits, starts, lock }, how))
}

fn read_commits(db: &sled::Db) -> Result<u64, Fault> {
    let row = db.get(keys::progress())?;
    Ok(row.and_then(|count| keys::number_at(&count, 0)).unwrap_or(0))
}

fn read_starts(db: &sled::Db) -> Result<u64, Fault> {
    let row = db.get(keys::starts())?;
    Ok(row.and_then(|count| keys::number_at(&count, 0)).unwrap_or(0))
}

/// Writes into the database who this is and how often it was opened, on disk when it returns:
/// nothing that a run writes may come before what another one wrote.
pub fn write_sentinel(
    db: &sled::Db,
    ident: &Ident,
    starts: u64,
    sync_file: &File,
) -> Result<(), Fault> {
    let mut batch = sled::Batch::default();
    batch.insert(keys::ident(), ident.encode()?);
    batch.insert(keys::starts(), starts.to_be_bytes().as_slice());
    db.apply_batch(batch)?;
    db.flush()?;
    sync_file.sync_all().map_err(|e| Fault::Failed { cause: e.to_string() })
}

/// Makes the directory, on disk when this returns.
pub fn make_dir(root: &Path) -> Result<(), Fault> {
    let failed = |e| Fault::io("making the directory", root, &e);
    if !root.is_dir() {
        fs::create_dir_all(root).map_err(failed)?;
        if let Some(parent) = root.parent().filter(|p| !p.as_os_str().is_empty()) {
            sync_dir(parent)?;
        }
    }
    Ok(())
}

/// Locks the directory for this process.
pub fn lock(layout: &Layout) -> Result<File, Fault> {
    let path = layout.lock();
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| Fault::io("opening", &path, &e))?;
    for _ in 0..LOCK_ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(e)) => return Err(Fault::io("locking", &path, &e)),
        }
    }
    Err(Fault::InUse { path: layout.root().into() })
}

fn read_ident(layout: &Layout) -> Result<Option<Ident>, Fault> {
    let path = layout.ident();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Fault::io("reading", path, &e)),
    };
    if let Some(found) = Ident::format_in(&text).filter(|found| *found > FORMAT) {
        return Err(Fault::NewerFormat { path: layout.root().into(), found, known: FORMAT });
    }
    let cause = "it does not say which store this is".into();
    Ident::from_text(&text).map(Some).ok_or(Fault::Damaged { path, cause })
}

/// Removes snapshots that a crash left half-written; the database rebuilds them from its log, but
/// does not open over them. Returns whether there were any.
fn clean_snapshots(dir: &Path) -> Result<bool, Fault> {
    let mut cleaned = false;
    for path in snapshots(dir)? {
        let half = path.extension().is_some_and(|e| e == "generating");
        let empty = fs::metadata(&path).is_ok_and(|meta| meta.len() == 0);
        if half || empty {
            tracing::warn!(path = %path.display(), "removing a half-written snapshot");
            fs::remove_file(&path).map_err(|e| Fault::io("removing", &path, &e))?;
            cleaned = true;
        }
    }
    if cleaned {
        sync_dir(dir)?;
    }
    Ok(cleaned)
}

fn snapshots(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Fault::io("reading", dir, &e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| Fault::io("reading", dir, &e))?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Opens the database; if it will not, its snapshots are put aside and it is asked once more.
pub fn open_database(layout: &Layout, settings: &StoreSettings) -> Result<(sled::Db, bool), Fault> {
    let first = match try_open(layout, settings) {
        Ok(db) => return Ok((db, false)),
        Err(fault @ Fault::Damaged { .. }) => fault,
        Err(fault) => return Err(fault),
    };
    let dir = layout.database();
    let found = snapshots(&dir)?;
    if found.is_empty() {
        return Err(first);
    }
    let aside = layout.aside("quarantine");
    tracing::warn!(%first, aside = %aside.display(), "putting the snapshots aside, trying again");
    fs::create_dir(&aside).map_err(|e| Fault::io("making the directory", &aside, &e))?;
    for path in found {
        let name = path.file_name().unwrap_or_default();
        fs::rename(&path, aside.join(name)).map_err(|e| Fault::io("moving", &path, &e))?;
    }
    sync_dir(&dir)?;
    sync_dir(layout.root())?;
    try_open(layout, settings).map(|db| (db, true))
}

/// Opens the database on a thread of its own, because it panics over damage.
fn try_open(layout: &Layout, settings: &StoreSettings) -> Result<sled::Db, Fault> {
    let dir = layout.database();
    let cache = settings.cache_max_bytes;
    for attempt in 1..=LOCK_ATTEMPTS {
        let config = sled::Config::new()
            .path(&dir)
            .cache_capacity(cache)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput);
        let opening = thread::Builder::new().name("parlour-open".into());
        let opening = opening
            .spawn(move || config.open())
            .map_err(|e| Fault::io("starting a thread for", &dir, &e))?;
        return match opening.join() {
            Ok(Ok(db)) => Ok(db),
            Ok(Err(sled::Error::Io(e))) if e.to_string().contains("could not acquire lock") => {
                // Its own threads let go of a closed database a little late.
                if attempt < LOCK_ATTEMPTS {
                    thread::sleep(LOCK_PAUSE);
                    continue;
                }
                Err(Fault::InUse { path: layout.root().into() })
            }
            Ok(Err(sled::Error::Io(e))) if unwritable(&e) => Err(Fault::io("opening", &dir, &e)),
            Ok(Err(e)) => Err(damaged(layout, e.to_string())),
            Err(_) => Err(damaged(layout, "reading it ended in a panic".into())),
        };
    }
    Err(Fault::InUse { path: layout.root().into() })
}

fn unwritable(e: &io::Error) -> bool {
    matches!(
        e.kind(),
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
    )
}

fn damaged(layout: &Layout, cause: String) -> Fault {
    Fault::Damaged { path: layout.data_file(), cause }
}

/// A database without what it must hold is kept as it is, away from where it would be written to.
fn move_aside(layout: &Layout, db: sled::Db) -> Fault {
    drop(db);
    let (path, aside) = (layout.database(), layout.aside("sled.damaged"));
    match fs::rename(&path, &aside).map_err(|e| Fault::io("moving", &path, &e)) {
        Ok(()) => match sync_dir(layout.root()) {
            Ok(()) => Fault::CameUpEmpty { path: layout.root().into(), aside },
            Err(fault) => fault,
        },
        Err(fault) => fault,
    }
}

/// Makes the names in a directory survive a power cut.
pub fn sync_dir(dir: &Path) -> Result<(), Fault> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|e| Fault::io("syncing the directory", dir, &e))
}

/// Writes a whole file so that after a power cut it is there complete or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let failed = |e: io::Error| Fault::io("writing", path, &e);
    let half = path.with_extension("tmp");
    let mut file = File::create(&half).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&half, path).map_err(failed)?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// A random number.
pub fn random() -> Result<u64, Fault> {
    getrandom::u64().map_err(|e| Fault::Io {
        doing: "asking the system for",
        path: "randomness".into(),
        cause: e.to_string(),
    })
}
