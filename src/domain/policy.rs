//! What each kind of conversation allows. Values come from the configuration; the defaults are the
//! product's.

use super::{id::Kind, refusal::Refusal, time::Millis};

/// Who may delete a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Whoever the back end says.
    Caller,
    Author,
    Operators,
    Nobody,
}

/// The rules of one kind of conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Unicode scalar values after NFC.
    pub text_max_chars: usize,
    /// UTF-8 bytes.
    pub text_max_bytes: usize,
    /// How long its author may edit a message; `None`: for ever.
    pub edit_window_ms: Option<u64>,
    pub deletion: Deletion,
    /// How often one person may write; `None`: as often as it likes.
    pub rate: Option<Rate>,
}

/// At most so many writes in every stretch of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub writes_max: usize,
    pub window_ms: u64,
}

const KIB: usize = 1024;

impl Policy {
    /// The default for a kind.
    #[must_use]
    pub fn default_for(kind: Kind) -> Self {
        let chars = |text_max_chars, edit_window_ms, deletion| Self {
            text_max_chars,
            text_max_bytes: text_max_chars * 4,
            edit_window_ms,
            deletion,
            rate: None,
        };
        match kind {
            Kind::Room => {
                Self { text_max_bytes: 16 * KIB, ..chars(16 * KIB, None, Deletion::Caller) }
            }
            Kind::Direct | Kind::Group => chars(8000, None, Deletion::Author),
            Kind::Support => chars(8000, Some(15 * 60_000), Deletion::Operators),
            Kind::Order => Self {
                rate: Some(Rate { writes_max: 20, window_ms: 60_000 }),
                ..chars(2000, Some(5 * 60_000), Deletion::Nobody)
            },
        }
    }

    /// Whether a text of this size may be written.
    ///
    /// # Errors
    /// [`Refusal::TextTooLong`].
    pub fn admit_text(&self, bytes: usize, chars: usize) -> Result<(), Refusal> {
        if chars > self.text_max_chars {
            return Err(Refusal::TextTooLong { chars, chars_max: self.text_max_chars });
        }
        if bytes > self.text_max_bytes {
            return Err(Refusal::TooLarge { bytes_max: self.text_max_bytes });
        }
        Ok(())
    }

    /// Whether a message written at `created` may still be edited by its author at `now`.
    ///
    /// # Errors
    /// [`Refusal::EditWindowPassed`].
    pub fn admit_edit(&self, created: Millis, now: Millis) -> Result<(), Refusal> {
        match self.edit_window_ms {
            Some(window) if now.since(created) > window => Err(Refusal::EditWindowPassed),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, chars: usize, bytes: usize, ok: bool) {
        assert_eq!(Policy::default_for(kind).admit_text(bytes, chars).is_ok(), ok);
    }

    #[test]
    fn texts_have_limits() {
        check(Kind::Room, 16_384, 16_384, true);
        check(Kind::Room, 8_193, 16_386, false);
        check(Kind::Order, 2000, 8000, true);
        check(Kind::Order, 2001, 2001, false);
        check(Kind::Direct, 8000, 32_000, true);
    }

    #[test]
    fn edits_have_a_window() {
        let order = Policy::default_for(Kind::Order);
        assert_eq!(order.admit_edit(Millis(1000), Millis(301_000)), Ok(()));
        assert_eq!(order.admit_edit(Millis(1000), Millis(301_001)), Err(Refusal::EditWindowPassed));
        assert_eq!(Policy::default_for(Kind::Room).admit_edit(Millis(0), Millis(u64::MAX)), Ok(()));
    }
}
