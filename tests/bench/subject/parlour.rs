//! Parlour as it is deployed: its own executable with a directory of its own, told by environment
//! variables where to listen. Durable always; moderated or not as the chain says.

use std::{
    env, fs,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{
    Subject, Tongue,
    process::{self, Place, Process},
};
use crate::trouble::{Outcome, Trouble, While};

const SECRET: &str = "a-secret-of-the-benchmarks-0123456789";
const DAY_S: u64 = 86_400;

/// What every message passes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    /// No plugin at all.
    Empty,
    /// The plugins that come with Parlour, as machine code.
    Default,
    /// The same, interpreted, as the shipped unit runs them.
    Interpreted,
}

/// A data directory of Parlour that can be served again and again.
pub(crate) struct Parlour {
    chain: Chain,
    place: Place,
    key: Option<String>,
}

// === impl Chain ===

impl Chain {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "parlour, no plugins",
            Self::Default => "parlour",
            Self::Interpreted => "parlour, plugins interpreted",
        }
    }
}

// === impl Parlour ===

impl Parlour {
    /// A new data directory; nothing runs yet.
    pub(crate) fn new(chain: Chain) -> Outcome<Self> {
        let parlour = Self { chain, place: Place::new()?, key: None };
        if chain == Chain::Empty {
            parlour.take_plugins_away()?;
        }
        Ok(parlour)
    }

    /// Makes the directory as a first start does and removes the plugins that come with Parlour;
    /// it does not bring back what was removed.
    fn take_plugins_away(&self) -> Outcome<()> {
        let mut init = self.command(process::free_address()?);
        init.arg("init").arg("--data").arg(self.data()).stdin(Stdio::null());
        let made = init.output().doing("making a data directory")?;
        if !made.status.success() {
            let error = String::from_utf8_lossy(&made.stderr);
            return Err(Trouble::new(format!("making a data directory: {error}")));
        }
        for file in fs::read_dir(self.data().join("plugins"))? {
            fs::remove_file(file?.path())?;
        }
        Ok(())
    }

    /// Serves it; the first time a service key is made, too.
    pub(crate) fn start(self) -> Outcome<Subject> {
        let address = process::free_address()?;
        let mut command = self.command(address);
        command.arg("serve").arg("--data").arg(self.data());
        let create = self.command_for_key(address);
        let process = Process::start(command, address, "/readyz", Some(self.place))?;
        let key = self.key.map_or_else(|| make_key(create), Ok)?;
        let tongue = Tongue::Native { key, token: token()? };
        Ok(Subject { name: self.chain.name(), tongue, process })
    }

    fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    fn command_for_key(&self, address: SocketAddr) -> Command {
        let mut command = self.command(address);
        command.args(["key", "create", "--name", "bench", "--format", "json"]);
        command.arg("--data").arg(self.data());
        command
    }

    fn command(&self, address: SocketAddr) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let ours = text.starts_with("PARLOUR_") || text.starts_with("LISTEN_");
            let systemd = ["NOTIFY_SOCKET", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"];
            if ours || systemd.contains(&&*text) {
                command.env_remove(&name);
            }
        }
        command
            .current_dir(self.place.path())
            .env("PARLOUR_LISTEN", address.to_string())
            .env("PARLOUR_AUTH__SECRET", SECRET)
            .env("PARLOUR_STORAGE__BALLAST_BYTES", "0")
            .env("PARLOUR_LOG", "warn");
        if self.chain == Chain::Interpreted {
            command.env("PARLOUR_MODERATION__ENGINE", "interpreter");
        }
        command
    }
}

// === impl Subject ===

impl Subject {
    /// Ends a Parlour by a signal, so that it can be served again.
    pub(crate) fn end(self, chain: Chain, signal: Signal) -> Outcome<Parlour> {
        let Tongue::Native { key, .. } = self.tongue else {
            return Err(Trouble::new("only Parlour has a directory to come back to"));
        };
        let place = self.process.end(signal)?.ok_or_else(|| Trouble::new("no directory"))?;
        Ok(Parlour { chain, place, key: Some(key) })
    }
}

/// Asks the server that runs for a service key.
fn make_key(mut create: Command) -> Outcome<String> {
    let made = create.stdin(Stdio::null()).output().doing("making a service key")?;
    let said: Value = serde_json::from_slice(&made.stdout).unwrap_or_default();
    said["key"].as_str().map(str::to_owned).ok_or_else(|| {
        let error = String::from_utf8_lossy(&made.stderr);
        Trouble::new(format!("making a service key: {error}"))
    })
}

/// A token that lets its bearer into every room for a day.
fn token() -> Outcome<String> {
    #[expect(clippy::disallowed_methods, reason = "a token ends at a time of day")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = json!({"sub": "bench", "role": "user", "rooms": ["*"], "exp": now + DAY_S});
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    encode(&Header::new(Algorithm::HS256), &claims, &key)
        .map_err(|error| Trouble::new(format!("signing a token: {error}")))
}
