//! Reading the command line against the list of commands. Pure: arguments in, a command out.

use std::{ffi::OsString, fmt, path::PathBuf, time::Duration};

use super::{
    authors::AUTHORS,
    commands::{Command, GLOBAL, Opt, Spec, commands},
};
use crate::ops::{control::Request, nearest::suggestion};

/// A command line that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub command: Command,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--data`.
    pub data: Option<PathBuf>,
    /// `--format json`.
    pub json: bool,
}

/// A command line that was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    pub said: String,
    /// Whose usage would help; empty: the whole program's.
    pub topic: &'static str,
}

/// Longest argument that is looked at.
const ARGUMENT_MAX_BYTES: usize = 128 * 1024;
const TTL_MAX_S: u64 = 10 * 365 * 86_400;

/// Understands the command line, without the program's own name.
///
/// # Errors
/// [`Misuse`], with the nearest known name where a name is unknown.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, Misuse> {
    let mut words = Vec::new();
    for argument in arguments {
        let word = argument
            .into_string()
            .map_err(|bad| misuse("", format!("the argument {} is not UTF-8", bad.display())))?;
        if word.len() > ARGUMENT_MAX_BYTES {
            return Err(misuse(
                "",
                format!("an argument is longer than {ARGUMENT_MAX_BYTES} bytes"),
            ));
        }
        words.push(word);
    }
    let (spec, rest) = choose(&words)?;
    let given = Given::sort(spec, rest)?;
    given.into_asked(spec)
}

/// Finds the command and returns what is left to read.
fn choose(words: &[String]) -> Result<(&'static Spec, Vec<String>), Misuse> {
    let serve = named("serve").ok_or_else(|| misuse("", "no command".to_owned()))?;
    // Global options may stand before the command.
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        let name = word.split('=').next().unwrap_or(word);
        let Some(option) = find(GLOBAL, name) else { break };
        at += if option.value.is_empty() || word.contains('=') { 1 } else { 2 };
    }
    let Some(first) = words.get(at).filter(|word| !word.starts_with('-')) else {
        return Ok((serve, words.to_vec()));
    };
    let mut rest = words.to_vec();
    rest.remove(at);
    if let Some(spec) = named(first) {
        return Ok((spec, rest));
    }
    let family: Vec<&str> = commands()
        .filter_map(|spec| spec.words.split_once(' '))
        .filter(|(family, _)| family == first)
        .map(|(_, verb)| verb)
        .collect();
    if family.is_empty() {
        let known = commands().filter_map(|spec| spec.words.split(' ').next());
        let hint = suggestion(first, known);
        return Err(misuse("", format!("unknown command `{}`{hint}", first.escape_debug())));
    }
    choose_verb(first, &family, rest, at)
}

fn choose_verb(
    first: &str,
    family: &[&str],
    mut rest: Vec<String>,
    at: usize,
) -> Result<(&'static Spec, Vec<String>), Misuse> {
    let topic = commands()
        .map(|spec| spec.words)
        .find(|words| words.starts_with(first))
        .map_or("", |words| words.split(' ').next().unwrap_or(words));
    // `config` takes its verb as an option, wherever it stands; the others as the next word.
    let place = if family.iter().any(|verb| verb.starts_with("--")) {
        rest.iter().position(|word| family.contains(&word.as_str()))
    } else {
        rest.get(at).filter(|word| family.contains(&word.as_str())).map(|_| at)
    };
    if place.is_none() && rest.iter().any(|word| word == "--help" || word == "-h") {
        let help = named("help").ok_or_else(|| misuse("", "no help".to_owned()))?;
        return Ok((help, vec![first.to_owned()]));
    }
    let choices = family.iter().map(|verb| format!("`{verb}`")).collect::<Vec<_>>().join(", ");
    let Some(place) = place else {
        let said = match rest.get(at) {
            Some(verb) => format!(
                "`{first}` has no `{}`{}",
                verb.escape_debug(),
                suggestion(verb, family.iter().copied())
            ),
            None => format!("`{first}` needs one of {choices}"),
        };
        return Err(misuse(topic, said));
    };
    let verb = rest.remove(place);
    let spec = named(&format!("{first} {verb}"));
    spec.map(|spec| (spec, rest)).ok_or_else(|| misuse(topic, format!("`{first}` needs {choices}")))
}

/// What was given to a command, sorted but not yet understood.
#[derive(Default)]
pub(super) struct Given {
    options: Vec<(&'static str, String)>,
    arguments: Vec<String>,
}

// === impl Given ===

impl Given {
    fn sort(spec: &'static Spec, words: Vec<String>) -> Result<Self, Misuse> {
        let mut given = Self::default();
        let mut words = words.into_iter();
        let mut only_arguments = false;
        while let Some(word) = words.next() {
            if only_arguments || !word.starts_with('-') || word == "-" {
                given.arguments.push(word);
                continue;
            }
            if word == "--" {
                only_arguments = true;
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let Some(option) = find(spec.options, name).or_else(|| find(GLOBAL, name)) else {
                let known = spec.options.iter().chain(GLOBAL).map(|option| option.name);
                let hint = suggestion(name, known);
                let said =
                    format!("`{}` has no option `{}`{hint}", spec.words, name.escape_debug());
                return Err(misuse(spec.words, said));
            };
            let value = match (option.value.is_empty(), value) {
                (true, None) => String::new(),
                (true, Some(_)) => {
                    return Err(misuse(spec.words, format!("{} takes no value", option.name)));
                }
                (false, Some(value)) => value,
                (false, None) => words.next().ok_or_else(|| {
                    misuse(spec.words, format!("{} needs a value: {}", option.name, option.value))
                })?,
            };
            if given.has(option.name) && !option.value.ends_with("...") {
                return Err(misuse(spec.words, format!("{} is given twice", option.name)));
            }
            given.options.push((option.name, value));
        }
        given.check(spec)?;
        Ok(given)
    }

    fn check(&self, spec: &'static Spec) -> Result<(), Misuse> {
        if self.has("--help") || self.has("--version") {
            return Ok(());
        }
        let missing = spec.options.iter().find(|option| option.required && !self.has(option.name));
        if let Some(option) = missing {
            return Err(misuse(spec.words, format!("{} {} is missing", option.name, option.value)));
        }
        let mut needed = spec.arguments.iter().filter(|name| !name.starts_with('['));
        if let Some(name) = needed.nth(self.arguments.len()) {
            return Err(misuse(spec.words, format!("{name} is missing")));
        }
        // `help key create` is one topic of two words.
        let repeats = spec.arguments.last().is_some_and(|name| name.contains("..."));
        let most = match spec.words {
            "help" => 2,
            _ if repeats => usize::MAX,
            _ => spec.arguments.len(),
        };
        if let Some(extra) = self.arguments.get(most) {
            let said = format!("`{}` is one argument too many", extra.escape_debug());
            return Err(misuse(spec.words, said));
        }
        Ok(())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(given, _)| *given == name)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.options.iter().position(|(given, _)| *given == name)?;
        Some(self.options.remove(at).1)
    }

    pub(super) fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.take(name).map(PathBuf::from)
    }

    fn list(&mut self, name: &str) -> Vec<String> {
        let list = self.take(name).unwrap_or_default();
        let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    pub(super) fn argument(&mut self) -> Option<String> {
        (!self.arguments.is_empty()).then(|| self.arguments.remove(0))
    }

    fn file(&mut self) -> PathBuf {
        PathBuf::from(self.argument().unwrap_or_default())
    }

    pub(super) fn count(&self) -> usize {
        self.arguments.len()
    }

    /// All arguments that are left.
    pub(super) fn files(&mut self) -> Vec<PathBuf> {
        self.arguments.drain(..).map(PathBuf::from).collect()
    }

    /// Every value of an option that may be given more than once.
    pub(super) fn paths(&mut self, name: &str) -> Vec<PathBuf> {
        std::iter::from_fn(|| self.path(name)).collect()
    }

    fn into_asked(mut self, spec: &'static Spec) -> Result<Asked, Misuse> {
        let json = match self.take("--format").as_deref() {
            None | Some("human") => false,
            Some("json") => true,
            Some(other) => {
                let hint = suggestion(other, ["human", "json"]);
                let said =
                    format!("--format is human or json, not `{}`{hint}", other.escape_debug());
                return Err(misuse(spec.words, said));
            }
        };
        let (config, data) = (self.path("--config"), self.path("--data"));
        let command = if self.has("--version") {
            Command::Version
        } else if self.has("--help") {
            let asked_for_all = spec.words == "serve";
            Command::Help { topic: if asked_for_all { "" } else { spec.words }.to_owned() }
        } else {
            self.into_command(spec)?
        };
        Ok(Asked { command, config, data, json })
    }

    fn into_command(mut self, spec: &'static Spec) -> Result<Command, Misuse> {
        Ok(match spec.words {
            "init" => Command::Init,
            "config --example" => Command::ConfigExample,
            "config --markdown" => Command::ConfigMarkdown,
            "config --check" => Command::ConfigCheck { file: self.argument().map(PathBuf::from) },
            "config --show" => Command::ConfigShow { file: self.argument().map(PathBuf::from) },
            "key create" => Command::KeyCreate {
                name: self.take("--name").unwrap_or_else(|| "unnamed".to_owned()),
                scopes: match self.list("--scopes") {
                    none if none.is_empty() => vec!["sms".to_owned()],
                    scopes => scopes,
                },
            },
            "key list" => Command::KeyList,
            "key revoke" => Command::KeyRevoke { id: self.argument().unwrap_or_default() },
            "token mint" => Command::TokenMint {
                user: self.take("--user").unwrap_or_default(),
                rooms: self.list("--rooms"),
                ttl_s: self.ttl()?,
                role: self.take("--role").unwrap_or_else(|| "user".to_owned()),
                name: self.take("--name"),
            },
            "plugin list" if self.has("--rules") => Command::Ask(Request::PluginRules),
            "plugin list" => Command::PluginList,
            "plugin reload" => Command::PluginReload,
            "plugin approve" => {
                Command::PluginApprove { file: self.argument().unwrap_or_default() }
            }
            "plugin revoke" => Command::PluginRevoke { file: self.argument().unwrap_or_default() },
            "held list" => Command::HeldList,
            "held release" => Command::HeldRelease { number: self.number(spec)? },
            "held drop" => Command::HeldDrop { number: self.number(spec)? },
            "plugin check" => Command::PluginCheck { file: self.file() },
            words if AUTHORS.iter().any(|spec| spec.words == words) => {
                return self.into_author(spec);
            }
            "doctor" => Command::Doctor,
            "routes" => Command::Routes,
            "status" => Command::Status,
            "top" => Command::Top { once: self.has("--once"), interval: self.interval()? },
            "version" => Command::Version,
            "backup" => {
                Command::Backup { originals: !self.has("--without-originals"), file: self.file() }
            }
            "restore" => Command::Restore { file: self.file() },
            "verify" => Command::Verify { file: self.file() },
            "check" => Command::Check,
            #[cfg(feature = "conformance")]
            "conformance" => self.conformance(spec)?,
            "help" => Command::Help { topic: self.arguments.join(" ") },
            "explain" | "state" | "plugin show" | "plugin enable" | "plugin disable"
            | "plugin allow" => Command::Ask(self.request(spec)?),
            _ => Command::Serve,
        })
    }

    /// The commands of administrators that are one question to the server.
    fn request(mut self, spec: &'static Spec) -> Result<Request, Misuse> {
        let first = self.argument().unwrap_or_default();
        let second = self.argument();
        Ok(match (spec.words, second) {
            ("plugin show", _) => Request::PluginShow { id: first },
            ("plugin enable", _) => Request::PluginSwitch { id: first, on: true },
            ("plugin disable", _) => Request::PluginSwitch { id: first, on: false },
            ("state", state) => Request::State { conversation: first, state },
            ("plugin allow", None) if first == "list" => Request::AllowList,
            ("plugin allow", Some(text)) if first == "add" => Request::Allow { text, may: true },
            ("plugin allow", Some(text)) if first == "remove" => {
                Request::Allow { text, may: false }
            }
            ("plugin allow", _) => {
                let said = "`plugin allow` takes `list`, `add TEXT` or `remove TEXT`";
                return Err(misuse(spec.words, said.to_owned()));
            }
            (_, message) => self.explain(spec, first, message)?,
        })
    }

    fn explain(
        &mut self,
        spec: &'static Spec,
        conversation: String,
        message: Option<String>,
    ) -> Result<Request, Misuse> {
        let named = !conversation.is_empty();
        let request = match (self.take("--held"), self.take("--text"), message) {
            (Some(held), None, None) if !named => {
                let number = held.parse().map_err(|_| {
                    misuse(spec.words, format!("--held is a number, not `{}`", held.escape_debug()))
                })?;
                Request::ExplainHeld { number }
            }
            (None, Some(text), None) if !named => {
                let kind = self.take("--kind").unwrap_or_else(|| "order".to_owned());
                return Ok(Request::ExplainText { text, kind, state: self.take("--state") });
            }
            (None, None, Some(message)) if named => Request::Explain { conversation, message },
            _ => {
                let said = "it takes CONVERSATION and MESSAGE, or --held, or --text";
                return Err(misuse(spec.words, said.to_owned()));
            }
        };
        if self.has("--kind") || self.has("--state") {
            return Err(misuse(spec.words, "--kind and --state go with --text".to_owned()));
        }
        Ok(request)
    }

    #[cfg(feature = "conformance")]
    fn conformance(&mut self, spec: &'static Spec) -> Result<Command, Misuse> {
        use super::commands::ConformanceProtocol::{EngineIo, SocketIo};
        let protocol = match (self.has("--engineio"), self.has("--socketio")) {
            (true, false) => EngineIo,
            (false, true) => SocketIo,
            _ => return Err(misuse(spec.words, "one of --engineio and --socketio".to_owned())),
        };
        let host = self.take("--host").unwrap_or_else(|| "127.0.0.1".to_owned());
        let port = self.take("--port").unwrap_or_default();
        let (host, port) = host.parse().ok().zip(port.parse().ok()).ok_or_else(|| {
            misuse(spec.words, "--host is an IP address and --port a number".to_owned())
        })?;
        let address = std::net::SocketAddr::new(host, port);
        Ok(Command::Conformance { protocol, address })
    }

    pub(super) fn number(&mut self, spec: &'static Spec) -> Result<u64, Misuse> {
        let text = self.argument().unwrap_or_default();
        text.parse().map_err(|_| {
            misuse(spec.words, format!("a number is needed, not `{}`", text.escape_debug()))
        })
    }

    fn interval(&mut self) -> Result<Duration, Misuse> {
        let text = self.take("--interval").unwrap_or_else(|| "2s".to_owned());
        let given = seconds(&text).filter(|interval| (1..=3600).contains(interval));
        given.map(Duration::from_secs).ok_or_else(|| {
            let said = format!("--interval is a time from 1s to 1h, not `{}`", text.escape_debug());
            misuse("top", said)
        })
    }

    fn ttl(&mut self) -> Result<u64, Misuse> {
        let text = self.take("--ttl").unwrap_or_else(|| "1h".to_owned());
        seconds(&text).filter(|ttl| (1..=TTL_MAX_S).contains(ttl)).ok_or_else(|| {
            let said = format!(
                "--ttl is a time such as 90s, 15m, 1h or 7d, at most 10 years, not `{}`",
                text.escape_debug()
            );
            misuse("token mint", said)
        })
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

pub(super) fn misuse(topic: &'static str, said: String) -> Misuse {
    Misuse { said, topic }
}

fn named(words: &str) -> Option<&'static Spec> {
    commands().find(|spec| spec.words == words)
}

fn find(options: &'static [Opt], name: &str) -> Option<&'static Opt> {
    options.iter().find(|option| option.name == name || option.short == Some(name))
}

/// `90`, `90s`, `15m`, `1h`, `7d`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.strip_prefix(digits)? {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
