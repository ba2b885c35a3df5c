//! The command line's side of the control socket. Blocks; knows no request's meaning.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use super::{
    place::{Fault, Place},
    words::{ANSWER_MAX_BYTES, Request, read_answer, write_request},
};

/// A connection to the running server of a data directory.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<UnixStream>,
    place: Place,
}

/// A backup of a large database takes its time.
const ANSWER_WITHIN: Duration = Duration::from_hours(1);
const ASK_WITHIN: Duration = Duration::from_secs(10);

impl Client {
    /// Connects; `None` if no server runs in `directory`.
    ///
    /// # Errors
    /// There may be a server, but we may not speak with it.
    pub fn connect(directory: &Path) -> Result<Option<Self>, Fault> {
        let place = match Place::of(directory) {
            Err(Fault::Socket(_, error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            place => place?,
        };
        let stream = match UnixStream::connect(&place.path) {
            Ok(stream) => stream,
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Ok(None),
                    _ => Err(place.fault(error)),
                };
            }
        };
        stream
            .set_read_timeout(Some(ANSWER_WITHIN))
            .and_then(|()| stream.set_write_timeout(Some(ASK_WITHIN)))
            .map_err(|error| place.fault(error))?;
        Ok(Some(Self { stream: BufReader::new(stream), place }))
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// [`Fault::Answered`] with the server's sentence if it refuses.
    pub fn ask(&mut self, request: &Request) -> Result<serde_json::Value, Fault> {
        let line = write_request(request).map_err(Fault::Answered)?;
        let answer = self.exchange(&line).map_err(|error| self.place.fault(error))?;
        if !answer.ends_with(b"\n") {
            return Err(Fault::Answered("the server ended before it answered".to_owned()));
        }
        read_answer(&answer).map_err(Fault::Answered)
    }

    fn exchange(&mut self, line: &[u8]) -> io::Result<Vec<u8>> {
        self.stream.get_mut().write_all(line)?;
        let mut answer = Vec::new();
        let most = u64::try_from(ANSWER_MAX_BYTES).unwrap_or(u64::MAX);
        self.stream.by_ref().take(most).read_until(b'\n', &mut answer)?;
        Ok(answer)
    }
}
