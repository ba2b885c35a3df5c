//! Reading the body of a post: text, with a limit of its size and its time.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::{
    HeaderMap,
    body::{Body as _, Bytes, Incoming},
    header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT},
};

use super::letter::Body;

/// How many times the limit is read and thrown away, so that a client which sends too much gets to
/// read why: what is closed with unread bytes is reset, and the answer with it.
const DISCARD_FACTOR: usize = 8;

/// Reads a body.
pub(super) async fn read(
    headers: &HeaderMap,
    body: &mut Incoming,
    bytes_max: usize,
    patience: Duration,
) -> Body {
    if !is_text(headers) {
        return Body::Unreadable;
    }
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let hopeless = announced > bytes_max.saturating_mul(DISCARD_FACTOR);
    if hopeless || (announced > bytes_max && headers.contains_key(EXPECT)) {
        return Body::TooLarge;
    }
    let collected = tokio::time::timeout(patience, collect(body, bytes_max)).await;
    match collected {
        Ok(Ok(Some(bytes))) => String::from_utf8(bytes).map_or(Body::Unreadable, Body::Text),
        Ok(Ok(None)) => Body::TooLarge,
        Ok(Err(_broken)) => Body::Unreadable,
        Err(_late) => Body::Unreadable,
    }
}

/// `None` if it is too large. Holds no more than what has arrived.
async fn collect(body: &mut Incoming, bytes_max: usize) -> Result<Option<Vec<u8>>, hyper::Error> {
    let (mut all, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        seen = seen.saturating_add(Bytes::len(&data));
        if seen > bytes_max.saturating_mul(DISCARD_FACTOR) {
            break;
        }
        if seen > bytes_max {
            all = Vec::new();
        } else {
            all.extend_from_slice(&data);
        }
    }
    Ok((seen <= bytes_max).then_some(all))
}

/// Clients of this protocol version send text, whatever they carry in it, and do not compress it.
fn is_text(headers: &HeaderMap) -> bool {
    let binary = headers.get_all(CONTENT_TYPE).iter().any(|kind| {
        let kind = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
        kind.trim_ascii().eq_ignore_ascii_case(b"application/octet-stream")
    });
    let plain =
        |coding: &hyper::header::HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    !binary && headers.get_all(CONTENT_ENCODING).iter().all(plain)
}
