//! The close codes of the native protocol: those of RFC 6455 that it uses, and its own.

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseCode(pub u16);

impl CloseCode {
    pub const GOING_AWAY: Self = Self(1001);
    pub const UNSUPPORTED_DATA: Self = Self(1003);
    pub const POLICY: Self = Self(1008);
    /// No hello in time, or a token that is not valid.
    pub const UNAUTHENTICATED: Self = Self(4001);
    pub const TOKEN_EXPIRED: Self = Self(4002);
    /// The peer read too slowly; it may come back and resume.
    pub const SLOW: Self = Self(4008);
    /// The server stops; the peer may come back at once and resume.
    pub const DRAINING: Self = Self(4100);
}
