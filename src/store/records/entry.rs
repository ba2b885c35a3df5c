//! The stored shape of a log entry and of the message in it. A post holds its message as it is now;
//! later entries refer to it. Knows the domain's words and the bytes, no key.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use super::codec::{self, Nothing, Shape, wrong};
use crate::{
    domain::{
        event::{EditReason, Event, Position, What},
        id::{ConversationId, ForeignId, Seq, UserId},
        message::{Content, Envelope, Message},
        moderation::{Action, Finding, Flag, Mark, Span, Treatment},
        time::Millis,
    },
    store::Fault,
};

/// What an entry is; the first byte of its record, so that a scan can pass over the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    Posted,
    Edited,
    Deleted,
    Status,
}

/// A log entry as it lies in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: EntryKind,
    pub position: Position,
    pub at: Millis,
    pub by: UserId,
    pub request: Option<String>,
    /// The id that the caller named; `None` for a post.
    pub target: Option<ForeignId>,
    /// Where that message stands, if the log holds it.
    pub message_seq: Option<Seq>,
    pub why: EditReason,
    pub status: Option<String>,
    /// The message of a post, or of an edit whose target the log does not hold.
    pub message: Option<Arc<Message>>,
}

const MESSAGE_VERSION: u8 = 1;
/// Kind and position, which a scan reads without the rest.
const HEAD_BYTES: usize = 9;

type Text<'a> = Cow<'a, str>;

/// Both forms of a caller's id.
#[derive(Serialize, Deserialize)]
pub struct IdShape<'a>(Text<'a>, bool);

/// A finding before marks and treatments were kept.
#[derive(Serialize, Deserialize)]
pub struct FindingShapeV1 {
    plugin: String,
    plugin_version: String,
    plugin_sha: String,
    generation: u64,
    category: String,
    rule: String,
    spans: Vec<(usize, usize, usize)>,
    severity: String,
    confidence: u8,
    suggested: u8,
}

/// The first version with what became of it: mark, then action and reason.
#[derive(Serialize, Deserialize)]
pub struct FindingShape(FindingShapeV1, u8, Option<(u8, String)>);

/// The first version of a message. The sender is left out where it caused the entry.
#[derive(Serialize, Deserialize)]
pub struct MessageShape<'a> {
    id: IdShape<'a>,
    sender: Option<Text<'a>>,
    role: Text<'a>,
    text: Text<'a>,
    around: Option<(Text<'a>, Option<Text<'a>>)>,
    reply_to: Option<IdShape<'a>>,
    client_id: Option<Text<'a>>,
    created_at: u64,
    version: u32,
    edited_at: Option<u64>,
    deleted_at: Option<u64>,
    status: Option<Text<'a>>,
    flags: Vec<(Text<'a>, u8)>,
    altered: bool,
}

#[derive(Serialize, Deserialize)]
struct EntryV1<'a> {
    at: u64,
    by: Text<'a>,
    request: Option<Text<'a>>,
    target: Option<IdShape<'a>>,
    message_seq: Option<u64>,
    why: u8,
    status: Option<Text<'a>>,
    message: Option<MessageShape<'a>>,
}

impl Shape for EntryV1<'static> {
    const VERSION: u8 = MESSAGE_VERSION;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

// === Entry ===

impl Entry {
    /// What the log keeps of an event.
    pub fn of(event: &Event) -> Self {
        let mut entry = Self {
            kind: EntryKind::Posted,
            position: event.position,
            at: event.at,
            by: event.by.clone(),
            request: event.request.clone(),
            target: None,
            message_seq: None,
            why: EditReason::Edit,
            status: None,
            message: None,
        };
        match &event.what {
            What::Posted(message) => entry.message = Some(message.clone()),
            What::Edited { target, message, why } => {
                entry.kind = EntryKind::Edited;
                entry.target = Some(target.clone());
                entry.why = *why;
                if message.seq.0 == 0 {
                    entry.message = Some(message.clone());
                } else {
                    entry.message_seq = Some(message.seq);
                }
            }
            What::Deleted { target, message } => {
                entry.kind = EntryKind::Deleted;
                entry.target = Some(target.clone());
                entry.message_seq = *message;
            }
            What::Status { target, message, status } => {
                entry.kind = EntryKind::Status;
                entry.target = Some(target.clone());
                entry.message_seq = *message;
                entry.status = Some(status.clone());
            }
        }
        entry
    }

    /// The event again. `current` is the message that an edit refers to, as it is now.
    pub fn event(
        self,
        conversation: &ConversationId,
        seq: Seq,
        current: Option<Arc<Message>>,
    ) -> Option<Event> {
        let what = match self.kind {
            EntryKind::Posted => What::Posted(self.message?),
            EntryKind::Edited => What::Edited {
                target: self.target?,
                message: self.message.or(current)?,
                why: self.why,
            },
            EntryKind::Deleted => What::Deleted { target: self.target?, message: self.message_seq },
            EntryKind::Status => What::Status {
                target: self.target?,
                message: self.message_seq,
                status: self.status?,
            },
        };
        Some(Event {
            conversation: conversation.clone(),
            seq,
            position: self.position,
            at: self.at,
            by: self.by,
            request: self.request,
            what,
        })
    }

    /// Kind, position, version, then the rest.
    pub fn encode(&self) -> Result<Vec<u8>, Fault> {
        let body = codec::write_as(
            MESSAGE_VERSION,
            &EntryV1 {
                at: self.at.0,
                by: self.by.as_str().into(),
                request: self.request.as_deref().map(Cow::from),
                target: self.target.as_ref().map(IdShape::from),
                message_seq: self.message_seq.map(|seq| seq.0),
                why: why_byte(self.why),
                status: self.status.as_deref().map(Cow::from),
                message: self.message.as_deref().map(|m| MessageShape::of(m, &self.by)),
            },
        )?;
        let mut bytes = Vec::with_capacity(HEAD_BYTES + body.len());
        bytes.push(kind_byte(self.kind));
        bytes.extend_from_slice(&self.position.0.to_be_bytes());
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    /// The position in the first bytes of an encoded entry.
    pub fn position_in(bytes: &[u8]) -> Option<Position> {
        let position = bytes.get(1..HEAD_BYTES)?.try_into().ok()?;
        Some(Position(u64::from_be_bytes(position)))
    }

    /// Reads an entry; its message gets `seq` if it is a post.
    pub fn decode(place: &str, seq: Seq, bytes: &[u8]) -> Result<Self, Fault> {
        let kind = bytes
            .first()
            .and_then(|byte| EntryKind::of(*byte))
            .ok_or_else(|| wrong(place, "kind"))?;
        let position = Self::position_in(bytes).ok_or_else(|| wrong(place, "position"))?;
        let v: EntryV1<'_> = codec::read(place, bytes.get(HEAD_BYTES..).unwrap_or_default())?;
        let by = UserId::new(&v.by).ok_or_else(|| wrong(place, "author"))?;
        let at_seq = if kind == EntryKind::Posted { seq } else { Seq(0) };
        let message = v.message.map(|m| m.read(place, at_seq, &by)).transpose()?.map(Arc::new);
        Ok(Self {
            kind,
            position,
            at: Millis(v.at),
            request: v.request.map(Cow::into_owned),
            target: v.target.map(|id| id.read(place)).transpose()?,
            message_seq: v.message_seq.map(Seq),
            why: why_of(v.why).ok_or_else(|| wrong(place, "reason"))?,
            status: v.status.map(Cow::into_owned),
            message,
            by,
        })
    }
}

impl EntryKind {
    /// The kind that the first byte of an encoded entry stands for.
    pub fn of(byte: u8) -> Option<Self> {
        [Self::Posted, Self::Edited, Self::Deleted, Self::Status]
            .into_iter()
            .find(|kind| kind_byte(*kind) == byte)
    }
}

fn kind_byte(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::Posted => b'p',
        EntryKind::Edited => b'e',
        EntryKind::Deleted => b'd',
        EntryKind::Status => b's',
    }
}

fn why_byte(why: EditReason) -> u8 {
    match why {
        EditReason::Edit => 0,
        EditReason::Update => 1,
        EditReason::Masked => 2,
    }
}

fn why_of(byte: u8) -> Option<EditReason> {
    [EditReason::Edit, EditReason::Update, EditReason::Masked]
        .into_iter()
        .find(|why| why_byte(*why) == byte)
}

// === MessageShape ===

impl<'a> MessageShape<'a> {
    fn of(message: &'a Message, by: &UserId) -> Self {
        let envelope = message.content.envelope.as_ref();
        Self {
            id: IdShape::from(&message.id),
            sender: (message.sender != *by).then(|| message.sender.as_str().into()),
            role: message.role.as_str().into(),
            text: message.content.text.as_str().into(),
            around: envelope.map(|e| (e.before.as_str().into(), e.after.as_deref().map(Cow::from))),
            reply_to: message.reply_to.as_ref().map(IdShape::from),
            client_id: message.client_id.as_deref().map(Cow::from),
            created_at: message.created_at.0,
            version: message.version,
            edited_at: message.edited_at.map(|at| at.0),
            deleted_at: message.deleted_at.map(|at| at.0),
            status: message.status.as_deref().map(Cow::from),
            flags: message
                .flags
                .iter()
                .map(|flag| (flag.category.as_str().into(), action_byte(flag.action)))
                .collect(),
            altered: message.altered,
        }
    }

    fn read(self, place: &str, seq: Seq, by: &UserId) -> Result<Message, Fault> {
        let sender = match &self.sender {
            None => by.clone(),
            Some(name) => UserId::new(name).ok_or_else(|| wrong(place, "sender"))?,
        };
        let envelope = self.around.map(|(before, after)| Envelope {
            before: before.into_owned(),
            after: after.map(Cow::into_owned),
        });
        let flag = |(category, action): (Text<'_>, u8)| {
            let action = action_of(action).ok_or_else(|| wrong(place, "flag"))?;
            Ok(Flag { category: category.into_owned(), action })
        };
        Ok(Message {
            seq,
            id: self.id.read(place)?,
            sender,
            role: self.role.into_owned(),
            content: Content { text: self.text.into_owned(), envelope },
            reply_to: self.reply_to.map(|id| id.read(place)).transpose()?,
            client_id: self.client_id.map(Cow::into_owned),
            created_at: Millis(self.created_at),
            version: self.version,
            edited_at: self.edited_at.map(Millis),
            deleted_at: self.deleted_at.map(Millis),
            status: self.status.map(Cow::into_owned),
            flags: self.flags.into_iter().map(flag).collect::<Result<_, Fault>>()?,
            altered: self.altered,
        })
    }
}

// === IdShape ===

impl<'a> From<&'a ForeignId> for IdShape<'a> {
    fn from(id: &'a ForeignId) -> Self {
        Self(id.as_str().into(), id.is_number())
    }
}

impl IdShape<'_> {
    pub fn read(self, place: &str) -> Result<ForeignId, Fault> {
        let id = if self.1 { ForeignId::number(&self.0) } else { ForeignId::text(&self.0) };
        id.ok_or_else(|| wrong(place, "id"))
    }
}

// === FindingShape ===

/// Findings in their stored form.
pub(super) fn write_findings(findings: &[Finding]) -> Vec<FindingShape> {
    let shape = |f: &Finding| FindingShapeV1 {
        plugin: f.plugin.clone(),
        plugin_version: f.plugin_version.clone(),
        plugin_sha: f.plugin_sha.clone(),
        generation: f.generation,
        category: f.category.clone(),
        rule: f.rule.clone(),
        spans: f.spans.iter().map(|(text, span)| (*text, span.start, span.end)).collect(),
        severity: f.severity.clone(),
        confidence: f.confidence,
        suggested: action_byte(f.suggested),
    };
    let treated =
        |f: &Finding| f.treatment.as_ref().map(|t| (action_byte(t.action), t.why.clone()));
    findings.iter().map(|f| FindingShape(shape(f), mark_byte(f.mark), treated(f))).collect()
}

impl From<FindingShapeV1> for FindingShape {
    fn from(older: FindingShapeV1) -> Self {
        Self(older, mark_byte(Mark::Counts), None)
    }
}

/// The findings again.
pub(super) fn read_findings(place: &str, shapes: Vec<FindingShape>) -> Result<Vec<Finding>, Fault> {
    let finding = |FindingShape(f, mark, treatment): FindingShape| {
        let treatment = treatment.map(|(action, why)| {
            let action = action_of(action).ok_or_else(|| wrong(place, "treatment"))?;
            Ok::<_, Fault>(Treatment { action, why })
        });
        let spans = f.spans.into_iter().map(|(text, start, end)| (text, Span { start, end }));
        Ok(Finding {
            plugin: f.plugin,
            plugin_version: f.plugin_version,
            plugin_sha: f.plugin_sha,
            generation: f.generation,
            category: f.category,
            rule: f.rule,
            spans: spans.collect(),
            severity: f.severity,
            confidence: f.confidence,
            suggested: action_of(f.suggested).ok_or_else(|| wrong(place, "suggestion"))?,
            mark: mark_of(mark).ok_or_else(|| wrong(place, "mark"))?,
            treatment: treatment.transpose()?,
        })
    };
    shapes.into_iter().map(finding).collect()
}

fn action_byte(action: Action) -> u8 {
    match action {
        Action::Annotate => 0,
        Action::Mask => 1,
        Action::Strip => 2,
        Action::Hold => 3,
        Action::Reject => 4,
    }
}

fn action_of(byte: u8) -> Option<Action> {
    Action::ALL.into_iter().find(|action| action_byte(*action) == byte)
}

fn mark_byte(mark: Mark) -> u8 {
    match mark {
        Mark::Counts => 0,
        Mark::DryRun => 1,
        Mark::Allowed => 2,
    }
}

fn mark_of(byte: u8) -> Option<Mark> {
    Mark::ALL.into_iter().find(|mark| mark_byte(*mark) == byte)
}
