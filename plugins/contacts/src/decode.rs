//! The likeliest contacts in a row, by evidence for each atom and by what follows what. Knows no kind.

use std::ops::Range;

/// Atoms that are one contact, and how sure that is: the evidence of an atom, on the average.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub atoms: Range<usize>,
    pub margin: i32,
}

/// For each atom by how much the best reading of the row in which it belongs to a contact is better than
/// the best in which it does not. `after` as in [`crate::model::Numbers`].
#[must_use]
pub fn margins(evidence: &[i32], after: [i32; 4]) -> Vec<i32> {
    let [none_none, none_some, some_none, some_some] = after;
    let step = |(none, some): (i32, i32), evidence: i32| {
        (
            (none + none_none).max(some + some_none),
            (none + none_some).max(some + some_some) + evidence,
        )
    };
    let mut from: Vec<i32> = Vec::with_capacity(evidence.len());
    let mut best: Option<(i32, i32)> = None;
    for evidence in evidence {
        let now = best.map_or((0, *evidence), |best| step(best, *evidence));
        // Only the difference counts; without what is common nothing can grow too large.
        let low = now.0.min(now.1);
        best = Some((now.0 - low, now.1 - low));
        from.push(now.1 - now.0);
    }
    // What comes after, without the atom's own evidence.
    let mut behind = (0, 0);
    for (margin, evidence) in from.iter_mut().zip(evidence).rev() {
        *margin += behind.1 - behind.0;
        let (none, some) = (behind.0, behind.1 + evidence);
        let now =
            ((none + none_none).max(some + none_some), (none + some_none).max(some + some_some));
        let low = now.0.min(now.1);
        behind = (now.0 - low, now.1 - low);
    }
    from
}

/// The contacts: neighbouring atoms that rather belong to one, no further than `apart` allows between two
/// neighbours.
#[must_use]
pub fn stretches(margins: &[i32], apart: impl Fn(usize) -> bool) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let close = |range: Range<usize>| {
        let all = margins.get(range.clone()).unwrap_or_default();
        let sum: i64 = all.iter().map(|m| i64::from(*m)).sum();
        let mean = sum / i64::try_from(all.len().max(1)).unwrap_or(1);
        Stretch { atoms: range, margin: i32::try_from(mean).unwrap_or(i32::MAX) }
    };
    for (n, margin) in margins.iter().enumerate() {
        if let Some(start) = open
            && (*margin <= 0 || apart(n))
        {
            found.push(close(start..n));
            open = None;
        }
        if *margin > 0 && open.is_none() {
            open = Some(n);
        }
    }
    found.extend(open.map(|start| close(start..margins.len())));
    found
}

#[cfg(test)]
mod tests {
    use super::{Stretch, margins, stretches};

    #[test]
    fn what_stands_between_two_sure_atoms_belongs_to_them() {
        // To begin and to end a contact costs 4 each.
        let margins = margins(&[-9, 9, -1, 9, -9], [0, -4, -4, 0]);
        assert_eq!(margins, [-5, 8, 7, 8, -5]);
        let found = stretches(&margins, |_| false);
        assert_eq!(found, [Stretch { atoms: 1..4, margin: 7 }]);
    }

    #[test]
    fn nothing_is_in_nothing_and_an_end_is_no_gap() {
        assert_eq!(margins(&[], [0, -4, -4, 0]), [0_i32; 0]);
        assert!(stretches(&[], |_| false).is_empty());
        let parted = stretches(&[-1, 5, 7, 9], |n| n == 2);
        assert_eq!(parted.iter().map(|s| s.atoms.clone()).collect::<Vec<_>>(), [1..2, 2..4]);
    }

    #[test]
    fn a_long_row_does_not_grow_beyond_a_number() {
        let margins = margins(&[400; 20_000], [50, -50, -50, 50]);
        assert!(margins.iter().all(|m| *m > 0), "{:?}", margins.iter().min());
    }
}
