//! The commands of plugin authors: how they are asked for. Runs nothing.

use std::path::PathBuf;

use super::{
    arguments::{Given, Misuse, misuse, seconds},
    commands::{Command, Opt, Spec, option},
};
use crate::ops::control::Request;

/// What an author wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    New(NewAsked),
    Build { dir: PathBuf },
    Run(RunAsked),
    Test(TestAsked),
    Bench(BenchAsked),
    Replay(ReplayAsked),
}

/// `plugin new`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAsked {
    pub id: String,
    pub dir: Option<PathBuf>,
}

/// `plugin run`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunAsked {
    pub file: PathBuf,
    /// `None`: standard input.
    pub text: Option<String>,
    /// Earlier texts of the same person, newest first.
    pub history: Vec<String>,
    /// JSON, or `@` and a file with it.
    pub context: Option<String>,
    /// The plugin's configuration as JSON.
    pub settings: Option<String>,
}

/// `plugin test`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestAsked {
    pub files: Vec<PathBuf>,
    pub cases: Vec<PathBuf>,
    pub floors: Option<PathBuf>,
    pub write_floors: Option<PathBuf>,
    /// How many messages to make, and from which seed.
    pub generate: Option<(u32, u64)>,
    /// Whether every mistake is listed.
    pub wrong: bool,
}

/// `plugin bench`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BenchAsked {
    pub files: Vec<PathBuf>,
    pub cases: Vec<PathBuf>,
}

/// `plugin replay`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayAsked {
    pub files: Vec<PathBuf>,
    /// How far back, in seconds.
    pub since_s: Option<u64>,
    pub limit: u64,
    /// Whether the texts are printed.
    pub show: bool,
}

const CASES: Opt =
    option("--cases", "PATH...", "labelled messages: a .jsonl file or a folder of them");
const TEXT: Opt =
    Opt { short: Some("-t"), ..option("--text", "TEXT", "what to check; default: standard input") };
const CONTEXT: Opt = option("--context", "JSON", "what surrounds it; or @FILE");
const REPLAY_MAX: u64 = 10_000;

/// The commands, in the order of the help.
pub const AUTHORS: &[Spec] = &[
    Spec {
        words: "plugin run",
        arguments: &["FILE"],
        options: &[
            TEXT,
            option("--history", "TEXT...", "an earlier message of the same person, newest first"),
            CONTEXT,
            option("--settings", "JSON", "the plugin's configuration"),
        ],
        summary: "run a plugin on a text and print what it finds",
        more: "Carets stand under what is found. --context takes languages, default_region, allowed_hosts, kind, \
               conversation, members, sender, role, account_age_days, messages_in_conversation, edit and history, a \
               list of {\"text\", \"same_sender\", \"age_seconds\"}; the rest is an order between two people.",
    },
    Spec {
        words: "plugin explain",
        arguments: &["FILE|CONVERSATION", "[MESSAGE]"],
        options: &[TEXT, CONTEXT],
        summary: "say why a stored message reads as it does, or what a plugin finds in a text",
        more: "With MESSAGE it is `parlour explain`, with a plugin file `parlour plugin run`.",
    },
    Spec {
        words: "plugin new",
        arguments: &["ID"],
        options: &[option("--dir", "DIR", "where to; default: a directory called ID here")],
        summary: "make a plugin project that needs nothing but Rust",
        more: "An example that compiles, with samples, tests, labelled messages and the interface.",
    },
    Spec {
        words: "plugin build",
        arguments: &["[DIR]"],
        options: &[],
        summary: "build a plugin project into ID.wasm",
        more: "Needs a Rust toolchain with the target wasm32-unknown-unknown and says how to get it.",
    },
    Spec {
        words: "plugin test",
        arguments: &["FILE..."],
        options: &[
            CASES,
            option("--generate", "N", "make N labelled messages and judge them, too"),
            option("--seed", "S", "where making them begins; default: 1"),
            option("--floors", "FILE", "fail when a figure is below its floor in this file"),
            option("--write-floors", "FILE", "set the floors of this file by what is measured now"),
            option("--wrong", "", "list every mistake"),
        ],
        summary: "judge plugins, together, by labelled messages",
        more: "Prints precision, recall, F1 and exactness by category, level and language. Without --cases and \
               --generate the samples of the manifests are judged. Exit code 1 if a floor is missed, a case cannot \
               be read or a plugin fails.",
    },
    Spec {
        words: "plugin bench",
        arguments: &["FILE..."],
        options: &[CASES],
        summary: "measure what plugins take, on both engines",
        more: "Microseconds, fuel and memory in fresh instances, beside the host's own view of the same texts; \
               refill_us is what follows an answer: clearing up, and the instance for the next message. All of \
               them: until the last has answered, on as many threads as moderation.threads says. \
               Without --cases messages are made.",
    },
    Spec {
        words: "plugin replay",
        arguments: &["FILE..."],
        options: &[
            option("--since", "TIME", "only what was written in the last 90s, 15m, 1h, 7d"),
            option("--limit", "N", "most texts; default: 10000"),
            option("--show", "", "print the texts, too"),
        ],
        summary: "run stored texts through plugins and print what would change",
        more: "Compares with what the plugins of the same ids found when the texts came: newly flagged, no longer \
               flagged, other spans. Asks the running server, or reads the data directory. Changes nothing.",
    },
];

impl Given {
    /// Makes the command of one of [`AUTHORS`] of what was given.
    pub(super) fn into_author(mut self, spec: &'static Spec) -> Result<Command, Misuse> {
        if spec.words == "plugin explain" && self.count() == 2 {
            let (conversation, message) = (self.argument(), self.argument());
            return Ok(Command::Ask(Request::Explain {
                conversation: conversation.unwrap_or_default(),
                message: message.unwrap_or_default(),
            }));
        }
        Ok(Command::Author(match spec.words {
            "plugin new" => Author::New(NewAsked {
                id: self.argument().unwrap_or_default(),
                dir: self.path("--dir"),
            }),
            "plugin build" => {
                Author::Build { dir: self.argument().map_or_else(|| ".".into(), PathBuf::from) }
            }
            "plugin test" => Author::Test(TestAsked {
                cases: self.paths("--cases"),
                floors: self.path("--floors"),
                write_floors: self.path("--write-floors"),
                generate: self.generate(spec)?,
                wrong: self.has("--wrong"),
                files: self.files(),
            }),
            "plugin bench" => {
                Author::Bench(BenchAsked { cases: self.paths("--cases"), files: self.files() })
            }
            "plugin replay" => Author::Replay(ReplayAsked {
                since_s: self.since(spec)?,
                limit: self.whole(spec, "--limit", REPLAY_MAX, u64::MAX)?,
                show: self.has("--show"),
                files: self.files(),
            }),
            _ => Author::Run(RunAsked {
                text: self.take("--text"),
                history: std::iter::from_fn(|| self.take("--history")).collect(),
                context: self.take("--context"),
                settings: self.take("--settings"),
                file: PathBuf::from(self.argument().unwrap_or_default()),
            }),
        }))
    }

    fn since(&mut self, spec: &'static Spec) -> Result<Option<u64>, Misuse> {
        let Some(text) = self.take("--since") else { return Ok(None) };
        let wrong = || {
            let said = text.escape_debug();
            misuse(
                spec.words,
                format!("--since is a time such as 90s, 15m, 1h or 7d, not `{said}`"),
            )
        };
        seconds(&text).map(Some).ok_or_else(wrong)
    }

    fn generate(&mut self, spec: &'static Spec) -> Result<Option<(u32, u64)>, Misuse> {
        let seed = self.whole(spec, "--seed", 1, u64::MAX)?;
        let most = 1_000_000;
        let count = self.whole(spec, "--generate", 0, most)?;
        Ok((count > 0).then(|| (u32::try_from(count).unwrap_or(u32::MAX), seed)))
    }

    /// A whole number; `default` if none is given.
    fn whole(
        &mut self,
        spec: &'static Spec,
        name: &str,
        default: u64,
        most: u64,
    ) -> Result<u64, Misuse> {
        let Some(text) = self.take(name) else { return Ok(default) };
        let wrong = || {
            let said = text.escape_debug();
            misuse(spec.words, format!("{name} is a whole number up to {most}, not `{said}`"))
        };
        text.parse().ok().filter(|number| *number <= most).ok_or_else(wrong)
    }
}
