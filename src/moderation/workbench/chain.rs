//! Several plugin files asked together, as a server would ask them: for tests, benchmarks and replays of
//! plugins.

use std::{
    convert::Infallible,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
};

use super::Workbench;
use crate::{
    domain::{
        moderation::{Finding, Inquiry},
        redact::{CONTACTS, names},
    },
    moderation::{
        crew::{self, Crew, Task},
        plugin::{self, Plugin},
        quality::{CONFIDENCE_MIN, CaseSet, Label, LabelledCase, Said},
        sandbox::SharedFold,
    },
    runtime::Clock,
};

/// What the configuration tells plugins about every conversation.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    pub languages: Vec<String>,
    pub default_region: String,
    pub allowed_hosts: Vec<String>,
}

/// Plugins that are ready to be asked, and the threads that do.
pub struct Chain {
    clock: Clock,
    plugins: Arc<[Plugin]>,
    crew: Arc<Crew<Infallible>>,
    helpers: Vec<JoinHandle<()>>,
}

/// What a chain said and what it took.
pub struct Round {
    /// In the order of the plugins.
    pub answers: Vec<Checked>,
    /// How long it took until all had answered, in microseconds.
    pub us: u64,
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
    /// Loads files as the server would, samples included, and starts the threads of the settings.
    ///
    /// # Errors
    /// One sentence that begins with a file's name and says what is wrong with it, or that there is no thread.
    pub fn chain(&self, files: &[PathBuf]) -> Result<Chain, String> {
        let mut plugins: Vec<Plugin> = Vec::new();
        for file in files {
            let taken = |id: &str| {
                let at = plugins.iter().position(|plugin| plugin.id == id)?;
                files.get(at).map(|file| file.display().to_string())
            };
            let (_, ready) = self.load_beside(file, None, taken)?;
            plugins.push(ready.plugin);
        }
        plugins.sort_by_key(|plugin| (plugin.manifest.priority, plugin.id.clone()));
        let mut chain = Chain {
            clock: self.loader.clock.clone(),
            plugins: plugins.into(),
            crew: Arc::new(Crew::new(1)),
            helpers: Vec::new(),
        };
        for _ in 1..crew::worthwhile(self.settings.threads) {
            let crew = chain.crew.clone();
            let helper = thread::Builder::new().spawn(move || help(&crew));
            chain.helpers.push(helper.map_err(|e| format!("there is no thread: {e}"))?);
        }
        Ok(chain)
    }
}

// === impl Chain ===

impl Chain {
    /// Ids of the plugins, in the order in which a server asks them.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.plugins.iter().map(|plugin| plugin.id.as_str())
    }

    /// The categories that the plugins say they find.
    pub fn categories(&self) -> impl Iterator<Item = String> {
        self.plugins.iter().flat_map(|plugin| plugin.manifest.categories.iter().cloned())
    }

    /// Asks every plugin, each in a fresh instance and several at once where that is faster, then
    /// makes the instances for the next message.
    pub fn check(&self, inquiry: &Inquiry) -> Round {
        let bytes = inquiry.text.len();
        let (fold, clock) = (SharedFold::default(), self.clock.clone());
        let (plugins, inquiry) = (self.plugins.clone(), inquiry.clone());
        let ask = move |at: usize| {
            let plugin = plugins.get(at)?;
            let started = clock.ticks_us();
            let checked = plugin.check(&inquiry, 0, &fold);
            Some(Checked {
                us: clock.ticks_us().saturating_sub(started),
                refill_us: 0,
                findings: checked.findings.map_err(|trouble| format!("{}: {trouble}", plugin.id)),
                fuel: checked.fuel,
                memory_peak: checked.memory_peak,
            })
        };
        let times: Vec<u64> = self.plugins.iter().map(|plugin| plugin.expected_us(bytes)).collect();
        let started = self.clock.ticks_us();
        let answered = self.crew.all(&times, ask);
        let us = self.clock.ticks_us().saturating_sub(started);
        let refilled = |(plugin, answered): (&Plugin, Option<Option<Checked>>)| {
            let started = self.clock.ticks_us();
            plugin.refill();
            let refill_us = self.clock.ticks_us().saturating_sub(started);
            let checked = answered.flatten().unwrap_or_else(|| Checked::panicked(&plugin.id));
            Checked { refill_us, ..checked }
        };
        Round { answers: self.plugins.iter().zip(answered).map(refilled).collect(), us }
    }

    /// What is found in a labelled message, and the plugins that could not say.
    pub fn judge(&self, case: &LabelledCase, around: &Surroundings) -> (Vec<Said>, Vec<String>) {
        let (mut said, mut troubles) = (Vec::new(), Vec::new());
        for checked in self.check(&inquiry(case, around)).answers {
            match checked.findings {
                Ok(findings) => said.extend(findings.into_iter().filter_map(as_said)),
                Err(trouble) => troubles.push(format!("{}: {trouble}", case.place)),
            }
        }
        (Said::named(said, &CONTACTS, names), troubles)
    }

    /// The samples of the manifests as labelled messages, but for those about another configuration.
    pub fn samples(&self) -> CaseSet {
        let mut set = CaseSet { name: "samples".to_owned(), cases: Vec::new() };
        for plugin in self.plugins.iter() {
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

impl Drop for Chain {
    fn drop(&mut self) {
        self.crew.close();
        for helper in self.helpers.drain(..) {
            // It has nothing to tell.
            let _ = helper.join();
        }
    }
}

fn help(crew: &Crew<Infallible>) {
    while let Some(Task::Help(parts)) = crew.next() {
        parts.help();
    }
}

impl Checked {
    fn panicked(plugin: &str) -> Self {
        let findings = Err(format!("{plugin}: asking it panicked; a defect of the server"));
        Self { findings, fuel: 0, memory_peak: 0, us: 0, refill_us: 0 }
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
