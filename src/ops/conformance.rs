//! Serving the official test suites of the protocols. Only in builds for development.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::{
    cli::{ConformanceProtocol, Exit},
    terminal::print,
};
use crate::{
    gateway::Suite,
    http,
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
            tasks.spawn("http connection", http::serve_suite(stream, peer, path, suite.clone()));
        }
    })
}
