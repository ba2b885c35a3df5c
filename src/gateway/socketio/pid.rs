//! The secret of a session and the name that its peers may see.

use crate::auth::base64url;

/// How much of it is the session's public id.
const SID_BYTES: usize = 15;
const BYTES: usize = 33;
/// Letters of base64 for each three bytes.
const SID_LETTERS: usize = SID_BYTES / 3 * 4;
const LETTERS: usize = BYTES / 3 * 4;

/// A session's public id.
pub(super) type Sid = [u8; SID_LETTERS];

/// The private id of a session: 144 bits that nobody guesses, after the 120 of its public id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Pid([u8; LETTERS]);

impl Pid {
    /// A new one; `None` if the system gives no randomness.
    pub(super) fn random() -> Option<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).ok()?;
        Self::parse(&base64url(&bytes))
    }

    /// What a client shows; `None` if it is none of ours.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let letters: [u8; LETTERS] = text.as_bytes().try_into().ok()?;
        let ours = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        letters.iter().all(ours).then_some(Self(letters))
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The public id as a key.
    pub(super) fn key(&self) -> Sid {
        self.0.first_chunk().copied().unwrap_or([0; SID_LETTERS])
    }

    /// The id that is no secret: the same as long as the session goes on.
    pub(super) fn sid(&self) -> &str {
        self.text().get(..SID_LETTERS).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_unlike_and_come_back() {
        let (a, b) = (Pid::random().unwrap(), Pid::random().unwrap());
        assert!(a != b && a.sid() != b.sid());
        assert_eq!((a.text().len(), a.sid().len()), (44, 20));
        assert!(Pid::parse(a.text()) == Some(a));
        for text in
            ["", "short", &"x".repeat(43), &"x".repeat(45), &"ü".repeat(22), &" ".repeat(44)]
        {
            assert!(Pid::parse(text).is_none(), "{text}");
        }
    }
}
