//! The commands of the command line that need the data directory: a running server is asked over its
//! control socket; without one the store is opened here.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    authors::{self, Bookmark},
    cli::{Asked, Author, Command, Exit},
    config::{self, Environment, Loaded},
    control::{Client, Request},
    doctor,
    explain::{self, plugins},
    first, present,
    steward::{self, Keeper, kept},
    terminal::{complain, print},
    top::{self, Top},
};
use crate::{
    auth::{Auth, Mint},
    domain::{id::UserId, time::Millis},
    moderation::{Workbench, workbench::FileReport},
    runtime::Clock,
    store::{Store, backup},
};

type Trouble = Box<dyn std::error::Error>;

/// Carries out whatever does not serve.
pub fn run(asked: &Asked, environment: &Environment, hardened: &Result<(), String>) -> Exit {
    match try_run(asked, environment, hardened) {
        Ok(exit) => exit,
        Err(trouble) => {
            complain(&trouble.to_string());
            Exit::Failed
        }
    }
}

fn try_run(
    asked: &Asked,
    environment: &Environment,
    hardened: &Result<(), String>,
) -> Result<Exit, Trouble> {
    if asked.command == Command::Routes {
        print(&present::routes(asked.json));
        return Ok(Exit::Done);
    }
    #[cfg(feature = "conformance")]
    if let Command::Conformance { protocol, address } = asked.command {
        return super::conformance::run(protocol, address);
    }
    if let Command::Author(author) = &asked.command
        && let Some(done) = authors::run_anywhere(
            author,
            environment.search_path.as_deref(),
            &Clock::system(),
            asked.json,
        )
    {
        return done;
    }
    let loaded = config::load(asked.config.as_deref(), asked.data.as_deref(), environment)?;
    let job = Job { asked, loaded: &loaded, clock: Clock::system() };
    match &asked.command {
        Command::Init => job.init(),
        Command::TokenMint { user, rooms, ttl_s, role, name } => {
            job.mint(user, &rooms.join(" "), (role, name.as_deref()), *ttl_s)
        }
        Command::PluginCheck { file } => show_file(&job.workbench()?, file, asked.json),
        Command::Author(author) => job.author(author),
        Command::Doctor => job.doctor(hardened),
        Command::Restore { file } => job.restore(file),
        Command::Verify { file } => job.verify(file),
        Command::Top { once, interval } => {
            let top = Top { once: *once, interval: *interval, json: asked.json };
            top::run(top, job.data_dir(), &job.clock)
        }
        command => match request(command)? {
            Some(request) => job.ask(&request),
            None => Err("this command is not carried out here".into()),
        },
    }
}

/// The commands that a running server carries out.
fn request(command: &Command) -> Result<Option<Request>, Trouble> {
    Ok(Some(match command {
        Command::KeyCreate { name, scopes } => {
            Request::KeyCreate { name: name.clone(), scopes: scopes.clone() }
        }
        Command::KeyList => Request::KeyList,
        Command::KeyRevoke { id } => Request::KeyRevoke { id: id.clone() },
        Command::PluginList => Request::PluginList,
        Command::PluginReload => Request::PluginReload,
        Command::PluginApprove { file } => Request::PluginApprove { file: file.clone() },
        Command::PluginRevoke { file } => Request::PluginRevoke { file: file.clone() },
        Command::HeldList => Request::HeldList,
        Command::HeldRelease { number } => Request::HeldRelease { number: *number },
        Command::HeldDrop { number } => Request::HeldDrop { number: *number },
        Command::Ask(request) => request.clone(),
        Command::Status => Request::Status,
        Command::Check => Request::Check,
        Command::Backup { file, originals } => {
            Request::Backup { file: std::path::absolute(file)?, originals: *originals }
        }
        _ => return Ok(None),
    }))
}

struct Job<'a> {
    asked: &'a Asked,
    loaded: &'a Loaded,
    clock: Clock,
}

impl Job<'_> {
    fn data_dir(&self) -> &Path {
        &self.loaded.resolved.data_dir
    }

    /// Opens the store of a directory in which no server runs.
    fn open(&self) -> Result<(Store, Auth), Trouble> {
        let resolved = &self.loaded.resolved;
        first::prepare(self.loaded)?;
        let (store, _) = Store::open(&resolved.data_dir, resolved.store, |fault| {
            complain(&fault.to_string());
        })?;
        let auth = Auth::open(store.clone(), &resolved.auth_settings()?, self.clock.clone())?;
        Ok((store, auth))
    }

    fn ask(&self, request: &Request) -> Result<Exit, Trouble> {
        let answer = match Client::connect(self.data_dir())? {
            Some(mut client) => client.ask(request)?,
            None if *request == Request::PluginList => self.plugins()?,
            None if plugins::is_decision(request) => {
                first::prepare(self.loaded)?;
                plugins::decide(&self.loaded.resolved.moderation, request)?
            }
            None if steward::needs_server(request) => return Err(steward::NO_SERVER.into()),
            None => {
                let (store, auth) = self.open()?;
                kept(&store, &auth, request, self.clock.now())?
            }
        };
        match explain::human(request, &answer).filter(|_| !self.asked.json) {
            Some(text) => print(&text),
            None => self.show(&answer),
        }
        let failed = answer.get("ok").and_then(Value::as_bool) == Some(false);
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }

    /// What the plugin directory holds, where no server has loaded it.
    fn plugins(&self) -> Result<Value, Trouble> {
        let bench = self.workbench()?;
        let one = |path: &std::path::PathBuf| {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match bench.check_file(path) {
                Ok(report) => {
                    json!({ "file": file, "id": report.id, "version": report.version, "sha": report.sha, "state": "good", "reason": report.untrusted })
                }
                Err(reason) => json!({ "file": file, "state": "refused", "reason": reason }),
            }
        };
        Ok(Value::Array(bench.files()?.iter().map(one).collect()))
    }

    fn init(&self) -> Result<Exit, Trouble> {
        let made = first::prepare(self.loaded)?;
        let (_store, auth) = self.open()?;
        let fresh = first::credentials(&Keeper(&auth))?;
        let resolved = &self.loaded.resolved;
        let address = resolved.listen.first().copied();
        if let (Some(fresh), Some(address)) = (&fresh, address) {
            first::deliver(fresh, resolved, address, false)?;
        }
        if fresh.is_none() && !made.anything() {
            print(&format!("{}: everything is there already\n", resolved.data_dir.display()));
        }
        Ok(Exit::Done)
    }

    /// Needs the signing secret only, so that it works beside a running server.
    fn mint(
        &self,
        user: &str,
        rooms: &str,
        (role, name): (&str, Option<&str>),
        ttl_s: u64,
    ) -> Result<Exit, Trouble> {
        let user =
            UserId::new(user).ok_or("the user has 1 to 200 bytes and no control characters")?;
        let minter = crate::auth::Minter::new(&self.loaded.resolved.auth_settings()?)?;
        let now = self.clock.now();
        let token = minter.mint(&Mint { user: &user, rooms, role, name, ttl_s }, now)?;
        if self.asked.json {
            let expires_at = now.plus(ttl_s.saturating_mul(1000)).to_string();
            self.show(&json!({ "token": token, "user": user.as_str(), "expires_at": expires_at }));
        } else {
            print(&format!("{token}\n"));
        }
        Ok(Exit::Done)
    }

    fn workbench(&self) -> Result<Workbench, Trouble> {
        Ok(Workbench::open(self.loaded.resolved.moderation.clone(), self.clock.clone())?)
    }

    /// Carries out a command of a plugin author; what is stored comes from the running server, or from the
    /// store of a directory in which none runs.
    fn author(&self, author: &Author) -> Result<Exit, Trouble> {
        let since = match author {
            Author::Replay(asked) => authors::since(asked, self.clock.now()),
            _ => Millis(0),
        };
        let mut client = Client::connect(self.data_dir())?;
        let mut store = None;
        let mut pages = |after: Bookmark| -> Result<Value, Trouble> {
            if let Some(client) = &mut client {
                let Bookmark { conversation, seq } = after;
                return Ok(client.ask(&Request::Written { conversation, seq, since: since.0 })?);
            }
            if store.is_none() {
                store = Some(self.open()?.0);
            }
            let store = store.as_ref().ok_or("no store")?;
            Ok(authors::page(store, after, since)?)
        };
        authors::run(author, self.loaded, &self.clock, &mut pages, self.asked.json)
    }

    fn doctor(&self, hardened: &Result<(), String>) -> Result<Exit, Trouble> {
        let server_runs = Client::connect(self.data_dir())?.is_some();
        let plugins = self.plugin_health();
        let report = doctor::examine(&doctor::Patient {
            resolved: &self.loaded.resolved,
            clock: &self.clock,
            server_runs,
            sync_filter: hardened.clone(),
            plugins,
        });
        print(&if self.asked.json { format!("{}\n", report.json()) } else { report.human() });
        Ok(if report.failed() { Exit::Failed } else { Exit::Done })
    }

    fn plugin_health(&self) -> doctor::Plugins {
        match self.workbench().map_err(|trouble| trouble.to_string()).and_then(|bench| {
            let list = self.plugins().map_err(|trouble| trouble.to_string())?;
            Ok((bench.engine(), list))
        }) {
            Ok((engine, Value::Array(list))) => {
                let problem = |plugin: &Value| {
                    let reason = plugin.get("reason")?.as_str()?;
                    Some(format!("{}: {reason}", plugin.get("file")?.as_str()?))
                };
                let working = list
                    .iter()
                    .filter(|plugin| plugin.get("state") == Some(&json!("good")))
                    .count();
                doctor::Plugins {
                    engine,
                    working,
                    problems: list.iter().filter_map(problem).collect(),
                }
            }
            Ok(_) => doctor::Plugins::default(),
            Err(problem) => {
                doctor::Plugins { problems: vec![problem], ..doctor::Plugins::default() }
            }
        }
    }

    fn restore(&self, file: &Path) -> Result<Exit, Trouble> {
        let resolved = &self.loaded.resolved;
        let (header, counts) = backup::restore(file, &resolved.data_dir, &resolved.store)?;
        self.show(&json!({ "restored": resolved.data_dir, "made_at": header.created().to_string(), "rows": counts.rows, "attachments": counts.attachments }));
        Ok(Exit::Done)
    }

    fn verify(&self, file: &Path) -> Result<Exit, Trouble> {
        let (header, counts) = backup::verify(file)?;
        self.show(&json!({ "ok": true, "made_at": header.created().to_string(), "rows": counts.rows, "attachments": counts.attachments }));
        Ok(Exit::Done)
    }

    fn show(&self, answer: &Value) {
        show(answer, self.asked.json);
    }
}

fn show(answer: &Value, json: bool) {
    print(&if json { format!("{answer}\n") } else { super::table::table(answer) });
}

/// Loads a plugin file as a server would and prints what it is.
///
/// # Errors
/// Why no server would take it.
pub fn show_file(bench: &Workbench, file: &Path, json: bool) -> Result<Exit, Trouble> {
    let FileReport {
        bytes,
        sha,
        form,
        id,
        version,
        title,
        license,
        categories,
        languages,
        samples,
        untrusted,
    } = bench.check_file(file)?;
    let answer = json!({
        "file": file, "id": id, "version": version, "title": title, "license": license, "form": form, "bytes": bytes,
        "sha": sha, "categories": categories, "languages": languages, "samples": samples, "untrusted": untrusted,
    });
    show(&answer, json);
    Ok(Exit::Done)
}
