//! What a client's message consists of, read alike from JSON and `MessagePack`: scalars, and maps down
//! to the depth that the protocol has a use for. Everything else is read over without being kept.
//!
//! Stack and memory are bounded by [`DEPTH_MAX`], [`MEMBERS_MAX`] and the size of the message.

use std::fmt;

use serde::de::{
    Deserialize as _, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

use super::Encoding;

/// Maps within maps that are kept: the message, `resume`, `conversations`.
const DEPTH_MAX: u8 = 3;
/// How deep anything may nest that is read over.
const NESTING_MAX: usize = 64;
/// Members of one map.
const MEMBERS_MAX: usize = 256;

/// A piece of a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    Map(Vec<(String, Value)>),
    /// A list, raw bytes, or a map that is too deep to mean anything.
    Other,
}

impl Value {
    /// Reads exactly one value.
    ///
    /// # Errors
    /// A sentence for the client.
    pub(super) fn read(encoding: Encoding, bytes: &[u8]) -> Result<Self, String> {
        let seed = Reader { depth: 0 };
        match encoding {
            Encoding::Json => {
                let mut from = serde_json::Deserializer::from_slice(bytes);
                let value = seed.deserialize(&mut from).map_err(|error| error.to_string())?;
                from.end().map_err(|error| error.to_string())?;
                Ok(value)
            }
            Encoding::MessagePack => {
                let mut rest = bytes;
                let mut from = rmp_serde::Deserializer::new(&mut rest);
                from.set_max_depth(NESTING_MAX);
                let value = seed.deserialize(&mut from).map_err(|error| error.to_string())?;
                if rest.is_empty() { Ok(value) } else { Err("bytes after the message".into()) }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Reader {
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(u64::try_from(value).map_or(Value::Signed(value), Value::Unsigned))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(if value.is_finite() { Value::Float(value) } else { Value::Other })
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        IgnoredAny::deserialize(from)?;
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let depth = self.depth.saturating_add(1);
        if depth > DEPTH_MAX {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Other);
        }
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.len() >= MEMBERS_MAX {
                return Err(A::Error::custom(format_args!("more than {MEMBERS_MAX} members")));
            }
            members.push((name, map.next_value_seed(Self { depth })?));
        }
        Ok(Value::Map(members))
    }
}
