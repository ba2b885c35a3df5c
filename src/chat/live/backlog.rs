//! What a listener missed of several conversations, in the order in which it was published: a merge of
//! their logs, read by pages. All pages together hold about as much as one page of one log.

use std::collections::VecDeque;

use super::{Following, PAGE_MAX};
use crate::{
    chat::Error,
    domain::{
        event::{Event, Offset, Position},
        id::Seq,
    },
};

/// One conversation's part.
pub(super) struct Backlog {
    pub following: Following,
    /// The last seq that has been read.
    pub known: Seq,
    /// The last seq that is to be read.
    pub upto: Seq,
    /// Where its listener joined. What is older than that came after everything that was published up
    /// to there, and comes so again.
    pub joined_at: Position,
    /// Its turn among those that were joined at the same place.
    pub turn: usize,
    page: VecDeque<Event>,
}

impl Backlog {
    /// Everything after `known`, up to and with `upto`.
    pub fn new(following: Following, known: Seq, upto: Seq, joined_at: Position) -> Self {
        Self { following, known, upto, joined_at, turn: 0, page: VecDeque::new() }
    }

    /// When an event is told.
    fn time(&self, event: &Event) -> (Position, usize) {
        if event.position <= self.joined_at {
            (self.joined_at, self.turn.saturating_add(1))
        } else {
            (event.position, 0)
        }
    }

    /// How far its reader has come with an event, if that is not the event's own position.
    fn offset(&self, event: &Event) -> Option<Offset> {
        let except = Some((self.following.number()?, event.seq));
        let position = self.joined_at;
        (event.position <= position).then_some(Offset { position, except })
    }

    /// How many events are still to come.
    pub fn missed(&self) -> u64 {
        let waiting = u64::try_from(self.page.len()).unwrap_or(u64::MAX);
        self.upto.0.saturating_sub(self.known.0).saturating_add(waiting)
    }

    /// Reads a page if there is something to read and none in hand.
    async fn fill(&mut self, limit: usize) -> Result<(), Error> {
        if !self.page.is_empty() || self.known >= self.upto {
            return Ok(());
        }
        let page = self.following.page(self.known, self.upto, limit)?;
        // Events carry their message's newest words, also those on their way to the disk.
        self.following.settled().await;
        // A log has no gaps; were it to end early, there would be nothing more to read.
        self.known = page.last().map_or(self.upto, |event| event.seq);
        self.page = page.into();
        Ok(())
    }
}

/// The next event of all, with how far its reader has come then if the event does not say it itself.
pub(super) async fn next(
    backlogs: &mut [Backlog],
) -> Result<Option<(Event, Option<Offset>)>, Error> {
    let behind = backlogs.iter().filter(|backlog| backlog.missed() > 0).count();
    let limit = (PAGE_MAX / behind.max(1)).max(1);
    for backlog in &mut *backlogs {
        backlog.fill(limit).await?;
    }
    let first = |backlog: &&mut Backlog| backlog.page.front().map(|event| backlog.time(event));
    let next = backlogs.iter_mut().filter(|b| !b.page.is_empty()).min_by_key(first);
    Ok(next.and_then(|backlog| {
        let event = backlog.page.pop_front()?;
        let offset = backlog.offset(&event);
        Some((event, offset))
    }))
}
