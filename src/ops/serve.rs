//! Serving: builds every part in order, waits for signals, ends every part in the opposite order.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use serde_json::json;
use tokio::{net::TcpListener, sync::watch};

use super::{
    cli::{Asked, Exit},
    config::{self, Environment, Loaded, Resolved},
    control::Control,
    doctor, first,
    health::{Health, Limits},
    log,
    metrics::{Commits, Metrics, Sources},
    signals::{Signals, Wish},
    steward::{Keeper, Steward},
    systemd,
    terminal::{complain, print},
};
use crate::{
    auth::Auth,
    chat::Chat,
    gateway::{Frames, Gateway, LiveChat},
    http::{self, Front, Parts},
    moderation::Moderator,
    runtime::{Clock, Drain, Tasks, meters::Way},
    store::Store,
};

/// Where the addresses that the server listens on are written, one a line.
const ADDRESSES: &str = "listen";
/// How long the tasks behind the connections may take to finish once nobody asks them any more, and
/// how long if connections were cut that still hold on to them.
const JOBS_GRACE: Duration = Duration::from_secs(5);
const JOBS_GRACE_CUT: Duration = Duration::from_millis(300);

/// Why the server does not serve, in a sentence.
type Trouble = Box<dyn std::error::Error>;

/// Serves until a signal ends it.
pub fn run(asked: &Asked, environment: &Environment, hardened: &Result<(), String>) -> Exit {
    match prepare(asked, environment, hardened) {
        Ok(exit) => exit,
        Err(trouble) => {
            complain(&trouble.to_string());
            Exit::Failed
        }
    }
}

fn prepare(
    asked: &Asked,
    environment: &Environment,
    hardened: &Result<(), String>,
) -> Result<Exit, Trouble> {
    let loaded = config::load(asked.config.as_deref(), asked.data.as_deref(), environment)?;
    let resolved = &loaded.resolved;
    let logs = log::start(&resolved.log_filter, resolved.log_format, environment)?;
    first::prepare(&loaded)?;
    if let Err(why) = hardened {
        tracing::warn!(
            why,
            "the sync filter is not installed; the server's own sync after each group still holds"
        );
    }
    let sockets = systemd::sockets(&resolved.listen)?;
    let monitors = systemd::own_sockets(&resolved.metrics_listen)?;
    doctor::raise_open_files(resolved);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .thread_name("parlour")
        .enable_all()
        .build()?;
    let exit = runtime.block_on(async {
        let listeners = sockets.into_iter().map(TcpListener::from_std).collect::<Result<_, _>>()?;
        let monitors = monitors.into_iter().map(TcpListener::from_std).collect::<Result<_, _>>()?;
        let server = Server::build(&loaded, environment, (listeners, monitors))?;
        server.serve(asked, environment, &logs).await
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    exit
}

/// One thread for the connections on a small machine, where the committer and moderation need the
/// other core; one core is left to them on a larger one.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1))
}

/// Everything that runs.
struct Server {
    resolved: Resolved,
    store: Store,
    auth: Auth,
    moderator: Moderator,
    chat: Chat,
    gateway: Gateway<LiveChat>,
    metrics: Metrics,
    addresses: Vec<SocketAddr>,
    /// Where monitoring is answered without a key.
    monitors: Vec<SocketAddr>,
    /// What the first start made, if this is one.
    fresh: Option<first::Fresh>,
    signals: Signals,
    /// What must end before the chat may: listeners and connections.
    outer: Tasks,
    jobs: Tasks,
    drain: Drain,
    jobs_drain: Drain,
    /// Turns true when the store cannot go on.
    fatal: watch::Receiver<bool>,
}

impl Server {
    fn build(
        loaded: &Loaded,
        environment: &Environment,
        (listeners, monitors): (Vec<TcpListener>, Vec<TcpListener>),
    ) -> Result<Self, Trouble> {
        let resolved = loaded.resolved.clone();
        let (clock, drain, jobs_drain) = (Clock::system(), Drain::default(), Drain::default());
        let (outer, jobs) = (Tasks::default(), Tasks::default());
        let signals = Signals::take()?;
        let (store, fatal) = open_store(&resolved)?;
        let (commits, watcher) = Commits::new(clock.clone());
        store.observe(watcher);
        let auth = Auth::open(store.clone(), &resolved.auth_settings()?, clock.clone())?;
        let fresh = first::credentials(&Keeper(&auth))?;
        let moderator = Moderator::open(resolved.moderation.clone(), &clock)?;
        let chat = Chat::start(
            store.clone(),
            moderator.clone(),
            Arc::new(Frames),
            resolved.chat.clone(),
            clock.clone(),
            (&jobs, jobs_drain.clone()),
        );
        let live = LiveChat::new(chat.through(Way::WebSocket), auth.clone());
        let gateway = Gateway::new(live, resolved.gateway.clone(), clock.clone(), outer.clone());
        let metrics = Metrics::new(Sources {
            health: Health {
                store: store.clone(),
                moderator: moderator.clone(),
                chat: chat.clone(),
                drain: drain.clone(),
                clock: clock.clone(),
                limits: Limits {
                    free_floor_bytes: resolved.store.free_floor_bytes,
                    moderation_queue_max: resolved.moderation.queue_max,
                },
                started: Arc::default(),
            },
            commits,
            gateway: gateway.clone(),
            http: Arc::default(),
            started_at: clock.now(),
            store_size: Mutex::default(),
        });
        let control = Control::listen(&resolved.data_dir)?;
        let server = Self {
            addresses: addresses(&listeners)?,
            monitors: addresses(&monitors)?,
            metrics,
            resolved,
            store,
            auth,
            moderator,
            chat,
            gateway,
            fresh,
            signals,
            outer,
            jobs,
            drain,
            jobs_drain,
            fatal,
        };
        let front = server.front(&clock);
        http::serve(&front, listeners, &server.drain);
        http::serve_monitoring(&front, monitors, &server.drain);
        let steward = server.steward(clock);
        server
            .outer
            .spawn("control", control.serve(steward, server.drain.clone(), server.outer.clone()));
        announce(&server.resolved.data_dir, &server.addresses)?;
        server.metrics.health().started.store(true, Ordering::Release);
        server.greet(environment)?;
        Ok(server)
    }

    fn front(&self, clock: &Clock) -> Arc<Front> {
        let (metrics, health) = (self.metrics.clone(), self.metrics.health().clone());
        Front::new(Parts {
            settings: self.resolved.http.clone(),
            auth: self.auth.clone(),
            chat: Arc::new(self.chat.through(Way::Http)),
            upgrade: http::upgrade(self.gateway.clone()),
            socketio: http::socketio(self.gateway.clone()),
            ready: Box::new(move || health.readiness()),
            meters: metrics.http().clone(),
            scrape: Box::new(move || {
                let metrics = metrics.clone();
                Box::pin(async move { metrics.page().await.map(|page| page.to_string()) })
            }),
            clock: clock.clone(),
            tasks: self.outer.clone(),
        })
    }

    fn steward(&self, clock: Clock) -> Steward {
        let (chat, gateway, moderator) =
            (self.chat.clone(), self.gateway.clone(), self.moderator.clone());
        let shown = |addresses: &[SocketAddr]| {
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let (addresses, monitors) = (shown(&self.addresses), shown(&self.monitors));
        let status = move || {
            let (conversations, waiting) = chat.load();
            let connections: serde_json::Map<_, _> = gateway
                .connections()
                .into_iter()
                .map(|(name, count)| (name.to_owned(), json!(count)))
                .collect();
            json!({
                "version": env!("CARGO_PKG_VERSION"),
                "listen": addresses,
                "metrics_listen": monitors,
                "connections": connections,
                "conversations_in_memory": conversations,
                "commands_waiting": waiting,
                "moderation": { "engine": moderator.engine(), "waiting": moderator.waiting(), "problems": moderator.health() },
            })
        };
        Steward {
            store: self.store.clone(),
            auth: self.auth.clone(),
            moderator: self.moderator.clone(),
            chat: self.chat.clone(),
            clock,
            status: Arc::new(status),
            metrics: self.metrics.clone(),
        }
    }

    /// Says that the server serves: to the administrator, the log and systemd.
    fn greet(&self, environment: &Environment) -> Result<(), Trouble> {
        let line = first::ready_line(&self.addresses, &self.resolved.data_dir);
        let to_log = log::stdout_is_journal(environment);
        match (&self.fresh, self.addresses.first()) {
            (Some(fresh), Some(address)) => {
                if let Some(path) = first::deliver(fresh, &self.resolved, *address, to_log)? {
                    tracing::info!(path = %path.display(), "this is the first start: how to use it is in this file");
                }
            }
            _ if to_log => tracing::info!(engine = self.moderator.engine(), "{line}"),
            _ => print(&format!("{line}\n")),
        }
        systemd::ready(&line);
        Ok(())
    }

    async fn serve(
        mut self,
        asked: &Asked,
        environment: &Environment,
        logs: &log::Logs,
    ) -> Result<Exit, Trouble> {
        let store = self.store.clone();
        let mut fatal = self.fatal.clone();
        let alive = systemd::keep_alive(|| store.failure().is_none());
        let mut alive = std::pin::pin!(alive);
        loop {
            tokio::select! {
                () = &mut alive => {}
                _ = fatal.wait_for(|fatal| *fatal) => return Ok(Exit::Failed),
                wish = self.signals.next() => match wish {
                    Wish::Stop => break,
                    Wish::Reload => tokio::select! {
                        () = &mut alive => {}
                        () = self.reload(asked, environment, logs) => {}
                    },
                },
            }
        }
        let mut impatience = std::mem::replace(&mut self.signals, Signals::take()?);
        tokio::select! {
            () = &mut alive => Ok(Exit::Failed),
            () = impatience.impatience() => {
                tracing::warn!("a second signal: ending at once");
                Ok(Exit::Failed)
            }
            exit = self.end() => Ok(exit),
        }
    }

    /// Reads configuration, keys and plugins again. What is wrong changes nothing.
    async fn reload(&self, asked: &Asked, environment: &Environment, logs: &log::Logs) {
        systemd::reloading();
        match config::load(asked.config.as_deref(), asked.data.as_deref(), environment) {
            Ok(loaded) => {
                let resolved = &loaded.resolved;
                if let Err(fault) = logs.set_filter(&resolved.log_filter) {
                    tracing::error!(%fault, "the log filter stays as it was");
                }
                let renewed = resolved.auth_settings().map_err(|fault| fault.to_string());
                let renewed = renewed
                    .and_then(|auth| self.auth.reload(&auth).map_err(|fault| fault.to_string()));
                if let Err(fault) = renewed {
                    tracing::error!(fault, "the keys for access tokens stay as they were");
                }
                self.chat.reconfigure(resolved.chat.clone());
                self.moderator.reconfigure(resolved.moderation.clone()).await;
                self.moderator.reload().await;
                tracing::info!(
                    "configuration and plugins are read again; listen, limits, cors, proxy, sms and storage count from the next start"
                );
            }
            Err(fault) => tracing::error!(%fault, "the configuration stays as it was"),
        }
        systemd::ready(&first::ready_line(&self.addresses, &self.resolved.data_dir));
    }

    /// Stops accepting, finishes what was asked, closes clients so that they come back, and closes
    /// the store last.
    async fn end(self) -> Exit {
        let grace = self.resolved.shutdown_grace;
        systemd::stopping(grace);
        tracing::info!(grace_s = grace.as_secs(), "stopping");
        self.drain.begin();
        self.gateway.drain();
        // A tenth of the time is kept for what comes after the connections.
        let left =
            self.outer.ended(grace.saturating_sub((grace / 10).min(Duration::from_secs(1)))).await;
        if left > 0 {
            tracing::warn!(left, "connections were cut because they did not end in time");
        }
        self.jobs_drain.begin();
        let Self { store, jobs, chat, gateway, auth, moderator, metrics, resolved, .. } = self;
        drop((chat, gateway, auth, moderator, metrics));
        jobs.ended(if left == 0 { JOBS_GRACE } else { JOBS_GRACE_CUT }).await;
        let failed = store.failure().is_some();
        store.close();
        // Nobody should find an address where nobody listens.
        let _ = std::fs::remove_file(resolved.data_dir.join(ADDRESSES));
        tracing::info!("stopped");
        if failed { Exit::Failed } else { Exit::Done }
    }
}

/// Opens the store; the receiver turns true when it cannot go on.
fn open_store(resolved: &Resolved) -> Result<(Store, watch::Receiver<bool>), Trouble> {
    let (tell, fatal) = watch::channel(false);
    let (store, opening) = Store::open(&resolved.data_dir, resolved.store, move |fault| {
        tracing::error!(%fault, "the store cannot go on; the server ends so that it can be started again");
        tell.send_replace(true);
    })?;
    if opening.recovered {
        tracing::warn!(
            "the store was not closed in order; everything that was acknowledged is there"
        );
    }
    Ok((store, fatal))
}

fn addresses(listeners: &[TcpListener]) -> std::io::Result<Vec<SocketAddr>> {
    listeners.iter().map(TcpListener::local_addr).collect()
}

/// Writes down where the server listens, for scripts that let the system choose the port.
fn announce(data_dir: &Path, addresses: &[SocketAddr]) -> Result<(), Trouble> {
    let lines: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let text = lines.join("\n") + "\n";
    let fresh = data_dir.join(format!("{ADDRESSES}.new"));
    std::fs::write(&fresh, text)?;
    std::fs::rename(fresh, data_dir.join(ADDRESSES))?;
    Ok(())
}
