//! Serving the official test suites of the protocols. Only in builds for development.

use std::{
    convert::Infallible,
    net::SocketAddr,
    task::{Context, Poll, Waker},
};

use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode, body::Incoming, server::conn::http1, service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::{
    cli::{ConformanceProtocol, Exit},
    terminal::print,
};
use crate::{
    gateway::Suite,
    runtime::{Clock, Tasks},
};

type Trouble = Box<dyn std::error::Error>;

/// Serves until the process is ended.
pub fn run(protocol: ConformanceProtocol, address: SocketAddr) -> Result<Exit, Trouble> {
    // One thread, which takes requests up in the order in which they arrive, as the suites expect.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let tasks = Tasks::default();
        let (path, suite) = match protocol {
            ConformanceProtocol::EngineIo => {
                ("/engine.io/", Suite::engineio(Clock::system(), tasks.clone()))
            }
            ConformanceProtocol::SocketIo => {
                ("/socket.io/", Suite::socketio(Clock::system(), tasks.clone()))
            }
        };
        let listener = TcpListener::bind(address).await?;
        print(&format!("http://{}{path}\n", listener.local_addr()?));
        loop {
            let (stream, peer) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tasks.spawn("http connection", serve(stream, peer, path, suite.clone()));
        }
    })
}

async fn serve(stream: TcpStream, peer: SocketAddr, path: &'static str, suite: Suite) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let (known, suite) = (request.uri().path().starts_with(path), suite.clone());
        let mut answer = Box::pin(async move { suite.answer(request, peer.ip()).await });
        // Begun at once, for hyper forgets a request whose client breaks off right behind it, and the
        // suite wants such a poll to have been one.
        let early = known.then(|| answer.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        async move {
            Ok::<_, Infallible>(match early {
                Some(Poll::Ready(response)) => response,
                Some(Poll::Pending) => answer.await,
                None => {
                    let mut response = Response::new(Full::default());
                    *response.status_mut() = StatusCode::NOT_FOUND;
                    response
                }
            })
        }
    });
    // A client that breaks off is no trouble here.
    let _ =
        http1::Builder::new().serve_connection(TokioIo::new(stream), answer).with_upgrades().await;
}
