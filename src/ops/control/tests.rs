//! The control socket from both ends.

use std::{
    io::{Read as _, Write as _},
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    Answer, Client, Control, Handle, Request,
    place::Fault,
    words::{read_request, write_request},
};
use crate::{
    ops::scratch::Scratch,
    runtime::{Drain, Tasks},
};

#[derive(Clone)]
struct Echo;

impl Handle for Echo {
    async fn handle(&self, request: Request) -> Answer {
        match request {
            Request::KeyRevoke { id } => Err(format!("there is no key {id}")),
            other => serde_json::to_value(other).map_err(|error| error.to_string()),
        }
    }
}

/// Runs `client` on a thread of its own against a server in `directory`.
fn with_server(directory: &Path, client: impl FnOnce() + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (drain, tasks) = (Drain::default(), Tasks::default());
        let control = Control::listen(directory).unwrap();
        tasks.spawn("control socket", control.serve(Echo, drain.clone(), tasks.clone()));
        tokio::task::spawn_blocking(client).await.unwrap();
        drain.begin();
        assert_eq!(tasks.ended(Duration::from_secs(10)).await, 0);
    });
}

#[test]
fn requests_are_answered_in_turn() {
    let scratch = Scratch::new("control-turn");
    let directory = scratch.path().to_owned();
    let socket = directory.join("control.sock");
    with_server(scratch.path(), {
        let socket = socket.clone();
        move || {
            let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let mut client = Client::connect(&directory).unwrap().unwrap();
            let request = Request::KeyCreate { name: "ы\n".into(), scopes: vec!["sms".into()] };
            for _ in 0..3 {
                let answer = client.ask(&request).unwrap();
                assert_eq!(answer["name"], "ы\n");
            }
            let said = client.ask(&Request::KeyRevoke { id: "x".into() }).unwrap_err();
            assert_eq!(said.to_string(), "there is no key x");
            assert!(matches!(Control::listen(&directory), Err(Fault::Taken(_))));
        }
    });
    assert!(!socket.exists(), "the socket goes away with its server");
}

#[test]
fn hostile_lines_are_answered_and_end_nothing_else() {
    let scratch = Scratch::new("control-hostile");
    let directory = scratch.path().to_owned();
    with_server(scratch.path(), move || {
        let say = |bytes: &[u8]| {
            let mut stream = UnixStream::connect(directory.join("control.sock")).unwrap();
            let _ = stream.write_all(bytes);
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            answer
        };
        assert!(say(b"{\"op\":\"destroy\"}\n").contains("is not understood"));
        assert!(say(b"\xff\xfe\n").contains("is not understood"));
        assert!(say(&b"x".repeat(64 * 1024)).contains("one line of at most"));
        assert!(say(b"{\"op\":\"status\"}").contains("one line of at most"));
        assert_eq!(say(b""), "");
        assert_eq!(say(b"{\"op\":\"status\"}\n"), "{\"ok\":{\"op\":\"status\"}}\n");
    });
}

#[test]
fn no_server_is_no_fault_and_leftovers_are_replaced() {
    let scratch = Scratch::new("control-stale");
    assert!(Client::connect(scratch.path()).unwrap().is_none());
    assert!(Client::connect(&scratch.path().join("missing")).unwrap().is_none());
    let left = std::os::unix::net::UnixListener::bind(scratch.path().join("control.sock")).unwrap();
    drop(left);
    assert!(Client::connect(scratch.path()).unwrap().is_none());
    let directory = scratch.path().to_owned();
    with_server(scratch.path(), move || {
        let mut client = Client::connect(&directory).unwrap().unwrap();
        assert_eq!(client.ask(&Request::Status).unwrap()["op"], "status");
    });
}

#[test]
fn long_paths_work_too() {
    let scratch = Scratch::new("control-long");
    let directory: PathBuf = scratch.path().join("d".repeat(90)).join("e".repeat(90));
    std::fs::create_dir_all(&directory).unwrap();
    with_server(&directory.clone(), move || {
        let mut client = Client::connect(&directory).unwrap().unwrap();
        assert_eq!(client.ask(&Request::PluginList).unwrap()["op"], "plugin_list");
    });
}

#[test]
fn requests_survive_the_wire() {
    for request in [
        Request::Status,
        Request::KeyList,
        Request::PluginReload,
        Request::Check,
        Request::Backup { file: "/tmp/x y".into(), originals: false },
    ] {
        assert_eq!(read_request(&write_request(&request).unwrap()), Ok(request));
    }
}
