//! Slows down whoever guesses credentials: each address has a bucket of failures that refills over
//! time. Valid credentials are never slowed down.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::domain::{refusal::Refusal, time::Millis};

/// How many addresses are watched; all others share one bucket then.
const ADDRESSES_MAX: usize = 10_000;

/// The buckets of all addresses.
#[derive(Debug)]
pub struct Brake {
    failures_max: u64,
    refill_ms: u64,
    spent: Mutex<HashMap<IpAddr, Millis>>,
}

impl Brake {
    #[must_use]
    pub fn new(failures_max: u32, refill: Duration) -> Self {
        Self {
            failures_max: u64::from(failures_max.max(1)),
            refill_ms: u64::try_from(refill.as_millis()).unwrap_or(u64::MAX).max(1),
            spent: Mutex::default(),
        }
    }

    /// Whether this address may try at all.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`].
    pub fn admit(&self, address: IpAddr, now: Millis) -> Result<(), Refusal> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let until = spent.get(&watched(address)).copied().unwrap_or_default();
        self.limit(until, now)
    }

    /// Notes a failure.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] if there were too many before.
    pub fn failed(&self, address: IpAddr, now: Millis) -> Result<(), Refusal> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut address = watched(address);
        if spent.len() >= ADDRESSES_MAX && !spent.contains_key(&address) {
            spent.retain(|_, until| *until > now);
            if spent.len() >= ADDRESSES_MAX {
                address = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
            }
        }
        let until = spent.entry(address).or_default();
        self.limit(*until, now)?;
        *until = Millis(until.0.max(now.0)).plus(self.refill_ms);
        Ok(())
    }

    /// A bucket is kept as the time at which it is full again, so that refilling needs no work.
    fn limit(&self, until: Millis, now: Millis) -> Result<(), Refusal> {
        let debt = until.since(now);
        let room = self.refill_ms.saturating_mul(self.failures_max - 1);
        match debt.saturating_sub(room) {
            0 => Ok(()),
            retry_after_ms => Err(Refusal::RateLimited { retry_after_ms }),
        }
    }
}

/// One household or server has a whole /64 of IPv6.
fn watched(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_run_out_and_come_back() {
        let brake = Brake::new(3, Duration::from_secs(2));
        let (bad, good) = (IpAddr::from([1, 2, 3, 4]), IpAddr::from([1, 2, 3, 5]));
        let now = Millis(1_000_000);
        for _ in 0..3 {
            assert_eq!(brake.failed(bad, now), Ok(()));
        }
        let limited = Err(Refusal::RateLimited { retry_after_ms: 2000 });
        assert_eq!((brake.failed(bad, now), brake.admit(bad, now)), (limited.clone(), limited));
        assert_eq!(brake.admit(good, now), Ok(()));
        assert_eq!(brake.failed(bad, now.plus(2000)), Ok(()));
        assert!(brake.failed(bad, now.plus(2001)).is_err());
        assert_eq!(brake.admit(bad, now.plus(100_000)), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let brake = Brake::new(1, Duration::from_secs(1));
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(brake.failed(address("2001:db8::1"), Millis(5)), Ok(()));
        assert!(brake.failed(address("2001:db8::ffff:2"), Millis(5)).is_err());
        assert_eq!(brake.failed(address("2001:db8:0:1::1"), Millis(5)), Ok(()));
        assert_eq!(brake.failed(address("::ffff:9.9.9.9"), Millis(5)), Ok(()));
        assert!(brake.failed(address("9.9.9.9"), Millis(5)).is_err());
    }

    #[test]
    fn a_flood_of_addresses_takes_no_memory() {
        let brake = Brake::new(1, Duration::from_secs(1));
        let mut limited = 0_u32;
        for n in 0..30_000_u32 {
            limited += u32::from(brake.failed(IpAddr::from(n.to_be_bytes()), Millis(5)).is_err());
        }
        assert!(brake.spent.lock().expect("the map").len() <= ADDRESSES_MAX + 1);
        assert_eq!(limited, 30_000 - 10_000 - 1);
    }
}
