//! The server's answer as numbers. What it lacks counts as nothing, so that an older server can be
//! looked at too.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ops::metrics::{Family, families::START_TIME};

/// All figures at one moment, by family.
#[derive(Debug)]
pub struct Figures(pub Value);

/// Values by classes: upper bounds, and how many fell into each class, one more than bounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes {
    pub bounds: Vec<f64>,
    pub counts: Vec<f64>,
    pub sum: f64,
}

// === impl Figures ===

impl Figures {
    /// Whether both are of the same run of the server; otherwise its counts began anew.
    pub fn same_run(&self, other: &Self) -> bool {
        let (mine, others) = (self.total(&START_TIME), other.total(&START_TIME));
        (mine - others).abs() < 0.001
    }

    /// The sum over all labels.
    pub fn total(&self, family: &Family) -> f64 {
        // Not `sum`, which begins with -0.0.
        self.samples(family).map(value).fold(0.0, |all, one| all + one)
    }

    /// The sums by one label.
    pub fn by(&self, family: &Family, label: &str) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for sample in self.samples(family) {
            let name = sample.get(label).and_then(Value::as_str).unwrap_or_default();
            *sums.entry(name.to_owned()).or_default() += value(sample);
        }
        sums
    }

    /// The histogram with this label, or the only one.
    pub fn classes(&self, family: &Family, label: Option<(&str, &str)>) -> Classes {
        let fits = |sample: &&Value| {
            label.is_none_or(|(name, wanted)| {
                sample.get(name).and_then(Value::as_str) == Some(wanted)
            })
        };
        let numbers = |sample: &Value, name: &str| -> Vec<f64> {
            let list = sample.get(name).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_f64).collect()
        };
        self.samples(family).find(fits).map_or_else(Classes::default, |sample| Classes {
            bounds: numbers(sample, "bounds"),
            counts: numbers(sample, "counts"),
            sum: sample.get("sum").and_then(Value::as_f64).unwrap_or_default(),
        })
    }

    fn samples(&self, family: &Family) -> impl Iterator<Item = &Value> {
        self.0.get(family.name).and_then(Value::as_array).into_iter().flatten()
    }
}

fn value(sample: &Value) -> f64 {
    sample.get("value").and_then(Value::as_f64).unwrap_or_default()
}

// === impl Classes ===

impl Classes {
    /// What came since `before`.
    pub fn since(&self, before: &Self) -> Self {
        let old = before.counts.iter().chain(std::iter::repeat(&0.0));
        Self {
            bounds: self.bounds.clone(),
            counts: self.counts.iter().zip(old).map(|(new, old)| (new - old).max(0.0)).collect(),
            sum: (self.sum - before.sum).max(0.0),
        }
    }

    pub fn count(&self) -> f64 {
        self.counts.iter().fold(0.0, |all, one| all + one)
    }

    /// The mean; `None` of nothing.
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0.0).then(|| self.sum / count)
    }

    /// Below what this share of the values lies, as if they lay evenly in their class; the highest bound
    /// where they lie above all. `None` of nothing.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = self.count() * share;
        let (mut below, mut low) = (0.0, 0.0);
        for (count, high) in self.counts.iter().zip(&self.bounds) {
            if *count > 0.0 && below + count >= wanted {
                return Some(low + (high - low) * ((wanted - below) / count).clamp(0.0, 1.0));
            }
            (below, low) = (below + count, *high);
        }
        (self.count() > 0.0).then_some(low)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ops::metrics::families::{CHECK_TIME, COMMITS, CONNECTIONS};

    #[track_caller]
    fn check(counts: &[f64], share: f64, expected: Option<f64>) {
        let classes = Classes { bounds: vec![1.0, 2.0, 4.0], counts: counts.to_vec(), sum: 0.0 };
        assert_eq!(classes.quantile(share), expected, "{counts:?} {share}");
    }

    #[test]
    fn quantiles_lie_in_their_class() {
        check(&[0.0, 0.0, 0.0, 0.0], 0.5, None);
        check(&[10.0, 0.0, 0.0, 0.0], 0.5, Some(0.5));
        check(&[5.0, 0.0, 5.0, 0.0], 0.75, Some(3.0));
        check(&[1.0, 0.0, 0.0, 9.0], 0.99, Some(4.0));
        check(&[0.0, 4.0, 0.0, 0.0], 0.0, Some(1.0));
    }

    #[test]
    fn missing_figures_are_nothing() {
        let figures = Figures(json!({ "parlour_connections": [
            { "protocol": "a", "value": 2.0 }, { "protocol": "b", "value": 1 }, { "value": "x" },
        ] }));
        assert!((figures.total(&CONNECTIONS) - 3.0).abs() < 1e-9);
        let by = figures.by(&CONNECTIONS, "protocol");
        assert_eq!(by.keys().collect::<Vec<_>>(), ["", "a", "b"]);
        assert!(figures.total(&COMMITS).abs() < 1e-9);
        assert_eq!(figures.classes(&CHECK_TIME, Some(("plugin", "x"))), Classes::default());
        assert_eq!(Classes::default().mean(), None);
        for odd in [json!(null), json!([]), json!({ "parlour_connections": 7 })] {
            assert!(Figures(odd).total(&CONNECTIONS).abs() < 1e-9);
        }
    }

    #[test]
    fn only_what_came_since_counts() {
        let classes =
            |counts: [f64; 2], sum| Classes { bounds: vec![1.0], counts: counts.to_vec(), sum };
        let since = classes([5.0, 7.0], 9.0).since(&classes([2.0, 7.0], 4.0));
        assert_eq!(since, classes([3.0, 0.0], 5.0));
        assert_eq!(classes([1.0, 2.0], 3.0).since(&Classes::default()), classes([1.0, 2.0], 3.0));
    }
}
