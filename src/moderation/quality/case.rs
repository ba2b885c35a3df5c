//! Labelled messages: JSON lines, read with suspicion. Judges nothing.
//!
//! `{"text", "lang", "level", "labels": [{"category", "start", "end", "message"?}], "history": [{"text",
//! "same_sender"?, "age_seconds"?}]?}`. Offsets are UTF-8 bytes, half open. `history` is newest first, and
//! `message` says in which text a label lies: 0 (or absent) is `text`, n is the n-th of `history`. A label
//! without `start` and `end` is about the whole message.

use std::{fs, ops::Range, path::Path};

use serde_json::Value;

/// Longest file of cases that is read.
const FILE_MAX_BYTES: u64 = 64 << 20;
/// Most cases of one set.
const CASES_MAX: usize = 1_000_000;
/// Longest earlier conversation of one case.
const HISTORY_MAX: usize = 64;

/// A message of which it is known what must be found in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelledCase {
    /// Where it was read, `file:line`.
    pub place: String,
    pub text: String,
    pub lang: String,
    /// How well it is disguised: `plain`, `obfuscated`, `words`, `split`, `distorted`, `innocent`.
    pub level: String,
    pub labels: Vec<Label>,
    /// Newest first.
    pub history: Vec<Past>,
}

/// What must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub category: String,
    /// 0 is the text, n is the n-th earlier message.
    pub message: usize,
    /// Bytes of that text; `None`: all of it.
    pub span: Option<Range<usize>>,
}

/// An earlier message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub text: String,
    pub same_sender: bool,
    pub age_seconds: u32,
}

/// Cases that are judged together.
#[derive(Clone, Debug, Default)]
pub struct CaseSet {
    /// The last part of the path, without an ending.
    pub name: String,
    pub cases: Vec<LabelledCase>,
}

// === impl LabelledCase ===

impl LabelledCase {
    /// Reads one line.
    ///
    /// # Errors
    /// What is wrong with it, without the place.
    pub fn read(line: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(line).map_err(|e| format!("is no JSON: {e}"))?;
        if !value.is_object() {
            return Err("is no JSON object".to_owned());
        }
        let mut case = Self {
            text: word(&value, "text")?,
            lang: word(&value, "lang")?,
            level: word(&value, "level")?,
            ..Self::default()
        };
        for past in list(&value, "history")? {
            case.history.push(Past {
                text: word(past, "text")?,
                same_sender: past.get("same_sender").is_none_or(|v| v.as_bool() != Some(false)),
                age_seconds: number(past, "age_seconds")?
                    .unwrap_or(0)
                    .try_into()
                    .unwrap_or(u32::MAX),
            });
        }
        if case.history.len() > HISTORY_MAX {
            return Err(format!("has more than {HISTORY_MAX} earlier messages"));
        }
        if value.get("labels").is_none() {
            return Err("has no `labels`; an innocent message has an empty list".to_owned());
        }
        for label in list(&value, "labels")? {
            let label = case.label(label)?;
            case.labels.push(label);
        }
        if case.level == "innocent" && !case.labels.is_empty() {
            return Err("is called innocent and has labels".to_owned());
        }
        Ok(case)
    }

    /// The text that a label is about: 0 is the message, n the n-th earlier one.
    #[must_use]
    pub fn text_of(&self, message: usize) -> Option<&str> {
        match message.checked_sub(1) {
            None => Some(&self.text),
            Some(n) => self.history.get(n).map(|past| past.text.as_str()),
        }
    }

    fn label(&self, value: &Value) -> Result<Label, String> {
        let category = word(value, "category")?;
        let message = number(value, "message")?.unwrap_or(0);
        let message = usize::try_from(message).unwrap_or(usize::MAX);
        let text = self.text_of(message).ok_or_else(|| {
            format!("has a label in message {message}, of {} earlier ones", self.history.len())
        })?;
        let span = match (number(value, "start")?, number(value, "end")?) {
            (None, None) => None,
            (Some(start), Some(end)) => {
                let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
                let span = at(start)..at(end);
                if text.get(span.clone()).is_none_or(str::is_empty) {
                    return Err(format!(
                        "has a label {start}..{end} that is empty, outside of the text or within a \
                         character"
                    ));
                }
                Some(span)
            }
            _ => return Err("has a label with only one of `start` and `end`".to_owned()),
        };
        Ok(Label { category, message, span })
    }
}

/// Reads a file of cases, or every `.jsonl` of a folder, without the folders in it.
///
/// # Errors
/// One sentence that begins with the file, and the line where there is one.
pub fn read_set(path: &Path) -> Result<CaseSet, String> {
    let sorry = |cause: std::io::Error| format!("{}: {cause}", path.display());
    let mut files = vec![path.to_owned()];
    if fs::metadata(path).map_err(sorry)?.is_dir() {
        files = fs::read_dir(path)
            .map_err(sorry)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|file| file.extension().is_some_and(|e| e == "jsonl") && !file.is_dir())
            .collect();
        files.sort();
    }
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = absolute.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut set = CaseSet { name, cases: Vec::new() };
    for file in files {
        read_file(&file, &mut set.cases)?;
    }
    if set.cases.is_empty() {
        return Err(format!("{}: holds no cases", path.display()));
    }
    Ok(set)
}

fn read_file(path: &Path, cases: &mut Vec<LabelledCase>) -> Result<(), String> {
    let wrong = |sentence: String| format!("{}: {sentence}", path.display());
    let about = fs::metadata(path).map_err(|e| wrong(e.to_string()))?;
    if !about.is_file() {
        return Err(wrong("is no file".to_owned()));
    }
    if about.len() > FILE_MAX_BYTES {
        let (has, most) = (about.len() >> 20, FILE_MAX_BYTES >> 20);
        return Err(wrong(format!("has {has} MiB; at most {most} MiB are read")));
    }
    let bytes = fs::read(path).map_err(|e| wrong(e.to_string()))?;
    for (n, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let place = format!("{}:{n}", path.display());
        let text = str::from_utf8(line).map_err(|_| format!("{place}: is not UTF-8"))?;
        let case = LabelledCase::read(text).map_err(|e| format!("{place}: {e}"))?;
        if cases.len() == CASES_MAX {
            return Err(format!("{place}: more than {CASES_MAX} cases"));
        }
        cases.push(LabelledCase { place, ..case });
    }
    Ok(())
}

fn word(value: &Value, key: &str) -> Result<String, String> {
    let word = value.get(key).and_then(Value::as_str);
    word.map(str::to_owned).ok_or_else(|| format!("has no text `{key}`"))
}

fn number(value: &Value, key: &str) -> Result<Option<u64>, String> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(number) => {
            let wrong = || format!("has a `{key}` that is no whole number from 0 on");
            number.as_u64().map(Some).ok_or_else(wrong)
        }
    }
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a [Value], String> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(list) => {
            let items = list.as_array().map(Vec::as_slice);
            items.ok_or_else(|| format!("has a `{key}` that is no list"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn wrong(line: &str, said: &str) {
        let error = LabelledCase::read(line).expect_err(line);
        assert!(error.contains(said), "{line}: {error}");
    }

    #[test]
    fn cases_are_read() {
        let case = LabelledCase::read(
            r#"{"text":"да 12","lang":"ru","level":"split","labels":[{"category":"phone","start":5,"end":7},
               {"category":"phone","start":0,"end":1,"message":1},{"category":"spam"}],
               "history":[{"text":"7","same_sender":true,"age_seconds":20},{"text":"x","same_sender":false}]}"#,
        )
        .expect("a case");
        let at = |message, span| Label { category: "phone".into(), message, span: Some(span) };
        assert_eq!(case.labels[..2], [at(0, 5..7), at(1, 0..1)]);
        assert_eq!((case.labels[2].category.as_str(), &case.labels[2].span), ("spam", &None));
        assert_eq!((case.history[0].age_seconds, case.history[1].same_sender), (20, false));
        assert_eq!((case.text_of(1), case.text_of(3)), (Some("7"), None));
    }

    #[test]
    fn what_is_wrong_is_said() {
        wrong("{", "is no JSON");
        wrong("[]", "is no JSON object");
        wrong(r#"{"text":1,"lang":"ru","level":"plain","labels":[]}"#, "`text`");
        wrong(r#"{"text":"a","lang":"ru","level":"plain"}"#, "no `labels`");
        wrong(r#"{"text":"a","lang":"ru","level":"plain","labels":{}}"#, "no list");
        let case = |label: &str| {
            format!(r#"{{"text":"да","lang":"ru","level":"plain","labels":[{label}]}}"#)
        };
        wrong(&case(r#"{"category":"phone","start":0}"#), "only one of");
        wrong(&case(r#"{"category":"phone","start":0,"end":1}"#), "within a character");
        wrong(&case(r#"{"category":"phone","start":2,"end":2}"#), "empty");
        wrong(
            &case(r#"{"category":"phone","start":0,"end":99999999999999999999}"#),
            "whole number",
        );
        wrong(&case(r#"{"category":"phone","start":-1,"end":2}"#), "whole number");
        wrong(&case(r#"{"category":"phone","start":0,"end":2,"message":1}"#), "of 0 earlier");
        wrong(&case(r#"{"start":0,"end":2}"#), "`category`");
        let innocent =
            r#"{"text":"a","lang":"ru","level":"innocent","labels":[{"category":"spam"}]}"#;
        wrong(innocent, "called innocent");
    }
}
