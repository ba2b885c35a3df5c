//! systemd's two faces: sockets handed over (`sd_listen_fds(3)`) and notifications (`sd_notify(3)`).

use std::{
    net::TcpListener,
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    path::Path,
    time::Duration,
};

use rustix::process::Signal;

use crate::harness::{Request, Setup};

/// Receives notifications until one has a line that begins with `line`; that line.
#[track_caller]
fn await_line(socket: &UnixDatagram, line: &str) -> String {
    socket.set_read_timeout(Some(Duration::from_mins(1))).expect("a time limit");
    let mut buffer = [0; 4096];
    loop {
        let count = socket.recv(&mut buffer).unwrap_or_else(|e| panic!("no {line}: {e}"));
        let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
        if let Some(found) = text.lines().find(|said| said.starts_with(line)) {
            return found.to_owned();
        }
    }
}

fn bind(path: &Path) -> UnixDatagram {
    UnixDatagram::bind(path).expect("a socket for notifications")
}

#[test]
fn readiness_reloading_stopping_and_the_watchdog_are_told() {
    let setup = Setup::bare();
    // The path of a socket may have 107 bytes, fewer than a deep target directory takes.
    let short = std::env::temp_dir().join(format!("parlour-it-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&short);
    let socket = bind(&short);
    let path = short.to_str().expect("a path in UTF-8").to_owned();
    let mut server = setup.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "2000000").start();
    await_line(&socket, "READY=1");
    await_line(&socket, "WATCHDOG=1");
    await_line(&socket, "WATCHDOG=1");
    server.signal(Signal::HUP);
    await_line(&socket, "RELOADING=1");
    await_line(&socket, "READY=1");
    server.signal(Signal::TERM);
    await_line(&socket, "STOPPING=1");
    assert_eq!(server.await_end(20).code(), Some(0));
    let _ = std::fs::remove_file(&short);
}

#[test]
fn handed_over_sockets_are_listened_on() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("its address");
    // The shell moves the socket to descriptor 3 and says whose it is, as systemd does.
    let script = "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"";
    let server =
        Setup::bare().stdin(OwnedFd::from(listener)).wrapped(&["sh", "-c", script, "sh"]).start();
    assert_eq!(server.address(), address, "it is where systemd listens");
    assert_eq!(server.ask(&Request::get("/readyz")).status, 200);
}

#[test]
fn sockets_for_another_process_are_left_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("its address");
    let script = "exec 3<&0 </dev/null; LISTEN_PID=1 LISTEN_FDS=1 exec \"$@\"";
    let server =
        Setup::bare().stdin(OwnedFd::from(listener)).wrapped(&["sh", "-c", script, "sh"]).start();
    assert_ne!(server.address(), address);
}
