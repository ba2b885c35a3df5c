//! Responses as clients of Engine.IO know them.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Response, StatusCode,
    header::{
        CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
    },
};

use crate::{
    gateway::handshake::Rejection,
    wire::engineio::{Answer, handshake::BadRequest},
};

pub(super) type Whole = Response<Full<Bytes>>;

const TEXT: &str = "text/plain; charset=UTF-8";

/// What a session says to a request; `None`: the session is over.
pub(super) fn answer(answer: Option<Answer>) -> Whole {
    match answer {
        Some(Answer::Payload(payload)) => whole(200, TEXT, payload),
        Some(Answer::Ok) => whole(200, "text/html", "ok"),
        Some(Answer::Refused) => whole(400, TEXT, ""),
        Some(Answer::Bad) => refused(BadRequest::Bad, false),
        None => refused(BadRequest::UnknownSession, false),
    }
}

/// A body that is too large; the session does not mind.
pub(super) fn too_large() -> Whole {
    whole(413, TEXT, "")
}

/// A refusal of the protocol. A WebSocket handshake gets it as plain text, as the reference server says
/// it, and the connection ends.
pub(super) fn refused(why: BadRequest, upgrade: bool) -> Whole {
    if upgrade && why != BadRequest::Forbidden {
        return closing(whole(400, TEXT, why.message()));
    }
    whole(why.status(), "application/json", why.body())
}

/// A page of an origin that is not listed.
pub(super) fn foreign() -> Whole {
    let body = r#"{"code":4,"message":"this origin may not connect"}"#;
    whole(403, "application/json", body)
}

/// There is no place for one more.
pub(super) fn rejected(rejection: &Rejection) -> Whole {
    let body = format!(r#"{{"code":3,"message":"{}"}}"#, rejection.message);
    let mut response = whole(rejection.status, "application/json", body);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

pub(super) fn closing(mut response: Whole) -> Whole {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn whole(status: u16, kind: &'static str, body: impl Into<Bytes>) -> Whole {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
