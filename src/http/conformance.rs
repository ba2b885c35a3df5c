//! HTTP for the official test suites of the protocols: one path, one suite. Only in builds for
//! development.

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
use tokio::net::TcpStream;

use crate::gateway::Suite;

/// Serves one connection of a suite that is found below `path`.
pub async fn serve_suite(stream: TcpStream, peer: SocketAddr, path: &'static str, suite: Suite) {
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
