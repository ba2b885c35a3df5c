//! Why the chat did not do what was asked: the asker's fault or ours.

use std::fmt;

use crate::{domain::refusal::Refusal, store};

/// A refusal goes to the asker in full; of a fault the asker learns only that there was one.
#[derive(Debug)]
pub enum Error {
    Refused(Refusal),
    Fault(store::Fault),
    /// The server stopped before the answer was on disk. It may or may not be there afterwards.
    Lost,
    /// The connection that asked is ending.
    Gone,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
            Self::Gone => f.write_str("the connection is ending"),
            Self::Lost => f.write_str("the server stopped before the change was on disk"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Fault> for Error {
    fn from(fault: store::Fault) -> Self {
        Self::Fault(fault)
    }
}
