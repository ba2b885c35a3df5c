//! The two open parts of the configuration, whose names are not ours: categories of findings and the
//! tables of plugins, which become JSON. Checks no plugin's schema; the plugin does.

use std::fmt;

use serde_json::{Map, Number, Value as Tree};
use toml::de::{DeTable, DeValue};

use crate::domain::{id::Kind, moderation::Action};

/// What to do about one category of findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRule {
    pub kind: Kind,
    /// `None`: whatever the sender's role.
    pub role: Option<String>,
    pub category: String,
    pub action: Action,
}

/// A JSON object as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(String);

const DEPTH_MAX: usize = 16;

// === impl Json ===

impl Json {
    /// A table as JSON, without its member `without`; dates become texts.
    ///
    /// # Errors
    /// The rest of a sentence that begins with the table's name.
    pub fn from_table(table: &DeTable<'_>, without: &str) -> Result<Self, String> {
        let mut tree = object(table, 0)?;
        if let Tree::Object(map) = &mut tree {
            map.remove(without);
        }
        Ok(Self(tree.to_string()))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn object(table: &DeTable<'_>, depth: usize) -> Result<Tree, String> {
    let mut map = Map::new();
    for (name, value) in table {
        map.insert(name.get_ref().clone().into_owned(), tree(value.get_ref(), depth + 1)?);
    }
    Ok(Tree::Object(map))
}

fn tree(value: &DeValue<'_>, depth: usize) -> Result<Tree, String> {
    if depth > DEPTH_MAX {
        return Err(format!("is nested deeper than {DEPTH_MAX} levels"));
    }
    Ok(match value {
        DeValue::String(text) => Tree::String(text.clone().into_owned()),
        DeValue::Boolean(flag) => Tree::Bool(*flag),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(|number| Tree::Number(number.into()))
            .map_err(|_| "holds a number that is too large".to_owned())?,
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Tree::Number)
            .ok_or_else(|| "holds a number that JSON cannot hold".to_owned())?,
        DeValue::Datetime(date) => Tree::String(date.to_string()),
        DeValue::Array(values) => Tree::Array(
            values
                .iter()
                .map(|value| tree(value.get_ref(), depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => object(table, depth)?,
    })
}
