//! Reading what strace(1) wrote with `-f -y`: which calls wrote the database, synced it, and wrote to a
//! socket, when each began and ended. The judgement about their order is here too, so that it can be
//! shown to fail.

use std::collections::HashMap;

/// One system call of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) what: What,
    /// Positions in the trace; equal when nothing else happened meanwhile.
    pub(crate) began: usize,
    pub(crate) ended: usize,
    /// The arguments as strace shows them.
    pub(crate) arguments: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    WroteDatabase,
    /// With success; a failed sync is none.
    SyncedDatabase,
    WroteSocket,
}

/// Reads a trace. `database` is how the database's path ends.
pub(crate) fn read(trace: &str, database: &str) -> Vec<Call> {
    let mut begun: HashMap<&str, (usize, String)> = HashMap::new();
    let mut calls = vec![];
    for (at, line) in trace.lines().enumerate() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(first) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(process, (at, first.to_owned()));
        } else if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((since, first)) = begun.remove(process) else { continue };
            let second = resumed.split_once("resumed>").map_or("", |(_, second)| second);
            calls.extend(call(&format!("{first}{second}"), since, at, database));
        } else {
            calls.extend(call(rest, at, at, database));
        }
    }
    calls
}

fn call(text: &str, began: usize, ended: usize, database: &str) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let (arguments, result) = arguments.rsplit_once(") ")?;
    let result = result.trim_start().strip_prefix('=')?.trim_start();
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let target = arguments.split_once('<')?.1;
    // Ends at the first `>` that closes the descriptor, as in `7</data/sled/db>, "..."`.
    let target =
        target.split_once(">,").map_or(target.trim_end().trim_end_matches('>'), |(path, _)| path);
    let writes = ["write", "writev", "pwrite64", "pwritev", "sendto", "sendmsg"].contains(&name);
    let what = if writes && target.ends_with(database) {
        What::WroteDatabase
    } else if writes && (target.starts_with("socket:") || target.starts_with("TCP")) {
        What::WroteSocket
    } else if ["fsync", "fdatasync"].contains(&name) && target.ends_with(database) {
        What::SyncedDatabase
    } else {
        return None;
    };
    Some(Call { what, began, ended, arguments: arguments.to_owned() })
}

/// For each marker that appears on a socket: its data were written to the database, then a sync began
/// and ended well, and only then did any socket see it. Returns how many were proven.
pub(crate) fn prove(calls: &[Call], markers: &[String]) -> Result<usize, String> {
    let mut proven = 0;
    for marker in markers {
        let seen = |call: &&Call, what: What| call.what == what && holds(&call.arguments, marker);
        let Some(told) = calls.iter().find(|call| seen(call, What::WroteSocket)) else { continue };
        let Some(wrote) = calls.iter().find(|call| seen(call, What::WroteDatabase)) else {
            return Err(format!("{marker} was told and never written"));
        };
        let synced = calls.iter().find(|call| {
            call.what == What::SyncedDatabase && call.began > wrote.ended && call.ended < told.began
        });
        if synced.is_none() {
            return Err(format!(
                "{marker}: written at {}, told at {}, and no sync between them",
                wrote.ended, told.began
            ));
        }
        proven += 1;
    }
    Ok(proven)
}

/// Whether the marker stands in the text as a whole word (`m-1` is not in `m-12`).
fn holds(text: &str, marker: &str) -> bool {
    text.match_indices(marker).any(|(at, _)| {
        let next = text[at + marker.len()..].chars().next();
        !next.is_some_and(|c| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
7  pwrite64(5</d/sled/db>, \"xx m-1 yy\", 9, 0) = 9\n\
8  sendto(9<socket:[44]>, \"other\", 5, 0, NULL, 0 <unfinished ...>\n\
7  fdatasync(5</d/sled/db> <unfinished ...>\n\
8  <... sendto resumed>) = 5\n\
7  <... fdatasync resumed>) = 0\n\
8  writev(9<socket:[44]>, [{iov_base=\"{m-1}\", iov_len=5}], 1) = 5\n";

    #[track_caller]
    fn check(trace: &str, expected: Result<usize, &str>) {
        let found = prove(&read(trace, "/sled/db"), &["m-1".to_owned()]);
        match expected {
            Ok(count) => assert_eq!(found, Ok(count)),
            Err(word) => {
                assert!(found.as_ref().is_err_and(|said| said.contains(word)), "{found:?}");
            }
        }
    }

    #[test]
    fn order_is_judged() {
        check(GOOD, Ok(1));
        check(
            &GOOD.replace("resumed>) = 0", "resumed>) = -1 EIO (Input/output error)"),
            Err("no sync"),
        );
        check(&GOOD.replace("fdatasync(5</d/sled/db>", "fdatasync(5</d/other>"), Err("no sync"));
        check(&GOOD.replace("xx m-1 yy", "xx m-12 y"), Err("never written"));
        check(&GOOD.replace("other", "{m-1}"), Err("no sync"));
        let lines: Vec<&str> = GOOD.lines().collect();
        let early = [lines[0], lines[5], lines[2], lines[4]].join("\n");
        check(&early, Err("no sync"));
        let late_write = [lines[2], lines[4], lines[0], lines[5]].join("\n");
        check(&late_write, Err("no sync"));
        check(&GOOD.replace("{m-1}", "{m-2}"), Ok(0));
    }
}
