//! What an administrator may choose about moderation, with its defaults. Knows no plugin and reads no
//! file; nothing in here is ever taken from a plugin.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::domain::{id::Kind, moderation::OnError};

/// Everything the moderation host is told.
#[derive(Clone, Debug, PartialEq)]
pub struct ModerationSettings {
    /// Where `*.wasm` files lie. It need not exist yet.
    pub dir: PathBuf,
    /// Where the host keeps its lock file and, below `plugin-cache`, code that it compiled.
    pub state_dir: PathBuf,
    pub engine: EngineChoice,
    /// Threads that check messages, 1 to 8; no more are started than there are processors.
    pub threads: usize,
    /// Checks that may wait; one more counts as unanswered by every plugin.
    pub queue_max: usize,
    /// How often the directory is looked at, in milliseconds.
    pub poll_ms: u64,
    /// Whether new files run without being asked about, if only root or the server's own user could
    /// have put them there.
    pub auto_approve: bool,
    /// Whether plugins may import WASI; each such function traps when it is called.
    pub allow_wasi_traps: bool,
    pub limits: Limits,
    /// Plugins (by id) that must look at messages of a kind. A kind that is not listed is looked at
    /// by all plugins of the directory.
    pub chains: BTreeMap<Kind, Vec<String>>,
    /// What happens to a message of a kind that a plugin could not check, where the plugin has no
    /// rule of its own.
    pub on_error: BTreeMap<Kind, OnError>,
    /// By plugin id.
    pub plugins: BTreeMap<String, PluginSettings>,
    /// Words that may be written although a plugin finds them.
    pub allow: Vec<String>,
}

impl ModerationSettings {
    /// The defaults around two directories.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, state_dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            state_dir: state_dir.into(),
            engine: EngineChoice::Auto,
            threads: 2,
            queue_max: 4096,
            poll_ms: 250,
            auto_approve: true,
            allow_wasi_traps: false,
            limits: Limits::default(),
            chains: BTreeMap::new(),
            on_error: BTreeMap::new(),
            plugins: BTreeMap::new(),
            allow: Vec::new(),
        }
    }

    /// What happens to a message of this kind that this plugin could not check: the plugin's rule for
    /// the kind, else the kind's rule, else `hold` for the plugins that guard contacts in orders, else
    /// deliver with a flag.
    #[must_use]
    pub fn on_error(&self, plugin: &str, kind: Kind) -> OnError {
        let own = self.plugins.get(plugin).and_then(|p| p.on_error.get(&kind));
        if let Some(rule) = own.or_else(|| self.on_error.get(&kind)) {
            return *rule;
        }
        if kind == Kind::Order && CONTACT_PLUGINS.contains(&plugin) {
            OnError::Hold
        } else {
            OnError::DeliverFlagged
        }
    }
}

/// The plugins whose silence lets contacts out of an order.
const CONTACT_PLUGINS: [&str; 7] =
    ["phone", "phones", "email", "links", "handles", "contacts", "rules"];

/// What an administrator may choose about one plugin.
#[derive(Clone, Debug, PartialEq)]
pub struct PluginSettings {
    /// A plugin that is off is neither loaded nor missed.
    pub enabled: bool,
    /// The plugin's configuration as a JSON object; empty or `{}`: its defaults.
    pub config: String,
    /// Lower runs first; `None`: the manifest's.
    pub priority: Option<i32>,
    /// Keep an instance for the next message. Faster, and one message may then influence the next.
    pub warm: bool,
    pub on_error: BTreeMap<Kind, OnError>,
    pub dry_run: DryRun,
}

/// What of a plugin is on trial: counted and shown, without an effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    #[default]
    Nothing,
    /// Its findings and its failures.
    Everything,
    /// The findings of these rules.
    Rules(BTreeSet<String>),
}

impl DryRun {
    /// Whether findings of a rule are on trial.
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Rules(rules) => rules.contains(rule),
        }
    }
}

impl PluginSettings {
    /// Whether a plugin loaded with these needs no loading for the others.
    #[must_use]
    pub fn loads_like(&self, other: &Self) -> bool {
        self.config == other.config && self.warm == other.warm && self.priority == other.priority
    }
}

impl Default for PluginSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            config: String::new(),
            priority: None,
            warm: false,
            on_error: BTreeMap::new(),
            dry_run: DryRun::Nothing,
        }
    }
}

/// How plugin code runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// Compiled if the system allows executable memory, else interpreted.
    #[default]
    Auto,
    /// Compiled to machine code.
    Jit,
    /// Interpreted; works where memory may not be made executable (`MemoryDenyWriteExecute=yes`).
    Interpreter,
}

impl EngineChoice {
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "jit" => Some(Self::Jit),
            "interpreter" => Some(Self::Interpreter),
            _ => None,
        }
    }
}

/// What one plugin may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a plugin's file.
    pub file_max_bytes: usize,
    /// Files looked at in the directory.
    pub files_max: usize,
    /// Instructions, nearly, of one check. This is what makes a verdict the same under any load.
    pub check_fuel: u64,
    /// How long one check may take, in milliseconds; for liveness only.
    pub check_deadline_ms: u64,
    /// Instructions of `describe` and of `configure`, each.
    pub load_fuel: u64,
    /// How long `describe` and `configure` may take, each, in milliseconds.
    pub load_deadline_ms: u64,
    /// How long compiling one file may take, in milliseconds.
    pub compile_deadline_ms: u64,
    pub memory_max_bytes: usize,
    pub tables_max: u32,
    pub table_elements_max: usize,
    pub stack_max_bytes: usize,
    /// What a plugin may hand to the host in one call.
    pub hostcall_max_bytes: usize,
    pub findings_max: usize,
    /// Of all findings of one check together.
    pub spans_max: usize,
    /// Each word or sentence within a finding.
    pub string_max_bytes: usize,
    /// A plugin's manifest.
    pub manifest_max_bytes: usize,
    /// Lines that a plugin may log a second.
    pub log_lines_per_s: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_max_bytes: 16 << 20,
            files_max: 64,
            check_fuel: 100_000_000,
            check_deadline_ms: 2000,
            load_fuel: 200_000_000,
            load_deadline_ms: 1000,
            compile_deadline_ms: 30_000,
            memory_max_bytes: 16 << 20,
            tables_max: 4,
            table_elements_max: 10_000,
            stack_max_bytes: 256 << 10,
            hostcall_max_bytes: 256 << 10,
            findings_max: 64,
            spans_max: 256,
            string_max_bytes: 256,
            manifest_max_bytes: 128 << 10,
            log_lines_per_s: 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(settings: &ModerationSettings, plugin: &str, kind: Kind, expected: OnError) {
        assert_eq!(settings.on_error(plugin, kind), expected);
    }

    #[test]
    fn silence_has_a_rule_for_every_plugin_and_kind() {
        let mut settings = ModerationSettings::new("", "");
        check(&settings, "phone", Kind::Order, OnError::Hold);
        check(&settings, "phone", Kind::Room, OnError::DeliverFlagged);
        check(&settings, "profanity", Kind::Order, OnError::DeliverFlagged);
        settings.on_error.insert(Kind::Order, OnError::Reject);
        check(&settings, "phone", Kind::Order, OnError::Reject);
        let own = PluginSettings {
            on_error: [(Kind::Order, OnError::Hold)].into(),
            ..Default::default()
        };
        settings.plugins.insert("profanity".into(), own);
        check(&settings, "profanity", Kind::Order, OnError::Hold);
        check(&settings, "profanity", Kind::Group, OnError::DeliverFlagged);
    }
}
