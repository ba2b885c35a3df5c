//! Live sessions that can be taken up again. A session is found by the digest of the secret that its
//! client holds; the secret itself is not stored.

use sha2::{Digest, Sha256};

use super::{
    Batch, Fault, Store, keys,
    records::{Decode, Encode, Session},
};

/// What a session is found by.
pub type SessionDigest = [u8; 16];

/// The digest of a session's secret.
pub fn session_digest(secret: &str) -> SessionDigest {
    let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    let (digest, _) = hash.split_at(16);
    digest.try_into().unwrap_or_default()
}

impl Store {
    /// The session with this digest.
    pub fn session(&self, digest: &SessionDigest) -> Result<Option<Session>, Fault> {
        let bytes = self.engine.value(&keys::session(digest))?;
        bytes.map(|bytes| Session::decode("live session", &bytes)).transpose()
    }

    /// Sessions in order of their digests, from the first one after `after` on.
    pub fn sessions(
        &self,
        after: Option<&SessionDigest>,
        limit: usize,
    ) -> Result<Vec<(SessionDigest, Session)>, Fault> {
        let from = after.map(|after| {
            let mut key = keys::session(after);
            key.push(0);
            key
        });
        self.collect(&[keys::SESSIONS.byte], from, limit, |key, bytes| {
            let digest = key.get(1..).and_then(|digest| digest.try_into().ok());
            let digest =
                digest.ok_or_else(|| Fault::record("live session", "its key is not valid"));
            Ok((digest?, Session::decode("live session", bytes)?))
        })
    }
}

impl Batch {
    /// Writes a session over what was there. Batches about the same session must be made and submitted
    /// one after the other.
    pub fn put_session(&mut self, digest: &SessionDigest, session: &Session) -> Result<(), Fault> {
        self.put_over(&keys::session(digest), session.encode()?)
    }

    /// Removes a session; as [`Batch::put_session`].
    pub fn remove_session(&mut self, digest: &SessionDigest) -> Result<(), Fault> {
        self.remove_long(keys::session(digest))
    }
}
