//! The floor: what fan-out costs when nothing but `send` is done. One thread, blocking sends in a
//! loop over all listeners, no rooms, no checks, nothing stored. It answers the handshake with a
//! fixed word, since nobody here verifies it.

use std::{
    collections::HashMap,
    env,
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::fd::AsRawFd,
    process::Command,
};

use rustix::{
    buffer::spare_capacity,
    event::epoll::{self, EventData, EventFlags},
    io::Errno,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::process::{self, Process};
use crate::{
    frames, http,
    trouble::{Outcome, While},
};

/// The argument that turns this executable into the floor.
const ROLE: &str = "serve-as-floor";

const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\
    upgrade: websocket\r\nsec-websocket-accept: unverified\r\n\r\n";
const DONE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

pub(super) fn start() -> Outcome<Process> {
    let address = process::free_address()?;
    let mut command = Command::new(env::current_exe()?);
    command.args([ROLE, &address.to_string()]);
    Process::start(command, address, "/readyz", None)
}

/// Serves until it is killed, if the arguments ask for that; whether they did.
pub(crate) fn serve(arguments: &[String]) -> Outcome<bool> {
    let [role, address] = arguments else { return Ok(false) };
    if role != ROLE {
        return Ok(false);
    }
    let address: SocketAddr =
        address.parse().map_err(std::io::Error::other).doing("the floor's address")?;
    Floor::open(address)?.run()?;
    Ok(true)
}

struct Floor {
    listener: TcpListener,
    epoll: std::os::fd::OwnedFd,
    callers: HashMap<u64, (TcpStream, Vec<u8>)>,
    listeners: Vec<TcpStream>,
}

// === impl Floor ===

impl Floor {
    fn open(address: SocketAddr) -> Outcome<Self> {
        let listener = TcpListener::bind(address)?;
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &listener, EventData::new_u64(u64::MAX), EventFlags::IN)?;
        Ok(Self { listener, epoll, callers: HashMap::new(), listeners: Vec::new() })
    }

    fn run(mut self) -> Outcome<()> {
        let mut ready = Vec::with_capacity(256);
        loop {
            match epoll::wait(&self.epoll, spare_capacity(&mut ready), None) {
                Err(Errno::INTR) => continue,
                waited => waited?,
            };
            for event in ready.drain(..) {
                let data = event.data;
                match data.u64() {
                    u64::MAX => self.accept()?,
                    caller => self.hear(caller)?,
                }
            }
        }
    }

    fn accept(&mut self) -> Outcome<()> {
        let (stream, _) = self.listener.accept()?;
        stream.set_nodelay(true)?;
        let caller = u64::try_from(stream.as_raw_fd()).unwrap_or(0);
        epoll::add(&self.epoll, &stream, EventData::new_u64(caller), EventFlags::IN)?;
        self.callers.insert(caller, (stream, vec![]));
        Ok(())
    }

    fn hear(&mut self, caller: u64) -> Outcome<()> {
        let Some((stream, bytes)) = self.callers.get_mut(&caller) else { return Ok(()) };
        let mut part = [0; 16 * 1024];
        match stream.read(&mut part) {
            Ok(length) if length > 0 => bytes.extend(&part[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            Ok(_) | Err(_) => {
                self.callers.remove(&caller);
                return Ok(());
            }
        }
        let Some(head) = http::head(bytes) else { return Ok(()) };
        let (start, end) = (head.length, head.length + head.body);
        if bytes.len() < end {
            return Ok(());
        }
        if head.line.starts_with("POST") {
            let whole: Vec<u8> = bytes.drain(..end).collect();
            stream.write_all(DONE)?;
            return broadcast(&self.listeners, &whole[start..]);
        }
        if head.line.starts_with("GET /readyz") {
            stream.write_all(DONE)?;
            self.callers.remove(&caller);
        } else if let Some((mut stream, _)) = self.callers.remove(&caller) {
            epoll::delete(&self.epoll, &stream)?;
            stream.write_all(SWITCHING)?;
            self.listeners.push(stream);
        }
        Ok(())
    }
}

/// Sends a body, or each item of a batch, to everybody.
fn broadcast(listeners: &[TcpStream], body: &[u8]) -> Outcome<()> {
    let batch = body.starts_with(b"{\"items\"").then(|| serde_json::from_slice::<Batch<'_>>(body));
    let Some(batch) = batch else {
        send_to_all(listeners, body);
        return Ok(());
    };
    for item in batch?.items {
        send_to_all(listeners, item.get().as_bytes());
    }
    Ok(())
}

fn send_to_all(listeners: &[TcpStream], payload: &[u8]) {
    let frame = frames::of_server(frames::TEXT, payload);
    for mut listener in listeners {
        // A listener that has gone is not the floor's business.
        let _ = listener.write_all(&frame);
    }
}
