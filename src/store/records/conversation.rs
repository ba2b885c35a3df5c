//! Records around a conversation's log: the conversation itself, originals, older versions, answered
//! requests and cursors.

use serde::{Deserialize, Serialize};

use super::{
    codec::{self, Decode, Encode, Nothing, Shape, wrong},
    entry::{FindingShape, FindingShapeV1, read_findings, write_findings},
};
use crate::{
    domain::{
        id::{ConversationId, Seq},
        message::{Content, Envelope},
        moderation::Finding,
        time::Millis,
    },
    store::{Fault, keys},
};

/// A conversation that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// What the store calls it.
    pub number: u64,
    pub id: ConversationId,
    pub created_at: Millis,
    /// The word that the back end last set for it (`accepted`).
    pub state: Option<String>,
}

/// A text before moderation, for administrators only. It belongs to the entry that brought it: the
/// post, or one of the edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    pub text: String,
    pub findings: Vec<Finding>,
}

/// What a message said before it was changed, for administrators only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "a version's number is its version")]
pub struct Version {
    pub version: u32,
    /// When it was written.
    pub at: Millis,
    pub content: Content,
}

/// The first answer to a request that came again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The entry that answered it; 0 if the message was held.
    pub seq: Seq,
    pub at: Millis,
    /// How many live connections it was handed to, as the first answer said.
    pub delivered: u64,
    /// The category, if the message was held.
    pub held: Option<String>,
}

/// How far a member has come in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub delivered: Seq,
    pub read: Seq,
    /// When it last moved.
    pub at: Millis,
}

// === Conversation ===

#[derive(Serialize, Deserialize)]
struct ConversationV1(u8, String, u64);

impl Shape for ConversationV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

#[derive(Serialize, Deserialize)]
struct ConversationV2(u8, String, u64, Option<String>);

impl Shape for ConversationV2 {
    const VERSION: u8 = 2;
    type Older = ConversationV1;
    fn upgrade(ConversationV1(kind, name, at): ConversationV1) -> Self {
        Self(kind, name, at, None)
    }
}

impl Encode for Conversation {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        let (kind, name) = (keys::kind_byte(self.id.kind()), self.id.name().into());
        codec::write(&ConversationV2(kind, name, self.created_at.0, self.state.clone()))
    }
}

impl Conversation {
    /// The number stands in the key.
    pub(in crate::store) fn decode(number: u64, bytes: &[u8]) -> Result<Self, Fault> {
        let place = format!("conversation {number}");
        let ConversationV2(kind, name, at, state) = codec::read(&place, bytes)?;
        let kind = keys::kind_of(kind).ok_or_else(|| wrong(&place, "kind"))?;
        let id = ConversationId::new(kind, &name).ok_or_else(|| wrong(&place, "name"))?;
        Ok(Self { number, id, created_at: Millis(at), state })
    }
}

// === Original ===

#[derive(Serialize, Deserialize)]
struct OriginalV1(String, Vec<FindingShapeV1>);

impl Shape for OriginalV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

#[derive(Serialize, Deserialize)]
struct OriginalV2(String, Vec<FindingShape>);

impl Shape for OriginalV2 {
    const VERSION: u8 = 2;
    type Older = OriginalV1;
    fn upgrade(OriginalV1(text, findings): OriginalV1) -> Self {
        Self(text, findings.into_iter().map(FindingShape::from).collect())
    }
}

impl Encode for Original {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&OriginalV2(self.text.clone(), write_findings(&self.findings)))
    }
}

impl Decode for Original {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let OriginalV2(text, findings) = codec::read(place, bytes)?;
        Ok(Self { text, findings: read_findings(place, findings)? })
    }
}

// === Version ===

#[derive(Serialize, Deserialize)]
struct VersionV1(u32, u64, String, Option<(String, Option<String>)>);

impl Shape for VersionV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Version {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        let around = self.content.envelope.clone().map(|e| (e.before, e.after));
        codec::write(&VersionV1(self.version, self.at.0, self.content.text.clone(), around))
    }
}

impl Decode for Version {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let VersionV1(version, at, text, around) = codec::read(place, bytes)?;
        let envelope = around.map(|(before, after)| Envelope { before, after });
        Ok(Self { version, at: Millis(at), content: Content { text, envelope } })
    }
}

// === Repeat ===

#[derive(Serialize, Deserialize)]
struct AnsweredV1(u64, u64, u64, Option<String>);

impl Shape for AnsweredV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Repeat {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&AnsweredV1(self.seq.0, self.at.0, self.delivered, self.held.clone()))
    }
}

impl Decode for Repeat {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let AnsweredV1(seq, at, delivered, held) = codec::read(place, bytes)?;
        Ok(Self { seq: Seq(seq), at: Millis(at), delivered, held })
    }
}

// === Cursor ===

#[derive(Serialize, Deserialize)]
struct CursorV1(u64, u64, u64);

impl Shape for CursorV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Cursor {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&CursorV1(self.delivered.0, self.read.0, self.at.0))
    }
}

impl Decode for Cursor {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let CursorV1(delivered, read, at) = codec::read(place, bytes)?;
        Ok(Self { delivered: Seq(delivered), read: Seq(read), at: Millis(at) })
    }
}
