//! When a failing plugin is left alone, for how long, and when it counts as working again. Pure; time is
//! an argument in milliseconds.

use std::collections::VecDeque;

const FAULTS_MAX: usize = 5;
const FAULTS_WINDOW_MS: u64 = 60_000;
const REST_FIRST_MS: u64 = 1_000;
const REST_MAX_MS: u64 = 300_000;

/// `1 s * 2^n`, at most five minutes.
#[must_use]
pub fn backoff_ms(n: u32) -> u64 {
    REST_FIRST_MS.saturating_mul(1u64.checked_shl(n).unwrap_or(u64::MAX)).min(REST_MAX_MS)
}

/// The health of one plugin.
#[derive(Debug, Default)]
pub struct Health {
    state: State,
    /// When the latest faults were, oldest first.
    faults: VecDeque<u64>,
    /// How often in a row it had to rest.
    rests: u32,
    /// How often in a row single faults were overcome.
    slips: u32,
    last_fault: Option<u64>,
    /// Messages went past it; from this time on a good answer means that they can be checked again.
    owes_from: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Serving,
    /// Nothing is asked before this time, and then only its samples.
    Resting { until: u64 },
    /// It passed its samples; one more fault and it rests again, longer.
    Trying,
}

impl Health {
    /// Whether it may be asked.
    #[must_use]
    pub fn admits(&self) -> bool {
        !matches!(self.state, State::Resting { .. })
    }

    /// Until when it rests.
    #[must_use]
    pub fn resting_until(&self) -> Option<u64> {
        match self.state {
            State::Resting { until } => Some(until),
            State::Serving | State::Trying => None,
        }
    }

    /// It answered. True if messages that went past it can be checked again now.
    pub fn succeeded(&mut self, now: u64) -> bool {
        if self.state == State::Trying {
            self.state = State::Serving;
        }
        let due = self.admits() && self.owes_from.is_some_and(|from| now >= from);
        if due {
            self.owes_from = None;
        }
        due
    }

    /// It failed. Returns for how long it now rests, if this was one fault too many.
    pub fn failed(&mut self, now: u64) -> Option<u64> {
        if self.last_fault.is_none_or(|last| now.saturating_sub(last) > REST_MAX_MS) {
            self.rests = 0;
            self.slips = 0;
        }
        self.last_fault = Some(now);
        self.faults.push_back(now);
        while self.faults.front().is_some_and(|at| now.saturating_sub(*at) >= FAULTS_WINDOW_MS)
            || self.faults.len() > FAULTS_MAX
        {
            self.faults.pop_front();
        }
        match self.state {
            // A call that was under way when the rest began.
            State::Resting { .. } => None,
            State::Serving if self.faults.len() < FAULTS_MAX => {
                // One message that it cannot bear must not be checked again at every good answer.
                self.owes_from = Some(now.saturating_add(backoff_ms(self.slips)));
                self.slips = self.slips.saturating_add(1);
                None
            }
            State::Serving | State::Trying => Some(self.rest(now)),
        }
    }

    fn rest(&mut self, now: u64) -> u64 {
        let ms = backoff_ms(self.rests);
        self.rests = self.rests.saturating_add(1);
        self.state = State::Resting { until: now.saturating_add(ms) };
        self.faults.clear();
        ms
    }

    /// Whether its rest is over and its samples should be tried.
    #[must_use]
    pub fn due(&self, now: u64) -> bool {
        self.resting_until().is_some_and(|until| now >= until)
    }

    /// Its samples were tried after a rest. Returns for how long it rests again if they failed.
    pub fn probed(&mut self, passed: bool, now: u64) -> Option<u64> {
        if passed {
            self.state = State::Trying;
            self.owes_from = None;
            None
        } else {
            self.last_fault = Some(now);
            Some(self.rest(now))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fail(health: &mut Health, now: u64, rests: Option<u64>) {
        assert_eq!(health.failed(now), rests);
        assert_eq!(health.admits(), rests.is_none());
    }

    #[test]
    fn rests_grow_and_end() {
        let expected = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000];
        for (n, ms) in (0..).zip(expected) {
            assert_eq!(backoff_ms(n), ms);
        }
        assert_eq!((backoff_ms(9), backoff_ms(63), backoff_ms(64)), (300_000, 300_000, 300_000));
    }

    #[test]
    fn five_faults_within_a_minute_are_too_many() {
        let mut health = Health::default();
        for now in [0, 1, 2, 3] {
            fail(&mut health, now, None);
        }
        fail(&mut health, 4, Some(1_000));
        assert!(!health.due(1_003));
        assert!(health.due(1_004));
        assert_eq!(health.probed(false, 1_004), Some(2_000));
        assert_eq!(health.probed(true, 3_004), None);
        assert!(health.admits());
        fail(&mut health, 3_010, Some(4_000));
        assert_eq!(health.probed(true, 7_010), None);
        health.succeeded(7_011);
        for now in [7_012, 7_013, 7_014, 7_015] {
            fail(&mut health, now, None);
        }
        fail(&mut health, 7_016, Some(8_000));
        assert_eq!(health.probed(true, 20_000), None);
        health.succeeded(20_000);
        for now in [1_000_000, 1_000_001, 1_000_002, 1_000_003] {
            fail(&mut health, now, None);
        }
        fail(&mut health, 1_000_004, Some(1_000));
    }

    #[test]
    fn faults_far_apart_are_borne() {
        let mut health = Health::default();
        for n in 0..100 {
            fail(&mut health, n * 15_000, None);
        }
    }

    #[test]
    fn a_message_that_cannot_be_borne_is_tried_again_ever_more_rarely() {
        let mut health = Health::default();
        fail(&mut health, 0, None);
        assert!(!health.succeeded(999));
        assert!(health.succeeded(1_000));
        assert!(!health.succeeded(1_001), "once is enough");
        fail(&mut health, 20_000, None);
        assert!(!health.succeeded(21_999));
        assert!(health.succeeded(22_000));
    }
}
