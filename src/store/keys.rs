//! Where everything lies: the map of the one tree that holds all of the product's state. Knows how
//! keys are spelled and nothing of what lies under them.
//!
//! One tree, because only what lies in one tree changes together. The first byte of a key names its
//! range; numbers are big-endian, so that every list in the product is one range scan. Names end
//! with a zero byte where something follows; they hold no control characters, so none can run into
//! its neighbour.
//!
//! | byte | range | key after the byte | value |
//! |---|---|---|---|
//! | 00 | meta | letter | identity of the store, count of commits, count of starts |
//! | 01 | conversations | number | kind, name, creation, state |
//! | 02 | conversations by name | kind, name | number |
//! | 03 | members | number, user | role, when joined |
//! | 04 | conversations of a user, latest activity first | user 0, !time, number | nothing |
//! | 05 | activity of a conversation for a user | user 0, number | the time in 04 |
//! | 06 | standing of a writer | user | first written, violations by day |
//! | 10 11 | log entries and their further parts | number, seq (, part) | entry, with the message as it is now |
//! | 12 13 | originals: text before moderation, findings | number, seq (, part) | original |
//! | 14 15 | older versions of messages | number, seq, version (, part) | content |
//! | 20 | messages by the caller's id | number, id | seq |
//! | 21 | requests answered once and for all | number, verb 0 sender 0 key | seq, time |
//! | 22 | cursors | number, user | delivered, read |
//! | 23 | requests answered lately | number of the row | hashes, seqs, times |
//! | 24 25 | live sessions that can be recovered | hash of its secret (, part) | user, rooms, time |
//! | 30 31 | user streams and their further parts | user 0, seq (, part) | notice |
//! | 40 | support queue, urgent first | state, !priority, time, number | nothing |
//! | 41 | support data of a conversation | number | state, operator, times |
//! | 42 | order data of a conversation | number | client, contractor, state |
//! | 43 | internal notes | number, seq | note |
//! | 50 51 | agenda: what is due, and further parts | time, number (, part) | job |
//! | 52 53 | outbox: what the outside must learn | number (, part) | job |
//! | 54 55 | reports of messages | number (, part) | reason, reporter |
//! | 56 57 | held messages | number (, part) | message, findings |
//! | 58 | messages to check again | number, seq | plugins that did not answer |
//! | 60 | service keys | id | hash, scopes |
//! | 61 | accounts | user | password hash, role |
//! | 62 | attachments | id | content hash, name, type, size, owner |
//! | 63 | quick-reply templates | role, locale, number | text |
//! | 64 | devices for push | user 0, device | address |

use crate::domain::id::{ConversationId, ForeignId, Kind, Seq, UserId};

/// One range of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub byte: u8,
    pub name: &'static str,
    /// Whether the next byte is the range of the further parts of long values.
    pub long: bool,
    /// Whether it holds words that ordinary readers may not see.
    pub private: bool,
}

const fn range(byte: u8, name: &'static str) -> Range {
    Range { byte, name, long: false, private: false }
}

const fn long(byte: u8, name: &'static str, private: bool) -> Range {
    Range { byte, name, long: true, private }
}

pub(super) const META: Range = range(0x00, "meta");
pub(super) const CONVERSATIONS: Range = range(0x01, "conversations");
pub(super) const BY_NAME: Range = range(0x02, "conversations by name");
pub(super) const STANDINGS: Range = range(0x06, "standings");
pub(super) const ENTRIES: Range = long(0x10, "entries", false);
pub(super) const ORIGINALS: Range = long(0x12, "originals", true);
pub(super) const VERSIONS: Range = long(0x14, "versions", true);
pub(super) const IDS: Range = range(0x20, "message ids");
pub(super) const ANSWERED: Range = range(0x21, "answered requests");
pub(super) const CURSORS: Range = range(0x22, "cursors");
pub(super) const RECENT: Range = range(0x23, "recently answered requests");
pub(super) const SESSIONS: Range = long(0x24, "live sessions", false);
pub(super) const AGENDA: Range = long(0x50, "agenda", false);
pub(super) const OUTBOX: Range = long(0x52, "outbox", false);
pub(super) const HELD: Range = long(0x56, "held messages", false);
pub(super) const UNCHECKED: Range = range(0x58, "messages to check again");
pub(super) const SERVICE_KEYS: Range = range(0x60, "service keys");
pub(super) const ACCOUNTS: Range = range(0x61, "accounts");
pub(super) const ATTACHMENTS: Range = range(0x62, "attachments");

/// Every range, in order of its byte.
pub(super) const RANGES: [Range; 31] = [
    META,
    CONVERSATIONS,
    BY_NAME,
    range(0x03, "members"),
    range(0x04, "conversations of a user"),
    range(0x05, "activity"),
    STANDINGS,
    ENTRIES,
    ORIGINALS,
    VERSIONS,
    IDS,
    ANSWERED,
    CURSORS,
    RECENT,
    SESSIONS,
    long(0x30, "user streams", false),
    range(0x40, "support queue"),
    range(0x41, "support data"),
    range(0x42, "order data"),
    range(0x43, "internal notes"),
    AGENDA,
    OUTBOX,
    long(0x54, "reports", false),
    HELD,
    UNCHECKED,
    SERVICE_KEYS,
    ACCOUNTS,
    ATTACHMENTS,
    range(0x63, "templates"),
    range(0x64, "devices"),
    // The last byte stays free so that a scan of any range has an end.
    range(0xfe, "reserved"),
];

/// The longest tail of a key that is written out; a longer one is replaced by its hash.
const TAIL_MAX_BYTES: usize = 240;

/// The range that a key lies in; parts of long values count to their range.
pub(super) fn range_of(key: &[u8]) -> Option<Range> {
    let byte = *key.first()?;
    RANGES.into_iter().find(|r| r.byte == byte || (r.long && r.byte + 1 == byte))
}

/// The identity of the store.
pub(super) fn ident() -> Vec<u8> {
    vec![META.byte, b'i', b'd']
}

/// How many groups were committed.
pub(super) fn progress() -> Vec<u8> {
    vec![META.byte, b'p']
}

/// How often the store was opened.
pub(super) fn starts() -> Vec<u8> {
    vec![META.byte, b's']
}

/// A key of a range whose entries have one number.
pub(super) fn numbered(range: Range, number: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(9);
    key.push(range.byte);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// A key of a range whose entries have two numbers.
pub(super) fn pair(range: Range, first: u64, second: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(19);
    key.push(range.byte);
    key.extend_from_slice(&first.to_be_bytes());
    key.extend_from_slice(&second.to_be_bytes());
    key
}

/// A key of a range whose entries have a name.
pub(super) fn named(range: Range, name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + name.len());
    key.push(range.byte);
    key.extend_from_slice(name.as_bytes());
    key
}

pub(super) fn session(digest: &[u8; 16]) -> Vec<u8> {
    let mut key = Vec::with_capacity(19);
    key.push(SESSIONS.byte);
    key.extend_from_slice(digest);
    key
}

pub(super) fn entry(number: u64, seq: Seq) -> Vec<u8> {
    pair(ENTRIES, number, seq.0)
}

pub(super) fn version(number: u64, seq: Seq, version: u32) -> Vec<u8> {
    let mut key = pair(VERSIONS, number, seq.0);
    key.extend_from_slice(&version.to_be_bytes());
    key
}

pub(super) fn by_name(id: &ConversationId) -> Vec<u8> {
    let mut key = Vec::with_capacity(2 + id.name().len());
    key.extend_from_slice(&[BY_NAME.byte, kind_byte(id.kind())]);
    key.extend_from_slice(id.name().as_bytes());
    key
}

pub(super) fn message_id(number: u64, id: &ForeignId) -> Vec<u8> {
    let mut key = numbered(IDS, number);
    key.extend_from_slice(id.as_str().as_bytes());
    key
}

pub(super) fn cursor(number: u64, user: &UserId) -> Vec<u8> {
    let mut key = numbered(CURSORS, number);
    key.extend_from_slice(user.as_str().as_bytes());
    key
}

/// The caller's key comes last, because it may hold any character.
pub(super) fn answered(number: u64, verb: &str, sender: &str, request: &str) -> Vec<u8> {
    let mut key = numbered(ANSWERED, number);
    key.extend_from_slice(verb.as_bytes());
    key.push(0);
    let tail = key.len();
    key.extend_from_slice(sender.as_bytes());
    key.push(0);
    key.extend_from_slice(request.as_bytes());
    if key.len() - tail > TAIL_MAX_BYTES {
        let digest = <sha2::Sha256 as sha2::Digest>::digest(key.get(tail..).unwrap_or_default());
        key.truncate(tail);
        // No name begins with this byte, since it is not UTF-8.
        key.push(0xff);
        key.extend_from_slice(&digest);
    }
    key
}

/// The key of a further part of a long value.
pub(super) fn part(key: &[u8], part: u16) -> Vec<u8> {
    let mut out = Vec::with_capacity(key.len() + 2);
    out.extend_from_slice(key);
    if let Some(byte) = out.first_mut() {
        *byte = byte.wrapping_add(1);
    }
    out.extend_from_slice(&part.to_be_bytes());
    out
}

/// The key of the value that a further part belongs to, and the part's number.
pub(super) fn head_of(part: &[u8]) -> Option<(Vec<u8>, u16)> {
    let (head, number) = part.split_last_chunk::<2>()?;
    let mut head = head.to_vec();
    let byte = head.first_mut()?;
    *byte = byte.checked_sub(1)?;
    Some((head, u16::from_be_bytes(*number)))
}

/// The big-endian number that starts at `at`.
pub(super) fn number_at(key: &[u8], at: usize) -> Option<u64> {
    key.get(at..at + 8)?.try_into().ok().map(u64::from_be_bytes)
}

/// The byte that stands for a kind for ever.
pub(super) fn kind_byte(kind: Kind) -> u8 {
    match kind {
        Kind::Room => 0,
        Kind::Direct => 1,
        Kind::Group => 2,
        Kind::Support => 3,
        Kind::Order => 4,
    }
}

/// The kind that a byte stands for.
pub(super) fn kind_of(byte: u8) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind_byte(*kind) == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_in_order_and_apart() {
        let mut next = 0;
        for range in RANGES {
            assert!(range.byte >= next, "{} overlaps", range.name);
            next = range.byte + 1 + u8::from(range.long);
            assert_eq!(range_of(&[range.byte]), Some(range));
        }
        assert_eq!(range_of(&[0x11]), Some(ENTRIES));
        assert_eq!(range_of(&[0x99]), None);
        assert_eq!(range_of(&[]), None);
    }

    #[test]
    fn keys_sort_as_their_numbers() {
        let keys = [
            entry(1, Seq(255)),
            entry(1, Seq(256)),
            entry(2, Seq(1)),
            entry(256, Seq(1)),
            part(&entry(1, Seq(1)), 1),
        ];
        assert!(keys.is_sorted());
        assert_eq!(number_at(&keys[3], 1), Some(256));
        assert_eq!(number_at(&keys[3], 10), None);
        assert_eq!(head_of(&keys[4]), Some((entry(1, Seq(1)), 1)));
        assert_eq!(head_of(&[1]), None);
    }

    #[test]
    fn requests_do_not_run_into_each_other() {
        let long = "x".repeat(500);
        let keys = [
            answered(1, "send", "a", "b\0c"),
            answered(1, "send", "a", "b"),
            answered(1, "send", "b", "b"),
            answered(1, "edit", "a", "b"),
            answered(1, "send", "a", &long),
            answered(1, "send", "b", &long),
            answered(2, "send", "a", "b"),
        ];
        for (i, a) in keys.iter().enumerate() {
            assert!(a.len() < 300);
            assert!(keys.iter().skip(i + 1).all(|b| a != b));
        }
    }

    #[test]
    fn kinds_keep_their_bytes() {
        for (byte, kind) in (0u8..).zip(Kind::ALL) {
            assert_eq!((kind_byte(kind), kind_of(byte)), (byte, Some(kind)));
        }
        assert_eq!(kind_of(9), None);
    }
}
