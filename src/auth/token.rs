//! Access tokens: JWT (RFC 7519) signed with HS256, RS256, ES256 or `EdDSA`. What they claim becomes
//! an [`Actor`]. Knows no store and no connection.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{fault::Fault, globs::Globs, keyring::Keyring, proof::Actor};
use crate::domain::{id::UserId, refusal::Refusal, time::Millis};

/// The longest token, in bytes.
pub const TOKEN_MAX_BYTES: usize = 8 * 1024;
/// The longest role and display name, in bytes.
const WORD_MAX_BYTES: usize = 200;

/// What a token is checked against besides its signature.
#[derive(Clone, Debug)]
pub struct Expected {
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub leeway_ms: u64,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct Mint<'a> {
    pub user: &'a UserId,
    /// Patterns of rooms, separated by spaces or commas.
    pub rooms: &'a str,
    pub role: &'a str,
    pub name: Option<&'a str>,
    /// Seconds.
    pub ttl_s: u64,
}

#[derive(Deserialize)]
struct Claims {
    sub: Option<Subject>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iss: Option<String>,
    aud: Option<Words>,
    rooms: Option<Words>,
    role: Option<String>,
    name: Option<String>,
}

/// Laravel's token libraries write numeric user ids as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Subject {
    Text(String),
    Number(u64),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize)]
struct Minted<'a> {
    sub: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rooms: Vec<&'a str>,
    role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

/// Verifies a token.
///
/// # Errors
/// [`Refusal::TokenExpired`] if that is all that is wrong with it, else [`Refusal::Unauthenticated`]
/// with a sentence that tells a developer what to fix and an attacker nothing.
pub fn verify(
    ring: &Keyring,
    expected: &Expected,
    token: &str,
    now: Millis,
) -> Result<Actor, Refusal> {
    if token.len() > TOKEN_MAX_BYTES {
        return Err(invalid("is too long"));
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| invalid("is not a signed JWT"))?;
    let claims = ring
        .candidates(header.alg, header.kid.as_deref())
        .find_map(|key| {
            jsonwebtoken::decode::<Claims>(token, &key.decoding, &signature_only(key.algorithm))
                .ok()
        })
        .ok_or_else(|| invalid("is not signed by a known key, or its claims cannot be read"))?
        .claims;
    claims.admit(expected, now)
}

/// Makes a token that [`verify`] accepts, signed with our own secret.
///
/// # Errors
/// [`Fault::Unacceptable`] for what no token may say, [`Fault::Signing`].
pub fn mint(
    ring: &Keyring,
    expected: &Expected,
    what: &Mint<'_>,
    now: Millis,
) -> Result<String, Fault> {
    let signing = ring.signing.as_ref().ok_or_else(|| {
        Fault::Unacceptable("tokens of our own need HS256 among the accepted algorithms".into())
    })?;
    let globs = Globs::split(what.rooms)
        .ok_or_else(|| Fault::Unacceptable("too many or too long patterns of rooms".into()))?;
    let iat = now.0 / 1000;
    let claims = Minted {
        sub: what.user.as_str(),
        iat,
        exp: iat.saturating_add(what.ttl_s),
        rooms: globs.patterns().collect(),
        role: what.role,
        name: what.name,
        iss: expected.issuer.as_deref(),
        aud: expected.audience.as_deref(),
    };
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, signing)
        .map_err(|why| Fault::Signing(why.to_string()))?;
    if token.len() > TOKEN_MAX_BYTES {
        return Err(Fault::Unacceptable("the patterns of rooms make the token too long".into()));
    }
    Ok(token)
}

// === impl Claims ===

impl Claims {
    fn admit(self, expected: &Expected, now: Millis) -> Result<Actor, Refusal> {
        let exp = self.exp.and_then(millis).ok_or_else(|| invalid("has no valid `exp`"))?;
        if now.0 >= exp.0.saturating_add(expected.leeway_ms) {
            return Err(Refusal::TokenExpired);
        }
        if let Some(nbf) = self.nbf {
            let nbf = millis(nbf).ok_or_else(|| invalid("has no valid `nbf`"))?;
            if nbf.0 > now.0.saturating_add(expected.leeway_ms) {
                return Err(invalid("is not valid yet"));
            }
        }
        if expected.issuer.is_some() && self.iss != expected.issuer {
            return Err(invalid("has another issuer"));
        }
        if let Some(wanted) = &expected.audience
            && !self.aud.is_some_and(|aud| aud.contains(wanted))
        {
            return Err(invalid("is for another audience"));
        }
        let user = match self.sub {
            Some(Subject::Text(text)) => UserId::new(&text),
            Some(Subject::Number(number)) => UserId::new(&number.to_string()),
            None => None,
        };
        // Within the leeway the token's own end has passed already; it ends with the leeway then.
        let expires_at = if exp > now { exp } else { exp.plus(expected.leeway_ms) };
        Ok(Actor {
            user: user.ok_or_else(|| invalid("has no valid `sub`"))?,
            role: word(self.role.as_deref().unwrap_or("user"), "role")?,
            name: self.name.as_deref().map(|name| word(name, "name")).transpose()?,
            expires_at: Some(expires_at),
            rooms: self
                .rooms
                .map_or_else(|| Some(Globs::default()), Words::globs)
                .ok_or_else(|| invalid("has too many or too long patterns in `rooms`"))?,
        })
    }
}

// === impl Words ===

impl Words {
    fn contains(&self, wanted: &str) -> bool {
        match self {
            Self::One(one) => one == wanted,
            Self::Many(many) => many.iter().any(|one| one == wanted),
        }
    }

    fn globs(self) -> Option<Globs> {
        match self {
            Self::One(one) => Globs::split(&one),
            Self::Many(many) => Globs::new(many.iter().map(String::as_str)),
        }
    }
}

fn invalid(why: &str) -> Refusal {
    Refusal::Unauthenticated(format!("the access token {why}"))
}

fn word(text: &str, claim: &str) -> Result<Arc<str>, Refusal> {
    if text.is_empty() || text.len() > WORD_MAX_BYTES || text.chars().any(char::is_control) {
        return Err(invalid(&format!("has no valid `{claim}`")));
    }
    Ok(text.into())
}

/// Times are checked against our own clock, so the library checks the signature alone.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// A `NumericDate` (RFC 7519 section 2): seconds, perhaps with a fraction.
fn millis(seconds: f64) -> Option<Millis> {
    const YEAR_9999_S: f64 = 253_402_300_800.0;
    if !(0.0..=YEAR_9999_S).contains(&seconds) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked on the line above"
    )]
    Some(Millis((seconds * 1000.0) as u64))
}
