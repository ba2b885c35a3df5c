//! Reading a backup: proving that it is whole, and making a store of it.

use std::{fs, path::Path};

use super::frame::{Counts, Frame, Header, Reader};
use crate::store::{Fault, StoreSettings, attachment::Upload, engine};

/// Rows that are written between two syncs.
const STRIDE: usize = 256;

/// Reads a whole backup and checks every frame, the counts and the hash.
///
/// # Errors
/// [`Fault::BadBackup`] with what is wrong with it.
pub fn verify(path: &Path) -> Result<(Header, Counts), Fault> {
    let (mut reader, header) = Reader::open(path)?;
    if header.format > engine::FORMAT {
        let (path, found) = (path.into(), header.format);
        return Err(Fault::NewerFormat { path, found, known: engine::FORMAT });
    }
    let mut counts = Counts::default();
    while let Some(frame) = reader.next()? {
        match frame {
            Frame::Trailer(found) => counts = found,
            Frame::Header(_) => return Err(reader.bad("it has two headers")),
            _ => (),
        }
    }
    Ok((header, counts))
}

/// Makes a store with a new epoch in an empty directory. The backup is verified first, so that a
/// bad one changes nothing.
///
/// # Errors
/// [`Fault::NotEmpty`], [`Fault::BadBackup`], or what the disk said. A directory in which this was
/// interrupted does not open; empty it and begin again.
pub fn restore(
    path: &Path,
    dir: &Path,
    settings: &StoreSettings,
) -> Result<(Header, Counts), Fault> {
    let (header, counts) = verify(path)?;
    let empty = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
        Err(e) => return Err(Fault::io("reading", dir, &e)),
    };
    if !empty {
        return Err(Fault::NotEmpty { path: dir.into() });
    }
    let new = engine::begin_restore(dir, settings)?;
    let (mut reader, _) = Reader::open(path)?;
    let mut batch = sled::Batch::default();
    let mut count = 0;
    let mut upload: Option<(Upload, String)> = None;
    while let Some(frame) = reader.next()? {
        match frame {
            Frame::Put(key, value) => {
                batch.insert(key, value);
                count += 1;
            }
            Frame::Remove(key) => {
                batch.remove(key);
                count += 1;
            }
            Frame::Attachment(hash) => {
                finish(&reader, upload.take())?;
                upload = Some((Upload::begin(new.layout())?, hash));
            }
            Frame::Bytes(bytes) => match &mut upload {
                Some((upload, _)) => upload.write(&bytes)?,
                None => return Err(reader.bad("it holds bytes of no attachment")),
            },
            Frame::Header(_) | Frame::Trailer(_) => (),
        }
        if count == STRIDE {
            new.apply(std::mem::take(&mut batch))?;
            count = 0;
        }
    }
    finish(&reader, upload.take())?;
    new.apply(batch)?;
    new.finish(header.store, header.format, header.starts)?;
    Ok((header, counts))
}

fn finish(reader: &Reader, upload: Option<(Upload, String)>) -> Result<(), Fault> {
    let Some((upload, expected)) = upload else { return Ok(()) };
    let (hash, _) = upload.finish()?;
    if hash == expected { Ok(()) } else { Err(reader.bad("an attachment is not what it says")) }
}
