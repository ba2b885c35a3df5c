//! One plugin, ready to be asked: from admitted bytes through its description, configuration and samples
//! to checks of messages. Knows no directory and no other plugin.

use super::{
    answer::{self, Speaker},
    manifest::{Manifest, Needs, Sample, is_version, is_word},
    quality::Past,
    sandbox::{
        Answer, Component, Program, Question, Sandbox, SharedFold,
        shapes::{Context, Conversation, Earlier, Message, Sender},
    },
    settings::Limits,
    trouble::{Trouble, TroubleKind, quoted},
};
use crate::{
    domain::{
        self,
        id::{Kind, UserId},
        moderation::{Finding, Inquiry},
    },
    runtime::Clock,
};

/// A plugin that described itself, took its configuration and passed its samples.
pub struct Plugin {
    pub id: String,
    pub version: String,
    /// Of the file as it lies in the directory, in hex.
    pub sha: String,
    pub manifest: Manifest,
    program: Program,
    limits: Limits,
    /// It works without a configuration, which is what its samples are about.
    has_defaults: bool,
}

/// What the administrator decided about it, and who its clock is.
pub struct Setup<'a> {
    pub sha: &'a str,
    pub wasi_traps: bool,
    pub limits: &'a Limits,
    pub clock: &'a Clock,
}

/// The findings of a check and what it cost.
pub struct Checked {
    pub findings: Result<Vec<Finding>, Trouble>,
    pub fuel: u64,
    pub memory_peak: usize,
}

/// A plugin that was asked who it is, and nothing else yet.
pub struct Described {
    pub id: String,
    version: String,
    manifest: Manifest,
    program: Program,
}

/// Asks a compiled component who it is.
///
/// # Errors
/// It does not fit the interface, fails, or calls itself what it may not.
pub fn describe(
    sandbox: &Sandbox,
    component: &Component,
    setup: &Setup<'_>,
) -> Result<Described, Trouble> {
    let link = |name: &str| {
        Program::link(sandbox, component, setup.wasi_traps, setup.limits, (name, setup.clock))
    };
    let metadata = link("?")?.describe()?;
    let wrong = |sentence: String| Trouble::new(TroubleKind::Api, sentence);
    if !is_word(&metadata.id) {
        return Err(wrong(format!(
            "calls itself \"{}\"; an id is a-z, 0-9 and -, at most 32 characters",
            quoted(&metadata.id)
        )));
    }
    if !is_version(&metadata.version) {
        return Err(wrong(format!(
            "has the version \"{}\", which is not a semantic version",
            quoted(&metadata.version)
        )));
    }
    let manifest = Manifest::read(&metadata.manifest, setup.limits.manifest_max_bytes)?;
    let program = link(&metadata.id)?;
    Ok(Described { id: metadata.id, version: metadata.version, manifest, program })
}

impl Described {
    /// Gives the plugin its configuration, if its schema admits that, and runs its samples.
    ///
    /// # Errors
    /// The configuration does not fit the schema or the plugin rejects it, or a sample does not come out
    /// as the manifest says.
    pub fn ready(mut self, config: &str, warm: bool, setup: &Setup<'_>) -> Result<Plugin, Trouble> {
        fits(&self.manifest, &self.id, config)?;
        let has_defaults = self.program.configure("", false).is_ok();
        self.program.configure(config, warm)?;
        let plugin = Plugin {
            id: self.id,
            version: self.version,
            sha: setup.sha.to_owned(),
            manifest: self.manifest,
            program: self.program,
            limits: *setup.limits,
            has_defaults,
        };
        plugin.try_samples()?;
        Ok(plugin)
    }
}

/// Holds a configuration against the plugin's schema; an empty one is an empty object.
fn fits(manifest: &Manifest, id: &str, config: &str) -> Result<(), Trouble> {
    let text = if config.trim().is_empty() { "{}" } else { config };
    let wrong = |sentence: String| Err(Trouble::new(TroubleKind::Configure, sentence));
    let Ok(config) = serde_json::from_str(text) else {
        return wrong("has a configuration that is not JSON".to_owned());
    };
    let mistakes = manifest.schema.mistakes(&format!("plugin.{id}"), &config);
    if mistakes.is_empty() {
        return Ok(());
    }
    wrong(format!("has a configuration that does not fit: {}", mistakes.join("; ")))
}

impl Plugin {
    /// First 12 hex digits of the file's hash.
    pub fn short_sha(&self) -> &str {
        self.sha.get(..12).unwrap_or(&self.sha)
    }

    /// Asks about one message. The plugin sees no more of the past than its manifest asked for.
    pub fn check(&self, inquiry: &Inquiry, generation: u64, fold: &SharedFold) -> Checked {
        self.check_as(None, inquiry, generation, fold)
    }

    /// Makes ready for the next message; to be called when an answer is out.
    pub fn refill(&self) {
        self.program.refill();
    }

    /// A guess at how long it will take over a message of so many bytes, in microseconds.
    pub fn expected_us(&self, bytes: usize) -> u64 {
        self.program.expected_us(bytes)
    }

    /// The same as [`Self::check`] with another configuration than its own.
    fn check_as(
        &self,
        config: Option<&str>,
        inquiry: &Inquiry,
        generation: u64,
        fold: &SharedFold,
    ) -> Checked {
        let seen = within(inquiry, self.manifest.needs);
        let message = message_of(inquiry);
        let context = context_of(inquiry, seen);
        let question =
            Question { message: &message, context: &context, fold: fold.clone(), config };
        let Answer { findings, fuel, memory_peak } = self.program.check(&question);
        let findings = findings.and_then(|raw| {
            let earlier = inquiry.history.iter().take(seen).map(|earlier| earlier.text.as_str());
            let texts: Vec<&str> = std::iter::once(inquiry.text.as_str()).chain(earlier).collect();
            let speaker = Speaker {
                plugin: &self.id,
                version: &self.version,
                sha: self.short_sha(),
                generation,
            };
            answer::believed(raw, &texts, &speaker, &self.manifest, &self.limits)
        });
        Checked { findings, fuel, memory_peak }
    }

    /// Runs the samples of the manifest, each with its own configuration or with the defaults; with the
    /// administrator's only where the plugin has no defaults.
    ///
    /// # Errors
    /// The first that does not come out as the manifest says.
    pub fn try_samples(&self) -> Result<(), Trouble> {
        for (number, sample) in (1..).zip(&self.manifest.samples) {
            let config = sample.config.as_deref().or(self.has_defaults.then_some(""));
            let inquiry =
                Inquiry { history: earlier_of(&sample.history), ..inquiry_of(sample.text.clone()) };
            let checked = self.check_as(config, &inquiry, 0, &SharedFold::default());
            let found = checked.findings.map_err(|trouble| Trouble {
                sentence: format!("{} (its own sample {number})", trouble.sentence),
                ..trouble
            })?;
            verify(sample, number, &found)?;
        }
        self.refill();
        Ok(())
    }
}

fn verify(sample: &Sample, number: u32, found: &[Finding]) -> Result<(), Trouble> {
    let wrong = |sentence: String| Err(Trouble::new(TroubleKind::Samples, sentence));
    if sample.expect.is_empty()
        && let Some(finding) = found.first()
    {
        let category = &finding.category;
        return wrong(format!("finds {category} in its own sample {number}, where nothing is"));
    }
    match sample.expect.iter().find(|word| found.iter().all(|f| f.category != **word)) {
        Some(missing) => {
            wrong(format!("does not find {} in its own sample {number}", quoted(missing)))
        }
        None => Ok(()),
    }
}

/// How many of the earlier messages, newest first, are within what was asked for.
fn within(inquiry: &Inquiry, needs: Needs) -> usize {
    let mut bytes = 0usize;
    inquiry
        .history
        .iter()
        .take(needs.messages as usize)
        .take_while(|earlier| {
            bytes = bytes.saturating_add(earlier.text.len());
            bytes <= needs.bytes as usize && earlier.age_seconds <= needs.window_s
        })
        .count()
}

/// An inquiry about a text alone: an order between two people, where most rules apply.
pub fn inquiry_of(text: String) -> Inquiry {
    Inquiry {
        message_id: "sample".to_owned(),
        text,
        edit: false,
        languages: Vec::new(),
        sender: nobody(),
        sender_role: "user".to_owned(),
        account_age_days: 0,
        violations_30d: 0,
        messages_in_conversation: 0,
        conversation: "order:sample".to_owned(),
        kind: Kind::Order,
        state: None,
        members: 2,
        default_region: String::new(),
        allowed_hosts: Vec::new(),
        history: Vec::new(),
    }
}

/// Earlier messages as a labelled message has them.
pub fn earlier_of(history: &[Past]) -> Vec<domain::moderation::Earlier> {
    let earlier = history.iter().enumerate().map(|(n, past)| domain::moderation::Earlier {
        id: format!("earlier-{}", n + 1),
        age_seconds: past.age_seconds,
        same_sender: past.same_sender,
        role: String::new(),
        text: past.text.clone(),
    });
    earlier.collect()
}

#[expect(clippy::expect_used, reason = "a literal that is a valid name; tests run through here")]
fn nobody() -> UserId {
    UserId::new("nobody").expect("a valid name")
}

/// A question about a message without its past.
#[cfg(test)]
pub fn question_parts(inquiry: &Inquiry) -> (Message, Context) {
    (message_of(inquiry), context_of(inquiry, 0))
}

fn message_of(inquiry: &Inquiry) -> Message {
    Message {
        id: inquiry.message_id.clone(),
        text: inquiry.text.clone(),
        origin: if inquiry.edit { "edit" } else { "create" }.to_owned(),
        languages: inquiry.languages.clone(),
        extra: Vec::new(),
    }
}

fn context_of(inquiry: &Inquiry, seen: usize) -> Context {
    Context {
        sender: Sender {
            id: inquiry.sender.to_string(),
            role: inquiry.sender_role.clone(),
            account_age_days: inquiry.account_age_days,
            messages_in_conversation: inquiry.messages_in_conversation,
            violations_last_30d: inquiry.violations_30d,
            extra: Vec::new(),
        },
        conversation: Conversation {
            id: inquiry.conversation.clone(),
            kind: inquiry.kind.word().to_owned(),
            members: inquiry.members,
            default_region: inquiry.default_region.clone(),
            allowed_hosts: inquiry.allowed_hosts.clone(),
            extra: Vec::new(),
        },
        history: inquiry
            .history
            .iter()
            .take(seen)
            .map(|earlier| Earlier {
                id: earlier.id.clone(),
                age_seconds: earlier.age_seconds,
                same_sender: earlier.same_sender,
                text: earlier.text.clone(),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(needs: (u32, u32, u32), past: &[(u32, usize)], expected: usize) {
        let mut inquiry = inquiry_of("x".to_owned());
        for (age_seconds, bytes) in past {
            let text = "x".repeat(*bytes);
            inquiry.history.extend(earlier_of(&[Past {
                text,
                same_sender: true,
                age_seconds: *age_seconds,
            }]));
        }
        let (messages, bytes, window_s) = needs;
        assert_eq!(within(&inquiry, Needs { messages, bytes, window_s }), expected);
    }

    #[test]
    fn a_plugin_sees_no_more_of_the_past_than_it_asked_for() {
        let past = [(1, 10), (5, 10), (60, 10), (61, 1)];
        check((0, 0, 0), &past, 0);
        check((2, 100, 900), &past, 2);
        check((9, 100, 60), &past, 3);
        check((9, 29, 900), &past, 2);
        check((9, 100, 900), &past, 4);
        check((9, 100, 900), &[], 0);
    }
}
