//! The peer from npm: finds Node, installs the peer's packages once below target/, starts it. What
//! the peer does is in `peers/ws.mjs`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::process::{self, Process};
use crate::trouble::{Outcome, Trouble, While};

const FILES: [&str; 3] = ["package.json", "package-lock.json", "ws.mjs"];

/// Node with the peer's packages.
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
        let mut fresh = directory.join("node_modules/ws").is_dir();
        for file in FILES {
            let (from, to) = (source.join(file), directory.join(file));
            let wanted = fs::read(&from).doing(file)?;
            if fs::read(&to).ok().as_ref() != Some(&wanted) {
                fresh &= file == "ws.mjs";
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
                return Err(Trouble::new("npm could not install the peer"));
            }
        }
        Ok(Self { directory })
    }

    pub(super) fn start(&self) -> Outcome<Process> {
        let address = process::free_address()?;
        let mut command = Command::new("node");
        command.arg("--expose-gc").arg(self.directory.join("ws.mjs"));
        command.args([address.ip().to_string(), address.port().to_string()]);
        Process::start(command, address, "/readyz", None)
    }
}
