//! The frames of a backup file and their checks. Knows no store.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{domain::time::Millis, store::Fault};

const MAGIC: &[u8] = b"parlour backup 1\n";
/// No frame is longer: a row has at most a long key and 6 KiB, an attachment comes in pieces.
const PAYLOAD_MAX_BYTES: usize = 128 * 1024;

/// What a backup says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Format of the rows.
    pub format: u32,
    pub store: u64,
    /// Of the store that was backed up; a restored one gets another.
    pub epoch: u64,
    /// How often that store had been opened.
    pub starts: u64,
    /// Milliseconds since 1970.
    pub created_at: u64,
    pub without_originals: bool,
}

impl Header {
    pub fn created(&self) -> Millis {
        Millis(self.created_at)
    }
}

/// What a backup holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows written, counting those that were written again.
    pub rows: u64,
    /// Rows removed while the backup was made.
    pub removed: u64,
    pub attachments: u64,
    /// Of the attachments.
    pub attachment_bytes: u64,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Header(Header),
    Put(Vec<u8>, Vec<u8>),
    Remove(Vec<u8>),
    /// The bytes that follow are those of the attachment with this hash.
    Attachment(String),
    Bytes(Vec<u8>),
    Trailer(Counts),
}

#[derive(Serialize, Deserialize)]
struct TrailerShape {
    counts: Counts,
    sha256: [u8; 32],
}

// === writing ===

/// Writes frames, counting and hashing them.
pub struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    counts: Counts,
}

impl Writer {
    pub fn create(path: &Path, header: Header) -> Result<Self, Fault> {
        let file = File::create(path).map_err(|e| Fault::io("writing", path, &e))?;
        let mut writer = Self {
            path: path.into(),
            file: BufWriter::with_capacity(1 << 18, file),
            hash: Sha256::new(),
            counts: Counts::default(),
        };
        writer.raw(MAGIC)?;
        writer.frame(b'H', &pack(&header)?)?;
        Ok(writer)
    }

    pub fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        self.counts.rows += 1;
        let mut payload = Vec::with_capacity(2 + key.len() + value.len());
        payload.extend_from_slice(&u16::try_from(key.len()).unwrap_or(u16::MAX).to_be_bytes());
        payload.extend_from_slice(key);
        payload.extend_from_slice(value);
        self.frame(b'P', &payload)
    }

    pub fn remove(&mut self, key: &[u8]) -> Result<(), Fault> {
        self.counts.removed += 1;
        self.frame(b'D', key)
    }

    pub fn attachment(&mut self, hash: &str) -> Result<(), Fault> {
        self.counts.attachments += 1;
        self.frame(b'A', hash.as_bytes())
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.counts.attachment_bytes += bytes.len() as u64;
        self.frame(b'B', bytes)
    }

    /// Writes the trailer; the file is on disk when this returns.
    pub fn finish(mut self) -> Result<Counts, Fault> {
        let sha256 = self.hash.finalize_reset().into();
        let counts = self.counts;
        self.frame(b'T', &pack(&TrailerShape { counts, sha256 })?)?;
        let failed = |e: io::Error| Fault::io("writing", &self.path, &e);
        self.file.flush().map_err(failed)?;
        self.file.get_ref().sync_all().map_err(failed)?;
        Ok(counts)
    }

    fn frame(&mut self, kind: u8, payload: &[u8]) -> Result<(), Fault> {
        let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let mut head = [kind, 0, 0, 0, 0];
        head[1..].copy_from_slice(&len.to_be_bytes());
        let crc = crc32c::crc32c_append(crc32c::crc32c(&head), payload);
        self.raw(&head)?;
        self.raw(payload)?;
        self.raw(&crc.to_be_bytes())
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hash.update(bytes);
        self.file.write_all(bytes).map_err(|e| Fault::io("writing", &self.path, &e))
    }
}

// === reading ===

/// Reads frames, checking all that can be checked.
pub struct Reader {
    path: PathBuf,
    file: BufReader<File>,
    hash: Sha256,
    counts: Counts,
    ended: bool,
}

impl Reader {
    /// Opens a backup and reads its header.
    pub fn open(path: &Path) -> Result<(Self, Header), Fault> {
        let file = File::open(path).map_err(|e| Fault::io("opening", path, &e))?;
        let mut reader = Self {
            path: path.into(),
            file: BufReader::with_capacity(1 << 18, file),
            hash: Sha256::new(),
            counts: Counts::default(),
            ended: false,
        };
        if reader.raw(MAGIC.len())? != MAGIC {
            return Err(reader.bad("it is no backup of this program, or of another version of it"));
        }
        match reader.next()? {
            Some(Frame::Header(header)) => Ok((reader, header)),
            _ => Err(reader.bad("it has no header")),
        }
    }

    /// The next frame; `None` after the trailer, whose counts and hash were compared.
    pub fn next(&mut self) -> Result<Option<Frame>, Fault> {
        if self.ended {
            return Ok(None);
        }
        let before = self.hash.clone();
        let head = self.raw(5)?;
        let (kind, len) = match head.as_slice() {
            [kind, a, b, c, d] => (*kind, u32::from_be_bytes([*a, *b, *c, *d])),
            _ => return Err(self.bad("it ends too early")),
        };
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        if len > PAYLOAD_MAX_BYTES {
            return Err(self.bad("it is damaged: a frame is too long"));
        }
        let payload = self.raw(len)?;
        let crc = crc32c::crc32c_append(crc32c::crc32c(&head), &payload);
        if self.raw(4)? != crc.to_be_bytes() {
            return Err(self.bad("it is damaged: a checksum is wrong"));
        }
        let frame = self.parse(kind, payload, before)?;
        Ok(Some(frame))
    }

    fn parse(&mut self, kind: u8, payload: Vec<u8>, before: Sha256) -> Result<Frame, Fault> {
        match kind {
            b'H' => Ok(Frame::Header(self.unpack(&payload)?)),
            b'P' => {
                self.counts.rows += 1;
                let cut = payload.split_at_checked(2).and_then(|(len, rest)| {
                    let len = u16::from_be_bytes(len.try_into().ok()?);
                    rest.split_at_checked(usize::from(len))
                });
                let (key, value) = cut.ok_or_else(|| self.bad("it is damaged: a row is cut"))?;
                Ok(Frame::Put(key.to_vec(), value.to_vec()))
            }
            b'D' => {
                self.counts.removed += 1;
                Ok(Frame::Remove(payload))
            }
            b'A' => {
                self.counts.attachments += 1;
                let hash = String::from_utf8(payload);
                Ok(Frame::Attachment(hash.map_err(|_| self.bad("it is damaged: a name"))?))
            }
            b'B' => {
                self.counts.attachment_bytes += payload.len() as u64;
                Ok(Frame::Bytes(payload))
            }
            b'T' => {
                let trailer: TrailerShape = self.unpack(&payload)?;
                self.ended = true;
                let sha256: [u8; 32] = before.finalize().into();
                if trailer.sha256 != sha256 || trailer.counts != self.counts {
                    return Err(self.bad("its trailer does not fit what comes before it"));
                }
                if self.file.read(&mut [0]).map_err(|e| self.io(&e))? != 0 {
                    return Err(self.bad("something follows its end"));
                }
                Ok(Frame::Trailer(trailer.counts))
            }
            _ => Err(self.bad("it holds a kind of frame that this program does not know")),
        }
    }

    fn raw(&mut self, len: usize) -> Result<Vec<u8>, Fault> {
        let mut bytes = vec![0; len];
        match self.file.read_exact(&mut bytes) {
            Ok(()) => {
                self.hash.update(&bytes);
                Ok(bytes)
            }
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Err(self.bad("it ends too early"))
            }
            Err(e) => Err(self.io(&e)),
        }
    }

    fn unpack<T: serde::de::DeserializeOwned>(&self, payload: &[u8]) -> Result<T, Fault> {
        rmp_serde::from_slice(payload).map_err(|e| self.bad(&format!("it is damaged: {e}")))
    }

    pub fn bad(&self, problem: &str) -> Fault {
        Fault::backup(&self.path, problem)
    }

    fn io(&self, e: &io::Error) -> Fault {
        Fault::io("reading", &self.path, e)
    }
}

fn pack(shape: &impl Serialize) -> Result<Vec<u8>, Fault> {
    rmp_serde::to_vec(shape).map_err(|e| Fault::record("of a backup", e))
}
