//! Parlour, a chat appliance: one process that keeps conversations, moderates them and speaks to
//! whoever may listen.
//!
//! A message comes in through `http` or `gateway`, in the words of a `dialect` or of the native
//! protocol in `wire`; `auth` says who sent it; `chat` has it checked by `moderation`, decides under
//! the rules of `domain`, commits it to the `store` and publishes it through the `hub` to the live
//! connections of `gateway`. `runtime` gives time, tasks and the signal to stop; `ops` builds it all.
//!
//! A folder imports only from those in its row:
//!
//! | folder | may import |
//! |---|---|
//! | domain | - |
//! | wire | - |
//! | dialect | domain, wire |
//! | runtime | domain |
//! | store | domain |
//! | moderation | domain, runtime |
//! | auth | domain, runtime, store |
//! | hub | domain |
//! | chat | domain, runtime, store, moderation, hub, auth |
//! | gateway | domain, wire, dialect, runtime, hub, chat, auth |
//! | http | domain, wire, dialect, runtime, chat, auth, gateway |
//! | ops | all |

mod auth;
mod chat;
mod dialect;
mod domain;
mod gateway;
mod http;
mod hub;
mod moderation;
mod ops;
mod runtime;
mod store;
mod wire;

use std::process::ExitCode;

use ops::{
    cli::{self, Command},
    config::Environment,
    local, serve, terminal,
};

fn main() -> ExitCode {
    // What is stored is nobody else's to read, whatever the shell's mask says.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let environment = Environment::of_process();
    let asked = match cli::parse(std::env::args_os().skip(1)) {
        Ok(asked) => asked,
        Err(misuse) => return terminal::misused(&misuse).into(),
    };
    if let Some(exit) = terminal::answer(&asked, &environment) {
        return exit.into();
    }
    // Before any thread exists: threads keep the system call filter that they were born with.
    let hardened = store::harden();
    let exit = match asked.command {
        Command::Serve => serve::run(&asked, &environment, &hardened),
        _ => local::run(&asked, &environment, &hardened),
    };
    exit.into()
}
