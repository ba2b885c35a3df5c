//! Ids that are made here: for requests, and UUIDs for callers that bring none.

use std::sync::atomic::{AtomicU64, Ordering};

use hyper::header::HeaderValue;

use crate::domain::time::Millis;

/// The longest id of a request that is taken over from the caller, in bytes.
const REQUEST_ID_MAX_BYTES: usize = 64;

/// Numbers requests; two runs of the program do not repeat each other.
#[derive(Debug)]
pub struct Ids {
    run: u32,
    next: AtomicU64,
}

impl Ids {
    #[must_use]
    pub fn new() -> Self {
        Self { run: getrandom::u32().unwrap_or_default(), next: AtomicU64::new(1) }
    }

    /// The caller's own id if it is harmless, else a new one.
    pub fn request(&self, brought: Option<&HeaderValue>) -> String {
        let harmless = |text: &&str| {
            (1..=REQUEST_ID_MAX_BYTES).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        match brought.and_then(|value| value.to_str().ok()).filter(harmless) {
            Some(text) => text.to_owned(),
            None => format!("{:08x}-{:x}", self.run, self.next.fetch_add(1, Ordering::Relaxed)),
        }
    }

    /// A `UUIDv7` (RFC 9562 section 5.7).
    pub fn uuid(&self, now: Millis) -> String {
        let mut random = [0; 16];
        if getrandom::fill(&mut random).is_err() {
            // Without randomness it is at least unique.
            let count = self.next.fetch_add(1, Ordering::Relaxed);
            random = ((u128::from(self.run) << 64) | u128::from(count)).to_be_bytes();
        }
        uuid_v7(now, u128::from_be_bytes(random))
    }
}

fn uuid_v7(now: Millis, random: u128) -> String {
    const RANDOM: u128 = (0xfff << 64) | 0x3fff_ffff_ffff_ffff;
    let time = u128::from(now.0 & 0xffff_ffff_ffff) << 80;
    let bits = time | (0x7 << 76) | (0b10 << 62) | (random & RANDOM);
    let hex = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_the_example_of_the_rfc() {
        // RFC 9562 appendix A.6.
        let random = (0xcc3 << 64) | 0x18c4_dc0c_0c07_398f;
        let text = uuid_v7(Millis(0x017f_22e2_79b0), random);
        assert_eq!(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        assert_eq!(uuid_v7(Millis(u64::MAX), u128::MAX), "ffffffff-ffff-7fff-bfff-ffffffffffff");
        let ids = Ids::new();
        assert_ne!(ids.uuid(Millis(1)), ids.uuid(Millis(1)));
    }

    #[track_caller]
    fn check(brought: &[u8], kept: bool) {
        let value = HeaderValue::from_bytes(brought).expect("a header value");
        let id = Ids::new().request(Some(&value));
        assert_eq!(id.as_bytes() == brought, kept, "{id}");
    }

    #[test]
    fn harmless_request_ids_are_kept() {
        check(b"abc-DEF_1.2", true);
        check(&[b'a'; 64], true);
        check(&[b'a'; 65], false);
        check(b"", false);
        check(b"a b", false);
        check(b"\"x\"", false);
        check("я".as_bytes(), false);
    }
}
