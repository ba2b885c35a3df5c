//! Many client connections on one thread: sockets that listen to frames and HTTP connections that
//! post, under one epoll. It turns bytes into arrivals and knows nothing of schedules or of figures.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream},
    os::fd::OwnedFd,
    time::Duration,
};

use rustix::{
    buffer::spare_capacity,
    event::{
        Timespec,
        epoll::{self, EventData, EventFlags},
    },
    io::Errno,
    net::{AddressFamily, SocketType, bind, connect, socket},
};

use crate::{
    clock::Clock,
    frames, http, stamp,
    subject::Subject,
    trouble::{Outcome, Trouble, While},
};

/// So many sockets share one source address, far from the 28,000 ports that it has.
const SOCKETS_PER_SOURCE: usize = 4_000;
const HANDSHAKE_MAX: Duration = Duration::from_secs(20);
/// How a text begins that says no, in any of the protocols.
const REFUSALS: [&str; 4] =
    [r#"{"type":"error""#, r#"{"type":"bye""#, "44", r#"430[{"success":false"#];

/// Something that a server sent.
pub(crate) struct Arrival {
    pub(crate) link: usize,
    pub(crate) at_us: u64,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// A stamped message, in a frame of so many payload bytes.
    Event { stamp: u64, bytes: usize },
    /// The reply to a post.
    Reply { status: u16 },
    /// The end of the connection.
    /// By the server, or with this error.
    Closed { error: Option<io::ErrorKind> },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speech {
    Frames,
    Http,
}

struct Link {
    stream: TcpStream,
    speech: Speech,
    /// The beginning of something whose end is yet to come.
    rest: Vec<u8>,
    unsent: Vec<u8>,
    open: bool,
}

/// All connections of the generator to one server or to several.
pub(crate) struct Crowd {
    clock: Clock,
    epoll: OwnedFd,
    links: Vec<Link>,
    scratch: Vec<u8>,
    ready: Vec<epoll::Event>,
}

// === impl Crowd ===

impl Crowd {
    pub(crate) fn new(clock: Clock) -> Outcome<Self> {
        Ok(Self {
            clock,
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC).doing("epoll")?,
            links: Vec::new(),
            scratch: vec![0; 256 * 1024],
            ready: Vec::with_capacity(1024),
        })
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Connects a listener and, if a room is given, waits until it is subscribed to it.
    pub(crate) fn listen(&mut self, subject: &Subject, room: Option<&str>) -> Outcome<usize> {
        let doing = format!("connecting a listener to {}", subject.name());
        let mut link = self.connect(subject.address(), Speech::Frames).doing(&doing)?;
        link.stream.write_all(&subject.upgrade(room))?;
        let (status, length) = link
            .read_until(|bytes| http::head(bytes).map(|head| (head.status(), head.length)))
            .doing(&doing)?;
        if status != 101 {
            return Err(Trouble::new(format!("{doing}: status {status}")));
        }
        link.rest.drain(..length);
        for step in subject.greeting(room) {
            if let Some(frame) = step.says {
                link.stream.write_all(&frame)?;
            }
            link.await_text(step.awaits).doing(&doing)?;
        }
        self.add(link)
    }

    /// Connects a keep-alive HTTP connection.
    pub(crate) fn poster(&mut self, subject: &Subject) -> Outcome<usize> {
        let link = self
            .connect(subject.address(), Speech::Http)
            .doing(&format!("connecting a poster to {}", subject.name()))?;
        self.add(link)
    }

    /// How many connections there are; the next one gets this index.
    pub(crate) fn size(&self) -> usize {
        self.links.len()
    }

    /// Closes every connection from this index on.
    pub(crate) fn dismiss_from(&mut self, index: usize) {
        self.links.truncate(index);
    }

    fn connect(&self, address: SocketAddr, speech: Speech) -> Outcome<Link> {
        let source = u8::try_from(2 + self.links.len() / SOCKETS_PER_SOURCE).unwrap_or(1);
        let fd = socket(AddressFamily::INET, SocketType::STREAM, None)?;
        bind(&fd, &SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, source), 0))?;
        connect(&fd, &address)?;
        let stream = TcpStream::from(fd);
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(HANDSHAKE_MAX))?;
        Ok(Link { stream, speech, rest: Vec::new(), unsent: Vec::new(), open: true })
    }

    fn add(&mut self, link: Link) -> Outcome<usize> {
        link.stream.set_nonblocking(true)?;
        let index = self.links.len();
        epoll::add(&self.epoll, &link.stream, token(index), EventFlags::IN)?;
        self.links.push(link);
        Ok(index)
    }

    /// Sends bytes now, or as soon as the socket takes them.
    pub(crate) fn send(&mut self, index: usize, bytes: &[u8]) -> Outcome<()> {
        let link = &mut self.links[index];
        link.unsent.extend(bytes);
        link.write().doing("sending to a server")?;
        if !link.unsent.is_empty() {
            let both = EventFlags::IN | EventFlags::OUT;
            epoll::modify(&self.epoll, &link.stream, token(index), both)?;
        }
        Ok(())
    }

    /// Waits at most `wait_us` microseconds and adds what has arrived to `arrivals`.
    pub(crate) fn hear(&mut self, wait_us: u64, arrivals: &mut Vec<Arrival>) -> Outcome<()> {
        let wait = Duration::from_micros(wait_us);
        let wait = Timespec::try_from(wait).map_err(|_| Trouble::new("too long a wait"))?;
        let mut ready = std::mem::take(&mut self.ready);
        ready.clear();
        let waited = epoll::wait(&self.epoll, spare_capacity(&mut ready), Some(&wait));
        if let Err(error) = waited
            && error != Errno::INTR
        {
            return Err(error.into());
        }
        for event in &ready {
            let data = event.data;
            let index = usize::try_from(data.u64()).unwrap_or(usize::MAX);
            let flags = event.flags;
            if flags.contains(EventFlags::OUT) {
                self.flush(index)?;
            }
            if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                self.read(index, arrivals)?;
            }
        }
        self.ready = ready;
        Ok(())
    }

    fn flush(&mut self, index: usize) -> Outcome<()> {
        let link = &mut self.links[index];
        link.write()?;
        if link.unsent.is_empty() {
            epoll::modify(&self.epoll, &link.stream, token(index), EventFlags::IN)?;
        }
        Ok(())
    }

    fn read(&mut self, index: usize, arrivals: &mut Vec<Arrival>) -> Outcome<()> {
        let link = &mut self.links[index];
        let read = link.stream.read(&mut self.scratch);
        let at_us = self.clock.now_us();
        let mut error = None;
        match read {
            Ok(length) if length > 0 => {
                let mut notice = |what| arrivals.push(Arrival { link: index, at_us, what });
                link.take_in(&self.scratch[..length], &mut notice)?;
            }
            Err(passing) if is_passing(&passing) => {}
            ended => {
                link.open = false;
                error = ended.err().map(|cause| cause.kind());
            }
        }
        if !link.open {
            epoll::delete(&self.epoll, &link.stream)?;
            arrivals.push(Arrival { link: index, at_us, what: What::Closed { error } });
        }
        Ok(())
    }
}

fn token(index: usize) -> EventData {
    EventData::new_u64(u64::try_from(index).unwrap_or(u64::MAX))
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

// === impl Link ===

impl Link {
    fn write(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(length) => drop(self.unsent.drain(..length)),
                Err(error) if is_passing(&error) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads, blocking, until `found` finds something in what has come and is not yet taken.
    fn read_until<T>(&mut self, found: impl Fn(&[u8]) -> Option<T>) -> Outcome<T> {
        let mut part = [0; 4096];
        loop {
            if let Some(it) = found(&self.rest) {
                return Ok(it);
            }
            match self.stream.read(&mut part)? {
                0 => return Err(Trouble::new("the server closed the connection")),
                length => self.rest.extend(&part[..length]),
            }
        }
    }

    /// Reads, blocking, past the text that begins so.
    fn await_text(&mut self, beginning: &str) -> Outcome<()> {
        loop {
            let (length, text) = self.read_until(|bytes| {
                let frame = frames::first(bytes)?;
                Some((frame.length, String::from_utf8_lossy(frame.payload).into_owned()))
            })?;
            self.rest.drain(..length);
            if text.starts_with(beginning) {
                return Ok(());
            }
            if REFUSALS.iter().any(|refusal| text.starts_with(refusal)) {
                return Err(Trouble::new(text));
            }
        }
    }

    fn take_in(&mut self, fresh: &[u8], notice: &mut impl FnMut(What)) -> Outcome<()> {
        if self.rest.is_empty() {
            let used = self.parse(fresh, notice)?;
            self.rest.extend(&fresh[used..]);
            return Ok(());
        }
        let mut rest = std::mem::take(&mut self.rest);
        rest.extend(fresh);
        let used = self.parse(&rest, notice)?;
        rest.drain(..used);
        self.rest = rest;
        Ok(())
    }

    /// Takes whole units off the front of `bytes`; how many bytes they were.
    fn parse(&mut self, bytes: &[u8], notice: &mut impl FnMut(What)) -> Outcome<usize> {
        let mut used = 0;
        while let Some(length) = match self.speech {
            Speech::Frames => self.parse_frame(&bytes[used..], notice)?,
            Speech::Http => parse_reply(&bytes[used..], notice),
        } {
            used += length;
        }
        Ok(used)
    }

    fn parse_frame(
        &mut self,
        bytes: &[u8],
        notice: &mut impl FnMut(What),
    ) -> Outcome<Option<usize>> {
        let Some(frame) = frames::first(bytes) else { return Ok(None) };
        match frame.opcode {
            frames::PING => {
                self.unsent.extend(frames::of_client(frames::PONG, frame.payload));
                self.write()?;
            }
            frames::CLOSE => self.open = false,
            // Engine.IO asks in a message of its own whether somebody is there.
            frames::TEXT if frame.payload == b"2" => {
                self.unsent.extend(frames::of_client(frames::TEXT, b"3"));
                self.write()?;
            }
            _ => {
                if let Some(stamp) = stamp::find(frame.payload) {
                    notice(What::Event { stamp, bytes: frame.payload.len() });
                }
            }
        }
        Ok(Some(frame.length))
    }
}

fn parse_reply(bytes: &[u8], notice: &mut impl FnMut(What)) -> Option<usize> {
    let head = http::head(bytes)?;
    let length = head.length + head.body;
    if bytes.len() < length {
        return None;
    }
    notice(What::Reply { status: head.status() });
    Some(length)
}
