//! The server's side of the control socket: who may speak, how long, and how much. Hands each request
//! to a handler and knows none of them.

use std::{fs::Permissions, io, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    time::timeout,
};

use super::{
    place::{Fault, Place},
    words::{Answer, REQUEST_MAX_BYTES, Request, read_request, write_answer},
};
use crate::runtime::{Drain, Tasks};

/// Carries out what the command line asks.
pub trait Handle: Clone + Send + Sync + 'static {
    fn handle(&self, request: Request) -> impl Future<Output = Answer> + Send;
}

/// The listening control socket; its file goes away with it.
#[derive(Debug)]
pub struct Control {
    listener: UnixListener,
    place: Place,
}

const CONNECTIONS_MAX: usize = 16;
/// How long a client may be silent.
const SILENCE_MAX: Duration = Duration::from_mins(1);

impl Control {
    /// Makes the socket in a data directory, readable and writable for its owner only. What a server
    /// that is gone left behind is replaced. To be called while holding the database's lock, so that two
    /// servers cannot start at once. Needs the runtime.
    ///
    /// # Errors
    /// [`Fault::Taken`] if a server answers there already.
    pub fn listen(directory: &Path) -> Result<Self, Fault> {
        let place = Place::of(directory)?;
        if std::os::unix::net::UnixStream::connect(&place.path).is_ok() {
            return Err(Fault::Taken(place.shown));
        }
        // Made under another name and renamed: nobody sees it before it is the owner's alone.
        let fresh = place.fresh();
        let made = remove(&fresh).and_then(|()| UnixListener::bind(&fresh)).and_then(|listener| {
            std::fs::set_permissions(&fresh, Permissions::from_mode(0o600))?;
            std::fs::rename(&fresh, &place.path)?;
            Ok(listener)
        });
        match made {
            Ok(listener) => Ok(Self { listener, place }),
            Err(error) => Err(place.fault(error)),
        }
    }

    /// Answers until draining begins, then removes the socket.
    pub async fn serve(self, handler: impl Handle, drain: Drain, tasks: Tasks) {
        let places = std::sync::Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let accepted = tokio::select! {
                () = drain.begun() => break,
                accepted = self.listener.accept() => accepted,
            };
            let stream = match accepted {
                Ok((stream, _)) if is_ours(&stream) => stream,
                Ok(_) => continue,
                Err(error) => {
                    // Out of descriptors: accepting again at once would only burn the processor.
                    tracing::warn!(%error, "a control connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let Ok(place) = places.clone().try_acquire_owned() else { continue };
            let (handler, drain) = (handler.clone(), drain.clone());
            tasks.spawn("control", async move {
                let _place = place;
                tokio::select! {
                    () = drain.begun() => {}
                    result = converse(stream, &handler) => if let Err(error) = result {
                        tracing::debug!(%error, "a control connection ended");
                    }
                }
            });
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.place.path) {
            tracing::debug!(%error, "the control socket could not be removed");
        }
    }
}

async fn converse(stream: UnixStream, handler: &impl Handle) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let most = u64::try_from(REQUEST_MAX_BYTES).unwrap_or(u64::MAX);
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut stream).take(most);
        let read = timeout(SILENCE_MAX, limited.read_until(b'\n', &mut line));
        if read.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? == 0 {
            return Ok(());
        }
        let whole = line.ends_with(b"\n");
        let answer = match read_request(&line) {
            Ok(request) if whole => handler.handle(request).await,
            Err(said) if whole => Err(said),
            _ => Err(format!("a request is one line of at most {REQUEST_MAX_BYTES} bytes")),
        };
        let answer = write_answer(answer).map_err(io::Error::other)?;
        timeout(SILENCE_MAX, stream.get_mut().write_all(&answer))
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        if !whole {
            return Ok(());
        }
    }
}

/// The file's rights say the same; this holds even if somebody widens them.
fn is_ours(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == own || peer.uid() == 0)
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
