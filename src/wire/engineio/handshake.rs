//! What a request to the endpoint asks for, from its method and query, in the order in which the
//! reference server checks it.

/// The five refusals of the protocol, with the numbers that clients know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRequest {
    UnknownTransport,
    UnknownSession,
    BadMethod,
    /// The transport does not fit the request or the session.
    Bad,
    Forbidden,
    UnsupportedVersion,
}

impl BadRequest {
    pub fn code(self) -> u8 {
        match self {
            Self::UnknownTransport => 0,
            Self::UnknownSession => 1,
            Self::BadMethod => 2,
            Self::Bad => 3,
            Self::Forbidden => 4,
            Self::UnsupportedVersion => 5,
        }
    }

    pub fn message(self) -> &'static str {
        match self {
            Self::UnknownTransport => "Transport unknown",
            Self::UnknownSession => "Session ID unknown",
            Self::BadMethod => "Bad handshake method",
            Self::Bad => "Bad request",
            Self::Forbidden => "Forbidden",
            Self::UnsupportedVersion => "Unsupported protocol version",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        if self == Self::Forbidden { 403 } else { 400 }
    }

    /// The body that goes with it.
    pub fn body(self) -> String {
        format!(r#"{{"code":{},"message":"{}"}}"#, self.code(), self.message())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Polling,
    WebSocket,
}

/// The parameters of a request that the protocol knows, percent-decoded, the first of each name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub eio: Option<String>,
    pub transport: Option<String>,
    pub sid: Option<String>,
}

/// What a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// A new session.
    Open(Kind),
    /// A request within a session. `fits`: whether it asks for a WebSocket as its transport says;
    /// looked at once the session is known.
    Within { sid: String, kind: Kind, fits: bool },
}

impl Handshake {
    /// Sorts a request. `method` is in capitals; `upgrade` says whether it asks for a WebSocket.
    ///
    /// # Errors
    /// The refusal that the reference server gives.
    pub fn of(query: &Query, method: &str, upgrade: bool) -> Result<Self, BadRequest> {
        let kind = match query.transport.as_deref() {
            Some("polling") => Kind::Polling,
            Some("websocket") => Kind::WebSocket,
            _ => return Err(BadRequest::UnknownTransport),
        };
        let fits = (kind == Kind::WebSocket) == upgrade;
        if let Some(sid) = &query.sid {
            return Ok(Self::Within { sid: sid.clone(), kind, fits });
        }
        if method != "GET" {
            return Err(BadRequest::BadMethod);
        }
        if !fits {
            return Err(BadRequest::Bad);
        }
        if query.eio.as_deref() != Some("4") {
            return Err(BadRequest::UnsupportedVersion);
        }
        Ok(Self::Open(kind))
    }
}
