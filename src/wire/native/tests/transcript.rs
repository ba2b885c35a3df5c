//! Reading the dialogues of `tests/transcripts/native`, whose form is described beside them. Knows
//! nobody who speaks in them.

use std::path::Path;

use serde_json::Value;

use crate::wire::native::Encoding;

/// One file.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) encoding: Encoding,
    pub(crate) token: Option<String>,
    /// Where, the sign, and what follows it; tokens stand for themselves by their names.
    pub(crate) lines: Vec<(String, String, String)>,
}

impl Case {
    /// How long it takes, in seconds.
    pub(crate) fn seconds(&self) -> u64 {
        self.lines
            .iter()
            .filter(|(_, sign, _)| sign == "@")
            .map(|(place, _, rest)| rest.parse::<u64>().expect(place))
            .sum()
    }

    fn read(path: &Path) -> Self {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut case = Self { name, encoding: Encoding::Json, token: None, lines: Vec::new() };
        for (number, line) in (1..).zip(std::fs::read_to_string(path).unwrap().lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{}:{number}: {line}", case.name);
            let line = ["anna", "brief", "wrong"]
                .iter()
                .fold(line.to_owned(), |line, name| line.replace(&format!("${{{name}}}"), name));
            match line.split_once(' ').expect(&place) {
                ("encoding", "msgpack") => case.encoding = Encoding::MessagePack,
                ("encoding", "json") => {}
                ("token", name) => case.token = Some(name.to_owned()),
                (sign, rest) => case.lines.push((place, sign.to_owned(), rest.to_owned())),
            }
        }
        case
    }
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/native");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "the cases are where they should be");
    paths.iter().map(|path| Case::read(path)).collect()
}

/// Whether they are the same, where the transcript's `"*"` is everything.
pub(crate) fn matches(expected: &Value, heard: &Value) -> bool {
    match (expected, heard) {
        (Value::String(any), _) if any == "*" => true,
        (Value::Object(expected), Value::Object(heard)) => {
            expected.len() == heard.len()
                && expected
                    .iter()
                    .all(|(name, value)| heard.get(name).is_some_and(|heard| matches(value, heard)))
        }
        (Value::Array(expected), Value::Array(heard)) => {
            expected.len() == heard.len()
                && expected.iter().zip(heard).all(|(expected, heard)| matches(expected, heard))
        }
        _ => expected == heard,
    }
}
