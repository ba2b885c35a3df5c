//! Access tokens as a back end would sign them: HS256 with the secret that the servers of the tests
//! are given.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Map, Value, json};

use super::time::unix_s;

/// The signing secret of every server in the tests.
pub(crate) const SECRET: &str = "a-secret-of-the-tests-0123456789abcdef";

/// The claims of a token in the making.
pub(crate) struct Token {
    claims: Map<String, Value>,
    key: EncodingKey,
    header: Header,
}

impl Token {
    /// A token for `user` that lets it into the rooms that fit `rooms`, for an hour.
    pub(crate) fn new(user: &str, rooms: &[&str]) -> Self {
        let mut claims = Map::new();
        claims.insert("sub".into(), json!(user));
        claims.insert("rooms".into(), json!(rooms));
        claims.insert("role".into(), json!("user"));
        claims.insert("exp".into(), json!(unix_s() + 3600));
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        Self { claims, key, header: Header::new(Algorithm::HS256) }
    }

    pub(crate) fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.into(), value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    pub(crate) fn signed_with(self, secret: &str, algorithm: Algorithm) -> Self {
        self.signed_by(EncodingKey::from_secret(secret.as_bytes()), algorithm)
    }

    pub(crate) fn signed_by(mut self, key: EncodingKey, algorithm: Algorithm) -> Self {
        self.key = key;
        self.header.alg = algorithm;
        self
    }

    /// Names its key, for a JWKS file.
    pub(crate) fn kid(mut self, kid: &str) -> Self {
        self.header.kid = Some(kid.into());
        self
    }

    /// The token as text.
    pub(crate) fn text(&self) -> String {
        encode(&self.header, &self.claims, &self.key).expect("a signed token")
    }
}
