//! Whole phrases that threaten or abuse. `firsts.txt` has a first word a line, sorted by bytes, and the
//! numbers of what may follow it in [`RESTS`].

use parlour_guest::list::Gate;

use crate::rests::RESTS;
use crate::words::{Starts, line, starts};

const FIRSTS: &str = include_str!("../firsts.txt");
static FIRSTS_STARTS: Starts = starts(FIRSTS);
static FIRSTS_GATE: Gate<64> = Gate::parted(FIRSTS, b'\n', b' ');

/// The phrases that begin with a word: whether each is a threat, and its rest.
pub fn phrases(first: &str) -> impl Iterator<Item = (bool, &'static str)> {
    let listed = FIRSTS_GATE.may_hold(first).then(|| line(FIRSTS, &FIRSTS_STARTS, first));
    let numbers = listed.flatten().unwrap_or_default();
    numbers.split(' ').filter_map(|number| {
        let rest = RESTS.get(number.parse::<usize>().ok()?)?;
        Some((rest.starts_with('!'), rest.get(1..)?))
    })
}

/// Whether a phrase begins with the word.
#[must_use]
pub fn begins(first: &str) -> bool {
    FIRSTS_GATE.may_hold(first) && line(FIRSTS, &FIRSTS_STARTS, first).is_some()
}

#[cfg(test)]
mod tests {
    use super::{FIRSTS, phrases};
    use crate::rests::RESTS;

    #[test]
    fn the_table_is_sorted_and_every_phrase_is_there() {
        let firsts: Vec<&str> = FIRSTS.lines().filter_map(|l| l.split(' ').next()).collect();
        assert!(firsts.is_sorted_by(|a, b| a < b));
        let mut used = vec![false; RESTS.len()];
        for line in FIRSTS.lines() {
            let mut parts = line.split(' ');
            let first = parts.next().unwrap_or_default();
            let numbers: Vec<usize> = parts.map(|n| n.parse().expect("a number")).collect();
            assert_eq!(phrases(first).count(), numbers.len(), "{first}");
            numbers.into_iter().for_each(|n| used[n] = true);
        }
        assert!(used.into_iter().all(|u| u));
        assert!(RESTS.iter().all(|r| r.starts_with(['!', '-'])));
    }
}
