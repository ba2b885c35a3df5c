//! New words for a message that is there. A back end may name messages that the log does not hold
//! (they were written before it moved here): their edits are relayed and kept.

use std::sync::Arc;

use super::{
    Chat, Error, Ticket,
    admission::{Author, SERVICE},
    decide::Draft,
    lane::{Lane, LaneState},
    meters::Asker,
    moderate::{Checked, Clean},
    post::{admit_content, former},
};
use crate::{
    auth::{Actor, Admin, Permit},
    domain::{
        command::{Edit, Once, Target},
        event::{EditReason, Event, Position, What},
        id::{ForeignId, Seq},
        message::{Content, Message},
        policy::Policy,
        redact,
        refusal::Refusal,
        time::Millis,
    },
    store::records::Unchecked,
};

/// How often its author may change one message. Each change is an entry of the log that whoever reads
/// the history has to step over.
const EDITS_MAX: u32 = 200;

/// A message that is to be changed: its id, and itself if the log holds it.
pub(super) struct Found {
    pub id: ForeignId,
    pub message: Option<Message>,
}

impl Found {
    pub fn seq(&self) -> Option<Seq> {
        self.message.as_ref().map(|message| message.seq)
    }
}

/// New words that may be delivered.
struct Rewrite {
    author: Author,
    found: Found,
    content: Content,
    update: bool,
    once: Once,
    clean: Clean,
}

impl Chat {
    pub(super) async fn edit(&self, permit: Permit<'_>, edit: Edit) -> Result<Ticket, Error> {
        let Edit { conversation, sender, target, content, update, once } = edit;
        self.may_write(permit, &conversation)?;
        let policy = self.settings().policy(conversation.kind());
        admit_content(&policy, &content)?;
        let author = Author::of(permit, sender)?;
        let lane = self.shared.lanes.open(&conversation)?;
        let now = self.shared.clock.now();
        let found = {
            let state = lane.state();
            if let Some(ticket) = self.repeated(&lane, &state, (&author.scope, &once), now)? {
                return Ok(ticket);
            }
            self.target(permit, &state, &target)?
        };
        admit_edit(permit, &policy, found.message.as_ref(), now)?;
        self.shared.store.room_to_write()?;
        let waiting = self.wait()?;
        let subject = (found.id.as_str(), Some(found.seq().unwrap_or_default()));
        let writer = writer(permit, &author, found.message.as_ref());
        let clean = match self.check(&lane, &writer, &content.text, subject, now).await? {
            Checked::Deliver(clean) => *clean,
            // Holding an edit back would leave the old words standing as if nobody had changed them.
            Checked::Hold { category, .. } if category == redact::UNCHECKED => {
                return Err(Refusal::ModerationUnavailable.into());
            }
            Checked::Hold { category, .. } => {
                return Err(Refusal::ModerationRejected { category }.into());
            }
        };

        let mut state = lane.state();
        if let Some(ticket) = self.repeated(&lane, &state, (&author.scope, &once), now)? {
            return Ok(ticket);
        }
        let found = self.target(permit, &state, &target)?;
        if found.message.as_ref().is_some_and(|message| message.deleted_at.is_some()) {
            return Err(Refusal::MessageDeleted.into());
        }
        let draft = self.draft(&lane, &mut state)?;
        let rewrite = Rewrite { author, found, content, update, once, clean };
        self.rewrite(&lane, &mut state, (draft, rewrite), waiting)
    }

    fn rewrite(
        &self,
        lane: &Arc<Lane>,
        state: &mut LaneState,
        (mut draft, rewrite): (Draft, Rewrite),
        waiting: Asker,
    ) -> Result<Ticket, Error> {
        let Rewrite { author, found, content, update, once, clean } = rewrite;
        draft.original = clean.original(&content.text);
        draft.notice = clean.notice;
        if let Some((user, standing)) = &clean.standing {
            draft.batch.standing(user, standing)?;
        }
        let mut message = match &found.message {
            Some(old) => Message { version: old.version + 1, ..old.clone() },
            None => foreign(&found.id, &author, draft.at),
        };
        // A person edits words; the back end's object around them stays.
        let kept = message.content.envelope.take().filter(|envelope| envelope.after.is_some());
        message.content = Content { text: clean.text, envelope: content.envelope.or(kept) };
        message.flags = clean.flags;
        message.altered = clean.altered;
        if !update {
            message.edited_at = Some(draft.at);
        }
        let message = Arc::new(message);
        draft.remember(&author.scope, &once)?;
        let why = if update { EditReason::Update } else { EditReason::Edit };
        let event = Event {
            conversation: lane.id.clone(),
            seq: draft.seq,
            position: Position::default(),
            at: draft.at,
            by: author.user.clone(),
            request: once.key,
            what: What::Edited { target: found.id, message: message.clone(), why },
        };
        let affected = match &found.message {
            Some(old) => self.affected(lane, state, (old.seq, draft.at)),
            None => Vec::new(),
        };
        for seq in &affected {
            let again = Unchecked { number: draft.number, seq: *seq, plugins: Vec::new() };
            draft.batch.unchecked(&again)?;
        }
        if let Some(old) = &found.message {
            draft.batch.replace(draft.number, &message, Some(&former(old)))?;
            if !clean.unanswered.is_empty() {
                let plugins = clean.unanswered;
                draft.batch.unchecked(&Unchecked {
                    number: draft.number,
                    seq: old.seq,
                    plugins,
                })?;
            }
        }
        let ticket = self.commit(lane, state, (draft, event), Some(waiting))?;
        state.reword(&message);
        if !affected.is_empty() {
            self.check_soon();
        }
        for masked in clean.earlier {
            self.mask(lane, state, masked);
        }
        Ok(ticket)
    }

    /// The message that a target names.
    pub(super) fn target(
        &self,
        permit: Permit<'_>,
        state: &LaneState,
        target: &Target,
    ) -> Result<Found, Error> {
        let store = &self.shared.store;
        let number = state.stored.as_ref().map(|stored| stored.number);
        let seq = match (target, number) {
            (Target::Seq(seq), _) => Some(*seq),
            (Target::Id(id), Some(number)) => store.find(number, id)?,
            (Target::Id(_), None) => None,
        };
        let message = match (number, seq) {
            (Some(number), Some(seq)) => store.message(number, seq)?,
            _ => None,
        };
        match (message, target) {
            (Some(message), Target::Id(id)) => Ok(Found { id: id.clone(), message: Some(message) }),
            (Some(message), Target::Seq(_)) => {
                Ok(Found { id: message.id.clone(), message: Some(message) })
            }
            (None, Target::Id(id)) if matches!(permit, Permit::Service(_)) => {
                Ok(Found { id: id.clone(), message: None })
            }
            _ => Err(Refusal::NoSuchMessage.into()),
        }
    }
}

/// Whose message is to be judged: an edit stays its author's, whoever makes it.
fn writer(permit: Permit<'_>, editor: &Author, message: Option<&Message>) -> Author {
    let Some(message) = message else { return editor.clone() };
    let role = if matches!(permit, Permit::Service(_)) { &message.role } else { &editor.role };
    Author { user: message.sender.clone(), role: role.clone(), scope: editor.scope.clone() }
}

fn admit_edit(
    permit: Permit<'_>,
    policy: &Policy,
    message: Option<&Message>,
    now: Millis,
) -> Result<(), Refusal> {
    let Some(message) = message else { return Ok(()) };
    if message.deleted_at.is_some() {
        return Err(Refusal::MessageDeleted);
    }
    match permit {
        Permit::Actor(_) if Admin::of(permit).is_ok() => Ok(()),
        Permit::Actor(actor) if !is_own(message, actor) => Err(Refusal::NotYourMessage),
        Permit::Actor(_) if message.version > EDITS_MAX => Err(Refusal::TooManyEdits),
        Permit::Actor(_) => policy.admit_edit(message.created_at, now),
        Permit::Service(_) => Ok(()),
    }
}

/// Whether a person wrote a message. A back end that speaks for itself is nobody's namesake.
pub(super) fn is_own(message: &Message, actor: &Actor) -> bool {
    message.role != SERVICE && message.sender == *actor.user()
}

/// What is known of a message that the log does not hold.
fn foreign(id: &ForeignId, author: &Author, now: Millis) -> Message {
    Message {
        seq: Seq(0),
        id: id.clone(),
        sender: author.user.clone(),
        role: author.role.clone(),
        content: Content::default(),
        reply_to: None,
        client_id: None,
        created_at: now,
        version: 1,
        edited_at: None,
        deleted_at: None,
        status: None,
        flags: Vec::new(),
        altered: false,
    }
}
