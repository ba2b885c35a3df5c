//! From an answer of a dialect to a response of HTTP. Knows no endpoint.

use http_body_util::Full;
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{
        CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
        WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
    },
};

use crate::dialect::Reply;

/// Every response has its whole body at once.
pub type Body = Full<Bytes>;

/// Stands in a response whose answer tells that something was not done: its stable code.
#[derive(Clone, Copy, Debug)]
pub struct Refused(pub &'static str);

/// A response with a body of JSON that nobody may cache.
pub fn json(reply: Reply) -> Response<Body> {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = whole(status, "application/json", reply.body.into());
    if let Some(seconds) = reply.retry_after_s {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(code) = reply.code {
        response.extensions_mut().insert(Refused(code));
    }
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 section 15.5.2 demands a challenge.
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// A response with a body of any kind.
pub fn whole(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Body> {
    let length = body.len();
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // Set here and not by hyper, so that HEAD shows the same.
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// 204, with one header.
pub fn nothing(name: HeaderName, value: HeaderValue) -> Response<Body> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(name, value);
    response
}
