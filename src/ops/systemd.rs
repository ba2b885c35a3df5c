//! Talking with systemd: how the service is (`sd_notify(3)`) and the sockets it hands over
//! (`sd_listen_fds(3)`). Without systemd everything here is silent and sockets are bound directly.

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use listenfd::ListenFd;
use sd_notify::NotifyState;

/// Why there is no socket.
#[derive(Debug)]
pub enum Fault {
    Bind(SocketAddr, io::Error),
    /// systemd handed over something that is no listening TCP socket.
    Handed(io::Error),
}

/// How many connections may wait to be accepted; as many clients come back at once after a restart.
const BACKLOG: i32 = 4096;

/// The service works; `status` is what `systemctl status` shows.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Configuration and plugins are being read again; [`ready`] follows.
pub fn reloading() {
    let state = [NotifyState::Reloading];
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&state),
    }
}

/// The service is coming to its end, which takes at most `grace`.
pub fn stopping(grace: Duration) {
    // Half a minute more than we need, so that our own deadline is the one that counts.
    let patience = grace.saturating_add(Duration::from_secs(30));
    let patience = u32::try_from(patience.as_micros()).unwrap_or(u32::MAX);
    tell(&[
        NotifyState::Stopping,
        NotifyState::Status("stopping"),
        NotifyState::ExtendTimeoutUsec(patience),
    ]);
}

/// Tells the watchdog that we live, twice per its interval, as long as `healthy` says so. Never
/// resolves; to be run beside the work until the process ends, also while it drains. Because it runs
/// on the runtime, a runtime that is stuck is noticed too.
pub async fn keep_alive(healthy: impl Fn() -> bool) {
    let Some(interval) = sd_notify::watchdog_enabled().filter(|interval| !interval.is_zero())
    else {
        return std::future::pending().await;
    };
    let mut ticks = tokio::time::interval(interval / 2);
    loop {
        ticks.tick().await;
        if healthy() {
            tell(&[NotifyState::Watchdog]);
        }
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd could not be told");
    }
}

/// The sockets to listen on: those that systemd hands over, else new ones. They do not block. To be
/// called once, before any other thread runs: what systemd said is taken out of the environment, so
/// that no child believes it is meant.
///
/// # Errors
/// [`Fault`], with a sentence for the administrator.
pub fn sockets(listen: &[SocketAddr]) -> Result<Vec<TcpListener>, Fault> {
    let handed = handed_over()?;
    if !handed.is_empty() {
        return Ok(handed);
    }
    own_sockets(listen)
}

/// New sockets to listen on, whatever systemd hands over. They do not block.
///
/// # Errors
/// [`Fault::Bind`].
pub fn own_sockets(listen: &[SocketAddr]) -> Result<Vec<TcpListener>, Fault> {
    let bound = |address: &SocketAddr| bind(*address).map_err(|e| Fault::Bind(*address, e));
    listen.iter().map(bound).collect()
}

fn handed_over() -> Result<Vec<TcpListener>, Fault> {
    let mut handed = ListenFd::from_env();
    let mut sockets = Vec::new();
    for at in 0..handed.len() {
        if let Some(socket) = handed.take_tcp_listener(at).map_err(Fault::Handed)? {
            socket.set_nonblocking(true).map_err(Fault::Handed)?;
            sockets.push(socket);
        }
    }
    Ok(sockets)
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpListener::bind(address)?;
    // Listening again changes the length of the queue (listen(2)), which std fixes at 128.
    rustix::net::listen(&socket, BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

// === impl Fault ===

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind(address, error) => match error.kind() {
                io::ErrorKind::AddrInUse => {
                    write!(f, "cannot listen on {address}: another program uses this port")
                }
                io::ErrorKind::PermissionDenied => write!(
                    f,
                    "cannot listen on {address}: ports below 1024 need the capability \
                     CAP_NET_BIND_SERVICE; take a higher one behind a proxy"
                ),
                io::ErrorKind::AddrNotAvailable => {
                    write!(f, "cannot listen on {address}: this machine does not have that address")
                }
                _ => write!(f, "cannot listen on {address}: {error}"),
            },
            Self::Handed(error) => {
                write!(f, "the socket that systemd handed over cannot be used: {error}")
            }
        }
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told() {
        let any = "127.0.0.1:0".parse().unwrap();
        let first = sockets(&[any]).unwrap();
        let address = first[0].local_addr().unwrap();
        let said = sockets(&[address]).map(drop).unwrap_err().to_string();
        assert_eq!(said, format!("cannot listen on {address}: another program uses this port"));
    }

    #[test]
    fn an_address_of_another_machine_is_told() {
        let foreign = "192.0.2.1:0".parse().unwrap();
        let said = sockets(&[foreign]).map(drop).unwrap_err().to_string();
        assert!(said.ends_with("this machine does not have that address"), "{said}");
    }
}
