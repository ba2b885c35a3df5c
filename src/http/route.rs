//! Where a method and a path lead: one table, one pure function. Knows no request.

use std::borrow::Cow;

use super::path;
use crate::dialect::{plain, sms};

/// What is behind a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Plain(plain::Endpoint),
    Sms(sms::Endpoint),
    SocketIo,
    /// A file that other servers have for browsers; ours has not.
    ClientFile,
}

/// Everything below it belongs to Socket.IO.
const SOCKET_IO: &str = "/socket.io/";

/// Which listener a request came in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one for everybody.
    Public,
    /// The one for monitoring alone.
    Monitoring,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    /// What it does, for people.
    pub doc: &'static str,
    endpoint: Endpoint,
}

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    pub endpoint: Endpoint,
    /// What stands for the segment in braces; empty where there is none.
    pub parameter: String,
}

/// Why it leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub enum Miss {
    /// The path is not percent-encoded UTF-8.
    Malformed,
    NotFound,
    /// There is something, but not for this method; carries the header `Allow` (RFC 9110 section
    /// 10.2.1). `options`: the method was OPTIONS, for which that is the answer.
    Method {
        allow: String,
        options: bool,
    },
}

/// Every route, in the order in which people want to read them.
pub fn rows() -> impl Iterator<Item = Row> {
    let plain = plain::ROUTES.iter().map(|route| Row {
        method: route.method,
        path: route.path,
        doc: route.doc,
        endpoint: Endpoint::Plain(route.endpoint),
    });
    let sms = sms::ROUTES.iter().map(|route| Row {
        method: route.method,
        path: route.path,
        doc: route.doc,
        endpoint: Endpoint::Sms(route.endpoint),
    });
    plain.chain(sms).chain(socketio_rows())
}

fn socketio_rows() -> impl Iterator<Item = Row> {
    let row = |method, doc| Row { method, path: SOCKET_IO, doc, endpoint: Endpoint::SocketIo };
    [
        row("GET", "Socket.IO: a handshake, a poll or a WebSocket"),
        row("POST", "Socket.IO: what a polling client says"),
    ]
    .into_iter()
}

/// Finds a route among those that this side shows. A trailing slash makes no difference, and HEAD goes
/// where GET goes.
///
/// # Errors
/// See [`Miss`].
pub fn find(side: Side, method: &str, path: &str) -> Result<Found, Miss> {
    if method == "OPTIONS" && path == "*" {
        return Err(Miss::Method { allow: allow(["GET", "POST"]), options: true });
    }
    if !path.starts_with('/') {
        return Err(Miss::NotFound);
    }
    if let Some(name) = path.strip_prefix(SOCKET_IO)
        && side.shows(Endpoint::SocketIo)
    {
        return Ok(socketio(name));
    }
    let segments = path::segments(path).ok_or(Miss::Malformed)?;
    let wanted = if method == "HEAD" { "GET" } else { method };
    let mut methods = Vec::new();
    let shown = rows().filter(|row| side.shows(row.endpoint));
    for row in shown.filter(|row| row.endpoint != Endpoint::SocketIo) {
        let Some(parameter) = fits(row.path, &segments) else { continue };
        if row.method == wanted {
            return Ok(Found { endpoint: row.endpoint, parameter: parameter.to_owned() });
        }
        methods.push(row.method);
    }
    if methods.is_empty() {
        return Err(Miss::NotFound);
    }
    Err(Miss::Method { allow: allow(methods), options: method == "OPTIONS" })
}

/// What the transport does not know it refuses in its own words, preflights of pages too while no page
/// may call us.
fn socketio(name: &str) -> Found {
    let file = [".js", ".map"].iter().any(|end| name.ends_with(end));
    let endpoint = if file { Endpoint::ClientFile } else { Endpoint::SocketIo };
    Found { endpoint, parameter: String::new() }
}

/// Where the first route with an endpoint's path stands in [`rows`].
pub fn place(endpoint: Endpoint) -> Option<usize> {
    let path = rows().find(|row| row.endpoint == endpoint)?.path;
    rows().position(|row| row.path == path)
}

impl Side {
    fn shows(self, endpoint: Endpoint) -> bool {
        use plain::Endpoint::{Health, Metrics, Readiness};
        self == Self::Public || matches!(endpoint, Endpoint::Plain(Health | Readiness | Metrics))
    }
}

fn allow(methods: impl IntoIterator<Item = &'static str>) -> String {
    let mut words = Vec::new();
    for method in methods {
        words.push(method);
        if method == "GET" {
            words.push("HEAD");
        }
    }
    words.push("OPTIONS");
    words.join(", ")
}

/// What the segment in braces stands for (or nothing) if the pattern fits.
fn fits<'a>(pattern: &str, segments: &'a [Cow<'_, str>]) -> Option<&'a str> {
    let mut parameter = "";
    let mut given = segments.iter();
    for wanted in pattern.split('/').filter(|part| !part.is_empty()) {
        let segment = given.next()?;
        if wanted.starts_with('{') && !segment.is_empty() {
            parameter = segment;
        } else if wanted != segment {
            return None;
        }
    }
    given.next().is_none().then_some(parameter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::sms::Verb;

    #[track_caller]
    fn check(method: &str, path: &str, endpoint: Endpoint, parameter: &str) {
        let found = Found { endpoint, parameter: parameter.into() };
        assert_eq!(find(Side::Public, method, path), Ok(found), "{method} {path}");
    }

    #[test]
    fn requests_find_their_endpoint() {
        use plain::Endpoint as P;
        check("GET", "/", Endpoint::Plain(P::Home), "");
        check("HEAD", "/healthz", Endpoint::Plain(P::Health), "");
        check("GET", "/ws/", Endpoint::Plain(P::Native), "");
        check("POST", "/api/auth/login", Endpoint::Plain(P::Login), "");
        let new = Endpoint::Sms(sms::Endpoint::Post(Verb::New));
        check("POST", "/api/sms/new-message", new, "");
        check("POST", "/api/sms/new-message/", new, "");
        check("POST", "/api/sms/%6eew-message", new, "");
        for path in ["/socket.io/", "/socket.io/anything", "/socket.io/a/b.json", "/socket.io/%zz"]
        {
            check("GET", path, Endpoint::SocketIo, "");
            check("POST", path, Endpoint::SocketIo, "");
            check("PUT", path, Endpoint::SocketIo, "");
        }
        check("GET", "/socket.io/socket.io.js", Endpoint::ClientFile, "");
        check("HEAD", "/socket.io/socket.io.min.js.map", Endpoint::ClientFile, "");
        let history = Endpoint::Sms(sms::Endpoint::History);
        check("GET", "/api/sms/rooms/chat_123/messages", history, "chat_123");
        check("GET", "/api/sms/rooms/a%2Fb/messages/", history, "a/b");
        check("HEAD", "/api/sms/rooms/%D1%87/messages", history, "ч");
        check("GET", "/api/sms/rooms/..%2f..%2fx/messages", history, "../../x");
    }

    #[track_caller]
    fn check_miss(method: &str, path: &str, miss: Miss) {
        assert_eq!(find(Side::Public, method, path), Err(miss), "{method} {path}");
    }

    #[test]
    fn everything_else_misses() {
        for path in [
            "/x",
            "//",
            "//healthz",
            "/healthz//",
            "/healthz/x",
            "/HEALTHZ",
            "/api/sms",
            "/socket.io",
            "/socket.iofoo/",
            "/socket%2Eio/",
            "//socket.io/",
            "/api/sms/rooms//messages",
            "/api/sms/rooms/a/b/messages",
            "/api/sms/rooms/{room}",
            "",
            "*",
        ] {
            check_miss("GET", path, Miss::NotFound);
        }
        check_miss("GET", "/%zz", Miss::Malformed);
        check_miss("GET", "/api/sms/rooms/%ff/messages", Miss::Malformed);
        let miss = |allow: &str, options| Miss::Method { allow: allow.into(), options };
        check_miss("GET", "/api/sms/batch", miss("POST, OPTIONS", false));
        check_miss("DELETE", "/", miss("GET, HEAD, OPTIONS", false));
        check_miss("get", "/", miss("GET, HEAD, OPTIONS", false));
        check_miss("OPTIONS", "/ws", miss("GET, HEAD, OPTIONS", true));
        check_miss("OPTIONS", "*", miss("GET, HEAD, POST, OPTIONS", true));
    }

    #[test]
    fn the_side_for_monitoring_shows_nothing_else() {
        let found = |method: &str, path: &str| find(Side::Monitoring, method, path);
        let shown: Vec<&str> =
            rows().map(|row| row.path).filter(|path| found("GET", path).is_ok()).collect();
        assert_eq!(shown, ["/healthz", "/readyz", "/metrics"]);
        for row in rows().filter(|row| !shown.contains(&row.path)) {
            for method in ["GET", "POST", "OPTIONS"] {
                assert_eq!(found(method, row.path), Err(Miss::NotFound), "{method} {}", row.path);
            }
        }
    }

    #[test]
    fn every_row_leads_to_itself() {
        for row in rows() {
            let found =
                find(Side::Public, row.method, &row.path.replace("{room}", "r")).expect(row.path);
            assert_eq!(found.endpoint, row.endpoint);
            let placed = place(row.endpoint).and_then(|place| rows().nth(place));
            assert_eq!(placed.map(|placed| placed.path), Some(row.path));
            assert!(!row.doc.is_empty());
        }
    }
}
