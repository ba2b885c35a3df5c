//! A database that is being filled by a restore. It is no store until the last step: a restore that
//! is interrupted leaves a directory that does not open.

use std::{fs, fs::File, path::Path};

use super::{
    directory::{
        Layout, lock, make_dir, open_database, random, sync_dir, write_sentinel, write_whole,
    },
    progress::Progress,
};
use crate::store::{Fault, StoreSettings, records::Ident};

/// The database on its way.
pub struct Fresh {
    layout: Layout,
    db: sled::Db,
    sync_file: File,
    _lock: File,
}

/// Begins a restore into an empty directory.
pub fn begin_restore(root: &Path, settings: &StoreSettings) -> Result<Fresh, Fault> {
    let layout = Layout::new(root);
    make_dir(root)?;
    let lock = lock(&layout)?;
    write_whole(&layout.restoring(), b"a restore is under way\n")?;
    let (db, _) = open_database(&layout, settings)?;
    let path = layout.data_file();
    let sync_file = File::open(&path).map_err(|e| Fault::io("opening", &path, &e))?;
    sync_dir(&layout.database())?;
    Ok(Fresh { layout, db, sync_file, _lock: lock })
}

impl Fresh {
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Writes rows, on disk when this returns.
    pub fn apply(&self, batch: sled::Batch) -> Result<(), Fault> {
        self.db.apply_batch(batch)?;
        self.db.flush()?;
        self.sync_file.sync_data().map_err(|e| Fault::Failed { cause: e.to_string() })
    }

    /// Makes it a store, the same as before but for its epoch; it counts its starts on from `starts`.
    pub fn finish(self, store: u64, format: u32, starts: u64) -> Result<(), Fault> {
        let ident = Ident { store, epoch: random()?, format };
        write_sentinel(&self.db, &ident, starts, &self.sync_file)?;
        write_whole(&self.layout.ident(), ident.to_text().as_bytes())?;
        Progress::start(&self.layout.progress(), 0)?;
        let path = self.layout.restoring();
        fs::remove_file(&path).map_err(|e| Fault::io("removing", &path, &e))?;
        sync_dir(self.layout.root())
    }
}
