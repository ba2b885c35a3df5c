//! Ids that others chose: numbers or strings, given back as they came.

use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

/// Names a request in its answer, or a message in a reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Id {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
}

/// An id by its characters; a number keeps its digits in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    pub text: &'a str,
    pub number: bool,
}

impl Serialize for Literal<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { text, number: true } = *self else { return to.serialize_str(self.text) };
        let Ok(number) = serde_json::from_str::<&RawValue>(text) else {
            return to.serialize_str(text);
        };
        if to.is_human_readable() { number.serialize(to) } else { as_value(text).serialize(to) }
    }
}

/// A caller's JSON object around a text that may have been changed: byte for byte in JSON,
/// the same members in `MessagePack`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<'a> {
    /// Up to the text's value, or all of it.
    pub before: &'a str,
    pub text: &'a str,
    /// What follows the text's value; `None` if there is no text in it.
    pub after: Option<&'a str>,
}

impl Object<'_> {
    fn json(&self) -> Result<String, serde_json::Error> {
        let Some(after) = self.after else { return Ok(self.before.to_owned()) };
        let text = serde_json::to_string(self.text)?;
        Ok([self.before, &text, after].concat())
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let json = self.json().map_err(S::Error::custom)?;
        if to.is_human_readable() {
            RawValue::from_string(json).map_err(S::Error::custom)?.serialize(to)
        } else {
            as_value(&json).serialize(to)
        }
    }
}

/// What `MessagePack` can say of a piece of JSON. Correct JSON may hold what no number or text of it
/// can (`1e400`, half a surrogate pair); such a piece arrives as its own text rather than not at all.
fn as_value(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap_or_else(|_| serde_json::Value::String(json.to_owned()))
}
