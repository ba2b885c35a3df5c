//! `parlour plugin run`: one text, in the context that is given, through one plugin file.

use std::{fs, io::Read as _};

use serde_json::Value;

use super::Trouble;
use crate::{
    domain::{
        id::{Kind, UserId},
        moderation::{Earlier, Inquiry},
    },
    moderation::{
        Workbench,
        workbench::{Surroundings, inquiry_of},
    },
    ops::{
        cli::{Exit, RunAsked},
        present,
        terminal::print,
    },
};

const TEXT_MAX_BYTES: u64 = 1 << 20;
/// Between two messages of `--history`, in seconds.
const APART_S: u32 = 30;
const KNOWN: [&str; 12] = [
    "languages",
    "default_region",
    "allowed_hosts",
    "kind",
    "conversation",
    "members",
    "sender",
    "role",
    "account_age_days",
    "messages_in_conversation",
    "edit",
    "history",
];

/// Runs it and prints what it finds.
///
/// # Errors
/// The context cannot be read, or the file is no good plugin, or it fails.
pub fn run(
    asked: &RunAsked,
    bench: &Workbench,
    around: &Surroundings,
    json: bool,
) -> Result<Exit, Trouble> {
    let text = match &asked.text {
        Some(text) => text.clone(),
        None => piped()?,
    };
    let mut inquiry = Inquiry {
        languages: around.languages.clone(),
        default_region: around.default_region.clone(),
        allowed_hosts: around.allowed_hosts.clone(),
        ..inquiry_of(text)
    };
    if let Some(context) = &asked.context {
        place(&mut inquiry, &read(context)?)?;
    }
    for text in &asked.history {
        let last = inquiry.history.last().map_or(0, |earlier| earlier.age_seconds);
        inquiry.history.push(Earlier {
            id: format!("earlier-{}", inquiry.history.len() + 1),
            age_seconds: last.saturating_add(APART_S),
            same_sender: true,
            role: inquiry.sender_role.clone(),
            text: text.clone(),
        });
    }
    let report = bench.run_file(&asked.file, &inquiry, asked.settings.as_deref())?;
    if json {
        print(&format!("{}\n", present::run_json(&report)));
    } else {
        print(&present::carets(&inquiry, &report));
    }
    Ok(Exit::Done)
}

fn piped() -> Result<String, Trouble> {
    let mut text = String::new();
    std::io::stdin().lock().take(TEXT_MAX_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// JSON as it is given, or of a file: `@context.json`.
fn read(context: &str) -> Result<Value, Trouble> {
    let wrong = |said: String| Trouble::from(format!("--context: {said}"));
    let text = match context.strip_prefix('@') {
        None => context.to_owned(),
        Some(file) => {
            let mut text = String::new();
            let file = fs::File::open(file).map_err(|e| wrong(format!("{file}: {e}")))?;
            let mut limited = file.take(TEXT_MAX_BYTES);
            limited.read_to_string(&mut text).map_err(|e| wrong(e.to_string()))?;
            text
        }
    };
    serde_json::from_str(&text).map_err(|e| wrong(format!("is no JSON: {e}")))
}

fn place(inquiry: &mut Inquiry, context: &Value) -> Result<(), Trouble> {
    let wrong = |key: &str, what: &str| Trouble::from(format!("--context: `{key}` is {what}"));
    let members = context.as_object().ok_or("--context: is no JSON object")?;
    for (key, value) in members {
        let text = || value.as_str().map(str::to_owned).ok_or_else(|| wrong(key, "no text"));
        let number = || {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| wrong(key, "no whole number"))
        };
        let texts = || {
            let items = value.as_array().ok_or_else(|| wrong(key, "no list of texts"))?;
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().ok_or_else(|| wrong(key, "no list of texts"))
        };
        match key.as_str() {
            "languages" => inquiry.languages = texts()?,
            "default_region" => inquiry.default_region = text()?,
            "allowed_hosts" => inquiry.allowed_hosts = texts()?,
            "kind" => {
                let kind = Kind::from_word(&text()?);
                inquiry.kind = kind.ok_or_else(|| wrong(key, "no kind of conversation"))?;
            }
            "conversation" => inquiry.conversation = text()?,
            "members" => inquiry.members = number()?,
            "sender" => {
                let sender = UserId::new(&text()?);
                inquiry.sender = sender.ok_or_else(|| wrong(key, "no id of a user"))?;
            }
            "role" => inquiry.sender_role = text()?,
            "account_age_days" => inquiry.account_age_days = number()?,
            "messages_in_conversation" => inquiry.messages_in_conversation = number()?,
            "edit" => {
                inquiry.edit = value.as_bool().ok_or_else(|| wrong(key, "not true or false"))?;
            }
            "history" => inquiry.history = history(value)?,
            _ => {
                let known = KNOWN.join(", ");
                let key = key.escape_debug();
                return Err(format!("--context: unknown key `{key}`; known: {known}").into());
            }
        }
    }
    Ok(())
}

/// As in a labelled message: newest first.
fn history(value: &Value) -> Result<Vec<Earlier>, Trouble> {
    const SAY: &str =
        "--context: `history` is a list of {\"text\", \"same_sender\", \"age_seconds\"}";
    let one = |(n, past): (usize, &Value)| {
        Some(Earlier {
            id: format!("earlier-{}", n + 1),
            age_seconds: match past.get("age_seconds") {
                None => APART_S,
                Some(age) => u32::try_from(age.as_u64()?).ok()?,
            },
            same_sender: past.get("same_sender").is_none_or(|same| same != &Value::Bool(false)),
            role: past.get("role").and_then(Value::as_str).unwrap_or("user").to_owned(),
            text: past.get("text")?.as_str()?.to_owned(),
        })
    };
    let items = value.as_array().ok_or(SAY)?;
    Ok(items.iter().enumerate().map(one).collect::<Option<Vec<_>>>().ok_or(SAY)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_context_is_put_in_place() {
        let mut inquiry = inquiry_of("x".to_owned());
        let context = json!({
            "kind": "room", "languages": ["fr"], "role": "operator", "members": 3, "edit": true,
            "history": [{ "text": "a", "age_seconds": 7 }, { "text": "b", "same_sender": false }],
        });
        place(&mut inquiry, &context).expect("a context");
        assert_eq!((inquiry.kind, inquiry.members, inquiry.edit), (Kind::Room, 3, true));
        assert_eq!((inquiry.history[0].age_seconds, inquiry.history[1].same_sender), (7, false));
        for (context, said) in [
            (json!([]), "no JSON object"),
            (json!({ "kid": "room" }), "unknown key `kid`"),
            (json!({ "kind": "rom" }), "no kind"),
            (json!({ "members": -1 }), "`members` is no whole number"),
            (json!({ "languages": [1] }), "no list of texts"),
            (json!({ "history": [{ "txt": "a" }] }), "`history` is a list"),
            (json!({ "sender": "" }), "no id"),
        ] {
            let error = place(&mut inquiry, &context).expect_err("wrong").to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
