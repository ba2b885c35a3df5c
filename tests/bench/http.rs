//! As much HTTP/1.1 as a load generator needs: requests with a length, replies with a length. It
//! knows no sockets and no routes.

/// The head of a message whose body has a stated length.
pub(crate) struct Head<'a> {
    /// The request line or the status line.
    pub(crate) line: &'a str,
    /// Bytes of the head, the empty line included.
    pub(crate) length: usize,
    /// Bytes of the body.
    pub(crate) body: usize,
}

impl Head<'_> {
    /// The status of a reply; 0 if the line carries none.
    pub(crate) fn status(&self) -> u16 {
        self.line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
    }
}

/// The head at the start of `bytes`, once it is there as a whole.
pub(crate) fn head(bytes: &[u8]) -> Option<Head<'_>> {
    let length = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
    let mut lines = text.split("\r\n");
    let line = lines.next()?;
    let body = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    Some(Head { line, length, body })
}

/// A request that posts JSON.
pub(crate) fn post(target: &str, key: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A request without a body that ends its connection.
pub(crate) fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").into_bytes()
}

/// The opening handshake of a WebSocket.
pub(crate) fn upgrade(target: &str, subprotocol: Option<&str>) -> Vec<u8> {
    let protocol =
        subprotocol.map_or(String::new(), |name| format!("sec-websocket-protocol: {name}\r\n"));
    format!(
        "GET {target} HTTP/1.1\r\nhost: bench\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{protocol}\r\n"
    )
    .into_bytes()
}
