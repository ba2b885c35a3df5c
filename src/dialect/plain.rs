//! What belongs to no dialect: errors, the login, health, and the page that says what this is.

use super::{
    json::{Members, Object, list, quote, string},
    route::{Reply, Route},
};
use crate::domain::refusal::Refusal;

/// What is behind a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Home,
    Health,
    Readiness,
    Metrics,
    Login,
    Native,
}

const fn get(path: &'static str, endpoint: Endpoint, doc: &'static str) -> Route<Endpoint> {
    Route { method: "GET", path, endpoint, doc }
}

pub const ROUTES: [Route<Endpoint>; 6] = [
    get("/", Endpoint::Home, "what this is"),
    get("/healthz", Endpoint::Health, "whether the process lives"),
    get("/readyz", Endpoint::Readiness, "whether it serves, and what is degraded"),
    get("/metrics", Endpoint::Metrics, "figures for Prometheus (a key with the scope `metrics`)"),
    Route {
        method: "POST",
        path: "/api/auth/login",
        endpoint: Endpoint::Login,
        doc: "an access token for a local account",
    },
    get("/ws", Endpoint::Native, "the native protocol over WebSocket"),
];

/// The text of `GET /`.
pub const HOME: &str = "Parlour, a self-hosted chat server.\n\
    \n\
    Back ends post to /api/sms/..., clients connect to /ws, monitoring asks /readyz and /metrics.\n\
    `parlour routes` lists everything that answers here.\n";

/// How ready the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// It serves, but less well than it should; why, in sentences.
    Degraded(Vec<String>),
    /// It is starting or stopping.
    Unavailable(Vec<String>),
}

/// A name and a password that somebody brings.
#[derive(PartialEq, Eq)]
pub struct Credentials {
    pub user: String,
    pub password: String,
}

/// Understands a login.
///
/// # Errors
/// [`Refusal::Malformed`], or [`Refusal::Field`] with the name of the field.
pub fn hear_login(body: &[u8]) -> Result<Credentials, Refusal> {
    let members = std::str::from_utf8(body).ok().and_then(Members::read);
    let members =
        members.ok_or_else(|| Refusal::Malformed("the body is not a JSON object".into()))?;
    let field = |name: &str| {
        let value = members.get(name).ok().flatten().and_then(string);
        value
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::field(name, "must be a non-empty string"))
    };
    Ok(Credentials { user: field("user")?, password: field("password")? })
}

/// The answer to a login.
#[must_use]
pub fn say_login(access: &str, expires_in_s: u64, user: &str, role: &str) -> Reply {
    let body = Object::new()
        .text("access", access)
        .number("expires_in", expires_in_s)
        .text("user", user)
        .text("role", role);
    Reply::new(200, body.done())
}

#[must_use]
pub fn say_health() -> Reply {
    Reply::new(200, Object::new().text("status", "ok").done())
}

#[must_use]
pub fn say_readiness(readiness: &Readiness) -> Reply {
    let (status, word, reasons) = match readiness {
        Readiness::Ready => (200, "ready", &[][..]),
        Readiness::Degraded(reasons) => (200, "degraded", reasons.as_slice()),
        Readiness::Unavailable(reasons) => (503, "unavailable", reasons.as_slice()),
    };
    let reasons = list(reasons.iter().map(|reason| quote(reason)));
    Reply {
        status,
        body: Object::new().text("status", word).raw("reasons", &reasons).done(),
        retry_after_s: (status == 503).then_some(1),
        code: None,
    }
}

/// A refusal outside of every dialect.
#[must_use]
pub fn say_refusal(refusal: &Refusal) -> Reply {
    Reply {
        status: refusal.status(),
        body: Object::new().raw("error", &error(refusal)).done(),
        retry_after_s: retry_after_s(refusal),
        code: Some(refusal.code()),
    }
}

/// An answer that no refusal stands for, such as a request that did not arrive in time.
#[must_use]
pub fn say_error(status: u16, code: &'static str, message: &str) -> Reply {
    let error = Object::new().text("code", code).text("message", message).done();
    Reply::new(status, Object::new().raw("error", &error).done()).refusing(code)
}

/// The answer when the fault is ours.
#[must_use]
pub fn say_internal() -> Reply {
    Reply::new(500, Object::new().raw("error", &internal_error()).done()).refusing("internal")
}

/// The object that describes a refusal.
#[must_use]
pub fn error(refusal: &Refusal) -> String {
    let mut error =
        Object::new().text("code", refusal.code()).text("message", &refusal.to_string());
    if let Refusal::Field { field, .. } = refusal {
        error = error.text("field", field);
    }
    if let Some(seconds) = retry_after_s(refusal) {
        error = error.number("retry_after", seconds);
    }
    error.done()
}

/// The object that says that the fault is ours.
#[must_use]
pub fn internal_error() -> String {
    Object::new()
        .text("code", "internal")
        .text("message", "something went wrong on the server")
        .done()
}

/// Whole seconds, at least one.
pub(super) fn retry_after_s(refusal: &Refusal) -> Option<u64> {
    refusal.retry_after_ms().map(|ms| ms.div_ceil(1000).max(1))
}
