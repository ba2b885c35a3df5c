//! The environment, read once at the start and passed on as a value. Knows no key of the
//! configuration; only who sets which variable.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

/// What the process was started with.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Every `PARLOUR_*` variable but the ones below, by name.
    pub overrides: BTreeMap<String, String>,
    /// Names of `PARLOUR_*` variables whose value is not UTF-8.
    pub unreadable: Vec<String>,
    /// `PARLOUR_CONFIG`: the configuration file, unless `--config` names one.
    pub config_file: Option<PathBuf>,
    /// `STATE_DIRECTORY` (systemd.exec(5)): where state lives; the first of them if it lists more.
    pub state_directory: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY` (systemd.exec(5)): one file per secret.
    pub credentials_directory: Option<PathBuf>,
    /// `JOURNAL_STREAM` (systemd.exec(5)): device and inode of the stream that the journal reads.
    pub journal_stream: Option<(u64, u64)>,
    /// `PATH`: where programs are looked for.
    pub search_path: Option<OsString>,
    /// `NO_COLOR`: no colours, whatever the terminal can do.
    pub no_color: bool,
}

impl Environment {
    /// The process's own environment. Called once, by main.
    #[must_use]
    pub fn of_process() -> Self {
        Self::from_pairs(std::env::vars_os())
    }

    /// An environment made of these variables.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut read = Self::default();
        for (name, value) in pairs {
            let Some(name) = name.to_str() else { continue };
            match name {
                "PARLOUR_CONFIG" => read.config_file = path(value),
                "STATE_DIRECTORY" => read.state_directory = first_path(&value),
                "CREDENTIALS_DIRECTORY" => read.credentials_directory = path(value),
                "JOURNAL_STREAM" => read.journal_stream = value.to_str().and_then(stream),
                "PATH" => read.search_path = Some(value),
                "NO_COLOR" => read.no_color = !value.is_empty(),
                _ if name.starts_with("PARLOUR_") => match value.into_string() {
                    Ok(value) => drop(read.overrides.insert(name.to_owned(), value)),
                    Err(_) => read.unreadable.push(name.to_owned()),
                },
                _ => {}
            }
        }
        read.unreadable.sort();
        read
    }
}

fn path(value: OsString) -> Option<PathBuf> {
    (!value.is_empty()).then(|| PathBuf::from(value))
}

fn first_path(value: &OsString) -> Option<PathBuf> {
    std::env::split_paths(value).next().filter(|first| !first.as_os_str().is_empty())
}

fn stream(value: &str) -> Option<(u64, u64)> {
    let (device, inode) = value.split_once(':')?;
    Some((device.parse().ok()?, inode.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    #[test]
    fn takes_what_is_meant_for_us() {
        let pairs = [
            ("PARLOUR_LISTEN", "0.0.0.0:80"),
            ("PARLOUR_CONFIG", "/etc/p.toml"),
            ("STATE_DIRECTORY", "/var/lib/parlour:/var/lib/other"),
            ("CREDENTIALS_DIRECTORY", ""),
            ("JOURNAL_STREAM", "8:4711"),
            ("HOME", "/root"),
        ];
        let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
        let bad = [("PARLOUR_LOG".into(), OsString::from_vec(vec![0xff]))];
        let read = Environment::from_pairs(pairs.into_iter().chain(bad));
        assert_eq!(read.overrides.len(), 1);
        assert_eq!(read.config_file, Some("/etc/p.toml".into()));
        assert_eq!(read.state_directory, Some("/var/lib/parlour".into()));
        assert_eq!(read.credentials_directory, None);
        assert_eq!(read.journal_stream, Some((8, 4711)));
        assert_eq!(read.unreadable, ["PARLOUR_LOG"]);
    }
}
