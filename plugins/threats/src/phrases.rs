//! Whole phrases that threaten or abuse. `firsts.txt` has a first word a line, sorted by bytes, and the
//! numbers of what may follow it in [`RESTS`].

use parlour_guest::list::{Hash, Table};

use crate::rests::RESTS;

static FIRSTS: Table<1024> = Table::of(include_str!("../firsts.txt"));

/// The numbers of the phrases that begin with a word.
#[must_use]
pub fn begun(hash: Hash, first: &str) -> &'static str {
    FIRSTS.get(hash, first).unwrap_or_default()
}

/// Whether a word with this hash may begin a phrase; `false` is certain.
#[must_use]
pub fn may_begin(hash: Hash) -> bool {
    FIRSTS.may_hold(hash)
}

/// The phrases of such numbers: whether each is a threat, and its rest.
pub fn phrases(numbers: &str) -> impl Iterator<Item = (bool, &'static str)> {
    numbers.split(' ').filter_map(|number| {
        let rest = RESTS.get(number.parse::<usize>().ok()?)?;
        Some((rest.starts_with('!'), rest.get(1..)?))
    })
}

#[cfg(test)]
mod tests {
    use parlour_guest::list::Hash;

    use super::{begun, phrases};
    use crate::rests::RESTS;

    #[test]
    fn the_table_is_sorted_and_every_phrase_is_there() {
        let table = include_str!("../firsts.txt");
        let firsts: Vec<&str> = table.lines().filter_map(|l| l.split(' ').next()).collect();
        assert!(firsts.is_sorted_by(|a, b| a < b));
        let mut used = vec![false; RESTS.len()];
        for line in table.lines() {
            let mut parts = line.split(' ');
            let first = parts.next().unwrap_or_default();
            let numbers: Vec<usize> = parts.map(|n| n.parse().expect("a number")).collect();
            assert_eq!(phrases(begun(Hash::of(first), first)).count(), numbers.len(), "{first}");
            numbers.into_iter().for_each(|n| used[n] = true);
        }
        assert!(used.into_iter().all(|u| u));
        assert!(RESTS.iter().all(|r| r.starts_with(['!', '-'])));
    }
}
