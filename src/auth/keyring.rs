//! The keys that verify access tokens. Each key has exactly one algorithm, fixed when it is loaded;
//! a token's header only chooses among keys, never an algorithm for a key.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;

use super::{fault::Fault, settings::AuthSettings};

/// HS256 needs a key of at least the size of its hash (RFC 7518 section 3.2).
pub const SECRET_MIN_BYTES: usize = 32;
/// How many public keys are loaded at most.
const KEYS_MAX: usize = 64;

pub struct Keyring {
    keys: Vec<Key>,
    /// `None` where HS256 is not accepted.
    pub signing: Option<EncodingKey>,
}

pub struct Key {
    pub id: Option<String>,
    pub algorithm: Algorithm,
    pub decoding: DecodingKey,
}

impl Keyring {
    /// # Errors
    /// A weak secret, an unknown algorithm or an unusable key, each by name.
    pub fn load(settings: &AuthSettings) -> Result<Self, Fault> {
        if settings.secret.len() < SECRET_MIN_BYTES {
            let bytes = settings.secret.len();
            return Err(Fault::WeakSecret { bytes, bytes_min: SECRET_MIN_BYTES });
        }
        let mut keys = vec![Key {
            id: None,
            algorithm: Algorithm::HS256,
            decoding: DecodingKey::from_secret(&settings.secret),
        }];
        for (number, text) in settings.public_keys.iter().enumerate() {
            from_pem(number + 1, text, &mut keys)?;
        }
        if let Some(text) = &settings.jwks {
            from_jwks(text, &mut keys)?;
        }
        if keys.len() > KEYS_MAX {
            return Err(Fault::PublicKey(format!("more than {KEYS_MAX} keys are given")));
        }
        let allowed = allowed(&settings.algorithms)?;
        keys.retain(|key| allowed.is_empty() || allowed.contains(&key.algorithm));
        let ours = allowed.is_empty() || allowed.contains(&Algorithm::HS256);
        let signing = ours.then(|| EncodingKey::from_secret(&settings.secret));
        Ok(Self { keys, signing })
    }

    /// The keys that a token with this header may have been signed by. A key with an id wants a
    /// token with the same id; a key without one serves every token of its algorithm.
    pub fn candidates(&self, algorithm: Algorithm, id: Option<&str>) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| {
            key.algorithm == algorithm
                && (key.id.is_none() || id.is_none() || key.id.as_deref() == id)
        })
    }
}

fn allowed(words: &[String]) -> Result<Vec<Algorithm>, Fault> {
    words
        .iter()
        .map(|word| match word.as_str() {
            "HS256" => Ok(Algorithm::HS256),
            "RS256" => Ok(Algorithm::RS256),
            "ES256" => Ok(Algorithm::ES256),
            "EdDSA" => Ok(Algorithm::EdDSA),
            other => Err(Fault::UnknownAlgorithm(other.to_owned())),
        })
        .collect()
}

fn from_pem(number: usize, text: &str, keys: &mut Vec<Key>) -> Result<(), Fault> {
    const BEGIN: &str = "-----BEGIN ";
    let mut rest = text;
    let mut found = false;
    while let Some(start) = rest.find(BEGIN) {
        let block = rest.get(start..).unwrap_or_default();
        let end = block.get(1..).and_then(|b| b.find(BEGIN)).map_or(block.len(), |at| at + 1);
        let (block, after) = block.split_at_checked(end).unwrap_or((block, ""));
        keys.push(one_pem(number, block)?);
        found = true;
        rest = after;
    }
    if found { Ok(()) } else { Err(Fault::PublicKey(format!("file {number} holds no PEM block"))) }
}

fn one_pem(number: usize, block: &str) -> Result<Key, Fault> {
    if block.contains("PRIVATE KEY") {
        return Err(Fault::PublicKey(format!(
            "file {number} holds a private key; only the public one belongs here"
        )));
    }
    let bytes = block.as_bytes();
    let found = DecodingKey::from_rsa_pem(bytes)
        .map(|decoding| (Algorithm::RS256, decoding))
        .or_else(|_| DecodingKey::from_ec_pem(bytes).map(|decoding| (Algorithm::ES256, decoding)))
        .or_else(|_| DecodingKey::from_ed_pem(bytes).map(|decoding| (Algorithm::EdDSA, decoding)));
    match found {
        Ok((algorithm, decoding)) => Ok(Key { id: None, algorithm, decoding }),
        Err(_) => Err(Fault::PublicKey(format!(
            "file {number} is no public key of RSA, EC P-256 or Ed25519"
        ))),
    }
}

/// A set whose members are read one by one, so that a kind we do not know does not spoil the rest.
#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

fn from_jwks(text: &str, keys: &mut Vec<Key>) -> Result<(), Fault> {
    let set: Set = serde_json::from_str(text)
        .map_err(|why| Fault::PublicKey(format!("the JWKS file is no key set ({why})")))?;
    let before = keys.len();
    for member in set.keys {
        let Ok(jwk) = serde_json::from_value::<Jwk>(member) else { continue };
        if matches!(jwk.algorithm, AlgorithmParameters::OctetKey(_)) {
            return Err(Fault::PublicKey("a JWKS file must not hold a symmetric key".into()));
        }
        if jwk.common.public_key_use.as_ref().is_some_and(|u| *u != PublicKeyUse::Signature) {
            continue;
        }
        let Some(algorithm) = algorithm_of(&jwk) else { continue };
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|why| {
            Fault::PublicKey(format!("key {:?} of the JWKS file: {why}", jwk.common.key_id))
        })?;
        keys.push(Key { id: jwk.common.key_id, algorithm, decoding });
    }
    if keys.len() == before {
        return Err(Fault::PublicKey(
            "the JWKS file holds no signing key for RS256, ES256 or EdDSA".into(),
        ));
    }
    Ok(())
}

/// The one algorithm of a key; `None` if it is not one of ours.
fn algorithm_of(jwk: &Jwk) -> Option<Algorithm> {
    let by_kind = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    let named = jwk.common.key_algorithm.is_none_or(|named| named == by_kind.1);
    named.then_some(by_kind.0)
}
