//! Why something was refused: the caller's fault, with a stable code that is the same in every
//! dialect. What went wrong on our side is no refusal.

use std::fmt;

/// A refusal. Its text is for the caller; it never names what the caller may not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A field is missing or wrong.
    Field {
        field: String,
        problem: String,
    },
    /// The request as a whole cannot be read.
    Malformed(String),
    /// No or no valid credential.
    Unauthenticated(String),
    /// The access token is no longer valid.
    TokenExpired,
    /// A valid credential that does not allow this.
    Forbidden(String),
    /// The conversation is not the caller's to read.
    NotAMember,
    NoSuchMessage,
    /// It was deleted and cannot be changed any more.
    MessageDeleted,
    NotYourMessage,
    TextEmpty,
    TextTooLong {
        chars: usize,
        chars_max: usize,
    },
    TooLarge {
        bytes_max: usize,
    },
    EditWindowPassed,
    /// It was changed as often as a message may be.
    TooManyEdits,
    DeleteNotAllowed,
    /// Moderation said no; the category tells why.
    ModerationRejected {
        category: String,
    },
    /// Moderation could not be asked and the policy is to refuse.
    ModerationUnavailable,
    RateLimited {
        retry_after_ms: u64,
    },
    /// Too much is waiting already.
    Busy {
        retry_after_ms: u64,
    },
    /// The disk is nearly full; reading still works.
    StorageFull,
    /// The server is stopping.
    Stopping,
    NotFound(String),
    MethodNotAllowed,
    UnsupportedMediaType,
    TooManySubscriptions {
        max: usize,
    },
}

impl Refusal {
    /// Every code that there is.
    pub const CODES: [&'static str; 25] = [
        "invalid_field",
        "malformed",
        "unauthenticated",
        "token_expired",
        "forbidden",
        "not_a_member",
        "no_such_message",
        "message_deleted",
        "not_your_message",
        "text_empty",
        "text_too_long",
        "too_large",
        "edit_window_passed",
        "too_many_edits",
        "delete_not_allowed",
        "moderation_rejected",
        "moderation_unavailable",
        "rate_limited",
        "busy",
        "storage_full",
        "stopping",
        "not_found",
        "method_not_allowed",
        "unsupported_media_type",
        "too_many_subscriptions",
    ];

    /// A wrong field.
    #[must_use]
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Field { field: field.into(), problem: problem.into() }
    }

    /// The stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_field",
            Self::Malformed(_) => "malformed",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::TokenExpired => "token_expired",
            Self::Forbidden(_) => "forbidden",
            Self::NotAMember => "not_a_member",
            Self::NoSuchMessage => "no_such_message",
            Self::MessageDeleted => "message_deleted",
            Self::NotYourMessage => "not_your_message",
            Self::TextEmpty => "text_empty",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TooLarge { .. } => "too_large",
            Self::EditWindowPassed => "edit_window_passed",
            Self::TooManyEdits => "too_many_edits",
            Self::DeleteNotAllowed => "delete_not_allowed",
            Self::ModerationRejected { .. } => "moderation_rejected",
            Self::ModerationUnavailable => "moderation_unavailable",
            Self::RateLimited { .. } => "rate_limited",
            Self::Busy { .. } => "busy",
            Self::StorageFull => "storage_full",
            Self::Stopping => "stopping",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooManySubscriptions { .. } => "too_many_subscriptions",
        }
    }

    /// The HTTP status of the dialects that have one (RFC 9110 section 15).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::Unauthenticated(_) | Self::TokenExpired => 401,
            Self::Forbidden(_)
            | Self::NotAMember
            | Self::NotYourMessage
            | Self::EditWindowPassed
            | Self::TooManyEdits
            | Self::DeleteNotAllowed => 403,
            Self::NoSuchMessage | Self::NotFound(_) => 404,
            Self::MethodNotAllowed => 405,
            Self::MessageDeleted => 409,
            Self::TooLarge { .. } => 413,
            Self::UnsupportedMediaType => 415,
            Self::Field { .. }
            | Self::TextEmpty
            | Self::TextTooLong { .. }
            | Self::ModerationRejected { .. } => 422,
            Self::RateLimited { .. } | Self::TooManySubscriptions { .. } => 429,
            Self::ModerationUnavailable
            | Self::Busy { .. }
            | Self::Stopping
            | Self::StorageFull => 503,
        }
    }

    /// After how long the same request may succeed, if waiting helps.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms } | Self::Busy { retry_after_ms } => {
                Some(*retry_after_ms)
            }
            Self::StorageFull | Self::ModerationUnavailable => Some(30_000),
            Self::Stopping => Some(1_000),
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { field, problem } => write!(f, "{field}: {problem}"),
            Self::Malformed(why)
            | Self::Unauthenticated(why)
            | Self::Forbidden(why)
            | Self::NotFound(why) => f.write_str(why),
            Self::TokenExpired => f.write_str("the access token has expired"),
            Self::NotAMember => f.write_str("this conversation is not open to you"),
            Self::NoSuchMessage => f.write_str("there is no such message"),
            Self::MessageDeleted => f.write_str("this message was deleted"),
            Self::NotYourMessage => f.write_str("only its author may change this message"),
            Self::TextEmpty => f.write_str("the text is empty"),
            Self::TextTooLong { chars, chars_max } => {
                write!(f, "the text has {chars} characters, at most {chars_max} are allowed")
            }
            Self::TooLarge { bytes_max } => {
                write!(f, "too large, at most {bytes_max} bytes are allowed")
            }
            Self::TooManyEdits => {
                f.write_str("this message was changed as often as a message may be")
            }
            Self::EditWindowPassed => {
                f.write_str("the time in which this message could be changed has passed")
            }
            Self::DeleteNotAllowed => {
                f.write_str("messages of this conversation cannot be deleted by you")
            }
            Self::ModerationRejected { category } => {
                write!(f, "the message was refused by moderation ({category})")
            }
            Self::ModerationUnavailable => {
                f.write_str("the message cannot be checked at the moment")
            }
            Self::RateLimited { retry_after_ms } => {
                write!(f, "too many messages, try again in {} s", retry_after_ms.div_ceil(1000))
            }
            Self::Busy { .. } => f.write_str("too much is waiting, try again shortly"),
            Self::StorageFull => {
                f.write_str("the server's disk is nearly full; nothing new can be stored")
            }
            Self::Stopping => f.write_str("the server is stopping"),
            Self::MethodNotAllowed => f.write_str("this method is not allowed here"),
            Self::UnsupportedMediaType => f.write_str("the body must be application/json"),
            Self::TooManySubscriptions { max } => {
                write!(f, "at most {max} subscriptions are allowed on one connection")
            }
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let some = || String::from("x");
        let all = [
            Refusal::field("a", "b"),
            Refusal::Malformed(some()),
            Refusal::Unauthenticated(some()),
            Refusal::TokenExpired,
            Refusal::Forbidden(some()),
            Refusal::NotAMember,
            Refusal::NoSuchMessage,
            Refusal::MessageDeleted,
            Refusal::NotYourMessage,
            Refusal::TextEmpty,
            Refusal::TextTooLong { chars: 2, chars_max: 1 },
            Refusal::TooLarge { bytes_max: 1 },
            Refusal::EditWindowPassed,
            Refusal::TooManyEdits,
            Refusal::DeleteNotAllowed,
            Refusal::ModerationRejected { category: some() },
            Refusal::ModerationUnavailable,
            Refusal::RateLimited { retry_after_ms: 1 },
            Refusal::Busy { retry_after_ms: 1 },
            Refusal::StorageFull,
            Refusal::Stopping,
            Refusal::NotFound(some()),
            Refusal::MethodNotAllowed,
            Refusal::UnsupportedMediaType,
            Refusal::TooManySubscriptions { max: 1 },
        ];
        assert_eq!(all.map(|refusal| refusal.code()), Refusal::CODES);
    }
}
