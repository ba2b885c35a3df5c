//! Where the answers lie that are remembered for a time: a small number per answer in memory, which
//! names the row that has it. Rows are only ever added at one end and dropped at the other.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{inbox::Op, values::VALUE_MAX_BYTES};
use crate::{
    domain::time::Millis,
    store::{
        Fault, keys,
        records::{Digest128, RecentAnswer},
    },
};

/// What an answer takes in its row at most, without the category of a held message.
const ANSWER_MAX_BYTES: usize = 80;
/// Old rows that are dropped when a new one is written: faster than they come, never many at once.
const FORGET_MAX: usize = 4;

#[derive(Default)]
pub struct Recent {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The row that the newest answer with these first bytes of its digest lies in.
    places: HashMap<u64, u64>,
    /// Rows, oldest first, and when the last answer in each is forgotten.
    rows: VecDeque<(u64, Millis)>,
    last_row: u64,
}

impl Recent {
    /// Reads all rows, once, when the store opens.
    pub fn load(tree: &sled::Tree) -> Result<Self, Fault> {
        let mut state = State::default();
        for row in tree.scan_prefix([keys::RECENT.byte]) {
            let (key, bytes) = row?;
            let number = keys::number_at(&key, 1).unwrap_or(0);
            state.add(number, &RecentAnswer::decode_row(&bytes)?);
        }
        Ok(Self { state: Mutex::new(state) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to this request that is still on record.
    pub fn find(
        &self,
        tree: &sled::Tree,
        digest: Digest128,
    ) -> Result<Option<RecentAnswer>, Fault> {
        let Some(row) = self.lock().places.get(&digest.0).copied() else { return Ok(None) };
        let Some(bytes) = tree.get(keys::numbered(keys::RECENT, row))? else { return Ok(None) };
        let answers = RecentAnswer::decode_row(&bytes)?;
        Ok(answers.into_iter().rev().find(|answer| answer.digest == digest))
    }

    /// The changes that put answers on record and drop what is forgotten. Only the committing thread
    /// calls this, and applies them at once.
    pub fn record(&self, tree: &sled::Tree, answers: &[RecentAnswer]) -> Result<Vec<Op>, Fault> {
        let mut ops = Vec::new();
        let mut state = self.lock();
        for row in rows_of(answers) {
            let number = state.last_row.saturating_add(1);
            let key = keys::numbered(keys::RECENT, number);
            ops.push((key.into(), Some(RecentAnswer::encode_row(row)?.into())));
            state.add(number, row);
        }
        let Some(now) = answers.iter().map(|answer| answer.repeat.at).max() else {
            return Ok(ops);
        };
        for _ in 0..FORGET_MAX {
            let Some((row, _)) = state.rows.front().copied().filter(|(_, at)| *at < now) else {
                break;
            };
            state.rows.pop_front();
            let key = keys::numbered(keys::RECENT, row);
            if let Some(bytes) = tree.get(&key)? {
                for answer in RecentAnswer::decode_row(&bytes)? {
                    let short = answer.digest.0;
                    if state.places.get(&short) == Some(&row) {
                        state.places.remove(&short);
                    }
                }
            }
            ops.push((key.into(), None));
        }
        Ok(ops)
    }
}

impl State {
    fn add(&mut self, row: u64, answers: &[RecentAnswer]) {
        for answer in answers {
            self.places.insert(answer.digest.0, row);
        }
        let forgotten_at = answers.iter().map(|answer| answer.forgotten_at).max();
        self.rows.push_back((row, forgotten_at.unwrap_or_default()));
        self.last_row = self.last_row.max(row);
    }
}

/// Cuts answers into rows that the database may hold.
fn rows_of(answers: &[RecentAnswer]) -> impl Iterator<Item = &[RecentAnswer]> {
    let mut rest = answers;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rest.iter().take_while(|answer| {
            bytes += ANSWER_MAX_BYTES + answer.repeat.held.as_ref().map_or(0, String::len);
            bytes <= VALUE_MAX_BYTES
        });
        let count = fits.count().max(1).min(rest.len());
        let (row, after) = rest.split_at(count);
        rest = after;
        (!row.is_empty()).then_some(row)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::id::Seq, store::records::Repeat};

    fn answer(seq: u64, held: Option<String>) -> RecentAnswer {
        RecentAnswer {
            digest: RecentAnswer::digest_of(u64::MAX, "post", "a", &seq.to_string()),
            number: u64::MAX,
            forgotten_at: Millis(u64::MAX),
            repeat: Repeat { seq: Seq(u64::MAX), at: Millis(u64::MAX), delivered: u64::MAX, held },
        }
    }

    #[test]
    fn rows_stay_small() {
        let mut answers: Vec<_> = (0..500).map(|seq| answer(seq, None)).collect();
        answers.push(answer(500, Some("c".repeat(256))));
        let rows: Vec<_> = rows_of(&answers).collect();
        assert_eq!(rows.concat(), answers);
        for row in rows {
            let bytes = RecentAnswer::encode_row(row).expect("encodes");
            assert!(bytes.len() <= VALUE_MAX_BYTES, "{}", bytes.len());
            assert_eq!(RecentAnswer::decode_row(&bytes).as_deref(), Ok(row));
        }
        assert_eq!(rows_of(&[]).count(), 0);
    }
}
