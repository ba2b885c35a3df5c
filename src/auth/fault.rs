//! What can go wrong here that is not the caller's fault. Its text is for the administrator.

use std::fmt;

use crate::store;

/// A trouble of ours; clients see "internal".
#[derive(Debug)]
pub enum Fault {
    /// The signing secret has fewer bytes than HS256 needs (RFC 7518 section 3.2).
    WeakSecret {
        bytes: usize,
        bytes_min: usize,
    },
    /// A public key for tokens cannot be used; names which one and why.
    PublicKey(String),
    /// A word in the list of algorithms that we do not speak.
    UnknownAlgorithm(String),
    /// A token could not be signed.
    Signing(String),
    /// A password could not be hashed, or a stored hash cannot be read.
    Password(String),
    /// The system gave no randomness.
    Randomness,
    /// A name, role or scope that cannot be stored; names it.
    Unacceptable(String),
    Store(store::Fault),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WeakSecret { bytes, bytes_min } => write!(
                f,
                "the signing secret has {bytes} bytes, it needs at least {bytes_min}; \
                 leave it out to have one made"
            ),
            Self::PublicKey(why) => write!(f, "a public key for access tokens is unusable: {why}"),
            Self::UnknownAlgorithm(word) => write!(
                f,
                "unknown token algorithm {word:?}; known are HS256, RS256, ES256 and EdDSA"
            ),
            Self::Signing(why) => write!(f, "an access token could not be signed: {why}"),
            Self::Password(why) => write!(f, "a password could not be hashed or read: {why}"),
            Self::Randomness => f.write_str("the system gave no randomness"),
            Self::Unacceptable(what) => f.write_str(what),
            Self::Store(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

impl From<store::Fault> for Fault {
    fn from(fault: store::Fault) -> Self {
        Self::Store(fault)
    }
}
