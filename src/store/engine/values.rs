//! Long values in parts. The database keeps its promises for small values only, so a longer one is
//! cut: the first part lies where the value belongs and says how many follow and what they hash to.
//!
//! In the ranges of long values a value's own first byte is its version or kind and never zero; the first part of a cut value
//! begins with a zero, then the number of further parts (2 bytes) and the CRC32C of the whole (4).

use crate::store::{Fault, engine::Engine, keys};

/// The longest value that the database is given.
pub const VALUE_MAX_BYTES: usize = 6 * 1024;
const HEAD_BYTES: usize = 7;
/// A key and its value.
type Row = (Vec<u8>, Vec<u8>);

/// How often a value is read again because it was being replaced meanwhile.
const ATTEMPTS_MAX: usize = 16;

/// The rows of a value: the first belongs under `key` itself.
pub fn split(key: &[u8], value: Vec<u8>) -> Result<Vec<Row>, Fault> {
    if value.len() <= VALUE_MAX_BYTES {
        return Ok(vec![(key.to_vec(), value)]);
    }
    let (first, rest) = value.split_at(VALUE_MAX_BYTES - HEAD_BYTES);
    let parts = rest.len().div_ceil(VALUE_MAX_BYTES);
    let count = u16::try_from(parts).map_err(|_| Fault::TooLarge {
        bytes: value.len(),
        bytes_max: VALUE_MAX_BYTES * usize::from(u16::MAX),
    })?;
    let mut head = Vec::with_capacity(VALUE_MAX_BYTES);
    head.push(0);
    head.extend_from_slice(&count.to_be_bytes());
    head.extend_from_slice(&crc32c::crc32c(&value).to_be_bytes());
    head.extend_from_slice(first);
    let mut rows = vec![(key.to_vec(), head)];
    for (part, bytes) in (1u16..).zip(rest.chunks(VALUE_MAX_BYTES)) {
        rows.push((keys::part(key, part), bytes.to_vec()));
    }
    Ok(rows)
}

/// How many further parts the row under a value's own key announces.
pub fn parts_in(row: &[u8]) -> u16 {
    head(row).map_or(0, |(parts, _, _)| parts)
}

fn head(row: &[u8]) -> Option<(u16, u32, &[u8])> {
    let (head, first) = row.split_at_checked(HEAD_BYTES)?;
    let [0, parts @ .., _, _, _, _] = head else { return None };
    let parts = u16::from_be_bytes(parts.try_into().ok()?);
    let crc = u32::from_be_bytes(head.get(3..)?.try_into().ok()?);
    Some((parts, crc, first))
}

impl Engine {
    /// The whole value under `key`, as the newest submitted change left it.
    pub fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        value_by(key, |key| self.row(key))
    }

    /// The whole value of a row that a scan found. A row that is being replaced is read again.
    pub fn whole(&self, key: &[u8], row: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        if !keys::range_of(key).is_some_and(|range| range.long) {
            return Ok(Some(row.to_vec()));
        }
        let applied = |part| Ok(self.tree().get(keys::part(key, part))?);
        match join(row, applied)? {
            Some(whole) => Ok(Some(whole)),
            None => self.value(key),
        }
    }
}

/// As much of the value as stands in the row that it begins with.
pub fn first_bytes(row: &[u8]) -> &[u8] {
    head(row).map_or(row, |(_, _, first)| first)
}

/// The whole value under `key`, read row by row with `row`.
pub fn value_by(
    key: &[u8],
    row: impl Fn(&[u8]) -> Result<Option<sled::IVec>, Fault>,
) -> Result<Option<Vec<u8>>, Fault> {
    for _ in 0..ATTEMPTS_MAX {
        let Some(head) = row(key)? else { return Ok(None) };
        if let Some(whole) = join(&head, |part| row(&keys::part(key, part)))? {
            return Ok(Some(whole));
        }
    }
    Err(torn(key))
}

fn join(
    row: &[u8],
    part: impl Fn(u16) -> Result<Option<sled::IVec>, Fault>,
) -> Result<Option<Vec<u8>>, Fault> {
    let Some((parts, crc, first)) = head(row) else { return Ok(Some(row.to_vec())) };
    let mut whole = first.to_vec();
    for number in 1..=parts {
        let Some(bytes) = part(number)? else { return Ok(None) };
        whole.extend_from_slice(&bytes);
    }
    Ok((crc32c::crc32c(&whole) == crc).then_some(whole))
}

fn torn(key: &[u8]) -> Fault {
    let range = keys::range_of(key).map_or("unknown", |range| range.name);
    let numbers = (keys::number_at(key, 1), keys::number_at(key, 9));
    Fault::record(format!("in {range} {numbers:?}"), "its parts do not belong together")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(len: usize, rows_expected: usize) {
        let key = keys::entry(7, crate::domain::id::Seq(9));
        let value: Vec<u8> = (0..len).map(|i| u8::try_from(i % 251).expect("small") + 1).collect();
        let rows = split(&key, value.clone()).expect("fits");
        assert_eq!(rows.len(), rows_expected);
        assert!(rows.iter().all(|(_, v)| v.len() <= VALUE_MAX_BYTES));
        assert_eq!(usize::from(parts_in(&rows[0].1)), rows_expected - 1);
        let find = |part| {
            let key = keys::part(&key, part);
            Ok(rows.iter().find(|(k, _)| *k == key).map(|(_, v)| sled::IVec::from(v.as_slice())))
        };
        assert_eq!(join(&rows[0].1, find), Ok(Some(value)));
        if rows_expected > 1 {
            assert_eq!(join(&rows[0].1, |_| Ok(None)), Ok(None));
            assert_eq!(join(&rows[0].1, |_| Ok(Some(sled::IVec::from(b"x")))), Ok(None));
        }
    }

    #[test]
    fn values_come_back_whole() {
        check(1, 1);
        check(VALUE_MAX_BYTES, 1);
        check(VALUE_MAX_BYTES + 1, 2);
        check(2 * VALUE_MAX_BYTES - HEAD_BYTES, 2);
        check(2 * VALUE_MAX_BYTES - HEAD_BYTES + 1, 3);
        check(64 * 1024, 11);
    }
}
