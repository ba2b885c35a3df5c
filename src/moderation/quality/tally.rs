//! Counts of one group of messages and the figures they make. Knows no case.

/// Stands for every category, level or language.
pub const ALL: &str = "all";

/// Labels and findings of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub labels: u32,
    /// Labels of which at least nine tenths were found.
    pub found: u32,
    /// Found labels of which nothing is left and beside which next to nothing is taken.
    pub exact: u32,
    /// Places where something was found.
    pub findings: u32,
    /// Places that overlap a label of their category.
    pub right: u32,
    /// Messages without any label, and those of them in which anything was found.
    pub innocent: u32,
    pub altered: u32,
}

/// A group and its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub category: String,
    pub level: String,
    pub lang: String,
    pub tally: Tally,
}

// === impl Tally ===

impl Tally {
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.labels)
    }

    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.findings)
    }

    /// The harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let (precision, recall) = (self.precision()?, self.recall()?);
        let sum = precision + recall;
        Some(if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 })
    }

    #[must_use]
    pub fn exactness(&self) -> Option<f64> {
        share(self.exact, self.found)
    }

    /// Innocent messages that were left as they are.
    #[must_use]
    pub fn untouched(&self) -> Option<f64> {
        share(self.innocent.saturating_sub(self.altered), self.innocent)
    }

    pub fn add(&mut self, other: &Self) {
        self.labels += other.labels;
        self.found += other.found;
        self.exact += other.exact;
        self.findings += other.findings;
        self.right += other.right;
        self.innocent += other.innocent;
        self.altered += other.altered;
    }
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}
