//! Records of what waits: held messages, messages to check again, things due, things to tell the
//! outside; and what is known of attachments.

use serde::{Deserialize, Serialize};

use super::{
    codec::{self, Decode, Encode, Nothing, Shape, wrong},
    entry::{FindingShape, FindingShapeV1, IdShape, read_findings, write_findings},
};
use crate::{
    domain::{
        id::{ConversationId, ForeignId, Seq, UserId},
        message::{Content, Envelope},
        moderation::Finding,
        time::Millis,
    },
    store::Fault,
};

/// A message that waits for an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub conversation: ConversationId,
    pub at: Millis,
    pub sender: UserId,
    pub role: String,
    /// The id it will have.
    pub id: ForeignId,
    /// As it was written.
    pub content: Content,
    pub reply_to: Option<ForeignId>,
    /// The caller's request id, relayed once it is released.
    pub request: Option<String>,
    /// The message that it would change, if it is an edit.
    pub edits: Option<ForeignId>,
    /// Why it is held.
    pub category: String,
    pub findings: Vec<Finding>,
}

/// A message that was delivered without a full check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// Number of its conversation.
    pub number: u64,
    pub seq: Seq,
    /// Which plugins did not answer.
    pub plugins: Vec<String>,
}

/// Something to do at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaItem {
    pub due: Millis,
    /// What kind of job it is.
    pub job: String,
    /// In the form of its kind.
    pub body: Vec<u8>,
}

/// Something that the outside must learn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    pub at: Millis,
    /// What kind of job it is.
    pub job: String,
    /// In the form of its kind.
    pub body: Vec<u8>,
}

/// What is known of an attachment besides its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRecord {
    /// What clients call it.
    pub id: String,
    /// SHA-256 of its bytes, in hex.
    pub hash: String,
    pub filename: String,
    pub content_type: String,
    pub size_bytes: u64,
    pub owner: UserId,
    pub created_at: Millis,
}

// === Held ===

#[derive(Serialize, Deserialize)]
struct HeldShape<'a, F> {
    conversation: String,
    at: u64,
    sender: String,
    role: String,
    id: IdShape<'a>,
    text: String,
    around: Option<(String, Option<String>)>,
    reply_to: Option<IdShape<'a>>,
    request: Option<String>,
    edits: Option<IdShape<'a>>,
    category: String,
    findings: Vec<F>,
}

/// Before it was kept what became of a finding.
type HeldV1 = HeldShape<'static, FindingShapeV1>;
type HeldV2<'a> = HeldShape<'a, FindingShape>;

impl Shape for HeldV2<'static> {
    const VERSION: u8 = 2;
    type Older = HeldV1;
    fn upgrade(older: HeldV1) -> Self {
        Self {
            conversation: older.conversation,
            at: older.at,
            sender: older.sender,
            role: older.role,
            id: older.id,
            text: older.text,
            around: older.around,
            reply_to: older.reply_to,
            request: older.request,
            edits: older.edits,
            category: older.category,
            findings: older.findings.into_iter().map(FindingShape::from).collect(),
        }
    }
}

impl Shape for HeldV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Held {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        let shape = HeldV2 {
            conversation: self.conversation.to_string(),
            at: self.at.0,
            sender: self.sender.as_str().into(),
            role: self.role.clone(),
            id: IdShape::from(&self.id),
            text: self.content.text.clone(),
            around: self.content.envelope.clone().map(|e| (e.before, e.after)),
            reply_to: self.reply_to.as_ref().map(IdShape::from),
            request: self.request.clone(),
            edits: self.edits.as_ref().map(IdShape::from),
            category: self.category.clone(),
            findings: write_findings(&self.findings),
        };
        codec::write_as(HeldV2::VERSION, &shape)
    }
}

impl Decode for Held {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let v: HeldV2<'_> = codec::read(place, bytes)?;
        let envelope = v.around.map(|(before, after)| Envelope { before, after });
        Ok(Self {
            conversation: ConversationId::parse(&v.conversation)
                .ok_or_else(|| wrong(place, "conversation"))?,
            at: Millis(v.at),
            sender: UserId::new(&v.sender).ok_or_else(|| wrong(place, "sender"))?,
            role: v.role,
            id: v.id.read(place)?,
            content: Content { text: v.text, envelope },
            reply_to: v.reply_to.map(|id| id.read(place)).transpose()?,
            request: v.request,
            edits: v.edits.map(|id| id.read(place)).transpose()?,
            category: v.category,
            findings: read_findings(place, v.findings)?,
        })
    }
}

// === Unchecked ===

#[derive(Serialize, Deserialize)]
struct UncheckedV1(Vec<String>);

impl Shape for UncheckedV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Unchecked {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&UncheckedV1(self.plugins.clone()))
    }
}

impl Unchecked {
    /// Number and seq stand in the key.
    pub(in crate::store) fn decode(number: u64, seq: Seq, bytes: &[u8]) -> Result<Self, Fault> {
        let UncheckedV1(plugins) = codec::read("to check again", bytes)?;
        Ok(Self { number, seq, plugins })
    }
}

// === AgendaItem, OutboxItem ===

#[derive(Serialize, Deserialize)]
struct JobV1(u64, String, Vec<u8>);

impl Shape for JobV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for AgendaItem {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&JobV1(self.due.0, self.job.clone(), self.body.clone()))
    }
}

impl Decode for AgendaItem {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let JobV1(due, job, body) = codec::read(place, bytes)?;
        Ok(Self { due: Millis(due), job, body })
    }
}

impl Encode for OutboxItem {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&JobV1(self.at.0, self.job.clone(), self.body.clone()))
    }
}

impl Decode for OutboxItem {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let JobV1(at, job, body) = codec::read(place, bytes)?;
        Ok(Self { at: Millis(at), job, body })
    }
}

// === AttachmentRecord ===

#[derive(Serialize, Deserialize)]
struct AttachmentV1(String, String, String, String, u64, String, u64);

impl Shape for AttachmentV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for AttachmentRecord {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&AttachmentV1(
            self.id.clone(),
            self.hash.clone(),
            self.filename.clone(),
            self.content_type.clone(),
            self.size_bytes,
            self.owner.as_str().into(),
            self.created_at.0,
        ))
    }
}

impl Decode for AttachmentRecord {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let AttachmentV1(id, hash, filename, content_type, size_bytes, owner, at) =
            codec::read(place, bytes)?;
        let owner = UserId::new(&owner).ok_or_else(|| wrong(place, "owner"))?;
        Ok(Self { id, hash, filename, content_type, size_bytes, owner, created_at: Millis(at) })
    }
}
