//! What a value of the configuration may be. Knows no key; only types, units and ranges.

use std::{fmt, net::SocketAddr};

use crate::{http::Cidr, ops::nearest::suggestion};

/// One value, as the file and the environment can spell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Whole(i64),
    Flag(bool),
    Texts(Vec<String>),
}

/// The type and range of a key.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text of at most 4096 bytes without control characters.
    Text,
    /// A path; relative ones are relative to the working directory. Empty: as the doc says.
    Path,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number, both ends allowed.
    Whole { min: i64, max: i64 },
    /// `true` or `false`.
    Flag,
    /// A list of texts; one text alone is a list of one.
    Texts,
    /// A list of words, each one of these.
    Words(&'static [&'static str]),
    /// A list of at least so many `address:port`; IPv6 in brackets.
    Addresses { min: usize },
    /// A list of IP addresses or networks (`10.0.0.0/8`).
    Networks,
    /// A list of web origins (`https://app.example`), or `*` alone.
    Origins,
}

const TEXT_MAX_BYTES: usize = 4096;
const LIST_MAX: usize = 256;

// === impl Shape ===

impl Shape {
    /// The type's name for people.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Word(words) => spelled(words, " or "),
            Self::Whole { min, max } => format!("{min} to {max}"),
            Self::Flag => "true or false".to_owned(),
            Self::Texts => "list of texts".to_owned(),
            Self::Words(words) => format!("list of {}", spelled(words, ", ")),
            Self::Addresses { .. } => "list of address:port".to_owned(),
            Self::Networks => "list of networks".to_owned(),
            Self::Origins => "list of origins".to_owned(),
        }
    }

    /// Whether `value` is allowed; a single text becomes a list where a list is meant.
    ///
    /// # Errors
    /// What is wrong, as the rest of a sentence that begins with the key.
    pub fn admit(self, value: Value) -> Result<Value, String> {
        let value = match (self.is_list(), value) {
            (true, Value::Text(text)) => Value::Texts(vec![text]),
            (_, value) => value,
        };
        match (self, &value) {
            (Self::Text | Self::Path, Value::Text(text)) => text_is_sane(text)?,
            (Self::Word(words), Value::Text(text)) => word_is_known(words, text)?,
            (Self::Whole { min, max }, Value::Whole(number)) => {
                if !(min..=max).contains(number) {
                    return Err(format!("must be from {min} to {max}, not {number}"));
                }
            }
            (Self::Flag, Value::Flag(_)) => {}
            (list, Value::Texts(texts)) if list.is_list() => list.admit_list(texts)?,
            (_, value) => {
                return Err(format!("must be {}, not {}", self.wanted(), value.type_name()));
            }
        }
        Ok(value)
    }

    /// Reads a value as an environment variable spells it: lists with commas, the rest bare.
    ///
    /// # Errors
    /// As [`Shape::admit`].
    pub fn admit_bare(self, text: &str) -> Result<Value, String> {
        let value = match self {
            Self::Whole { .. } => {
                Value::Whole(text.trim().parse().map_err(|_| format!("must be {}", self.wanted()))?)
            }
            Self::Flag => match text.trim() {
                "true" | "1" | "yes" | "on" => Value::Flag(true),
                "false" | "0" | "no" | "off" => Value::Flag(false),
                _ => return Err("must be true or false".to_owned()),
            },
            list if list.is_list() => Value::Texts(
                text.split(',')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ),
            _ => Value::Text(text.to_owned()),
        };
        self.admit(value)
    }

    fn is_list(self) -> bool {
        matches!(
            self,
            Self::Texts | Self::Words(_) | Self::Addresses { .. } | Self::Networks | Self::Origins
        )
    }

    fn wanted(self) -> String {
        match self {
            Self::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Self::Text | Self::Path => "a text in quotes".to_owned(),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Flag => "true or false".to_owned(),
            _ => "a list of texts".to_owned(),
        }
    }

    fn admit_list(self, texts: &[String]) -> Result<(), String> {
        if texts.len() > LIST_MAX {
            return Err(format!("has {} entries, at most {LIST_MAX} are allowed", texts.len()));
        }
        if matches!(self, Self::Addresses { min } if texts.len() < min) {
            return Err("must name at least one address".to_owned());
        }
        for text in texts {
            text_is_sane(text)?;
            match self {
                Self::Words(words) => word_is_known(words, text)?,
                Self::Addresses { .. } => drop(address(text)?),
                Self::Networks => drop(network(text)?),
                Self::Origins => origin_is_sane(text)?,
                _ => {}
            }
        }
        Ok(())
    }
}

// === impl Value ===

impl Value {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Whole(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Texts(_) => "a list",
        }
    }
}

impl fmt::Display for Value {
    /// As TOML spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write_quoted(f, text),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Texts(texts) => {
                f.write_str("[")?;
                for (at, text) in texts.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    write_quoted(f, text)?;
                }
                f.write_str("]")
            }
        }
    }
}

/// An address to listen on.
///
/// # Errors
/// What is wrong with it.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("`{text}` is not an address and a port, such as `127.0.0.1:8080` or `[::]:8080`")
    })
}

/// A network or a single address.
///
/// # Errors
/// What is wrong with it.
pub fn network(text: &str) -> Result<Cidr, String> {
    Cidr::parse(text)
        .ok_or_else(|| format!("`{text}` is not an IP address or a network such as `10.0.0.0/8`"))
}

fn text_is_sane(text: &str) -> Result<(), String> {
    if text.len() > TEXT_MAX_BYTES {
        return Err(format!("is longer than {TEXT_MAX_BYTES} bytes"));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character".to_owned());
    }
    Ok(())
}

fn word_is_known(words: &[&'static str], text: &str) -> Result<(), String> {
    if words.contains(&text) {
        return Ok(());
    }
    let hint = suggestion(text, words.iter().copied());
    Err(format!("must be one of {}, not `{}`{hint}", quoted(words), text.escape_debug()))
}

fn origin_is_sane(text: &str) -> Result<(), String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = host.is_some_and(|host| {
        !host.is_empty() && !host.contains(|c: char| c == '/' || c == '*' || c.is_whitespace())
    });
    if plain || text == "*" {
        return Ok(());
    }
    Err(format!(
        "`{text}` is not an origin such as `https://app.example` (no path, no `/` at the end)"
    ))
}

fn quoted(words: &[&str]) -> String {
    words.iter().filter(|w| !w.is_empty()).map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

fn spelled(words: &[&str], between: &str) -> String {
    words.iter().filter(|w| !w.is_empty()).copied().collect::<Vec<_>>().join(between)
}

/// A TOML basic string.
fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_network() {
        for text in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "fd00::/129", "localhost"] {
            assert!(network(text).is_err(), "{text}");
        }
    }

    #[track_caller]
    fn bare(shape: Shape, text: &str, want: Result<Value, &str>) {
        assert_eq!(shape.admit_bare(text), want.map_err(str::to_owned));
    }

    #[test]
    fn reads_bare_values() {
        bare(Shape::Whole { min: 0, max: 9 }, "7", Ok(Value::Whole(7)));
        bare(Shape::Whole { min: 0, max: 9 }, "10", Err("must be from 0 to 9, not 10"));
        bare(Shape::Whole { min: 0, max: 9 }, "x", Err("must be a whole number from 0 to 9"));
        bare(Shape::Flag, "on", Ok(Value::Flag(true)));
        bare(Shape::Flag, "maybe", Err("must be true or false"));
        bare(Shape::Texts, "a, b,", Ok(Value::Texts(vec!["a".into(), "b".into()])));
        bare(Shape::Texts, "", Ok(Value::Texts(vec![])));
        bare(
            Shape::Word(&["sync", "interval"]),
            "snyc",
            Err("must be one of `sync`, `interval`, not `snyc`; did you mean `sync`?"),
        );
        bare(Shape::Addresses { min: 1 }, "", Err("must name at least one address"));
        bare(Shape::Addresses { min: 0 }, "", Ok(Value::Texts(vec![])));
        bare(
            Shape::Addresses { min: 1 },
            "localhost:80",
            Err("`localhost:80` is not an address and a port, such as `127.0.0.1:8080` or \
                 `[::]:8080`"),
        );
        bare(
            Shape::Origins,
            "https://a.example,http://localhost:3000",
            Ok(Value::Texts(vec!["https://a.example".into(), "http://localhost:3000".into()])),
        );
        assert!(Shape::Origins.admit_bare("https://a.example/").is_err());
        bare(Shape::Text, "a\nb", Err("has a control character"));
    }

    #[test]
    fn values_are_spelled_as_toml() {
        let value = Value::Texts(vec!["a\"b\\".into(), "ы".into()]);
        assert_eq!(value.to_string(), r#"["a\"b\\", "ы"]"#);
    }
}
