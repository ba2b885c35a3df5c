//! Standard output and standard error of the command line, and the commands that need nothing but the
//! configuration. Opens no store.

use std::{
    io::{self, Write as _},
    path::Path,
};

use super::{
    cli::{Asked, Command, Exit, Misuse, help},
    config::{self, Environment, Loaded},
};
use crate::{moderation::Workbench, runtime::Clock};

/// Writes a result. A reader that went away (`parlour routes | head -1`) is no failure.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes why something was not done, as `parlour: ...`, each line so.
pub fn complain(said: &str) {
    let mut err = io::stderr().lock();
    for line in said.lines() {
        let _ = writeln!(err, "parlour: {line}");
    }
}

/// Says what is wrong with a command line and where help is.
pub fn misused(misuse: &Misuse) -> Exit {
    complain(&misuse.said);
    let topic = if misuse.topic.is_empty() { String::new() } else { format!(" {}", misuse.topic) };
    complain(&format!("`parlour help{topic}` explains"));
    Exit::Misused
}

/// Carries out `help`, `version` and `config`; `None` if something else was asked.
pub fn answer(asked: &Asked, environment: &Environment) -> Option<Exit> {
    let file = |given: &Option<std::path::PathBuf>| given.clone().or_else(|| asked.config.clone());
    match &asked.command {
        Command::Help { topic } => print(&help(topic)),
        Command::Version => print(&version(asked.json)),
        Command::ConfigExample => print(&config::example()),
        Command::ConfigMarkdown => print(&config::markdown()),
        Command::ConfigCheck { file: given } => {
            return Some(check(file(given).as_deref(), asked, environment));
        }
        Command::ConfigShow { file: given } => {
            return Some(show(file(given).as_deref(), asked, environment));
        }
        _ => return None,
    }
    Some(Exit::Done)
}

fn version(json: bool) -> String {
    let version = env!("CARGO_PKG_VERSION");
    if json { format!("{{\"version\":\"{version}\"}}\n") } else { format!("parlour {version}\n") }
}

fn check(file: Option<&Path>, asked: &Asked, environment: &Environment) -> Exit {
    let loaded = config::load(file, asked.data.as_deref(), environment);
    let (exit, said) = match &loaded {
        Ok(loaded) if loaded.exists => match plugin_mistakes(loaded) {
            none if none.is_empty() => {
                (Exit::Done, format!("{}: all is well\n", loaded.file.display()))
            }
            mistakes => (Exit::Failed, mistakes.join("\n")),
        },
        Ok(loaded) => {
            (Exit::Done, format!("{} does not exist; the defaults hold\n", loaded.file.display()))
        }
        Err(fault) => (Exit::Failed, fault.to_string()),
    };
    if asked.json {
        let mistakes: Vec<&str> =
            if exit == Exit::Done { Vec::new() } else { said.lines().collect() };
        let json = serde_json::json!({ "ok": exit == Exit::Done, "mistakes": mistakes });
        print(&format!("{json}\n"));
    } else if exit == Exit::Done {
        print(&said);
    } else {
        complain(&said);
    }
    exit
}

/// What the plugins in the directory, loaded as a server would, do not take of their sections.
fn plugin_mistakes(loaded: &Loaded) -> Vec<String> {
    let settings = &loaded.resolved.moderation;
    if settings.plugins.values().all(|plugin| plugin.config.is_empty()) {
        return Vec::new();
    }
    match Workbench::open(settings.clone(), Clock::system()) {
        Ok(bench) => bench.configuration_mistakes(),
        Err(fault) => vec![fault.to_string()],
    }
}

fn show(file: Option<&Path>, asked: &Asked, environment: &Environment) -> Exit {
    match config::load(file, asked.data.as_deref(), environment) {
        Ok(loaded) if asked.json => print(&format!("{}\n", config::show_json(&loaded.values))),
        Ok(loaded) => print(&config::show(&loaded.values)),
        Err(fault) => {
            complain(&fault.to_string());
            return Exit::Failed;
        }
    }
    Exit::Done
}
