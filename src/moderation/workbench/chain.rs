//! Several plugin files asked together, as a server would ask them: for tests, benchmarks and replays of
//! plugins.

use std::path::PathBuf;

use super::Workbench;
use crate::{
    domain::moderation::{Finding, Inquiry},
    moderation::{
        plugin::{self, Plugin},
        quality::{CONFIDENCE_MIN, CaseSet, Label, LabelledCase, Said},
        sandbox::SharedFold,
    },
};

/// What the configuration tells plugins about every conversation.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    pub languages: Vec<String>,
    pub default_region: String,
    pub allowed_hosts: Vec<String>,
}

/// Plugins that are ready to be asked.
pub struct Chain<'a> {
    bench: &'a Workbench,
    plugins: Vec<Plugin>,
}

/// What one plugin said and what it took.
pub struct Checked {
    pub findings: Result<Vec<Finding>, String>,
    pub fuel: u64,
    pub memory_peak: usize,
    /// How long the answer took.
    pub us: u64,
    /// How long it took afterwards to clear up and to make ready for the next message.
    pub refill_us: u64,
}

impl Workbench {
    /// Loads files as the server would, samples included.
    ///
    /// # Errors
    /// One sentence that begins with a file's name and says what is wrong with it.
    pub fn chain(&self, files: &[PathBuf]) -> Result<Chain<'_>, String> {
        let mut plugins: Vec<Plugin> = Vec::new();
        for file in files {
            let taken = |id: &str| {
                let at = plugins.iter().position(|plugin| plugin.id == id)?;
                files.get(at).map(|file| file.display().to_string())
            };
            let (_, ready) = self.load_beside(file, None, taken)?;
            plugins.push(ready.plugin);
        }
        Ok(Chain { bench: self, plugins })
    }
}

// === impl Chain ===

impl Chain<'_> {
    /// Ids of the plugins, in the order of their files.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.plugins.iter().map(|plugin| plugin.id.as_str())
    }

    /// The categories that the plugins say they find.
    pub fn categories(&self) -> impl Iterator<Item = String> {
        self.plugins.iter().flat_map(|plugin| plugin.manifest.categories.iter().cloned())
    }

    /// Asks every plugin in turn, each in a fresh instance.
    pub fn check(&self, inquiry: &Inquiry) -> Vec<Checked> {
        let fold = SharedFold::default();
        let clock = &self.bench.loader.clock;
        let ask = |plugin: &Plugin| {
            let started = clock.ticks_us();
            let checked = plugin.check(inquiry, 0, &fold);
            let answered = clock.ticks_us();
            plugin.refill();
            Checked {
                us: answered.saturating_sub(started),
                refill_us: clock.ticks_us().saturating_sub(answered),
                findings: checked.findings.map_err(|trouble| format!("{}: {trouble}", plugin.id)),
                fuel: checked.fuel,
                memory_peak: checked.memory_peak,
            }
        };
        self.plugins.iter().map(ask).collect()
    }

    /// What is found in a labelled message, and the plugins that could not say.
    pub fn judge(&self, case: &LabelledCase, around: &Surroundings) -> (Vec<Said>, Vec<String>) {
        let (mut said, mut troubles) = (Vec::new(), Vec::new());
        for checked in self.check(&inquiry(case, around)) {
            match checked.findings {
                Ok(findings) => said.extend(findings.into_iter().filter_map(as_said)),
                Err(trouble) => troubles.push(format!("{}: {trouble}", case.place)),
            }
        }
        (said, troubles)
    }

    /// The samples of the manifests as labelled messages, but for those about another configuration.
    pub fn samples(&self) -> CaseSet {
        let mut set = CaseSet { name: "samples".to_owned(), cases: Vec::new() };
        for plugin in &self.plugins {
            let samples = (1..).zip(&plugin.manifest.samples);
            for (number, sample) in samples.filter(|(_, sample)| sample.config.is_none()) {
                let labels = sample.expect.iter().map(|category| Label {
                    category: category.clone(),
                    message: 0,
                    span: None,
                });
                set.cases.push(LabelledCase {
                    place: format!("{}: sample {number}", plugin.id),
                    text: sample.text.clone(),
                    lang: "-".to_owned(),
                    level: if sample.expect.is_empty() { "innocent" } else { "sample" }.to_owned(),
                    labels: labels.collect(),
                    history: sample.history.clone(),
                });
            }
        }
        set
    }
}

/// A finding that alters a message.
fn as_said(finding: Finding) -> Option<Said> {
    (finding.confidence >= CONFIDENCE_MIN).then(|| Said {
        category: finding.category,
        spans: finding.spans.into_iter().map(|(n, span)| (n, span.start..span.end)).collect(),
    })
}

/// An order between two people, in which the case was written.
pub fn inquiry(case: &LabelledCase, around: &Surroundings) -> Inquiry {
    Inquiry {
        languages: around.languages.clone(),
        default_region: around.default_region.clone(),
        allowed_hosts: around.allowed_hosts.clone(),
        history: plugin::earlier_of(&case.history),
        ..plugin::inquiry_of(case.text.clone())
    }
}
