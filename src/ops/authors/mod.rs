//! What the commands of plugin authors do: making, building, trying, judging, measuring and replaying
//! plugin files. Approves and installs nothing.

mod attempt;
mod build;
mod create;
mod judge;
mod measure;
mod replay;
mod stored;

use std::ffi::OsStr;

use super::{
    cli::{Author, Exit, ReplayAsked},
    config::Loaded,
};
use crate::{
    domain::time::Millis,
    moderation::{ModerationSettings, Workbench, workbench::Surroundings},
    runtime::Clock,
};

pub use replay::Pages;
pub use stored::{Bookmark, page};

type Trouble = Box<dyn std::error::Error>;

/// Carries out what needs no configuration; `None` if something else was asked. `search` is where programs
/// are looked for.
///
/// # Errors
/// A sentence.
pub fn run_anywhere(
    author: &Author,
    search: Option<&OsStr>,
    clock: &Clock,
    json: bool,
) -> Option<Result<Exit, Trouble>> {
    match author {
        Author::New(asked) => Some(create::run(asked, json)),
        Author::Build { dir } => {
            let bench = Workbench::open(ModerationSettings::new("", ""), clock.clone());
            Some(bench.map_err(Trouble::from).and_then(|bench| {
                let place = build::run(dir, search, &bench)?;
                super::local::show_file(&bench, &place, json)
            }))
        }
        _ => None,
    }
}

/// Carries out a command of an author. `pages` gives what is stored.
///
/// # Errors
/// A sentence.
pub fn run(
    author: &Author,
    loaded: &Loaded,
    clock: &Clock,
    pages: &mut Pages<'_>,
    json: bool,
) -> Result<Exit, Trouble> {
    let (chat, settings) = (&loaded.resolved.chat, &loaded.resolved.moderation);
    let around = Surroundings {
        languages: chat.languages.clone(),
        default_region: chat.default_region.clone(),
        allowed_hosts: chat.allowed_hosts.clone(),
    };
    let bench = || Workbench::open(settings.clone(), clock.clone());
    match author {
        Author::Run(asked) => attempt::run(asked, &bench()?, &around, json),
        Author::Test(asked) => judge::run(asked, &bench()?, &around, json),
        Author::Bench(asked) => measure::run(asked, (settings, clock), &around, json),
        Author::Replay(asked) => {
            let bench = bench()?;
            let chain = bench.chain(&asked.files)?;
            replay::run(asked, &chain, &around, pages, json)
        }
        Author::New(_) | Author::Build { .. } => Err("this needs no configuration".into()),
    }
}

/// When the texts of a replay begin.
pub fn since(asked: &ReplayAsked, now: Millis) -> Millis {
    Millis(asked.since_s.map_or(0, |s| now.0.saturating_sub(s.saturating_mul(1000))))
}
