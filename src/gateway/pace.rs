//! How fast a client may ask: a steady rate with a burst, remembered in one number (the generic cell
//! rate algorithm). Knows no clock.

/// When the operations that were let through would have been asked for at the steady rate, in
/// microseconds since 1970.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace(u64);

impl Pace {
    /// Whether one more may come `now` (milliseconds), else in how many milliseconds it may.
    pub(super) fn admit(&mut self, now: u64, per_second: u32, burst: u32) -> Result<(), u64> {
        let interval = 1_000_000 / u64::from(per_second.max(1));
        let now = now.saturating_mul(1000);
        let due = self.0.max(now);
        let ahead = due - now;
        let allowed = interval.saturating_mul(u64::from(burst));
        if ahead > allowed {
            return Err((ahead - allowed).div_ceil(1000));
        }
        self.0 = due.saturating_add(interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pace: &mut Pace, now: u64, expected: Result<(), u64>) {
        assert_eq!(pace.admit(now, 10, 3), expected);
    }

    #[test]
    fn a_burst_and_then_a_steady_rate() {
        let mut pace = Pace::default();
        for _ in 0..4 {
            check(&mut pace, 1_000_000, Ok(()));
        }
        check(&mut pace, 1_000_000, Err(100));
        check(&mut pace, 1_000_060, Err(40));
        check(&mut pace, 1_000_100, Ok(()));
        check(&mut pace, 1_000_100, Err(100));
        for _ in 0..4 {
            check(&mut pace, 2_000_000, Ok(()));
        }
        check(&mut pace, 2_000_000, Err(100));
        assert_eq!(pace.admit(u64::MAX, 0, 0), Ok(()));
    }
}
