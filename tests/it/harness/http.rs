//! A small HTTP/1.1 client over a plain socket, so that a test may also send what no library would.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// A request in the making.
#[derive(Clone)]
pub(crate) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self { method: method.into(), target: target.into(), headers: vec![], body: vec![] }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: &str, body: &Value) -> Self {
        Self::new("POST", target)
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes())
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\nhost: localhost\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        if !self.body.is_empty() || self.method == "POST" {
            text.extend(["content-length: ", &self.body.len().to_string(), "\r\n"]);
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| {
            panic!("no JSON ({e}) with status {}: {}", self.status, self.text())
        })
    }

    /// The stable code of a refusal.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        json["error"]["code"].as_str().unwrap_or_else(|| panic!("no code: {json}")).to_owned()
    }
}

/// One connection.
pub(crate) struct Http {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Http {
    #[track_caller]
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).unwrap_or_else(|e| panic!("{address}: {e}"))
    }

    pub(crate) fn try_connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(10))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        stream.set_write_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self { stream, unread: vec![] })
    }

    #[track_caller]
    pub(crate) fn send(&mut self, request: &Request) -> Reply {
        self.try_send(request)
            .unwrap_or_else(|e| panic!("{} {}: {e}", request.method, request.target))
    }

    pub(crate) fn try_send(&mut self, request: &Request) -> std::io::Result<Reply> {
        self.write(&request.bytes())?;
        self.read_reply(request.method == "HEAD")
    }

    /// Sends bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)
    }

    pub(crate) fn set_patience(&self, length: Duration) {
        self.stream.set_read_timeout(Some(length)).expect("a time limit");
    }

    /// Reads one answer to a request that had this method or not `HEAD`.
    pub(crate) fn read_reply(&mut self, head_only: bool) -> std::io::Result<Reply> {
        loop {
            let (status, headers) = self.read_head()?;
            if (100..200).contains(&status) && status != 101 {
                continue;
            }
            let mut reply = Reply { status, headers, body: vec![] };
            if head_only || status == 204 || status == 304 || status == 101 {
                return Ok(reply);
            }
            let chunked = reply.header("transfer-encoding").is_some_and(|v| v.contains("chunked"));
            reply.body = if chunked {
                self.read_chunks()?
            } else if let Some(length) = reply.header("content-length") {
                let length = length.parse().map_err(|_| bad("content-length"))?;
                self.take(length)?
            } else {
                self.read_rest()?
            };
            return Ok(reply);
        }
    }

    /// Whether the server ends the connection, having sent nothing more than what may be left over.
    pub(crate) fn is_closed_within(&mut self, length: Duration) -> bool {
        self.set_patience(length);
        let mut scratch = [0; 4096];
        loop {
            match self.stream.read(&mut scratch) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(e) => return !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            }
        }
    }

    fn read_head(&mut self) -> std::io::Result<(u16, Vec<(String, String)>)> {
        let end = loop {
            if let Some(at) = self.unread.windows(4).position(|w| w == b"\r\n\r\n") {
                break at;
            }
            self.fill()?;
        };
        let head = String::from_utf8_lossy(&self.unread[..end]).into_owned();
        self.unread.drain(..end + 4);
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| bad(&head))?;
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Ok((status, headers))
    }

    fn read_chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut body = vec![];
        loop {
            let end = loop {
                if let Some(at) = self.unread.windows(2).position(|w| w == b"\r\n") {
                    break at;
                }
                self.fill()?;
            };
            let line = String::from_utf8_lossy(&self.take(end + 2)?).into_owned();
            let length = usize::from_str_radix(line.trim(), 16)
                .map_err(|_| bad(&format!("chunk {line}")))?;
            let chunk = self.take(length + 2)?;
            body.extend_from_slice(&chunk[..length]);
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn take(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        while self.unread.len() < length {
            self.fill()?;
        }
        Ok(self.unread.drain(..length).collect())
    }

    fn read_rest(&mut self) -> std::io::Result<Vec<u8>> {
        loop {
            match self.fill() {
                Ok(()) => {}
                Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                    return Ok(std::mem::take(&mut self.unread));
                }
                Err(e) => return Err(e),
            }
        }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        let mut scratch = [0; 16384];
        let count = self.stream.read(&mut scratch)?;
        if count == 0 {
            return Err(std::io::Error::from(ErrorKind::UnexpectedEof));
        }
        self.unread.extend_from_slice(&scratch[..count]);
        Ok(())
    }

    /// The connection itself and what was read from it beyond the last answer.
    pub(crate) fn into_stream(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.unread)
    }
}

fn bad(what: &str) -> std::io::Error {
    std::io::Error::new(ErrorKind::InvalidData, format!("not HTTP: {what}"))
}
