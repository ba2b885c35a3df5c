//! Joining the listeners of conversations, and getting what was missed before: first the older events
//! from the log, at the peer's pace, then the live ones. While the older ones are fed, live ones wait
//! behind a cork, so that each event comes once and in its order.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Following, PAGE_MAX,
    backlog::{Backlog, next},
};
use crate::{
    auth::Permit,
    chat::{Chat, Error, lane::Lane},
    domain::{
        event::{Entrance, Offset},
        id::{ConversationId, Seq},
        refusal::Refusal,
    },
    hub::{Listener, Outbox, Pushed, Utterance},
};

/// How often a listener that comes back is fed from the log before it joins; so often, what was said
/// meanwhile is fed the same way, and only the little that is left then holds up the live events.
const ROUNDS_MAX: usize = 4;

/// A place among a conversation's listeners; given up when dropped.
pub struct Subscription {
    lane: Arc<Lane>,
    listener: Listener,
}

impl Subscription {
    /// For a listener that has joined.
    pub fn new(following: Following, listener: Listener) -> Self {
        Self { lane: following.lane, listener }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.lane.channel.leave(&self.listener);
    }
}

/// A corked outbox. Unless what is being fed becomes complete, the connection ends: whatever came after
/// the gap would hide it.
struct Cork(Option<Arc<Outbox>>);

impl Cork {
    fn new(outbox: &Arc<Outbox>) -> Self {
        outbox.cork();
        Self(Some(outbox.clone()))
    }

    fn complete(mut self) {
        if let Some(outbox) = self.0.take() {
            outbox.uncork();
        }
    }
}

impl Drop for Cork {
    fn drop(&mut self) {
        if let Some(outbox) = &self.0 {
            outbox.break_off();
        }
    }
}

/// Where a listener goes on after a break.
pub struct Seam {
    backlogs: Vec<Backlog>,
    listener: Listener,
}

impl Chat {
    /// Follows a conversation of which its listener has everything up to `after`: the rest of the log, at
    /// the listener's pace, then what is live. What others say meanwhile is not held up.
    ///
    /// # Errors
    /// [`Refusal::NotAMember`], a fault of the server, or [`Error::Gone`] if the connection ends.
    pub async fn listen(
        &self,
        permit: Permit<'_>,
        conversation: &ConversationId,
        after: Seq,
        listener: Listener,
    ) -> Result<Subscription, Error> {
        let following = self.follow(permit, conversation)?;
        let mut known = after;
        loop {
            let upto = following.published();
            let page = following.events(known, upto)?;
            if page.is_empty() {
                if following.join(&listener, known.max(upto)).is_ok() {
                    return Ok(Subscription::new(following, listener));
                }
                continue;
            }
            // Events carry their message's newest words, also those on their way to the disk.
            following.settled().await;
            for event in &page {
                known = event.seq;
                self.feed(&listener, Utterance::Event(event)).await?;
            }
        }
    }

    /// Follows one more conversation. Without `after`: what is published from now on. With it, first
    /// what was missed since, as [`Utterance::Missed`], then what is live. Returns the seq at which it
    /// joined; a conversation that nobody wrote to is joined at 0.
    ///
    /// Not to be called for a conversation that the same listener listens to already. If it fails, or is
    /// dropped, after it began to feed, the connection ends.
    ///
    /// # Errors
    /// [`Refusal::NotAMember`]; [`Refusal::Field`] if more than `missed_max` events were missed or
    /// `after` lies beyond the log; [`Error::Gone`] if the connection ends meanwhile.
    pub async fn join(
        &self,
        permit: Permit<'_>,
        conversation: &ConversationId,
        after: Option<Seq>,
        missed_max: u64,
        listener: Listener,
    ) -> Result<(Seq, Entrance, Subscription), Error> {
        let following = self.follow(permit, conversation)?;
        let Some(after) = after else {
            let stage = &self.shared.stage;
            let (position, seq) = stage.cut(|position| (position, following.join_now(&listener)));
            let entrance = Entrance { since: seq, position };
            return Ok((seq, entrance, Subscription::new(following, listener)));
        };
        admit_missed(after, following.published(), missed_max)?;
        // In this order: what was published up to the cut is queued before what is fed, for each fed
        // event says that its reader has all of that.
        let (position, cork, seq) = self
            .shared
            .stage
            .cut(|position| (position, Cork::new(&listener.outbox), following.join_now(&listener)));
        let subscription = Subscription::new(following.clone(), listener.clone());
        let mut backlogs = [Backlog::new(following, after, seq, position)];
        self.feed_all(&mut backlogs, &listener).await?;
        cork.complete();
        Ok((seq, Entrance { since: after, position }, subscription))
    }

    /// Finds where a listener goes on after a break, so that [`Chat::rejoin`] can bring it there. Each
    /// room comes with a seq that its listener has in any case. Nothing is fed and nothing joined yet.
    ///
    /// # Returns
    /// `None` if there is no seam: more than `missed_max` events were missed, or `rooms` or `offset`
    /// name what was never published.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn seam(
        &self,
        permit: Permit<'_>,
        rooms: Vec<(ConversationId, Entrance)>,
        offset: Option<Offset>,
        missed_max: u64,
        listener: Listener,
    ) -> Result<Option<Seam>, Error> {
        let Some(backlogs) = self.backlogs(permit, rooms, offset)? else { return Ok(None) };
        if missed(&backlogs) > missed_max {
            return Ok(None);
        }
        Ok(Some(Seam { backlogs, listener }))
    }

    /// Follows conversations again after a break: everything missed of all of them in the order of
    /// positions, then what is live. Rooms that may no longer be read are left out of the result.
    ///
    /// If it fails, or is dropped, after it joined, the connection ends.
    ///
    /// # Errors
    /// A fault of the server; [`Error::Gone`] if the connection ends meanwhile.
    pub async fn rejoin(&self, seam: Seam) -> Result<Vec<(ConversationId, Subscription)>, Error> {
        let Seam { mut backlogs, listener } = seam;
        let few = u64::try_from(PAGE_MAX).unwrap_or(u64::MAX);
        for _ in 0..ROUNDS_MAX {
            if missed(&backlogs) <= few {
                break;
            }
            self.feed_all(&mut backlogs, &listener).await?;
            self.shared.stage.cut(|_| {
                for backlog in &mut backlogs {
                    backlog.upto = backlog.following.published();
                }
            });
        }
        let outbox = &listener.outbox;
        let cork = self.shared.stage.cut(|_| {
            let cork = Cork::new(outbox);
            for backlog in &mut backlogs {
                backlog.upto = backlog.following.join_now(&listener);
            }
            cork
        });
        let joined = |backlog: &Backlog| {
            let following = backlog.following.clone();
            (following.lane.id.clone(), Subscription::new(following, listener.clone()))
        };
        let joined = backlogs.iter().map(joined).collect();
        self.feed_all(&mut backlogs, &listener).await?;
        cork.complete();
        Ok(joined)
    }

    /// What was missed of each room that may be read, up to one instant; `None` if there is no seam.
    fn backlogs(
        &self,
        permit: Permit<'_>,
        rooms: Vec<(ConversationId, Entrance)>,
        offset: Option<Offset>,
    ) -> Result<Option<Vec<Backlog>>, Error> {
        let mut backlogs: Vec<Backlog> = Vec::with_capacity(rooms.len());
        for (turn, (conversation, Entrance { since, position })) in rooms.into_iter().enumerate() {
            match self.follow(permit, &conversation) {
                Ok(following) => {
                    let mut backlog = Backlog::new(following, since, since, position);
                    backlog.turn = turn;
                    backlogs.push(backlog);
                }
                Err(Error::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        backlogs.sort_by(|a, b| a.following.lane.id.cmp(&b.following.lane.id));
        backlogs.dedup_by(|a, b| a.following.lane.id == b.following.lane.id);
        let last = self.shared.stage.cut(|last| {
            for backlog in &mut backlogs {
                backlog.upto = backlog.following.published();
            }
            last
        });
        if offset.is_some_and(|offset| offset.position > last) {
            return Ok(None);
        }
        let caught_up = offset.and_then(|offset| last_turn(&backlogs, offset));
        for backlog in &mut backlogs {
            if let Some(offset) = offset {
                backlog.known = known(backlog, offset, caught_up)?;
            }
            if backlog.known > backlog.upto {
                return Ok(None);
            }
        }
        Ok(Some(backlogs))
    }

    async fn feed_all(&self, backlogs: &mut [Backlog], listener: &Listener) -> Result<(), Error> {
        while let Some((event, offset)) = next(backlogs).await? {
            match offset {
                Some(offset) => self.feed(listener, Utterance::Missed(&event, &offset)).await?,
                None => self.feed(listener, Utterance::Event(&event)).await?,
            }
        }
        Ok(())
    }

    /// Queues a missed event at the peer's pace, so that catching up never looks like being slow.
    async fn feed(&self, listener: &Listener, what: Utterance<'_>) -> Result<(), Error> {
        match self.shared.encoder.encode(listener.flavour, what) {
            None => Ok(()),
            Some(frame) => feed(&listener.outbox, frame).await,
        }
    }
}

/// How many events there are to feed.
fn missed(backlogs: &[Backlog]) -> u64 {
    backlogs.iter().map(Backlog::missed).fold(0, u64::saturating_add)
}

/// Among the conversations that were joined where the offset stands, the turn of the one that its reader
/// was catching up with: those before it were complete by then.
fn last_turn(backlogs: &[Backlog], offset: Offset) -> Option<usize> {
    let (number, _) = offset.except?;
    let named = backlogs.iter().find(|backlog| backlog.following.number() == Some(number));
    named.filter(|backlog| backlog.joined_at == offset.position).map(|backlog| backlog.turn)
}

/// Where a returning listener stands in one conversation. An offset says something of it if it is from
/// after it was joined; before, not even what was missed then had arrived.
fn known(backlog: &Backlog, offset: Offset, caught_up: Option<usize>) -> Result<Seq, Error> {
    let Backlog { following, joined_at, known, upto, turn, .. } = backlog;
    // Of an earlier time that it was joined, an offset says nothing.
    if let Some((number, seq)) = offset.except
        && offset.position == *joined_at
        && following.number() == Some(number)
    {
        return Ok(seq.max(*known));
    }
    let complete = offset.position > *joined_at
        || (offset.position == *joined_at && caught_up.is_some_and(|last| *turn < last));
    if !complete || known >= upto {
        return Ok(*known);
    }
    following.last_seq_at(offset.position, (*known, *upto))
}

fn admit_missed(after: Seq, last: Seq, missed_max: u64) -> Result<(), Refusal> {
    match last.0.checked_sub(after.0) {
        None => Err(Refusal::field("after", "lies beyond the last event; fetch the history")),
        Some(missed) if missed > missed_max => {
            let problem = format!("more than {missed_max} events were missed; fetch the history");
            Err(Refusal::field("after", problem))
        }
        Some(_) => Ok(()),
    }
}

/// Waits until the peer has read enough and queues a frame past the cork.
async fn feed(outbox: &Outbox, frame: Bytes) -> Result<(), Error> {
    let half = outbox.bytes_max() / 2;
    let fits = outbox.bytes_ahead() + frame.len() <= half || outbox.drained(half / 2).await;
    if fits && outbox.push_past(frame) == Pushed::Ok { Ok(()) } else { Err(Error::Gone) }
}
