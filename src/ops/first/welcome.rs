//! What the first start tells the administrator, once. Everything in it works when pasted.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use super::{
    credentials::{Fresh, ROOM},
    place::{self, Fault},
};
use crate::ops::config::Resolved;

/// Where the text goes when standard output is a log.
const FILE: &str = "first-start.txt";

/// Prints what the first start made. Where standard output is kept as a log - under systemd - the text
/// goes into a file that only its owner reads instead, and its path is returned: a log is no place for
/// credentials.
///
/// # Errors
/// The file could not be written.
pub fn deliver(
    fresh: &Fresh,
    resolved: &Resolved,
    address: SocketAddr,
    to_log: bool,
) -> Result<Option<PathBuf>, Fault> {
    let text = welcome(fresh, resolved, address);
    if !to_log {
        // Nobody may be reading; that is no reason not to serve.
        let _ = io::stdout().lock().write_all(text.as_bytes());
        return Ok(None);
    }
    let path = resolved.data_dir.join(FILE);
    place::replace(&path, text.as_bytes(), 0o600)?;
    Ok(Some(path))
}

/// The one line of every later start.
#[must_use]
pub fn ready_line(addresses: &[SocketAddr], data_dir: &Path) -> String {
    let urls: Vec<String> = addresses.iter().map(|address| format!("http://{address}")).collect();
    format!(
        "parlour {} serves {} from {}",
        env!("CARGO_PKG_VERSION"),
        urls.join(", "),
        shown(data_dir).display()
    )
}

pub(super) fn welcome(fresh: &Fresh, resolved: &Resolved, address: SocketAddr) -> String {
    let at = reachable(address);
    let mut text = format!(
        "\nParlour is ready at http://{at}. This is shown once; keep what you need of it.\n\n  \
         data            {}\n  plugins         {}\n",
        shown(&resolved.data_dir).display(),
        shown(&resolved.moderation.dir).display()
    );
    if let Some(key) = &fresh.service_key {
        let _ = writeln!(text, "  service key     {key}");
    }
    if let Some((user, password)) = &fresh.admin {
        let _ = writeln!(text, "  administrator   {user}, password {password}");
    }
    if let Some(token) = &fresh.token {
        let _ =
            writeln!(text, "  token to try    {token}\n                  (room {ROOM}, one day)");
        listen(&mut text, at, token);
    }
    if let Some(key) = &fresh.service_key {
        post(&mut text, at, key);
    }
    if let Some((user, password)) = &fresh.admin {
        let _ = writeln!(
            text,
            "\nLog in as administrator:\n\n  curl -sS -X POST http://{at}/api/auth/login \\\n    \
             -H 'Content-Type: application/json' \\\n    \
             -d '{{\"user\":\"{user}\",\"password\":\"{password}\"}}'"
        );
    }
    text.push_str(
        "\nMore: `parlour help`, `parlour token mint --user you --rooms demo`, `parlour doctor`.\n\n",
    );
    text
}

fn listen(text: &mut String, at: SocketAddr, token: &str) {
    let url = format!("ws://{at}/ws?token={token}");
    let _ = writeln!(
        text,
        "\nListen to the room, in a terminal of its own (wscat, websocat, or Node 20 alone):\n\n  \
         npx -y wscat -c '{url}' \\\n    \
         -x '{{\"op\":\"subscribe\",\"id\":1,\"conversation\":\"{ROOM}\"}}' -w 3600\n\n  \
         echo '{{\"op\":\"subscribe\",\"id\":1,\"conversation\":\"{ROOM}\"}}' | websocat -n '{url}'\n\n  \
         node --experimental-websocket -e 'const s=new WebSocket(\"{url}\");\
         s.onopen=()=>s.send(`{{\"op\":\"subscribe\",\"id\":1,\"conversation\":\"{ROOM}\"}}`);\
         s.onmessage=e=>console.log(e.data)'"
    );
}

fn post(text: &mut String, at: SocketAddr, key: &str) {
    let _ = writeln!(
        text,
        "\nPost to it as your back end would, and read it again:\n\n  \
         curl -sS -X POST http://{at}/api/sms/new-message \\\n    \
         -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n    \
         -d '{{\"room\":\"{ROOM}\",\"message\":{{\"id\":1,\"text\":\"Hello!\",\"from\":\"user_1\"}}}}'\n\n  \
         curl -sS -H 'Authorization: Bearer {key}' http://{at}/api/sms/rooms/{ROOM}/messages"
    );
}

/// An address that means all of a machine's is reached by its loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn shown(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
