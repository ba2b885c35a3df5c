//! What a plugin lets an administrator configure: a small part of JSON Schema (draft 2020-12), read from
//! its manifest with suspicion and held against the configuration before the plugin sees it.
//!
//! Checked are `type`, `properties`, `required`, `additionalProperties`, `items`, `enum`, `minimum`,
//! `maximum`, `minLength`, `maxLength`, `minItems` and `maxItems`. Every other word is for people or for
//! the plugin itself, which may refuse more; patterns are never run here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::trouble::quoted;
use crate::domain::nearest::suggestion;

const DEPTH_MAX: usize = 16;
/// Keys and choices of one schema together with all schemas in it.
const WORDS_MAX: usize = 1024;
/// How many mistakes are told at a time.
const MISTAKES_MAX: usize = 8;

/// The schema of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Empty: any.
    types: Vec<Type>,
    properties: BTreeMap<String, Schema>,
    required: Vec<String>,
    additional: Additional,
    items: Option<Box<Schema>>,
    choices: Option<Vec<Value>>,
    range: (Option<f64>, Option<f64>),
    /// Characters.
    length: (Option<u64>, Option<u64>),
    items_count: (Option<u64>, Option<u64>),
}

/// What a key that is not listed may be.
#[derive(Clone, Debug, Default, PartialEq)]
enum Additional {
    #[default]
    Anything,
    Nothing,
    Like(Box<Schema>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Object,
    Array,
    Text,
    Integer,
    Number,
    Flag,
    Null,
}

const TYPES: [(&str, Type, &str); 7] = [
    ("object", Type::Object, "a table"),
    ("array", Type::Array, "a list"),
    ("string", Type::Text, "a text"),
    ("integer", Type::Integer, "a whole number"),
    ("number", Type::Number, "a number"),
    ("boolean", Type::Flag, "true or false"),
    ("null", Type::Null, "nothing"),
];

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// The rest of a sentence about it.
    pub fn read(schema: &Value) -> Result<Self, String> {
        let mut words = 0;
        read(schema, 0, &mut words)
    }

    /// The keys that it lists.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    /// Holds a configuration against it. The mistakes are sentences that begin with the key's full name
    /// below `path`; none quotes a value, which may be a secret.
    #[must_use]
    pub fn mistakes(&self, path: &str, config: &Value) -> Vec<String> {
        let mut mistakes = Vec::new();
        self.check(path, config, &mut mistakes);
        mistakes
    }

    fn check(&self, path: &str, value: &Value, mistakes: &mut Vec<String>) {
        if mistakes.len() >= MISTAKES_MAX {
            return;
        }
        if !self.types.is_empty() && !self.types.iter().any(|wanted| wanted.is_of(value)) {
            let wanted: Vec<&str> = self.types.iter().map(|wanted| wanted.name()).collect();
            mistakes.push(format!("{path}: must be {}, not {}", wanted.join(" or "), a(value)));
            return;
        }
        if let Some(choices) = self.choices.as_ref().filter(|choices| !choices.contains(value)) {
            mistakes.push(format!("{path}: {}", not_a_choice(choices, value)));
        }
        match value {
            Value::Object(members) => self.check_members(path, members, mistakes),
            Value::Array(items) => {
                within(path, self.items_count, items.len(), "entries", mistakes);
                if let Some(schema) = &self.items {
                    for (at, item) in items.iter().enumerate() {
                        schema.check(&format!("{path}[{at}]"), item, mistakes);
                    }
                }
            }
            Value::String(text) => {
                within(path, self.length, text.chars().count(), "characters", mistakes);
            }
            Value::Number(number) => self.check_number(path, number.as_f64(), mistakes),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn check_members(
        &self,
        path: &str,
        members: &serde_json::Map<String, Value>,
        mistakes: &mut Vec<String>,
    ) {
        for name in self.required.iter().filter(|name| !members.contains_key(*name)) {
            mistakes.push(format!("{}: is missing", below(path, name)));
        }
        for (name, value) in members {
            let path = below(path, name);
            match (self.properties.get(name), &self.additional) {
                (Some(schema), _) => schema.check(&path, value, mistakes),
                (None, Additional::Like(schema)) => schema.check(&path, value, mistakes),
                (None, Additional::Nothing) => {
                    let hint = suggestion(name, self.keys());
                    mistakes.push(format!("{path}: the plugin has no such key{hint}"));
                }
                (None, Additional::Anything) => {}
            }
            if mistakes.len() >= MISTAKES_MAX {
                return;
            }
        }
    }

    fn check_number(&self, path: &str, number: Option<f64>, mistakes: &mut Vec<String>) {
        let Some(number) = number else { return };
        let (min, max) = self.range;
        if let Some(min) = min.filter(|min| number < *min) {
            mistakes.push(format!("{path}: must be at least {min}"));
        }
        if let Some(max) = max.filter(|max| number > *max) {
            mistakes.push(format!("{path}: must be at most {max}"));
        }
    }
}

impl Type {
    fn is_of(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Object, Value::Object(_))
            | (Self::Array, Value::Array(_))
            | (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Flag, Value::Bool(_))
            | (Self::Null, Value::Null) => true,
            (Self::Integer, Value::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            _ => false,
        }
    }

    fn name(self) -> &'static str {
        TYPES.iter().find(|(_, of, _)| *of == self).map_or("", |(_, _, name)| name)
    }
}

fn read(schema: &Value, depth: usize, words: &mut usize) -> Result<Schema, String> {
    let members = match schema {
        Value::Object(members) => members,
        Value::Bool(true) => return Ok(Schema::default()),
        _ => return Err("is not an object".to_owned()),
    };
    if depth > DEPTH_MAX {
        return Err(format!("is nested deeper than {DEPTH_MAX} levels"));
    }
    let mut read_in = |schema: &Value| read(schema, depth + 1, words);
    let mut out = Schema::default();
    for (word, value) in members {
        let wrong = || format!("has a `{}` of the wrong form", quoted(word));
        match word.as_str() {
            "type" => out.types = types(value)?,
            "properties" => {
                for (name, inner) in value.as_object().ok_or_else(wrong)? {
                    out.properties.insert(name.clone(), read_in(inner)?);
                }
            }
            "required" => out.required = texts(value).ok_or_else(wrong)?,
            "additionalProperties" => {
                out.additional = match value {
                    Value::Bool(false) => Additional::Nothing,
                    Value::Bool(true) => Additional::Anything,
                    inner => Additional::Like(Box::new(read_in(inner)?)),
                }
            }
            "items" => out.items = Some(Box::new(read_in(value)?)),
            "enum" => out.choices = Some(value.as_array().ok_or_else(wrong)?.clone()),
            "minimum" => out.range.0 = Some(value.as_f64().ok_or_else(wrong)?),
            "maximum" => out.range.1 = Some(value.as_f64().ok_or_else(wrong)?),
            "minLength" => out.length.0 = Some(value.as_u64().ok_or_else(wrong)?),
            "maxLength" => out.length.1 = Some(value.as_u64().ok_or_else(wrong)?),
            "minItems" => out.items_count.0 = Some(value.as_u64().ok_or_else(wrong)?),
            "maxItems" => out.items_count.1 = Some(value.as_u64().ok_or_else(wrong)?),
            _ => {}
        }
    }
    *words += out.properties.len() + out.required.len() + out.choices.as_ref().map_or(0, Vec::len);
    if *words > WORDS_MAX {
        return Err(format!("has more than {WORDS_MAX} keys and choices"));
    }
    Ok(out)
}

fn types(value: &Value) -> Result<Vec<Type>, String> {
    let words = match value {
        Value::String(word) => vec![word.clone()],
        list => texts(list).ok_or("has a `type` that is neither a text nor a list of texts")?,
    };
    let one = |word: &String| {
        let found = TYPES.iter().find(|(known, ..)| known == word).map(|(_, of, _)| *of);
        found.ok_or_else(|| format!("has the unknown type \"{}\"", quoted(word)))
    };
    words.iter().map(one).collect()
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

fn within(
    path: &str,
    (min, max): (Option<u64>, Option<u64>),
    count: usize,
    unit: &str,
    mistakes: &mut Vec<String>,
) {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    if let Some(min) = min.filter(|min| count < *min) {
        mistakes.push(format!("{path}: must have at least {min} {unit}, not {count}"));
    }
    if let Some(max) = max.filter(|max| count > *max) {
        mistakes.push(format!("{path}: must have at most {max} {unit}, not {count}"));
    }
}

fn not_a_choice(choices: &[Value], value: &Value) -> String {
    const SHOWN_MAX: usize = 12;
    let plain = |choice: &Value| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned);
    let known: Vec<String> = choices.iter().map(plain).collect();
    let shown: Vec<String> =
        known.iter().take(SHOWN_MAX).map(|choice| format!("`{}`", quoted(choice))).collect();
    let more = if known.len() > SHOWN_MAX { ", ..." } else { "" };
    let hint = suggestion(value.as_str().unwrap_or_default(), known.iter().map(String::as_str));
    format!("must be one of {}{more}{hint}", shown.join(", "))
}

fn below(path: &str, name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = quoted(name);
    if !name.is_empty() && name.chars().all(bare) {
        format!("{path}.{name}")
    } else {
        format!("{path}.\"{name}\"")
    }
}

fn a(value: &Value) -> &'static str {
    match value {
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        value => TYPES.iter().find(|(_, of, _)| of.is_of(value)).map_or("", |(_, _, name)| name),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(config: &Value, expected: &[&str]) {
        let schema = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["mode"],
            "$comment": "what is not known here is left to the plugin",
            "properties": {
                "mode": { "enum": ["strict", "lenient", 7] },
                "words": { "type": "array", "maxItems": 5, "items": { "type": "string", "minLength": 2, "maxLength": 4 } },
                "share": { "type": "number", "minimum": 0, "maximum": 1.5 },
                "count": { "type": ["integer", "boolean"] },
                "by": { "type": "object", "additionalProperties": { "type": "integer" } },
                "any": { "pattern": "^(a+)+$" },
            }
        });
        let schema = Schema::read(&schema).expect("a schema");
        assert_eq!(schema.mistakes("plugin.x", config), expected);
    }

    #[test]
    fn a_mistake_names_the_key() {
        check(&json!({ "mode": "strict", "words": ["ab", "дом"], "share": 1, "count": true }), &[]);
        check(&json!({ "mode": 7, "by": { "ключ 1": 1 }, "any": [null], "count": 3.0 }), &[]);
        check(&json!({}), &["plugin.x.mode: is missing"]);
        check(
            &json!({ "mode": "strct", "words": ["ab", 3, "x", "abcde"] }),
            &[
                "plugin.x.mode: must be one of `strict`, `lenient`, `7`; did you mean `strict`?",
                "plugin.x.words[1]: must be a text, not a whole number",
                "plugin.x.words[2]: must have at least 2 characters, not 1",
                "plugin.x.words[3]: must have at most 4 characters, not 5",
            ],
        );
        check(
            &json!({ "mode": 7, "wrods": [] }),
            &["plugin.x.wrods: the plugin has no such key; did you mean `words`?"],
        );
        check(
            &json!({ "mode": 7, "share": 2, "count": 1.5, "by": { "a b": "x" } }),
            &[
                "plugin.x.share: must be at most 1.5",
                "plugin.x.count: must be a whole number or true or false, not a number with a fraction",
                "plugin.x.by.\"a b\": must be a whole number, not a text",
            ],
        );
        check(
            &json!({ "mode": 7, "words": ["aa", "aa", "aa", "aa", "aa", "aa"] }),
            &["plugin.x.words: must have at most 5 entries, not 6"],
        );
        check(&json!([]), &["plugin.x: must be a table, not a list"]);
    }

    #[test]
    fn the_mistakes_are_bounded_and_quote_no_value() {
        let words: Vec<Value> = (0..100).map(|n| json!(n)).collect();
        let schema = Schema::read(&json!({ "items": { "type": "string" } })).expect("a schema");
        let mistakes = schema.mistakes("p", &json!(words));
        assert_eq!(mistakes.len(), MISTAKES_MAX);
        let secret = Schema::read(&json!({ "enum": ["a"] })).expect("a schema");
        assert_eq!(secret.mistakes("p", &json!("s3cret")), ["p: must be one of `a`"]);
    }

    #[test]
    fn schemas_are_read_with_suspicion() {
        let read = |schema: &Value| Schema::read(schema).map(drop).unwrap_err();
        assert_eq!(read(&json!([])), "is not an object");
        assert_eq!(read(&json!({ "type": "strng" })), "has the unknown type \"strng\"");
        assert_eq!(read(&json!({ "properties": 1 })), "has a `properties` of the wrong form");
        assert_eq!(read(&json!({ "maxLength": -1 })), "has a `maxLength` of the wrong form");
        let mut deep = json!({});
        for _ in 0..20 {
            deep = json!({ "items": deep });
        }
        assert_eq!(read(&deep), "is nested deeper than 16 levels");
        let many: serde_json::Map<String, Value> =
            (0..2000).map(|n| (n.to_string(), json!({}))).collect();
        let many = json!({ "properties": many });
        assert_eq!(read(&many), "has more than 1024 keys and choices");
        assert_eq!(Schema::read(&json!(true)), Ok(Schema::default()));
    }
}
