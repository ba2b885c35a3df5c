//! What a key of the configuration is, and the keys with their kinds of conversation filled in. The
//! keys themselves are the list beside this.

use super::{keys, shape::Shape};
use crate::domain::id::Kind;

/// One key, or one key per kind of conversation where the path has a `*`.
#[derive(Debug)]
pub struct Key {
    /// Sections and name, joined by dots.
    pub path: &'static str,
    pub shape: Shape,
    /// As TOML spells it.
    pub default: Default,
    /// What it does, its unit, and what the ends of its range mean.
    pub doc: &'static str,
    /// Never shown.
    pub secret: bool,
}

#[derive(Debug)]
pub enum Default {
    One(&'static str),
    /// In the order of [`Kind::ALL`].
    PerKind([&'static str; 5]),
}

/// A key with its `*` replaced.
#[derive(Clone, Debug)]
pub struct Entry {
    pub path: String,
    pub default: &'static str,
    pub key: &'static Key,
}

/// A section's heading in the example file.
#[derive(Debug)]
pub struct Section {
    /// Without brackets; a `*` stands for each kind of conversation.
    pub name: &'static str,
    pub doc: &'static str,
}

/// Every key, in the order of the example file: where a section stands for each kind of
/// conversation, all its keys for one kind come before those for the next.
pub fn entries() -> impl Iterator<Item = Entry> {
    keys::KEYS.chunk_by(|left, right| left.section() == right.section()).flat_map(|group| {
        let kinds = if group.iter().any(Key::is_per_kind) { Kind::ALL.len() } else { 1 };
        let kinds = Kind::ALL.into_iter().enumerate().take(kinds);
        kinds.flat_map(move |(at, kind)| group.iter().map(move |key| key.entry(at, kind)))
    })
}

impl Key {
    /// The path without its last name; empty for keys that are in no section.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(section, _)| section)
    }

    fn is_per_kind(&self) -> bool {
        self.path.contains('*')
    }

    fn entry(&'static self, at: usize, kind: Kind) -> Entry {
        let default = match &self.default {
            Default::One(text) => text,
            Default::PerKind(texts) => texts.get(at).copied().unwrap_or_default(),
        };
        Entry { path: self.path.replace('*', kind.word()), default, key: self }
    }
}

pub(super) const fn key(
    path: &'static str,
    shape: Shape,
    default: &'static str,
    doc: &'static str,
) -> Key {
    Key { path, shape, default: Default::One(default), doc, secret: false }
}

pub(super) const fn each(
    path: &'static str,
    shape: Shape,
    of: [&'static str; 5],
    doc: &'static str,
) -> Key {
    Key { path, shape, default: Default::PerKind(of), doc, secret: false }
}

pub(super) const fn whole(min: i64, max: i64) -> Shape {
    Shape::Whole { min, max }
}
