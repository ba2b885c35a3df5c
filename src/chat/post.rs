//! A new message: admitted, moderated, numbered, on its way to the disk.

use std::{collections::BTreeSet, sync::Arc};

use unicode_normalization::UnicodeNormalization;

use super::{
    Chat, Error, Ticket,
    admission::Author,
    decide::Draft,
    lane::{Lane, LaneState, Recent},
    meters::Asker,
    moderate::{Checked, Clean, Masked},
};
use crate::{
    auth::Permit,
    domain::{
        command::{Done, Once, Post},
        event::{EditReason, Event, Position, What},
        id::{ForeignId, Seq},
        message::{Content, Message},
        moderation::{Finding, Flag},
        policy::Policy,
        redact,
        refusal::Refusal,
    },
    store::{
        Batch,
        records::{Held, Original, Repeat, Unchecked, Version},
    },
};

/// The longest message with the caller's object around it: every listener's queue must hold some.
const CONTENT_MAX_BYTES: usize = 64 * 1024;

/// What a message is made of once its text may be delivered.
pub(super) struct Fresh {
    pub author: Author,
    /// The caller's, if it brings one.
    pub id: Option<ForeignId>,
    pub content: Content,
    pub reply_to: Option<ForeignId>,
    pub once: Once,
}

impl Chat {
    pub(super) async fn post(&self, permit: Permit<'_>, post: Post) -> Result<Ticket, Error> {
        self.may_write(permit, &post.conversation)?;
        let kind = post.conversation.kind();
        let policy = self.settings().policy(kind);
        admit_content(&policy, &post.content)?;
        let author = Author::of(permit, post.sender)?;
        let lane = self.shared.lanes.open(&post.conversation)?;
        let now = self.shared.clock.now();
        if let Some(ticket) =
            self.repeated(&lane, &lane.state(), (&author.scope, &post.once), now)?
        {
            return Ok(ticket);
        }
        if let (Some(rate), Permit::Actor(actor)) = (policy.rate, permit) {
            self.shared.rates.admit(actor.user(), kind, rate, now)?;
        }
        self.shared.store.room_to_write()?;
        let waiting = self.wait()?;
        let name = post.id.as_ref().map_or("", ForeignId::as_str);
        let checked = self.check(&lane, &author, &post.content.text, (name, None), now).await?;

        let Post { id, content, reply_to, once, .. } = post;
        let fresh = Fresh { author, id, content, reply_to, once };
        let mut state = lane.state();
        if let Some(ticket) =
            self.repeated(&lane, &state, (&fresh.author.scope, &fresh.once), now)?
        {
            return Ok(ticket);
        }
        let draft = self.draft(&lane, &mut state)?;
        match checked {
            Checked::Hold { category, findings } => {
                self.hold(&lane, &mut state, (draft, fresh), category, findings)
            }
            Checked::Deliver(clean) => {
                self.place(&lane, &mut state, (draft, fresh), *clean, Some(waiting))
            }
        }
    }

    /// Numbers a message that may be delivered, and the edits of earlier ones that it gave away.
    pub(super) fn place(
        &self,
        lane: &Arc<Lane>,
        state: &mut LaneState,
        (mut draft, fresh): (Draft, Fresh),
        clean: Clean,
        waiting: Option<Asker>,
    ) -> Result<Ticket, Error> {
        let Fresh { author, id, content, reply_to, once } = fresh;
        draft.original = clean.original(&content.text);
        draft.notice = clean.notice;
        if let Some((user, standing)) = &clean.standing {
            draft.batch.standing(user, standing)?;
        }
        draft.remember(&author.scope, &once)?;
        // What the same person wrote while this was being checked, the plugins have not seen.
        let missed = |recent: &Recent| clean.seen.is_some_and(|seen| recent.seq > seen);
        let raced = state.recent.iter().any(|recent| missed(recent) && author.wrote(recent));
        if raced || !clean.unanswered.is_empty() {
            let plugins = if raced { Vec::new() } else { clean.unanswered };
            draft.batch.unchecked(&Unchecked { number: draft.number, seq: draft.seq, plugins })?;
        }
        let message = Arc::new(Message {
            seq: draft.seq,
            id: id.map_or_else(|| Batch::mint_id(draft.seq, draft.at), Ok)?,
            sender: author.user.clone(),
            role: author.role,
            content: Content { text: clean.text, envelope: content.envelope },
            reply_to,
            client_id: once.key.clone(),
            created_at: draft.at,
            version: 1,
            edited_at: None,
            deleted_at: None,
            status: None,
            flags: clean.flags,
            altered: clean.altered,
        });
        let event = Event {
            conversation: lane.id.clone(),
            seq: draft.seq,
            position: Position::default(),
            at: draft.at,
            by: author.user,
            request: once.key,
            what: What::Posted(message.clone()),
        };
        let ticket = self.commit(lane, state, (draft, event), waiting)?;
        state.remember(Recent::of(&message));
        if raced {
            self.check_soon();
        }
        for masked in clean.earlier {
            self.mask(lane, state, masked);
        }
        Ok(ticket)
    }

    /// Keeps a message for an administrator's decision; the asker learns that it is held.
    fn hold(
        &self,
        lane: &Lane,
        state: &mut LaneState,
        (mut draft, fresh): (Draft, Fresh),
        category: String,
        findings: Vec<Finding>,
    ) -> Result<Ticket, Error> {
        let Fresh { author, id, content, reply_to, once } = fresh;
        let at = draft.at;
        let answer = Repeat { seq: Seq(0), at, delivered: 0, held: Some(category.clone()) };
        draft.batch.remember(draft.number, &author.scope, &once, &answer)?;
        draft.batch.hold(&Held {
            conversation: lane.id.clone(),
            at,
            sender: author.user,
            role: author.role,
            id: id.map_or_else(|| Batch::mint_id(Seq(0), at), Ok)?,
            content,
            reply_to,
            request: once.key,
            edits: None,
            category: category.clone(),
            findings,
        })?;
        Ok(self.commit_aside(lane, state, draft, Done::Held { at, category }))
    }

    /// Gives a message the text that moderation left of it. Nobody waits for it; a message that was
    /// deleted or reads otherwise by now is left alone.
    pub(super) fn mask(&self, lane: &Arc<Lane>, state: &mut LaneState, masked: Masked) {
        let of = masked.of;
        if let Err(fault) = self.try_mask(lane, state, masked) {
            tracing::error!(conversation = %lane.id, seq = %of, %fault, "a message could not be masked");
        }
    }

    fn try_mask(
        &self,
        lane: &Arc<Lane>,
        state: &mut LaneState,
        masked: Masked,
    ) -> Result<(), Error> {
        let Masked { of, checked, text, flags, findings } = masked;
        let Some(stored) = &state.stored else { return Ok(()) };
        let Some(old) = self.shared.store.message(stored.number, of)? else { return Ok(()) };
        if old.deleted_at.is_some() || old.content.text != checked || checked == text {
            return Ok(());
        }
        let content = Content { text, envelope: old.content.envelope.clone() };
        let flags = without_unchecked(&old.flags, flags);
        let version = old.version + 1;
        let message = Arc::new(Message { content, version, flags, altered: true, ..old.clone() });
        let mut draft = self.draft(lane, state)?;
        draft.original = Some(Original { text: checked, findings });
        let event = Event {
            conversation: lane.id.clone(),
            seq: draft.seq,
            position: Position::default(),
            at: draft.at,
            by: old.sender.clone(),
            request: None,
            what: What::Edited {
                target: old.id.clone(),
                message: message.clone(),
                why: EditReason::Masked,
            },
        };
        draft.batch.replace(draft.number, &message, Some(&former(&old)))?;
        // The ticket may be dropped: nobody asked for this change.
        self.commit(lane, state, (draft, event), None)?;
        state.reword(&message);
        Ok(())
    }
}

/// The flags of a message that was checked again.
pub(super) fn without_unchecked(old: &[Flag], new: Vec<Flag>) -> Vec<Flag> {
    let kept = old.iter().filter(|flag| flag.category != redact::UNCHECKED).cloned();
    let all: BTreeSet<Flag> = kept.chain(new).collect();
    all.into_iter().collect()
}

/// What a message said before it is changed, for administrators.
pub(super) fn former(old: &Message) -> Version {
    let at = old.edited_at.unwrap_or(old.created_at);
    Version { version: old.version, at, content: old.content.clone() }
}

/// Whether the content's size fits the policy; a text without a caller's object around it must say
/// something.
pub(super) fn admit_content(policy: &Policy, content: &Content) -> Result<(), Refusal> {
    if content.envelope.is_none() && content.text.trim().is_empty() {
        return Err(Refusal::TextEmpty);
    }
    if content.len_bytes() > CONTENT_MAX_BYTES {
        return Err(Refusal::TooLarge { bytes_max: CONTENT_MAX_BYTES });
    }
    let text = &content.text;
    let chars = if text.is_ascii() { text.len() } else { text.nfc().count() };
    policy.admit_text(text.len(), chars)
}
