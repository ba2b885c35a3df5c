//! The list of plugin files that may run, with their hashes; kept in the state directory, where the
//! plugin directory's writers cannot reach it. Decides nothing about content.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::moderation::kept;

/// Whether a file may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    Approved,
    Pending,
    Revoked,
}

/// What is known of one file of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub sha256: String,
    pub state: Approval,
    /// Empty until it was loaded once.
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub version: String,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    files: BTreeMap<String, Entry>,
    /// Hashes that may not run under any name.
    revoked: BTreeSet<String>,
}

/// The lock file and its content.
pub struct Lock {
    path: PathBuf,
    stored: Stored,
    /// Why it could not be read; nothing is approved by itself then.
    broken: Option<String>,
}

impl Lock {
    /// Reads the file; a missing one is empty.
    pub fn read(path: &Path) -> Self {
        let (stored, broken) = match kept::read(path) {
            Ok(stored) => (stored, None),
            Err(why) => (
                Stored::default(),
                Some(format!("the plugin lock file {} cannot be read: {why}", path.display())),
            ),
        };
        Self { path: path.to_owned(), stored, broken }
    }

    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    pub fn entry(&self, file: &str) -> Option<&Entry> {
        self.stored.files.get(file)
    }

    /// Whether this content under this name may run; a content that was not seen before is taken down
    /// as approved or pending.
    pub fn judge(&mut self, file: &str, sha: &str, trusted: bool) -> Approval {
        if self.stored.revoked.contains(sha) {
            return Approval::Revoked;
        }
        let known = self.stored.files.get(file);
        if let Some(entry) = known.filter(|entry| entry.sha256 == sha)
            && (entry.state != Approval::Pending || !trusted)
        {
            return entry.state;
        }
        let state =
            if trusted && self.broken.is_none() { Approval::Approved } else { Approval::Pending };
        // What the file was before stays known: its place in the chain is missed, not forgotten.
        let (id, version) =
            known.map_or_else(Default::default, |e| (e.id.clone(), e.version.clone()));
        let entry = Entry { sha256: sha.to_owned(), state, id, version };
        self.stored.files.insert(file.to_owned(), entry);
        self.save();
        state
    }

    /// Takes down who a file turned out to be.
    pub fn learned(&mut self, file: &str, id: &str, version: &str) {
        if let Some(entry) = self.stored.files.get_mut(file)
            && (entry.id != id || entry.version != version)
        {
            id.clone_into(&mut entry.id);
            version.clone_into(&mut entry.version);
            self.save();
        }
    }

    /// The administrator's decision about a file as it is now; false if it is not known.
    pub fn decide(&mut self, file: &str, state: Approval) -> bool {
        let Some(entry) = self.stored.files.get_mut(file) else { return false };
        entry.state = state;
        if state == Approval::Revoked {
            self.stored.revoked.insert(entry.sha256.clone());
        } else {
            self.stored.revoked.remove(&entry.sha256);
        }
        self.save();
        true
    }

    /// The file was taken away.
    pub fn forget(&mut self, file: &str) {
        if self.stored.files.remove(file).is_some() {
            self.save();
        }
    }

    fn save(&mut self) {
        if self.broken.is_some() {
            return;
        }
        if let Err(cause) = kept::write(&self.path, &self.stored) {
            tracing::error!(file = %self.path.display(), %cause, "the plugin lock file cannot be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::moderation::tests::scratch;

    #[test]
    fn decisions_outlive_the_process() {
        let path = scratch("lock").join("plugins.lock");
        let mut lock = Lock::read(&path);
        assert_eq!(lock.judge("a.wasm", "1", true), Approval::Approved);
        assert_eq!(lock.judge("b.wasm", "2", false), Approval::Pending);
        lock.learned("a.wasm", "a", "1.0.0");
        assert!(lock.decide("b.wasm", Approval::Approved));
        assert!(!lock.decide("c.wasm", Approval::Approved));

        let mut lock = Lock::read(&path);
        assert_eq!(lock.judge("b.wasm", "2", false), Approval::Approved);
        assert_eq!(lock.judge("b.wasm", "3", false), Approval::Pending, "other bytes, other file");
        assert_eq!(lock.judge("b.wasm", "3", true), Approval::Approved, "trust came later");
        assert!(lock.decide("a.wasm", Approval::Revoked));
        assert_eq!(lock.judge("again.wasm", "1", true), Approval::Revoked, "under any name");
        assert_eq!(lock.judge("a.wasm", "4", true), Approval::Approved);
        assert_eq!(lock.entry("a.wasm").map(|entry| entry.id.as_str()), Some("a"));
    }

    #[test]
    fn nothing_is_trusted_while_the_file_is_broken() {
        let path = scratch("lock-broken").join("plugins.lock");
        fs::write(&path, b"{").expect("written");
        let mut lock = Lock::read(&path);
        assert!(lock.broken().expect("a sentence").contains("cannot be read"));
        assert_eq!(lock.judge("a.wasm", "1", true), Approval::Pending);
        assert_eq!(fs::read(&path).expect("still there"), b"{");
    }
}
