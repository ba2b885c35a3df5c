//! The peers from npm: finds Node, installs their packages once below target/, starts them. What
//! each of them does is in `peers/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::process::{self, Process};
use crate::trouble::{Outcome, Trouble, While};

const PACKAGES: [&str; 2] = ["package.json", "package-lock.json"];
const SCRIPTS: [&str; 3] = ["bridge.mjs", "ws.mjs", "socketio.mjs"];

/// Node with the peers' packages.
pub(crate) struct Npm {
    directory: PathBuf,
}

// === impl Npm ===

impl Npm {
    /// Installs the packages unless that was done before.
    ///
    /// # Errors
    /// There is no Node or no npm here, or the registry is not reached.
    pub(crate) fn ready() -> Outcome<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers");
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-peers");
        fs::create_dir_all(&directory).doing("making the directory of peers")?;
        let modules = directory.join("node_modules");
        let mut fresh = modules.join("ws").is_dir() && modules.join("socket.io").is_dir();
        for file in PACKAGES.into_iter().chain(SCRIPTS) {
            let (from, to) = (source.join(file), directory.join(file));
            let wanted = fs::read(&from).doing(file)?;
            if fs::read(&to).ok().as_ref() != Some(&wanted) {
                fresh &= SCRIPTS.contains(&file);
                fs::write(&to, wanted).doing(file)?;
            }
        }
        if !fresh {
            let install = Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
                .current_dir(&directory)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .doing("npm")?;
            if !install.success() {
                return Err(Trouble::new("npm could not install the peers"));
            }
        }
        Ok(Self { directory })
    }

    pub(super) fn start(&self, script: &str) -> Outcome<Process> {
        let address = process::free_address()?;
        let mut command = Command::new("node");
        command.arg("--expose-gc").arg(self.directory.join(script));
        command.args([address.ip().to_string(), address.port().to_string()]);
        Process::start(command, address, "/readyz", None)
    }
}
