//! Reading the body of a request: its kind, its size and its time are limited. Knows no JSON.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::{
    HeaderMap,
    body::{Body as _, Bytes, Incoming},
    header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT, HeaderValue},
};

use crate::domain::refusal::Refusal;

/// How many times the limit is read and thrown away, so that a client which sends too much gets to
/// read why. A connection that is closed with unread bytes is reset, and the answer with it.
const DISCARD_FACTOR: usize = 8;

/// What may be sent, and in what time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub bytes_max: usize,
    pub patience: Duration,
}

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    Refused(Refusal),
    /// It did not arrive in time.
    Late,
    /// The client broke it off, or its chunks are malformed.
    Broken,
}

/// Reads a body of JSON.
///
/// # Errors
/// See [`Trouble`].
pub async fn read(
    headers: &HeaderMap,
    body: &mut Incoming,
    limits: Limits,
) -> Result<Bytes, Trouble> {
    admit_kind(headers).map_err(Trouble::Refused)?;
    let too_large = || Trouble::Refused(Refusal::TooLarge { bytes_max: limits.bytes_max });
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limits.bytes_max
        && (headers.contains_key(EXPECT)
            || announced > limits.bytes_max.saturating_mul(DISCARD_FACTOR))
    {
        return Err(too_large());
    }
    match tokio::time::timeout(limits.patience, collect(body, limits.bytes_max)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_broken)) => Err(Trouble::Broken),
        Err(_elapsed) => Err(Trouble::Late),
    }
}

/// Throws away what is left of a body that nobody wanted; `false` if there is too much of it.
pub async fn discard(body: &mut Incoming, limits: Limits) -> bool {
    let rest = async {
        let mut left = limits.bytes_max;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            let length = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => return false,
            }
        }
        true
    };
    tokio::time::timeout(limits.patience, rest).await.unwrap_or(false)
}

/// `None` if it is too large.
async fn collect(body: &mut Incoming, bytes_max: usize) -> Result<Option<Bytes>, hyper::Error> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    let mut seen: usize = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > bytes_max.saturating_mul(DISCARD_FACTOR) {
            return Ok(None);
        }
        if seen > bytes_max {
            (first, all) = (Bytes::new(), Vec::new());
        } else if first.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    if seen > bytes_max {
        return Ok(None);
    }
    Ok(Some(if all.is_empty() { first } else { all.into() }))
}

/// Bodies are JSON and not compressed. A missing type is tolerated.
fn admit_kind(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut kinds = headers.get_all(CONTENT_TYPE).iter();
    let json = kinds.next().is_none_or(is_json) && kinds.next().is_none();
    let plain = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if json && plain { Ok(()) } else { Err(Refusal::UnsupportedMediaType) }
}

fn is_json(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], admitted: bool) {
        let mut map = HeaderMap::new();
        for &(name, value) in headers {
            map.append(name, HeaderValue::from_static(value));
        }
        assert_eq!(admit_kind(&map).is_ok(), admitted, "{headers:?}");
    }

    #[test]
    fn only_plain_json_is_read() {
        check(&[], true);
        check(&[("content-type", "application/json")], true);
        check(&[("content-type", "Application/JSON; charset=utf-8")], true);
        check(&[("content-type", "application/vnd.api+json")], true);
        check(&[("content-type", "text/json")], false);
        check(&[("content-type", "application/jsonx")], false);
        check(&[("content-type", "application/x-www-form-urlencoded")], false);
        check(&[("content-type", "")], false);
        check(&[("content-type", "application/json"), ("content-type", "text/plain")], false);
        check(&[("content-encoding", "gzip")], false);
        check(&[("content-encoding", "identity")], true);
    }
}
