//! What moderation found and what follows from it. Knows no plugin host: findings come in, the
//! decision goes out.

use super::id::{Kind, UserId};

/// A half-open range of bytes of a text, both ends on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// What the policy does about a finding, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Deliver as it is, with a flag.
    Annotate,
    /// Replace the span by `***`.
    Mask,
    /// Replace the span by the locale's words for a removed link.
    Strip,
    /// Store, do not deliver, let an administrator decide.
    Hold,
    /// Refuse; the sender learns the category and keeps the draft.
    Reject,
}

impl Action {
    pub const ALL: [Self; 5] = [Self::Annotate, Self::Mask, Self::Strip, Self::Hold, Self::Reject];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Annotate => "annotate",
            Self::Mask => "mask",
            Self::Strip => "strip",
            Self::Hold => "hold",
            Self::Reject => "reject",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// What to do with a message that a plugin could not check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnError {
    /// Deliver with the flag `unchecked`; it is checked again when the plugin recovers.
    DeliverFlagged,
    Hold,
    Reject,
}

/// One thing that a plugin found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub plugin: String,
    pub plugin_version: String,
    /// First 12 hex digits of the sha256 of the plugin's file.
    pub plugin_sha: String,
    /// Which generation of the plugin set spoke.
    pub generation: u64,
    pub category: String,
    pub rule: String,
    /// 0 is the message itself, n is the n-th earlier one (newest first). None: the whole message.
    pub spans: Vec<(usize, Span)>,
    /// `low`, `medium` or `high`.
    pub severity: String,
    /// 0 to 100.
    pub confidence: u8,
    pub suggested: Action,
    pub mark: Mark,
    /// What the policy says about it; `None` before it was asked.
    pub treatment: Option<Treatment>,
}

/// Whether a finding has an effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    #[default]
    Counts,
    /// Its plugin or its rule is on trial: it is counted and shown, and changes nothing.
    DryRun,
    /// What it found is on the administrator's list of what may be written.
    Allowed,
}

impl Mark {
    pub const ALL: [Self; 3] = [Self::Counts, Self::DryRun, Self::Allowed];

    /// The word for people; a finding that counts needs none.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Counts => None,
            Self::DryRun => Some("dry-run"),
            Self::Allowed => Some("allowed"),
        }
    }
}

/// What the policy says about a finding. It is done unless the finding's mark keeps it from that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Treatment {
    pub action: Action,
    /// The key of the configuration that says so, or what stands in its place.
    pub why: String,
}

impl Finding {
    /// What happened because of it, as one word: an action, or why nothing happened.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        let action = self.treatment.as_ref().map_or(Action::Annotate, |t| t.action);
        self.mark.word().unwrap_or(action.word())
    }
}

/// What readers of a message may know about a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flag {
    pub category: String,
    pub action: Action,
}

/// Everything moderation is told about a message.
#[derive(Clone, Debug)]
pub struct Inquiry {
    pub message_id: String,
    pub text: String,
    /// Whether this is an edit of an earlier version.
    pub edit: bool,
    pub languages: Vec<String>,
    pub sender: UserId,
    pub sender_role: String,
    pub account_age_days: u32,
    /// Messages of this sender in the last 30 days that moderation changed, held or refused.
    pub violations_30d: u32,
    pub messages_in_conversation: u32,
    pub conversation: String,
    pub kind: Kind,
    /// The word that the back end last set for the conversation.
    pub state: Option<String>,
    pub members: u32,
    pub default_region: String,
    pub allowed_hosts: Vec<String>,
    /// Newest first.
    pub history: Vec<Earlier>,
}

/// An earlier message of the same conversation, with the text that its readers see: what was masked
/// before must not come back.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub id: String,
    pub age_seconds: u32,
    pub same_sender: bool,
    /// Role of its sender when it was written.
    pub role: String,
    pub text: String,
}

/// What all plugins together said.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    /// Plugins that could not answer, each with what to do about it.
    pub unanswered: Vec<Unanswered>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    pub plugin: String,
    pub on_error: OnError,
}

/// What is done with a message, and with earlier ones of the same sender that it gave away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub outcome: Outcome,
    pub earlier: Vec<Afterwards>,
}

/// What becomes of an earlier message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Afterwards {
    /// Into the inquiry's history.
    pub index: usize,
    /// Made from the text in the inquiry.
    pub text: String,
    pub flags: Vec<Flag>,
    /// What was found in it, each as if it were about this message alone.
    pub findings: Vec<Finding>,
}

/// What is done with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Deliver {
        text: String,
        /// Sorted, without repeats; the category `unchecked` if a plugin could not answer.
        flags: Vec<Flag>,
        /// Whether `text` differs from what was written.
        altered: bool,
    },
    Hold {
        category: String,
    },
    Reject {
        category: String,
    },
    /// A plugin could not answer and the policy is to refuse.
    Unavailable,
}
