//! What may be asked over the control socket and how it is answered. Knows no socket.

use serde::{Deserialize, Serialize};

/// What the command line asks of a running server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Answer: whatever the server wants to tell about itself.
    Status,
    /// Answer: the figures of the server by family, each with labels and a value.
    Metrics,
    /// Answer: `{"id", "key"}`; the key is shown this once.
    KeyCreate {
        name: String,
        scopes: Vec<String>,
    },
    /// Answer: a list.
    KeyList,
    KeyRevoke {
        id: String,
    },
    /// Answer: a list.
    PluginList,
    PluginReload,
    /// By its name in the plugin directory.
    PluginApprove {
        file: String,
    },
    PluginRevoke {
        file: String,
    },
    /// Answer: the messages that moderation holds, the oldest first.
    HeldList,
    HeldRelease {
        number: u64,
    },
    HeldDrop {
        number: u64,
    },
    /// Answer: what each rule found so far, a list.
    PluginRules,
    /// Answer: everything about a plugin.
    PluginShow {
        id: String,
    },
    PluginSwitch {
        id: String,
        on: bool,
    },
    /// Answer: a list of what may be written.
    AllowList,
    Allow {
        text: String,
        may: bool,
    },
    /// Answer: the word about a conversation; it is set before if one is given.
    State {
        conversation: String,
        state: Option<String>,
    },
    /// By seq or id. Answer: why a message reads as it does.
    Explain {
        conversation: String,
        message: String,
    },
    ExplainHeld {
        number: u64,
    },
    /// Answer: what would become of a text.
    ExplainText {
        text: String,
        kind: String,
        state: Option<String>,
    },
    /// Answer: texts as they were written, after a place in the store and since a time.
    Written {
        conversation: u64,
        seq: u64,
        since: u64,
    },
    /// The path is absolute. Answer: what was written.
    Backup {
        file: std::path::PathBuf,
        originals: bool,
    },
    /// Answer: what was found.
    Check,
}

/// The result of a request, or a sentence why there is none.
pub type Answer = Result<serde_json::Value, String>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Done { ok: serde_json::Value },
    Failed { error: String },
}

/// A request is short.
pub(super) const REQUEST_MAX_BYTES: usize = 64 * 1024;
/// An answer may be a long list.
pub(super) const ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;

/// One line, with its end.
pub(super) fn write_request(request: &Request) -> Result<Vec<u8>, String> {
    line(serde_json::to_vec(request))
}

pub(super) fn read_request(line: &[u8]) -> Result<Request, String> {
    serde_json::from_slice(line).map_err(|error| format!("the request is not understood: {error}"))
}

pub(super) fn write_answer(answer: Answer) -> Result<Vec<u8>, String> {
    line(serde_json::to_vec(&match answer {
        Ok(ok) => Line::Done { ok },
        Err(error) => Line::Failed { error },
    }))
}

pub(super) fn read_answer(line: &[u8]) -> Answer {
    match serde_json::from_slice(line) {
        Ok(Line::Done { ok }) => Ok(ok),
        Ok(Line::Failed { error }) => Err(error),
        Err(error) => Err(format!("the server's answer is not understood: {error}")),
    }
}

fn line(json: serde_json::Result<Vec<u8>>) -> Result<Vec<u8>, String> {
    let mut line = json.map_err(|error| error.to_string())?;
    line.push(b'\n');
    Ok(line)
}
