//! How many groups were committed, in a small file beside the database. The file is written after
//! each sync and not synced itself, so it never knows of more than the disk has: a database that
//! knows of fewer has lost acknowledged changes, which it would not notice by itself.

use std::{fs::File, io, os::unix::fs::FileExt, path::Path};

use super::directory::write_whole;
use crate::store::Fault;

const BYTES: usize = 12;

/// The open file.
pub struct Progress {
    file: File,
}

impl Progress {
    /// Opens or makes the file, which says `count` from now on.
    pub fn start(path: &Path, count: u64) -> Result<Self, Fault> {
        write_whole(path, &encode(count))?;
        let file = File::options().write(true).open(path);
        Ok(Self { file: file.map_err(|e| Fault::io("opening", path, &e))? })
    }

    /// So many groups are on disk.
    pub fn note(&self, count: u64) {
        // An older count is a true one too, only less telling.
        if let Err(error) = self.file.write_all_at(&encode(count), 0) {
            tracing::warn!(%error, "the count of commits could not be noted");
        }
    }

    /// Makes the last count survive a power cut.
    pub fn sync(&self) {
        if let Err(error) = self.file.sync_data() {
            tracing::warn!(%error, "the count of commits could not be synced");
        }
    }
}

/// What the file says; `None` where it is missing or torn.
pub fn read(path: &Path) -> Result<Option<u64>, Fault> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(decode(&bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Fault::io("reading", path, &e)),
    }
}

fn encode(count: u64) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let (number, crc) = bytes.split_at_mut(8);
    number.copy_from_slice(&count.to_be_bytes());
    crc.copy_from_slice(&crc32c::crc32c(number).to_be_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<u64> {
    let (number, crc) = bytes.split_at_checked(8)?;
    (crc == crc32c::crc32c(number).to_be_bytes()).then_some(())?;
    number.try_into().ok().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_count_is_none() {
        for count in [0, 1, u64::MAX] {
            let bytes = encode(count);
            assert_eq!(decode(&bytes), Some(count));
            assert_eq!(decode(&bytes[..11]), None);
            assert_eq!(decode(&[&bytes[..], &[0]].concat()), None);
        }
        assert_eq!(decode(&[0; 12]), None);
        assert_eq!(decode(&[]), None);
    }
}
