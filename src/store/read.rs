//! Reading conversations. Point reads see what was submitted before them; scans see what is applied
//! and stop at the `upto` that their caller has published.

use std::{ops::Bound, sync::Arc};

use super::{
    Fault, Store,
    engine::first_bytes,
    keys, minted,
    records::{
        AgendaItem, Conversation, Cursor, Decode, Entry, EntryKind, Held, Original, OutboxItem,
        RecentAnswer, Repeat, Standing, Unchecked, Version,
    },
};
use crate::domain::{
    command::{Once, Page, Range},
    event::{Event, Position},
    id::{ConversationId, ForeignId, Seq, UserId},
    message::Message,
    time::Millis,
};

type Rows<'a> = Box<dyn Iterator<Item = sled::Result<(sled::IVec, sled::IVec)>> + 'a>;

impl Store {
    /// The conversation of this name, if it was made.
    pub fn conversation(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        match self.engine.row(&keys::by_name(id))? {
            None => Ok(None),
            Some(number) => {
                let number = keys::number_at(&number, 0)
                    .ok_or_else(|| Fault::record(id.to_string(), "its number is not valid"))?;
                self.conversation_at(number)
            }
        }
    }

    /// The conversation of this number.
    pub fn conversation_at(&self, number: u64) -> Result<Option<Conversation>, Fault> {
        let row = self.engine.row(&keys::numbered(keys::CONVERSATIONS, number))?;
        row.map(|bytes| Conversation::decode(number, &bytes)).transpose()
    }

    /// Conversations after this number, in the order in which they were made.
    pub fn conversations(&self, after: u64, limit: usize) -> Result<Vec<Conversation>, Fault> {
        let from = keys::numbered(keys::CONVERSATIONS, after.saturating_add(1));
        self.collect(&[keys::CONVERSATIONS.byte], Some(from), limit, |key, bytes| {
            Conversation::decode(number_of(key), bytes)
        })
    }

    /// The last applied seq of a log, 0 if it is empty. For a lane that begins; afterwards the lane
    /// counts for itself, because what is submitted and not applied is not seen here.
    pub fn last_seq(&self, number: u64) -> Result<Seq, Fault> {
        let last = self.entries(number, Seq(0), Seq(u64::MAX)).next_back().transpose()?;
        Ok(last.map_or(Seq(0), |(key, _)| seq_of(&key)))
    }

    /// The last seq after `from` and not after `upto` whose entry has a position not after `position`;
    /// `from` if there is none. `upto` must be applied. Reads few entries where it lies near the end.
    pub fn last_seq_at(
        &self,
        number: u64,
        position: Position,
        (from, upto): (Seq, Seq),
    ) -> Result<Seq, Fault> {
        // Everything up to `low` counts, nothing from `high` on.
        let (mut low, mut high) = (from.0, upto.0.saturating_add(1));
        let mut stride = 1;
        while low < high.saturating_sub(1) {
            let middle = if stride == 0 {
                low + (high - low) / 2
            } else {
                high.saturating_sub(stride).max(low + 1)
            };
            if self.position_of(number, Seq(middle))? <= position {
                low = middle;
                stride = 0;
            } else {
                high = middle;
                stride *= 2;
            }
        }
        Ok(Seq(low))
    }

    fn position_of(&self, number: u64, seq: Seq) -> Result<Position, Fault> {
        let row = self.engine.row(&keys::entry(number, seq))?;
        let row = row.ok_or_else(|| Fault::NoEntry { place: place(number, seq) })?;
        let position = Entry::position_in(first_bytes(&row));
        position.ok_or_else(|| Fault::record(place(number, seq), "its position is not valid"))
    }

    /// The entries after `after` up to and with `upto`, at most `limit`, oldest first; edits with
    /// their message as it is now.
    pub fn events(
        &self,
        conversation: &Conversation,
        after: Seq,
        upto: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, Fault> {
        let number = conversation.number;
        let mut events = Vec::new();
        for row in self.entries(number, after.next(), upto).take(limit) {
            let (key, row) = row?;
            let seq = seq_of(&key);
            let Some(entry) = self.entry(number, seq, &key, &row)? else { continue };
            let current = match (entry.kind, entry.message_seq) {
                (EntryKind::Edited, Some(seq)) => self.message(number, seq)?.map(Arc::new),
                _ => None,
            };
            let event = entry.event(&conversation.id, seq, current);
            events.push(event.ok_or_else(|| {
                Fault::record(place(number, seq), "it refers to a message that is not there")
            })?);
        }
        Ok(events)
    }

    /// A page of messages, none after `upto`, in order of seq.
    pub fn messages(
        &self,
        number: u64,
        range: Range,
        upto: Seq,
        limit: usize,
    ) -> Result<Page, Fault> {
        let rows: Rows<'_> = match range {
            Range::After(after) => Box::new(self.entries(number, after.next(), upto)),
            Range::Before(Seq(0)) => Box::new(std::iter::empty()),
            Range::Before(before) => {
                let last = Seq(before.0 - 1).min(upto);
                Box::new(self.entries(number, Seq(1), last).rev())
            }
            Range::Latest => Box::new(self.entries(number, Seq(1), upto).rev()),
        };
        let mut page = Page { messages: Vec::new(), last: upto, more: false };
        for row in rows {
            let (key, row) = row?;
            if !is_post(&row) {
                continue;
            }
            if page.messages.len() == limit {
                page.more = true;
                break;
            }
            let seq = seq_of(&key);
            let message = self.entry(number, seq, &key, &row)?.and_then(|entry| entry.message);
            page.messages.extend(message.map(Arc::unwrap_or_clone));
        }
        if !matches!(range, Range::After(_)) {
            page.messages.reverse();
        }
        Ok(page)
    }

    /// The message that was posted at `seq`, as it is now.
    pub fn message(&self, number: u64, seq: Seq) -> Result<Option<Message>, Fault> {
        let Some(bytes) = self.engine.value(&keys::entry(number, seq))? else { return Ok(None) };
        let entry = Entry::decode(&place(number, seq), seq, &bytes)?;
        if entry.kind != EntryKind::Posted {
            return Ok(None);
        }
        Ok(entry.message.map(Arc::unwrap_or_clone))
    }

    /// The message that the entry at `seq` posted or changed, as it is now.
    pub fn subject(&self, number: u64, seq: Seq) -> Result<Option<Message>, Fault> {
        let Some(bytes) = self.engine.value(&keys::entry(number, seq))? else { return Ok(None) };
        let entry = Entry::decode(&place(number, seq), seq, &bytes)?;
        match (entry.kind, entry.message_seq) {
            (EntryKind::Edited, Some(posted)) => self.message(number, posted),
            _ => Ok(entry.message.map(Arc::unwrap_or_clone)),
        }
    }

    /// Where the message with the caller's id was posted; the latest, if the id was used again.
    pub fn find(&self, number: u64, id: &ForeignId) -> Result<Option<Seq>, Fault> {
        if let Some(seq) = minted::seq_in(id)
            && self.message(number, seq)?.is_some_and(|message| message.id.as_str() == id.as_str())
        {
            return Ok(Some(seq));
        }
        let row = self.engine.row(&keys::message_id(number, id))?;
        Ok(row.and_then(|seq| keys::number_at(&seq, 0)).map(Seq))
    }

    /// The first answer to this request, if it was answered within its window before `now`. Sees
    /// answers that are submitted and not yet on disk: do not pass such a one on before its own
    /// commit is done. Answers with a window and answers without one are remembered apart.
    pub fn repeat(
        &self,
        number: u64,
        sender: &str,
        once: &Once,
        now: Millis,
    ) -> Result<Option<Repeat>, Fault> {
        let Some(request) = &once.key else { return Ok(None) };
        let Some(window_ms) = once.window_ms else {
            let row = self.engine.row(&keys::answered(number, once.verb, sender, request))?;
            return row.map(|bytes| Repeat::decode("answered request", &bytes)).transpose();
        };
        let digest = RecentAnswer::digest_of(number, once.verb, sender, request);
        let answer = self.engine.recent_answer(digest)?.map(|answer| answer.repeat);
        Ok(answer.filter(|repeat| now.since(repeat.at) <= window_ms))
    }

    /// How far a member has come.
    pub fn cursor(&self, number: u64, user: &UserId) -> Result<Cursor, Fault> {
        let row = self.engine.row(&keys::cursor(number, user))?;
        row.map_or(Ok(Cursor::default()), |bytes| Cursor::decode("cursor", &bytes))
    }

    /// What is known of a writer; `None` if it never wrote.
    pub fn standing(&self, user: &UserId) -> Result<Option<Standing>, Fault> {
        let row = self.engine.row(&keys::named(keys::STANDINGS, user.as_str()))?;
        row.map(|bytes| Standing::decode("standing", &bytes)).transpose()
    }

    // === for administrators ===

    /// The text that the entry at `seq` brought, before moderation.
    pub fn original(&self, number: u64, seq: Seq) -> Result<Option<Original>, Fault> {
        let bytes = self.engine.value(&keys::pair(keys::ORIGINALS, number, seq.0))?;
        bytes.map(|bytes| Original::decode(&place(number, seq), &bytes)).transpose()
    }

    /// What the message at `seq` said before, oldest first.
    pub fn versions(&self, number: u64, seq: Seq) -> Result<Vec<Version>, Fault> {
        let prefix = keys::pair(keys::VERSIONS, number, seq.0);
        self.collect(&prefix, None, usize::MAX, |_, bytes| {
            Version::decode(&place(number, seq), bytes)
        })
    }

    /// Held messages after this number.
    pub fn held(&self, after: u64, limit: usize) -> Result<Vec<(u64, Held)>, Fault> {
        let from = keys::numbered(keys::HELD, after.saturating_add(1));
        self.collect(&[keys::HELD.byte], Some(from), limit, |key, bytes| {
            Ok((number_of(key), Held::decode("held message", bytes)?))
        })
    }

    /// One held message.
    pub fn held_at(&self, number: u64) -> Result<Option<Held>, Fault> {
        let bytes = self.engine.value(&keys::numbered(keys::HELD, number))?;
        bytes.map(|bytes| Held::decode("held message", &bytes)).transpose()
    }

    // === queues ===

    /// Messages to check again, after this position.
    pub fn unchecked(&self, after: (u64, Seq), limit: usize) -> Result<Vec<Unchecked>, Fault> {
        let from = keys::pair(keys::UNCHECKED, after.0, after.1.0.saturating_add(1));
        self.collect(&[keys::UNCHECKED.byte], Some(from), limit, |key, bytes| {
            Unchecked::decode(number_of(key), seq_of(key), bytes)
        })
    }

    /// What the outside must learn, after this number.
    #[cfg_attr(not(test), expect(dead_code, reason = "the courier's queue"))]
    pub fn outbox(&self, after: u64, limit: usize) -> Result<Vec<(u64, OutboxItem)>, Fault> {
        let from = keys::numbered(keys::OUTBOX, after.saturating_add(1));
        self.collect(&[keys::OUTBOX.byte], Some(from), limit, |key, bytes| {
            Ok((number_of(key), OutboxItem::decode("outbox item", bytes)?))
        })
    }

    /// What is due at `now`, earliest first, each with the number to call it by.
    #[cfg_attr(not(test), expect(dead_code, reason = "reminders"))]
    pub fn due(&self, now: Millis, limit: usize) -> Result<Vec<(u64, AgendaItem)>, Fault> {
        let mut found = self.collect(&[keys::AGENDA.byte], None, limit, |key, bytes| {
            Ok((seq_of(key).0, AgendaItem::decode("agenda item", bytes)?))
        })?;
        found.retain(|(_, item)| item.due <= now);
        Ok(found)
    }

    // === rows ===

    fn entries(
        &self,
        number: u64,
        first: Seq,
        last: Seq,
    ) -> impl DoubleEndedIterator<Item = sled::Result<(sled::IVec, sled::IVec)>> + use<> {
        let (first, last) = (keys::entry(number, first), keys::entry(number, last));
        // An empty range must not look like one that goes backwards.
        let last =
            if last < first { Bound::Excluded(first.clone()) } else { Bound::Included(last) };
        self.engine.tree().range((Bound::Included(first), last))
    }

    fn entry(&self, number: u64, seq: Seq, key: &[u8], row: &[u8]) -> Result<Option<Entry>, Fault> {
        let Some(bytes) = self.engine.whole(key, row)? else { return Ok(None) };
        Entry::decode(&place(number, seq), seq, &bytes).map(Some)
    }

    pub(super) fn collect<T>(
        &self,
        prefix: &[u8],
        from: Option<Vec<u8>>,
        limit: usize,
        read: impl Fn(&[u8], &[u8]) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let from = from.unwrap_or_else(|| prefix.to_vec());
        let mut found = Vec::new();
        for row in self.engine.tree().range(from..).take(limit) {
            let (key, row) = row?;
            if !key.starts_with(prefix) {
                break;
            }
            if let Some(bytes) = self.engine.whole(&key, &row)? {
                found.push(read(&key, &bytes)?);
            }
        }
        Ok(found)
    }
}

fn is_post(row: &[u8]) -> bool {
    first_bytes(row).first().copied().and_then(EntryKind::of) == Some(EntryKind::Posted)
}

fn place(number: u64, seq: Seq) -> String {
    format!("conversation {number}, seq {seq}")
}

fn number_of(key: &[u8]) -> u64 {
    keys::number_at(key, 1).unwrap_or(0)
}

fn seq_of(key: &[u8]) -> Seq {
    Seq(keys::number_at(key, 9).unwrap_or(0))
}
