//! Where the control socket lies, also below directories whose path is longer than a socket's address
//! can be. Speaks to nobody.

use std::{
    fmt, io,
    os::fd::{AsRawFd as _, OwnedFd},
    path::{Path, PathBuf},
};

use rustix::fs::{Mode, OFlags};

/// Why the control socket cannot be used.
#[derive(Debug)]
pub enum Fault {
    /// A server already answers there.
    Taken(PathBuf),
    Socket(PathBuf, io::Error),
    /// What the server said, or that it said nothing sensible.
    Answered(String),
}

/// The socket in a data directory.
#[derive(Debug)]
pub(super) struct Place {
    /// For people.
    pub(super) shown: PathBuf,
    /// For the system, good as long as `_directory` is open.
    pub(super) path: PathBuf,
    _directory: Option<OwnedFd>,
}

/// unix(7): 108 bytes with the final zero.
const ADDRESS_MAX_BYTES: usize = 107;
const NAME: &str = "control.sock";
/// While it is being made.
const FRESH: &str = "control.sock.new";

impl Place {
    /// The socket's place in `directory`.
    pub(super) fn of(directory: &Path) -> Result<Self, Fault> {
        let shown = directory.join(NAME);
        if directory.join(FRESH).as_os_str().len() <= ADDRESS_MAX_BYTES {
            return Ok(Self { path: shown.clone(), shown, _directory: None });
        }
        // The kernel resolves this name to the directory that the descriptor stands for.
        let flags = OFlags::DIRECTORY | OFlags::PATH | OFlags::CLOEXEC;
        let open = rustix::fs::open(directory, flags, Mode::empty())
            .map_err(|error| Fault::Socket(shown.clone(), error.into()))?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd())).join(NAME);
        Ok(Self { shown, path, _directory: Some(open) })
    }

    /// Where it is made before it takes its name.
    pub(super) fn fresh(&self) -> PathBuf {
        self.path.with_file_name(FRESH)
    }

    pub(super) fn fault(&self, error: io::Error) -> Fault {
        Fault::Socket(self.shown.clone(), error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(path) => write!(
                f,
                "another server already works in this directory (it answers at {})",
                path.display()
            ),
            Self::Socket(path, error) => {
                write!(f, "the control socket {} cannot be used: {error}", path.display())
            }
            Self::Answered(said) => f.write_str(said),
        }
    }
}

impl std::error::Error for Fault {}
