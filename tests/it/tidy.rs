//! The wall of the house: reads the sources and fails with path, line and reason where they stray from
//! the architecture. Runs nothing but `parlour` itself, for the tables that the README repeats.

mod dependencies;
mod documents;
mod imports;
mod shape;
mod sources;

use sources::Source;

/// Collects what is wrong, to be told all at once.
#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn at(&mut self, source: &Source, line: usize, reason: impl std::fmt::Display) {
        self.0.push(format!("{}:{line}: {reason}", source.path));
    }

    fn add(&mut self, complaint: impl Into<String>) {
        self.0.push(complaint.into());
    }

    #[track_caller]
    fn settle(self) {
        assert!(self.0.is_empty(), "\n{}\n", self.0.join("\n"));
    }
}
