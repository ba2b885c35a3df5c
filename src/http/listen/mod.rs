//! Listening: sockets in, requests out. Knows connections and their limits, but no request.

mod gate;
mod patience;
mod peer;

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

pub use self::peer::{Cidr, Peer};
use self::{
    gate::{Gate, Slot},
    patience::Patience,
};
use super::{front::Front, route::Side};
use crate::runtime::Drain;

/// How many headers a request may have.
const HEADERS_MAX: usize = 100;
/// What a connection may buffer, in bytes.
const BUFFER_MAX_BYTES: usize = 64 * 1024;
/// How many connections a listener for monitoring takes at once.
const MONITORS_MAX: usize = 32;
/// How long to rest when the system has no more sockets to give.
const ACCEPT_REST: Duration = Duration::from_millis(100);
const TURNED_AWAY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\
    retry-after: 1\r\nconnection: close\r\n\r\n";

/// Accepts connections on all of these sockets until draining begins. Every socket and every
/// connection is a task of its own; they are waited for with the tasks of the front.
///
/// When draining begins the sockets are closed, requests in flight are finished, and connections
/// that wait for a request are closed. Upgraded connections are no longer ours.
pub fn serve(front: &Arc<Front>, listeners: Vec<TcpListener>, drain: &Drain) {
    let gate = Gate::new(
        front.settings.connections_max,
        front.settings.connections_per_ip_max,
        &front.settings.trusted_proxies,
    );
    open(front, listeners, drain, (&gate, Side::Public));
}

/// The same on sockets that show `/metrics`, `/healthz` and `/readyz` to whoever reaches them, and
/// nothing else.
pub fn serve_monitoring(front: &Arc<Front>, listeners: Vec<TcpListener>, drain: &Drain) {
    let gate = Gate::new(MONITORS_MAX, MONITORS_MAX, &[]);
    open(front, listeners, drain, (&gate, Side::Monitoring));
}

fn open(
    front: &Arc<Front>,
    listeners: Vec<TcpListener>,
    drain: &Drain,
    (gate, side): (&Gate, Side),
) {
    for listener in listeners {
        let accepting = accept(front.clone(), listener, drain.clone(), (gate.clone(), side));
        front.tasks.spawn("http listener", accepting);
    }
}

async fn accept(
    front: Arc<Front>,
    listener: TcpListener,
    drain: Drain,
    (gate, side): (Gate, Side),
) {
    let mut begun = std::pin::pin!(drain.begun());
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut begun => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => welcome(&front, stream, address, &drain, (&gate, side)),
            Err(cause) => {
                // Too many open files, mostly; a connection that was gone already is no trouble.
                tracing::warn!(%cause, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

fn welcome(
    front: &Arc<Front>,
    mut stream: TcpStream,
    address: SocketAddr,
    drain: &Drain,
    (gate, side): (&Gate, Side),
) {
    let ip = address.ip().to_canonical();
    let _ = stream.set_nodelay(true);
    // hyper waits for ever for a peer that does not read; the kernel need not (TCP_USER_TIMEOUT,
    // tcp(7)). A taken-over connection keeps this.
    let stall_ms = u32::try_from(front.settings.stall_timeout.as_millis()).unwrap_or(u32::MAX);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, stall_ms);
    match gate.admit(ip) {
        Some(slot) => {
            let connection = connection(front.clone(), stream, (ip, side), slot, drain.clone());
            front.tasks.spawn("http connection", connection);
        }
        None => front.tasks.spawn("http farewell", async move {
            let farewell = async {
                let _ = stream.write_all(TURNED_AWAY).await;
                let _ = stream.shutdown().await;
            };
            let _ = tokio::time::timeout(Duration::from_secs(1), farewell).await;
        }),
    }
}

/// `_slot` is given back when the connection ends or is taken over.
async fn connection(
    front: Arc<Front>,
    stream: TcpStream,
    from: (IpAddr, Side),
    _slot: Slot,
    drain: Drain,
) {
    let (settings, meters) = (&front.settings, front.meters.clone());
    meters.opened();
    let patience = Patience::new(settings.head_timeout, settings.idle_timeout, front.clock.clone());
    let mut builder = http1::Builder::new();
    builder
        .timer(patience)
        .header_read_timeout(settings.idle_timeout)
        .max_headers(HEADERS_MAX)
        .max_header_size(settings.head_max_bytes)
        .max_buf_size(BUFFER_MAX_BYTES.max(settings.head_max_bytes));
    let service = service_fn(move |request| {
        let front = front.clone();
        async move { Ok::<_, Infallible>(front.answer(request, from).await) }
    });
    let serving = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = drain.begun() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    meters.closed();
    if let Err(cause) = ended {
        tracing::trace!(%cause, "a connection ended early");
    }
}
