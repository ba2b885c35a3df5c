//! What the administrator decides about credentials. Files are read by whoever fills this in; only
//! their content gets here.

use std::fmt;

/// Settings of the folder; every field has a meaning of its own, none is optional by accident.
#[derive(Clone)]
pub struct AuthSettings {
    /// The secret that signs our own tokens and that verifies HS256 ones; at least 32 bytes.
    pub secret: Vec<u8>,
    /// The content of PEM files with public keys of an issuer (RSA, EC P-256 or Ed25519; several in
    /// one text are fine).
    pub public_keys: Vec<String>,
    /// The content of a JWKS file (RFC 7517).
    pub jwks: Option<String>,
    /// Which of `HS256`, `RS256`, `ES256`, `EdDSA` are accepted. Empty: all.
    pub algorithms: Vec<String>,
    /// What `iss` must be, if anything.
    pub issuer: Option<String>,
    /// What `aud` must contain, if anything.
    pub audience: Option<String>,
    /// How far the clocks of an issuer and ours may be apart, in seconds; default 60.
    pub leeway_s: u64,
    /// How long a token made by a login lives, in seconds; default 3600.
    pub token_ttl_s: u64,
}

impl AuthSettings {
    /// The defaults around a secret.
    #[cfg(test)]
    #[must_use]
    pub fn new(secret: Vec<u8>) -> Self {
        Self {
            secret,
            public_keys: Vec::new(),
            jwks: None,
            algorithms: Vec::new(),
            issuer: None,
            audience: None,
            leeway_s: 60,
            token_ttl_s: 3600,
        }
    }
}

impl fmt::Debug for AuthSettings {
    /// Everything but the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthSettings")
            .field("public_keys", &self.public_keys.len())
            .field("jwks", &self.jwks.is_some())
            .field("algorithms", &self.algorithms)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
