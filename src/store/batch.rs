//! One change of the store: everything in it happens together or not at all.

use std::sync::Arc;

use super::{
    Fault,
    engine::{Change, Engine, Op, parts_in, random, split, value_by},
    keys, minted,
    records::{
        AgendaItem, Conversation, Cursor, Encode, Entry, Held, Original, OutboxItem, RecentAnswer,
        Repeat, Standing, Unchecked, Version,
    },
};
use crate::domain::{
    command::Once,
    event::{Event, What},
    id::{ConversationId, ForeignId, Seq, UserId},
    message::Message,
    time::Millis,
};

/// A change in the making; see [`super::Store::submit`]. A failed call leaves the batch unfit for
/// submission: throw it away.
pub struct Batch {
    engine: Arc<Engine>,
    ops: Vec<Op>,
    answers: Vec<RecentAnswer>,
}

impl Batch {
    pub(super) fn new(engine: Arc<Engine>) -> Self {
        Self { engine, ops: Vec::with_capacity(4), answers: Vec::new() }
    }

    pub(super) fn into_change(self) -> Change {
        Change { ops: self.ops, answers: self.answers }
    }

    // === the log ===

    /// Makes a conversation and returns its number. The caller sees to it that it is made once.
    pub fn create(&mut self, id: &ConversationId, now: Millis) -> Result<u64, Fault> {
        let number = self.engine.next_number(keys::CONVERSATIONS);
        let record = Conversation { number, id: id.clone(), created_at: now, state: None };
        self.put(keys::numbered(keys::CONVERSATIONS, number), record.encode()?);
        self.put(keys::by_name(id), number.to_be_bytes().to_vec());
        Ok(number)
    }

    /// Puts a conversation, as it is now, in the place of its former self.
    pub fn change(&mut self, conversation: &Conversation) -> Result<(), Fault> {
        self.put(keys::numbered(keys::CONVERSATIONS, conversation.number), conversation.encode()?);
        Ok(())
    }

    /// An id for a message at `seq` whose caller brings none: it needs no index entry.
    pub fn mint_id(seq: Seq, now: Millis) -> Result<ForeignId, Fault> {
        minted::mint(seq, now)
    }

    /// Writes the next entry of a log; `event.seq` is the caller's to number without gaps, and
    /// `event.position` to number in the order in which batches are submitted.
    ///
    /// A post holds its message. An edit of a message that the log holds only refers to it: change
    /// the message itself with [`Batch::replace`] in the same batch. `original` is the text of this
    /// very entry before moderation.
    pub fn append(
        &mut self,
        number: u64,
        event: &Event,
        original: Option<&Original>,
    ) -> Result<(), Fault> {
        self.put_new(&keys::entry(number, event.seq), Entry::of(event).encode()?)?;
        if let What::Posted(message) = &event.what
            && minted::seq_in(&message.id) != Some(event.seq)
        {
            let seq = event.seq.0.to_be_bytes().to_vec();
            self.put(keys::message_id(number, &message.id), seq);
        }
        if let Some(original) = original {
            let key = keys::pair(keys::ORIGINALS, number, event.seq.0);
            self.put_new(&key, original.encode()?)?;
        }
        Ok(())
    }

    /// Puts a message, as it is now, in the place of its former self at `message.seq`. `keep` is
    /// what it said before, for administrators.
    ///
    /// # Errors
    /// [`Fault::NoEntry`] if no message was posted there.
    pub fn replace(
        &mut self,
        number: u64,
        message: &Message,
        keep: Option<&Version>,
    ) -> Result<(), Fault> {
        let key = keys::entry(number, message.seq);
        let place = || format!("conversation {number}, seq {}", message.seq);
        let bytes = self.value(&key)?.ok_or_else(|| Fault::NoEntry { place: place() })?;
        let mut entry = Entry::decode(&place(), message.seq, &bytes)?;
        if entry.message.is_none() || entry.target.is_some() {
            return Err(Fault::NoEntry { place: place() });
        }
        entry.message = Some(Arc::new(message.clone()));
        self.put_over(&key, entry.encode()?)?;
        if let Some(keep) = keep {
            let key = keys::version(number, message.seq, keep.version);
            self.put_over(&key, keep.encode()?)?;
        }
        Ok(())
    }

    /// Remembers the answer to a request, so that a repeat gets it again. Does nothing without a
    /// key.
    pub fn remember(
        &mut self,
        number: u64,
        sender: &str,
        once: &Once,
        answer: &Repeat,
    ) -> Result<(), Fault> {
        let Some(request) = &once.key else { return Ok(()) };
        match once.window_ms {
            None => self.put(keys::answered(number, once.verb, sender, request), answer.encode()?),
            Some(window_ms) => self.answers.push(RecentAnswer {
                digest: RecentAnswer::digest_of(number, once.verb, sender, request),
                number,
                forgotten_at: answer.at.plus(window_ms),
                repeat: answer.clone(),
            }),
        }
        Ok(())
    }

    /// Moves a cursor forward; a cursor never goes back.
    pub fn cursor(&mut self, number: u64, user: &UserId, to: Cursor) -> Result<(), Fault> {
        let key = keys::cursor(number, user);
        let old = self.record::<Cursor>(&key, "cursor")?.unwrap_or_default();
        let merged = Cursor {
            delivered: old.delivered.max(to.delivered),
            read: old.read.max(to.read),
            at: old.at.max(to.at),
        };
        self.put(key, merged.encode()?);
        Ok(())
    }

    /// Puts what is known of a writer in the place of what was known before.
    pub fn standing(&mut self, user: &UserId, standing: &Standing) -> Result<(), Fault> {
        self.put(keys::named(keys::STANDINGS, user.as_str()), standing.encode()?);
        Ok(())
    }

    // === what waits ===

    /// Keeps a message for an administrator; returns its number.
    pub fn hold(&mut self, held: &Held) -> Result<u64, Fault> {
        let number = self.engine.next_number(keys::HELD);
        self.put_new(&keys::numbered(keys::HELD, number), held.encode()?)?;
        Ok(number)
    }

    /// The held message was decided about.
    pub fn unhold(&mut self, number: u64) -> Result<(), Fault> {
        self.remove_long(keys::numbered(keys::HELD, number))
    }

    /// Queues a message to be checked again.
    pub fn unchecked(&mut self, unchecked: &Unchecked) -> Result<(), Fault> {
        let key = keys::pair(keys::UNCHECKED, unchecked.number, unchecked.seq.0);
        self.put(key, unchecked.encode()?);
        Ok(())
    }

    /// The message was checked, or needs no check any more.
    pub fn checked(&mut self, number: u64, seq: Seq) {
        self.remove(keys::pair(keys::UNCHECKED, number, seq.0));
    }

    /// Queues something for the outside; returns its number.
    #[cfg_attr(not(test), expect(dead_code, reason = "the courier's queue"))]
    pub fn outbox(&mut self, item: &OutboxItem) -> Result<u64, Fault> {
        let number = self.engine.next_number(keys::OUTBOX);
        self.put_new(&keys::numbered(keys::OUTBOX, number), item.encode()?)?;
        Ok(number)
    }

    /// The outside has learned it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the courier's queue"))]
    pub fn sent(&mut self, number: u64) -> Result<(), Fault> {
        self.remove_long(keys::numbered(keys::OUTBOX, number))
    }

    /// Puts something on the agenda; returns what it is called there besides its time.
    #[cfg_attr(not(test), expect(dead_code, reason = "reminders"))]
    pub fn agenda(&mut self, item: &AgendaItem) -> Result<u64, Fault> {
        // Random, so that it needs no counter and meets no other item of the same time.
        let number = random()?;
        self.put_new(&keys::pair(keys::AGENDA, item.due.0, number), item.encode()?)?;
        Ok(number)
    }

    /// It was done, or is off.
    #[cfg_attr(not(test), expect(dead_code, reason = "reminders"))]
    pub fn agenda_done(&mut self, due: Millis, number: u64) -> Result<(), Fault> {
        self.remove_long(keys::pair(keys::AGENDA, due.0, number))
    }

    // === rows ===

    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.ops.push((key.into(), Some(value.into())));
    }

    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.ops.push((key.into(), None));
    }

    /// A value, maybe a long one, where there was none.
    fn put_new(&mut self, key: &[u8], value: Vec<u8>) -> Result<(), Fault> {
        for (key, value) in split(key, value)? {
            self.put(key, value);
        }
        Ok(())
    }

    /// A value, maybe a long one, over another; no part of that one stays.
    pub(super) fn put_over(&mut self, key: &[u8], value: Vec<u8>) -> Result<(), Fault> {
        let before = self.row(key)?.map_or(0, |row| parts_in(&row));
        let rows = split(key, value)?;
        for part in 1..=before {
            if usize::from(part) >= rows.len() {
                self.remove(keys::part(key, part));
            }
        }
        for (key, value) in rows {
            self.put(key, value);
        }
        Ok(())
    }

    pub(super) fn remove_long(&mut self, key: Vec<u8>) -> Result<(), Fault> {
        let parts = self.row(&key)?.map_or(0, |row| parts_in(&row));
        for part in 1..=parts {
            self.remove(keys::part(&key, part));
        }
        self.remove(key);
        Ok(())
    }

    /// A row as this batch, else what was submitted, left it.
    fn row(&self, key: &[u8]) -> Result<Option<sled::IVec>, Fault> {
        match self.ops.iter().rev().find(|(k, _)| k == key) {
            Some((_, value)) => Ok(value.clone()),
            None => self.engine.row(key),
        }
    }

    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        value_by(key, |key| self.row(key))
    }

    fn record<R: super::records::Decode>(
        &self,
        key: &[u8],
        place: &str,
    ) -> Result<Option<R>, Fault> {
        self.row(key)?.map(|bytes| R::decode(place, &bytes)).transpose()
    }
}
