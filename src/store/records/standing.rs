//! What is known of a writer over all conversations: since when it writes, and how often moderation
//! stepped in lately.

use serde::{Deserialize, Serialize};

use super::codec::{self, Decode, Encode, Nothing, Shape};
use crate::{domain::time::Millis, store::Fault};

const DAY_MS: u64 = 86_400_000;
/// How many days are looked back.
const DAYS: u64 = 30;
/// How many a day are counted; whoever has so many is not told apart from others.
const DAILY_MAX: u32 = 100;

/// One writer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When it first wrote.
    pub since: Millis,
    /// Day since 1970 and how many messages of it moderation changed, held or refused then; oldest
    /// first, at most [`DAYS`] and one.
    days: Vec<(u64, u32)>,
}

impl Standing {
    #[must_use]
    pub fn new(since: Millis) -> Self {
        Self { since, days: Vec::new() }
    }

    /// Whole days since it first wrote.
    #[must_use]
    pub fn age_days(&self, now: Millis) -> u32 {
        u32::try_from(now.since(self.since) / DAY_MS).unwrap_or(u32::MAX)
    }

    /// Messages of the last 30 days that moderation changed, held or refused.
    #[must_use]
    pub fn violations(&self, now: Millis) -> u32 {
        let first = (now.0 / DAY_MS).saturating_sub(DAYS);
        let lately = self.days.iter().filter(|(day, _)| *day > first);
        lately.map(|(_, count)| *count).fold(0, u32::saturating_add)
    }

    /// Counts one more; false if that changes nothing that is kept.
    pub fn violated(&mut self, now: Millis) -> bool {
        let today = now.0 / DAY_MS;
        self.days.retain(|(day, _)| day.saturating_add(DAYS) > today);
        match self.days.iter_mut().find(|(day, _)| *day == today) {
            Some((_, count)) if *count >= DAILY_MAX => return false,
            Some((_, count)) => *count += 1,
            None => self.days.push((today, 1)),
        }
        true
    }
}

#[derive(Serialize, Deserialize)]
struct StandingV1(u64, Vec<(u64, u32)>);

impl Shape for StandingV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Standing {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&StandingV1(self.since.0, self.days.clone()))
    }
}

impl Decode for Standing {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let StandingV1(since, days) = codec::read(place, bytes)?;
        Ok(Self { since: Millis(since), days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_and_forgotten() {
        let at = |day: u64| Millis(day * DAY_MS + 5);
        let mut standing = Standing::new(at(100));
        for day in [100, 100, 101, 129] {
            assert!(standing.violated(at(day)));
        }
        let check = |day, age, violations| {
            let got = (standing.age_days(at(day)), standing.violations(at(day)));
            assert_eq!(got, (age, violations), "day {day}");
        };
        check(100, 0, 4);
        check(129, 29, 4);
        check(130, 30, 2);
        check(131, 31, 1);
        check(159, 59, 0);
        assert_eq!(standing.violations(Millis(0)), 4, "a clock that was set back");
        assert_eq!(standing.age_days(Millis(0)), 0);
    }

    #[test]
    fn it_stays_small() {
        let mut standing = Standing::new(Millis(0));
        for day in 0..1000 {
            standing.violated(Millis(day * DAY_MS));
        }
        assert!(standing.days.len() <= 31, "{}", standing.days.len());
        let now = Millis(2000 * DAY_MS);
        let counted = (0..1000).filter(|_| standing.violated(now)).count();
        assert_eq!(counted, 100);
        assert_eq!(standing.violations(now), 100);
        let bytes = standing.encode().expect("encodes");
        assert_eq!(Standing::decode("x", &bytes), Ok(standing));
    }
}
