//! What the commands of plugin authors do: judging, measuring and replaying plugin files without a
//! server. Knows no message but those it is given.

mod judge;

use super::{
    cli::{Author, Exit},
    config::Loaded,
};
use crate::{
    moderation::{Workbench, workbench::Surroundings},
    runtime::Clock,
};

type Trouble = Box<dyn std::error::Error>;

/// Carries out a command of an author.
///
/// # Errors
/// A sentence.
pub fn run(author: &Author, loaded: &Loaded, clock: &Clock, json: bool) -> Result<Exit, Trouble> {
    let chat = &loaded.resolved.chat;
    let around = Surroundings {
        languages: chat.languages.clone(),
        default_region: chat.default_region.clone(),
        allowed_hosts: chat.allowed_hosts.clone(),
    };
    let bench = || Workbench::open(loaded.resolved.moderation.clone(), clock.clone());
    match author {
        Author::Test(asked) => judge::run(asked, &bench()?, &around, json),
    }
}
