//! Service keys: the credentials of back ends. Shown once, kept as a hash, checked against a copy in
//! memory so that a request costs one hash and no disk. Knows no HTTP header.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sha2::{Digest, Sha256};

use super::{fault::Fault, proof::Service};
use crate::{
    domain::{refusal::Refusal, time::Millis},
    store::{KeyRecord, Store},
};

const PREFIX: &str = "plk_";
const ID_BYTES: usize = 4;
const SECRET_BYTES: usize = 32;
/// `plk_`, 8 hex digits, `_`, 43 characters of base64url.
const TEXT_BYTES: usize = 56;
/// How often the time of last use is written, in milliseconds.
const TOUCH_EVERY_MS: u64 = 60_000;
const NAME_MAX_BYTES: usize = 200;
/// What a key may be allowed to do.
const SCOPES: [&str; 3] = ["sms", "metrics", "admin"];

/// The keys that are valid now.
#[derive(Default)]
pub struct ServiceKeys {
    known: RwLock<HashMap<String, Arc<Known>>>,
}

struct Known {
    hash: [u8; 32],
    service: Service,
    touched: AtomicU64,
}

impl ServiceKeys {
    /// Reads them again; keys that were revoked elsewhere stop working.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn reload(&self, store: &Store) -> Result<(), Fault> {
        let fresh = store
            .keys()?
            .iter()
            .filter(|record| record.revoked_at.is_none())
            .map(|record| (record.id.clone(), Arc::new(Known::new(record))))
            .collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// # Errors
    /// [`Refusal::Unauthenticated`], the same for whatever is wrong with the key.
    pub fn check(&self, text: &str, store: &Store, now: Millis) -> Result<Service, Refusal> {
        let wrong = || Refusal::Unauthenticated("this is no valid service key".into());
        let id = id_of(text).ok_or_else(wrong)?;
        let known = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            known.get(id).cloned().ok_or_else(wrong)?
        };
        if !same(&digest(text), &known.hash) {
            return Err(wrong());
        }
        let touched = known.touched.load(Ordering::Relaxed);
        let due = touched == 0 || now.since(Millis(touched)) >= TOUCH_EVERY_MS;
        if due
            && known
                .touched
                .compare_exchange(touched, now.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            store.touch_key(id, now);
        }
        Ok(known.service.clone())
    }

    /// Makes a key that works at once; its text is told here and never again.
    ///
    /// # Errors
    /// [`Fault::Unacceptable`] for a name or scope that does not exist, or the store's.
    pub fn create(
        &self,
        name: &str,
        scopes: &[String],
        store: &Store,
        now: Millis,
    ) -> Result<(String, KeyRecord), Fault> {
        admit(name, scopes)?;
        let (id, text) = loop {
            let (id, text) = fresh()?;
            if store.key(&id)?.is_none() {
                break (id, text);
            }
        };
        let record = KeyRecord {
            id: id.clone(),
            hash: digest(&text),
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            created_at: now,
            last_used: None,
            revoked_at: None,
        };
        store.put_key(&record)?;
        let known = Arc::new(Known::new(&record));
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(id, known);
        Ok((text, record))
    }

    /// Makes a key stop working; `false` if there is none with this id or it was revoked before.
    ///
    /// # Errors
    /// The store's. The key has stopped working in memory even then.
    pub fn revoke(&self, id: &str, store: &Store, now: Millis) -> Result<bool, Fault> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        match store.key(id)? {
            Some(record) if record.revoked_at.is_none() => {
                store.put_key(&KeyRecord { revoked_at: Some(now), ..record })?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

impl Known {
    fn new(record: &KeyRecord) -> Self {
        let service =
            Service { key_id: record.id.as_str().into(), scopes: record.scopes.as_slice().into() };
        let touched = AtomicU64::new(record.last_used.map_or(0, |at| at.0));
        Self { hash: record.hash, service, touched }
    }
}

fn admit(name: &str, scopes: &[String]) -> Result<(), Fault> {
    if name.is_empty() || name.len() > NAME_MAX_BYTES || name.chars().any(char::is_control) {
        return Err(Fault::Unacceptable(format!(
            "a key needs a name of 1 to {NAME_MAX_BYTES} bytes without control characters"
        )));
    }
    if scopes.is_empty() {
        return Err(Fault::Unacceptable(format!("a key needs a scope: {}", SCOPES.join(", "))));
    }
    match scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        None => Ok(()),
        Some(other) => Err(Fault::Unacceptable(format!(
            "there is no scope {other:?}; known are {}",
            SCOPES.join(", ")
        ))),
    }
}

fn id_of(text: &str) -> Option<&str> {
    if text.len() != TEXT_BYTES {
        return None;
    }
    let (id, _secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    (id.len() == 2 * ID_BYTES).then_some(id)
}

fn fresh() -> Result<(String, String), Fault> {
    let mut random = [0; ID_BYTES + SECRET_BYTES];
    getrandom::fill(&mut random).map_err(|_| Fault::Randomness)?;
    let (id, secret) = random.split_at(ID_BYTES);
    let id = hex(id);
    let text = format!("{PREFIX}{id}_{}", base64url(secret));
    Ok((id, text))
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Compares in a time that does not depend on where the difference is.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| std::hint::black_box(all | (a ^ b)));
    difference == 0
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// RFC 4648 section 5, without padding: how secrets are spelled.
pub fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let index = (bits >> (18 - 6 * place)) & 63;
            let letter = usize::try_from(index).ok().and_then(|index| LETTERS.get(index));
            text.extend(letter.map(|&letter| char::from(letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_rfc_4648() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (b"\xfb\xff\xfe", "-__-"),
        ] {
            assert_eq!(base64url(bytes), text);
        }
    }

    #[test]
    fn keys_have_one_shape() {
        let (id, text) = fresh().expect("randomness");
        assert_eq!((text.len(), id_of(&text)), (TEXT_BYTES, Some(id.as_str())));
        for wrong in ["", "plk_", "plk_1234", "sk_live_whatever", &text[1..], &format!("{text}x")] {
            assert_eq!(id_of(wrong), None, "{wrong}");
        }
        assert!(!same(&digest(&text), &digest("other")) && same(&digest("a"), &digest("a")));
    }
}
