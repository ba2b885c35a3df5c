//! The one list of commands and options, and what each becomes. Runs nothing.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use super::authors::{AUTHORS, Author};
use crate::ops::control::Request;

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Serve,
    Init,
    ConfigExample,
    ConfigMarkdown,
    ConfigCheck {
        file: Option<PathBuf>,
    },
    ConfigShow {
        file: Option<PathBuf>,
    },
    KeyCreate {
        name: String,
        scopes: Vec<String>,
    },
    KeyList,
    KeyRevoke {
        id: String,
    },
    TokenMint {
        user: String,
        rooms: Vec<String>,
        ttl_s: u64,
        role: String,
        name: Option<String>,
    },
    PluginList,
    PluginReload,
    PluginApprove {
        file: String,
    },
    PluginRevoke {
        file: String,
    },
    HeldList,
    HeldRelease {
        number: u64,
    },
    HeldDrop {
        number: u64,
    },
    /// What a running server, or else its store, is asked.
    Ask(Request),
    PluginCheck {
        file: PathBuf,
    },
    Author(Author),
    Doctor,
    Routes,
    Version,
    Backup {
        file: PathBuf,
        originals: bool,
    },
    Restore {
        file: PathBuf,
    },
    Verify {
        file: PathBuf,
    },
    Check,
    Status,
    Top {
        once: bool,
        interval: Duration,
    },
    /// `address` is where the suite finds the server.
    #[cfg(feature = "conformance")]
    Conformance {
        protocol: ConformanceProtocol,
        address: std::net::SocketAddr,
    },
    /// Help on a command, by its words; empty: on all of them.
    Help {
        topic: String,
    },
}

/// Whose official test suite is served.
#[cfg(feature = "conformance")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConformanceProtocol {
    EngineIo,
    SocketIo,
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Done,
    /// 1: it was tried and did not work, or a check failed.
    Failed,
    /// 2: the command line was wrong; nothing was tried.
    Misused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Failed => Self::FAILURE,
            Exit::Misused => Self::from(2),
        }
    }
}

/// One command for the parser and the help.
#[derive(Debug)]
pub struct Spec {
    /// One or two words.
    pub words: &'static str,
    /// Names of the arguments; in brackets if one may be missing, with dots if the last may repeat.
    pub arguments: &'static [&'static str],
    pub options: &'static [Opt],
    pub summary: &'static str,
    /// What a stranger needs to know beyond the summary; may be empty.
    pub more: &'static str,
}

/// One option.
#[derive(Debug, PartialEq, Eq)]
pub struct Opt {
    /// With its dashes.
    pub name: &'static str,
    pub short: Option<&'static str>,
    /// Name of its value; empty: it has none; with dots: it may be given more than once.
    pub value: &'static str,
    pub required: bool,
    pub doc: &'static str,
}

pub(super) const fn option(name: &'static str, value: &'static str, doc: &'static str) -> Opt {
    Opt { name, short: None, value, required: false, doc }
}

const fn needed(name: &'static str, value: &'static str, doc: &'static str) -> Opt {
    Opt { name, short: None, value, required: true, doc }
}

const fn plain(words: &'static str, summary: &'static str, more: &'static str) -> Spec {
    Spec { words, arguments: &[], options: &[], summary, more }
}

/// Options of every command.
pub const GLOBAL: &[Opt] = &[
    option("--config", "FILE", "configuration file; default: parlour.toml in the data directory"),
    option("--data", "DIR", "data directory; default: $STATE_DIRECTORY, else ./data"),
    option("--format", "human|json", "how results are printed"),
    Opt {
        name: "--help",
        short: Some("-h"),
        value: "",
        required: false,
        doc: "help on the command",
    },
    Opt { name: "--version", short: Some("-V"), value: "", required: false, doc: "the version" },
];

/// Every command, in the order of the help.
pub fn commands() -> impl Iterator<Item = &'static Spec> + Clone {
    let (plugins, others) = COMMANDS.split_at(
        COMMANDS.iter().rposition(|spec| spec.words.starts_with("plugin ")).map_or(0, |at| at + 1),
    );
    plugins.iter().chain(AUTHORS).chain(others)
}

/// The commands of those who run a server.
const COMMANDS: &[Spec] = &[
    plain(
        "serve",
        "run the server (what `parlour` alone does)",
        "On the first start it makes the data directory with a configuration, the default plugins, a \
         signing secret, a service key and an administrator, and prints once how to use them. SIGTERM \
         and SIGINT end it in order, a second one at once; SIGHUP reads configuration and plugins again.",
    ),
    plain(
        "init",
        "make what the first start makes, without serving",
        "Can be run again: it adds what is missing and changes nothing that is there.",
    ),
    plain("config --example", "print a commented configuration file with every default", ""),
    plain("config --markdown", "print the keys of the configuration as a Markdown table", ""),
    Spec {
        words: "config --check",
        arguments: &["[FILE]"],
        options: &[],
        summary: "say what is wrong with the configuration",
        more: "Exit code 1 if anything is; each mistake is told with its line, and what a plugin does not \
               take of its section with the key.",
    },
    Spec {
        words: "config --show",
        arguments: &["[FILE]"],
        options: &[],
        summary: "print the values in force and where each comes from",
        more: "Secrets are not shown.",
    },
    Spec {
        words: "key create",
        arguments: &[],
        options: &[
            option("--name", "NAME", "what the key is for; default: unnamed"),
            option("--scopes", "LIST", "sms, metrics, admin, with commas; default: sms"),
        ],
        summary: "make a service key; it is shown this once",
        more: "A back end sends it as `Authorization: Bearer KEY` or `X-API-Key: KEY`. Only its hash is \
               stored. Works while the server runs.",
    },
    plain("key list", "list the service keys: name, scopes, last used", ""),
    Spec {
        words: "key revoke",
        arguments: &["ID"],
        options: &[],
        summary: "end a service key at once",
        more: "ID is what `parlour key list` shows, the eight digits after `plk_`.",
    },
    Spec {
        words: "token mint",
        arguments: &[],
        options: &[
            needed("--user", "ID", "whom the token speaks for"),
            option("--rooms", "LIST", "rooms it may join, with commas; `*` stands for anything"),
            option("--ttl", "TIME", "how long it lasts: 90s, 15m, 1h, 7d; default: 1h"),
            option("--role", "ROLE", "user, operator or admin; default: user"),
            option("--name", "NAME", "the user's name"),
        ],
        summary: "make an access token for trying things",
        more: "Signed with the server's own secret. In production your application signs tokens.",
    },
    Spec {
        words: "plugin list",
        arguments: &[],
        options: &[option("--rules", "", "what each rule found so far, and what became of it")],
        summary: "list the moderation plugins and how they are",
        more: "",
    },
    Spec {
        words: "plugin show",
        arguments: &["ID"],
        options: &[],
        summary: "tell everything about one plugin",
        more: "What it is, how it is configured, what it found and what that cost.",
    },
    Spec {
        words: "plugin enable",
        arguments: &["ID"],
        options: &[],
        summary: "switch a plugin on, at once and for good",
        more: "Counts more than `enabled` in the configuration. ID is what `parlour plugin list` shows.",
    },
    Spec {
        words: "plugin disable",
        arguments: &["ID"],
        options: &[],
        summary: "switch a plugin off, at once and for good",
        more: "It is neither asked nor missed until `parlour plugin enable`.",
    },
    Spec {
        words: "plugin allow",
        arguments: &["list|add|remove", "[TEXT]"],
        options: &[],
        summary: "say what may be written although a plugin finds it",
        more: "Telephone numbers count by their digits, links by their host with the hosts below it, \
               `@example.com` stands for all addresses there, everything else counts as it reads. Takes \
               effect at once and is kept; entries of `moderation.allow` are changed in the configuration.",
    },
    plain("plugin reload", "make the running server look at its plugins now", ""),
    Spec {
        words: "plugin approve",
        arguments: &["NAME"],
        options: &[],
        summary: "let a plugin file run that waits for approval",
        more: "NAME is the file's name in the plugin directory. What is approved is this very content.",
    },
    Spec {
        words: "plugin revoke",
        arguments: &["NAME"],
        options: &[],
        summary: "stop a plugin file and keep it from running again",
        more: "Counts for this content under any name, until it is approved again.",
    },
    Spec {
        words: "plugin check",
        arguments: &["FILE"],
        options: &[],
        summary: "say whether a plugin would be accepted, and why not",
        more: "",
    },
    plain("held list", "list the messages that moderation keeps for your decision", ""),
    Spec {
        words: "held release",
        arguments: &["NUMBER"],
        options: &[],
        summary: "deliver a held message as it was written",
        more: "",
    },
    Spec {
        words: "held drop",
        arguments: &["NUMBER"],
        options: &[],
        summary: "throw a held message away",
        more: "",
    },
    Spec {
        words: "explain",
        arguments: &["[CONVERSATION]", "[MESSAGE]"],
        options: &[
            option("--held", "NUMBER", "a message of `parlour held list` instead"),
            option("--text", "TEXT", "a text that nobody sent: what would become of it"),
            option("--kind", "KIND", "with --text: kind of conversation; default: order"),
            option("--state", "STATE", "with --text: state of the conversation"),
        ],
        summary: "say why a message reads as it does",
        more: "Shows the text before moderation, what each plugin found where, which key of the \
               configuration decided what follows, and earlier versions. MESSAGE is its seq, or its id; \
               `id:7` is an id that is a number.",
    },
    Spec {
        words: "state",
        arguments: &["CONVERSATION", "[STATE]"],
        options: &[],
        summary: "show or set the state of a conversation",
        more: "Such as `order:15 accepted`; see contacts_allowed_from. A back end posts it to \
               /api/sms/state-update.",
    },
    plain(
        "doctor",
        "look for what would keep the server from working well",
        "Ports, file limit, directory rights, plugins, disk sync speed, free space, clock. Exit code 1 if \
         anything fails.",
    ),
    plain("routes", "list the HTTP routes", ""),
    plain("status", "ask the running server how it is", ""),
    Spec {
        words: "top",
        arguments: &[],
        options: &[
            option("--once", "", "print one table and end"),
            option("--interval", "TIME", "how long rates are taken over: 1s to 1h; default: 2s"),
        ],
        summary: "show what the running server is doing",
        more: "Connections, messages, delivery, disk, moderation and refusals, until Ctrl-C. Where the \
               output is no terminal the tables follow one another; with --format json each is a line.",
    },
    Spec {
        words: "backup",
        arguments: &["FILE"],
        options: &[option("--without-originals", "", "leave out the texts before moderation")],
        summary: "write everything that is stored into one file",
        more: "Works while the server runs. FILE must not exist yet.",
    },
    Spec {
        words: "restore",
        arguments: &["FILE"],
        options: &[],
        summary: "fill an empty data directory from a backup",
        more: "The server must not run. Clients then start afresh instead of resuming.",
    },
    Spec {
        words: "verify",
        arguments: &["FILE"],
        options: &[],
        summary: "read a backup and check every record in it",
        more: "",
    },
    plain("check", "check what is stored for contradictions", "Reads everything; changes nothing."),
    plain("version", "print the version", ""),
    #[cfg(feature = "conformance")]
    Spec {
        words: "conformance",
        arguments: &[],
        options: &[
            option("--engineio", "", "serve what the suite of Engine.IO expects, at /engine.io/"),
            option("--socketio", "", "serve what the suite of Socket.IO expects, at /socket.io/"),
            option("--host", "ADDRESS", "where to listen; default: 127.0.0.1"),
            needed("--port", "PORT", "where to listen; 0 takes a free one"),
        ],
        summary: "serve the official test suites of the protocols",
        more: "For development only. Nothing is stored and nobody is asked who they are.",
    },
    Spec {
        words: "help",
        arguments: &["[COMMAND]"],
        options: &[],
        summary: "explain a command",
        more: "",
    },
];
