//! Writing a backup of a running store.

use std::{fs, ops::Bound, path::Path, sync::mpsc};

use super::frame::{Counts, Header, Writer};
use crate::{
    domain::time::Millis,
    store::{
        Fault, Store, attachment,
        engine::{Op, sync_dir},
        keys,
    },
};

/// How many rows are read between two looks at what was changed meanwhile.
const STRIDE: usize = 512;

/// Writes everything into `path`, which is there complete or not at all. Other work goes on.
///
/// `without_originals` leaves out what only administrators see of sent messages: texts before
/// moderation and older versions. Held messages stay, because they are not sent yet.
///
/// # Errors
/// If the file cannot be written; a file of that name is not touched then.
pub fn write(
    store: &Store,
    path: &Path,
    without_originals: bool,
    now: Millis,
) -> Result<Counts, Fault> {
    write_while(store, path, without_originals, now, || ())
}

/// `write`, which calls `meanwhile` whenever it has read rows and not yet heard what was changed.
pub fn write_while(
    store: &Store,
    path: &Path,
    without_originals: bool,
    now: Millis,
    meanwhile: impl FnMut(),
) -> Result<Counts, Fault> {
    let mut half = path.as_os_str().to_owned();
    half.push(".half");
    let half = Path::new(&half);
    let result = write_half(store, half, without_originals, now, meanwhile);
    // A failed backup must not hold up the changes that it listens to.
    let untaped = store.engine.set_tape(None);
    match result {
        Ok(counts) => {
            untaped?;
            fs::rename(half, path).map_err(|e| Fault::io("writing", path, &e))?;
            let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
            sync_dir(parent.unwrap_or(Path::new(".")))?;
            Ok(counts)
        }
        Err(fault) => {
            // The first fault is the one to tell.
            let _ = fs::remove_file(half);
            Err(fault)
        }
    }
}

fn write_half(
    store: &Store,
    path: &Path,
    without_originals: bool,
    now: Millis,
    mut meanwhile: impl FnMut(),
) -> Result<Counts, Fault> {
    let ident = store.engine.ident();
    let header = Header {
        format: ident.format,
        store: ident.store,
        epoch: ident.epoch,
        starts: store.engine.starts(),
        created_at: now.0,
        without_originals,
    };
    let mut writer = Writer::create(path, header)?;
    let wanted = |key: &[u8]| {
        keys::range_of(key)
            .is_none_or(|range| range != keys::META && !(without_originals && range.private))
    };
    let (tape, changes) = mpsc::channel::<Vec<Op>>();
    store.engine.set_tape(Some(tape))?;
    let drain = |writer: &mut Writer| -> Result<(), Fault> {
        for (key, value) in changes.try_iter().flatten() {
            match value {
                _ if !wanted(&key) => (),
                Some(value) => writer.put(&key, &value)?,
                None => writer.remove(&key)?,
            }
        }
        Ok(())
    };
    let mut from = Bound::<sled::IVec>::Unbounded;
    loop {
        let mut count = 0;
        for row in store.engine.tree().range((from.clone(), Bound::Unbounded)).take(STRIDE) {
            let (key, value) = row?;
            if wanted(&key) {
                writer.put(&key, &value)?;
            }
            count += 1;
            from = Bound::Excluded(key);
        }
        if count < STRIDE {
            break;
        }
        meanwhile();
        // Always after the rows that were read before: a change that a row missed comes after it. And
        // before a new iterator: one keeps the node that it reads from, with rows as old as that.
        drain(&mut writer)?;
    }
    store.engine.set_tape(None)?;
    drain(&mut writer)?;
    // A file is in place before its record is written, so each record above has its file below.
    for (file, hash) in attachment::all(store.engine.layout())? {
        writer.attachment(&hash)?;
        let found = attachment::hash_file(&file, |bytes| writer.bytes(bytes))?;
        if found != hash {
            let cause = "its bytes are not those it was stored with".into();
            return Err(Fault::Damaged { path: file, cause });
        }
    }
    writer.finish()
}
