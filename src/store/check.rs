//! Walking through everything and saying what does not fit together. Changes nothing. The store may
//! be written to meanwhile: what is compared with what was read later is read again then.

use std::{
    collections::BTreeSet,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{
    Fault, Store, attachment,
    engine::{first_bytes, parts_in},
    keys,
    records::{
        AccountRecord, AgendaItem, AttachmentRecord, Conversation, Cursor, Decode, Entry,
        EntryKind, Held, KeyRecord, Original, OutboxItem, RecentAnswer, Repeat, Session, Standing,
        Unchecked, Version,
    },
};
use crate::domain::id::{ForeignId, Seq};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub conversations: u64,
    pub entries: u64,
    pub messages: u64,
    pub attachments: u64,
    /// Rows of all kinds.
    pub rows: u64,
    /// The first [`PROBLEMS_MAX`] of them.
    pub problems: Vec<Problem>,
    /// Of all that were found.
    pub problems_total: u64,
}

/// A report names no more problems than this.
pub const PROBLEMS_MAX: usize = 1000;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A log jumps.
    Gap { conversation: u64, expected: Seq, found: Seq },
    /// Something belongs to a conversation that does not exist.
    NoConversation { what: &'static str, conversation: u64 },
    /// A conversation cannot be found by its name.
    NotByName { conversation: u64 },
    /// A message cannot be found by its id.
    NotById { conversation: u64, seq: Seq },
    /// Something refers to an entry that is not there.
    NoEntry { what: &'static str, conversation: u64, seq: Seq },
    /// A cursor stands behind the end of its log.
    CursorBeyond { conversation: u64, last: Seq },
    /// A part of a long value belongs to nothing.
    LoosePart { what: &'static str },
    /// A record cannot be read.
    Unreadable { cause: String },
    /// A row lies where nothing should.
    Unknown { byte: u8 },
    /// The bytes of an attachment are missing or not those it was stored with.
    Attachment { id: String },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { conversation, expected, found } => write!(
                f,
                "conversation {conversation}: entry {expected} is missing, {found} comes next"
            ),
            Self::NoConversation { what, conversation } => {
                write!(f, "{what}: conversation {conversation} does not exist")
            }
            Self::NotByName { conversation } => {
                write!(f, "conversation {conversation} is not found by its name")
            }
            Self::NotById { conversation, seq } => {
                write!(f, "conversation {conversation}: message {seq} is not found by its id")
            }
            Self::NoEntry { what, conversation, seq } => {
                write!(f, "{what}: conversation {conversation} has no entry {seq}")
            }
            Self::CursorBeyond { conversation, last } => {
                write!(
                    f,
                    "conversation {conversation}: a cursor stands behind its last entry {last}"
                )
            }
            Self::LoosePart { what } => write!(f, "{what}: a part of a value belongs to nothing"),
            Self::Unreadable { cause } => f.write_str(cause),
            Self::Unknown { byte } => write!(f, "a row lies in the unknown range {byte:02x}"),
            Self::Attachment { id } => write!(f, "attachment {id}: its file is missing or damaged"),
        }
    }
}

struct Check<'a> {
    store: &'a Store,
    report: Report,
    /// Numbers that were looked up already.
    conversations: BTreeSet<u64>,
    /// The conversation whose log is being walked, and the seq that was seen last.
    walking: (u64, Seq),
}

impl Store {
    /// Walks through everything. Takes seconds for a million messages.
    ///
    /// # Errors
    /// Only if the database cannot be read on; what does not fit is in the report.
    pub fn check(&self) -> Result<Report, Fault> {
        let mut check = Check {
            store: self,
            report: Report::default(),
            conversations: BTreeSet::new(),
            walking: (0, Seq(0)),
        };
        // The database panics over damaged pages.
        catch_unwind(AssertUnwindSafe(|| check.walk())).unwrap_or_else(|_| {
            let path = self.engine.layout().data_file();
            Err(Fault::Damaged { path, cause: "reading it ended in a panic".into() })
        })?;
        Ok(check.report)
    }
}

impl Check<'_> {
    fn walk(&mut self) -> Result<(), Fault> {
        for row in self.store.engine.tree() {
            let (key, value) = row?;
            self.report.rows += 1;
            match self.row(&key, &value) {
                Err(fault @ Fault::Record { .. }) => {
                    self.note(Problem::Unreadable { cause: fault.to_string() });
                }
                other => other?,
            }
        }
        Ok(())
    }

    fn note(&mut self, problem: Problem) {
        self.report.problems_total += 1;
        if self.report.problems.len() < PROBLEMS_MAX {
            self.report.problems.push(problem);
        }
    }

    fn row(&mut self, key: &[u8], row: &[u8]) -> Result<(), Fault> {
        let byte = key.first().copied().unwrap_or_default();
        let Some(range) = keys::range_of(key) else {
            self.note(Problem::Unknown { byte });
            return Ok(());
        };
        if byte != range.byte {
            return self.part(range, key);
        }
        let number = keys::number_at(key, 1).unwrap_or(0);
        let Some(bytes) = self.store.engine.whole(key, row)? else { return Ok(()) };
        match range {
            keys::CONVERSATIONS => self.conversation(number, &bytes),
            keys::BY_NAME => self.name(&bytes),
            keys::ENTRIES => self.entry(number, key, &bytes),
            keys::IDS => self.refers("message ids", number, keys::number_at(&bytes, 0), true),
            keys::ANSWERED => {
                let repeat = Repeat::decode("answered request", &bytes)?;
                self.answer(number, &repeat)
            }
            keys::RECENT => RecentAnswer::decode_row(&bytes)?
                .iter()
                .try_for_each(|answer| self.answer(answer.number, &answer.repeat)),
            keys::ORIGINALS => {
                Original::decode("original", &bytes)?;
                self.refers("originals", number, keys::number_at(key, 9), false)
            }
            keys::VERSIONS => {
                Version::decode("version", &bytes)?;
                self.refers("versions", number, keys::number_at(key, 9), true)
            }
            keys::UNCHECKED => {
                Unchecked::decode(number, Seq(0), &bytes)?;
                self.refers("messages to check again", number, keys::number_at(key, 9), false)
            }
            keys::SESSIONS => Session::decode("live session", &bytes).map(drop),
            keys::STANDINGS => Standing::decode("standing", &bytes).map(drop),
            keys::CURSORS => self.cursor(number, &bytes),
            keys::HELD => Held::decode("held message", &bytes).map(drop),
            keys::OUTBOX => OutboxItem::decode("outbox item", &bytes).map(drop),
            keys::AGENDA => AgendaItem::decode("agenda item", &bytes).map(drop),
            keys::ACCOUNTS => AccountRecord::decode("account", &bytes).map(drop),
            // The row that says when a key was used is a bare time.
            keys::SERVICE_KEYS if bytes.len() == 8 => Ok(()),
            keys::SERVICE_KEYS => KeyRecord::decode("service key", &bytes).map(drop),
            keys::ATTACHMENTS => self.attachment(&bytes),
            _ => Ok(()),
        }
    }

    fn conversation(&mut self, number: u64, bytes: &[u8]) -> Result<(), Fault> {
        let conversation = Conversation::decode(number, bytes)?;
        self.report.conversations += 1;
        self.conversations.insert(number);
        let found = self.store.engine.row(&keys::by_name(&conversation.id))?;
        if found.and_then(|bytes| keys::number_at(&bytes, 0)) != Some(number) {
            self.note(Problem::NotByName { conversation: number });
        }
        Ok(())
    }

    fn name(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let number = keys::number_at(bytes, 0).unwrap_or(0);
        self.known("conversations by name", number)
    }

    /// Notes a number that no conversation has. One that was made during the walk is looked up.
    fn known(&mut self, what: &'static str, number: u64) -> Result<(), Fault> {
        if !self.conversations.contains(&number) {
            if self.store.conversation_at(number)?.is_none() {
                self.note(Problem::NoConversation { what, conversation: number });
            }
            self.conversations.insert(number);
        }
        Ok(())
    }

    fn entry(&mut self, number: u64, key: &[u8], bytes: &[u8]) -> Result<(), Fault> {
        self.report.entries += 1;
        let seq = Seq(keys::number_at(key, 9).unwrap_or(0));
        self.known("entries", number)?;
        let last = if self.walking.0 == number { self.walking.1 } else { Seq(0) };
        self.walking = (number, seq);
        if seq != last.next() {
            let problem = Problem::Gap { conversation: number, expected: last.next(), found: seq };
            self.note(problem);
        }
        let place = format!("conversation {number}, seq {seq}");
        let entry = Entry::decode(&place, seq, bytes)?;
        match (entry.kind, entry.message, entry.message_seq) {
            (EntryKind::Posted, Some(message), _) => {
                self.report.messages += 1;
                self.findable(number, seq, &message.id)
            }
            (EntryKind::Posted, None, _) | (EntryKind::Edited, None, None) => {
                Err(Fault::record(place, "it has no message"))
            }
            (_, _, Some(message)) => self.refers("entries", number, Some(message.0), true),
            _ => Ok(()),
        }
    }

    fn findable(&mut self, number: u64, seq: Seq, id: &ForeignId) -> Result<(), Fault> {
        // An id that was used again leads to the latest message with it.
        if self.store.find(number, id)?.is_none_or(|found| found < seq) {
            self.note(Problem::NotById { conversation: number, seq });
        }
        Ok(())
    }

    /// Notes a reference to an entry that is not there, or is no post where it must be one.
    fn refers(
        &mut self,
        what: &'static str,
        number: u64,
        seq: Option<u64>,
        post: bool,
    ) -> Result<(), Fault> {
        self.known(what, number)?;
        let seq = Seq(seq.unwrap_or(0));
        let row = self.store.engine.row(&keys::entry(number, seq))?;
        let first = row.as_deref().and_then(|row| first_bytes(row).first().copied());
        let kind = first.and_then(EntryKind::of);
        if kind.is_none() || (post && kind != Some(EntryKind::Posted)) {
            self.note(Problem::NoEntry { what, conversation: number, seq });
        }
        Ok(())
    }

    fn answer(&mut self, number: u64, repeat: &Repeat) -> Result<(), Fault> {
        if repeat.held.is_some() {
            return Ok(());
        }
        self.refers("answered requests", number, Some(repeat.seq.0), false)
    }

    fn cursor(&mut self, number: u64, bytes: &[u8]) -> Result<(), Fault> {
        let cursor = Cursor::decode("cursor", bytes)?;
        self.known("cursors", number)?;
        let last = self.store.last_seq(number)?;
        if cursor.read.max(cursor.delivered) > last {
            self.note(Problem::CursorBeyond { conversation: number, last });
        }
        Ok(())
    }

    fn part(&mut self, range: keys::Range, key: &[u8]) -> Result<(), Fault> {
        let Some((head, part)) = keys::head_of(key) else {
            self.note(Problem::LoosePart { what: range.name });
            return Ok(());
        };
        let announced = self.store.engine.row(&head)?.map_or(0, |row| parts_in(&row));
        // It may have been removed with its value since.
        if (part == 0 || part > announced) && self.store.engine.row(key)?.is_some() {
            self.note(Problem::LoosePart { what: range.name });
        }
        Ok(())
    }

    fn attachment(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let record = AttachmentRecord::decode("attachment", bytes)?;
        self.report.attachments += 1;
        let sound = match self.store.attachment_file(&record.hash) {
            Some(path) => attachment::hash_file(&path, |_| Ok(()))? == record.hash,
            None => false,
        };
        if !sound {
            self.note(Problem::Attachment { id: record.id });
        }
        Ok(())
    }
}
