//! Taking typed fields out of a message, with a sentence that names the field where one is wrong.

use super::{Id, value::Value};

/// The members that nobody asked for yet. What is left over at the end is ignored, so that newer
/// clients can speak to older servers.
pub(super) struct Fields(pub Vec<(String, Value)>);

impl Fields {
    /// The first member of that name; `null` counts as absent.
    fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(member, _)| member == name)?;
        match self.0.swap_remove(at).1 {
            Value::Null => None,
            value => Some(value),
        }
    }

    /// A string without control characters, not empty.
    pub(super) fn text(&mut self, name: &str, bytes_max: usize) -> Result<Option<String>, String> {
        match self.raw_text(name)? {
            None => Ok(None),
            Some(text) if text.is_empty() => Err(format!("{name}: must not be empty")),
            Some(text) if text.len() > bytes_max => {
                Err(format!("{name}: at most {bytes_max} bytes"))
            }
            Some(text) if text.chars().any(char::is_control) => {
                Err(format!("{name}: must not contain control characters"))
            }
            text => Ok(text),
        }
    }

    pub(super) fn required(&mut self, name: &str, bytes_max: usize) -> Result<String, String> {
        self.text(name, bytes_max)?.ok_or_else(|| format!("{name}: must be a non-empty string"))
    }

    /// Any string.
    pub(super) fn raw_text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(format!("{name}: must be a string")),
        }
    }

    /// A whole number from 0.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Unsigned(number)) => Ok(Some(number)),
            Some(_) => Err(format!("{name}: must be a whole number, 0 or more")),
        }
    }

    /// A seq that a log can hold.
    pub(super) fn position(&mut self, name: &str) -> Result<u64, String> {
        match self.number(name)? {
            Some(number) if number > 0 => Ok(number),
            _ => Err(format!("{name}: must be a whole number, 1 or more")),
        }
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(format!("{name}: must be true or false")),
        }
    }

    pub(super) fn map(&mut self, name: &str) -> Result<Option<Self>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Map(members)) => Ok(Some(Self(members))),
            Some(_) => Err(format!("{name}: must be an object")),
        }
    }

    pub(super) fn id(&mut self, name: &str, bytes_max: usize) -> Result<Option<Id>, String> {
        let id = match self.take(name) {
            None => return Ok(None),
            Some(Value::Unsigned(number)) => Id::Unsigned(number),
            Some(Value::Signed(number)) => Id::Signed(number),
            Some(Value::Float(number)) => Id::Float(number),
            Some(Value::Text(text)) if (1..=bytes_max).contains(&text.len()) => Id::Text(text),
            Some(_) => {
                return Err(format!(
                    "{name}: must be a number or a string of 1 to {bytes_max} bytes"
                ));
            }
        };
        Ok(Some(id))
    }
}
