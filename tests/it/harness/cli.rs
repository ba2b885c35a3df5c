//! Running the executable's subcommands to their end.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{Patience, pause_ms};

/// What a finished command said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The output as JSON; fails unless the command succeeded.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The output as text; fails unless the command succeeded.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:?}");
        &self.out
    }
}

/// The executable with a clean environment: no `PARLOUR_*` of whoever runs the tests reaches it.
pub(crate) fn command(env: &[(String, String)]) -> Command {
    clean(Command::new(env!("CARGO_BIN_EXE_parlour")), env)
}

/// Takes out of a command's environment what would change the server, and puts `env` in.
pub(crate) fn clean(mut command: Command, env: &[(String, String)]) -> Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = text.starts_with("PARLOUR_") || text.starts_with("LISTEN_");
        let systemd =
            ["NOTIFY_SOCKET", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "WATCHDOG_USEC"];
        if ours || systemd.contains(&&*text) {
            command.env_remove(&name);
        }
    }
    command.envs(env.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
    command
}

/// Runs `parlour <args>` in `directory`; fails if it does not end within two minutes.
#[track_caller]
pub(crate) fn run(directory: &Path, env: &[(String, String)], args: &[&str]) -> Ran {
    let mut command = command(env);
    command.args(args).current_dir(directory);
    finish(command)
}

/// Runs any command to its end; fails if that takes longer than two minutes.
#[track_caller]
pub(crate) fn finish(command: Command) -> Ran {
    finish_within(120, command)
}

/// Runs a command that has much to do to its end.
#[track_caller]
pub(crate) fn finish_within(seconds: u64, mut command: Command) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let out = child.stdout.take().expect("a pipe");
    let err = child.stderr.take().expect("a pipe");
    let out = std::thread::spawn(move || std::io::read_to_string(out).unwrap_or_default());
    let err = std::thread::spawn(move || std::io::read_to_string(err).unwrap_or_default());
    let patience = Patience::seconds(seconds);
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if patience.is_over() {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{command:?} did not end");
        }
        pause_ms(5);
    };
    Ran {
        code: status.code(),
        out: out.join().expect("its output"),
        err: err.join().expect("its errors"),
    }
}
