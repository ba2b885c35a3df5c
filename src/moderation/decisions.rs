//! What the administrator decided by commands while the server ran: plugins switched on and off, and
//! words that may be written. Kept in the state directory; the configuration file stays the
//! administrator's own. Decides nothing by itself.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{allow::says_something, kept, manifest::is_word};

const NAME: &str = "moderation.json";
const ALLOWED_MAX: usize = 10_000;
const TEXT_MAX_BYTES: usize = 256;
const SWITCHED_MAX: usize = 1024;

#[derive(Clone, Default, Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    allow: Vec<String>,
    /// By plugin id.
    #[serde(default)]
    enabled: BTreeMap<String, bool>,
}

/// The decisions and their file.
pub struct Decisions {
    path: PathBuf,
    stored: Stored,
    /// Why the file could not be read; it is not written over then.
    broken: Option<String>,
}

impl Decisions {
    /// Reads the file of a state directory; a missing one is empty.
    #[must_use]
    pub fn read(state_dir: &Path) -> Self {
        let path = state_dir.join(NAME);
        let (stored, broken) = match kept::read(&path) {
            Ok(stored) => (stored, None),
            Err(why) => (
                Stored::default(),
                Some(format!(
                    "the administrator's decisions in {} cannot be read: {why}",
                    path.display()
                )),
            ),
        };
        Self { path, stored, broken }
    }

    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// The words that may be written, in the order in which they were added.
    pub fn allowed(&self) -> &[String] {
        &self.stored.allow
    }

    /// The plugins that were switched, by id.
    pub fn switched(&self) -> &BTreeMap<String, bool> {
        &self.stored.enabled
    }

    /// Lets words be written; false if they may be already.
    ///
    /// # Errors
    /// A sentence for the administrator.
    pub fn allow(&mut self, text: &str) -> Result<bool, String> {
        let text = text.trim();
        if text.len() > TEXT_MAX_BYTES || text.chars().any(char::is_control) {
            return Err(format!(
                "an entry has at most {TEXT_MAX_BYTES} bytes and no control characters"
            ));
        }
        if !says_something(text) {
            return Err("an entry needs at least one letter or digit".to_owned());
        }
        if self.stored.allow.iter().any(|known| known == text) {
            return Ok(false);
        }
        if self.stored.allow.len() >= ALLOWED_MAX {
            return Err(format!("the list has {ALLOWED_MAX} entries, which is the most"));
        }
        self.change(|stored| stored.allow.push(text.to_owned()))?;
        Ok(true)
    }

    /// Takes words out of the list; false if they are not in it.
    ///
    /// # Errors
    /// A sentence for the administrator.
    pub fn disallow(&mut self, text: &str) -> Result<bool, String> {
        let text = text.trim();
        if !self.stored.allow.iter().any(|known| known == text) {
            return Ok(false);
        }
        self.change(|stored| stored.allow.retain(|known| known != text))?;
        Ok(true)
    }

    /// Switches a plugin on or off, whatever the configuration says.
    ///
    /// # Errors
    /// A sentence for the administrator.
    pub fn switch(&mut self, id: &str, on: bool) -> Result<(), String> {
        if !is_word(id) {
            return Err(format!("`{}` is no plugin's id", id.escape_debug()));
        }
        let known = self.stored.enabled.contains_key(id);
        if !known && self.stored.enabled.len() >= SWITCHED_MAX {
            return Err(format!("{SWITCHED_MAX} plugins are switched, which is the most"));
        }
        self.change(|stored| {
            stored.enabled.insert(id.to_owned(), on);
        })
    }

    /// A change holds once it is on disk.
    fn change(&mut self, change: impl FnOnce(&mut Stored)) -> Result<(), String> {
        if let Some(broken) = &self.broken {
            return Err(format!("{broken}; nothing is changed before it is repaired or removed"));
        }
        let mut next = self.stored.clone();
        change(&mut next);
        kept::write(&self.path, &next)
            .map_err(|cause| format!("{} cannot be written: {cause}", self.path.display()))?;
        self.stored = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::moderation::tests::scratch;

    #[test]
    fn decisions_outlive_the_process() {
        let dir = scratch("decisions");
        let mut decisions = Decisions::read(&dir);
        assert_eq!(decisions.allow(" example.com "), Ok(true));
        assert_eq!(decisions.allow("example.com"), Ok(false));
        assert_eq!(decisions.allow("дурак"), Ok(true));
        assert_eq!(decisions.disallow("дурак"), Ok(true));
        assert_eq!(decisions.disallow("дурак"), Ok(false));
        assert_eq!(decisions.switch("phone", false), Ok(()));
        assert_eq!(decisions.switch("email", true), Ok(()));

        let decisions = Decisions::read(&dir);
        assert_eq!(decisions.allowed(), ["example.com"]);
        let switched = BTreeMap::from([("email".into(), true), ("phone".into(), false)]);
        assert_eq!((decisions.switched(), decisions.broken()), (&switched, None));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let mut decisions = Decisions::read(&scratch("decisions-bad"));
        for text in ["", " . ", "a\nb", &"x".repeat(257)] {
            assert!(decisions.allow(text).is_err(), "{text:?}");
        }
        assert!(decisions.switch("../x", true).is_err());
        assert!(decisions.allowed().is_empty() && decisions.switched().is_empty());
    }

    #[test]
    fn a_broken_file_is_kept_and_told() {
        let dir = scratch("decisions-broken");
        fs::write(dir.join(NAME), b"{").expect("written");
        let mut decisions = Decisions::read(&dir);
        assert!(decisions.broken().expect("a sentence").contains("cannot be read"));
        assert!(decisions.allow("x").is_err() && decisions.switch("phone", true).is_err());
        assert_eq!(fs::read(dir.join(NAME)).expect("still there"), b"{");
    }
}
