//! Reading and writing JSON without losing a byte: members with their values as they were written,
//! and objects put together from finished values. Knows no names of any dialect.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The members of one object in the order they came, values unread.
pub struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A member that is there more than once.
#[derive(Debug, PartialEq, Eq)]
pub struct Twice;

impl<'a> Members<'a> {
    /// `None` if `text` is no JSON object.
    pub fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The value of the only member of this name. `null` counts as absent.
    pub fn get(&self, name: &str) -> Result<Option<&'a str>, Twice> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        let value = found.next().map(|(_, value)| value.get());
        if found.next().is_some() {
            return Err(Twice);
        }
        Ok(value.filter(|value| *value != "null"))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Collect).map(Self)
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The values of an array, unread; `None` if `text` is no array.
pub fn array(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// A string's characters; `None` if `text` is no JSON string or names half a surrogate pair.
pub fn string(text: &str) -> Option<String> {
    serde_json::from_str(text).ok()
}

/// Whether objects and arrays in this (valid) JSON nest deeper than `levels`.
pub fn deeper_than(levels: usize, text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > levels {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// `text` as a JSON string.
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// An object under construction; members come out in the order they were added.
pub struct Object(String);

impl Object {
    pub fn new() -> Self {
        Self(String::from("{"))
    }

    /// A value that is JSON already.
    #[must_use]
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quote(name));
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.raw(name, &quote(text))
    }

    #[must_use]
    pub fn number(self, name: &str, number: u64) -> Self {
        self.raw(name, &number.to_string())
    }

    #[must_use]
    pub fn flag(self, name: &str, flag: bool) -> Self {
        self.raw(name, if flag { "true" } else { "false" })
    }

    #[must_use]
    pub fn done(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// An array of finished values.
pub fn list(values: impl IntoIterator<Item = String>) -> String {
    let mut text = String::from("[");
    for value in values {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&value);
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_bytes() {
        let members = Members::read(r#"{"a": 1.0e+02 ,"b":[ ],"a\u0062":"x","n":null}"#);
        let members = members.expect("an object");
        assert_eq!(members.get("a"), Ok(Some("1.0e+02")));
        assert_eq!(members.get("b"), Ok(Some("[ ]")));
        assert_eq!(members.get("ab"), Ok(Some("\"x\"")));
        assert_eq!(members.get("n"), Ok(None));
        assert_eq!(members.get("absent"), Ok(None));
        let twice = Members::read(r#"{"text":1,"t\u0065xt":2}"#).expect("an object");
        assert_eq!(twice.get("text"), Err(Twice));
        for wrong in ["", "[]", "{", "1", r#"{"a":1}x"#, r#"{"a":tru}"#, r#"{"\ud800":1}"#] {
            assert!(Members::read(wrong).is_none(), "{wrong}");
        }
    }

    #[track_caller]
    fn check_depth(text: &str, levels: usize) {
        assert!(!deeper_than(levels, text) && deeper_than(levels - 1, text), "{text}");
    }

    #[test]
    fn nesting_is_counted_outside_strings() {
        check_depth("{}", 1);
        check_depth(r#"{"a":[1,[2]],"b":{}}"#, 3);
        check_depth(r#"{"[[[[":"\"[[[\\"}"#, 1);
    }

    #[test]
    fn objects_are_put_together() {
        let inner = Object::new().done();
        let text =
            Object::new().text("a\"", "\u{1}я").number("n", 7).raw("o", &inner).flag("f", true);
        assert_eq!(text.done(), "{\"a\\\"\":\"\\u0001я\",\"n\":7,\"o\":{},\"f\":true}");
        assert_eq!(list(["1".into(), "2".into()]), "[1,2]");
        assert_eq!(list([]), "[]");
    }
}
