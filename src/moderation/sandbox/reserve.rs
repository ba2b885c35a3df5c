//! How many instances may be kept alive between messages, by all plugins together: the pool must always
//! have room for those that messages need at once. Knows no instance.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Instances kept where the engine has no pool.
const WITHOUT_POOL: u32 = 8;

/// Counts what is kept.
pub struct Reserve {
    kept: AtomicUsize,
    max: usize,
}

/// The right to keep one instance, until it is dropped.
pub struct Place(Arc<Reserve>);

impl Reserve {
    /// Half of a pool of that many instances.
    pub fn of(pool: u32) -> Arc<Self> {
        let max = if pool == 0 { WITHOUT_POOL } else { pool / 2 };
        Arc::new(Self { kept: AtomicUsize::new(0), max: max as usize })
    }

    /// A place, if one is free.
    pub fn place(self: &Arc<Self>) -> Option<Place> {
        let free = |kept: usize| (kept < self.max).then_some(kept + 1);
        let taken = self.kept.fetch_update(Ordering::AcqRel, Ordering::Acquire, free);
        taken.is_ok().then(|| Place(self.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.kept.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_pool_may_be_kept() {
        for (pool, max) in [(8, 4), (32, 16), (0, 8)] {
            let reserve = Reserve::of(pool);
            let mut places: Vec<Place> = std::iter::from_fn(|| reserve.place()).take(100).collect();
            assert_eq!(places.len(), max);
            places.pop();
            assert!(reserve.place().is_some());
        }
    }
}
