//! A small pattern language that runs in time linear in the text: literals, classes, groups,
//! alternatives and repetition, no captures and no looking back. Knows no rule and no message.
//!
//! A pattern is an automaton of at most 64 positions, one for each character that it can match
//! (Glushkov's construction), and a state is one 64-bit number: the positions where it can be.

mod parse;
mod run;

use parse::Class;
pub use parse::parse;

/// Most characters of a pattern with its repetitions written out.
pub const POSITIONS_MAX: usize = 64;

/// A pattern that can run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Each distinct class with the positions where it stands.
    classes: Vec<(Class, u64)>,
    /// Where a match may begin and end.
    first: u64,
    last: u64,
    forward: Steps,
    backward: Steps,
    /// What must be true of the place before and after a match.
    before: Edge,
    after: Edge,
}

/// A condition on a place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edge {
    #[default]
    Anywhere,
    /// Where a word begins or ends.
    Word,
    /// The beginning or the end of the text.
    Text,
}

/// Which positions follow which: the next one for those of `chain`, and whole sets beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Steps {
    chain: u64,
    jumps: Vec<(u64, u64)>,
}

impl Steps {
    /// From the followers of each position. `up` says whether the next one is the higher.
    fn of(followers: &[u64], up: bool) -> Self {
        let mut steps = Self::default();
        for (position, all) in followers.iter().enumerate() {
            let here = 1u64 << position;
            let next = if up { here << 1 } else { here >> 1 };
            if all & next != 0 {
                steps.chain |= here;
            }
            let rest = all & !next;
            if rest != 0 {
                match steps.jumps.iter_mut().find(|(_, to)| *to == rest) {
                    Some((from, _)) => *from |= here,
                    None => steps.jumps.push((here, rest)),
                }
            }
        }
        steps
    }

    fn after(&self, state: u64, up: bool) -> u64 {
        if state == 0 {
            return 0;
        }
        let chained = state & self.chain;
        let next = if up { chained << 1 } else { chained >> 1 };
        self.jumps
            .iter()
            .fold(next, |all, (from, to)| if state & from == 0 { all } else { all | to })
    }
}

impl Pattern {
    fn positions_of(&self, c: char) -> u64 {
        self.classes.iter().fold(0, |all, (class, at)| if class.has(c) { all | at } else { all })
    }
}

#[cfg(test)]
#[path = "pattern/tests.rs"]
mod tests;
