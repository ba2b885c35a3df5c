//! Close codes and the payload of close frames (RFC 6455 sections 5.5.1 and 7.4).

use super::Violation;

/// Why a connection is closed, as a number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseCode(pub u16);

impl CloseCode {
    pub const PROTOCOL_ERROR: Self = Self(1002);
    pub const INVALID_DATA: Self = Self(1007);
    pub const POLICY: Self = Self(1008);
    pub const TOO_BIG: Self = Self(1009);

    /// Whether a peer may send it: registered and not reserved for local use, or in one of the
    /// ranges for libraries and applications (section 7.4.2 and the IANA registry).
    #[must_use]
    pub fn may_be_sent(self) -> bool {
        matches!(self.0, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }
}

/// Reads a close frame's payload; `None` if it carries no code.
///
/// # Errors
/// A [`Violation`] where the code is missing, half there or may not be sent, or where the reason is
/// not UTF-8.
pub(super) fn parse(payload: &[u8]) -> Result<Option<CloseCode>, Violation> {
    if payload.is_empty() {
        return Ok(None);
    }
    let Some((code, reason)) = payload.split_first_chunk() else {
        return Err(Violation::protocol("a close frame with half a code"));
    };
    let code = CloseCode(u16::from_be_bytes(*code));
    if !code.may_be_sent() {
        return Err(Violation::protocol("a close code that may not be sent"));
    }
    if std::str::from_utf8(reason).is_err() {
        return Err(Violation::utf8());
    }
    Ok(Some(code))
}
