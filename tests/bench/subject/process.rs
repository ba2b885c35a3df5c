//! A server's process and the directory it lives in; both are gone when their owner is. It knows no
//! protocol.

use std::{
    fs::{self, File},
    io::Read,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    clock::{Clock, rest_us},
    http, machine,
    trouble::{Outcome, Trouble, While},
};

/// Nobody waits so long unless a debug build compiles plugins on a busy machine.
const START_MAX_US: u64 = 120_000_000;

/// A directory that ends with this value.
pub(crate) struct Place(PathBuf);

impl Place {
    /// An empty directory below cargo's, on the disk that the build is on.
    pub(crate) fn new() -> Outcome<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).doing("making a directory")?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A directory that stays behind lies below target/ and does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An address of this host that was free a moment ago.
pub(super) fn free_address() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}

/// A running server process.
pub(super) struct Process {
    child: Child,
    address: SocketAddr,
    place: Option<Place>,
}

impl Process {
    /// Starts a command on the server's core and waits until `GET <probe>` is answered with 200.
    pub(super) fn start(
        mut command: Command,
        address: SocketAddr,
        probe: &str,
        place: Option<Place>,
    ) -> Outcome<Self> {
        let place_path = place.as_ref().map(|place| place.path().join("err.log"));
        let errors = match &place_path {
            Some(path) => Stdio::from(File::create(path)?),
            None => Stdio::inherit(),
        };
        let cores = machine::cores()?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        machine::pin(cores.server)?;
        let child = command.spawn();
        machine::pin(cores.generator)?;
        let child = child.doing(&format!("starting {}", command.get_program().display()))?;
        let mut process = Self { child, address, place };
        process.await_ready(probe)?;
        Ok(process)
    }

    fn await_ready(&mut self, probe: &str) -> Outcome<()> {
        let clock = Clock::start();
        while !is_ready(self.address, probe) {
            if let Some(status) = self.child.try_wait()? {
                let log = self.log();
                return Err(Trouble::new(format!("the server ended with {status}: {log}")));
            }
            if clock.now_us() > START_MAX_US {
                return Err(Trouble::new(format!("the server is not ready: {}", self.log())));
            }
            rest_us(1_000);
        }
        Ok(())
    }

    fn log(&self) -> String {
        let path = self.place.as_ref().map(|place| place.path().join("err.log"));
        path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it by a signal and gives its directory back.
    pub(super) fn end(mut self, signal: Signal) -> Outcome<Option<Place>> {
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw);
        kill_process(pid.ok_or_else(|| Trouble::new("no process id"))?, signal)?;
        self.child.wait()?;
        Ok(self.place.take())
    }

    /// Tells a Node process to collect its garbage; the script of the peer listens for it.
    pub(super) fn collect_garbage(&self) {
        if let Some(pid) = i32::try_from(self.pid()).ok().and_then(Pid::from_raw) {
            // It shows in the figures, not here, if the process is gone.
            let _ = kill_process(pid, Signal::USR2);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing is owed to a server whose measurement is over.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether `GET <probe>` is answered with 200 right now.
pub(super) fn is_ready(address: SocketAddr, probe: &str) -> bool {
    let ask = || -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        std::io::Write::write_all(&mut stream, &http::get(probe))?;
        let mut reply = vec![];
        stream.read_to_end(&mut reply)?;
        Ok(http::head(&reply).map_or(0, |head| head.status()))
    };
    ask().is_ok_and(|status| status == 200)
}
