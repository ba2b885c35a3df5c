//! The real executable, started in a place of its own and never left behind.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, OpenOptions},
    net::SocketAddr,
    os::{fd::OwnedFd, unix::fs::DirBuilderExt},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{OnceLock, mpsc},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{
    Http, Patience, Reply, Request,
    cli::{Ran, clean, run},
    pause_ms,
    place::Place,
    token::SECRET,
};

/// Debug builds on a busy machine compile plugins slowly; nobody waits this long in the good case.
const START_MAX_S: u64 = 120;

/// How a server is to be started.
pub(crate) struct Setup {
    place: Place,
    env: Vec<(String, String)>,
    wrapper: Vec<OsString>,
    /// `None`: no arguments at all, as somebody starts it who just downloaded it.
    args: Option<Vec<OsString>>,
    stdin: Option<OwnedFd>,
}

impl Setup {
    /// A server with the product's own plugins.
    pub(crate) fn moderated() -> Self {
        let place = Place::new();
        let env = vec![];
        let setup = Self { place, env, wrapper: vec![], args: Some(vec![]), stdin: None };
        setup
            .env("PARLOUR_LISTEN", "127.0.0.1:0")
            .env("PARLOUR_AUTH__SECRET", SECRET)
            .env("PARLOUR_STORAGE__BALLAST_BYTES", "0")
            .env("PARLOUR_SHUTDOWN_GRACE_S", "10")
            .env("PARLOUR_LIMITS__FAILURES_MAX", "100000")
            .env("PARLOUR_LOG", "info")
    }

    /// A server whose administrator removed every plugin, which starts faster.
    pub(crate) fn bare() -> Self {
        let setup = Self::moderated();
        let plugins = setup.plugins();
        fs::create_dir_all(&plugins).expect("a directory for plugins");
        let data = setup.place.data();
        DirBuilder::new().mode(0o700).create(&data).expect("a data directory");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/dist");
        let names = fs::read_dir(shipped).into_iter().flatten().flatten().map(|e| e.file_name());
        // Where this record names a plugin whose file is gone, it stays gone.
        let removed: Vec<String> =
            names.map(|name| format!("removed  {}\n", name.to_string_lossy())).collect();
        fs::write(data.join("builtin-plugins.sha256"), removed.concat()).expect("a record");
        let plugins = plugins.to_str().expect("a path in UTF-8").to_owned();
        setup.env("PARLOUR_MODERATION__DIR", &plugins)
    }

    /// Sets a configuration value by its variable, or changes it.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.put_env(name, value);
        self
    }

    /// The same for a server that will be started again.
    pub(crate) fn put_env(&mut self, name: &str, value: &str) {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.into(), value.into()));
    }

    /// Takes a variable out again.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.drop_env(name);
        self
    }

    /// The same for a server that will be started again.
    pub(crate) fn drop_env(&mut self, name: &str) {
        self.env.retain(|(known, _)| known != name);
    }

    /// Puts a command in front of the executable, such as a tracer.
    pub(crate) fn wrapped(mut self, words: &[&str]) -> Self {
        self.put_wrapper(words);
        self
    }

    /// The same for a server that will be started again.
    pub(crate) fn put_wrapper(&mut self, words: &[&str]) {
        self.wrapper = words.iter().map(Into::into).collect();
    }

    /// Starts with this configuration file.
    pub(crate) fn config(mut self, text: &str) -> Self {
        let path = self.place.join("parlour.toml");
        fs::write(&path, text).expect("a configuration file");
        self.args = Some(vec!["--config".into(), path.into()]);
        self
    }

    /// Starts without arguments in the directory of the test; its data are in `./data` there.
    pub(crate) fn without_arguments(mut self) -> Self {
        self.args = None;
        self
    }

    /// Gives it this as its standard input, for the wrapper to hand on.
    pub(crate) fn stdin(mut self, stdin: OwnedFd) -> Self {
        self.stdin = Some(stdin);
        self
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn envs(&self) -> &[(String, String)] {
        &self.env
    }

    /// The directory of plugins of a bare server.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.place.join("plugins")
    }

    /// Starts it and waits until it is ready.
    #[track_caller]
    pub(crate) fn start(self) -> Server {
        let mut server = Server { setup: self, child: None, address: None, key: String::new() };
        server.start();
        let made = server.run(&["key", "create", "--name", "tests", "--format", "json"]).json();
        let key = made["key"].as_str().unwrap_or_else(|| panic!("no key in {made}"));
        key.clone_into(&mut server.key);
        server
    }

    /// Starts it without waiting for it; for those that must not come up.
    #[track_caller]
    pub(crate) fn spawn(self) -> Server {
        let mut server = Server { setup: self, child: None, address: None, key: String::new() };
        server.spawn();
        server
    }
}

/// A running server. It is killed when this goes.
pub(crate) struct Server {
    setup: Setup,
    child: Option<Child>,
    address: Option<SocketAddr>,
    key: String,
}

impl Server {
    #[track_caller]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address.expect("a server that is ready")
    }

    /// A service key for the bridge.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn setup(&self) -> &Setup {
        &self.setup
    }

    pub(crate) fn setup_mut(&mut self) -> &mut Setup {
        &mut self.setup
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.setup.place.data()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running server").id()
    }

    /// Starts it again in the same place and waits until it is ready.
    #[track_caller]
    pub(crate) fn start(&mut self) {
        if let Err(problem) = self.try_start() {
            panic!("{problem}");
        }
    }

    #[track_caller]
    pub(crate) fn spawn(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let _ = fs::remove_file(self.data().join("listen"));
        self.address = None;
        let mut words: Vec<OsString> = vec![];
        if Path::new("/usr/bin/setpriv").exists() {
            // The kernel ends the server when the test that started it dies in whatever way.
            words.extend(["/usr/bin/setpriv", "--pdeathsig", "KILL"].map(Into::into));
        }
        words.extend(self.setup.wrapper.iter().cloned());
        words.push(env!("CARGO_BIN_EXE_parlour").into());
        if let Some(args) = &self.setup.args {
            words.extend(["serve".into(), "--data".into(), self.data().into()]);
            words.extend(args.iter().cloned());
        }
        let mut command = clean(Command::new(&words[0]), &self.setup.env);
        command.args(&words[1..]).current_dir(self.setup.place.path());
        if let Some(stdin) = &self.setup.stdin {
            command.stdin(Stdio::from(stdin.try_clone().expect("a descriptor")));
        }
        command.stdout(self.append("out.log")).stderr(self.append("err.log"));
        self.child = Some(command.spawn().unwrap_or_else(|e| panic!("{words:?}: {e}")));
    }

    /// Starts it; the error is what it said when it did not come up.
    pub(crate) fn try_start(&mut self) -> Result<(), String> {
        self.spawn();
        let patience = Patience::seconds(START_MAX_S);
        loop {
            if let Some(status) = self.ended() {
                self.child = None;
                return Err(format!("it ended with {status} while starting:\n{}", self.log()));
            }
            if self.is_ready() {
                return Ok(());
            }
            if patience.is_over() {
                return Err(format!("not ready after {START_MAX_S} s:\n{}", self.log()));
            }
            pause_ms(10);
        }
    }

    /// Whether it answers `/readyz` with 200 by now.
    pub(crate) fn is_ready(&mut self) -> bool {
        let Some(address) = self.listed_address() else { return false };
        let asked =
            Http::try_connect(address).and_then(|mut http| http.try_send(&Request::get("/readyz")));
        let ready = asked.is_ok_and(|reply| reply.status == 200);
        if ready {
            self.address = Some(address);
        }
        ready
    }

    fn listed_address(&self) -> Option<SocketAddr> {
        let text = fs::read_to_string(self.data().join("listen")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    fn append(&self, name: &str) -> Stdio {
        let path = self.setup.place.join(name);
        let file = OpenOptions::new().create(true).append(true).open(path).expect("a log file");
        Stdio::from(file)
    }

    /// Everything it wrote so far, in all its runs.
    pub(crate) fn log(&self) -> String {
        self.out() + &fs::read_to_string(self.setup.place.join("err.log")).unwrap_or_default()
    }

    /// What it wrote to its standard output, in all its runs.
    pub(crate) fn out(&self) -> String {
        fs::read_to_string(self.setup.place.join("out.log")).unwrap_or_default()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut()?.try_wait().expect("a child")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.pid()).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(id, signal).expect("a signal delivered");
    }

    /// SIGKILL, and waits for the end.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub(crate) fn await_end(&mut self, seconds: u64) -> ExitStatus {
        let patience = Patience::seconds(seconds);
        loop {
            if let Some(status) = self.ended() {
                self.child = None;
                return status;
            }
            assert!(!patience.is_over(), "still running after {seconds} s:\n{}", self.log());
            pause_ms(5);
        }
    }

    /// SIGTERM, and waits for the orderly end.
    #[track_caller]
    pub(crate) fn terminate(&mut self) {
        self.signal(Signal::TERM);
        let status = self.await_end(30);
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }

    /// Runs a subcommand against the same data directory.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let data = self.data();
        let data = data.to_str().expect("a path in UTF-8");
        let mut words = args.to_vec();
        words.extend(["--data", data]);
        run(self.setup.place.path(), &self.setup.env, &words)
    }

    /// One request on a connection of its own.
    #[track_caller]
    pub(crate) fn ask(&self, request: &Request) -> Reply {
        Http::connect(self.address()).send(request)
    }

    /// Posts to the bridge with the key of the tests.
    #[track_caller]
    pub(crate) fn post(&self, route: &str, body: &Value) -> Reply {
        self.ask(&Request::post(&format!("/api/sms/{route}"), body).key(&self.key))
    }

    /// A new message in `room`; its seq.
    #[track_caller]
    pub(crate) fn say(&self, room: &str, text: &str) -> u64 {
        let body = serde_json::json!({"room": room, "message": {"text": text}});
        let reply = self.post("new-message", &body);
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["seq"].as_u64().expect("a seq")
    }

    /// The last seq of a room.
    #[track_caller]
    pub(crate) fn history_last(&self, room: &str) -> u64 {
        let target = format!("/api/sms/rooms/{room}/messages?limit=1");
        let reply = self.ask(&Request::get(&target).key(&self.key));
        reply.json()["last"].as_u64().unwrap_or_else(|| panic!("no last: {}", reply.text()))
    }

    /// The whole history of a room, page by page.
    #[track_caller]
    pub(crate) fn history(&self, room: &str) -> Vec<Value> {
        let mut http = Http::connect(self.address());
        let mut messages: Vec<Value> = vec![];
        loop {
            let after = messages.last().map_or(0, |m| m["seq"].as_u64().expect("a seq"));
            let target = format!("/api/sms/rooms/{room}/messages?after={after}&limit=200");
            let reply = http.send(&Request::get(&target).key(&self.key));
            assert_eq!(reply.status, 200, "{}", reply.text());
            let page = reply.json();
            messages.extend(page["messages"].as_array().expect("messages").iter().cloned());
            if page["more"] != true {
                return messages;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// One server, with the product's plugins, for all tests that leave it as it is; each uses rooms of
/// its own. It lives on a thread that never ends, so that the kernel takes it down with the tests.
pub(crate) fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let _ = sender.send(Setup::moderated().start());
            loop {
                std::thread::park();
            }
        });
        receiver.recv().expect("the shared server")
    })
}
