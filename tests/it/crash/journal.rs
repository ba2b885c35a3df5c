//! Reading what tests/shim/powercut.c wrote. Knows the records, not what a disk makes of them.

use std::path::Path;

/// One thing that the server did.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Write {
        inode: u64,
        offset: u64,
        data: Vec<u8>,
    },
    Size {
        inode: u64,
        bytes: u64,
    },
    Create {
        inode: u64,
        path: String,
    },
    Rename {
        inode: u64,
        from: String,
        to: String,
    },
    Unlink {
        path: String,
    },
    Sync {
        inode: u64,
    },
    SyncDirectory {
        path: String,
    },
    MakeDirectory {
        path: String,
    },
    RemoveDirectory {
        path: String,
    },
    /// Bytes handed to a socket.
    Answer {
        data: Vec<u8>,
    },
}

const MAGIC: u32 = 0x5043_5554;
const HEAD_BYTES: usize = 32;

/// Reads a journal; a last record that the end of the process cut short is left out.
pub(crate) fn read(path: &Path) -> Vec<Deed> {
    let bytes = std::fs::read(path).expect("a journal");
    let mut rest = &bytes[..];
    let mut deeds = vec![];
    while let Some((deed, used)) = next(rest) {
        deeds.push(deed);
        rest = &rest[used..];
    }
    deeds
}

fn next(bytes: &[u8]) -> Option<(Deed, usize)> {
    let head = bytes.get(..HEAD_BYTES)?;
    let four = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
    let eight = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().expect("eight bytes"));
    assert_eq!(four(0), MAGIC, "a torn journal");
    let (inode, offset) = (eight(8), eight(16));
    let (path_bytes, data_bytes) = (four(24) as usize, four(28) as usize);
    let path = bytes.get(HEAD_BYTES..HEAD_BYTES + path_bytes)?;
    let data = bytes.get(HEAD_BYTES + path_bytes..HEAD_BYTES + path_bytes + data_bytes)?.to_vec();
    let path = String::from_utf8_lossy(path).into_owned();
    let deed = match four(4) {
        1 => Deed::Write { inode, offset, data },
        2 => Deed::Size { inode, bytes: offset },
        3 => Deed::Create { inode, path },
        4 => Deed::Rename { inode, from: path, to: String::from_utf8_lossy(&data).into_owned() },
        5 => Deed::Unlink { path },
        6 => Deed::Sync { inode },
        7 => Deed::SyncDirectory { path },
        8 => Deed::MakeDirectory { path },
        9 => Deed::RemoveDirectory { path },
        10 => Deed::Answer { data },
        other => panic!("a record of kind {other}"),
    };
    Some((deed, HEAD_BYTES + path_bytes + data_bytes))
}

/// The `uuid`s that successful answers of the bridge named, each with its seq.
pub(crate) fn promises(answer: &[u8]) -> Vec<(String, u64)> {
    let text = String::from_utf8_lossy(answer);
    text.split("{\"success\":true").skip(1).filter_map(promise).collect()
}

fn promise(body: &str) -> Option<(String, u64)> {
    let body = &body[..body.find('}')?];
    let uuid = body.split_once("\"uuid\":\"")?.1.split('"').next()?;
    let seq = body.split_once("\"seq\":")?.1;
    let digits = seq.find(|c: char| !c.is_ascii_digit()).unwrap_or(seq.len());
    Some((uuid.to_owned(), seq[..digits].parse().ok()?))
}

#[test]
fn promises_are_found_in_answers() {
    let answer =
        b"HTTP/1.1 200 OK\r\n\r\n{\"success\":true,\"uuid\":\"a-1\",\"room\":\"r\",\"seq\":17,\
        \"delivered\":0}HTTP/1.1 422 X\r\n\r\n{\"success\":false,\"uuid\":\"a-2\"}";
    assert_eq!(promises(answer), [("a-1".to_owned(), 17)]);
}
