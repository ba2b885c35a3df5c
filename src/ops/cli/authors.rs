//! The commands of plugin authors: how they are asked for. Runs nothing.

use std::path::PathBuf;

use super::{
    arguments::{Given, Misuse, misuse},
    commands::{Opt, Spec, option},
};

/// What an author wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    Test(TestAsked),
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

const CASES: Opt =
    option("--cases", "PATH...", "labelled messages: a .jsonl file or a folder of them");

/// The commands, in the order of the help.
pub const AUTHORS: &[Spec] = &[Spec {
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
}];

impl Given {
    /// Makes the command of one of [`AUTHORS`] of what was given.
    pub(super) fn into_author(mut self, spec: &'static Spec) -> Result<Author, Misuse> {
        Ok(match spec.words {
            _ => Author::Test(TestAsked {
                cases: self.paths("--cases"),
                floors: self.path("--floors"),
                write_floors: self.path("--write-floors"),
                generate: self.generate(spec)?,
                wrong: self.has("--wrong"),
                files: self.files(),
            }),
        })
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
