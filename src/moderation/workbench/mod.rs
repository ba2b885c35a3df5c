//! Trying plugin files without a server: for the commands of authors. Needs no approval and leaves
//! nothing behind.

mod chain;

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    fold,
    roster::{self, Loader, Ready, Rejected},
    sandbox::{EngineFault, Form, Sandbox, SharedFold, component_of},
    settings::ModerationSettings,
    trouble::{Trouble, TroubleKind},
};
use crate::{
    domain::moderation::{Finding, Inquiry},
    runtime::Clock,
};

pub use super::{manifest::is_word as is_plugin_id, plugin::inquiry_of};
pub use chain::{Chain, Checked, Round, Surroundings, inquiry};

/// An engine and the settings to try files with.
pub struct Workbench {
    settings: ModerationSettings,
    loader: Loader,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    pub bytes: usize,
    /// In hex.
    pub sha: String,
    /// `component` or `core module`.
    pub form: &'static str,
    pub id: String,
    pub version: String,
    pub title: String,
    pub license: String,
    pub categories: Vec<String>,
    pub languages: Vec<String>,
    /// Samples of its own that it passed.
    pub samples: usize,
    /// Why it would not run by itself in the directory where it lies, although it is sound.
    pub untrusted: Option<String>,
}

/// What a plugin says about a text and what that took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunReport {
    pub findings: Vec<Finding>,
    pub fuel: u64,
    /// Bytes of the plugin's memory at most.
    pub memory_peak: usize,
    /// Microseconds, with a fresh instance.
    pub us: u64,
}

impl Workbench {
    /// Starts an engine; only `engine`, `limits`, `allow_wasi_traps` and `plugins` of the settings
    /// matter.
    ///
    /// # Errors
    /// The engine cannot start.
    pub fn open(settings: ModerationSettings, clock: Clock) -> Result<Self, EngineFault> {
        let sandbox = Sandbox::open(settings.engine, &settings.limits)?;
        Ok(Self { settings, loader: Loader { sandbox, cache: None, clock } })
    }

    /// How plugin code runs, in words.
    #[must_use]
    pub fn engine(&self) -> String {
        self.loader.sandbox.profile().to_string()
    }

    /// The component that a core module becomes; of a component itself.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn component(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let form = Form::of(bytes, self.settings.allow_wasi_traps, &self.settings.limits);
        let component = form.and_then(|form| component_of(bytes, form));
        component.map_err(|trouble| trouble.to_string())
    }

    /// How many microseconds the host's view of a text takes, which every plugin builds on.
    #[must_use]
    pub fn view_us(&self, text: &str) -> u64 {
        let started = self.loader.clock.ticks_us();
        std::hint::black_box(fold::view(std::hint::black_box(text)));
        self.loader.clock.ticks_us().saturating_sub(started)
    }

    /// Loads a file as the server would, samples included.
    ///
    /// # Errors
    /// One sentence that begins with the file's name and says what is wrong.
    pub fn check_file(&self, path: &Path) -> Result<FileReport, String> {
        let (content, ready) = self.load(path, None)?;
        let Ready { plugin, form, .. } = ready;
        Ok(FileReport {
            bytes: content.bytes.len(),
            sha: content.sha,
            form: form.word(),
            id: plugin.id.clone(),
            version: plugin.version.clone(),
            title: plugin.manifest.title.clone(),
            license: plugin.manifest.license.clone(),
            categories: plugin.manifest.categories.clone(),
            languages: plugin.manifest.languages.clone(),
            samples: plugin.manifest.samples.len(),
            untrusted: content.trusted.err(),
        })
    }

    /// The files of the plugin directory that a server would load, in the order of their names.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn files(&self) -> io::Result<Vec<PathBuf>> {
        let dir = &self.settings.dir;
        let found = roster::glance(dir, &self.settings.limits)?;
        Ok(found.files.into_keys().map(|file| dir.join(file)).collect())
    }

    /// What is wrong with the settings of the plugins that lie in the directory, a sentence each that
    /// begins with a file's name. A file that cannot be loaded for another reason is not told here.
    #[must_use]
    pub fn configuration_mistakes(&self) -> Vec<String> {
        let mistake = |path: PathBuf| match self.tried(&path, None, |_| None) {
            Err(trouble) if trouble.kind == TroubleKind::Configure => {
                Some(sentence(&path, &trouble))
            }
            _ => None,
        };
        self.files().unwrap_or_default().into_iter().filter_map(mistake).collect()
    }

    /// Asks a plugin file about a message, with a configuration (JSON) instead of that of the settings if
    /// one is given.
    ///
    /// # Errors
    /// One sentence that begins with the file's name and says what is wrong.
    pub fn run_file(
        &self,
        path: &Path,
        inquiry: &Inquiry,
        config: Option<&str>,
    ) -> Result<RunReport, String> {
        let (_, Ready { plugin, .. }) = self.load(path, config)?;
        let started = self.loader.clock.ticks_us();
        let checked = plugin.check(inquiry, 0, &SharedFold::default());
        let us = self.loader.clock.ticks_us().saturating_sub(started);
        let findings = checked.findings.map_err(|trouble| sentence(path, &trouble))?;
        Ok(RunReport { findings, fuel: checked.fuel, memory_peak: checked.memory_peak, us })
    }

    fn load(&self, path: &Path, config: Option<&str>) -> Result<(roster::Content, Ready), String> {
        self.load_beside(path, config, |_| None)
    }

    fn load_beside(
        &self,
        path: &Path,
        config: Option<&str>,
        taken: impl Fn(&str) -> Option<String>,
    ) -> Result<(roster::Content, Ready), String> {
        self.tried(path, config, taken).map_err(|trouble| sentence(path, &trouble))
    }

    fn tried(
        &self,
        path: &Path,
        config: Option<&str>,
        taken: impl Fn(&str) -> Option<String>,
    ) -> Result<(roster::Content, Ready), Trouble> {
        let content = roster::read(path, &self.settings.limits)?;
        let mut settings = self.settings.clone();
        for plugin in settings.plugins.values_mut() {
            plugin.enabled = true;
        }
        let ready = self
            .loader
            .load(&content.bytes, &content.sha, &settings, config, taken)
            .map_err(|rejected| match rejected {
                Rejected::Trouble { trouble, .. } => trouble,
                Rejected::Off { id } => {
                    Trouble::new(TroubleKind::File, format!("{id} is switched off"))
                }
            })?;
        Ok((content, ready))
    }
}

fn sentence(path: &Path, trouble: &Trouble) -> String {
    format!("{}: {trouble}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::plugin::inquiry_of;

    /// What an administrator allows may be what a sample says must be found; a plugin that rested must
    /// pass its samples all the same.
    #[test]
    fn a_configuration_has_no_part_in_the_samples() {
        let links = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/dist/links.wasm");
        let bench = Workbench::open(ModerationSettings::new("", ""), Clock::system());
        let config = r#"{"allowed_hosts":["example.com"]}"#;
        let bench = bench.expect("an engine");
        let (_, Ready { plugin, .. }) = bench.load(&links, Some(config)).expect("it loads");
        for (text, count) in [("see https://example.com/a", 0), ("see https://example.org/a", 1)] {
            let checked = plugin.check(&inquiry_of(text.to_owned()), 0, &SharedFold::default());
            assert_eq!(checked.findings.expect("an answer").len(), count, "{text}");
        }
        plugin.try_samples().expect("the samples are about the defaults");
    }
}
