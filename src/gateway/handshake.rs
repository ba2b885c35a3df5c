//! From an HTTP request to a live TCP stream: who may connect, in which subprotocol, with which
//! token (RFC 6455 section 4.2). Extensions are never negotiated.

use std::fmt;

use bytes::Bytes;
use fastwebsockets::upgrade::{UpgradeFut, is_upgrade_request, upgrade};
use http_body_util::Empty;
use hyper::{
    HeaderMap, Request, Response,
    header::{
        AUTHORIZATION, HOST, HeaderName, HeaderValue, ORIGIN, SEC_WEBSOCKET_KEY,
        SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::GatewaySettings;
use crate::wire::native::Encoding;

/// Why a handshake fails, for the HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub status: u16,
    /// The stable word for programs.
    pub code: &'static str,
    pub message: &'static str,
    /// A header that belongs to the answer.
    pub header: Option<(HeaderName, &'static str)>,
}

/// What a good handshake says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Handshake {
    pub encoding: Encoding,
    pub token: Option<String>,
    /// Whether the client named the subprotocol, so that the answer must.
    named: bool,
}

/// The socket after the handshake, and what was already read from it.
#[derive(Debug)]
pub(super) struct Accepted {
    pub stream: TcpStream,
    pub read: Vec<u8>,
}

// === impl Rejection ===

impl Rejection {
    pub(super) fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message, header: None }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

// === impl Handshake ===

impl Handshake {
    pub(super) fn read<B>(
        request: &Request<B>,
        settings: &GatewaySettings,
    ) -> Result<Self, Rejection> {
        let headers = request.headers();
        if !is_upgrade_request(request) {
            return Err(Rejection {
                header: Some((UPGRADE, "websocket")),
                ..Rejection::new(426, "upgrade_required", "this is a WebSocket")
            });
        }
        if headers.get(SEC_WEBSOCKET_VERSION).map(HeaderValue::as_bytes) != Some(b"13") {
            return Err(Rejection {
                header: Some((SEC_WEBSOCKET_VERSION, "13")),
                ..Rejection::new(426, "upgrade_required", "the WebSocket version must be 13")
            });
        }
        if !headers.get(SEC_WEBSOCKET_KEY).is_some_and(is_key) {
            return Err(Rejection::new(400, "malformed", "Sec-WebSocket-Key is not valid"));
        }
        if !origin_allowed(headers, &settings.origins) {
            return Err(Rejection::new(403, "forbidden", "this origin may not connect"));
        }
        let offered = encoding(headers)?;
        Ok(Self {
            encoding: offered.unwrap_or(Encoding::Json),
            token: bearer(headers).or_else(|| from_query(request.uri().query()?)),
            named: offered.is_some(),
        })
    }

    /// The answer, and the stream that follows it.
    pub(super) fn accept<B>(
        &self,
        request: &mut Request<B>,
    ) -> Result<(Response<Empty<Bytes>>, UpgradeFut), Rejection> {
        let (mut response, upgraded) = upgrade(request)
            .map_err(|_| Rejection::new(400, "malformed", "not a WebSocket handshake"))?;
        if self.named {
            let name = HeaderValue::from_static(self.encoding.subprotocol());
            response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, name);
        }
        Ok((response, upgraded))
    }
}

/// Waits until the answer is sent and takes the socket back; `None` if that fails. hyper must serve
/// the socket as `TokioIo<TcpStream>` with its http1 builder.
pub(super) async fn accepted(upgraded: UpgradeFut) -> Option<Accepted> {
    let upgraded = match upgraded.await {
        Ok(socket) => socket.into_inner().into_inner(),
        Err(error) => {
            tracing::debug!(%error, "a WebSocket handshake was not finished");
            return None;
        }
    };
    let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else {
        tracing::error!("a WebSocket came over something other than a TCP stream");
        return None;
    };
    let stream = parts.io.into_inner();
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a socket keeps its delay");
    }
    // A copy, for even an empty rest keeps hyper's whole buffer alive.
    Some(Accepted { stream, read: parts.read_buf.to_vec() })
}

/// The first subprotocol that the client offers and we know; `None` if it offers none.
fn encoding(headers: &HeaderMap) -> Result<Option<Encoding>, Rejection> {
    let mut offered = false;
    for value in headers.get_all(SEC_WEBSOCKET_PROTOCOL) {
        for name in value.to_str().unwrap_or_default().split(',').map(str::trim) {
            offered |= !name.is_empty();
            let known = Encoding::ALL.into_iter().find(|known| known.subprotocol() == name);
            if known.is_some() {
                return Ok(known);
            }
        }
    }
    if offered {
        return Err(Rejection::new(400, "malformed", "none of these subprotocols is known"));
    }
    Ok(None)
}

/// 16 bytes in base64 (RFC 6455 section 4.1).
pub(super) fn is_key(value: &HeaderValue) -> bool {
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    value
        .as_bytes()
        .strip_suffix(b"==")
        .is_some_and(|key| key.len() == 22 && key.iter().all(base64))
}

/// Only browsers send an origin; a page of our own host is one of ours.
pub(super) fn origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let own = || {
        let host = headers.get(HOST)?.to_str().ok()?;
        let (_, origin_host) = origin.split_once("://")?;
        Some(origin_host.eq_ignore_ascii_case(host))
    };
    allowed
        .iter()
        .any(|entry| entry == "*" || entry.trim_end_matches('/').eq_ignore_ascii_case(origin))
        || own().unwrap_or(false)
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

pub(super) fn from_query(query: &str) -> Option<String> {
    let token = query.split('&').find_map(|pair| pair.strip_prefix("token="))?;
    percent_decoded(token)
}

/// `None` if it is not well formed; that token is as good as none.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let (digits, tail) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|d| !d.starts_with('+'))?;
        out.push(u8::from_str_radix(digits, 16).ok()?);
        rest = tail;
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[(&str, &str)] = &[
        ("host", "chat.example"),
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    /// A good request with these headers added or replaced; an empty value takes one away.
    fn read(uri: &str, changed: &[(&str, &str)]) -> Result<Handshake, Rejection> {
        let mut request = Request::builder().uri(uri);
        let kept = GOOD.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        for (name, value) in kept.chain(changed).filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let settings = GatewaySettings {
            origins: vec!["https://shop.example".into()],
            ..GatewaySettings::default()
        };
        Handshake::read(&request.body(()).unwrap(), &settings)
    }

    #[track_caller]
    fn check(uri: &str, changed: &[(&str, &str)], expected: Result<(Encoding, Option<&str>), u16>) {
        let heard = read(uri, changed);
        let heard = heard
            .as_ref()
            .map(|handshake| (handshake.encoding, handshake.token.as_deref()))
            .map_err(|rejection| rejection.status);
        assert_eq!(heard, expected);
    }

    #[test]
    fn handshakes_are_checked() {
        let json = Ok((Encoding::Json, None));
        check("/ws", &[], json);
        check("/ws", &[("upgrade", "")], Err(426));
        check("/ws", &[("connection", "close")], Err(426));
        check("/ws", &[("sec-websocket-version", "8")], Err(426));
        check("/ws", &[("sec-websocket-key", "")], Err(400));
        check("/ws", &[("sec-websocket-key", "short==")], Err(400));
        check("/ws", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25j ===")], Err(400));
        check("/ws", &[("sec-websocket-extensions", "permessage-deflate")], json);
    }

    #[test]
    fn subprotocols_are_chosen_in_the_order_of_the_client() {
        let check = |offer, expected| check("/ws", &[("sec-websocket-protocol", offer)], expected);
        check("parlour.v1.json", Ok((Encoding::Json, None)));
        check("other, parlour.v1.msgpack, parlour.v1.json", Ok((Encoding::MessagePack, None)));
        check("other", Err(400));
        check("parlour.v2.json", Err(400));
        check(",", Ok((Encoding::Json, None)));
    }

    #[test]
    fn origins_are_checked() {
        let check = |origin, ok: bool| {
            let expected = if ok { Ok((Encoding::Json, None)) } else { Err(403) };
            check("/ws", &[("origin", origin)], expected);
        };
        check("https://shop.example", true);
        check("https://SHOP.example", true);
        check("https://chat.example", true);
        check("https://shop.example.evil", false);
        check("http://shop.example", false);
        check("https://chat.example:444", false);
        check("null", false);
    }

    #[test]
    fn tokens_come_in_two_ways() {
        let json = |token| Ok((Encoding::Json, Some(token)));
        check("/ws?token=a.b-c_d", &[], json("a.b-c_d"));
        check("/ws?x=1&token=a%2Bb&y", &[], json("a+b"));
        check("/ws?token=a", &[("authorization", "bearer  b ")], json("b"));
        check("/ws?token=%4", &[], Ok((Encoding::Json, None)));
        check("/ws?token=%+1", &[], Ok((Encoding::Json, None)));
        check("/ws", &[("authorization", "Basic x")], Ok((Encoding::Json, None)));
    }
}
