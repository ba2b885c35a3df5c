//! How often one person may write, where the policy of the kind says so. Knows only counts and times.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use crate::domain::{
    id::{Kind, UserId},
    policy::Rate,
    refusal::Refusal,
    time::Millis,
};

/// How many writers are remembered before those who have fallen silent are forgotten.
const WRITERS_MAX: usize = 10_000;

/// The recent writes of everybody, per kind of conversation.
#[derive(Default)]
pub struct Rates {
    writes: Mutex<HashMap<(UserId, Kind), VecDeque<Millis>>>,
}

impl Rates {
    /// Counts one write.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] with the time until the oldest counted write leaves the window.
    pub fn admit(&self, user: &UserId, kind: Kind, rate: Rate, now: Millis) -> Result<(), Refusal> {
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        if writes.len() >= WRITERS_MAX {
            writes.retain(|_, times| {
                times.back().is_some_and(|last| now.since(*last) < rate.window_ms)
            });
        }
        let times = writes.entry((user.clone(), kind)).or_default();
        while times.front().is_some_and(|oldest| now.since(*oldest) >= rate.window_ms) {
            times.pop_front();
        }
        if times.len() >= rate.writes_max {
            let oldest = times.front().copied().unwrap_or(now);
            let retry_after_ms = rate.window_ms.saturating_sub(now.since(oldest)).max(1);
            return Err(Refusal::RateLimited { retry_after_ms });
        }
        times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_slides() {
        let (rates, rate) = (Rates::default(), Rate { writes_max: 2, window_ms: 1000 });
        let (ann, bob) = (UserId::new("ann").expect("a name"), UserId::new("bob").expect("a name"));
        let admit = |user, at| rates.admit(user, Kind::Order, rate, Millis(at));
        assert_eq!(admit(&ann, 0), Ok(()));
        assert_eq!(admit(&ann, 400), Ok(()));
        assert_eq!(admit(&ann, 900), Err(Refusal::RateLimited { retry_after_ms: 100 }));
        assert_eq!(admit(&bob, 900), Ok(()));
        assert_eq!(admit(&ann, 1000), Ok(()));
        assert_eq!(admit(&ann, 1001), Err(Refusal::RateLimited { retry_after_ms: 399 }));
    }
}
