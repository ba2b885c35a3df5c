//! What a plugin sees and says, in plain Rust. Knows nothing of the component model: the bindings
//! translate, and the tests of a plugin use these types as they are.

use crate::{Folded, Json};

/// A moderation plugin: a pure function with a name, a manifest and a configuration.
pub trait Plugin: Sized + 'static {
    /// `[a-z][a-z0-9-]*`, at most 32 characters.
    const ID: &'static str;
    /// Semantic version.
    const VERSION: &'static str;
    /// The manifest as JSON; see `wit/moderation.wit` for its members.
    const MANIFEST: &'static str;

    /// Takes the administrator's configuration, which is [`Json::Null`] when there is none.
    ///
    /// # Errors
    /// One sentence for each key that cannot be used.
    fn configure(settings: &Json) -> Result<Self, Vec<String>>;

    /// Looks at one message. `fold` is the host's canonical view of a text; it costs a call, so a
    /// plugin asks once for each text it really reads.
    ///
    /// # Errors
    /// A sentence for the administrator, when the plugin cannot judge this message.
    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String>;
}

/// The host's `text.view`, or the same function linked natively.
pub type Fold = fn(&str) -> Folded;

/// A half-open range of UTF-8 byte offsets on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Message {
    pub id: String,
    pub text: String,
    /// `create` or `edit`.
    pub origin: String,
    /// BCP 47 tags, most likely first; may be empty.
    pub languages: Vec<String>,
    pub extra: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Context {
    pub sender: Sender,
    pub conversation: Conversation,
    /// Newest first.
    pub history: Vec<Earlier>,
}

#[derive(Clone, Debug, Default)]
pub struct Sender {
    pub id: String,
    pub role: String,
    pub account_age_days: u32,
    pub messages_in_conversation: u32,
    pub violations_last_30d: u32,
    pub extra: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Conversation {
    pub id: String,
    pub kind: String,
    pub members: u32,
    /// ISO 3166-1 alpha-2, upper case; may be empty.
    pub default_region: String,
    /// Hosts whose links are not external.
    pub allowed_hosts: Vec<String>,
    pub extra: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Earlier {
    pub id: String,
    pub age_seconds: u32,
    pub same_sender: bool,
    pub text: String,
}

/// Something found. The host's policy decides what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub category: String,
    /// Stable name of the rule that spoke.
    pub rule: String,
    /// 0 is this message, n is `history[n - 1]`; empty means the whole message.
    pub spans: Vec<(u32, Span)>,
    pub severity: Severity,
    /// 0 to 100.
    pub confidence: u8,
    pub suggested: Action,
    pub extra: Vec<(String, String)>,
}

impl Finding {
    /// A finding in this message, of medium severity, to be masked.
    #[must_use]
    pub fn here(category: &str, rule: &str, span: Span, confidence: u8) -> Self {
        Self {
            category: category.to_owned(),
            rule: rule.to_owned(),
            spans: vec![(0, span)],
            severity: Severity::Medium,
            confidence,
            suggested: Action::Mask,
            extra: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Low,
    Medium,
    High,
}

impl Severity {
    /// The severity of a rank as tables give it: 3 and more is high, 2 is medium.
    #[must_use]
    pub fn of(rank: u8) -> Self {
        match rank {
            0 | 1 => Self::Low,
            2 => Self::Medium,
            _ => Self::High,
        }
    }

    /// The word of the WIT.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What the plugin would do, were it asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Annotate,
    Mask,
    Strip,
    Hold,
    Reject,
}

impl Action {
    /// The word of the WIT.
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
}
